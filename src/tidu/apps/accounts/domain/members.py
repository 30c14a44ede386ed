"""The people of a firm: its legal representative gives and ends the posts of clerk, finance and agent in the own firm."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.domain.accounts import subject_of
from tidu.apps.accounts.enums import FIRM_ROLES, OFFICIALS, Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.errors import TiduError

GRANTED = (Role.FIRM_CLERK, Role.FIRM_FINANCE, Role.FIRM_AGENT)
"""What a legal representative may give; the legal representative is given by the district."""
LONGEST_AGENCY = timedelta(days=366)
NOBODY = "没有这个用户名，或者这个账号不能担任企业岗位。请对方先到牵头局开立企业账号，再核对用户名。"


def members(enterprise: Enterprise, day: date) -> QuerySet[Post]:
    """The posts held in a firm on a day or later, the legal representative first."""
    held = Post.objects.filter(enterprise=enterprise, role__in=FIRM_ROLES).filter(Q(until=None) | Q(until__gt=day))
    return held.select_related("user").order_by("user__name", "pk")


def may_grant(enterprise: Enterprise, actor: Actor) -> Decision:
    """Whether this person may give and end posts in this firm."""
    if any(post.role is Role.FIRM_LEGAL and post.enterprise == enterprise.pk for post in actor.posts):
        return YES
    return no("成员由本企业的法定代表人授权和取消，您没有这个岗位。", "not-legal")


def grant_member(*, actor: Actor, at: datetime, today: date, enterprise: Enterprise, username: str, role: Role, until: date | None) -> Post:
    """Give somebody a post in the own firm from today on. An agent gets an end, at most a year ahead.

    An official is no member of a firm: who reviews it must not speak for it. The answer for an unknown name and for an
    official is the same, so that names cannot be tried out. Raises ``role-not-granted``, ``nobody``, ``until-needed``,
    ``until-wrong``, ``already-member``.
    """
    may_grant(enterprise, actor).require()
    if role not in GRANTED:
        raise TiduError("role-not-granted", "只能授权经办、财务或代办机构；法定代表人的变更请到牵头局办理。")
    if role is Role.FIRM_AGENT and until is None:
        raise TiduError("until-needed", "代办机构的授权须有截止日期。请填写。")
    if until is not None and not today < until <= today + LONGEST_AGENCY:
        raise TiduError("until-wrong", f"截止日期须在明天到 {(today + LONGEST_AGENCY).isoformat()} 之间。")
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None or user.posts.filter(role__in=OFFICIALS).filter(Q(until=None) | Q(until__gt=today)).exists():
        raise TiduError("nobody", NOBODY)
    if members(enterprise, today).filter(user=user, role=role).exists():
        raise TiduError("already-member", f"{user.name}已经是本企业的{role.label}。")
    post = Post(user=user, role=role, enterprise=enterprise, since=today, until=until)
    try:
        post.full_clean()
    except ValidationError as error:
        raise TiduError("post-not-allowed", "；".join(error.messages), role=role.value) from error
    with transaction.atomic():
        post.save(force_insert=True)
        detail = {"role": role.value, "where": enterprise.name, "firm": enterprise.code, "until": until.isoformat() if until else None}
        record_event(actor=actor, at=at, action="account.member-granted", subject=subject_of(user), detail=detail)
    return post


def may_end(post: Post, actor: Actor) -> Decision:
    """Whether this person may end a post; nobody ends the own post of legal representative, a firm would be left without one."""
    if post.enterprise is None:
        return no("这不是企业岗位。", "not-a-member")
    allowed = may_grant(post.enterprise, actor)
    if not allowed:
        return allowed
    if post.role == Role.FIRM_LEGAL:
        return no("法定代表人的变更请到牵头局办理。", "legal")
    return YES


def end_member(*, actor: Actor, at: datetime, today: date, post: Post) -> None:
    """End a post in the own firm at once. A post ended already stays as it is."""
    may_end(post, actor).require()
    if post.enterprise is None:
        return
    with transaction.atomic():
        held = Post.objects.filter(pk=post.pk).filter(Q(until=None) | Q(until__gt=today))
        begun = held.filter(Q(since=None) | Q(since__lt=today))
        # a post given today has no day on which it was held, so it is taken away rather than ended before it began
        ended = begun.update(until=today) or held.filter(since__gte=today).delete()[0]
        if ended:
            detail = {"role": post.role, "where": post.enterprise.name, "firm": post.enterprise.code}
            record_event(actor=actor, at=at, action="account.member-ended", subject=subject_of(post.user), detail=detail)
