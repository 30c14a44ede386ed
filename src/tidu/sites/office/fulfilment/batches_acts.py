"""What is done with a batch: put cases in, take one out, enter the meeting's decision."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.asking import ask_to_decide, ask_to_propose, may_propose
from tidu.apps.fulfilment.domain.deciding import may_decide, may_set_aside, propose, set_aside
from tidu.apps.fulfilment.models import Case, DecisionBatch
from tidu.apps.fulfilment.queries.batches import budget_meter, rows_of, waiting
from tidu.apps.paper.domain.decision_pack import due
from tidu.kernel.errors import TiduError
from tidu.look.fields import FIGURE, LONG, Field
from tidu.look.figures import wan
from tidu.look.listing import Column, page_of
from tidu.sites.office.fulfilment.batches import batch_or_404
from tidu.sites.office.fulfilment.case_links import case_href
from tidu.sites.office.fulfilment.settlement_lists import (
    CLERKS,
    CODE,
    MONEY_READERS,
    day_field,
    day_written,
    moment,
    number_written,
    picked,
    said,
    street_field,
    words_field,
    written,
)  # fmt: skip
from tidu.sites.office.plain_pages import FormPage, answer_form, attempt, way

MOST_TICKED = 500
WAITING_COLUMNS = (
    Column("选择", lambda case: str(case.pk)),
    Column("企业名称", lambda case: case.enterprise.name, case_href),
    CODE,
    Column("事项", lambda case: f"{case.award} {case.title}（{case.payer}）：{case.item}", wide=True),
    Column("测算金额（万元）", lambda case: wan(case.computed), number=True),
    Column("提交时间", lambda case: moment(case.submitted_at) if case.submitted_at else "—", whole=True),
)


@page_for(*CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The cases that wait for a meeting; the ticked ones, or all that the filter leaves, are put into the batch."""
    found = batch_or_404(actor, number)
    told = {name: said(request, name) for name in ("award", "payer", "street", "q")}
    rows = waiting(actor, award=told["award"], payer=told["payer"], street=told["street"], words=told["q"])
    if request.method == "POST":
        return _added(request, actor, found, list(rows.values_list("pk", flat=True)) if request.POST.get("which") == "all" else None)
    known = waiting(actor).order_by("award", "payer").values_list("award", "title", "payer").distinct()
    filters = [
        picked("award", "事项", told["award"], list({award: f"{award} {title}" for award, title, _ in known}.items())),
        picked("payer", "资金来源", told["payer"], [(payer, payer) for payer in sorted({payer for _, _, payer in known})]),
        street_field(actor, told["street"]),
        words_field(told["q"]),
    ]
    listing = page_of(rows, WAITING_COLUMNS, request.GET.dict(), label="等待会审的办件", empty="没有等待会审的办件。")
    context = {"batch": found, "listing": listing, "filters": filters, "decision": may_propose(actor, found)}
    return render(request, "office/fulfilment/batch_add.html", context)


def _added(request: HttpRequest, actor: Actor, batch: DecisionBatch, everything: list[int] | None) -> HttpResponse:
    may_propose(actor, batch).require()
    here = reverse("batch", args=[batch.pk])
    texts = request.POST.getlist("row")
    wanted = everything if everything is not None else [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
    if not wanted:
        raise TiduError("nothing-ticked", "没有选中任何办件。请先勾选，再点“列入本批次”。")
    if len(wanted) > MOST_TICKED:
        job = ask_to_propose(actor=actor, at=timezone.now(), batch=batch, cases=wanted, href=here)
        return HttpResponseRedirect(reverse("job", args=[job.pk]))
    cases = waiting_or_not(actor, wanted)
    results = propose(actor=actor, at=timezone.now(), batch=batch, cases=cases)
    gone = len(set(wanted)) - len(cases)
    context = {
        "batch": batch, "results": [(one, case_href(one.case)) for one in results], "gone": gone,
        "done": sum(one.done for one in results), "failed": sum(not one.done for one in results) + gone,
    }  # fmt: skip
    return render(request, "office/fulfilment/batch_added.html", context)


def waiting_or_not(actor: Actor, wanted: list[int]) -> list[Case]:
    """The ticked cases as they stand now, whatever their state: the result says why one did not go in."""
    return list(Case.objects.visible_to(actor).filter(pk__in=wanted).select_related("enterprise").order_by("pk"))


@page_for(*CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, actor: Actor, number: int, case: int) -> HttpResponse:
    """Take one case out of the batch, with the reason."""
    found = batch_or_404(actor, number)
    row = rows_of(actor, found).filter(pk=case).select_related("batch").first()
    if row is None:
        raise Http404("批次里没有这件办件，可能已被移出。请回到批次页面。")
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        done, problems = attempt(lambda: set_aside(actor=actor, at=timezone.now(), case=row, text=written(request, "reason")))
        if done is not None:
            return HttpResponseRedirect(reverse("batch", args=[found.pk]))
    else:
        may_set_aside(actor, found).require()
    field = Field("reason", "移出的理由", LONG, "会记入办件的办理记录", values=(written(request, "reason"),))
    crumbs = (way("batches", "会审批次"), way("batch", found.title, found.pk))
    notes = [f"{row.enterprise.name}：{row.title}（{row.item}），{wan(due(row))} 万元。移出后回到“待会审”，可以列入别的批次。"]
    return answer_form(request, FormPage("移出会审", [field], "移出本批次", crumbs=crumbs, notes=notes), problems)


@page_for(*MONEY_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What the decision will do, the minutes, the day of the meeting, the number of cases typed; POST queues it."""
    found = batch_or_404(actor, number)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        job, problems = attempt(
            lambda: ask_to_decide(
                actor=actor, at=timezone.now(), batch=found, version=number_written(request, "version", "版本"),
                minutes=written(request, "minutes", 20_000), met_on=day_written(request, "met_on", "会议日期"),
                typed=number_written(request, "typed", "件数"), href=reverse("batch", args=[found.pk]),
            )
        )  # fmt: skip
        if job is not None:
            return HttpResponseRedirect(reverse("job", args=[job.pk]))
    meter = budget_meter(found)
    given = written(request, "met_on", 10)
    fields = [
        Field("met_on", "会议日期", "date", "会议召开的日期", values=(given,))
        if given
        else day_field("met_on", "会议日期", "会议召开的日期", None),
        Field("minutes", "会议纪要", LONG, "记明议定的事项和不同意见", values=(written(request, "minutes", 20_000),)),
        Field("typed", "请填写本批次的件数", FIGURE, "核对名单后手工填写，作为确认", unit="件", short=True),
    ]
    context = {
        "batch": found, "meter": meter, "refused": [one for one in meter if one.refusal], "fields": fields, "problems": problems,
        "decision": may_decide(actor, found), "count": sum(one.cases for one in meter),
    }  # fmt: skip
    return render(request, "office/fulfilment/batch_decide.html", context, status=400 if problems else 200)
