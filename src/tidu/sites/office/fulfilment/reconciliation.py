"""对账: every sum that must equal another, to the fen, with each difference named."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.fulfilment.domain.differences import Check, Difference, checks
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY
from tidu.apps.fulfilment.queries.payments import purses
from tidu.look.figures import yuan_text
from tidu.look.listing import Column
from tidu.sites.office.exports import exported
from tidu.sites.office.fulfilment.payments_confirming import case_href

ALIKE, UNLIKE = "一致", "不一致"


def _href(one: Difference) -> str:
    """Where the row is that differs."""
    if one.kind in {"payment", "batch"}:
        return reverse("payment-batch", args=[one.key])
    if one.kind in {"case", "recovery"}:
        return case_href(one.key)
    return reverse("vouchers") if one.kind == "voucher" else ""


COLUMNS = (
    Column("核对", lambda one: one[0].what),
    Column("结果", lambda one: ALIKE if one[0].agrees else UNLIKE),
    Column("账一", lambda one: one[0].left_name),
    Column("账一（元）", lambda one: yuan_text(one[1].left if one[1] else one[0].left), number=True),
    Column("账二", lambda one: one[0].right_name),
    Column("账二（元）", lambda one: yuan_text(one[1].right if one[1] else one[0].right), number=True),
    Column("差额（元）", lambda one: yuan_text((one[1] or one[0]).left - (one[1] or one[0]).right), number=True),
    Column("差在哪里", lambda one: f"{one[1].name}{'：' + one[1].sentence if one[1].sentence else ''}" if one[1] else ""),
)


@page_for(*SEES_ALL_MONEY)
@require_safe
def reconciliation(request: HttpRequest, actor: Actor) -> HttpResponse:
    """对账."""
    at, found = timezone.localtime(), checks()
    if request.GET.get("format") == "xlsx":
        rows = [pair for one in found for pair in _pairs(one)]
        record_export(actor=actor, at=at, what="资金对账", filters={}, rows=len(rows))
        return exported(rows, COLUMNS, title="资金对账", who=actor.name, at=at)
    context = {
        "checks": [(one, one.left - one.right, [(row, row.left - row.right, _href(row)) for row in one.differences]) for one in found],
        "wrong": sum(not one.agrees for one in found), "at": at, "purses": purses(actor),
    }  # fmt: skip
    return render(request, "office/fulfilment/reconciliation.html", context)


def _pairs(one: Check) -> list[tuple[Check, Difference | None]]:
    return [(one, None), *((one, row) for row in one.differences)]
