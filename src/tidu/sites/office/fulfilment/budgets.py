"""年度预算: planned, bound, paid and left by payer and clause; planning one; the cases and payments behind a figure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.audit.queries import history_of, short_text
from tidu.apps.fulfilment.domain.budgeting import plan_budget
from tidu.apps.fulfilment.models import Budget
from tidu.apps.fulfilment.queries.budgets import budgets, committed_cases, grounds, payments, totals, years
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError
from tidu.kernel.quantities import decimal_text
from tidu.look.fields import FIGURE, LONG, SELECT, Choice, Field
from tidu.look.figures import FEN_PER_WAN, wan, yuan_text
from tidu.look.listing import Column
from tidu.sites.office.fulfilment.case_links import case_href
from tidu.sites.office.fulfilment.settlement_lists import BUDGET_READERS, CODE, MONEY_READERS, number_written, said, written
from tidu.sites.office.plain_pages import FormPage, ListPage, answer_form, answer_list, attempt, way

HEAD = (Role.BUREAU_HEAD,)


def _year(request: HttpRequest) -> int:
    text = said(request, "year")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else timezone.localdate().year


@page_for(*BUDGET_READERS)
@require_safe
def budget_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The budgets of a year."""
    year = _year(request)
    listed = budgets(actor, year)
    context = {
        "year": year, "years": years(actor, timezone.localdate().year), "rows": listed, "totals": totals(listed),
        "may_plan": actor.may_write(*HEAD), "opens": actor.has(*MONEY_READERS),
    }  # fmt: skip
    return render(request, "office/fulfilment/budgets.html", context)


def fen_written(request: HttpRequest, name: str) -> int:
    """An amount entered in 万元, as fen; exact, raises ``bad-amount``."""
    text = request.POST.get(name, "").strip().replace(",", "").replace("，", "")
    whole, point, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 10 and len(rest) <= 6) or (
        point and not (rest.isascii() and rest.isdigit())
    ):
        raise TiduError("bad-amount", f"金额“{text[:20]}”不对。请按万元填写，最多六位小数（精确到分），如 120 或 120.5。")
    return int(whole) * FEN_PER_WAN + int(rest.ljust(6, "0"))


def _typed_wan(fen: int) -> str:
    return decimal_text(Fraction(fen, FEN_PER_WAN))


@page_for(*HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def new_budget(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Plan a budget for a payer and clause that pays."""
    listed = grounds(packs())
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        made, problems = attempt(lambda: _planned(request, actor, listed))
        if made is not None:
            return HttpResponseRedirect(f"{reverse('budgets')}?year={made.year}")
    choices = [Choice(str(place), f"{payer}　{clause}　{titles}") for place, (payer, clause, titles) in enumerate(listed)]
    fields = [
        Field("year", "年度", FIGURE, unit="年", values=(written(request, "year", 4) or str(_year(request)),), short=True),
        Field("ground", "资金来源和条款", SELECT, "来自现行政策规则", values=(written(request, "ground", 4),), choices=choices),
        Field("planned", "预算", FIGURE, unit="万元", values=(written(request, "planned", 20),), short=True),
        Field("reason", "依据", LONG, "如：预算批复文号", values=(written(request, "reason", 300),), optional=True),
    ]
    return answer_form(request, FormPage("编列预算", fields, "编列", crumbs=(way("budgets", "年度预算"),)), problems)


def _planned(request: HttpRequest, actor: Actor, listed: list[tuple[str, str, str]]) -> Budget:
    place, year = written(request, "ground", 4), number_written(request, "year", "年度")
    if not (place.isascii() and place.isdigit() and int(place) < len(listed)):
        raise TiduError("ground-missing", "请选择资金来源和条款。")
    if not 2000 <= year <= 2100:
        raise TiduError("bad-year", f"年度“{year}”不对。请填四位年份。")
    payer, clause, _ = listed[int(place)]
    return plan_budget(
        actor=actor, at=timezone.now(), year=year, payer=payer, clause=clause, planned=fen_written(request, "planned"),
        reason=written(request, "reason", 300),
    )  # fmt: skip


def _budget(actor: Actor, number: int) -> Budget:
    found = Budget.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这笔预算。请从年度预算进入。")
    return found


@page_for(*BUDGET_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One budget with its figures; POST changes what is planned, with a reason, never below what is bound."""
    found = _budget(actor, number)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        done, problems = attempt(
            lambda: plan_budget(
                actor=actor, at=timezone.now(), year=found.year, payer=found.payer, clause=found.clause,
                planned=fen_written(request, "planned"), reason=written(request, "reason", 300),
                version=number_written(request, "version", "版本"),
            )
        )  # fmt: skip
        if done is not None:
            return HttpResponseRedirect(reverse("budget", args=[found.pk]))
    hint = f"不能低于已承诺的 {wan(found.committed)} 万元"
    fields = [
        Field("planned", "调整为", FIGURE, hint, "万元", (written(request, "planned", 20) or _typed_wan(found.planned),), short=True),
        Field("reason", "理由和依据", LONG, values=(written(request, "reason", 300),)),
    ]
    history = [(event, short_text(event)) for event in history_of(actor, "budget", str(found.pk))[:50]]
    context = {
        "budget": found, "fields": fields, "problems": problems, "decision": actor.may_write(*HEAD), "history": history,
        "opens": actor.has(*MONEY_READERS),
    }  # fmt: skip
    return render(request, "office/fulfilment/budget.html", context, status=400 if problems else 200)


CASE_COLUMNS = (
    Column("企业名称", lambda case: case.enterprise.name, case_href),
    CODE,
    Column("事项", lambda case: f"{case.award} {case.title}：{case.item}"),
    Column("决定金额（万元）", lambda case: wan(case.amount), number=True),
    Column("状态", lambda case: case.get_state_display()),
    Column("会审批次", lambda case: case.batch.title if case.batch else "—"),
)
PAYMENT_COLUMNS = (
    Column("企业名称", lambda payment: payment.case.enterprise.name, lambda payment: case_href(payment.case)),
    Column("信用代码", lambda payment: payment.case.enterprise.code, whole=True),
    Column("事项", lambda payment: f"{payment.case.award} {payment.case.title}"),
    Column("拨付金额（元）", lambda payment: yuan_text(payment.amount), number=True),
    Column("到账日期", lambda payment: payment.paid_on.isoformat() if payment.paid_on else "—", whole=True),
    Column("拨付批次", lambda payment: payment.batch.number, whole=True),
    Column("财政流水号", lambda payment: payment.reference or "—"),
)


@page_for(*MONEY_READERS)
@require_safe
def budget_cases(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The cases whose amounts are bound."""
    found = _budget(actor, number)
    return _behind(request, actor, found, committed_cases(actor, found), CASE_COLUMNS, "已承诺的办件", found.committed)


@page_for(*MONEY_READERS)
@require_safe
def budget_payments(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The payments that arrived."""
    found = _budget(actor, number)
    return _behind(request, actor, found, payments(actor, found), PAYMENT_COLUMNS, "已拨付的资金", found.paid)


def _behind(request: HttpRequest, actor: Actor, found: Budget, rows: Any, columns: Any, what: str, fen: int) -> HttpResponse:
    crumbs = (way("budgets", "年度预算"), way("budget", str(found), found.pk))
    page = ListPage(f"{found}：{what}", columns, f"合计 {wan(fen)} 万元。", crumbs=crumbs, empty=f"没有{what}。")
    return answer_list(request, actor, rows, page)
