"""兑现候选: the rows behind every figure of a settlement, and one row with its whole computation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.models import Candidate
from tidu.apps.fulfilment.queries.settlements import CERTAIN, KINDS, ZERO, Wanted, candidates, cases_of, kind_of, lines
from tidu.apps.policies.loaded import packs
from tidu.look.figures import wan
from tidu.look.listing import Column
from tidu.sites.office.fulfilment.case_links import case_href
from tidu.sites.office.fulfilment.settlement_lists import CODE, FIRM_READERS, picked, said, street_field, words_field
from tidu.sites.office.fulfilment.settlements import ask_reason, run_or_404
from tidu.sites.office.plain_pages import ListPage, answer_list, way

SHOWN = {CERTAIN: "granted", ZERO: "not", "ruling": "ruling needed"}
"""The state under which the look shows an outcome; the others have their own name there."""


def shown_as(candidate: Candidate) -> str:
    """The state of the look for a candidate: the kernel's own word where it is certain."""
    kind = kind_of(candidate)
    return candidate.state if kind == CERTAIN else SHOWN.get(kind, kind)


COLUMNS = (
    Column("企业名称", lambda row: row.enterprise.name, lambda row: reverse("candidate", args=[row.pk]), below=CODE),
    Column("事项", lambda row: f"{row.award} {row.title}", below=Column("对象", lambda row: row.item), wide=True),
    Column("结论", lambda row: KINDS[kind_of(row)], state=shown_as),
    Column("金额（万元）", lambda row: wan(row.amount), lambda row: reverse("candidate", args=[row.pk]), number=True),
    Column("怎么算的", lambda row: str(row.computation.get("why", "")) or "—", wide=True),
)


@page_for(*FIRM_READERS)
@require_safe
def candidate_list(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The candidates of a run by item, outcome, payer, subdistrict, firm, missing fact."""
    run = run_or_404(actor, number)
    wanted = Wanted(
        *(said(request, name) for name in ("award", "kind", "payer", "street", "q", "missing", "case")),
    )
    known = lines(actor, run)
    items = list({line.award: f"{line.award} {line.title}" for line in known}.items())
    payers = sorted({line.payer for line in known})
    filters = [
        picked("award", "事项", wanted.award, items),
        picked("kind", "结论", wanted.kind, list(KINDS.items())),
        picked("payer", "资金来源", wanted.payer, [(name, name) for name in payers]),
        picked("case", "办件", wanted.case, [("none", "还没有办件"), ("some", "已有办件")]),
        street_field(actor, wanted.street),
        words_field(wanted.words),
    ]
    if wanted.missing:
        filters.append(picked("missing", "缺少的数据", wanted.missing, [(wanted.missing, wanted.missing)]))
    rows = candidates(actor, run, wanted)
    line = f"政策日期 {run.law_date.isoformat()}，数据日期 {run.as_of.isoformat()}。“可兑现”已扣除上限、从高不重复和以前的发放。"
    page = ListPage(
        f"{run}：候选", COLUMNS, line, filters, crumbs=(way("settlements", "兑现测算"), way("settlement", str(run), run.pk)),
        empty="没有符合条件的候选。",
    )  # fmt: skip
    return answer_list(request, actor, rows, page)


@page_for(*FIRM_READERS)
@require_safe
def candidate(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One candidate: every step of the computation, the rulings it rests on, what is missing, the case that exists."""
    found = Candidate.objects.visible_to(actor).filter(pk=number).select_related("run", "enterprise__subdistrict").first()
    if found is None:
        raise Http404("没有这条候选，或者不在您的管辖范围内。")
    book, told = packs().book, found.computation
    known = book.rulings if book is not None else {}
    rulings = [
        (name, known[name].question, found.run.choices.get(name, known[name].choice)) for name in told.get("rulings", ()) if name in known
    ]
    context = {
        "row": found, "run": found.run, "how": told.get("how", ()), "why": told.get("why", ""), "rulings": rulings,
        "facts": [(fact, ask_reason(fact, actor)) for fact in told.get("missing", ())],
        "kind": KINDS[kind_of(found)], "state": shown_as(found), "route": item_rules(found.award).route,
        "cases": [(case, case_href(case)) for case in cases_of(actor, found)], "packs": sorted(told.get("packs", {}).items()),
        "computed": told.get("computed"), "base": told.get("base"),
    }  # fmt: skip
    return render(request, "office/fulfilment/candidate.html", context)
