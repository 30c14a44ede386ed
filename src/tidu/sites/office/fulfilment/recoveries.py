"""追缴台账: what has to come back, hearing, demand, instalments, receipts, all to the fen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.duties.domain.hearing import agree_plan, handle_statement, may_step, plan_of, step_recovery
from tidu.apps.duties.domain.instalments import read_plan, read_yuan
from tidu.apps.duties.models import Statement
from tidu.apps.duties.queries.recoveries import RecoveryFilter, recovery_totals
from tidu.apps.duties.queries.recoveries import recoveries as recoveries_of
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.apps.fulfilment.domain.moving import may_move
from tidu.apps.fulfilment.domain.recovering import ORDER, drop_recovery, take_receipt
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.fulfilment.models import Recovery
from tidu.apps.paper.domain.making import READERS as PAPER_READERS
from tidu.apps.paper.domain.recoveries import make_recovery_notice
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, FIGURE, LONG, Field
from tidu.look.figures import yuan_text
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import STREET, Sheet, answer_list, told
from tidu.sites.office.fulfilment.duty_words import BUREAU, INSIDE, RECOVERIES, case_address
from tidu.sites.office.fulfilment.leads import version_of

LONGEST_WORDS = 1000


def columns(day: date) -> tuple[Column, ...]:
    """The columns of the list."""
    return (
        Column(
            "企业名称", lambda row: row.case.enterprise.name, lambda row: reverse("recovery", args=[row.pk]),
            below=Column("所属街道", lambda row: STREET.text(row.case)),
        ),
        Column("事项", lambda row: row.case.title, below=Column("受理编号", lambda row: row.case.number or "未编号")),
        Column("应追缴（元）", lambda row: yuan_text(row.amount), number=True),
        Column("已收回（元）", lambda row: yuan_text(row.received), number=True),
        Column("尚欠（元）", lambda row: yuan_text(row.amount - row.received), number=True),
        Column("状态", lambda row: row.get_state_display(), state=lambda row: RECOVERIES[RecoveryState(row.state)]),
        Column(
            "立案", lambda row: f"{timezone.localtime(row.opened_at):%Y-%m-%d}", whole=True,
            below=Column("分期", lambda row: _plan_text(row, day)),
        ),
    )  # fmt: skip


def _plan_text(row: Recovery, day: date) -> str:
    parts = plan_of(list(row.instalments.all()), row.received, day)
    if not parts or row.state == RecoveryState.RECEIVED:
        return "—"
    late = sum(part.late for part in parts)
    following = next((part.due.isoformat() for part in parts if part.left), "")
    return f"逾期 {late} 期" if late else f"下一期 {following}"


@page_for(*INSIDE)
@require_safe
def recovery_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """追缴台账."""
    day = timezone.localdate()
    wanted = RecoveryFilter(
        state=told(request, "state"), year=told(request, "year"), street=told(request, "street"), late=told(request, "late") == "yes",
        words=told(request, "q"),
    )  # fmt: skip
    totals = recovery_totals(actor, day)
    context = {
        "wanted": wanted, "totals": totals, "streets": subdistricts_of(actor),
        "states": [(one.value, one.label, totals.states.get(one, 0)) for one in RecoveryState],
    }  # fmt: skip
    sheet = Sheet(recoveries_of(actor, day, wanted), columns(day), "追缴台账", "没有符合条件的追缴。")
    return answer_list(request, actor, sheet, "office/fulfilment/recoveries.html", context)


def _found(actor: Actor, number: int) -> Recovery:
    found = Recovery.objects.visible_to(actor).select_related("case__enterprise__subdistrict", "payment").filter(pk=number).first()
    if found is None:
        raise Http404("没有这一追缴，或者这家企业不在您的办理范围内。")
    return found  # type: ignore[no-any-return]


def _may_drop(actor: Actor, found: Recovery, day: date) -> Decision:
    if found.received:
        return no(f"已收回 {yuan_text(found.received)} 元，须先退还企业，不能直接结案。", "recovery-received")
    return may_move(found.case, actor, "drop-recovery", day)


def _page(request: HttpRequest, actor: Actor, found: Recovery, problem: str = "") -> HttpResponse:
    day, posted = timezone.localdate(), request.POST
    steps = [(to, may_step(actor, found, to, day)) for to, before in ORDER.items() if found.state == before]
    lead = found.proceeding.lead if hasattr(found, "proceeding") else None
    demanded = found.state == RecoveryState.DEMANDED
    context: dict[str, Any] = {
        "recovery": found, "case": found.case, "state": RECOVERIES[RecoveryState(found.state)], "case_href": case_address(found.case),
        "left": found.amount - found.received, "steps": steps, "lead": lead, "problem": problem, "day": day,
        "until": found.proceeding.hearing_until if hasattr(found, "proceeding") else None,
        "evidence": [(name, str(text)) for name, text in found.evidence.items()], "hearing": found.hearing.splitlines(),
        "statements": list(found.statements.prefetch_related("files")), "receipts": list(found.receipts.order_by("pk")),
        "parts": plan_of(list(found.instalments.all()), found.received, day), "write": actor.may_write(*BUREAU), "demanded": demanded,
        "drop": _may_drop(actor, found, day) if found.case.state == "recovering" else None,
        "paper": actor.has(*PAPER_READERS) and found.state != RecoveryState.DROPPED,
        "receipt_fields": [
            Field("amount", "到账金额", FIGURE, unit="元", values=(posted.get("amount", ""),), short=True),
            Field("reference", "银行流水号", hint="同一流水号只登记一次。", values=(posted.get("reference", ""),)),
            Field("on", "到账日期", DATE, values=(posted.get("on", ""),), short=True),
        ],
        "plan_field": Field(
            "plan", "各期约定", LONG, f"每行一期：日期 金额（元），例如 2026-12-31 250000.00。合计须等于 {yuan_text(found.amount)}。",
            values=(posted.get("plan", ""),),
        ),
    }  # fmt: skip
    return render(request, "office/fulfilment/recovery.html", context, status=400 if problem else 200)


@page_for(*INSIDE)
@require_safe
def recovery(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One recovery: why, how far, what the firm said, what came in."""
    return _page(request, actor, _found(actor, number))


