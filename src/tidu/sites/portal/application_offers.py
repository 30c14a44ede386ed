"""可申报事项: what the firm may get now, how the amount comes about, what is missing; an application begins here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.settling import cases_of_item, duplicate, may_apply, open_application
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Candidate, Case
from tidu.apps.fulfilment.queries.own import OFFERS, READY, cases_of, latest_run, offered_total, offers
from tidu.apps.paper.domain.grounds import ruling_lines
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError
from tidu.look.figures import wan
from tidu.look.listing import Column, page_of
from tidu.look.states import STATES
from tidu.sites.portal.application_shown import page_of_case
from tidu.sites.portal.pages import firm_page


def _columns(firm: Enterprise) -> tuple[Column, ...]:
    return (
        Column("事项", lambda one: one.title, lambda one: reverse("portal-offer", args=[firm.code, one.pk])),
        Column("对象", lambda one: one.item),
        Column("金额（万元）", lambda one: wan(one.amount) if one.amount else "—", number=True, whole=True),
        Column("方式", lambda one: item_rules(one.award).route.label),
        Column("结论", lambda one: STATES[one.state].text, state=lambda one: one.state),
        Column("资金来源", lambda one: one.payer),
    )


@firm_page()
@require_safe
def listed(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """The candidates of the latest settlement, and the 免申即享 cases that wait for the firm's word."""
    run, shown = latest_run(), request.GET.get("show", READY)
    shown = shown if shown in OFFERS else READY
    count, total = offered_total(firm, run)
    found = offers(firm, run, shown)
    context = {
        "firm": firm,
        "run": run,
        "count": count,
        "total": total,
        "tabs": [(name, text, name == shown) for name, text in OFFERS.items()],
        "waiting": list(cases_of(actor, firm, "confirm")),
        "listing": page_of(found, _columns(firm), request.GET.dict(), label=OFFERS[shown], empty=f"没有“{OFFERS[shown]}”的事项。"),
    }
    return render(request, "portal/offers.html", context)


def _offer(actor: Actor, firm: Enterprise, number: int) -> Candidate:
    found = Candidate.objects.visible_to(actor).filter(enterprise=firm, pk=number).select_related("run", "enterprise").first()
    if found is None:
        raise Http404("没有这个事项。请从“可申报事项”里选择。")
    return found


def may_begin(actor: Actor, candidate: Candidate, earlier: list[Case]) -> Decision:
    """Whether an application begins here: what needs none begins by itself, unless the firm declined that before."""
    living = [one for one in earlier if one.state not in {CaseState.WITHDRAWN, CaseState.REFUSED}]
    if living:
        return no(duplicate(living[0]).message, "case-duplicate")
    allowed = may_apply(actor, candidate)
    if allowed and item_rules(candidate.award).route == Route.NO_APPLICATION and not earlier:
        return no("这一事项免申即享，不用申报：牵头局列入名单后，会请您确认意愿和收款账户。", "no-application")
    newest = latest_run()
    if allowed and newest is not None and newest.pk != candidate.run_id:
        return no("已有更新的测算，请回到“可申报事项”按最新结果办理。", "older-run")
    return allowed


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """One item: how it was computed, what is missing, which ruling it waits for; POST begins the application."""
    candidate = _offer(actor, firm, number)
    same = list(cases_of_item(candidate).select_related("enterprise").order_by("-pk"))
    begin = may_begin(actor, candidate, same)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            begin.require()
            made = open_application(actor=actor, at=timezone.now(), candidate=candidate)
        except TiduError as error:
            existing = error.data.get("case") or next((one.pk for one in same), None)
            mine = cases_of(actor, firm).filter(pk=existing).select_related("enterprise").first() if existing else None
            problems.append({"text": error.message, "href": page_of_case(mine) if mine is not None else ""})
        else:
            return HttpResponseRedirect(page_of_case(made))
    seen = set(cases_of(actor, firm).filter(pk__in=[one.pk for one in same]).values_list("pk", flat=True))
    context = {
        "firm": firm,
        "offer": candidate,
        "rules": item_rules(candidate.award),
        "how": candidate.computation.get("how", ()),
        "why": candidate.computation.get("why", ""),
        "missing": candidate.computation.get("missing", ()),
        "rulings": ruling_lines(candidate.computation.get("rulings", ()), packs().book, candidate.run.made_at),
        "earlier": [one for one in same if one.pk in seen],
        "begin": begin,
        "problems": problems,
    }
    return render(request, "portal/offer.html", context, status=400 if problems else 200)
