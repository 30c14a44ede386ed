"""The ledger of recoveries with its totals to the fen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from tidu.apps.accounts.actors import Actor
from tidu.apps.duties.domain.hearing import plan_of
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.fulfilment.models import Recovery

RUNNING = (RecoveryState.OPENED, RecoveryState.NOTIFIED, RecoveryState.HEARD, RecoveryState.DEMANDED)


@dataclass(frozen=True)
class RecoveryFilter:
    """What the list is narrowed to; without a state those under way, ``all`` for all, ``kept`` for all that were
    not dropped, ``came-in`` for those of which something came back."""

    state: str = ""
    year: str = ""
    street: str = ""
    late: bool = False
    words: str = ""


def recoveries(actor: Actor, day: date, wanted: RecoveryFilter) -> Any:
    """Recoveries of a filter, the newest first, each with its instalments."""
    found = Recovery.objects.visible_to(actor).select_related("case__enterprise__subdistrict", "payment", "proceeding")
    if wanted.state in RecoveryState.values:
        found = found.filter(state=wanted.state)
    elif wanted.state == "kept":
        found = found.exclude(state=RecoveryState.DROPPED)
    elif wanted.state == "came-in":
        found = found.filter(received__gt=0)
    elif wanted.state != "all":
        found = found.filter(state__in=RUNNING)
    if wanted.year.isascii() and wanted.year.isdigit() and len(wanted.year) == 4:
        found = found.filter(opened_at__year=int(wanted.year))
    if wanted.street:
        found = found.filter(case__enterprise__subdistrict__code=wanted.street)
    if wanted.words:
        name = Q(case__enterprise__name__contains=wanted.words) | Q(case__enterprise__code=wanted.words.upper())
        found = found.filter(name | Q(case__number=wanted.words.upper()))
    if wanted.late:
        found = found.filter(pk__in=late_recoveries(actor, day))
    return found.prefetch_related("instalments").order_by("-opened_at", "-pk")


def late_recoveries(actor: Actor, day: date) -> list[int]:
    """Recoveries that are behind the plan agreed."""
    running = Recovery.objects.visible_to(actor).filter(state=RecoveryState.DEMANDED, instalments__due__lt=day).order_by().distinct()
    return [
        one.pk
        for one in running.prefetch_related("instalments")
        if any(part.late for part in plan_of(one.instalments.all(), one.received, day))
    ]


@dataclass(frozen=True)
class RecoveryTotals:
    """Recoveries in figures, in fen; what was dropped is not counted as to be recovered."""

    states: Mapping[str, int]
    amount: int
    received: int
    running: int
    late: int

    @property
    def left(self) -> int:
        """What is still to come back."""
        return self.amount - self.received


def recovery_totals(actor: Actor, day: date) -> RecoveryTotals:
    """The figures above the list."""
    seen = Recovery.objects.visible_to(actor).order_by()
    states = Counter(dict(seen.values("state").annotate(count=Count("pk")).values_list("state", "count")))
    sums = seen.exclude(state=RecoveryState.DROPPED).aggregate(amount=Sum("amount"), received=Sum("received"))
    running = sum(states[one] for one in RUNNING)
    return RecoveryTotals(states, sums["amount"] or 0, sums["received"] or 0, running, len(late_recoveries(actor, day)))
