"""Objects of money for the access matrix. The department of the tests is made the finance department: it sees what was handed to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.apps.people import AT, District
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Source
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models import Budget, Case, FeedbackFile, Payment, PaymentBatch, Voucher
from tidu.apps.sealing import seal

ACCOUNT = "6222020200012345678"


def made_case(district: District, state: CaseState, *, number: int = 1, payer: str = "区级", amount: int = 1_000_000) -> Case:
    """A committed case of firm 甲 with an account."""
    budget, _ = Budget.objects.get_or_create(
        year=2024, payer=payer, clause="二（三）3", defaults={"planned": 10**12, "committed": 0}
    )  # fmt: skip
    Budget.objects.filter(pk=budget.pk).update(committed=budget.committed + amount)
    return Case.objects.create(
        number=f"SL2024-{number:06d}", enterprise=district.jia, policy="某计划", award="C5", clause="二（三）3", title="技术合同奖励",
        item=f"技术合同 {number}", payer=payer, route="application", law_date=date(2024, 6, 1), state=state, computed=amount, amount=amount,
        budget=budget, account=seal(ACCOUNT, "bank-account"), account_holder=district.jia.name, created_at=AT, submission=1,
    )  # fmt: skip


def made_batch(district: District, state: PaymentBatchState) -> PaymentBatch:
    """A batch of one payment, made by the bureau's clerk."""
    Source.objects.get_or_create(name="财政", defaults={"unit": district.units["tax"]})
    made = PaymentBatch.objects.count() + 1
    checked = state not in {PaymentBatchState.MADE, PaymentBatchState.DROPPED}
    batch = PaymentBatch.objects.create(
        number=f"BF2024-{made:06d}", payer="区级", state=state, maker=district.people[Role.BUREAU_CLERK], made_at=AT,
        checker=district.people[Role.BUREAU_HEAD] if checked else None, checked_at=AT if checked else None,
    )  # fmt: skip
    paid = {PaymentBatchState.SENT: PaymentState.SENT, PaymentBatchState.CLOSED: PaymentState.PAID}.get(state, PaymentState.PLANNED)
    case = made_case(district, CaseState.PAID if paid == PaymentState.PAID else CaseState.PAYING, number=made)
    Payment.objects.create(
        case=case, batch=batch, attempt=1, amount=case.amount or 0, account=case.account, account_holder=case.account_holder, state=paid,
        paid_on=AT.date() if paid == PaymentState.PAID else None, reference="F1" if paid == PaymentState.PAID else "",
    )  # fmt: skip
    return batch


def _state(*, own: bool) -> PaymentBatchState:
    return PaymentBatchState.SENT if own else PaymentBatchState.MADE


def batch_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_batch(district, _state(own=own)).pk]


def checked_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_batch(district, PaymentBatchState.CHECKED).pk]


def payment_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_batch(district, _state(own=own)).payments.get().pk]


def file_object(district: District, role: Role, own: bool) -> list[Any]:
    batch = made_batch(district, PaymentBatchState.SENT)
    return [FeedbackFile.objects.create(batch=batch, name="回执.xlsx", digest="d" * 64, uploaded_at=AT, uploaded_by="某").pk]


def voucher_object(district: District, role: Role, own: bool) -> list[Any]:
    batch = made_batch(district, PaymentBatchState.CLOSED)
    if not own:
        PaymentBatch.objects.filter(pk=batch.pk).update(state=PaymentBatchState.DROPPED)
    payment = batch.payments.get()
    number = f"PZ2024-{payment.pk:06d}"
    made = Voucher.objects.create(payment=payment, number=number, amount=payment.amount, capitals="人民币壹万元整", issued_on=AT.date())
    return [made.pk]


OBJECTS = {
    "payment-batch": batch_object,
    "payment-batch-checked": checked_object,
    "payment": payment_object,
    "feedback-file": file_object,
    "voucher": voucher_object,
}
