"""What comes after payment, for the access matrix."""

from __future__ import annotations

from typing import Any

from tests.apps.duties.ground import NOON, paid
from tests.apps.people import District
from tidu.apps.accounts.enums import Role
from tidu.apps.duties.enums import LeadState
from tidu.apps.duties.models import Lead, Proceeding, Statement
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import CaseState, RecoveryState
from tidu.apps.fulfilment.models import Recovery


def lead_of(firm: Enterprise, state: LeadState = LeadState.OPEN) -> Lead:
    paid(firm)
    number = Lead.objects.count()
    return Lead.objects.create(
        enterprise=firm,
        ground="told",
        mark=f"told:{number}",
        title="听说要迁出",
        evidence=[],
        state=state,
        raised_on=NOON.date(),
        changed_at=NOON,
    )


def recovery_of(firm: Enterprise, state: RecoveryState = RecoveryState.OPENED) -> Recovery:
    obligation = paid(firm, state=CaseState.RECOVERING)
    found = Recovery.objects.create(
        payment=obligation.payment, case=obligation.case, amount=obligation.payment.amount, reason="迁出本区", state=state, opened_at=NOON
    )
    Proceeding.objects.create(recovery=found)
    return found


def statement_of(recovery: Recovery) -> Statement:
    return Statement.objects.create(recovery=recovery, text="没有迁出", by_name="某", at=NOON)


def _firm(district: District, own: bool) -> Enterprise:
    return district.jia if own else district.yi


def obligation_object(district: District, role: Role, own: bool) -> list[Any]:
    return [paid(_firm(district, own)).pk]


def lead_object(district: District, role: Role, own: bool) -> list[Any]:
    return [lead_of(_firm(district, own)).pk]


def recovery_object(district: District, role: Role, own: bool) -> list[Any]:
    return [recovery_of(_firm(district, own)).pk]


def statement_object(district: District, role: Role, own: bool) -> list[Any]:
    made = recovery_of(_firm(district, own), RecoveryState.NOTIFIED)
    return [made.pk, statement_of(made).pk]


OBJECTS = {"obligation": obligation_object, "lead": lead_object, "recovery": recovery_object, "duty-statement": statement_object}
