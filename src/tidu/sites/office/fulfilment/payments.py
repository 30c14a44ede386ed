"""资金兑现: who waits for whose money, a new batch, payments that came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain.capitals import in_capitals
from tidu.apps.fulfilment.domain.payment_rights import MAKERS, may_make_batch
from tidu.apps.fulfilment.enums import PaymentBatchState
from tidu.apps.fulfilment.models import Case
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY
from tidu.apps.fulfilment.queries import payments as queries
from tidu.apps.jobs.domain.asking import ask_for
from tidu.kernel.errors import TiduError
from tidu.look.figures import grouped, yuan_text
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import Sheet, answer_list, ticked, told
from tidu.sites.office.fulfilment.case_links import opener
from tidu.sites.office.fulfilment.payments_confirming import Confirm, ask_first, case_href
from tidu.sites.office.plain_pages import ListPage, chosen, way
from tidu.sites.office.plain_pages import answer_list as answer_plain

READERS: tuple[Role, ...] = (*SEES_ALL_MONEY, Role.DEPARTMENT_CLERK)
"""Departments open these pages too; only the finance department finds something there."""
WAITING_STATES = {"firm": "near", "again": "todo", "batched": "checking", "done": "done", "given-up": "not"}
WAITING_COLUMNS = (
    Column(
        "企业名称", lambda case: case.enterprise.name, lambda case: case_href(case.pk), below=Column("受理编号", lambda case: case.number)
    ),
    Column("事项", lambda case: case.title, below=Column("条款", lambda case: case.clause)),
    Column("收款账户", lambda case: "已填" if case.account else "没有"),
    Column("金额（元）", lambda case: yuan_text(case.amount), number=True),
    Column("公示期满", lambda case: str(case.notice.until) if case.notice and case.notice.until else "—", whole=True),
    Column("备注", lambda case: f"退票 {case.returned} 次，账户已更正" if case.returned else ""),
)
WAITING_TICK = Column("选择", lambda case: f"{case.pk}:{case.version}")


@page_for(*SEES_ALL_MONEY)
@require_safe
def payments(request: HttpRequest, actor: Actor) -> HttpResponse:
    """资金兑现: each payer's money apart."""
    purses = queries.purses(actor)
    recent = list(queries.batches(actor).exclude(state__in=(PaymentBatchState.CLOSED, PaymentBatchState.DROPPED))[:10])
    return render(request, "office/fulfilment/payments.html", {"purses": purses, "recent": recent, "states": BATCH_STATES})


BATCH_STATES = {
    PaymentBatchState.MADE: "todo",
    PaymentBatchState.CHECKED: "near",
    PaymentBatchState.SENT: "checking",
    PaymentBatchState.CLOSED: "done",
    PaymentBatchState.DROPPED: "not",
}


def _wanted(given: Callable[[str], str]) -> tuple[str, str, str]:
    """Payer, words and clause of a request; the district's own money where no payer is named."""
    return given("payer") or queries.OWN, given("q"), given("clause")


@page_for(*SEES_ALL_MONEY)
@require_safe
def payment_waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """待拨付: cleared cases of one payer, to tick or to take all that the filter leaves."""
    payer, words, clause = _wanted(lambda name: told(request, name))
    rows = queries.waiting_cases(actor, payer, words=words, clause=clause)
    sheet = Sheet(rows, WAITING_COLUMNS, f"{payer}待拨付", "没有等待拨付的办件。", WAITING_TICK)
    context = {
        "payer": payer, "kind": queries.kind_of_money(payer), "words": words, "clause": clause, "purses": queries.purses(actor),
        "clauses": queries.waiting_clauses(actor, payer), "may_make": may_make_batch(actor),
    }  # fmt: skip
    return answer_list(request, actor, sheet, "office/fulfilment/payment_waiting.html", context)


@page_for(*MAKERS)
@require_POST
def payment_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """建立拨付批次: what it will hold, then the work itself."""
    may_make_batch(actor).require()
    payer, words, clause = _wanted(lambda name: request.POST.get(name, "").strip()[:60])
    whole = request.POST.get("all") == "1"
    rows = queries.waiting_cases(actor, payer, words=words, clause=clause)
    if not whole:
        rows = queries.waiting_cases(actor, payer).filter(pk__in=[int(key) for key, _ in ticked(request) if key.isdecimal()])
    cases = list(rows)
    if not cases:
        raise TiduError("nothing-waits", f"选中的办件已经不在{payer}待拨付名单里，可能已由别人列入批次。请返回刷新。")
    fen = sum(case.amount or 0 for case in cases)
    seen = f"{len(cases)}:{fen}"
    problems = []
    if request.POST.get("sure") == "yes":
        if request.POST.get("seen") == seen:
            return _asked(actor, payer, cases)
        problems.append({"text": "名单在您核对期间有变化，请按下面新的件数和金额再核对一次。"})
    back = f"{reverse('payment-waiting')}?payer={payer}"
    hidden: dict[str, Any] = {"payer": payer, "seen": seen, "sure": "yes"}
    hidden |= {"all": "1", "q": words, "clause": clause} if whole else {"row": [f"{case.pk}:{case.version}" for case in cases]}
    return ask_first(request, _summary(payer, cases, fen, hidden, back), problems)


