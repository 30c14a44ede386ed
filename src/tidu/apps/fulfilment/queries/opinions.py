"""Opinions as lists: what a department still has to say, who is late."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.models import Opinion
from tidu.apps.fulfilment.models.reviews import OpinionQuerySet

WAITING, LATE, GIVEN, ALL = "waiting", "late", "given", "all"
WHICH = ((WAITING, "待反馈"), (LATE, "已超期"), (GIVEN, "已反馈"), (ALL, "全部"))


def opinions_of(actor: Actor) -> OpinionQuerySet:
    """The opinions that are an actor's matter: a department's own; for who oversees the review, those of all departments."""
    seen = Opinion.objects.visible_to(actor)
    if actor.has(Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR):
        return seen
    own = Q(pk__in=())
    for path in actor.paths(Role.DEPARTMENT_CLERK):
        own |= Q(unit__path__startswith=path)
    return seen.filter(own)


def found_opinions(actor: Actor, day: date, which: str, unit: str = "") -> OpinionQuerySet:
    """The opinions of one kind, what is due first on top; ``unit`` is a unit's code."""
    found = opinions_of(actor)
    if which == WAITING:
        found = found.waiting()
    elif which == LATE:
        found = found.waiting().filter(due__lt=day)
    elif which == GIVEN:
        found = found.exclude(verdict="")
    if unit:
        found = found.filter(unit__code=unit)
    return found.order_by("due", "case_id", "unit__path")


def opinion_counts(actor: Actor, day: date, unit: str = "") -> dict[str, int]:
    """How long each list is."""
    return {which: found_opinions(actor, day, which, unit).count() for which, _ in WHICH}


def units_asked(actor: Actor) -> list[tuple[str, str]]:
    """The units among the opinions of an actor, by code and name."""
    return sorted(set(opinions_of(actor).order_by().values_list("unit__code", "unit__name").distinct()), key=lambda one: one[1])
