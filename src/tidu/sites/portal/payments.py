"""收款账户与到账记录: what was paid to the firm, on which day, with the voucher."""

from __future__ import annotations

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import PaymentState
from tidu.apps.fulfilment.models import Payment
from tidu.apps.fulfilment.queries.own import payments_of
from tidu.apps.paper.domain.dossier_sections import shown_account
from tidu.apps.paper.domain.vouchers import make_voucher
from tidu.sites.portal.pages import firm_page

STATES = {PaymentState.PAID: "granted", PaymentState.RETURNED: "lacking", PaymentState.DROPPED: "not"}
MOST = 500
"""Payments on the page; no firm has had nearly as many."""


@firm_page()
@require_safe
def listed(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """Every payment of the firm's cases, and the accounts they went to."""
    found = payments_of(actor, firm)
    rows = [(one, STATES.get(PaymentState(one.state), "checking"), shown_account(one)) for one in found[:MOST]]
    total = found.filter(state=PaymentState.PAID).order_by().aggregate(total=Sum("amount"))["total"] or 0
    return render(request, "portal/payments.html", {"firm": firm, "rows": rows, "total": total})


@firm_page()
@require_safe
def voucher(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """The voucher of a payment that arrived, as PDF."""
    related = "case__enterprise", "batch__maker", "batch__checker", "voucher"
    found: Payment | None = payments_of(actor, firm).filter(pk=number, voucher__isnull=False).select_related(*related).first()
    if found is None:
        raise Http404("没有这张凭证：还没有到账，或者不是本企业的。")
    printed = make_voucher(actor=actor, at=timezone.now(), voucher=found.voucher)
    name = content_disposition_header(as_attachment=True, filename=printed.name) or "attachment"
    return HttpResponse(
        printed.content, content_type=printed.media_type, headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )
