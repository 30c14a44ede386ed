"""履约线索: what happened to paid firms; verify, dismiss, recover, or find fraud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.duties.domain.handling import MOVES, LeadMove, handle_lead, may_handle, may_tell, tell_lead
from tidu.apps.duties.domain.sanctions import consequences, recover_from_lead, recoverable, sanction_fraud
from tidu.apps.duties.enums import LEADS_UNDONE, Ground, LeadState
from tidu.apps.duties.models import Lead
from tidu.apps.duties.queries.leads import LeadFilter, lead_counts
from tidu.apps.duties.queries.leads import leads as leads_of
from tidu.apps.duties.queries.ledger import LedgerFilter, ledger
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.apps.jobs.domain.asking import ask_for
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, LONG, Field
from tidu.look.listing import Column
from tidu.sites.office.cultivation_lists import STREET, Sheet, answer_list, told
from tidu.sites.office.fulfilment.duty_words import BUREAU, INSIDE, LEADS, STANDS, due_text

LONGEST_WORDS = 1000


def columns(day: date) -> tuple[Column, ...]:
    """The columns of the list."""
    return (
        Column("线索", lambda row: row.title, lambda row: reverse("lead", args=[row.pk])),
        Column("企业名称", lambda row: row.enterprise.name),
        STREET,
        Column("缘由", lambda row: row.get_ground_display()),
        Column("状态", lambda row: row.get_state_display(), state=lambda row: LEADS[LeadState(row.state)]),
        Column("依据", lambda row: "已消失" if row.vanished_on else "仍在"),
        Column("经办人", lambda row: row.handler.name if row.handler else "未分派"),
        Column("发现", lambda row: row.raised_on.isoformat(), whole=True),
        Column("核实期限", lambda row: due_text(row.due, day, over=row.state not in LEADS_UNDONE)),
    )


@page_for(*INSIDE)
@require_safe
def lead_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """履约线索."""
    day = timezone.localdate()
    wanted = LeadFilter(
        state=told(request, "state"), ground=told(request, "ground"), street=told(request, "street"), whose=told(request, "whose"),
        late=told(request, "late") == "yes", words=told(request, "q"),
    )  # fmt: skip
    counts = lead_counts(actor, day)
    context = {
        "wanted": wanted, "counts": counts, "streets": subdistricts_of(actor), "look": actor.may_write(*BUREAU),
        "states": [(one.value, one.label, counts.states.get(one, 0)) for one in LeadState],
        "grounds": [(one.value, one.label, counts.grounds.get(one, 0)) for one in Ground],
    }  # fmt: skip
    sheet = Sheet(leads_of(actor, day, wanted), columns(day), "履约线索", "没有符合条件的线索。")
    return answer_list(request, actor, sheet, "office/fulfilment/leads.html", context)


@page_for(*BUREAU)
@require_POST
def look_now(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """Look through the registry now instead of tonight."""
    actor.may_write(*BUREAU).require()
    job = ask_for(actor=actor, at=timezone.now(), kind="duties.leads", title="查找履约线索", key="duties.leads:now")
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


@dataclass(frozen=True)
class Choice:
    """One act with the decision that enables or disables its button."""

    move: LeadMove
    decision: Decision


def _found(actor: Actor, number: int) -> Lead:
    rows = Lead.objects.visible_to(actor).select_related("enterprise__subdistrict", "handler", "verifier")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404("没有这条线索，或者这家企业不在您的办理范围内。")
    return found  # type: ignore[no-any-return]


@page_for(*INSIDE)
@require_safe
def lead(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One lead: what was found and by whom, what the firm owes, what may be done now."""
    found, day = _found(actor, number), timezone.localdate()
    choices = [Choice(one, may_handle(actor, one.key, found)) for one in MOVES.values() if found.state in one.sources]
    owed = ledger(actor, day, LedgerFilter(enterprise=found.enterprise_id))
    context = {
        "lead": found, "state": LEADS[LeadState(found.state)], "due": due_text(found.due, day, over=found.state not in LEADS_UNDONE),
        "acts": [one for one in choices if one.move.by_button], "further": [one for one in choices if not one.move.by_button],
        "owed": [(row, STANDS[row.stands.state]) for row in owed[:100]], "owed_count": owed.count(),  # type: ignore[attr-defined]
        "steps": list(found.steps.all()), "proceedings": list(found.proceedings.select_related("recovery__case")),
    }  # fmt: skip
    return render(request, "office/fulfilment/lead.html", context)


