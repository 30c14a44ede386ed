"""部门联审: what a department still has to say, saying it, and hastening who is late."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.clocks import lamp
from tidu.apps.fulfilment.domain.hastening import hasten
from tidu.apps.fulfilment.domain.phrases import OPINION, phrases_for, with_phrase
from tidu.apps.fulfilment.domain.reviewing import give_opinion, may_give_opinion
from tidu.apps.fulfilment.enums import Verdict
from tidu.apps.fulfilment.models import Opinion
from tidu.apps.fulfilment.queries.opinions import WAITING, WHICH, found_opinions, opinion_counts, opinions_of, units_asked
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.look.fields import LONG, RADIO, Choice, Field
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import Sheet, answer_list, told
from tidu.sites.office.fulfilment.case_lists import HANDLERS, firm_href, item_text
from tidu.sites.office.plain_pages import text_of

READERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR)
VERDICTS = {Verdict.AGREE: "met", Verdict.DISAGREE: "unmet", Verdict.CORRECT: "lacking", Verdict.NOT_CONCERNED: "out"}
LONGEST_REASON = 1000
PROBLEMS = {"reason-missing", "verdict-missing"}


def _verdict(one: Opinion) -> str:
    return str(one.get_verdict_display()) if one.verdict else ("已失效" if one.void else "待反馈")


def _verdict_state(one: Opinion) -> str:
    return VERDICTS[Verdict(one.verdict)] if one.verdict else "out" if one.void else "todo"


def _columns(day: Any, own: bool) -> tuple[Column, ...]:
    def left(one: Opinion) -> str:
        return "—" if one.verdict or one.void else lamp(one.due, day).text

    def colour(one: Opinion) -> str:
        return "" if one.verdict or one.void else lamp(one.due, day).colour

    name = "opinion" if own else "case"
    return (
        Column("办件", lambda one: one.case.number or one.case.title, lambda one: reverse(name, args=[one.pk if own else one.case_id])),
        Column(
            "企业", lambda one: one.case.enterprise.name, lambda one: firm_href(one.case), wide=True,
            below=Column("事项", lambda one: item_text(one.case)),
        ),
        Column("部门", lambda one: one.unit.short_name),
        Column("意见", _verdict, state=_verdict_state),
        Column("还剩", left, state=colour, whole=True, below=Column("反馈期限", lambda one: one.due.isoformat())),
        Column(
            "反馈人", lambda one: one.given_by or "—",
            below=Column("反馈日期", lambda one: f"{timezone.localtime(one.given_at):%Y-%m-%d}" if one.given_at else ""),
        ),
    )  # fmt: skip


@page_for(*READERS)
@require_safe
def opinion_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """部门联审: a department's own opinions; for the bureau who has answered and who is late."""
    day, which, unit = legal_day(timezone.now()), told(request, "which") or WAITING, told(request, "unit")
    counts = opinion_counts(actor, day, unit)
    more = f"&unit={unit}" if unit else ""
    own = not actor.has(Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR)
    context = {
        "tabs": [(key, label, counts[key], f"?which={key}{more}") for key, label in WHICH], "which": which, "unit": unit,
        "units": units_asked(actor),
    }  # fmt: skip
    rows = found_opinions(actor, day, which, unit).select_related("unit", "case__enterprise")
    sheet = Sheet(rows, _columns(day, own), "部门联审意见", "没有符合条件的意见。")
    return answer_list(request, actor, sheet, "office/fulfilment/opinions.html", context)


def _found(actor: Actor, number: int) -> Opinion:
    related = "unit", "submission", "case__enterprise__subdistrict"
    found = opinions_of(actor).select_related(*related).filter(pk=number).first()
    if found is None:
        raise Http404("没有这条意见，或者不由您的单位反馈。")
    return found


@page_for(Role.DEPARTMENT_CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The form of one opinion; once given it stands."""
    found = _found(actor, number)
    if request.method != "POST":
        return _form(request, actor, found, "")
    verdict = request.POST.get("verdict", "")
    reason = with_phrase(actor, OPINION, request.POST.get("phrase", ""), text_of(request, "reason", LONGEST_REASON))
    try:
        if verdict not in Verdict.values:
            raise TiduError("verdict-missing", "请选择意见。")
        give_opinion(actor=actor, at=timezone.now(), opinion=found, verdict=Verdict(verdict), reason=reason)
    except TiduError as error:
        if error.code not in PROBLEMS:
            raise
        return _form(request, actor, found, error.message)
    return HttpResponseRedirect(f"{reverse('opinions')}?done={found.pk}")


def _form(request: HttpRequest, actor: Actor, found: Opinion, problem: str) -> HttpResponse:
    given = request.POST.get("verdict", "")
    fields = [
        Field("verdict", "意见", RADIO, values=(given,), choices=[Choice(value, text) for value, text in Verdict.choices]),
        Field("reason", "理由", LONG, hint="不同意和要求补正必填。牵头局据此办理。", values=(text_of(request, "reason", LONGEST_REASON),)),
    ]
    context = {
        "opinion": found, "fields": fields, "decision": may_give_opinion(actor, found), "lamp": lamp(found.due, legal_day(timezone.now())),
        "phrases": phrases_for(actor, OPINION), "picked": request.POST.get("phrase", ""),
        "problems": [{"text": problem, "href": "#verdict-group" if "选择" in problem else "#reason"}] if problem else [],
    }  # fmt: skip
    return render(request, "office/fulfilment/opinion.html", context, status=400 if problem else 200)


@page_for(*HANDLERS)
@require_POST
def hasten_opinion(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """催办: ask a department again."""
    found = _found(actor, number)
    hasten(actor=actor, at=timezone.now(), opinion=found)
    return HttpResponseRedirect(f"{reverse('case', args=[found.case_id])}?told=hasten")
