"""Who belongs to a unit's share of a task, and who hears of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.messages.domain.telling import tell_person
from tidu.apps.plans.enums import REPORTERS
from tidu.apps.units.models import Unit


def of_unit(actor: Actor, unit: Unit) -> bool:
    """Whether the person reports for a unit, or for one above it."""
    return actor.is_system or any(unit.path.startswith(path) for path in actor.paths(*REPORTERS))


def people_of(units: Collection[int], day: date) -> dict[int, list[int]]:
    """Who reports for each unit on a day; one query."""
    posts = Post.objects.held_on(day).filter(unit__in=list(units), role__in=REPORTERS, user__is_active=True)
    found: dict[int, list[int]] = {}
    for unit, user in sorted(set(posts.values_list("unit", "user"))):
        found.setdefault(unit, []).append(user)
    return found


def holders_of(roles: Collection[Role], day: date) -> list[int]:
    """Who holds one of the roles on a day; one query."""
    posts = Post.objects.held_on(day).filter(role__in=list(roles), user__is_active=True)
    return sorted(set(posts.values_list("user", flat=True)))


def tell_all(*, at: datetime, users: Iterable[int], but: int | None, occasion: str, title: str, text: str) -> int:
    """A message to each person except who acts; returns how many."""
    told = [user for user in dict.fromkeys(users) if user != but]
    for user in told:
        tell_person(at=at, user=user, occasion=occasion, title=title, text=text)
    return len(told)
