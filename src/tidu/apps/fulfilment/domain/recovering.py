"""Money that has to come back: in full, after notice and hearing, in as many instalments as it takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.moving import Move, move
from tidu.apps.fulfilment.enums import PaymentState, RecoveryState
from tidu.apps.fulfilment.models import Case, Receipt, Recovery
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.settlement_words import money

ORDER = {
    RecoveryState.NOTIFIED: RecoveryState.OPENED,
    RecoveryState.HEARD: RecoveryState.NOTIFIED,
    RecoveryState.DEMANDED: RecoveryState.HEARD,
}
"""What each step follows: no demand without notice and hearing."""


def open_recovery(*, actor: Actor, at: datetime, case: Case, reason: str, evidence: Mapping[str, Any]) -> Recovery:
    """Begin to recover what was paid, the full amount."""
    payment = case.payments.filter(state=PaymentState.PAID).first()
    if payment is None:
        raise TiduError("nothing-paid", "这个办件没有到账的拨付，不能追缴。")
    with transaction.atomic():
        move(actor=actor, at=at, case=case, name="recover", what=Move(text=reason))
        return Recovery.objects.create(
            payment=payment, case=case, amount=payment.amount, reason=reason.strip(), evidence=dict(evidence), opened_at=at
        )


def advance_recovery(*, actor: Actor, at: datetime, recovery: Recovery, to: RecoveryState, text: str) -> Recovery:
    """Notice, hearing, demand: one after the other, none left out."""
    actor.may_write(Role.BUREAU_HEAD).require()
    if to not in ORDER:
        raise TiduError("recovery-step", f"“{to.label}”不是可以直接办理的一步。")
    if not text.strip():
        raise TiduError("reason-missing", f"请写明“{to.label}”的内容。")
    with transaction.atomic():
        mine = Recovery.objects.filter(pk=recovery.pk, version=recovery.version, state=ORDER[to])
        note = f"{legal_day(at).isoformat()} {to.label}：{text.strip()}"
        if not mine.update(state=to, hearing=f"{recovery.hearing}\n{note}".strip(), version=F("version") + 1):
            recovery.refresh_from_db()
            raise TiduError("recovery-order", f"追缴现在是“{recovery.get_state_display()}”，要先“{ORDER[to].label}”才能“{to.label}”。")
        record_event(
            actor=actor, at=at, action="recovery.step", subject=Subject("case", str(recovery.case_id), str(recovery.case)),
            detail={"to": to, "text": text.strip()},
        )  # fmt: skip
    recovery.refresh_from_db()
    return recovery


def take_receipt(*, actor: Actor, at: datetime, recovery: Recovery, amount: int, reference: str, received_on: date) -> Recovery:
    """An instalment came in; the same reference twice is one. The last one closes the case."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    if amount <= 0 or received_on > legal_day(at) or not reference.strip():
        raise TiduError("receipt-not-valid", "请填写大于 0 的金额、流水号和不晚于今天的到账日期。")
    with transaction.atomic():
        held = Recovery.objects.select_for_update().get(pk=recovery.pk)
        if held.receipts.filter(reference=reference.strip()).exists():
            return held
        if held.state != RecoveryState.DEMANDED:
            raise TiduError("recovery-order", f"追缴现在是“{held.get_state_display()}”，发出追缴决定后才登记到账。")
        if held.received + amount > held.amount:
            raise TiduError("receipt-too-much", f"还差 {money(held.amount - held.received)}，登记的 {money(amount)} 多了。请核对。")
        Receipt.objects.create(recovery=held, amount=amount, reference=reference.strip(), received_on=received_on)
        held.received += amount
        held.version += 1
        if held.received == held.amount:
            held.state, held.closed_at = RecoveryState.RECEIVED, at
            case = Case.objects.select_related("enterprise").get(pk=held.case_id)
            move(actor=actor, at=at, case=case, name="recovered", what=Move(follows=True))
        held.save()
        record_event(
            actor=actor, at=at, action="recovery.received", subject=Subject("case", str(held.case_id), str(held.case)),
            detail={"amount": amount, "reference": reference.strip()},
        )  # fmt: skip
    return held


def drop_recovery(*, actor: Actor, at: datetime, recovery: Recovery, text: str) -> Recovery:
    """The ground did not hold; nothing that came in may be left with the district."""
    with transaction.atomic():
        held = Recovery.objects.select_for_update().get(pk=recovery.pk)
        if held.received:
            raise TiduError("recovery-received", f"已收回 {money(held.received)}，须先退还企业，不能直接结案。")
        case = Case.objects.select_related("enterprise").get(pk=held.case_id)
        move(actor=actor, at=at, case=case, name="drop-recovery", what=Move(text=text))
        held.state, held.closed_at, held.version = RecoveryState.DROPPED, at, held.version + 1
        held.save()
    return held
