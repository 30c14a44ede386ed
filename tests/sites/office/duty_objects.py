"""What comes after payment, for the access matrix."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.apps.duties.ground import NOON, paid
from tests.apps.people import District
from tidu.apps.accounts.enums import Role
from tidu.apps.duties.enums import CampaignKind, CheckState, LeadState
from tidu.apps.duties.models import Campaign, ChangeReport, Check, Lead, Proceeding, Statement
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import CaseState, RecoveryState
from tidu.apps.fulfilment.models import Recovery
from tidu.apps.units.models import Unit


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


def campaign_of(kind: CampaignKind = CampaignKind.YEARLY, **more: Any) -> Campaign:
    given = {
        "title": "核查",
        "year": 2024 + Campaign.objects.count(),
        "as_of": NOON.date(),
        "due": date(2024, 12, 31),
        "size": 1,
        "drawn": 1,
    }
    return Campaign.objects.create(kind=kind, digest="d" * 64, made_by="某", made_at=NOON, **{**given, **more})


def check_of(firm: Enterprise, state: CheckState = CheckState.ASKED, unit: Unit | None = None, **more: Any) -> Check:
    kind = CampaignKind.YEARLY if state == CheckState.ASKED else CampaignKind.SAMPLE
    return Check.objects.create(campaign=campaign_of(kind), obligation=paid(firm), state=state, unit=unit, changed_at=NOON, **more)


def report_of(firm: Enterprise) -> ChangeReport:
    paid(firm)
    return ChangeReport.objects.create(
        enterprise=firm, relations=["注册地"], to="某市某区", planned_on=date(2027, 1, 1), reason="扩建", by_name="某", at=NOON
    )


def campaign_object(district: District, role: Role, own: bool) -> list[Any]:
    return [campaign_of().pk]


def check_object(district: District, role: Role, own: bool) -> list[Any]:
    home = {Role.DEPARTMENT_CLERK: "tax", Role.SUBDISTRICT_CLERK: "one"}.get(role, "bureau")
    return [check_of(_firm(district, own), unit=district.units[home] if own else None).pk]


def report_object(district: District, role: Role, own: bool) -> list[Any]:
    return [report_of(_firm(district, own)).pk]


OBJECTS = {
    "obligation": obligation_object,
    "lead": lead_object,
    "recovery": recovery_object,
    "duty-statement": statement_object,
    "campaign": campaign_object,
    "duty-check": check_object,
    "change-report": report_object,
}
