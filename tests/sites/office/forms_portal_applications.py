"""Valid forms of the firm's side of fulfilment."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.materials.files import png
from tests.apps.people import AT, District
from tests.sites.office.forms import Sent, form
from tests.sites.portal import application_objects as made
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.messages.models import Message

CLERK = Role.FIRM_CLERK


@form("portal-offer")
def offer(district: District) -> Sent:
    return Sent(CLERK, {}, [district.jia.code, made.offer(district.jia).pk])


@form("portal-case-confirm")
def confirm(district: District) -> Sent:
    case = made.case(district, district.jia, CaseState.LISTED)
    told = {"version": case.version, "number": made.ACCOUNT, "holder": district.jia.name, "promise": "yes"}
    return Sent(CLERK, told, [district.jia.code, case.pk])


@form("portal-case-decline")
def decline(district: District) -> Sent:
    case = made.case(district, district.jia, CaseState.LISTED)
    return Sent(CLERK, {"version": case.version, "text": "今年不需要"}, [district.jia.code, case.pk])


@form("portal-case-withdraw")
def withdraw(district: District) -> Sent:
    case = made.case(district, district.jia)
    return Sent(CLERK, {"version": case.version, "text": "报错了事项"}, [district.jia.code, case.pk])


@form("portal-case-account")
def account(district: District) -> Sent:
    case = made.case(district, district.jia, CaseState.BOUNCED)
    return Sent(
        CLERK, {"version": case.version, "number": "6217000000000000000", "holder": district.jia.name}, [district.jia.code, case.pk]
    )


@form("portal-case-people")
def people(district: District) -> Sent:
    case = made.case(district, district.jia)
    return Sent(CLERK, {"user": district.people[Role.FIRM_FINANCE].pk, "act": "charge"}, [district.jia.code, case.pk])


@form("portal-case-section")
def section(district: District) -> Sent:
    case = made.case(district, district.jia, CaseState.DRAFT)
    return Sent(CLERK, {"version": case.version, "note": "说明", "do": "done"}, [district.jia.code, case.pk, "matter"])


@form("portal-case-attach")
def attach(district: District) -> Sent:
    case = made.case(district, district.jia, CaseState.DRAFT)
    return Sent(CLERK, {"material": "contract", "file": SimpleUploadedFile("证明.png", png(), "image/png")}, [district.jia.code, case.pk])


@form("portal-case-detach")
def detach(district: District) -> Sent:
    case = made.filled(district, district.jia)
    return Sent(CLERK, {"file": case.draft["materials"]["contract"][0]}, [district.jia.code, case.pk])


@form("portal-case-check")
def check(district: District) -> Sent:
    case = made.filled(district, district.jia)
    return Sent(CLERK, {"version": case.version}, [district.jia.code, case.pk])


@form("portal-messages-read")
def read(district: District) -> Sent:
    Message.objects.create(enterprise=district.jia, occasion="case.listed", title="免申即享", text="请确认", sent_at=AT)
    return Sent(CLERK, {}, [district.jia.code])
