"""拨付批次: the list, one batch, and what is done with it: checked, sent back, sent to finance, its accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.fulfilment.domain import payment_rights as rights
from tidu.apps.fulfilment.domain.capitals import in_capitals
from tidu.apps.fulfilment.domain.paying import check_payment_batch, drop_payment_batch
from tidu.apps.fulfilment.domain.revealing import reveal_account
from tidu.apps.fulfilment.enums import PaymentBatchState, PaymentState
from tidu.apps.fulfilment.interfaces.allocation import make_allocation
from tidu.apps.fulfilment.models import Payment, PaymentBatch
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY
from tidu.apps.fulfilment.queries import payments as queries
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.paper.domain.dossier_sections import shown_account
from tidu.look.fields import LONG, Field
from tidu.look.figures import grouped, yuan_text
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import Sheet, answer_list, told
from tidu.sites.office.exports import EXCEL
from tidu.sites.office.fulfilment.case_links import opener
from tidu.sites.office.fulfilment.payments import BATCH_STATES, READERS
from tidu.sites.office.fulfilment.payments_confirming import Confirm, ask_first, typed_version
from tidu.sites.office.grant_pages import moment_text
from tidu.sites.office.plain_pages import Act, ListPage, attempt, chosen, text_of, way
from tidu.sites.office.plain_pages import answer_list as answer_plain

PAYMENT_STATES = {
    PaymentState.PLANNED: "todo",
    PaymentState.SENT: "checking",
    PaymentState.PAID: "done",
    PaymentState.RETURNED: "lacking",
    PaymentState.DROPPED: "not",
}
BATCH_COLUMNS = (
    Column("批次号", lambda one: one.number, lambda one: reverse("payment-batch", args=[one.pk]), whole=True),
    Column("资金来源", lambda one: one.payer),
    Column("状态", lambda one: one.get_state_display(), state=lambda one: BATCH_STATES[PaymentBatchState(one.state)]),
    Column("笔数", lambda one: grouped(str(one.count)), number=True),
    Column("金额（元）", lambda one: yuan_text(one.fen), number=True),
    Column("到账", lambda one: grouped(str(one.paid)), number=True),
    Column("退票", lambda one: grouped(str(one.returned)), number=True),
    Column("制单", lambda one: one.maker.name, below=Column("制单时间", lambda one: moment_text(one.made_at))),
    Column(
        "复核", lambda one: one.checker.name if one.checker else "—",
        below=Column("复核时间", lambda one: moment_text(one.checked_at) if one.checker else ""),
    ),
    Column("送财政", lambda one: moment_text(one.sent_at)),
)  # fmt: skip


def _short_account(one: Any) -> str:
    """The end of an account, enough to tell two of a firm apart."""
    text = shown_account(one)
    return f"****{text[-4:]}" if text.startswith("*") else text


def _result(one: Any) -> str:
    if one.state == PaymentState.RETURNED:
        return f"{one.returned_why}（{one.reference}）"
    return f"{one.paid_on} 到账（{one.reference}）" if one.paid_on else ""


def _voucher_href(one: Any) -> str:
    return reverse("voucher-paper", args=[one.voucher.pk]) if hasattr(one, "voucher") else ""


def row_columns(actor: Actor) -> tuple[Column, ...]:
    """The columns of the rows of a batch; a firm leads to its case where the person may open it."""
    opens = opener(actor)
    return (
        Column(
            "企业名称", lambda one: one.case.enterprise.name, lambda one: opens(one.case_id), below=Column("事项", lambda one: one.case.title)
        ),
        Column("收款账号", _short_account, lambda one: reverse("payment-account", args=[one.pk]), whole=True),
        Column("金额（元）", lambda one: yuan_text(one.amount), number=True),
        Column("状态", lambda one: one.get_state_display(), state=lambda one: PAYMENT_STATES[PaymentState(one.state)]),
        Column("财政回执", _result, wide=True),
        Column("凭证", lambda one: one.voucher.number if hasattr(one, "voucher") else "", _voucher_href, whole=True),
    )  # fmt: skip


def batch_of(actor: Actor, number: int) -> PaymentBatch:
    """The batch of an address, if the actor may see it."""
    found = PaymentBatch.objects.visible_to(actor).select_related("maker", "checker").filter(pk=number).first()
    if found is None:
        raise Http404("没有这个拨付批次，或者还没有交给您的部门。请从“拨付批次”进入。")
    return found


@page_for(*READERS)
@require_safe
def payment_batches(request: HttpRequest, actor: Actor) -> HttpResponse:
    """拨付批次."""
    filters = (
        chosen(request, "payer", "资金来源", [(one, one) for one in ("区级", "市级", "省级")]),
        chosen(request, "state", "状态", PaymentBatchState.choices),
    )
    listed = queries.batches(actor, payer=filters[0].value, state=filters[1].value)
    crumbs = (way("payments", "资金兑现"),) if actor.has(*SEES_ALL_MONEY) else ()
    line = "一人制单，另一人复核，再送财政；财政的回执登记以后，每一笔是到账还是退票都在这里。"
    return answer_plain(request, actor, listed, ListPage("拨付批次", BATCH_COLUMNS, line, filters, crumbs=crumbs, empty="没有拨付批次。"))


@page_for(*READERS)
@require_safe
def payment_batch(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """一个批次: what it adds up to, what can be done now and why not, its payments by 50."""
    batch = batch_of(actor, number)
    state, words = told(request, "state"), told(request, "q")
    sums = queries.batch_sums(batch)
    rows = queries.batch_payments(actor, batch, state=state if state in PaymentState.values else "", words=words)
    context = {
        "batch": batch, "mark": BATCH_STATES[PaymentBatchState(batch.state)], "sums": sums, "kind": queries.kind_of_money(batch.payer),
        "capitals": in_capitals(sums.fen) if sums.fen else "", "acts": _acts(actor, batch), "state": state, "words": words,
        "tallies": [(value, label, *sums.states[value]) for value, label in PaymentState.choices if value in sums.states],
        "files": list(queries.feedback_files(batch)[:20]), "may_export": rights.may_export_batch(actor, batch),
        "sees_all": actor.has(*SEES_ALL_MONEY),
    }  # fmt: skip
    sheet = Sheet(rows, row_columns(actor), f"拨付批次{batch.number}", "没有符合条件的拨付。")
    return answer_list(request, actor, sheet, "office/fulfilment/payment_batch.html", context)


def _acts(actor: Actor, batch: PaymentBatch) -> list[Act]:
    """Ways on that fit the state of the batch; those a person may not go say why."""
    listed: tuple[tuple[str, str, Decision], ...] = (
        ("payment-check", "复核", rights.may_check_batch(actor, batch)),
        ("payment-send", "送财政", rights.may_send_batch(actor, batch)),
        ("payment-feedback", "登记财政回执", rights.may_take_feedback(actor, batch)),
        ("payment-drop", "退回批次", rights.may_drop_batch(actor, batch)),
    )
    return [Act(reverse(name, args=[batch.pk]), text, one.reason) for name, text, one in listed if one.code != "wrong-state"]


def lines_of(batch: PaymentBatch, sums: queries.BatchSums) -> list[tuple[str, str]]:
    """A batch in a few lines."""
    return [
        ("批次号", batch.number),
        ("资金来源", f"{batch.payer}（{queries.kind_of_money(batch.payer)}）"),
        ("制单", f"{batch.maker.name}，{moment_text(batch.made_at)}"),
        ("笔数", f"{sums.count:,} 笔"),
        ("合计", f"{yuan_text(sums.fen)} 元" + (f"（{in_capitals(sums.fen)}）" if sums.fen else "")),
    ]


def _table(sums: queries.BatchSums) -> list[tuple[str, ...]]:
    rows = ((clause, title, grouped(str(count)), yuan_text(fen)) for clause, title, count, fen in sums.clauses)
    return [("条款", "事项", "笔数", "金额（元）"), *rows]


def _act_page(
    request: HttpRequest, batch: PaymentBatch, page: Callable[[list[tuple[str, str]], list[tuple[str, ...]]], Confirm],
    act: Callable[[], HttpResponse],
) -> HttpResponse:  # fmt: skip
    """The summary of an act, or the act itself; what it refuses stands above the summary again."""
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        batch.version = typed_version(request)
        answer, problems = attempt(act)
        if answer is not None:
            return answer
        batch.refresh_from_db()
    sums = queries.batch_sums(batch)
    return ask_first(request, page(lines_of(batch, sums), _table(sums)), problems)


def _crumbs(batch: PaymentBatch) -> tuple[Act, ...]:
    return (way("payment-batches", "拨付批次"), way("payment-batch", batch.number, batch.pk))


@page_for(*rights.MAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_check(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """复核: by a second person, over the sums."""
    batch = batch_of(actor, number)

    def page(lines: list[tuple[str, str]], table: list[tuple[str, ...]]) -> Confirm:
        notes = ["复核表示：名单、金额和收款账户已逐笔核对，与会审决定和公示结果一致。复核后可以导出拨付明细、送财政。"]
        return Confirm(
            "复核拨付批次", "复核通过", lines, _crumbs(batch), notes, hidden={"version": str(batch.version)},
            why=rights.may_check_batch(actor, batch).reason, back=reverse("payment-batch", args=[batch.pk]), table=table,
        )  # fmt: skip

    def act() -> HttpResponse:
        check_payment_batch(actor=actor, at=timezone.now(), batch=batch)
        return HttpResponseRedirect(reverse("payment-batch", args=[batch.pk]))

    return _act_page(request, batch, page, act)


@page_for(*rights.MAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_drop(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """退回批次: with a reason; its cases wait for another batch."""
    batch = batch_of(actor, number)
    reason = text_of(request, "reason")

    def page(lines: list[tuple[str, str]], table: list[tuple[str, ...]]) -> Confirm:
        notes = ["退回后这个批次作废，其中的办件回到待拨付，可以去掉有问题的再建批次。"]
        return Confirm(
            "退回拨付批次", "退回批次", lines, _crumbs(batch), notes, (Field("reason", "退回的理由", LONG, values=(reason,)),),
            {"version": str(batch.version)}, rights.may_drop_batch(actor, batch).reason, danger=True,
            back=reverse("payment-batch", args=[batch.pk]), table=table,
        )  # fmt: skip

    def act() -> HttpResponse:
        drop_payment_batch(actor=actor, at=timezone.now(), batch=batch, text=reason)
        return HttpResponseRedirect(reverse("payment-batch", args=[batch.pk]))

    return _act_page(request, batch, page, act)


@page_for(*rights.MAKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_send(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """送财政: the table is made and its digest kept, beside the pages."""
    batch = batch_of(actor, number)

    def page(lines: list[tuple[str, str]], table: list[tuple[str, ...]]) -> Confirm:
        notes = [
            "送财政时逐笔再核一次；有企业已不能再付的，整批不送，并列出是哪一家、为什么。",
            "系统生成拨付明细表（含完整收款账号）并记下摘要；送出以后再下载，内容必须与摘要一致。每次下载记入操作日志。",
        ]
        return Confirm(
            "送财政拨付", "送财政", lines, _crumbs(batch), notes, hidden={"version": str(batch.version)},
            why=rights.may_send_batch(actor, batch).reason, back=reverse("payment-batch", args=[batch.pk]), table=table,
        )  # fmt: skip

    def act() -> HttpResponse:
        rights.may_send_batch(actor, batch).require()
        job = ask_for(
            actor=actor, at=timezone.now(), kind="fulfilment.send", title=f"拨付批次 {batch.number} 送财政",
            key=f"fulfilment.send:{batch.pk}",
            parameters={"batch": batch.pk, "version": batch.version, "href": reverse("payment-batch", args=[batch.pk])},
        )  # fmt: skip
        return HttpResponseRedirect(reverse("job", args=[job.pk]))

    return _act_page(request, batch, page, act)


@page_for(*rights.MAKERS)
@require_POST
def payment_allocation(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - every view is given it
    """资金拨付明细表: the one file with the accounts; a form, since every making is an act."""
    made = make_allocation(actor=actor, at=timezone.now(), batch=batch_of(actor, number))
    disposition = content_disposition_header(as_attachment=True, filename=made.name) or "attachment"
    return HttpResponse(made.content, content_type=EXCEL, headers={"Content-Disposition": disposition})


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_account(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """查看收款账号: one account, with a reason, shown once."""
    payment = Payment.objects.visible_to(actor).select_related("case__enterprise", "batch").filter(pk=number).first()
    if payment is None:
        raise Http404("没有这一笔拨付，或者还没有交给您的部门。")
    reason, problems = text_of(request, "reason", 200), []
    if request.method == "POST":
        account, problems = attempt(lambda: reveal_account(actor=actor, at=timezone.now(), payment=payment, reason=reason))
        if account is not None:
            return render(request, "office/fulfilment/account_shown.html", {"payment": payment, "account": account})
    lines = [
        ("企业", payment.case.enterprise.name), ("户名", payment.account_holder), ("收款账号", shown_account(payment)),
        ("金额", f"{yuan_text(payment.amount)} 元"),
    ]  # fmt: skip
    page = Confirm(
        "查看完整收款账号", "查看这一个账号", lines, _crumbs(payment.batch), ["只显示这一次。谁在什么时候、为什么看了，记入操作日志。"],
        (Field("reason", "查看的理由", hint="例如：财政来电核对账号", values=(reason,)),), why=rights.may_reveal_account(actor).reason,
        back=reverse("payment-batch", args=[payment.batch_id]),
    )  # fmt: skip
    return ask_first(request, page, problems)