def _stamped(found: Recovery, request: HttpRequest) -> None:
    if found.version != version_of(request):
        raise TiduError("stale", f"这一追缴刚刚被别人办理，现在是“{found.get_state_display()}”。请刷新后再看。")


def _do(request: HttpRequest, actor: Actor, found: Recovery, act: str) -> None:
    at, words = timezone.now(), request.POST.get("words", "")[:LONGEST_WORDS]
    match act:
        case "notified" | "heard" | "demanded":
            step_recovery(actor=actor, at=at, recovery=found, to=RecoveryState(act), version=version_of(request), text=words)
        case "receipt":
            received = _day_of(request.POST.get("on", ""))
            take_receipt(
                actor=actor, at=at, recovery=found, amount=read_yuan(request.POST.get("amount", "")),
                reference=request.POST.get("reference", "")[:60], received_on=received,
            )  # fmt: skip
        case "plan":
            agree_plan(actor=actor, at=at, recovery=found, parts=read_plan(request.POST.get("plan", "")))
        case "drop":
            _stamped(found, request)
            drop_recovery(actor=actor, at=at, recovery=found, text=words)
        case _:
            raise TiduError("no-such-act", "请从追缴的页面上点按钮办理。")


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TiduError("day-not-valid", "请填写到账日期，例如 2026-11-23。") from error


@page_for(*BUREAU)
@require_POST
def act(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One act on one recovery; what is wrong is said on the page, what was typed stays."""
    found = _found(actor, number)
    try:
        _do(request, actor, found, request.POST.get("act", ""))
    except TiduError as error:
        return _page(request, actor, _found(actor, number), error.message)
    return HttpResponseRedirect(reverse("recovery", args=[number]))


@page_for(*BUREAU)
@require_POST
def statement(request: HttpRequest, actor: Actor, number: int, said: int) -> HttpResponse:
    """How a statement of the firm was dealt with."""
    found = _found(actor, number)
    told_by = Statement.objects.filter(recovery=found, pk=said).select_related("recovery__case").first()
    if told_by is None:
        raise Http404("没有这份申辩。请从追缴的页面进入。")
    try:
        handle_statement(actor=actor, at=timezone.now(), statement=told_by, text=request.POST.get("words", "")[:LONGEST_WORDS])
    except TiduError as error:
        return _page(request, actor, found, error.message)
    return HttpResponseRedirect(f"{reverse('recovery', args=[number])}#said")


@page_for(*PAPER_READERS)
@require_safe
def paper(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """追缴告知书 or 追缴通知书 in Word, to number and sign."""
    found = _found(actor, number)
    unit = actor.posts[0].unit if actor.posts else None
    printed = make_recovery_notice(actor=actor, at=timezone.now(), recovery=found, sponsor=_sponsor(unit))
    disposition = content_disposition_header(as_attachment=True, filename=printed.name) or "attachment"
    return HttpResponse(printed.content, content_type=printed.media_type, headers={"Content-Disposition": disposition})


def _sponsor(unit: int | None) -> str:
    """Whose paper it is: the unit of the person who makes it."""
    found = Unit.objects.filter(pk=unit).first() if unit is not None else None
    return found.name if found is not None else "牵头局"
