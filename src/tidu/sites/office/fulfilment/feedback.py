"""财政回执: the empty table, a file looked at before it is taken, what came of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.audit.digests import sm3
from tidu.apps.fulfilment.background import stored_feedback
from tidu.apps.fulfilment.domain.feedback_keeping import keep_feedback_file
from tidu.apps.fulfilment.domain.payment_rights import MAKERS, may_take_feedback
from tidu.apps.fulfilment.interfaces.feedback_files import feedback_template, read_feedback_file
from tidu.apps.fulfilment.models import FeedbackFile, Payment, PaymentBatch
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY
from tidu.apps.jobs.domain.asking import ask_for
from tidu.kernel.errors import TiduError
from tidu.look.figures import yuan_text
from tidu.sites.office.exports import EXCEL
from tidu.sites.office.fulfilment.payment_batches import batch_of
from tidu.sites.office.plain_pages import attempt

MOST_SHOWN = 200
"""Rows of a preview that are listed; the rest is counted."""


@page_for(*MAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_feedback(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """登记财政回执: upload; nothing is changed before the preview was seen."""
    batch, problems = batch_of(actor, number), []
    if request.method == "POST":
        kept, problems = attempt(lambda: _keep(request, actor, batch))
        if kept is not None:
            file, fresh = kept
            return HttpResponseRedirect(f"{reverse('payment-feedback-file', args=[file.pk])}{'' if fresh else '?same=1'}")
    context = {"batch": batch, "problems": problems, "may": may_take_feedback(actor, batch)}
    return render(request, "office/fulfilment/feedback_upload.html", context, status=400 if problems else 200)


def _keep(request: HttpRequest, actor: Actor, batch: PaymentBatch) -> tuple[FeedbackFile, bool]:
    may_take_feedback(actor, batch).require()
    sent = request.FILES.get("file")
    if sent is None or not sent.size:
        raise TiduError("no-file", "没有收到文件，或者文件是空的。请选择财政回执的 Excel 或 CSV 文件再提交。")
    content = sent.read()
    found = read_feedback_file(content, sent.name or "回执.xlsx", batch)
    return keep_feedback_file(
        actor=actor,
        at=timezone.now(),
        batch=batch,
        name=sent.name or "回执",
        digest=sm3(content),
        rows=[stored_feedback(row) for row in found.rows],
        problems=[_problem(one) for one in found.problems],
        still_open=found.open,
    )


def _problem(notice: Any) -> dict[str, Any]:
    kept = asdict(notice)
    return {name: kept[name] for name in ("sheet", "row", "letter", "column", "value", "message", "advice")}


@page_for(*MAKERS)
@require_safe
def payment_feedback_template(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """财政回执空表: the numbers of the batch's payments, to be filled in."""
    batch = batch_of(actor, number)
    disposition = content_disposition_header(as_attachment=True, filename=f"财政回执_{batch.number}.xlsx") or "attachment"
    return HttpResponse(feedback_template(batch), content_type=EXCEL, headers={"Content-Disposition": disposition})


def _file(actor: Actor, number: int) -> FeedbackFile:
    found = FeedbackFile.objects.visible_to(actor).filter(pk=number).select_related("batch__maker", "batch__checker").first()
    if found is None:
        raise Http404("没有这份回执，请从批次页面进入。")
    return found


@page_for(*SEES_ALL_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_feedback_file(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一份回执: what it says, what is wrong with it, and taking it."""
    file, problems = _file(actor, number), []
    if request.method == "POST":
        answer, problems = attempt(lambda: _take(actor, file))
        if answer is not None:
            return answer
    payments = {
        one.pk: one
        for one in Payment.objects.filter(batch=file.batch, pk__in=[row["payment"] for row in file.rows[:MOST_SHOWN]]).select_related(
            "case__enterprise"
        )
    }
    rows = [
        (payments[row["payment"]], row, _change(payments[row["payment"]], row))
        for row in file.rows[:MOST_SHOWN]
        if row["payment"] in payments
    ]
    arrived = [row for row in file.rows if row["arrived_on"]]
    context = {
        "file": file, "batch": file.batch, "rows": rows, "more": max(0, len(file.rows) - MOST_SHOWN), "arrived": len(arrived),
        "returned": len(file.rows) - len(arrived), "wrong": file.problems[:MOST_SHOWN], "problems": problems,
        "more_wrong": max(0, len(file.problems) - MOST_SHOWN),
        "may": may_take_feedback(actor, file.batch), "same": request.GET.get("same") == "1",
    }  # fmt: skip
    return render(request, "office/fulfilment/feedback_file.html", context, status=400 if problems else 200)


def _change(payment: Payment, row: dict[str, Any]) -> tuple[str, str, str]:
    """A row in words: amount, what finance says, and whether that is new."""
    told = f"{row['arrived_on']} 到账" if row["arrived_on"] else f"退票：{row['returned_why']}"
    known = "没有变化" if payment.reference == row["reference"] else f"现在是“{payment.get_state_display()}”"
    return yuan_text(payment.amount), told, known


def _take(actor: Actor, file: FeedbackFile) -> HttpResponse:
    may_take_feedback(actor, file.batch).require()
    if file.taken_at is not None:
        raise TiduError("feedback-taken", f"“{file.name}”已由{file.taken_by}登记过，没有再改动。")
    if not file.rows:
        raise TiduError("feedback-nothing", "这份文件里没有可以登记的行。请按下面的说明改正后重新上传。")
    job = ask_for(
        actor=actor, at=timezone.now(), kind="fulfilment.feedback", title=f"批次 {file.batch.number} 财政回执（{len(file.rows):,} 笔）",
        key=f"fulfilment.feedback:{file.batch_id}",
        parameters={"file": file.pk, "batch": file.batch_id, "href": reverse("payment-feedback-file", args=[file.pk])},
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))