def version_of(request: HttpRequest) -> int:
    """The version that was looked at."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@page_for(*BUREAU)
@require_POST
def act(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One act on one lead."""
    found, key = _found(actor, number), request.POST.get("act", "")
    if key not in MOVES or not MOVES[key].by_button:
        raise TiduError("no-such-act", "请从线索的页面上点按钮办理。")
    words = request.POST.get("words", "")[:LONGEST_WORDS]
    handle_lead(actor=actor, at=timezone.now(), lead=found, key=key, version=version_of(request), words=words)
    return HttpResponseRedirect(reverse("lead", args=[found.pk]))


@page_for(*BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def new_lead(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register a lead by hand for the firm named in the address."""
    code = (request.POST.get("firm") or request.GET.get("firm", "")).strip().upper()[:18]
    firm = Enterprise.objects.visible_to(actor).in_registry().filter(code=code).first()
    text, problem = request.POST.get("text", ""), ""
    if request.method == "POST":
        if firm is None:
            problem = f"登记库里没有统一社会信用代码为“{code}”的企业。请核对。"
        else:
            try:
                made = tell_lead(actor=actor, at=timezone.now(), enterprise=firm, text=text[:LONGEST_WORDS])
            except TiduError as error:
                problem = error.message
            else:
                return HttpResponseRedirect(reverse("lead", args=[made.pk]))
    context = {
        "firm": firm, "problem": problem, "decision": may_tell(actor),
        "fields": [
            Field("firm", "统一社会信用代码", values=(code,)),
            Field("text", "线索内容", LONG, "什么时间、什么情况、从哪里得知。企业看不到。", values=(text,)),
        ],
    }  # fmt: skip
    return render(request, "office/fulfilment/lead_new.html", context, status=400 if problem else 200)


@page_for(*BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """立案追缴: what will be recovered, in full, before it is done."""
    found, problem = _found(actor, number), ""
    cases = recoverable(found)
    if request.method == "POST":
        chosen = set(request.POST.getlist("case"))
        try:
            made = recover_from_lead(
                actor=actor, at=timezone.now(), lead=found, version=version_of(request),
                cases=[case for case in cases if str(case.pk) in chosen], reason=request.POST.get("reason", "")[:LONGEST_WORDS],
            )  # fmt: skip
        except TiduError as error:
            problem = error.message
            found.refresh_from_db()
        else:
            one = len(made) == 1
            return HttpResponseRedirect(
                reverse("recovery", args=[made[0].pk]) if one else f"{reverse('recoveries')}?q={found.enterprise.code}"
            )
    context = {
        "lead": found, "cases": cases, "total": sum(case.amount or 0 for case in cases), "problem": problem,
        "decision": may_handle(actor, "recover", found),
        "reason": Field("reason", "追缴的事实和理由", LONG, "写入追缴告知书，企业会看到。", values=(request.POST.get("reason", found.finding),)),
    }  # fmt: skip
    return render(request, "office/fulfilment/lead_recover.html", context, status=400 if problem else 200)


@page_for(*BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def sanction(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """按弄虚作假处理: everything that will follow, before it is done."""
    found, problem = _found(actor, number), ""
    if request.method == "POST":
        try:
            on = date.fromisoformat(request.POST.get("on", ""))
            if request.POST.get("sure") != "yes":
                raise TiduError("not-sure", "请勾选确认：已看过下面列出的全部后果。")
            sanction_fraud(
                actor=actor, at=timezone.now(), lead=found, version=version_of(request), found_on=on,
                reason=request.POST.get("reason", "")[:LONGEST_WORDS],
            )  # fmt: skip
        except ValueError:
            problem = "请填写认定日期，例如 2026-11-23。"
        except TiduError as error:
            problem = error.message
            found.refresh_from_db()
        else:
            return HttpResponseRedirect(reverse("lead", args=[found.pk]))
    context = {
        "lead": found, "consequences": consequences(found), "problem": problem, "decision": may_handle(actor, "sanction", found),
        "fields": [
            Field("on", "认定日期", DATE, "认定书上的日期，从这一天起排除。", values=(request.POST.get("on", ""),)),
            Field("reason", "认定的事实和理由", LONG, "写入登记库和追缴告知书，企业会看到。", values=(request.POST.get("reason", found.finding),)),
        ],
    }  # fmt: skip
    return render(request, "office/fulfilment/lead_sanction.html", context, status=400 if problem else 200)
