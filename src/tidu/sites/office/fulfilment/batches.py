"""会审批次: the batches, one with its budgets and rows, and its paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.asking import may_propose
from tidu.apps.fulfilment.domain.deciding import make_batch, may_decide, may_set_aside
from tidu.apps.fulfilment.domain.panel_results import result_text, results_of
from tidu.apps.fulfilment.enums import BatchState
from tidu.apps.fulfilment.models import DecisionBatch
from tidu.apps.fulfilment.queries.batches import batches, budget_meter, opinions_of, rows_of, taken_out
from tidu.apps.paper.domain.decision_pack import due, make_decision_pack
from tidu.apps.paper.domain.grounds import grounds_of
from tidu.apps.policies.loaded import packs
from tidu.look.fields import FIGURE, Field
from tidu.look.figures import wan
from tidu.look.listing import Column, page_of
from tidu.sites.office.fulfilment.case_links import case_href
from tidu.sites.office.fulfilment.settlement_lists import CLERKS, CODE, MONEY_READERS, moment, number_written, written
from tidu.sites.office.plain_pages import Act, FormPage, ListPage, answer_form, answer_list, attempt, way

STATES = {BatchState.OPEN: "todo", BatchState.DECIDED: "done"}
BATCH_COLUMNS = (
    Column("批次", str, lambda batch: reverse("batch", args=[batch.pk])),
    Column("状态", lambda batch: batch.get_state_display(), state=lambda batch: STATES[BatchState(batch.state)]),
    Column("预算年度", lambda batch: str(batch.year), number=True),
    Column("办件（件）", lambda batch: f"{batch.count:,}", lambda batch: reverse("batch", args=[batch.pk]), number=True),
    Column("金额（万元）", lambda batch: wan(batch.fen or 0), number=True),
    Column("会议日期", lambda batch: batch.met_on.isoformat() if batch.met_on else "—", whole=True),
    Column("建立时间", lambda batch: moment(batch.created_at), whole=True),
)
ROW_COLUMNS = (
    Column("企业名称", lambda case: case.enterprise.name, case_href),
    CODE,
    Column("事项", lambda case: f"{case.award} {case.title}"),
    Column("对象", lambda case: case.item),
    Column("资金来源", lambda case: case.payer),
    Column("条款", lambda case: case.clause),
    Column("金额（万元）", lambda case: wan(due(case)), number=True),
    Column("状态", lambda case: case.get_state_display()),
)
SHOWN_OUT = 200


@page_for(*MONEY_READERS)
@require_safe
def batch_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All batches, newest first."""
    allowed = actor.may_write(*CLERKS)
    acts = [Act(reverse("batch-new"), "新建批次", allowed.reason)]
    page = ListPage("会审批次", BATCH_COLUMNS, "每次会议一个批次：列入办件、核对预算、会后登记决定。", acts=acts, empty="还没有会审批次。")
    return answer_list(request, actor, batches(actor), page)


@page_for(*CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_batch(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Make a batch."""
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        made, problems = attempt(
            lambda: make_batch(
                actor=actor, at=timezone.now(), title=written(request, "title", 120), year=number_written(request, "year", "预算年度")
            )
        )
        if made is not None:
            return HttpResponseRedirect(reverse("batch", args=[made.pk]))
    year = written(request, "year", 4) or str(timezone.localdate().year)
    fields = [
        Field("title", "批次名称", hint="如：2024 年第一批", values=(written(request, "title", 120),)),
        Field("year", "预算年度", FIGURE, "使用哪一年的预算", unit="年", values=(year,), short=True),
    ]
    return answer_form(request, FormPage("新建会审批次", fields, "新建批次", crumbs=(way("batches", "会审批次"),)), problems)


def batch_or_404(actor: Actor, number: int) -> DecisionBatch:
    """The batch by its number, where the actor may see it."""
    found = DecisionBatch.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这个会审批次。请从批次列表进入。")
    return found


@page_for(*MONEY_READERS)
@require_safe
def batch(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One batch: the budgets under its weight, its rows with computation and opinions, what left it."""
    found = batch_or_404(actor, number)
    rows = rows_of(actor, found)
    if request.GET.get("format") == "xlsx":
        return answer_list(request, actor, rows, ListPage(found.title, ROW_COLUMNS))
    listing = page_of(rows, (), request.GET.dict(), label=found.title)
    shown = list(rows[(listing.number - 1) * 50 : listing.number * 50])
    out = list(taken_out(found)[:SHOWN_OUT])
    context = {
        "batch": found, "state": STATES[BatchState(found.state)], "meter": budget_meter(found), "listing": listing,
        "rows": _told(shown), "out": [(step, case_href(step.case)) for step in out], "proposes": may_propose(actor, found),
        "decides": may_decide(actor, found), "sets_aside": may_set_aside(actor, found), "is_open": found.state == BatchState.OPEN,
    }  # fmt: skip
    return render(request, "office/fulfilment/batch.html", context)


def _told(cases: list[Any]) -> list[dict[str, Any]]:
    opinions, grounds = opinions_of(cases), grounds_of(cases)
    scored = {pk: result_text(*found) for pk, found in results_of([case.pk for case in cases]).items()}
    return [
        {
            "case": case,
            "href": case_href(case),
            "fen": due(case),
            "opinions": opinions.get(case.pk, ""),
            "ground": grounds.get(case.pk),
            "scored": scored.get(case.pk, ""),
        }
        for case in cases
    ]


@page_for(*MONEY_READERS)
@require_POST
def batch_paper(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """会审材料 as a Word file; that it was made is in the audit, so it is asked for by a form."""
    printed = make_decision_pack(actor=actor, at=timezone.localtime(), batch=batch_or_404(actor, number), book=packs().book)
    disposition = content_disposition_header(as_attachment=True, filename=printed.name) or "attachment"
    return HttpResponse(printed.content, content_type=printed.media_type, headers={"Content-Disposition": disposition})
