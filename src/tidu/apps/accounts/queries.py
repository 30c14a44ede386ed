"""Questions to the accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone

from tidu.apps.accounts.actors import Actor, Held, posts_on
from tidu.apps.accounts.enums import ReviewState, Role
from tidu.apps.accounts.models import PasswordReset, Post, PostProposal, SessionRecord, User
from tidu.apps.administration.queries import values_of


def actor_of(user: User, day: date) -> Actor:
    """The person with the posts held on a day; one query."""
    posts = [
        (Held(Role(post.role), post.unit_id, post.unit.path if post.unit else "", post.enterprise_id), post.since, post.until)
        for post in user.posts.select_related("unit")
    ]
    return Actor(user.pk, user.name, posts_on(posts, day) if user.is_active else ())


def users(actor: Actor, *, words: str = "", role: str = "", unit: str = "", state: str = "", day: date | None = None) -> QuerySet[User]:
    """Accounts the actor may see: by name or username, a role held, a unit (and below), and a state.

    ``state`` is ``on``, ``off``, ``locked`` (too many wrong passwords), ``idle`` (never logged in) or ``bare`` (no post).
    """
    found: QuerySet[User] = User.objects.visible_to(actor)
    if words:
        found = found.filter(Q(username__icontains=words) | Q(name__icontains=words))
    held = Post.objects.not_over(day or timezone.localdate())
    if role:
        found = found.filter(pk__in=held.filter(role=role).values("user"))
    if unit:
        found = found.filter(pk__in=held.filter(unit__path__contains=f"/{unit}/").values("user"))
    if state == "on":
        found = found.filter(is_active=True)
    elif state == "off":
        found = found.filter(is_active=False)
    elif state == "locked":
        found = found.filter(username__in=locked_names())
    elif state == "idle":
        found = found.filter(last_login=None)
    elif state == "bare":
        found = found.exclude(pk__in=held.values("user"))
    return found.prefetch_related("posts__unit", "posts__enterprise")


def locked_names(among: Iterable[str] | None = None) -> set[str]:
    """Usernames against which too many failures stand, from any one address."""
    policy = values_of(("login.lock-after", "login.lock-minutes"))
    since = timezone.now() - timedelta(minutes=policy["login.lock-minutes"])
    attempts = AccessAttempt.objects.filter(attempt_time__gt=since)
    if among is not None:
        attempts = attempts.filter(username__in=list(among))
    counts: dict[tuple[str, str], int] = {}
    for username, address, count in attempts.values_list("username", "ip_address", "failures_since_start"):
        counts[username or "", address or ""] = counts.get((username or "", address or ""), 0) + count
    return {username for (username, _), count in counts.items() if count >= policy["login.lock-after"]}


def open_sessions(actor: Actor) -> QuerySet[SessionRecord]:
    """Sessions in use now: neither ended nor run out, the last one used first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return SessionRecord.objects.visible_to(actor).filter(ended_at=None, key__in=alive).select_related("user").order_by("-seen_at", "-pk")


def reviews_waiting(actor: Actor) -> list[tuple[str, int, str]]:
    """What waits for this administrator's decision: words, how many, the name of the page; nothing for everybody else."""
    if actor.has(Role.SECURITY_ADMIN):
        posts = PostProposal.objects.filter(state=ReviewState.ASKED).exclude(user=actor.user).count()
        resets = PasswordReset.objects.filter(state=ReviewState.ASKED).exclude(user=actor.user).count()
        found = [("待复核的岗位申请", posts, "post-reviews"), ("待复核的密码重置", resets, "reset-reviews")]
        return [one for one in found if one[1]]
    return []
