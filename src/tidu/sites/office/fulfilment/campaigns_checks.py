"""One check of a campaign: answered by the unit asked, or handed in, found, heard and confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.duties.domain.checking import FIRM, MOVES, CheckMove, Said, may_check, move_check
from tidu.apps.duties.enums import Answer, CheckState
from tidu.apps.duties.models import Check
from tidu.apps.duties.queries.evidence import facts_behind
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, LONG, RADIO, Choice, Field
from tidu.sites.office.fulfilment.duty_words import ANSWERS, CHECKS, READERS, due_text
from tidu.sites.office.fulfilment.leads import version_of

HANDLERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Box:
    """One act with its own fields and the decision that enables or disables its button."""

    move: CheckMove
    decision: Decision
    fields: tuple[Field, ...]


def _found(actor: Actor, number: int) -> Check:
    rows = Check.objects.visible_to(actor).select_related(
        "campaign", "unit", "finder", "obligation__payment", "obligation__case__enterprise__subdistrict"
    )
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404("没有这项核查，或者不在您的办理范围内。")
    return found  # type: ignore[no-any-return]


def _fields(request: HttpRequest, check: Check, move: CheckMove) -> tuple[Field, ...]:
    mine = request.POST if request.POST.get("act") == move.key else {}
    fields = []
    if move.answers:
        choices = [Choice(one.value, one.label) for one in move.answers]
        fields.append(Field("answer", "结论", RADIO, values=(mine.get("answer", ""),), choices=choices, short=True))
    if move.key == "confirm" and check.answer == Answer.MEND:
        fields.append(Field("mend_by", "整改期限", DATE, values=(mine.get("mend_by", ""),), short=True))
    label = "理由" if move.key == "return" else "情况和依据"
    fields.append(Field("words", label, LONG, "企业会看到。" if move.public else "", values=(mine.get("words", ""),)))
    return tuple(fields)


def _page(request: HttpRequest, actor: Actor, found: Check, problem: str = "") -> HttpResponse:
    day = timezone.localdate()
    listed = [one for one in MOVES.values() if found.state in one.sources and one.roles != FIRM]
    context = {
        "check": found, "case": found.obligation.case, "state": CHECKS[CheckState(found.state)], "answer": ANSWERS[found.answer],
        "due": due_text(found.due, day, over=found.state == CheckState.DONE) if found.due else "", "problem": problem,
        "boxes": [Box(one, may_check(actor, one.key, found, day), _fields(request, found, one)) for one in listed],
        "steps": list(found.steps.all()), "files": list(found.files.all()), "facts": facts_behind(found.obligation.case.enterprise_id),
    }  # fmt: skip
    return render(request, "office/fulfilment/check.html", context, status=400 if problem else 200)


@page_for(*READERS)
@require_safe
def check(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One check."""
    return _page(request, actor, _found(actor, number))


@page_for(*HANDLERS)
@require_POST
def act(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One act on one check; what is wrong is said on the page, what was typed stays."""
    found, key = _found(actor, number), request.POST.get("act", "")
    if key not in MOVES or MOVES[key].roles == FIRM:
        raise TiduError("no-such-act", "请从核查的页面上点按钮办理。")
    try:
        said = Said(request.POST.get("words", "")[:LONGEST_WORDS], request.POST.get("answer", ""), mend_by=_mend_by(request))
        move_check(actor=actor, at=timezone.now(), check=found, key=key, version=version_of(request), said=said)
    except NotAllowed:
        raise
    except TiduError as error:
        return _page(request, actor, _found(actor, number), error.message)
    return HttpResponseRedirect(reverse("duty-check", args=[number]))


def _mend_by(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("mend_by", ""))
    except ValueError:
        return None
