"""Objects of money for the access matrix. The department of the tests is made the finance department: it sees what was handed to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.apps.people import AT, District
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Source
from tidu.apps.fulfilment.domain.noticing import row_of
from tidu.apps.fulfilment.enums import BatchState, CaseState, NoticeState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models import (
    Budget,
    Case,
    DecisionBatch,
    FeedbackFile,
    Notice,
    Objection,
    Payment,
    PaymentBatch,
    Voucher,
)
from tidu.apps.sealing import seal

ACCOUNT = "6222020200012345678"


def made_case(district: District, state: CaseState, *, number: int = 0, payer: str = "区级", amount: int = 1_000_000) -> Case:
    """A committed case of firm 甲 with an account; without a number it takes the next."""
    number = number or Case.objects.count() + 1
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
    case = made_case(district, CaseState.PAID if paid == PaymentState.PAID else CaseState.PAYING)
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


def made_notice(district: District, state: NoticeState, *, cases: int = 1) -> Notice:
    """A notice of cases of firm 甲 that ends tomorrow, or is over where it was closed."""
    today = timezone.localdate()
    public = state in {NoticeState.PUBLISHED, NoticeState.CLOSED}
    last = today + timedelta(days=1 if state == NoticeState.PUBLISHED else -1)
    in_state = {NoticeState.PUBLISHED: CaseState.NOTICED, NoticeState.CLOSED: CaseState.CLEARED}.get(state, CaseState.DECIDED)
    held = [made_case(district, in_state) for _ in range(cases)]
    found = Notice.objects.create(
        title="第一批拟支持名单公示", body="现予公示。", contact="测试区科经局，电话 027-84940000", state=state, rows=[row_of(case) for case in held],
        published_on=today - timedelta(days=9) if public else None, until=last if public else None, created_at=AT,
        closed_at=AT if state == NoticeState.CLOSED else None,
    )  # fmt: skip
    Case.objects.filter(pk__in=[case.pk for case in held]).update(notice=found)
    return found


def made_objection(district: District) -> Objection:
    """An objection to the only row of a notice that runs."""
    notice = made_notice(district, NoticeState.PUBLISHED)
    case = Case.objects.get(notice=notice)
    Case.objects.filter(pk=case.pk).update(state=CaseState.OBJECTED)
    who = seal("李某 13900001111", "objector")
    return Objection.objects.create(notice=notice, case=case, text="认定时间有疑问", raised_by=who, received_at=AT)


def notice_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_notice(district, NoticeState.PUBLISHED if own else NoticeState.DRAFT).pk]


def notice_paper_object(district: District, role: Role, own: bool) -> list[Any]:
    return [*notice_object(district, role, own), "notice", "docx"]


def objection_object(district: District, role: Role, own: bool) -> list[Any]:
    return [made_objection(district).pk]


def notice_batch_object(district: District, role: Role, own: bool) -> list[Any]:
    batch = DecisionBatch.objects.create(title="第一批", year=2024, state=BatchState.DECIDED, created_at=AT)
    if own:
        Case.objects.filter(pk=made_case(district, CaseState.DECIDED).pk).update(batch=batch)
    return [batch.pk]


def notice_case_object(district: District, role: Role, own: bool) -> list[Any]:
    notice = made_notice(district, NoticeState.PUBLISHED)
    other = made_notice(district, NoticeState.PUBLISHED)
    return [notice.pk, Case.objects.get(notice=notice if own else other).pk]


OBJECTS = {
    "notice": notice_object,
    "notice-paper": notice_paper_object,
    "notice-batch": notice_batch_object,
    "notice-case": notice_case_object,
    "objection": objection_object,
    "payment-batch": batch_object,
    "payment-batch-checked": checked_object,
    "payment": payment_object,
    "feedback-file": file_object,
    "voucher": voucher_object,
}
