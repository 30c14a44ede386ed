"""Questions to the warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.cultivation.enums import UNDONE, WarningState
from tidu.apps.cultivation.models import FirmWarning


@dataclass(frozen=True)
class WarningFilter:
    """What the list is narrowed to; ``state`` may be a state or undone; ``whose`` is me or nothing."""

    state: str = ""
    rule: str = ""
    street: str = ""
    whose: str = ""
    late: bool = False
    vanished: bool = False
    words: str = ""


def warnings(actor: Actor, day: date, wanted: WarningFilter) -> Any:
    """The warnings of a filter, what is due first."""
    found = FirmWarning.objects.visible_to(actor).select_related("enterprise__subdistrict")
    if wanted.state in WarningState.values:
        found = found.filter(state=wanted.state)
    elif wanted.state != "all":
        found = found.filter(state__in=UNDONE)
    if wanted.rule:
        found = found.filter(rule=wanted.rule)
    if wanted.street:
        found = found.filter(enterprise__subdistrict__code=wanted.street)
    if wanted.whose == "me":
        found = found.filter(owner=actor.user)
    if wanted.late:
        found = found.filter(late(day))
    if wanted.vanished:
        found = found.filter(vanished_on__isnull=False, state__in=UNDONE)
    if wanted.words:
        found = found.filter(Q(enterprise__name__contains=wanted.words) | Q(enterprise__code=wanted.words.upper()))
    return found.order_by("due_on", "enterprise__code", "rule", "pk")


def late(day: date) -> Q:
    """Not settled by the due day."""
    return Q(due_on__lt=day, state__in=UNDONE)


@dataclass(frozen=True)
class WarningCounts:
    """The warnings in figures."""

    states: Mapping[str, int]
    rules: Mapping[str, int]
    undone: int
    late: int
    mine: int
    vanished: int


def warning_counts(actor: Actor, day: date) -> WarningCounts:
    """Figures by state, of undone ones by rule, late ones and the actor's own: three queries."""
    seen = FirmWarning.objects.visible_to(actor).order_by()
    states = Counter(dict(seen.values("state").annotate(count=Count("pk")).values_list("state", "count")))
    undone = seen.filter(state__in=UNDONE)
    rules = Counter(dict(undone.values("rule").annotate(count=Count("pk")).values_list("rule", "count")))
    counted = undone.aggregate(
        late=Count("pk", filter=late(day)),
        mine=Count("pk", filter=Q(owner=actor.user)),
        vanished=Count("pk", filter=Q(vanished_on__isnull=False)),
    )
    return WarningCounts(states, rules, sum(states[state] for state in UNDONE), counted["late"], counted["mine"], counted["vanished"])
