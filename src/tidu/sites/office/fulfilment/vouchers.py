"""凭证: the list, and the paper of each."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.models import Voucher
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY
from tidu.apps.fulfilment.queries import payments as queries
from tidu.apps.paper.domain.vouchers import make_voucher
from tidu.look.fields import DATE
from tidu.look.figures import yuan_text
from tidu.look.listing import Column
from tidu.sites.office.fulfilment.case_links import opener
from tidu.sites.office.fulfilment.payments import READERS
from tidu.sites.office.plain_pages import ListPage, answer_list, chosen, typed, way


def columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of the list; a firm leads to its case where the person may open it."""
    opens = opener(actor)
    return (
        Column(
            "凭证号（PDF）", lambda one: one.number, lambda one: reverse("voucher-paper", args=[one.pk]), whole=True,
            below=Column("到账日期", lambda one: str(one.issued_on)),
        ),
        Column(
            "收款单位", lambda one: one.payment.account_holder, lambda one: opens(one.payment.case_id), wide=True,
            below=Column("事项", lambda one: one.payment.case.title),
        ),
        Column("来源", lambda one: one.payment.batch.payer, whole=True),
        Column("金额（元）", lambda one: yuan_text(one.amount), number=True),
        Column("金额（大写）", lambda one: one.capitals),
        Column("批次", lambda one: one.payment.batch.number, lambda one: reverse("payment-batch", args=[one.payment.batch_id]), whole=True),
    )  # fmt: skip


@page_for(*READERS)
@require_safe
def vouchers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """凭证."""
    filters = (
        typed(request, "q", "企业名称、代码或凭证号"),
        chosen(request, "payer", "资金来源", [(one, one) for one in ("区级", "市级", "省级")]),
        typed(request, "since", "到账起", DATE),
        typed(request, "until", "到账止", DATE),
    )
    listed = queries.vouchers(
        actor, words=filters[0].value, payer=filters[1].value, since=_day(filters[2].value), until=_day(filters[3].value)
    )
    crumbs = (way("payments", "资金兑现"),) if actor.has(*SEES_ALL_MONEY) else ()
    line = "每一笔到账自动生成一张，金额有大写；点凭证号下载 PDF。"
    return answer_list(request, actor, listed, ListPage("凭证", columns(actor), line, filters, crumbs=crumbs, empty="没有凭证。"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page_for(*READERS)
@require_safe
def voucher_paper(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """凭证 PDF."""
    related = "payment__case__enterprise", "payment__batch__maker", "payment__batch__checker"
    voucher = Voucher.objects.visible_to(actor).select_related(*related).filter(pk=number).first()
    if voucher is None:
        raise Http404("没有这张凭证，或者不在您的办理范围内。")
    made = make_voucher(actor=actor, at=timezone.now(), voucher=voucher)
    disposition = content_disposition_header(as_attachment=True, filename=f"{voucher.number}.pdf") or "attachment"
    return HttpResponse(made.content, content_type=made.media_type, headers={"Content-Disposition": disposition})
