"""免申即享: who was listed, who said yes or no, who has not answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Q, QuerySet, Sum

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.queries import firms
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Budget, Candidate, Case, SettlementRun
from tidu.apps.fulfilment.queries.settlements import CERTAIN, WHERE, living_case

WAITING, CONFIRMED, DECLINED = "waiting", "confirmed", "declined"
ANSWERS: Mapping[str, str] = {WAITING: "尚未答复", CONFIRMED: "已确认", DECLINED: "已放弃"}
SAID: Mapping[str, Q] = {
    WAITING: Q(state=CaseState.LISTED),
    CONFIRMED: Q(submission__gt=0),
    DECLINED: Q(submission=0) & ~Q(state=CaseState.LISTED),
}
"""What the firm said; a confirmation counts as a submission, and every listed case is in exactly one of them."""


def answer_of(case: Case) -> str:
    """What the firm of a listed case said."""
    return WAITING if case.state == CaseState.LISTED else CONFIRMED if case.submission else DECLINED


@dataclass(frozen=True, slots=True)
class PayerSum:
    """What listing would come to for one payer and clause, and what its budget has left; None where none is planned."""

    payer: str
    clause: str
    firms: int
    count: int
    fen: int
    left: int | None


@dataclass(frozen=True, slots=True)
class ListingSummary:
    """Before listing: the certain candidates of an item, those that have a case already, and what the rest comes to."""

    certain: int
    have_case: int
    fresh: int
    sums: tuple[PayerSum, ...]


def listing_summary(run: SettlementRun, award: str, year: int) -> ListingSummary:
    """What ``list_cases`` would open, counted beforehand; ``year`` is the budget year."""
    certain = Candidate.objects.filter(WHERE[CERTAIN], run=run, award=award)
    fresh = certain.filter(~Exists(living_case())).order_by("payer", "clause")
    left = {(one.payer, one.clause): one.left for one in Budget.objects.filter(year=year)}
    sums = [
        PayerSum(row["payer"], row["clause"], row["firms"], row["count"], row["fen"], left.get((row["payer"], row["clause"])))
        for row in fresh.values("payer", "clause").annotate(firms=Count("enterprise", distinct=True), count=Count("pk"), fen=Sum("amount"))
    ]
    total, count = certain.count(), sum(one.count for one in sums)
    return ListingSummary(total, total - count, count, tuple(sums))


def listed(actor: Actor) -> QuerySet[Case]:
    """All 免申即享 cases the actor may see."""
    return Case.objects.visible_to(actor).filter(route=Route.NO_APPLICATION)


def answers(actor: Actor) -> list[dict[str, Any]]:
    """Per item: listed, answered how, and the worth; one query."""
    counted: dict[str, Any] = {name: Count("pk", filter=said) for name, said in SAID.items()}
    rows = listed(actor).order_by("award", "payer").values("award", "title", "clause", "payer")
    return list(rows.annotate(total=Count("pk"), fen=Sum("computed"), **counted))


def answered(actor: Actor, *, award: str = "", answer: str = "", words: str = "", street: str = "") -> QuerySet[Case]:
    """The cases behind one of the figures; the longest without an answer first."""
    found = listed(actor)
    if award:
        found = found.filter(award=award)
    if answer in SAID:
        found = found.filter(SAID[answer])
    if words or street:
        found = found.filter(enterprise__in=firms(actor, words=words, subdistrict=street).order_by().values("pk"))
    return found.select_related("enterprise__subdistrict").order_by("created_at", "pk")


def no_application(award: str) -> bool:
    """Whether the firms of an item are asked rather than asking."""
    return item_rules(award).route == Route.NO_APPLICATION
