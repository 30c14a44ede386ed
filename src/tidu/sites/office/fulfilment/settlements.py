"""兑现测算: the runs, a button for another, one run in figures, and asking for what it lacks."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.asking import ask_for_settlement, may_settle, usual_law_date
from tidu.apps.fulfilment.models import SettlementRun
from tidu.apps.fulfilment.queries.no_application import no_application
from tidu.apps.fulfilment.queries.settlements import CERTAIN, KINDS, Wanted, candidates, lines, missing_facts, run_sums, runs
from tidu.apps.policies.loaded import packs
from tidu.apps.quality.domain.requesting import Wanted as Request
from tidu.apps.quality.domain.requesting import holders_of, may_request, request_facts
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Kind, catalogue
from tidu.look.fields import RADIO, Choice, Field
from tidu.look.figures import wan
from tidu.look.listing import Column
from tidu.sites.office.assessment_lists import listed
from tidu.sites.office.fulfilment.settlement_lists import CLERKS, FIRM_READERS, MONEY_READERS, day_field, day_written, moment, said, written
from tidu.sites.office.plain_pages import FormPage, answer_form, attempt, way

TO_FIRMS = "firms"
RUN_COLUMNS = (
    Column("测算", str, lambda run: reverse("settlement", args=[run.pk])),
    Column("测算时间", lambda run: moment(run.made_at), whole=True),
    Column("政策日期", lambda run: run.law_date.isoformat(), whole=True),
    Column("数据日期", lambda run: run.as_of.isoformat(), whole=True),
    Column("候选", lambda run: f"{run.sums[0]:,}", lambda run: reverse("candidates", args=[run.pk]), number=True),
    Column("可兑现", lambda run: f"{run.sums[1]:,}", lambda run: f"{reverse('candidates', args=[run.pk])}?kind={CERTAIN}", number=True),
    Column("金额（万元）", lambda run: "；".join(f"{payer} {wan(fen)}" for payer, fen in run.sums[2].items() if fen) or "0"),
    Column("测算人", lambda run: run.made_by),
)


class WithSums:
    """Runs with their figures, a page at a time."""

    def __init__(self, actor: Actor) -> None:
        self.actor, self.rows = actor, runs(actor)

    def count(self) -> int:
        """How many runs."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Any]:
        page: list[Any] = list(self.rows[part])
        sums = run_sums(self.actor, page)
        for one in page:
            one.sums = sums.get(one.pk, (0, 0, {}))
        return page


@page_for(*FIRM_READERS)
@require_safe
def settlements(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All runs, newest first, and the form for another."""
    today = timezone.localdate()
    law_date = usual_law_date(packs(), today)
    fields = [
        day_field("law_date", "政策日期", "按哪一天有效的政策。政策已到期的，按最后一天", law_date),
        day_field("as_of", "数据日期", "按截至哪一天的数据、历史发放和除外情形", today),
    ]
    context = {"fields": fields, "decision": may_settle(actor)}
    return listed(
        request, actor, WithSums(actor), RUN_COLUMNS, title="兑现测算", template="office/fulfilment/settlements.html", empty="还没有测算过。",
        context=lambda: context,
    )  # fmt: skip


@page_for(*CLERKS)
@require_POST
def settle_now(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The button 测算: queue the work and show how far it is."""
    job = ask_for_settlement(
        actor=actor, at=timezone.now(), packs=packs(), law_date=day_written(request, "law_date", "政策日期"),
        as_of=day_written(request, "as_of", "数据日期"), page=reverse("settlements"),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def run_or_404(actor: Actor, number: int) -> SettlementRun:
    """The run by its number, where the actor may see it."""
    found = SettlementRun.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这次测算。请从兑现测算列表进入。")
    return found


@page_for(*FIRM_READERS)
@require_safe
def settlement(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One run: counts and money by item and outcome, each number a list."""
    found = run_or_404(actor, number)
    base = reverse("candidates", args=[found.pk])
    counted = lines(actor, found)
    rows = [
        {
            "line": line,
            "route": "免申即享" if no_application(line.award) else "申报",
            "asked": no_application(line.award),
            "cells": [
                {"kind": kind, "title": title, "count": line.counts[kind], "href": f"{base}?award={line.award}&kind={kind}"}
                for kind, title in KINDS.items()
            ],
        }
        for line in counted
    ]
    payers: dict[str, list[int]] = {}
    for line in counted:
        sums = payers.setdefault(line.payer, [0, 0])
        sums[0], sums[1] = sums[0] + line.counts[CERTAIN], sums[1] + line.amount
    facts = [(fact, count, firms, ask_reason(fact, actor)) for fact, count, firms in missing_facts(actor, found)]
    context = {
        "run": found, "rows": rows, "kinds": KINDS, "payers": payers, "facts": facts, "scoped": not actor.has(*FIRM_READERS[:-1]),
        "choices": sorted(found.choices.items()), "lists": actor.has(*MONEY_READERS), "packs": sorted(found.packs.items()),
        "newest": not SettlementRun.objects.filter(pk__gt=found.pk).exists(),
    }  # fmt: skip
    return render(request, "office/fulfilment/settlement.html", context)


def ask_reason(fact: str, actor: Actor) -> Decision:
    """Whether a missing fact can be asked for from here."""
    allowed = may_request(fact, actor)
    if allowed and catalogue().facts[fact].kind is not Kind.FIRM:
        return no(f"“{fact}”按年度报送，请在“数据质量”里选年度提出。", "by-year")
    return allowed


@page_for(*CLERKS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_fact(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Ask the unit that has a fact, or the firms, for what keeps candidates of a run undecided."""
    found, fact = run_or_404(actor, number), said(request, "fact") or written(request, "fact", 100)
    if not fact:
        return HttpResponseRedirect(reverse("settlement", args=[found.pk]))
    ask_reason(fact, actor).require()
    rows = [(firm, 0) for firm in candidates(actor, found, Wanted(missing=fact)).values_list("enterprise_id", flat=True)]
    units, by_firms = holders_of(fact)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        due = day_written(request, "due", "期限") if request.POST.get("due") else None
        known = {str(unit.pk): unit for unit in units}
        made, problems = attempt(
            lambda: request_facts(
                actor=actor, at=timezone.localtime(),
                wanted=Request(fact, _holder(request, known, by_firms), rows, written(request, "why", 300), due),
            )
        )  # fmt: skip
        if made is not None:
            return HttpResponseRedirect(reverse("fact-request", args=[made.pk]))
    choices = [Choice(str(unit.pk), unit.name) for unit in units] + ([Choice(TO_FIRMS, "这些企业自己")] if by_firms else [])
    fields = [
        Field("to", "向谁要", RADIO, "指标目录登记的来源", values=(choices[0].value,) if choices else (), choices=choices),
        Field("why", "用途", hint="对方会看到", values=(written(request, "why") or f"{found}缺少这项数据，不能确定能否兑现",)),
        day_field("due", "期限", "可不填", None),
    ]
    crumbs = (way("settlements", "兑现测算"), way("settlement", str(found), found.pk))
    page = FormPage(f"请提供“{fact}”", fields, f"提出，共 {len(set(rows)):,} 家企业", crumbs=crumbs, hidden={"fact": fact})
    return answer_form(request, page, problems)


def _holder(request: HttpRequest, known: dict[str, Any], by_firms: bool) -> Any:
    to = request.POST.get("to", "")
    if to not in known and not (to == TO_FIRMS and by_firms):
        raise TiduError("to-whom", "请选择向哪个单位或者向企业要这项数据。")
    return known.get(to)
