"""补正: which fields and materials the firm has to mend, each with what is wrong with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.moving import may_move
from tidu.apps.fulfilment.domain.phrases import phrases_for
from tidu.apps.fulfilment.domain.reviewing import CorrectionItem, ask_correction
from tidu.apps.fulfilment.domain.transitions import BY_NAME
from tidu.apps.fulfilment.models import Case
from tidu.apps.fulfilment.queries.one_case import Mendable, mendable
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.sites.office.fulfilment.case_lists import HANDLERS, case_href, filter_kept
from tidu.sites.office.fulfilment.case_page import found_case, version_seen
from tidu.sites.office.plain_pages import text_of

LONGEST_WHY = 300
PROBLEMS = {"correction-empty"}


@page_for(*HANDLERS)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """退回补正: a list of everything that can be named; what has a text is asked for."""
    case = found_case(actor, number)
    listed = mendable(case, case.submissions.order_by("-number").first())
    kept = (request.POST if request.method == "POST" else request.GET).get("list", "")
    if request.method != "POST":
        return _page(request, actor, case, listed, kept, "")
    case.version = version_seen(request)
    try:
        ask_correction(actor=actor, at=timezone.now(), case=case, items=_asked(request, listed))
    except TiduError as error:
        if error.code not in PROBLEMS:
            raise
        return _page(request, actor, case, listed, kept, error.message)
    query = urlencode({"told": "ask-correction"} | ({"list": kept} if kept else {}))
    return HttpResponseRedirect(f"{reverse('case', args=[number])}?{query}")


def _asked(request: HttpRequest, listed: list[Mendable]) -> list[CorrectionItem]:
    found = []
    for place, one in enumerate(listed, start=1):
        why = text_of(request, f"why-{place}", LONGEST_WHY)
        if why:
            found.append(CorrectionItem(one.path, why, one.label))
    note = text_of(request, "note", LONGEST_WHY)
    return [*found, CorrectionItem("", note, "说明")] if found and note else found


def _page(request: HttpRequest, actor: Actor, case: Case, listed: list[Mendable], kept: str, problem: str) -> HttpResponse:
    row = BY_NAME["ask-correction"]
    context = {
        "case": case, "row": row, "phrases": phrases_for(actor, row.name), "listed": [(one, text_of(request, f"why-{place}", LONGEST_WHY)) for place, one in enumerate(listed, 1)],
        "decision": may_move(case, actor, row.name, legal_day(timezone.now())), "note": text_of(request, "note", LONGEST_WHY),
        "list_query": kept, "back": case_href(case, filter_kept(kept) if kept else None),
        "problems": [{"text": problem, "href": "#why-1"}] if problem else [],
    }  # fmt: skip
    return render(request, "office/fulfilment/case_correct.html", context, status=400 if problem else 200)
