"""企业查询 and 企业 360."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import OFFICIALS, Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.assessments.domain.standing import firm_standing
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import fact_blocks, firms, firms_by_subdistrict
from tidu.apps.policies.loaded import packs
from tidu.kernel.inputs import Moment
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported

READERS = tuple(sorted(OFFICIALS - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))
COLUMNS = (
    Column("企业名称", lambda firm: firm.name, lambda firm: reverse("firm", args=[firm.code])),
    Column("统一社会信用代码", lambda firm: firm.code, whole=True),
    Column("所属街道", lambda firm: firm.subdistrict.name if firm.subdistrict else "未登记"),
)


@dataclass(frozen=True)
class Chosen:
    """What the filter says."""

    q: str
    street: str


@page_for(*READERS)
@require_safe
def firm_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """企业查询: by name, part of a name, former name, pinyin initials or code."""
    chosen = Chosen(request.GET.get("q", ""), request.GET.get("street", ""))
    listed = firms(actor, words=chosen.q, subdistrict=chosen.street)
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what="企业名单", filters={"q": chosen.q, "street": chosen.street}, rows=len(rows))
        return exported(rows, COLUMNS, title="企业名单", who=actor.name, at=at)
    listing = page_of(listed, COLUMNS, request.GET.dict(), label="企业名单", empty="没有找到企业。")
    context = {"listing": listing, "chosen": chosen, "streets": firms_by_subdistrict(actor)}
    return render(request, "office/firms.html", context)


@page_for(*READERS)
@require_safe
def firm(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """企业 360: facts with source and date, ladder, verdicts, events."""
    found = firms(actor).filter(code=code).first()
    if found is None:
        raise Http404(_nobody(code))
    day = _day(request)
    standing = firm_standing(found, packs(), Moment(day, day))
    context = {
        "firm": found,
        "blocks": fact_blocks(found),
        "names": list(found.names.order_by("kind", "name")),
        "events": list(found.events.filter(withdrawn_at=None).select_related("source")[:200]),
        "standing": standing,
        "day": day,
    }
    return render(request, "office/firm.html", context)


def _nobody(code: str) -> str:
    if Enterprise.objects.filter(code=code).exists():
        return "这家企业不在您的管辖范围内。需要时请联系牵头局。"
    return "企业库里没有这个代码。请核对统一社会信用代码，或按名称查询。"


def _day(request: HttpRequest) -> date:
    text = request.GET.get("date", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
