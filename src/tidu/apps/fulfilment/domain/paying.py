"""Payment: a batch made by one person and checked by another, what finance reports back, vouchers, the registry's record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.registering import event_mark, stored_json
from tidu.apps.enterprises.models import Event, Source
from tidu.apps.fulfilment.domain.budgeting import pay_out
from tidu.apps.fulfilment.domain.capitals import in_capitals
from tidu.apps.fulfilment.domain.deciding import RowResult, verdict_on
from tidu.apps.fulfilment.domain.entitled import entitlements, payment_clause
from tidu.apps.fulfilment.domain.moving import AT_ONCE, Move, move_together
from tidu.apps.fulfilment.domain.numbering import next_number, next_numbers
from tidu.apps.fulfilment.domain.payment_rights import MAKERS, second_person
from tidu.apps.fulfilment.domain.telling_officials import tell_returned, tell_to_check
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models import Case, Obligation, Payment, PaymentBatch, Voucher
from tidu.kernel.awards import AwardBook
from tidu.kernel.candidates import PAYMENT
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.packs import PackSet
from tidu.kernel.settlement_words import money

FINANCE = "财政"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What finance says of one payment: it arrived on a day, or came back and why; ``reference`` is finance's number."""

    payment: int
    reference: str
    arrived_on: date | None
    returned_why: str = ""


def make_payment_batch(
    *, actor: Actor, at: datetime, payer: str, cases: Sequence[Case], packs: PackSet
) -> tuple[PaymentBatch | None, list[RowResult]]:  # fmt: skip
    """A batch of cleared cases of one payer. Each is asked of the kernel once more: who has been barred since, or has been
    paid elsewhere, is left out with the reason.
    """
    actor.may_write(*MAKERS).require()
    if actor.user is None:
        raise TiduError("needs-a-person", "拨付批次须由具体的人制单。")
    results = [RowResult(case, False, why) for case in cases if (why := _not_payable(case, payer))]
    ready = [case for case in cases if not _not_payable(case, payer)]
    granted = entitlements(ready, packs, legal_day(at))
    with transaction.atomic():
        paid = []
        for case in ready:
            fen, why = verdict_on(granted.get(case.pk))
            if case.amount is None or fen < case.amount:
                results.append(
                    RowResult(case, False, why or f"现在最多可付 {money(fen)}，少于已决定的 {money(case.amount or 0)}。请重新会审。")
                )
            else:
                paid.append(case)
        if not paid:
            return None, results
        batch = PaymentBatch.objects.create(number=next_number("BF", legal_day(at)), payer=payer, maker_id=actor.user, made_at=at)
        _plan(actor, at, batch, paid)
        results += [RowResult(case, True) for case in paid]
        record_event(
            actor=actor, at=at, action="payment.batch-made", subject=Subject("payment-batch", str(batch.pk), batch.number),
            detail={"payments": len(paid), "total": sum(case.amount or 0 for case in paid)},
        )  # fmt: skip
        tell_to_check(actor=actor, at=at, batch=batch, count=len(paid), fen=sum(case.amount or 0 for case in paid))
    return batch, results


def _not_payable(case: Case, payer: str) -> str:
    if case.state != CaseState.CLEARED:
        return f"办件现在是“{case.get_state_display()}”，公示期满的才能拨付。"
    if case.payer != payer:
        return f"这笔由{case.payer}支付，不能列入{payer}的批次。"
    return "" if case.account else "没有收款账户。"


