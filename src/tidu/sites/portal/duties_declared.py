"""年度自查 and 变更报备: what the firm declares of itself."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.duties.domain.declaring import FIRM, Change, may_declare, report_change, self_check, withdraw_change
from tidu.apps.duties.enums import RELATIONS
from tidu.apps.duties.models import ChangeReport, SelfCheck
from tidu.apps.duties.queries.ledger import LedgerFilter, ledger
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.errors import TiduError
from tidu.look.fields import CHECKBOXES, DATE, LONG, RADIO, Choice, Field
from tidu.sites.portal.duties import LONGEST_WORDS, day_or_none, uploads_of
from tidu.sites.portal.pages import firm_page

ASKED = {"注册地": "注册地仍在本区吗？", "纳税": "纳税关系仍在本区吗？", "统计": "统计关系仍在本区吗？"}
NAMES = {"注册地": "place-registered", "纳税": "place-tax", "统计": "place-statistics"}


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def yearly(request: HttpRequest, actor: Actor, firm: Enterprise, year: int) -> HttpResponse:
    """年度自查: still here? With proof; what is no longer here wants a sentence."""
    problem, note = "", request.POST.get("note", "")[:LONGEST_WORDS]
    given = {one: request.POST.get(NAMES[one], "") for one in RELATIONS}
    if request.method == "POST":
        answers = {one: text == "yes" for one, text in given.items() if text in {"yes", "no"}}
        try:
            self_check(
                actor=actor, at=timezone.now(), enterprise=firm, year=year, answers=answers, note=note, uploads=uploads_of(request)
            )  # fmt: skip
        except NotAllowed:
            raise
        except TiduError as error:
            problem = error.message
        else:
            return HttpResponseRedirect(f"{reverse('portal-duties', args=[firm.code])}#self-checks")
    choices = (Choice("yes", "仍在本区"), Choice("no", "已不在本区"))
    context = {
        "firm": firm, "year": year, "problem": problem, "may": may_declare(actor, firm),
        "before": SelfCheck.objects.visible_to(actor).filter(enterprise=firm, year=year),
        "fields": [
            *(Field(NAMES[one], ASKED[one], RADIO, values=(given[one],), choices=choices, short=True) for one in RELATIONS),
            Field("note", "说明", LONG, "有关系已不在本区的必填：何时、迁往何处、为什么。", values=(note,), optional=True),
        ],
    }  # fmt: skip
    return render(request, "portal/duty_self_check.html", context, status=400 if problem else 200)


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """变更报备: what is planned, and the money that depends on it, before it is sent."""
    problem, posted = "", request.POST
    if request.method == "POST":
        on = day_or_none(posted.get("on", ""))
        try:
            if on is None:
                raise TiduError("day-missing", "请填写拟变更日期，例如 2026-12-31。")
            reason = posted.get("reason", "")[:LONGEST_WORDS]
            change = Change(posted.getlist("relation"), posted.get("to", ""), on, reason, uploads_of(request))
            report_change(actor=actor, at=timezone.now(), enterprise=firm, change=change)
        except NotAllowed:
            raise
        except TiduError as error:
            problem = error.message
        else:
            return HttpResponseRedirect(f"{reverse('portal-duties', args=[firm.code])}#reports")
    owed = ledger(actor, timezone.localdate(), LedgerFilter(enterprise=firm.pk, stand="live"))
    context = {
        "firm": firm, "problem": problem, "may": may_declare(actor, firm), "fen": sum(one.fen for one in owed.entries), "count": owed.count(),
        "fields": [
            Field("relation", "拟变更", CHECKBOXES, values=tuple(posted.getlist("relation")), choices=[Choice(one, one) for one in RELATIONS], short=True),
            Field("to", "拟迁往", hint="写到区县，例如：某市某区。", values=(posted.get("to", ""),)),
            Field("on", "拟变更日期", DATE, values=(posted.get("on", ""),), short=True),
            Field("reason", "原因", LONG, values=(posted.get("reason", ""),)),
        ],
    }  # fmt: skip
    return render(request, "portal/duty_report.html", context, status=400 if problem else 200)


@firm_page()
@require_POST
def withdraw(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """The firm stays after all."""
    actor.may_write(*FIRM).require()
    found = ChangeReport.objects.visible_to(actor).select_related("enterprise").filter(pk=number, enterprise=firm).first()
    if found is None:
        raise Http404("没有这份报备。请从“承诺与履约”里选择。")
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    withdraw_change(actor=actor, at=timezone.now(), report=found, version=version)
    return HttpResponseRedirect(f"{reverse('portal-duties', args=[firm.code])}#reports")
