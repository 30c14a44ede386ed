"""Sealed texts opened one at a time: for whom, why, and in the audit; shown once, never listed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.applying import PURPOSE
from tidu.apps.fulfilment.domain.payment_rights import may_reveal_account
from tidu.apps.fulfilment.models import Objection, Payment
from tidu.apps.sealing import unseal
from tidu.kernel.errors import TiduError

OBJECTOR = "objector"
LEAST = 4
"""Letters of a reason that says anything."""


def reveal_account(*, actor: Actor, at: datetime, payment: Payment, reason: str) -> str:
    """The whole account of one payment; raises ``reason-missing``."""
    may_reveal_account(actor).require()
    said = _reason(reason)
    with transaction.atomic():
        account = unseal(payment.account, PURPOSE)
        record_event(
            actor=actor, at=at, action="payment.account-revealed", subject=Subject("payment", str(payment.pk), payment.account_holder),
            detail={"reason": said},
        )  # fmt: skip
    return account


def reveal_objector(*, actor: Actor, at: datetime, objection: Objection, reason: str) -> str:
    """Who raised an objection, for whoever has to ask back; raises ``reason-missing``."""
    actor.may_write(Role.BUREAU_HEAD).require()
    said = _reason(reason)
    with transaction.atomic():
        name = unseal(objection.raised_by, OBJECTOR)
        record_event(
            actor=actor, at=at, action="objection.revealed", subject=Subject("objection", str(objection.pk), objection.notice.title),
            detail={"reason": said},
        )  # fmt: skip
    return name


def _reason(text: str) -> str:
    said = text.strip()[:200]
    if len(said) < LEAST:
        raise TiduError("reason-missing", f"请写明查看的理由（至少 {LEAST} 个字），理由记入操作日志。")
    return said