def _plan(actor: Actor, at: datetime, batch: PaymentBatch, cases: Sequence[Case]) -> None:
    tried: Counter[int] = Counter()
    for start in range(0, len(cases), AT_ONCE):
        tried.update(Payment.objects.filter(case__in=cases[start : start + AT_ONCE]).values_list("case", flat=True))
    Payment.objects.bulk_create(
        [
            Payment(
                case=case, batch=batch, attempt=tried[case.pk] + 1, amount=case.amount or 0, account=case.account,
                account_holder=case.account_holder,
            )
            for case in cases
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    move_together(actor=actor, at=at, cases=cases, name="pay")


def _advance(batch: PaymentBatch, state: PaymentBatchState, sources: tuple[PaymentBatchState, ...], **changes: object) -> None:
    mine = PaymentBatch.objects.filter(pk=batch.pk, version=batch.version, state__in=sources)
    if not mine.update(state=state, version=F("version") + 1, **changes):
        batch.refresh_from_db()
        raise TiduError("payment-batch-changed", f"批次 {batch.number} 现在是“{batch.get_state_display()}”，可能已由别人办理。请刷新。")
    batch.refresh_from_db()


def check_payment_batch(*, actor: Actor, at: datetime, batch: PaymentBatch) -> PaymentBatch:
    """A second person checks the batch."""
    second_person(actor, batch).require()
    with transaction.atomic():
        _advance(batch, PaymentBatchState.CHECKED, (PaymentBatchState.MADE,), checker_id=actor.user, checked_at=at)
        record_event(actor=actor, at=at, action="payment.batch-checked", subject=Subject("payment-batch", str(batch.pk), batch.number))
    return batch


def drop_payment_batch(*, actor: Actor, at: datetime, batch: PaymentBatch, text: str) -> PaymentBatch:
    """Send a batch back before it goes to finance; its cases wait for another."""
    actor.may_write(Role.BUREAU_HEAD).require()
    if not text.strip():
        raise TiduError("reason-missing", "请写明退回批次的理由。")
    with transaction.atomic():
        _advance(batch, PaymentBatchState.DROPPED, (PaymentBatchState.MADE, PaymentBatchState.CHECKED))
        cases = [payment.case for payment in batch.payments.select_related("case__enterprise").order_by("pk")]
        batch.payments.update(state=PaymentState.DROPPED)
        move_together(actor=actor, at=at, cases=cases, name="hold", what=Move(text=text))
        record_event(
            actor=actor, at=at, action="payment.batch-dropped", subject=Subject("payment-batch", str(batch.pk), batch.number),
            detail={"reason": text.strip()},
        )  # fmt: skip
    return batch


def send_payment_batch(*, actor: Actor, at: datetime, batch: PaymentBatch, packs: PackSet, digest: str) -> PaymentBatch:
    """The file for finance was exported: payments are on their way. The last moment at which a firm barred since is found:
    then the batch does not go out (``payment-barred``).
    """
    actor.may_write(*MAKERS).require()
    with transaction.atomic():
        _advance(batch, PaymentBatchState.SENT, (PaymentBatchState.CHECKED,), sent_at=at, exported_digest=digest)
        barred = _no_longer_payable([payment.case for payment in batch.payments.select_related("case__enterprise")], packs, legal_day(at))
        if barred:
            raise TiduError("payment-barred", f"批次 {batch.number} 里有不能再付的：{'；'.join(barred)}。请退回批次，去掉后重新制单。")
        batch.payments.filter(state=PaymentState.PLANNED).update(state=PaymentState.SENT)
        record_event(
            actor=actor, at=at, action="payment.batch-sent", subject=Subject("payment-batch", str(batch.pk), batch.number),
            detail={"digest": digest},
        )  # fmt: skip
    return batch


def _no_longer_payable(cases: Sequence[Case], packs: PackSet, day: date) -> list[str]:
    granted = entitlements(cases, packs, day)
    found = []
    for case in cases:
        fen, why = verdict_on(granted.get(case.pk))
        if fen < (case.amount or 0):
            found.append(f"{case.enterprise.name}（{why or f'最多可付 {money(fen)}'}）")
    return found


def take_feedback(*, actor: Actor, at: datetime, batch: PaymentBatch, rows: Sequence[Feedback], book: AwardBook | None) -> list[str]:
    """What finance reports, row by row; the same report twice changes nothing. Returns one sentence per row that was refused.

    All in one transaction: a killed import has happened wholly or not at all.
    """
    actor.may_write(*MAKERS).require()
    problems: list[str] = []
    with transaction.atomic():
        # the row of the batch is held, so that two imports of one file come one after the other
        held = PaymentBatch.objects.select_for_update().get(pk=batch.pk)
        if held.state not in {PaymentBatchState.SENT, PaymentBatchState.CLOSED}:
            raise TiduError("payment-batch-not-sent", f"批次 {held.number} 现在是“{held.get_state_display()}”，还没有送财政，不能回执。")
        known = {payment.pk: payment for payment in held.payments.select_related("case__enterprise", "case__budget")}
        arrived: dict[int, Payment] = {}
        returned: dict[int, Payment] = {}
        for row in rows:
            sentence = _take(known.get(row.payment), row, legal_day(at), arrived, returned)
            if sentence:
                problems.append(sentence)
        _returned(actor, at, list(returned.values()))
        if returned:
            tell_returned(at=at, batch=held, count=len(returned))
        _arrived(actor, at, list(arrived.values()), book)
        if not held.payments.filter(state=PaymentState.SENT).exists() and held.state == PaymentBatchState.SENT:
            PaymentBatch.objects.filter(pk=held.pk).update(state=PaymentBatchState.CLOSED, version=F("version") + 1)
        record_event(
            actor=actor, at=at, action="payment.feedback", subject=Subject("payment-batch", str(batch.pk), batch.number),
            detail={"rows": len(rows), "refused": len(problems)},
        )  # fmt: skip
    batch.refresh_from_db()
    return problems


def _take(payment: Payment | None, row: Feedback, day: date, arrived: dict[int, Payment], returned: dict[int, Payment]) -> str:
    """Note one row on its payment; a sentence where it cannot be."""
    if payment is None:
        return f"序号 {row.payment} 不在这个批次里。请核对回执文件是不是这一批的。"
    told = PaymentState.PAID if row.arrived_on else PaymentState.RETURNED
    if payment.state == told and payment.reference == row.reference:
        return ""
    if payment.state != PaymentState.SENT:
        return (
            f"{payment.account_holder}的这一笔已登记为“{payment.get_state_display()}”（流水号 {payment.reference}），与回执不符，没有改动。"
        )
    if row.arrived_on is None and not row.returned_why.strip():
        return f"{payment.account_holder}的这一笔既没有到账日期，也没有退票原因。"
    if row.arrived_on is not None and row.arrived_on > day:
        return f"{payment.account_holder}的到账日期 {row.arrived_on.isoformat()} 在将来。请核对。"
    payment.state, payment.reference, payment.paid_on = told, row.reference, row.arrived_on
    payment.returned_why = "" if row.arrived_on else row.returned_why.strip()[:200]
    (arrived if row.arrived_on else returned)[payment.pk] = payment
    return ""


def _returned(actor: Actor, at: datetime, payments: Sequence[Payment]) -> None:
    Payment.objects.bulk_update(payments, ("state", "reference", "returned_why"), batch_size=AT_ONCE)
    for why in sorted({payment.returned_why for payment in payments}):
        cases = [payment.case for payment in payments if payment.returned_why == why]
        move_together(actor=actor, at=at, cases=cases, name="bounce", what=Move(text=why))


def _arrived(actor: Actor, at: datetime, payments: Sequence[Payment], book: AwardBook | None) -> None:
    """Money has come: the budget, a voucher, the firm's record in the registry, what it owes from now on."""
    Payment.objects.bulk_update(payments, ("state", "reference", "paid_on"), batch_size=AT_ONCE)
    sums: Counter[int] = Counter()
    for payment in payments:
        if payment.case.budget_id is None:
            raise TiduError("no-budget", f"{payment.case} 没有预算，不能登记到账。")
        sums[payment.case.budget_id] += payment.amount
    for budget, fen in sorted(sums.items()):
        pay_out(budget, fen)
    _issue_vouchers(payments)
    finance = Source.objects.get(name=FINANCE)
    Event.objects.bulk_create([_recorded(payment, finance, at) for payment in payments], batch_size=AT_ONCE)
    terms = {policy.name: policy.obligations for policy in (book.policies if book is not None else ())}
    Obligation.objects.bulk_create(
        [
            Obligation(payment=payment, case=payment.case, rule=one.label.id, clause=one.label.clause, starts=_day(payment))
            for payment in payments
            for one in terms.get(payment.case.policy, ())
        ],
        batch_size=AT_ONCE,
    )
    move_together(actor=actor, at=at, cases=[payment.case for payment in payments], name="arrive")


def _day(payment: Payment) -> date:
    if payment.paid_on is None:
        raise ValueError("a payment that arrived has a day")
    return payment.paid_on


def _issue_vouchers(payments: Sequence[Payment]) -> None:
    for year in sorted({_day(payment).year for payment in payments}):
        mine = [payment for payment in payments if _day(payment).year == year]
        numbers = next_numbers("PZ", date(year, 1, 1), len(mine))
        Voucher.objects.bulk_create(
            [
                Voucher(
                    payment=payment, number=number, amount=payment.amount, capitals=in_capitals(payment.amount), issued_on=_day(payment)
                )
                for payment, number in zip(mine, numbers, strict=True)
            ],
            batch_size=AT_ONCE,
        )


def _recorded(payment: Payment, finance: Source, at: datetime) -> Event:
    fields, mark = record_of(payment)
    return Event(
        enterprise_id=payment.case.enterprise_id, type=PAYMENT, day=_day(payment), fields=fields, mark=mark, source=finance, received_at=at
    )


def record_of(payment: Payment) -> tuple[dict[str, Any], str]:
    """The payment as the registry keeps it: fields and mark. The mark holds the payment, so that two alike are two."""
    case = payment.case
    fields = {
        "条款": payment_clause(case.award, case.item), "金额": payment.amount, "日期": stored_json(_day(payment)), "资金来源": case.payer,
    }  # fmt: skip
    return fields, event_mark(PAYMENT, {**fields, "拨付": payment.pk})
