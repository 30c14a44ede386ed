"""Who stands on which rung on a day, who moved between two days, who is about to lapse, who is covered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.cultivation.domain.ladder import Span, Step, history
from tidu.apps.cultivation.domain.titles import titles
from tidu.apps.cultivation.models import Holding
from tidu.apps.enterprises.models import Enterprise, EnterpriseQuerySet, Event

MOVES = ("rose", "new", "fell", "lapsed")
MOVE_WORDS = {"rose": "晋级", "new": "登上梯度", "fell": "降档", "lapsed": "到期退出"}
HIGH_TECH = "高新技术企业"


def _tops(actor: Actor, day: date) -> Any:
    """Firms on the ladder on a day with their highest rung, as rows of ``enterprise`` and ``top``."""
    held = Holding.objects.visible_to(actor).valid_on(day).filter(rung__gt=0).order_by()
    return held.values("enterprise").annotate(top=Max("rung"))


def rungs_on(actor: Actor, day: date) -> dict[int, int]:
    """The rung of every firm on the ladder on a day, by firm; one query."""
    return dict(_tops(actor, day).values_list("enterprise", "top"))


@dataclass(frozen=True)
class Funnel:
    """How many firms stand on each rung (0: on none), and how many hold each title (a firm holds several)."""

    day: date
    total: int
    standing: Mapping[int, int]
    holding: Mapping[int, int]
    streets: Mapping[tuple[str, str], Mapping[int, int]]
    chains: Mapping[str, Mapping[int, int]]


def funnel(actor: Actor, day: date) -> Funnel:
    """The ladder of the district, or of the part that the actor sees: three queries."""
    total = Enterprise.objects.visible_to(actor).in_registry().count()
    rows = _tops(actor, day).values_list(
        "enterprise", "enterprise__subdistrict__code", "enterprise__subdistrict__name", "enterprise__glance__chain", "top"
    )
    standing: Counter[int] = Counter()
    streets: dict[tuple[str, str], Counter[int]] = {}
    chains: dict[str, Counter[int]] = {}
    for _, code, name, chain, top in rows:
        standing[top] += 1
        streets.setdefault((code or "", name or "未登记街道"), Counter())[top] += 1
        chains.setdefault(chain or "", Counter())[top] += 1
    standing[0] = total - sum(standing.values())
    held = Holding.objects.visible_to(actor).valid_on(day).filter(rung__gt=0).order_by()
    holding = dict(held.values("rung").annotate(count=Count("enterprise", distinct=True)).values_list("rung", "count"))
    return Funnel(day, total, standing, holding, dict(sorted(streets.items())), dict(sorted(chains.items())))


@dataclass(frozen=True)
class Moves:
    """From which rung to which between two days: how many firms; 0 is no rung."""

    matrix: Mapping[tuple[int, int], int]
    counts: Mapping[str, int]


def move_of(before: int, after: int) -> str:
    """What a change of rung is; empty for none.

    >>> move_of(1, 4), move_of(4, 0), move_of(0, 0)
    ('rose', 'lapsed', '')
    """
    if before == after:
        return ""
    if not before:
        return "new"
    if not after:
        return "lapsed"
    return "rose" if after > before else "fell"


def moves(actor: Actor, since: date, until: date) -> Moves:
    """Who rose, fell or lapsed between two days: two queries."""
    before, after = rungs_on(actor, since), rungs_on(actor, until)
    matrix: Counter[tuple[int, int]] = Counter()
    for firm in before.keys() | after.keys():
        matrix[(before.get(firm, 0), after.get(firm, 0))] += 1
    total = Enterprise.objects.visible_to(actor).in_registry().count()
    matrix[(0, 0)] = total - sum(matrix.values())
    counts: Counter[str] = Counter()
    for (first, last), count in matrix.items():
        counts[move_of(first, last)] += count
    return Moves(matrix, {move: counts[move] for move in MOVES})


GROUPS = {
    "above": ("规上工业企业", Q(glance__above_scale=True)),
    "high-tech": ("高新技术企业", None),
    "special": ("市级培育以上企业", None),
    "all": ("全部企业", Q()),
}
"""Groups whose coverage is watched; the condition of the two in the middle depends on the day."""


def group_of(actor: Actor, group: str, day: date) -> EnterpriseQuerySet:
    """The firms of a watched group on a day."""
    firms = Enterprise.objects.visible_to(actor).in_registry()
    held = Holding.objects.valid_on(day).filter(enterprise=OuterRef("pk"))
    if group == "high-tech":
        return firms.filter(Exists(held.filter(kind=HIGH_TECH)))
    if group == "special":
        return firms.filter(Exists(held.filter(rung__gte=3)))
    condition = GROUPS[group][1]
    return firms if condition is None else firms.filter(condition)


def lacking(firms: EnterpriseQuerySet, lacks: str, day: date) -> EnterpriseQuerySet:
    """Of some firms those without a rung, without a research body (known to have none, or unknown), without any award paid."""
    if lacks == "rung":
        return firms.filter(~Exists(Holding.objects.valid_on(day).filter(enterprise=OuterRef("pk"), rung__gt=0)))
    if lacks == "research":
        return firms.filter(glance__research_body=False)
    if lacks == "research-unknown":
        return firms.filter(glance__research_body=None)
    if lacks == "enjoyed":
        return firms.filter(~Exists(_paid(day)))
    return firms


def _paid(day: date) -> Any:
    return Event.objects.filter(enterprise=OuterRef("pk"), type="奖补发放", withdrawn_at=None).exclude(day__gt=day)


@dataclass(frozen=True)
class Coverage:
    """One group: how many firms, and how many lack what."""

    key: str
    name: str
    total: int
    no_rung: int
    no_research: int
    research_unknown: int
    not_enjoyed: int


def coverage(actor: Actor, day: date) -> list[Coverage]:
    """The watched groups; one query each."""
    found = []
    for key, (name, _) in GROUPS.items():
        held = Holding.objects.valid_on(day).filter(enterprise=OuterRef("pk"), rung__gt=0)
        firms = group_of(actor, key, day).annotate(on_ladder=Exists(held), paid=Exists(_paid(day))).order_by()
        counted = firms.aggregate(
            total=Count("pk"),
            no_rung=Count("pk", filter=Q(on_ladder=False)),
            no_research=Count("pk", filter=Q(glance__research_body=False)),
            research_unknown=Count("pk", filter=Q(glance__research_body=None)),
            not_enjoyed=Count("pk", filter=Q(paid=False)),
        )
        found.append(Coverage(key, name, **counted))
    return found


@dataclass(frozen=True)
class LadderFilter:
    """Which firms are wanted; every field may be empty. ``since`` and ``move`` or ``before`` compare two days."""

    day: date
    rung: int | None = None
    kind: str = ""
    street: str = ""
    chain: str | None = None
    group: str = ""
    lacks: str = ""
    since: date | None = None
    move: str = ""
    before: int | None = None
    words: str = ""


def ladder_firms(actor: Actor, wanted: LadderFilter) -> EnterpriseQuerySet:
    """The firms behind any number of the ladder pages."""
    firms = group_of(actor, wanted.group or "all", wanted.day)
    firms = lacking(firms, wanted.lacks, wanted.day)
    if wanted.rung is not None:
        firms = _on_rung(firms, actor, wanted.day, wanted.rung)
    if wanted.kind:
        firms = firms.filter(Exists(Holding.objects.valid_on(wanted.day).filter(enterprise=OuterRef("pk"), kind=wanted.kind)))
    if wanted.street:
        firms = firms.filter(subdistrict__code=None if wanted.street == "-" else wanted.street)
    if wanted.chain is not None:
        unknown = Q(glance__chain="") | Q(glance=None)
        firms = firms.filter(Q(glance__chain=wanted.chain) if wanted.chain else unknown)
    if wanted.since is not None and wanted.before is not None:
        firms = _on_rung(firms, actor, wanted.since, wanted.before)
    if wanted.since is not None and wanted.move:
        first, last = rungs_on(actor, wanted.since), rungs_on(actor, wanted.day)
        moved = [firm for firm in first.keys() | last.keys() if move_of(first.get(firm, 0), last.get(firm, 0)) == wanted.move]
        firms = firms.filter(pk__in=moved)
    if wanted.words:
        firms = firms.filter(Q(name__contains=wanted.words) | Q(code=wanted.words))
    return firms.select_related("subdistrict", "glance").order_by("code")


def _on_rung(firms: EnterpriseQuerySet, actor: Actor, day: date, rung: int) -> EnterpriseQuerySet:
    tops = _tops(actor, day)
    if rung == 0:
        return firms.exclude(pk__in=tops.values("enterprise"))
    return firms.filter(pk__in=tops.filter(top=rung).values("enterprise"))


def holdings_by_firm(firms: list[int], day: date) -> dict[int, list[Holding]]:
    """The recognitions of some firms in force on a day, the highest first; one query."""
    found: dict[int, list[Holding]] = {}
    for one in Holding.objects.valid_on(day).filter(enterprise__in=firms).order_by("-rung", "-day", "pk"):
        found.setdefault(one.enterprise_id, []).append(one)
    return found


@dataclass(frozen=True)
class FirmLadder:
    """One firm: all its recognitions, its rung on a day, every change of rung."""

    holdings: list[Holding]
    rung: int
    rung_name: str
    steps: list[Step]


def firm_ladder(enterprise: Enterprise, day: date) -> FirmLadder:
    """The ladder of one firm: one query."""
    held = list(Holding.objects.filter(enterprise=enterprise).order_by("-day", "-pk"))
    spans = [Span(one.rung, one.day, one.until) for one in held if one.rung]
    rung = max((span.rung for span in spans if span.holds(day)), default=0)
    return FirmLadder(held, rung, titles().rung_name(rung), history(spans))


def expiring(actor: Actor, day: date, within: int, kind: str = "") -> Any:
    """Recognitions in force on a day that end within so many days and are not renewed, the soonest first."""
    last = day + timedelta(days=within)
    found = Holding.objects.visible_to(actor).valid_on(day).filter(until__lte=last, renewed=False)
    if kind:
        found = found.filter(kind=kind)
    return found.select_related("enterprise__subdistrict").order_by("until", "pk")


@dataclass(frozen=True)
class UpdateReminder:
    """A yearly update that is due: of which title, by which day, on what ground, by how many firms."""

    kind: str
    short: str
    day: date
    reference: str
    confidence: str
    count: int


def update_reminders(actor: Actor, day: date, within: int = 60) -> list[UpdateReminder]:
    """The yearly updates whose last day comes within so many days: one query, never stored."""
    due = [
        (title, wanted)
        for title in titles().titles.values()
        for wanted in (title.update_day(day.year), title.update_day(day.year + 1))
        if wanted is not None and day <= wanted <= day + timedelta(days=within)
    ]
    if not due:
        return []
    held = Holding.objects.visible_to(actor).valid_on(day).order_by()
    counts = dict(held.values("kind").annotate(count=Count("enterprise", distinct=True)).values_list("kind", "count"))
    return [
        UpdateReminder(
            title.kind, title.short, wanted, title.updates[-1].reference, title.updates[-1].confidence, counts.get(title.kind, 0)
        )
        for title, wanted in due
    ]
