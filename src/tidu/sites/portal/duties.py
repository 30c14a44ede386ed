"""承诺与履约: what the firm owes and until when, the yearly self-check, reporting a change, samplings, recoveries."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.duties.domain.checking import FIRM as OF_FIRM
from tidu.apps.duties.domain.checking import MOVES, Said, may_check, move_check
from tidu.apps.duties.domain.hearing import may_state, plan_of, state_case
from tidu.apps.duties.domain.proofs import Upload
from tidu.apps.duties.models import ChangeReport, Check, SelfCheck
from tidu.apps.duties.queries.evidence import facts_behind, years_of
from tidu.apps.duties.queries.ledger import LedgerFilter, book, ledger, standing_of
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.models import Obligation, Recovery
from tidu.apps.materials.interfaces.serving import material_answer
from tidu.apps.materials.models import StoredFile
from tidu.kernel.errors import TiduError
from tidu.look.fields import LONG, Field
from tidu.sites.portal.duties_words import CHECKS, PUBLIC, RECOVERIES, REPORTS, STANDS, left_of
from tidu.sites.portal.pages import firm_page

LONGEST_WORDS = 2000
MOST_FILES = 5
MOST_SHOWN = 200


def uploads_of(request: HttpRequest) -> list[Upload]:
    """The files of a form, at most five."""
    found = request.FILES.getlist("file")
    if len(found) > MOST_FILES:
        raise TiduError("too-many-files", f"一次最多上传 {MOST_FILES} 个文件，选择了 {len(found)} 个。请分几次提交。")
    return [(one.name or "材料", one.read()) for one in found]


@firm_page()
@require_safe
def duties(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """承诺与履约: everything the firm owes, what waits for it, what it declared."""
    day = timezone.localdate()
    found = ledger(actor, day, LedgerFilter(enterprise=firm.pk))
    rows = [(row, STANDS[row.stands.state], left_of(row.stands, day)) for row in found[:MOST_SHOWN]]  # type: ignore[attr-defined]
    checks = Check.objects.visible_to(actor).filter(obligation__case__enterprise=firm).select_related("campaign", "obligation__case")
    recoveries = Recovery.objects.visible_to(actor).filter(case__enterprise=firm).select_related("case")
    reports = ChangeReport.objects.visible_to(actor).filter(enterprise=firm)
    context = {
        "firm": firm, "rows": rows, "total": found.count(), "live": found.live, "year": day.year, "day": day,
        "checks": [(one, CHECKS[one.state], PUBLIC[one.state]) for one in checks.order_by("-pk")[:50]],
        "recoveries": [(one, RECOVERIES[one.state]) for one in recoveries[:50]],
        "reports": [(one, REPORTS[one.state]) for one in reports[:20]],
        "self_checks": SelfCheck.objects.visible_to(actor).filter(enterprise=firm)[:10],
    }  # fmt: skip
    return render(request, "portal/duties.html", context)


@firm_page()
@require_safe
def duty(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """One obligation: text, years, countdown, what the registry says."""
    rows = Obligation.objects.visible_to(actor).select_related("payment", "case__enterprise").filter(case__enterprise=firm)
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404("没有这项承诺义务。请从“承诺与履约”里选择。")
    day = timezone.localdate()
    stands = standing_of(found, day)
    rule = next((one for policy in book().policies for one in policy.obligations if one.label.id == found.rule), None)
    context = {
        "firm": firm, "obligation": found, "stands": stands, "state": STANDS[stands.state], "left": left_of(stands, day), "rule": rule,
        "years": years_of(found, stands.until, day), "facts": facts_behind(firm.pk),
    }  # fmt: skip
    return render(request, "portal/duty.html", context)


def _check(actor: Actor, firm: Enterprise, number: int) -> Check:
    rows = Check.objects.visible_to(actor).select_related("campaign", "obligation__case__enterprise")
    found = rows.filter(pk=number, obligation__case__enterprise=firm).first()
    if found is None:
        raise Http404("没有这项核查。请从“承诺与履约”里选择。")
    return found  # type: ignore[no-any-return]


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """One sampling: hand in proof, or answer a finding."""
    found, day, problem = _check(actor, firm, number), timezone.localdate(), ""
    words, key = request.POST.get("words", "")[:LONGEST_WORDS], request.POST.get("act", "")
    if request.method == "POST":
        if key not in MOVES or MOVES[key].roles != OF_FIRM:
            raise TiduError("no-such-act", "请从核查的页面上点按钮办理。")
        text = request.POST.get("version", "")
        version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        try:
            said = Said(words, uploads=uploads_of(request))
            move_check(actor=actor, at=timezone.now(), check=found, key=key, version=version, said=said)
        except NotAllowed:
            raise
        except TiduError as error:
            problem, found = error.message, _check(actor, firm, number)
        else:
            return HttpResponseRedirect(f"{reverse('portal-duty-check', args=[firm.code, number])}?told=1")
    acts = [(one, may_check(actor, one.key, found, day)) for one in MOVES.values() if found.state in one.sources and one.roles == OF_FIRM]
    context = {
        "firm": firm, "check": found, "case": found.obligation.case, "state": CHECKS[found.state], "public": PUBLIC[found.state], "acts": acts,
        "problem": problem, "told": request.GET.get("told") == "1", "files": list(found.files.all()),
        "steps": [one for one in found.steps.all() if one.public],
        "field": Field("words", "说明", LONG, "说明企业仍在本区登记、纳税、统计的情况，或申辩的理由和依据。", values=(words,)),
    }  # fmt: skip
    return render(request, "portal/duty_check.html", context, status=400 if problem else 200)


def _recovery(actor: Actor, firm: Enterprise, number: int) -> Recovery:
    rows = Recovery.objects.visible_to(actor).select_related("case__enterprise", "payment")
    found = rows.filter(pk=number, case__enterprise=firm).first()
    if found is None:
        raise Http404("没有这一追缴。请从“承诺与履约”里选择。")
    return found  # type: ignore[no-any-return]


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """One recovery: reason, amount, plan, what came in; POST states the firm's case."""
    found, day, problem = _recovery(actor, firm, number), timezone.localdate(), ""
    words = request.POST.get("words", "")[:LONGEST_WORDS]
    if request.method == "POST":
        try:
            state_case(actor=actor, at=timezone.now(), recovery=found, text=words, uploads=uploads_of(request))
        except NotAllowed:
            raise
        except TiduError as error:
            problem = error.message
        else:
            return HttpResponseRedirect(f"{reverse('portal-recovery', args=[firm.code, number])}?told=1")
    context: dict[str, Any] = {
        "firm": firm, "recovery": found, "case": found.case, "state": RECOVERIES[found.state], "left": found.amount - found.received,
        "until": found.proceeding.hearing_until if hasattr(found, "proceeding") else None, "problem": problem,
        "parts": plan_of(list(found.instalments.all()), found.received, day), "receipts": list(found.receipts.order_by("pk")),
        "statements": list(found.statements.prefetch_related("files")), "may": may_state(actor, found, day),
        "told": request.GET.get("told") == "1",
        "field": Field("words", "陈述和申辩", LONG, "写明事实、理由和依据。提交后不能修改，期限内可以再补充。", values=(words,)),
    }  # fmt: skip
    return render(request, "portal/duty_recovery.html", context, status=400 if problem else 200)


@firm_page()
@require_safe
def proof(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """A file that the own firm handed in."""
    mine = StoredFile.objects.visible_to(actor).filter(pk=number, enterprise=firm).exists()
    answer = material_answer(request, actor, number) if mine else None
    if answer is None:
        raise Http404("没有这个文件，或者不是本企业的。")
    return answer


def day_or_none(text: str) -> date | None:
    """A day as typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
