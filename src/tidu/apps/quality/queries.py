"""Questions to the checks of the data and to requests for facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import LOCAL_ROLES, Enterprise, FactsInForce
from tidu.apps.quality.enums import FindingKind, RequestState
from tidu.apps.quality.models import FactRequest, Finding, QualityCheck, RequestedFirm
from tidu.apps.units.models import Unit


def latest_check() -> QualityCheck | None:
    """The check whose findings stand."""
    return QualityCheck.objects.order_by("-at", "-pk").first()


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding as a list shows it: how many firms the actor sees in it."""

    pk: int
    kind: str
    fact: str
    period: int
    source: str
    standards: tuple[str, ...]
    firms: int


def findings(actor: Actor, kind: FindingKind) -> list[FindingLine]:
    """The findings of a kind, the most firms first, counted over the firms the actor sees. Without the firms themselves."""
    check = latest_check()
    if check is None:
        return []
    units = _local_units(actor)
    listed = Finding.objects.filter(check_of=check, kind=kind).defer("rows")
    lines = [FindingLine(one.pk, one.kind, one.fact, one.period, one.source, tuple(one.standards), _count(one, units)) for one in listed]
    return sorted((line for line in lines if line.firms), key=lambda line: (-line.firms, line.fact, -line.period))


def _local_units(actor: Actor) -> frozenset[str] | None:
    """Ids of the units whose firms the actor sees; None for all."""
    if actor.sees_all_firms:
        return None
    paths = [post.unit_path for post in actor.posts if post.role in LOCAL_ROLES and post.unit_path]
    below = Q(pk__in=())
    for path in paths:
        below |= Q(path__startswith=path)
    return frozenset(str(pk) for pk in Unit.objects.filter(below).values_list("pk", flat=True))


def _count(one: Finding, units: frozenset[str] | None) -> int:
    return sum(count for unit, count in one.counts.items() if units is None or unit in units)


class FirmsOfFinding:
    """The firms of a finding that the actor sees, as a list counts and slices it: rows ``(firm, periods)``."""

    def __init__(self, finding: Finding, actor: Actor) -> None:
        periods: dict[int, list[int]] = {}
        for firm, period in finding.rows:
            periods.setdefault(firm, []).append(period)
        if not actor.sees_all_firms:
            seen = set(Enterprise.objects.visible_to(actor).values_list("pk", flat=True))
            periods = {firm: listed for firm, listed in periods.items() if firm in seen}
        self.periods = periods
        self.firms = list(periods)

    def count(self) -> int:
        """How many firms."""
        return len(self.firms)

    def __getitem__(self, part: slice) -> list[tuple[Enterprise, list[int]]]:
        wanted = self.firms[part]
        known: dict[int, Enterprise] = {}
        for start in range(0, len(wanted), 500):
            known |= {one.pk: one for one in Enterprise.objects.filter(pk__in=wanted[start : start + 500]).select_related("subdistrict")}
        return [(known[firm], self.periods[firm]) for firm in wanted if firm in known]

    @property
    def rows(self) -> list[tuple[int, int]]:
        """Pairs of firm and period."""
        return [(firm, period) for firm in self.firms for period in self.periods[firm]]


def deciding_facts(actor: Actor, standard: str | None = None) -> list[FindingLine]:
    """Which single fact would decide the most firms, the most first; of one standard where one is named."""
    return [line for line in findings(actor, FindingKind.DECIDING) if standard is None or standard in line.standards]


def finding(pk: int) -> Finding | None:
    """A finding of the latest check."""
    check = latest_check()
    return Finding.objects.filter(pk=pk, check_of=check).first() if check is not None else None


def _answered(request: str) -> Exists:
    """Whether the fact of a request is in force by now, of one of its firms; portable: both spellings of the key are looked for."""
    text = Cast("values", TextField())
    rows = FactsInForce.objects.filter(enterprise=OuterRef("enterprise"), level=OuterRef(f"{request}level"), period=OuterRef("period"))
    held = Q(text__contains=OuterRef(f"{request}plain")) | Q(text__contains=OuterRef(f"{request}escaped"))
    return Exists(rows.annotate(text=text).filter(held))


def requests(actor: Actor, *, state: str = "") -> QuerySet[FactRequest]:
    """Requests the actor sees, newest first."""
    found = FactRequest.objects.visible_to(actor).select_related("unit")
    return found.filter(state=state) if state in RequestState.values else found


def progress_of(listed: Sequence[FactRequest]) -> dict[int, tuple[int, int]]:
    """How many rows each of some requests has, and how many are answered: one query, worked out from the facts in force."""
    rows = RequestedFirm.objects.filter(request__in=[one.pk for one in listed]).annotate(answered=_answered("request__"))
    counted = rows.order_by().values("request").annotate(all=Count("pk"), told=Count("pk", filter=Q(answered=True)))
    return {row["request"]: (row["all"], row["told"]) for row in counted}


class WithProgress:
    """Requests as a list counts and slices them: rows of a request, how many it asks for, how many are told."""

    def __init__(self, listed: QuerySet[FactRequest]) -> None:
        self.listed = listed

    def count(self) -> int:
        """How many requests."""
        return self.listed.count()

    def __getitem__(self, part: slice) -> list[tuple[FactRequest, int, int]]:
        rows = list(self.listed[part])
        progress = progress_of(rows)
        return [(row, *progress.get(row.pk, (0, 0))) for row in rows]


def firms_of_request(request: FactRequest, actor: Actor, *, open_only: bool = False) -> Any:
    """The rows of a request with ``answered``; a firm sees its own."""
    rows = (
        request.firms.annotate(answered=_answered("request__"))
        .select_related("enterprise__subdistrict")
        .order_by("enterprise__code", "period")
    )
    if not actor.is_official:
        rows = rows.filter(enterprise__in=actor.firms)
    return rows.filter(answered=False) if open_only else rows


def asked_of_firm(enterprise: Enterprise) -> list[RequestedFirm]:
    """What a firm is asked for and has not told."""
    rows = RequestedFirm.objects.filter(enterprise=enterprise, request__state=RequestState.OPEN, request__unit=None)
    return list(
        rows.annotate(answered=_answered("request__")).filter(answered=False).select_related("request").order_by("request__due", "pk")
    )


def asked_of_units(actor: Actor) -> int:
    """How many open requests go to the actor's own units."""
    mine = Q(pk__in=())
    for post in actor.posts:
        if post.unit_path and not actor.has():
            mine |= Q(unit__path__startswith=post.unit_path)
    return FactRequest.objects.filter(mine, state=RequestState.OPEN).count()
