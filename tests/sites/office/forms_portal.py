"""Valid forms of the enterprise portal."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.apps import cases
from tests.apps.people import District
from tests.sites.office.forms import Sent, form
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.corrections.enums import CaseState
from tidu.apps.corrections.models import Filing

CLERK = Role.FIRM_CLERK


def last_year() -> int:
    return timezone.localdate().year - 1


def draft(district: District, **more: Any) -> Filing:
    """A filing of the firm that is being written."""
    cases.sources(district)
    made = cases.filing(district.jia, district.units["bureau"], CaseState.DRAFT, last_year())
    Filing.objects.filter(pk=made.pk).update(**more)
    made.refresh_from_db()
    return made


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("审计报告.pdf", cases.PDF, "application/pdf")


@form("portal-filings")
def filings(district: District) -> Sent:
    cases.sources(district)
    return Sent(CLERK, {"year": str(last_year())}, [district.jia.code])


@form("portal-filing")
def filing(district: District) -> Sent:
    cases.sources(district)
    made = cases.filing(district.jia, district.units["bureau"])
    return Sent(CLERK, {"move": "recall", "version": made.version}, [district.jia.code, made.year])


@form("portal-filing-section")
def filing_section(district: District) -> Sent:
    made = draft(district)
    return Sent(CLERK, {"f-rd_expense": "300", "do": "done", "version": made.version}, [district.jia.code, made.year, "finance"])


@form("portal-filing-check")
def filing_check(district: District) -> Sent:
    made = draft(district, finished=["finance", "people", "product"], drafts={"product": {"主导产品": "轴承"}})
    return Sent(CLERK, {"version": made.version, "confirmed": "yes"}, [district.jia.code, made.year])


@form("portal-filing-file")
def filing_file(district: District) -> Sent:
    made = draft(district)
    return Sent(CLERK, {"file": file(), "version": made.version}, [district.jia.code, made.year])


@form("portal-correction-new")
def correction_new(district: District) -> Sent:
    cases.told(district.jia, cases.sources(district)["税务"], {cases.REVENUE: 100})
    told = {"fact": cases.REVENUE, "period": str(cases.YEAR), "wanted": "200", "why": "依据审计报告"}
    return Sent(CLERK, told, [district.jia.code])


@form("portal-correction")
def correction(district: District) -> Sent:
    cases.sources(district)
    made = cases.correction(district.jia, district.units["tax"])
    return Sent(CLERK, {"move": "withdraw", "version": made.version}, [district.jia.code, made.pk])


@form("portal-correction-file")
def correction_file(district: District) -> Sent:
    cases.sources(district)
    made = cases.correction(district.jia, district.units["tax"], CaseState.RETURNED)
    return Sent(CLERK, {"file": file()}, [district.jia.code, made.pk])


@form("portal-way")
def way(district: District) -> Sent:
    return Sent(CLERK, {"standard": "科技型中小企业", "note": "今年申报"}, [district.jia.code])


@form("portal-members")
def members(district: District) -> Sent:
    until = timezone.localdate().replace(day=1, year=timezone.localdate().year + 1).isoformat()
    told = {"username": district.people[Role.PROVIDER_CLERK].username, "role": "firm-agent", "until": until}
    return Sent(Role.FIRM_LEGAL, told, [district.jia.code])


@form("portal-member-end")
def member_end(district: District) -> Sent:
    post = Post.objects.create(user=district.people[Role.PROVIDER_CLERK], role=Role.FIRM_AGENT, enterprise=district.jia)
    return Sent(Role.FIRM_LEGAL, {}, [district.jia.code, post.pk])
