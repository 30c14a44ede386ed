"""免申即享确认: the firm says whether it wants the money, and to which account; or declines with a reason."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.drafting import PROMISE, accept_offer
from tidu.apps.fulfilment.domain.held import held_facts, held_records
from tidu.apps.fulfilment.domain.moving import Move, may_move, move
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case
from tidu.apps.paper.domain.grounds import grounds_of
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.look.fields import LONG, Field
from tidu.sites.portal.application_shown import case_behind, from_version, page_of_case
from tidu.sites.portal.pages import firm_page

INPUTS = {"account-not-valid": "#number", "account-holder": "#holder", "promise-missing": "#promise", "reason-missing": "#text"}


def account_fields(case: Case, typed: dict[str, str], shown: str = "") -> list[Field]:
    """The two questions about the account; ``shown`` is the masked number that stands if nothing is typed."""
    hint = f"已填写 {shown}，不改就空着" if shown else "本企业对公账户的账号"
    holder = typed.get("holder", case.enterprise.name)
    return [
        Field("number", "收款账号", hint=hint, values=(typed.get("number", ""),), optional=bool(shown)),
        Field("holder", "户名", hint="须与企业名称一致", values=(holder,)),
    ]


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """What the firm is offered and on which ground; POST confirms."""
    case = case_behind(actor, firm, number)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            accept_offer(
                actor=actor, at=timezone.now(), case=from_version(case, request), account=request.POST.get("number", ""),
                holder=request.POST.get("holder", ""), promised=request.POST.get("promise") == "yes",
            )  # fmt: skip
        except TiduError as error:
            problems.append({"text": error.message, "href": INPUTS.get(error.code, "")})
            case = case_behind(actor, firm, number)
        else:
            return HttpResponseRedirect(reverse("portal-case-receipt", args=[firm.code, number, 1]))
    elif case.state != CaseState.LISTED:
        return HttpResponseRedirect(page_of_case(case))
    return _page(request, actor, case, problems)


def _page(request: HttpRequest, actor: Actor, case: Case, problems: list[dict[str, str]]) -> HttpResponse:
    ready = Case(pk=case.pk, state=case.state, enterprise_id=case.enterprise_id, account="given")  # the account is asked for here
    context = {
        "firm": case.enterprise,
        "case": case,
        "ground": grounds_of([case]).get(case.pk),
        "records": [one for listed in held_records(case).values() for one in listed],
        "facts": held_facts(case.enterprise),
        "fields": account_fields(case, request.POST.dict()),
        "decline": Field("text", "放弃的理由", LONG, values=(request.POST.get("text", ""),)),
        "promises": PROMISE,
        "may": may_move(ready, actor, "confirm", legal_day(timezone.now())),
        "may_decline": may_move(case, actor, "decline", legal_day(timezone.now())),
        "problems": problems,
    }
    return render(request, "portal/confirm.html", context, status=400 if problems else 200)


@firm_page()
@require_POST
def decline(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """The firm does not want it, and says why."""
    case = case_behind(actor, firm, number)
    try:
        what = Move(text=request.POST.get("text", "").strip()[:500])
        moved = move(actor=actor, at=timezone.now(), case=from_version(case, request), name="decline", what=what)
    except TiduError as error:
        return _page(
            request, actor, case_behind(actor, firm, number), [{"text": error.message, "href": INPUTS.get(error.code, "")}]
        )  # fmt: skip
    return HttpResponseRedirect(page_of_case(moved))
