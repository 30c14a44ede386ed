"""我的申报: the list of cases; one case with what is to be done now, its course, what was handed in, who works on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.domain.members import members
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.applying import asked_of, mend_account, remarks_of
from tidu.apps.fulfilment.domain.attached import attached_files
from tidu.apps.fulfilment.domain.drafting import may_hand_in, section_states
from tidu.apps.fulfilment.domain.held import held_records
from tidu.apps.fulfilment.domain.items import field_name
from tidu.apps.fulfilment.domain.moving import Move, may_move, move
from tidu.apps.fulfilment.domain.people import give_case, may_give, take_case_back
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, CasePerson
from tidu.apps.fulfilment.queries.own import GROUPS, case_counts, cases_of, course, holder_of, payments_of
from tidu.apps.fulfilment.queries.panels import firm_result
from tidu.apps.materials.interfaces.serving import file_answer
from tidu.apps.materials.models import StoredFile
from tidu.apps.paper.domain.grounds import grounds_of
from tidu.apps.sealing import masked, unseal
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.look.fields import LONG, Field
from tidu.look.figures import wan
from tidu.look.listing import Column, page_of
from tidu.sites.portal.application_shown import case_behind, from_version, look_of, page_of_case
from tidu.sites.portal.confirming import account_fields
from tidu.sites.portal.pages import MEMBERS, firm_page

INPUTS = {"account-not-valid": "#number", "account-holder": "#holder", "reason-missing": "#text"}


@firm_page()
@require_safe
def listed(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """All cases the person may see, or one group of them."""
    shown = request.GET.get("show", "")
    shown = shown if shown in GROUPS else ""
    counts = case_counts(actor, firm)
    columns = (
        Column("事项", lambda one: one.title, lambda one: reverse("portal-case", args=[firm.code, one.pk])),
        Column("对象", lambda one: one.item),
        Column("状态", lambda one: one.public_state, state=look_of),
        Column("在谁手上", lambda one: holder_of(one) or "—"),
        Column("期限", lambda one: one.due.isoformat() if one.due and holder_of(one) else "—", whole=True),
        Column("金额（万元）", lambda one: wan(one.amount if one.amount is not None else one.computed), number=True, whole=True),
        Column("受理编号", lambda one: one.number or "—", whole=True),
    )
    context = {
        "firm": firm,
        "tabs": [("", "全部", sum(counts.values()), not shown), *((one.id, one.name, counts[one.id], one.id == shown) for one in GROUPS.values())],
        "listing": page_of(
            cases_of(actor, firm, shown), columns, request.GET.dict(), label="我的申报", empty="没有这一类办件。" if shown else "还没有办件。"
        ),
    }  # fmt: skip
    return render(request, "portal/cases.html", context)


@firm_page()
@require_safe
def case(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """One case."""
    return _page(request, actor, case_behind(actor, firm, number), [])


def _page(request: HttpRequest, actor: Actor, found: Case, problems: list[dict[str, str]]) -> HttpResponse:
    now, held = timezone.now(), held_records(found)
    writing = found.state in {CaseState.DRAFT, CaseState.CORRECTING}
    versions = list(found.submissions.order_by("-number"))
    context = {
        "firm": found.enterprise,
        "case": found,
        "look": look_of(found),
        "holder": holder_of(found),
        "today": legal_day(now),
        "asked": [(field_name(found.award, field), why) for field, why in asked_of(found).items()],
        "remarks": remarks_of(found),
        "sections": section_states(found, held) if writing else [],
        "may_hand_in": may_hand_in(found, actor, now, held) if writing else None,
        "confirm": found.state == CaseState.LISTED,
        "mend": may_move(_with_account(found), actor, "mend-account", legal_day(now)) if found.state == CaseState.BOUNCED else None,
        "account_shown": _account(found),
        "fields": account_fields(found, request.POST.dict()),
        "withdraw": may_move(found, actor, "withdraw", legal_day(now)),
        "may_withdraw": _could_withdraw(found),
        "reason": Field("text", "撤回的理由", LONG, values=(request.POST.get("text", ""),)),
        "course": course(found),
        "versions": versions,
        "ground": grounds_of([found]).get(found.pk),
        "experts": firm_result(found),
        "files": _files(found),
        "payments": list(payments_of(actor, found.enterprise).filter(case=found)),
        **_people(actor, found),
        "problems": problems,
    }
    return render(request, "portal/case.html", context, status=400 if problems else 200)


def _with_account(found: Case) -> Case:
    return Case(pk=found.pk, state=found.state, enterprise_id=found.enterprise_id, account="given")  # it is asked for on this page


def _could_withdraw(found: Case) -> Decision:
    """Whether withdrawing is spoken of at all: not of what is over."""
    return no("") if found.state in GROUPS["ended"].states or found.state == CaseState.LISTED else YES


def _account(found: Case) -> str:
    if not found.account:
        return ""
    try:
        return masked(unseal(found.account, "bank-account"))
    except TiduError:
        return "（打不开，请联系牵头局）"


def _people(actor: Actor, found: Case) -> dict[str, object]:
    people = list(CasePerson.objects.filter(case=found).select_related("user"))
    listed = {one.user_id for one in people}
    day = legal_day(timezone.now())
    choices = {post.user_id: (post.user, post.get_role_display()) for post in members(found.enterprise, day)}
    return {
        "people": [(one, choices.get(one.user_id, (None, "已不是本企业成员"))[1]) for one in people],
        "others": [(user, role) for number, (user, role) in choices.items() if number not in listed],
        "may_give": may_give(actor, found),
    }


def _files(found: Case) -> list[tuple[str, list[StoredFile]]]:
    """Files by material, of what is being written or of the last version that was handed in."""
    listed = attached_files(found.draft)
    known = StoredFile.objects.filter(
        enterprise=found.enterprise_id, pk__in=[pk for numbers in listed.values() for pk in numbers]
    ).in_bulk()
    return [(field_name(found.award, name), [known[pk] for pk in numbers if pk in known]) for name, numbers in listed.items()]


@firm_page()
@require_POST
def withdraw(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """Take a case back, with a reason."""
    found = case_behind(actor, firm, number)
    try:
        what = Move(text=request.POST.get("text", "").strip()[:500])
        move(actor=actor, at=timezone.now(), case=from_version(found, request), name="withdraw", what=what)
    except TiduError as error:
        return _page(request, actor, case_behind(actor, firm, number), [{"text": error.message, "href": INPUTS.get(error.code, "")}])
    return HttpResponseRedirect(page_of_case(found))


@firm_page()
@require_POST
def account(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """Another account after a payment came back."""
    found = case_behind(actor, firm, number)
    given = {"account": request.POST.get("number", ""), "holder": request.POST.get("holder", "")}
    try:
        mend_account(actor=actor, at=timezone.now(), case=from_version(found, request), **given)
    except TiduError as error:
        return _page(request, actor, case_behind(actor, firm, number), [{"text": error.message, "href": INPUTS.get(error.code, "")}])
    return HttpResponseRedirect(page_of_case(found))


@firm_page()
@require_POST
def people(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """Who works on a case: give, put in charge, take out."""
    found = case_behind(actor, firm, number)
    sent, act = request.POST.get("user", ""), request.POST.get("act", "give")
    user = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0
    try:
        if act == "out":
            take_case_back(actor=actor, at=timezone.now(), case=found, user=user)
        else:
            give_case(actor=actor, at=timezone.now(), case=found, user=user, in_charge=act == "charge")
    except TiduError as error:
        return _page(request, actor, found, [{"text": error.message, "href": "#user"}])
    return HttpResponseRedirect(f"{page_of_case(found)}#people")


@firm_page()
@require_safe
def file(request: HttpRequest, actor: Actor, firm: Enterprise, number: int, stored: int) -> HttpResponse:
    """A file of a case the person may see."""
    found = case_behind(actor, firm, number)
    contents = [found.draft, *found.submissions.values_list("content", flat=True)]
    if not any(stored in numbers for one in contents for numbers in attached_files(one).values()):
        raise Http404("这个办件里没有这个文件。")
    kept = StoredFile.objects.filter(enterprise=firm, pk=stored).first()
    if kept is None:
        raise Http404("这个办件里没有这个文件。")
    return file_answer(kept, download=request.GET.get("download") == "1")


@page_for(*MEMBERS)
@require_safe
def behind(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """The address that messages carry: on to the case's page under its firm."""
    found = Case.objects.visible_to(actor).filter(pk=number, enterprise__in=actor.firms).select_related("enterprise").first()
    if found is None:
        raise Http404("没有这个办件，或者没有交给您办理。请从“我的申报”里选择。")
    return HttpResponseRedirect(page_of_case(found))
