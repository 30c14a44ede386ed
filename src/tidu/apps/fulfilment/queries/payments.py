"""Money on its way: who waits for it, by whom it is paid, in which batch it stands, what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tidu.apps.accounts.actors import Actor
from tidu.apps.fulfilment.enums import CaseState, PaymentState
from tidu.apps.fulfilment.models import Budget, Case, FeedbackFile, Payment, PaymentBatch, Voucher

OWN = "区级"
"""The payer whose money is the district's own; what others pay only passes through."""


def kind_of_money(payer: str) -> str:
    """What money of a payer is to the district."""
    return "本区资金" if payer == OWN else "上级转拨，不占本区资金"


@dataclass(frozen=True, slots=True)
class Purse:
    """One payer: how many cases wait for its money, how much, and how much is with finance, arrived, returned (fen)."""

    payer: str
    waiting: int
    waiting_fen: int
    sent_fen: int
    paid_fen: int
    returned: int

    @property
    def kind(self) -> str:
        """What this money is to the district."""
        return kind_of_money(self.payer)


def purses(actor: Actor) -> list[Purse]:
    """Every payer that has a budget or a case, the district first; four queries."""
    waiting = {
        row["payer"]: (row["count"], row["fen"])
        for row in _waiting(actor).order_by().values("payer").annotate(count=Count("pk"), fen=Coalesce(Sum("amount"), 0))
    }
    sums = {
        (row["batch__payer"], row["state"]): (row["fen"], row["count"])
        for row in Payment.objects.visible_to(actor)
        .order_by()
        .values("batch__payer", "state")
        .annotate(count=Count("pk"), fen=Coalesce(Sum("amount"), 0))
    }
    returned = {
        row["payer"]: row["count"]
        for row in Case.objects.visible_to(actor).filter(state=CaseState.BOUNCED).order_by().values("payer").annotate(count=Count("pk"))
    }
    planned = Budget.objects.order_by().values_list("payer", flat=True).distinct()
    payers = {*waiting, *returned, *(payer for payer, _ in sums), *planned, OWN}

    def fen(payer: str, *states: PaymentState) -> int:
        return sum(sums.get((payer, state), (0, 0))[0] for state in states)

    return [
        Purse(
            payer, *waiting.get(payer, (0, 0)), fen(payer, PaymentState.PLANNED, PaymentState.SENT), fen(payer, PaymentState.PAID),
            returned.get(payer, 0),
        )
        for payer in sorted(payers, key=lambda one: (one != OWN, one))
    ]  # fmt: skip


def _waiting(actor: Actor) -> Any:
    return Case.objects.visible_to(actor).filter(state=CaseState.CLEARED)


