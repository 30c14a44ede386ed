"""免申即享名单: what listing would come to, the list, and who has said yes, no, or nothing yet."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.asking import ask_to_list, may_list
from tidu.apps.fulfilment.models import Case
from tidu.apps.fulfilment.queries.no_application import ANSWERS, CONFIRMED, DECLINED, WAITING, answer_of, answered, answers, listing_summary
from tidu.apps.fulfilment.queries.settlements import lines, runs
from tidu.kernel.legal_days import legal_day
from tidu.look.figures import wan
from tidu.look.listing import Column
from tidu.sites.office.fulfilment.case_links import case_href
from tidu.sites.office.fulfilment.settlement_lists import CODE, FIRM_READERS, MONEY_READERS, picked, said, street_field, words_field
from tidu.sites.office.fulfilment.settlements import run_or_404
from tidu.sites.office.plain_pages import ListPage, answer_list, attempt, way

STATES = {WAITING: "todo", DECLINED: "not"}


@page_for(*FIRM_READERS)
@require_safe
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Per item how many firms were listed, said yes, said no, have not answered."""
    rows = [{**row, "answered": [(name, text, row[name]) for name, text in ANSWERS.items()]} for row in answers(actor)]
    context = {"rows": rows, "answers": ANSWERS, "newest": runs(actor).first()}
    return render(request, "office/fulfilment/no_application.html", context)


def _answer(case: Case) -> str:
    """What the firm said, and for a confirmed case how far it is."""
    said_so = answer_of(case)
    return f"{ANSWERS[said_so]}，{case.get_state_display()}" if said_so == CONFIRMED else ANSWERS[said_so]


def _columns() -> tuple[Column, ...]:
    today = timezone.localdate()

    def days(case: Case) -> str:
        since = legal_day(case.created_at)
        return f"{(today - since).days:,} 天（{since.isoformat()}）"

    return (
        Column("企业名称", lambda case: case.enterprise.name, case_href),
        CODE,
        Column("事项", lambda case: f"{case.award} {case.title}：{case.item}"),
        Column("金额（万元）", lambda case: wan(case.amount if case.amount is not None else case.computed), number=True),
        Column("企业答复", _answer, state=lambda case: STATES.get(answer_of(case), "done")),
        Column("列入至今", days),
    )


@page_for(*FIRM_READERS)
@require_safe
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The listed firms behind a figure, the longest without an answer first."""
    award, answer, street, words = (said(request, name) for name in ("award", "answer", "street", "q"))
    known = list({row["award"]: f"{row['award']} {row['title']}" for row in answers(actor)}.items())
    filters = [
        picked("award", "事项", award, known),
        picked("answer", "企业答复", answer, list(ANSWERS.items())),
        street_field(actor, street),
        words_field(words),
    ]
    rows = answered(actor, award=award, answer=answer, words=words, street=street)
    page = ListPage(
        "免申即享企业", _columns(), "按列入时间排列。尚未答复的，可以由街道、服务专员提醒企业登录确认。", filters,
        crumbs=(way("no-application", "免申即享名单"),),
    )  # fmt: skip
    return answer_list(request, actor, rows, page)


@page_for(*MONEY_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def make_list(request: HttpRequest, actor: Actor, number: int, award: str) -> HttpResponse:
    """What listing an item would come to; POST lists it."""
    run = run_or_404(actor, number)
    line = next((one for one in lines(actor, run) if one.award == award), None)
    if line is None:
        raise Http404("这次测算里没有这个事项的候选。请从测算页面进入。")
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        href = f"{reverse('no-application-listed')}?award={award}"
        job, problems = attempt(lambda: ask_to_list(actor=actor, at=timezone.now(), run=run, award=award, title=line.title, href=href))
        if job is not None:
            return HttpResponseRedirect(reverse("job", args=[job.pk]))
    context = {
        "run": run, "line": line, "year": timezone.localdate().year, "decision": may_list(actor, run, award), "problems": problems,
        "summary": listing_summary(run, award, timezone.localdate().year),
    }  # fmt: skip
    return render(request, "office/fulfilment/no_application_new.html", context, status=400 if problems else 200)
