"""办件: the list with its tabs and filters, and acts on many with a result per row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.apps.fulfilment.domain.handling import MANY, act_on_many
from tidu.apps.fulfilment.domain.transitions import BY_NAME
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Case
from tidu.apps.fulfilment.queries.cases import ALL, GROUPS, MINE, CaseFilter, case_counts, choices, listed_cases
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.sites.office.cultivation_lists import Sheet, answer_list, ticked
from tidu.sites.office.fulfilment.case_lists import HANDLERS, READERS, TICK, columns, filter_kept, filter_of, query_of

LONGEST_REASON = 1000


@page_for(*READERS)
@require_safe
def case_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """办件: without a filter, what waits for the actor; for who handles nothing, all."""
    day = legal_day(timezone.now())
    wanted = filter_of(request.GET)
    if not request.GET:
        wanted = replace(wanted, group=MINE if actor.may_write(*HANDLERS) else ALL)
    counts, can = case_counts(actor, day, wanted), choices(actor)
    tabs = [(MINE, "待我办理", counts.mine), *[(one.key, one.label, counts.groups[one.key]) for one in GROUPS], (ALL, "全部", counts.all)]
    context = {
        "wanted": wanted, "counts": counts, "can": can, "streets": subdistricts_of(actor), "routes": Route.choices,
        "tabs": [(key, label, count, _address(wanted, group=key, state="")) for key, label, count in tabs],
        "late_href": _address(wanted, late="yes"), "query": urlencode(query_of(wanted)),
        "kept": [(name, value) for name, value in query_of(wanted).items() if name in {"group", "state", "firm", "batch", "notice"}],
        "narrowed": [text for text in (_told_state(wanted), f"企业 {wanted.firm}" if wanted.firm else "") if text],
        "many": [(BY_NAME[name], actor.may_write(*BY_NAME[name].roles)) for name in MANY],
    }  # fmt: skip
    rows = listed_cases(actor, day, wanted)
    sheet = Sheet(rows, columns(day, wanted, wide=request.GET.get("format") == "xlsx"), "办件清单", "没有符合条件的办件。", TICK)
    return answer_list(request, actor, sheet, "office/fulfilment/cases.html", context)


def _told_state(wanted: CaseFilter) -> str:
    return f"状态：{CaseState(wanted.state).label}" if wanted.state in CaseState.values else ""


def _address(wanted: CaseFilter, **more: str) -> str:
    given: dict[str, Any] = query_of(wanted) | more
    return f"{reverse('cases')}?{urlencode({name: value for name, value in given.items() if value})}"


@page_for(*HANDLERS)
@require_POST
def act_on_ticked(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Do one act with the cases ticked; the answer says of each row what came of it."""
    name = request.POST.get("act", "")
    if name not in MANY:
        raise TiduError("no-such-act", "请选择要办理的事项。")
    rows = [(int(key), version) for key, version in ticked(request) if key.isascii() and key.isdigit() and len(key) < 10]
    found = Case.objects.visible_to(actor).select_related("enterprise").in_bulk([key for key, _ in rows])
    strangers = [str(key) for key, _ in rows if key not in found]
    listed = [(found[key], version) for key, version in rows if key in found]
    text = request.POST.get("text", "").strip()[:LONGEST_REASON]
    results = act_on_many(actor=actor, at=timezone.now(), rows=listed, name=name, text=text)
    back = urlencode(query_of(filter_kept(request.POST.get("list", ""))))
    context = {
        "label": BY_NAME[name].label, "results": results, "strangers": strangers, "done": sum(one.done for one in results),
        "failed": sum(not one.done for one in results) + len(strangers), "back": f"{reverse('cases')}{f'?{back}' if back else ''}",
    }  # fmt: skip
    return render(request, "office/fulfilment/cases_done.html", context)
