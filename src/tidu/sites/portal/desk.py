"""我的企业 and 工作台: where the firm stands, what is asked of it, what is under way."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.corrections.domain.filings import may_begin
from tidu.apps.corrections.enums import FINAL, CaseState
from tidu.apps.corrections.models import Filing
from tidu.apps.corrections.queries import open_corrections
from tidu.apps.corrections.sections import by_fact
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.queries.own import GROUPS, case_counts, latest_run, offered_total
from tidu.apps.policies.loaded import packs
from tidu.apps.quality.queries import asked_of_firm
from tidu.apps.registry.domain.position import position_of
from tidu.kernel.inputs import Moment
from tidu.sites.portal.pages import MEMBERS, firm_page, own_firms, roles_in


@page_for(*MEMBERS)
@require_safe
def chooser(request: HttpRequest, actor: Actor) -> HttpResponse:
    """我的企业: straight to the only firm, a choice among several."""
    firms = own_firms(actor)
    if len(firms) == 1:
        return HttpResponseRedirect(reverse("portal-desk", args=[firms[0].code]))
    return render(request, "portal/chooser.html", {"firms": [(firm, roles_in(actor, firm)) for firm in firms]})


@firm_page()
@require_safe
def desk(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """工作台."""
    today = timezone.localdate()
    found = position_of(firm, packs(), Moment(today, today))
    filing = Filing.objects.visible_to(actor).filter(enterprise=firm, year=today.year - 1).first()
    missing = found.next.found.missing if found.next is not None and found.next.found is not None else ()
    counts, (offered, total) = case_counts(actor, firm), offered_total(firm, latest_run())
    context = {
        "cards": [(GROUPS[name].name, counts[name], name) for name in ("confirm", "mend", "bounced")],
        "offered": offered,
        "offered_total": total,
        "firm": firm,
        "roles": roles_in(actor, firm),
        "position": found,
        "missing": [(name, _where_to_tell(name, firm, today)) for name in missing],
        "expiring": [one for one in found.titles if one.state == "expiring"],
        "asked": [(row, _where_to_tell(row.request.fact, firm, today, row.period)) for row in asked_of_firm(firm)],
        "corrections": open_corrections(firm),
        "filing": filing,
        "filing_done": filing is not None and filing.state in FINAL,
        "filing_draft": filing is not None and filing.state in {CaseState.DRAFT, CaseState.RETURNED},
        "year": today.year - 1,
        "today": today,
    }
    return render(request, "portal/desk.html", context)


def _where_to_tell(fact: str, firm: Enterprise, today: date, period: int = 0) -> str:
    """Where a firm tells a fact: in its filing of the year where it may, else as a correction; empty where it cannot."""
    section, year = by_fact().get(fact), period or today.year - 1
    if section is not None and may_begin(year, today.year):
        return f"{reverse('portal-filing-section', args=[firm.code, year, section.id])}#{section.id}"
    return ""
