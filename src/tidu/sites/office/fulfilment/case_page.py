"""One case: head, action box, timeline, facts, materials, opinions, computation, and the blocks of money after it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.administration.remembered import site_words
from tidu.apps.fulfilment.domain.clocks import lamp
from tidu.apps.fulfilment.domain.handling import ACTS, act_on
from tidu.apps.fulfilment.domain.hastening import may_hasten
from tidu.apps.fulfilment.domain.moving import may_move
from tidu.apps.fulfilment.domain.phrases import phrases_for, with_phrase
from tidu.apps.fulfilment.domain.reviewing import may_give_opinion
from tidu.apps.fulfilment.domain.transitions import BY_NAME
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Opinion, Recovery
from tidu.apps.fulfilment.queries.cases import neighbours
from tidu.apps.fulfilment.queries.one_case import answers, changes, held_by, papers, timeline, ways_on, with_places
from tidu.apps.fulfilment.queries.panels import panel_view
from tidu.apps.fulfilment.words import STEPS, step_label
from tidu.apps.paper.domain.dossier_sections import shown_account
from tidu.apps.paper.domain.grounds import grounds_of
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.sites.office.fulfilment.case_lists import HANDLERS, READERS, STATES, amount_of, case_href, filter_kept, query_of
from tidu.sites.office.plain_pages import text_of

SEES_MONEY = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR)
"""Who may open the pages of batches and payments; everybody who sees the case reads what they say of it."""

LONGEST_REASON = 1000
WHERE = {"ask-correction": "case-correct"}
"""Acts that have a page of their own."""


def found_case(actor: Actor, number: int) -> Case:
    """The case as the actor may see it, or 404."""
    related = "enterprise__subdistrict", "handler", "batch", "notice", "budget"
    found = Case.objects.visible_to(actor).select_related(*related).filter(pk=number).first()
    if found is None:
        raise Http404("没有这个办件，或者不在您的办理范围内。")
    return found


@page_for(*READERS)
@require_safe
def case_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The page of a case."""
    case, day = found_case(actor, number), legal_day(timezone.now())
    opinions = list(Opinion.objects.visible_to(actor).filter(case=case).select_related("unit", "submission"))
    for one in opinions:
        one.case = case  # the same case: nothing is asked again
    told = request.GET.get("told", "")
    context = {
        **_head(case, opinions, day), **_beside(request, actor, case), **_body(actor, case),
        "opinions": [(one, lamp(one.due, day), bool(may_hasten(actor, one))) for one in opinions if not one.void],
        "hastens": any(may_hasten(actor, one) for one in opinions), "own_opinions": [one for one in opinions if may_give_opinion(actor, one)],
        "void": [one for one in opinions if one.void],
        "ways": ways_on(case, actor, day), "simple": ACTS, "where": WHERE,
        "told": step_label(told) if told in BY_NAME or told in STEPS else "",
    }  # fmt: skip
    return render(request, "office/fulfilment/case.html", context)


def _head(case: Case, opinions: list[Opinion], day: Any) -> dict[str, Any]:
    waiting = [one for one in opinions if not one.void and not one.verdict]
    return {
        "case": case, "state": STATES[CaseState(case.state)], "holder": held_by(case, waiting), "lamp": lamp(case.due, day, case.state),
        "amount": amount_of(case), "today": day,
    }  # fmt: skip


def _beside(request: HttpRequest, actor: Actor, case: Case) -> dict[str, Any]:
    kept = request.GET.get("list", "")
    if not kept:
        return {"list_query": "", "beside": None}
    wanted = filter_kept(kept)
    found = neighbours(actor, legal_day(timezone.now()), wanted, case.pk)
    query = urlencode(query_of(wanted))
    return {
        "list_query": query, "beside": found, "list_href": f"{reverse('cases')}?{query}",
        "before_href": _other(found.before, query), "after_href": _other(found.after, query),
    }  # fmt: skip


def _other(number: int | None, query: str) -> str:
    return f"{reverse('case', args=[number])}?{urlencode({'list': query})}" if number is not None else ""


def _body(actor: Actor, case: Case) -> dict[str, Any]:
    submissions = list(case.submissions.order_by("number"))
    last = submissions[-1] if submissions else None
    asked = [str(one.get("field", "")) for one in case.draft.get("correction", ())]
    resubmitted = case.steps.filter(act="resubmit").order_by("-pk").first()
    payments = list(case.payments.select_related("batch", "voucher").order_by("attempt"))
    return {
        "submissions": submissions, "last": last,
        "answers": with_places(answers(last.content), site_words()["district"]) if last else [],
        "changes": changes(submissions, asked, resubmitted),
        "papers": papers(actor, case, last), "panel": panel_view(actor, case), "timeline": timeline(case), "ground": grounds_of([case]).get(case.pk),
        "payments": [(one, shown_account(one)) for one in payments],
        "recoveries": list(Recovery.objects.visible_to(actor).filter(case=case)), "sees_money": actor.has(*SEES_MONEY),
        "objections": list(case.objections.order_by("pk")), "obligations": list(case.obligations.order_by("pk")),
        "correction": case.draft.get("correction", ()) if case.state == CaseState.CORRECTING else (),
    }  # fmt: skip


@page_for(*HANDLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def case_act(request: HttpRequest, actor: Actor, number: int, act: str) -> HttpResponse:
    """One act: the page sums up what it brings and asks for the reason; POST does it and leads back to the case."""
    case = found_case(actor, number)
    if act not in ACTS:
        raise Http404("没有这一步。请从办件页面上的按钮办理。")
    kept = (request.POST if request.method == "POST" else request.GET).get("list", "")
    if request.method == "POST":
        text = with_phrase(actor, act, request.POST.get("phrase", ""), text_of(request, "text", LONGEST_REASON))
        try:
            act_on(actor=actor, at=timezone.now(), case=case, name=act, version=version_seen(request), text=text)
        except TiduError as error:
            if error.code != "reason-missing":
                raise
            return _act_page(request, actor, case, act, kept, error.message)
        query = urlencode({"told": act} | ({"list": kept} if kept else {}))
        return HttpResponseRedirect(f"{reverse('case', args=[number])}?{query}")
    return _act_page(request, actor, case, act, kept, "")


def _act_page(request: HttpRequest, actor: Actor, case: Case, act: str, kept: str, problem: str) -> HttpResponse:
    row, day = BY_NAME[act], legal_day(timezone.now())
    context = {
        **_head(case, [], day), "row": row, "decision": may_move(case, actor, act, day), "list_query": kept,
        "target": CaseState(row.target).label, "problems": [{"text": problem, "href": "#text"}] if problem else [],
        "phrases": phrases_for(actor, act) if row.reason else [], "picked": request.POST.get("phrase", ""),
        "text": text_of(request, "text", LONGEST_REASON), "back": case_href(case, filter_kept(kept) if kept else None),
    }  # fmt: skip
    return render(request, "office/fulfilment/case_act.html", context, status=400 if problem else 200)


def version_seen(request: HttpRequest) -> int:
    """The version of the record that the form was filled in on."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