def _summary(payer: str, cases: list[Case], fen: int, hidden: dict[str, Any], back: str) -> Confirm:
    counts, sums = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for case in cases:
        counts[case.clause, case.title] += 1
        sums[case.clause, case.title] += case.amount or 0
    lacking = sum(not case.account for case in cases)
    notes = [
        "建立批次时逐件再核一次：期间被列入限制名单的、已从别处领过的，不列入，并说明理由。",
        "批次须由另一人复核后才能送财政。",
    ]
    if lacking:
        notes.insert(0, f"其中 {lacking} 件没有收款账户，不会列入批次。")
    table = [("条款", "事项", "件数", "金额（元）"), *((*key, grouped(str(counts[key])), yuan_text(sums[key])) for key in sorted(counts))]
    lines = [
        ("资金来源", f"{payer}（{queries.kind_of_money(payer)}）"),
        ("办件", f"{len(cases):,} 件"),
        ("企业", f"{len({case.enterprise_id for case in cases}):,} 家"),
        ("合计", f"{yuan_text(fen)} 元（{in_capitals(fen)}）"),
    ]
    return Confirm(
        "建立拨付批次", f"建立{payer}拨付批次", lines, (way("payments", "资金兑现"),), notes, hidden=hidden, back=back, table=table
    )


def _asked(actor: Actor, payer: str, cases: list[Case]) -> HttpResponse:
    numbers = [case.pk for case in cases]
    job = ask_for(
        actor=actor, at=timezone.now(), kind="fulfilment.pay", title=f"{payer}拨付批次（{len(numbers):,} 件）", key=f"fulfilment.pay:{payer}",
        parameters={"payer": payer, "cases": numbers, "href": reverse("payment-waiting"), "page": reverse("payment-batches")},
    )  # fmt: skip
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


def _has_to_do(payment: Any) -> str:
    key, _ = queries.waiting_word(payment.case)
    if key == "firm":
        return "企业在“我的申报”里更正收款账户，户名须与企业名称一致"
    return "牵头局重新列入拨付批次" if key == "again" else ""


def returned_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of the payments that came back; a firm leads to its case where the person may open it."""
    opens = opener(actor)
    return (
        Column(
            "企业名称", lambda one: one.case.enterprise.name, lambda one: opens(one.case_id), below=Column("事项", lambda one: one.case.title)
        ),
        Column("金额（元）", lambda one: yuan_text(one.amount), number=True),
        Column(
            "批次", lambda one: one.batch.number, lambda one: reverse("payment-batch", args=[one.batch_id]), whole=True,
            below=Column("次数", lambda one: f"第 {one.attempt} 次"),
        ),
        Column("退票原因", lambda one: one.returned_why),
        Column(
            "现在", lambda one: queries.waiting_word(one.case)[1], state=lambda one: WAITING_STATES[queries.waiting_word(one.case)[0]],
            wide=True, below=Column("接下来", _has_to_do),
        ),
    )  # fmt: skip


@page_for(*READERS)
@require_safe
def payments_returned(request: HttpRequest, actor: Actor) -> HttpResponse:
    """退票: why, what the firm has to do, whether it was paid again."""
    filters = (
        chosen(request, "waiting", "现在", queries.WAITING_WORDS.items()),
        chosen(request, "payer", "资金来源", [(one, one) for one in ("区级", "市级", "省级")]),
    )
    listed = queries.returned_payments(actor, waiting=filters[0].value, payer=filters[1].value)
    page = ListPage(
        "退票", returned_columns(actor), "财政退回的每一笔都留着；企业更正账户后重新列入批次，另记一笔。", filters, empty="没有退票。",
        crumbs=(way("payments", "资金兑现"),) if actor.has(*SEES_ALL_MONEY) else (),
    )  # fmt: skip
    return answer_plain(request, actor, listed, page)
