"""Settlements: their figures by item and outcome, and the candidates behind every figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.queries import firms
from tidu.apps.fulfilment.domain.settling import PAYABLE
from tidu.apps.fulfilment.models import Candidate, Case, SettlementRun
from tidu.kernel.settle import DROPPED, EXCLUDED, RULING_NEEDED, UNKNOWN

CERTAIN, ZERO = "payable", "zero"
KINDS: Mapping[str, str] = {
    CERTAIN: "可兑现",
    "ruling": "待定口径",
    UNKNOWN: "缺数据",
    ZERO: "测算为零",
    DROPPED: "不予兑现",
    EXCLUDED: "主体被排除",
}
"""Outcomes as the pages count them: every candidate is in exactly one."""
WHERE: Mapping[str, Q] = {
    CERTAIN: Q(state__in=PAYABLE, amount__gt=0),
    "ruling": Q(state=RULING_NEEDED),
    UNKNOWN: Q(state=UNKNOWN),
    ZERO: Q(state__in=PAYABLE, amount=0),
    DROPPED: Q(state=DROPPED),
    EXCLUDED: Q(state=EXCLUDED),
}


def kind_of(candidate: Candidate) -> str:
    """The outcome under which a candidate is counted."""
    if candidate.state in PAYABLE:
        return CERTAIN if candidate.amount > 0 else ZERO
    return "ruling" if candidate.state == RULING_NEEDED else candidate.state


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of candidates is narrowed to; empty words narrow nothing. ``case`` is "none" or "some"."""

    award: str = ""
    kind: str = ""
    payer: str = ""
    street: str = ""
    words: str = ""
    missing: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a settlement: how many candidates came out how, and what the certain ones are worth, in fen."""

    award: str
    title: str
    clause: str
    payer: str
    amount: int
    counts: Mapping[str, int]


def runs(actor: Actor) -> QuerySet[SettlementRun]:
    """All settlements, newest first, with the number of certain candidates and their worth as the actor sees them."""
    return SettlementRun.objects.visible_to(actor)


def run_sums(actor: Actor, listed: list[SettlementRun]) -> dict[int, tuple[int, int, dict[str, int]]]:
    """Per run: candidates, certain ones, and fen by payer; one query for a page of runs."""
    rows = (
        Candidate.objects.visible_to(actor)
        .filter(run__in=[one.pk for one in listed])
        .order_by()
        .values("run", "payer")
        .annotate(all=Count("pk"), certain=Count("pk", filter=WHERE[CERTAIN]), fen=Sum("amount"))
    )
    found: dict[int, tuple[int, int, dict[str, int]]] = {}
    for row in rows:
        total, certain, money = found.get(row["run"], (0, 0, {}))
        found[row["run"]] = total + row["all"], certain + row["certain"], {**money, row["payer"]: row["fen"] or 0}
    return found


def lines(actor: Actor, run: SettlementRun) -> list[Line]:
    """The settlement in figures, in the order of its clauses; one query."""
    counted: dict[str, Any] = {f"n{place}": Count("pk", filter=WHERE[kind]) for place, kind in enumerate(KINDS)}
    rows = (
        Candidate.objects.visible_to(actor)
        .filter(run=run)
        .order_by("award", "payer")
        .values("award", "title", "clause", "payer")
        .annotate(fen=Sum("amount", filter=WHERE[CERTAIN]), **counted)
    )
    return [
        Line(
            row["award"], row["title"], row["clause"], row["payer"], row["fen"] or 0,
            {kind: row[f"n{place}"] for place, kind in enumerate(KINDS)},
        )
        for row in rows
    ]  # fmt: skip


def candidates(actor: Actor, run: SettlementRun, wanted: Wanted) -> QuerySet[Candidate]:
    """The candidates of a run that the actor may see, narrowed."""
    found = Candidate.objects.visible_to(actor).filter(run=run)
    if wanted.kind in WHERE:
        found = found.filter(WHERE[wanted.kind])
    for column, value in (("award", wanted.award), ("payer", wanted.payer)):
        if value:
            found = found.filter(**{column: value})
    if wanted.missing:
        found = found.filter(missing__contains=f"\n{wanted.missing}\n")
    if wanted.words or wanted.street:
        found = found.filter(enterprise__in=firms(actor, words=wanted.words, subdistrict=wanted.street).order_by().values("pk"))
    if wanted.case in {"none", "some"}:
        found = found.filter(Exists(living_case()) if wanted.case == "some" else ~Exists(living_case()))
    return found.select_related("enterprise__subdistrict").order_by("award", "enterprise__code", "item", "pk")


def living_case() -> QuerySet[Case]:
    """The case that stands for a candidate already, as a subquery of candidates."""
    same = {name: OuterRef(name) for name in ("enterprise", "policy", "award", "item")}
    return Case.objects.alive().filter(**same)


def cases_of(actor: Actor, candidate: Candidate) -> QuerySet[Case]:
    """All cases of the same item of the firm that the actor may see, the newest first."""
    same = Case.objects.visible_to(actor).filter(enterprise=candidate.enterprise_id, policy=candidate.policy)
    return same.filter(award=candidate.award, item=candidate.item).order_by("-created_at", "-pk")


def missing_facts(actor: Actor, run: SettlementRun) -> list[tuple[str, int, int]]:
    """Facts that keep candidates undecided: the fact, how many candidates, of how many firms; the most wanted first."""
    counts: dict[str, int] = {}
    owners: dict[str, set[int]] = {}
    rows = Candidate.objects.visible_to(actor).filter(run=run).exclude(missing="").order_by().values_list("missing", "enterprise_id")
    for text, firm in rows:
        for fact in text.strip("\n").split("\n"):
            counts[fact] = counts.get(fact, 0) + 1
            owners.setdefault(fact, set()).add(firm)
    return sorted(((fact, count, len(owners[fact])) for fact, count in counts.items()), key=lambda one: (-one[1], one[0]))
