"""Papers of a case: its dossier, and its computation beside what it would be today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.queries.computed_today import compared_today
from tidu.apps.paper.domain.dossier import make_dossier, make_dossier_pdf
from tidu.apps.paper.enums import Audience
from tidu.apps.policies.loaded import packs
from tidu.kernel.legal_days import legal_day
from tidu.sites.office.fulfilment.case_lists import READERS, amount_of
from tidu.sites.office.fulfilment.case_page import found_case


@page_for(*READERS)
@require_safe
def dossier(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """卷宗: the PDF, or the zip with everything handed in; ``audience=public`` is the copy that the firm may have."""
    case = found_case(actor, number)
    audience = Audience.PUBLIC if request.GET.get("audience") == Audience.PUBLIC else Audience.INTERNAL
    make = make_dossier if request.GET.get("form") == "zip" else make_dossier_pdf
    printed = make(actor=actor, at=timezone.now(), case=case, audience=audience, book=packs().book)
    disposition = content_disposition_header(as_attachment=True, filename=printed.name) or "attachment"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(printed.content, content_type=printed.media_type, headers=headers)


@page_for(*READERS)
@require_safe
def computation(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """怎么算的: as it was computed then, and as it would be with the data and rules of today."""
    case = found_case(actor, number)
    compared = compared_today(case, packs(), legal_day(timezone.now()))
    context = {"case": case, "compared": compared, "amount": amount_of(case)}
    return render(request, "office/fulfilment/case_computation_today.html", context)
