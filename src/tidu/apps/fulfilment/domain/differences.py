"""The books compared to the fen, each difference named: budgets, cases, payments, vouchers, files sent out, the registry.

Nothing is mended here: what differs is shown to people, with the row where it differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tidu.apps.audit.models import AuditEvent
from tidu.apps.enterprises.models import Event
from tidu.apps.fulfilment.domain.moving import AT_ONCE
from tidu.apps.fulfilment.domain.paying import record_of
from tidu.apps.fulfilment.enums import COMMITTED, CaseState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models import Budget, Case, Payment, PaymentBatch, Receipt, Recovery, Voucher

MOST = 200
"""Differences of one check that are listed; the rest is counted."""
ARRIVED = (CaseState.PAID, CaseState.RECOVERING, CaseState.RECOVERED)
GONE_OUT = (PaymentBatchState.SENT, PaymentBatchState.CLOSED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row where two books differ: where, and both amounts in fen; ``sentence`` says what is wrong beyond the amounts."""

    kind: str
    key: int
    name: str
    left: int
    right: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: two books by name, their sums in fen, and every row that differs."""

    key: str
    what: str
    left_name: str
    left: int
    right_name: str
    right: int
    differences: tuple[Difference, ...]
    more: int = 0

    @property
    def agrees(self) -> bool:
        """Whether sums and rows are equal."""
        return self.left == self.right and not self.differences


def checks() -> list[Check]:
    """All comparisons, as the money goes: bound, paid, vouched for, sent out, recorded, taken back.

    As many queries whatever the books hold, but for the registry: one per 500 payments.
    """
    return [_bound(), _paid_out(), _cases(), _vouchers(), _exports(), _registry(), _recoveries()]


def _check(key: str, what: str, left: tuple[str, int], right: tuple[str, int], found: Iterable[Difference]) -> Check:
    listed = list(found)
    return Check(key, what, *left, *right, tuple(listed[:MOST]), max(0, len(listed) - MOST))


def _total(rows: QuerySet[Any], column: str = "amount") -> int:
    found: int = rows.aggregate(total=Coalesce(Sum(column), 0))["total"]
    return found


def _budgets(column: str, sums: dict[int, int]) -> Iterator[Difference]:
    for budget in Budget.objects.all():
        kept = getattr(budget, column)
        if kept != sums.get(budget.pk, 0):
            yield Difference("budget", budget.pk, str(budget), kept, sums.get(budget.pk, 0))


def _by(rows: QuerySet[Any], key: str) -> dict[int, int]:
    return {row[key]: row["fen"] for row in rows.order_by().values(key).annotate(fen=Sum("amount"))}


def _bound() -> Check:
    rows = Case.objects.filter(state__in=COMMITTED)
    left, right = _total(Budget.objects.all(), "committed"), _total(rows)
    return _check(
        "bound", "预算已承诺与已决定办件", ("预算已承诺", left), ("已决定办件", right), _budgets("committed", _by(rows, "budget"))
    )


def _paid_out() -> Check:
    rows = Payment.objects.filter(state=PaymentState.PAID)
    left, right = _total(Budget.objects.all(), "paid"), _total(rows)
    return _check("paid", "预算已拨付与到账拨付", ("预算已拨付", left), ("到账拨付", right), _budgets("paid", _by(rows, "case__budget")))


def _cases() -> Check:
    """Each case that was paid has exactly its amount arrived; no other has any."""
    arrived = Payment.objects.filter(case=OuterRef("pk"), state=PaymentState.PAID).order_by().values("case")
    summed = Coalesce(Subquery(arrived.annotate(fen=Sum("amount")).values("fen"), output_field=BigIntegerField()), 0)
    rows = Case.objects.annotate(arrived=summed).select_related("enterprise")
    wrong = rows.filter((Q(state__in=ARRIVED) & ~Q(arrived=F("amount"))) | (~Q(state__in=ARRIVED) & Q(arrived__gt=0))).order_by("pk")
    found = (
        Difference(
            "case", one.pk, f"{one} {one.enterprise.name}", one.amount or 0 if one.state in ARRIVED else 0, one.arrived, _state_word(one)
        )
        for one in wrong
    )
    left, right = _total(Case.objects.filter(state__in=ARRIVED)), _total(Payment.objects.filter(state=PaymentState.PAID))
    return _check("cases", "已到账办件与到账拨付", ("已到账办件", left), ("到账拨付", right), found)


def _state_word(case: Case) -> str:
    return f"办件现在是“{case.get_state_display()}”"


def _vouchers() -> Check:
    paid = Payment.objects.filter(state=PaymentState.PAID)
    related = "case__enterprise", "batch"
    without = [
        Difference("payment", one.batch_id, f"{one.batch.number} {one.account_holder}", one.amount, 0, "到账了，没有凭证")
        for one in paid.filter(voucher=None).select_related(*related).order_by("pk")
    ]
    wrong = Voucher.objects.filter(~Q(amount=F("payment__amount")) | ~Q(payment__state=PaymentState.PAID))
    differing = [
        Difference(
            "voucher", one.pk, f"{one.number} {one.payment.account_holder}",
            one.payment.amount if one.payment.state == PaymentState.PAID else 0, one.amount, f"拨付现在是“{one.payment.get_state_display()}”",
        )
        for one in wrong.select_related("payment").order_by("pk")
    ]  # fmt: skip
    return _check("vouchers", "到账拨付与凭证", ("到账拨付", _total(paid)), ("凭证", _total(Voucher.objects.all())), [*without, *differing])


def _exports() -> Check:
    """Each batch that went to finance is the file that was exported then: digest and sum as the audit noted them."""
    out = PaymentBatch.objects.filter(state__in=GONE_OUT)
    sums = _by(Payment.objects.filter(batch__state__in=GONE_OUT).exclude(state=PaymentState.DROPPED), "batch")
    events = AuditEvent.objects.filter(action="payment.accounts-revealed", subject_type="payment-batch")
    exported = {
        (number, detail.get("digest")): int(detail.get("total") or 0) for number, detail in events.values_list("subject_id", "detail")
    }
    found: list[Difference] = []
    total = 0
    for batch in out.order_by("pk"):
        sent = exported.get((str(batch.pk), batch.exported_digest))
        total += sent or 0
        if sent is None:
            found.append(Difference("batch", batch.pk, batch.number, sums.get(batch.pk, 0), 0, "没有找到与摘要相符的导出记录"))
        elif sent != sums.get(batch.pk, 0):
            found.append(Difference("batch", batch.pk, batch.number, sums.get(batch.pk, 0), sent))
    return _check("exports", "已送财政批次与导出文件", ("已送财政批次", sum(sums.values())), ("导出文件", total), found)


def _parts(payments: Iterator[Payment]) -> Iterator[list[Payment]]:
    while part := list(islice(payments, AT_ONCE)):
        yield part


def _registry() -> Check:
    """Each payment that arrived stands in the registry under its own mark; payments of other times and hands are not asked for."""
    paid = Payment.objects.filter(state=PaymentState.PAID).select_related("case", "batch").order_by("pk")
    found: list[Difference] = []
    left = right = 0
    for part in _parts(paid.iterator(chunk_size=AT_ONCE)):
        marks = {record_of(one)[1]: one for one in part}
        events = Event.objects.filter(mark__in=marks, withdrawn_at=None).values_list("mark", "fields")
        recorded = {mark: int(fields.get("金额") or 0) for mark, fields in events}
        for mark, one in marks.items():
            left, right = left + one.amount, right + recorded.get(mark, 0)
            if recorded.get(mark) != one.amount:
                why = "金额不同" if mark in recorded else "企业库里没有这一笔发放记录"
                found.append(
                    Difference("payment", one.batch_id, f"{one.batch.number} {one.account_holder}", one.amount, recorded.get(mark, 0), why)
                )
    return _check("registry", "到账拨付与企业库发放记录", ("到账拨付", left), ("企业库发放记录", right), found)


def _recoveries() -> Check:
    received = _by(Receipt.objects.all(), "recovery")
    found = [
        Difference("recovery", one.case_id, str(one.case), one.received, received.get(one.pk, 0))
        for one in Recovery.objects.select_related("case")
        if one.received != received.get(one.pk, 0)
    ]
    left, right = _total(Recovery.objects.all(), "received"), _total(Receipt.objects.all())
    return _check("recoveries", "追缴台账与追缴到账", ("追缴台账", left), ("追缴到账", right), found)
