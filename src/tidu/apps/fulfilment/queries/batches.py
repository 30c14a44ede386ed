"""Batches of the meeting: their rows, what waits for one, and the weight on the budgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.queries import firms
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Budget, Case, DecisionBatch, Opinion, Step
from tidu.kernel.settlement_words import money


@dataclass(frozen=True, slots=True)
class MeterLine:
    """One budget under the weight of a batch, in fen; ``planned`` None where no budget is planned."""

    payer: str
    clause: str
    cases: int
    weight: int
    planned: int | None
    others: int
    budget: int | None

    @property
    def left(self) -> int | None:
        """What would be left after this batch; below zero where it does not fit."""
        return None if self.planned is None else self.planned - self.others - self.weight

    @property
    def refusal(self) -> str:
        """Why the decision would be refused, empty where it fits."""
        if self.left is None:
            return f"没有编列“{self.payer} {self.clause}”的预算，会审决定会被拒绝。请先编列预算。"
        if self.left < 0:
            return f"超出 {money(-self.left)}，会审决定会被拒绝。请移出办件或追加预算。"
        return ""


def budget_meter(batch: DecisionBatch) -> list[MeterLine]:
    """What a batch binds (or would bind, by the amounts computed when its cases came in), payer by payer, clause by clause."""
    weight = Coalesce("amount", "computed")
    rows = batch.cases.order_by("payer", "clause").values("payer", "clause")
    weights = rows.annotate(count=Count("pk"), fen=Sum(weight), bound=Sum("amount", filter=Q(budget__isnull=False)))
    budgets = {(one.payer, one.clause): one for one in Budget.objects.filter(year=batch.year)}
    found = []
    for row in weights:
        budget = budgets.get((row["payer"], row["clause"]))
        others = budget.committed - (row["bound"] or 0) if budget is not None else 0
        found.append(
            MeterLine(
                row["payer"], row["clause"], row["count"], row["fen"], budget.planned if budget else None, others,
                budget.pk if budget else None,
            )
        )  # fmt: skip
    return found


def batches(actor: Actor) -> QuerySet[DecisionBatch]:
    """All batches, newest first, with the number of cases and their worth."""
    worth = Sum(Coalesce("cases__amount", "cases__computed"))
    return DecisionBatch.objects.visible_to(actor).annotate(count=Count("cases"), fen=worth).order_by("-created_at", "-pk")


def rows_of(actor: Actor, batch: DecisionBatch) -> QuerySet[Case]:
    """The cases of a batch in the order of the paper."""
    found = Case.objects.visible_to(actor).filter(batch=batch).select_related("enterprise__subdistrict")
    return found.order_by("payer", "clause", "enterprise__code", "item", "pk")


def waiting(actor: Actor, *, award: str = "", payer: str = "", words: str = "", street: str = "") -> QuerySet[Case]:
    """Cases that wait for a meeting; the oldest first."""
    found = Case.objects.visible_to(actor).filter(state=CaseState.REVIEWED)
    if award:
        found = found.filter(award=award)
    if payer:
        found = found.filter(payer=payer)
    if words or street:
        found = found.filter(enterprise__in=firms(actor, words=words, subdistrict=street).order_by().values("pk"))
    return found.select_related("enterprise__subdistrict").order_by("submitted_at", "pk")


def opinions_of(cases: Sequence[Case]) -> dict[int, str]:
    """What the departments said of each case, in short; one query."""
    found: dict[int, list[str]] = {}
    asked = Opinion.objects.filter(case__in=[case.pk for case in cases], void=False).select_related("unit").order_by("unit__path", "pk")
    for one in asked:
        verdict = one.get_verdict_display() if one.verdict else "未反馈"
        found.setdefault(one.case_id, []).append(f"{one.unit.short_name}：{verdict}{f'（{one.reason}）' if one.reason else ''}")
    return {case: "；".join(said) for case, said in found.items()}


def taken_out(batch: DecisionBatch) -> QuerySet[Step]:
    """The rows that left a batch, by hand or by the decision, with the reason; the last first."""
    left = Step.objects.filter(act="set-aside", detail__batch=batch.pk, at__gte=batch.created_at)
    return left.select_related("case__enterprise").order_by("-pk")