def waiting_cases(actor: Actor, payer: str, *, words: str = "", clause: str = "") -> Any:
    """Cleared cases of one payer in a steady order; ``returned`` counts payments of theirs that came back."""
    found = _waiting(actor).filter(payer=payer).select_related("enterprise", "notice")
    if words:
        found = found.filter(Q(enterprise__name__icontains=words) | Q(enterprise__code=words) | Q(number=words))
    if clause:
        found = found.filter(clause=clause)
    back = (
        Payment.objects.filter(case=OuterRef("pk"), state=PaymentState.RETURNED)
        .order_by()
        .values("case")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return found.annotate(returned=Coalesce(Subquery(back), 0)).order_by("clause", "enterprise__code", "pk")


def waiting_clauses(actor: Actor, payer: str) -> list[tuple[str, str]]:
    """Clauses that cases of a payer wait under, with the title of the item, to choose from."""
    rows = _waiting(actor).filter(payer=payer).order_by("clause", "title").values_list("clause", "title").distinct()
    found: dict[str, list[str]] = {}
    for clause, title in rows:
        found.setdefault(clause, []).append(title)
    return [(clause, f"{clause} {'、'.join(titles)}") for clause, titles in found.items()]


def batches(actor: Actor, *, payer: str = "", state: str = "") -> Any:
    """Payment batches, newest first, with the number, sum and outcome of their payments."""
    found = PaymentBatch.objects.visible_to(actor).select_related("maker", "checker")
    if payer:
        found = found.filter(payer=payer)
    if state:
        found = found.filter(state=state)
    return found.annotate(
        count=Count("payments"),
        fen=Coalesce(Sum("payments__amount"), 0),
        paid=Count("payments", filter=Q(payments__state=PaymentState.PAID)),
        returned=Count("payments", filter=Q(payments__state=PaymentState.RETURNED)),
    ).order_by("-made_at", "-pk")


@dataclass(frozen=True, slots=True)
class BatchSums:
    """The payments of a batch by state: number and fen; and by clause."""

    states: dict[str, tuple[int, int]]
    clauses: list[tuple[str, str, int, int]]

    @property
    def count(self) -> int:
        """All payments."""
        return sum(count for count, _ in self.states.values())

    @property
    def fen(self) -> int:
        """Their sum in fen."""
        return sum(fen for _, fen in self.states.values())


def batch_sums(batch: PaymentBatch) -> BatchSums:
    """What a batch adds up to; one query."""
    rows = (
        Payment.objects.filter(batch=batch)
        .order_by("case__clause", "case__title")
        .values_list("state", "case__clause", "case__title")
        .annotate(count=Count("pk"), fen=Coalesce(Sum("amount"), 0))
    )
    states: dict[str, tuple[int, int]] = {}
    clauses: dict[tuple[str, str], tuple[int, int]] = {}
    for state, clause, title, count, fen in rows:
        before = states.get(state, (0, 0))
        states[state] = (before[0] + count, before[1] + fen)
        before = clauses.get((clause, title), (0, 0))
        clauses[clause, title] = (before[0] + count, before[1] + fen)
    return BatchSums(states, [(*key, *value) for key, value in clauses.items()])


def batch_payments(actor: Actor, batch: PaymentBatch, *, state: str = "", words: str = "") -> Any:
    """The payments of a batch with firm, voucher and case."""
    found = Payment.objects.visible_to(actor).filter(batch=batch).select_related("case__enterprise", "voucher", "batch")
    if state:
        found = found.filter(state=state)
    if words:
        found = found.filter(Q(case__enterprise__name__icontains=words) | Q(case__enterprise__code=words) | Q(case__number=words))
    return found.order_by("pk")


def returned_payments(actor: Actor, *, waiting: str = "", payer: str = "") -> Any:
    """Payments that came back, newest first; ``waiting`` is firm, again, batched or done: what the case waits for now."""
    found = Payment.objects.visible_to(actor).filter(state=PaymentState.RETURNED).select_related("case__enterprise", "batch")
    if waiting in WAITING_FOR:
        found = found.filter(case__state__in=WAITING_FOR[waiting])
    if payer:
        found = found.filter(batch__payer=payer)
    return found.order_by("-batch__sent_at", "-pk")


WAITING_FOR = {
    "firm": (CaseState.BOUNCED,),
    "again": (CaseState.CLEARED,),
    "batched": (CaseState.PAYING,),
    "done": (CaseState.PAID, CaseState.RECOVERING, CaseState.RECOVERED),
    "given-up": (CaseState.REFUSED,),
}
WAITING_WORDS = {
    "firm": "等企业更正账户",
    "again": "已更正，等待重新拨付",
    "batched": "已列入新的批次",
    "done": "已重新拨付到账",
    "given-up": "已取消支持",
}


def waiting_word(case: Case) -> tuple[str, str]:
    """What a case whose payment came back waits for: key and words."""
    for key, states in WAITING_FOR.items():
        if case.state in states:
            return key, WAITING_WORDS[key]
    return "again", case.get_state_display()


def vouchers(actor: Actor, *, words: str = "", payer: str = "", since: date | None = None, until: date | None = None) -> Any:
    """Vouchers, newest first, with firm and batch."""
    found = Voucher.objects.visible_to(actor).select_related("payment__case__enterprise", "payment__batch")
    if words:
        firm = Q(payment__case__enterprise__name__icontains=words) | Q(payment__case__enterprise__code=words)
        found = found.filter(firm | Q(number=words))
    if payer:
        found = found.filter(payment__batch__payer=payer)
    if since:
        found = found.filter(issued_on__gte=since)
    if until:
        found = found.filter(issued_on__lte=until)
    return found.order_by("-number")


def feedback_files(batch: PaymentBatch) -> QuerySet[FeedbackFile]:
    """What finance handed in on a batch, newest first."""
    return FeedbackFile.objects.filter(batch=batch)
