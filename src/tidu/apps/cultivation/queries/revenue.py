"""Questions to the 企业应税收入统计表."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum

from tidu.apps.accounts.actors import Actor
from tidu.apps.cultivation.enums import Crossing
from tidu.apps.cultivation.models import RevenueLine

GROWTHS = {"up": Q(growth__gte=0), "down": Q(growth__lt=0), "fall": Q(growth__lt=-200_000), "unknown": Q(growth=None)}
ORDERS = {"to-date": ("to_date", True), "growth": ("growth", False), "middle": ("middle", True)}


@dataclass(frozen=True)
class RevenueFilter:
    """What the table is narrowed to; empty fields do nothing."""

    words: str = ""
    street: str = ""
    crossing: str = ""
    growth: str = ""
    gaps: str = ""
    roster: str = ""
    order: str = "code"


def revenue_lines(actor: Actor, wanted: RevenueFilter) -> Any:
    """The lines of the table; an unknown sum stands last whatever the order."""
    found = RevenueLine.objects.visible_to(actor).select_related("enterprise__subdistrict")
    if wanted.words:
        found = found.filter(Q(enterprise__name__contains=wanted.words) | Q(enterprise__code=wanted.words.upper()))
    if wanted.street:
        found = found.filter(enterprise__subdistrict__code=wanted.street)
    if wanted.crossing in Crossing.values:
        found = found.filter(crossing=wanted.crossing)
    if wanted.growth in GROWTHS:
        found = found.filter(GROWTHS[wanted.growth])
    if wanted.gaps == "yes":
        found = found.filter(gaps__gt=0)
    if wanted.roster in {"yes", "no"}:
        found = found.filter(on_roster=wanted.roster == "yes")
    return _ordered(found, wanted.order)


def _ordered(found: Any, order: str) -> Any:
    name, down = ORDERS.get(order, ("", False))
    if not name:
        return found.order_by("enterprise__code")
    ordered = F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)
    return found.order_by(ordered, "enterprise__code")


@dataclass(frozen=True)
class RevenueSummary:
    """The table in figures: how many firms are in it, for how many what is known, and the sums of those that can be compared."""

    firms: int
    known: int
    gaps: int
    comparable: int
    to_date: int
    before: int
    crossings: Mapping[str, int]


def revenue_summary(actor: Actor) -> RevenueSummary:
    """The figures above the table: two queries. Growth is told only over firms whose both sums are known."""
    lines = RevenueLine.objects.visible_to(actor).order_by()
    both = Q(to_date__isnull=False, before__isnull=False)
    counted = lines.aggregate(
        firms=Count("pk"), known=Count("pk", filter=Q(to_date__isnull=False)), gaps=Count("pk", filter=Q(gaps__gt=0)),
        comparable=Count("pk", filter=both), now=Sum("to_date", filter=both), then=Sum("before", filter=both),
    )  # fmt: skip
    crossings = Counter(dict(lines.values("crossing").annotate(count=Count("pk")).values_list("crossing", "count")))
    return RevenueSummary(
        counted["firms"], counted["known"], counted["gaps"], counted["comparable"], counted["now"] or 0, counted["then"] or 0, crossings
    )  # fmt: skip
