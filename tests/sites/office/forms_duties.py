"""Valid forms of what comes after payment."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.apps.duties.ground import paid, sources
from tests.apps.materials.files import png
from tests.apps.people import District
from tests.sites.office.duty_objects import campaign_of, check_of, lead_of, recovery_of, report_of, statement_of
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.duties.enums import CheckState, LeadState
from tidu.apps.fulfilment.enums import RecoveryState


@form("lead-new")
def lead_new(district: District) -> Sent:
    paid(district.jia)
    return Sent(Role.BUREAU_CLERK, {"firm": district.jia.code, "text": "听说要迁出"})


@form("lead-look")
def lead_look(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK)


@form("lead-act")
def lead_act(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"act": "verify", "version": "1", "words": "已到现场"}, [lead_of(district.jia).pk])


@form("lead-recover")
def lead_recover(district: District) -> Sent:
    lead = lead_of(district.jia, LeadState.VERIFIED)
    case = district.jia.cases.get()
    return Sent(Role.BUREAU_HEAD, {"case": [str(case.pk)], "version": "1", "reason": "迁出本区"}, [lead.pk])


@form("lead-sanction")
def lead_sanction(district: District) -> Sent:
    sources()
    lead = lead_of(district.jia, LeadState.VERIFIED)
    return Sent(Role.BUREAU_HEAD, {"on": "2024-05-01", "sure": "yes", "version": "1", "reason": "伪造合同"}, [lead.pk])


@form("recovery-act")
def recovery_act(district: District) -> Sent:
    made = recovery_of(district.jia, RecoveryState.DEMANDED)
    return Sent(Role.BUREAU_CLERK, {"act": "receipt", "amount": "1000.00", "reference": "L1", "on": "2024-05-01"}, [made.pk])


@form("recovery-statement")
def recovery_statement(district: District) -> Sent:
    made = recovery_of(district.jia, RecoveryState.NOTIFIED)
    return Sent(Role.BUREAU_CLERK, {"words": "经核实仍在本区"}, [made.pk, statement_of(made).pk])


def _later() -> str:
    return (timezone.localdate() + timedelta(days=30)).isoformat()


@form("yearly-begin")
def yearly_begin(district: District) -> Sent:
    paid(district.jia)
    return Sent(Role.BUREAU_CLERK, {"due": _later()})


@form("sample-new")
def sample_new(district: District) -> Sent:
    paid(district.jia, on=timezone.localdate() - timedelta(days=100))
    return Sent(Role.BUREAU_CLERK, {"title": "抽查", "count": "1", "due": _later()})


@form("campaign-close")
def campaign_close(district: District) -> Sent:
    return Sent(Role.BUREAU_HEAD, {"version": "1"}, [campaign_of().pk])


@form("duty-check-act")
def duty_check_act(district: District) -> Sent:
    made = check_of(district.jia, unit=district.units["one"])
    return Sent(Role.SUBDISTRICT_CLERK, {"act": "answer", "answer": "met", "words": "走访在本区经营", "version": "1"}, [made.pk])


@form("change-report")
def change_report(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, {"words": "迁离须退回已领取的资金。", "version": "1"}, [report_of(district.jia).pk])


@form("portal-self-check")
def portal_self_check(district: District) -> Sent:
    paid(district.jia)
    told = {"place-registered": "yes", "place-tax": "yes", "place-statistics": "yes", "file": picture()}
    return Sent(Role.FIRM_CLERK, told, [district.jia.code, timezone.localdate().year])


@form("portal-change-report")
def portal_change_report(district: District) -> Sent:
    paid(district.jia)
    return Sent(Role.FIRM_LEGAL, {"relation": ["纳税"], "to": "某市某区", "on": _later(), "reason": "扩建厂房"}, [district.jia.code])


@form("portal-change-withdraw")
def portal_change_withdraw(district: District) -> Sent:
    return Sent(Role.FIRM_LEGAL, {"version": "1"}, [district.jia.code, report_of(district.jia).pk])


@form("portal-duty-check")
def portal_duty_check(district: District) -> Sent:
    made = check_of(district.jia, CheckState.WAITING)
    told = {"act": "hand-in", "version": "1", "words": "仍在本区登记、纳税、统计", "file": picture()}
    return Sent(Role.FIRM_CLERK, told, [district.jia.code, made.pk])


@form("portal-recovery")
def portal_recovery(district: District) -> Sent:
    made = recovery_of(district.jia, RecoveryState.NOTIFIED)
    return Sent(Role.FIRM_CLERK, {"words": "没有迁出，附执照", "file": picture()}, [district.jia.code, made.pk])


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("执照.png", png(), "image/png")
