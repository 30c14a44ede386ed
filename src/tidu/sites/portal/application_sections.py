"""An application as it is written: its sections, the files, the page that checks everything, handing in, the receipt."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain import drafting as domain
from tidu.apps.fulfilment.domain.applying import asked_of, drafted_account, remarks_of
from tidu.apps.fulfilment.domain.attached import attached_files
from tidu.apps.fulfilment.domain.held import HeldRecord, held_facts, held_records
from tidu.apps.fulfilment.domain.items import field_name, item_rules, place_of
from tidu.apps.fulfilment.domain.people import may_work_on
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Case, Submission
from tidu.apps.materials.models import StoredFile
from tidu.apps.paper.domain.grounds import grounds_of
from tidu.apps.paper.domain.receipts import make_receipt
from tidu.apps.sealing import masked
from tidu.kernel.errors import TiduError
from tidu.look.fields import LONG, Field
from tidu.sites.portal.application_shown import case_behind, from_version, page_of_case
from tidu.sites.portal.confirming import account_fields
from tidu.sites.portal.pages import firm_page
from tidu.sites.portal.uploads import uploaded

ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"


def _may_write(actor: Actor, case: Case, section: str) -> Decision:
    allowed = may_work_on(actor, case)
    if not allowed:
        return allowed
    if case.state == CaseState.DRAFT:
        return domain.may_promise(actor) if section == "promise" else YES
    if case.state != CaseState.CORRECTING:
        return no(f"办件现在是“{case.public_state}”，内容不能再改。", "case-not-open")
    if not domain.asked_in(case, section, asked_of(case)):
        return no("这次没有要求补正这一节。", "not-asked-for")
    return domain.may_promise(actor) if section == "promise" else YES


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, actor: Actor, firm: Enterprise, number: int, section: str) -> HttpResponse:
    """One section: kept as typed, checked where it is told complete."""
    chosen = domain.BY_ID.get(section)
    if chosen is None:
        raise Http404("申报里没有这一节。请回到任务清单选择。")
    case = case_behind(actor, firm, number)
    if request.method != "POST":
        return _page(request, actor, case, chosen, {}, 200)
    _may_write(actor, case, section).require()
    held = held_records(case)
    typed = {name: value for name, value in request.POST.dict().items() if isinstance(value, str)}
    wrong = domain.save_section(
        actor=actor, at=timezone.now(), case=from_version(case, request), section=section, typed=typed,
        done=request.POST.get("do") == "done", held=held,
    )  # fmt: skip
    if wrong:
        return _page(request, actor, case_behind(actor, firm, number), chosen, wrong, 400)
    return HttpResponseRedirect(f"{page_of_case(case)}?saved={section}")


def _page(request: HttpRequest, actor: Actor, case: Case, chosen: domain.Section, wrong: dict[str, str], status: int) -> HttpResponse:
    held, asked = held_records(case), domain.asked_in(case, chosen.id, asked_of(case))
    whole = case.state == CaseState.DRAFT or any(place_of(case.award, field).split(".", 1)[0] == chosen.id for field in asked)
    context = {
        "firm": case.enterprise,
        "case": case,
        "section": chosen,
        "may": _may_write(actor, case, chosen.id),
        "whole": whole,
        "asked": [(field_name(case.award, field), why, place_of(case.award, field).startswith("facts.")) for field, why in asked.items()],
        "remarks": remarks_of(case),
        "answers": [_answer(case, field) for field in asked if field not in domain.BY_ID],
        "problems": [{"text": text, "href": f"#{name}"} for name, text in wrong.items()],
        **_shown(request, case, chosen.id, held, wrong),
    }
    return render(request, f"portal/section_{chosen.id}.html", context, status=status)


def _answer(case: Case, field: str) -> Field:
    given = str(case.draft.get("answers", {}).get(field, ""))
    return Field(f"answer-{field}", f"对“{field_name(case.award, field)}”的说明", LONG, values=(given,), optional=True)


def _shown(request: HttpRequest, case: Case, section: str, held: dict[str, list[HeldRecord]], wrong: dict[str, str]) -> dict[str, object]:
    draft = case.draft
    match section:
        case "firm":
            return {"facts": held_facts(case.enterprise), "checked": draft.get("firm", {}).get("checked")}
        case "matter":
            note = Field(
                "note", "补充说明", LONG, "审核人需要知道的，系统里没有的", values=(str(draft.get("matter", {}).get("note", "")),),
                error=wrong.get("note", ""), optional=True,
            )  # fmt: skip
            records = [one for listed in held.values() for one in listed]
            return {"note": note, "records": records, "ground": grounds_of([case]).get(case.pk)}
        case "materials":
            return {"materials": materials_of(case, held), "accepted": ACCEPTED}
        case "account":
            shown = drafted_account(case)
            typed = request.POST.dict() if wrong else {"holder": str((draft.get("account") or {}).get("holder") or case.enterprise.name)}
            # a number that is complete is never shown again; one that is not stands as it was typed, to be mended
            whole = bool(shown) and "number" not in domain.problems_of(case, "account", held)
            fields = account_fields(case, {**typed, "number": "" if whole else shown}, masked(shown) if whole else "")
            return {"fields": [_with_error(one, wrong) for one in fields]}
        case _:
            return {"promises": domain.PROMISE, "given": draft.get("promise")}


def _with_error(field: Field, wrong: dict[str, str]) -> Field:
    return Field(
        field.name, field.label, field.kind, field.hint, field.unit, field.values, field.choices, wrong.get(field.name, ""), field.optional
    )


def materials_of(case: Case, held: dict[str, list[HeldRecord]]) -> list[dict[str, object]]:
    """Every material: what the system holds, the files given, whether files can be changed now, what was asked for."""
    listed, asked = attached_files(case.draft), asked_of(case)
    files = StoredFile.objects.filter(enterprise=case.enterprise_id, pk__in=[pk for numbers in listed.values() for pk in numbers]).in_bulk()
    found = []
    for one in item_rules(case.award).materials:
        if one.kind == "promise":
            continue
        records = held.get(one.id, [])
        why = next((text for field, text in asked.items() if place_of(case.award, field) in {"materials", f"materials.{one.id}"}), "")
        wanted = (case.state == CaseState.DRAFT and not records) or bool(why)
        given = [files[pk] for pk in listed.get(one.id, []) if pk in files]
        found.append({"id": one.id, "name": one.name, "records": records, "files": given, "open": wanted, "why": why})
    return found


@firm_page()
@require_POST
def attach(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """A file to a material of the application."""
    case = case_behind(actor, firm, number)
    try:
        name, content = uploaded(request, "file")
        domain.attach(actor=actor, at=timezone.now(), case=case, material=request.POST.get("material", ""), name=name, content=content)
    except TiduError as error:
        where = f"file-{request.POST.get('material', '')}"
        return _page(request, actor, case_behind(actor, firm, number), domain.BY_ID["materials"], {where: error.message}, 400)
    return HttpResponseRedirect(reverse("portal-case-section", args=[firm.code, number, "materials"]))


@firm_page()
@require_POST
def detach(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """Take a file out of the application."""
    case, sent = case_behind(actor, firm, number), request.POST.get("file", "")
    domain.detach(
        actor=actor, at=timezone.now(), case=case, number=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else 0
    )
    return HttpResponseRedirect(reverse("portal-case-section", args=[firm.code, number, "materials"]))


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """检查填写内容: everything on one page; POST hands it in."""
    case = case_behind(actor, firm, number)
    if case.state not in {CaseState.DRAFT, CaseState.CORRECTING}:
        return HttpResponseRedirect(page_of_case(case))
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            made = domain.hand_in(actor=actor, at=timezone.now(), case=from_version(case, request))
        except TiduError as error:
            problems.append({"text": error.message, "href": ""})
            case = case_behind(actor, firm, number)
        else:
            return HttpResponseRedirect(reverse("portal-case-receipt", args=[firm.code, number, made.submission]))
    held = held_records(case)
    account = drafted_account(case)
    context = {
        "firm": firm,
        "case": case,
        "states": {one.id: state for one, state in domain.section_states(case, held)},
        "facts": held_facts(firm),
        "records": [one for listed in held.values() for one in listed],
        "materials": materials_of(case, held),
        "ground": grounds_of([case]).get(case.pk),
        "account": masked(account) if account else "",
        "holder": (case.draft.get("account") or {}).get("holder", ""),
        "answers": [(field_name(case.award, field), text) for field, text in case.draft.get("answers", {}).items()],
        "asked": [(field_name(case.award, field), why) for field, why in asked_of(case).items()],
        "remarks": remarks_of(case),
        "may": domain.may_hand_in(case, actor, timezone.now(), held),
        "problems": problems,
    }
    return render(request, "portal/check.html", context, status=400 if problems else 200)


def _submission(actor: Actor, firm: Enterprise, number: int, version: int) -> Submission:
    case = case_behind(actor, firm, number)
    found = Submission.objects.filter(case=case, number=version).select_related("case__enterprise").first()
    if found is None:
        raise Http404("没有这一次提交。请回到办件页查看。")
    return found


def _told(fact: Mapping[str, str]) -> str:
    day = f"，{fact['day']} 收到" if fact["day"] else ""
    return f"{fact['value']}（{fact['source']}{day}）" if fact["source"] else fact["value"]


@firm_page()
@require_safe
def receipt(request: HttpRequest, actor: Actor, firm: Enterprise, number: int, version: int) -> HttpResponse:
    """受理回执: the number, what was handed in for good, and what comes next."""
    found = _submission(actor, firm, number, version)
    case, rules = found.case, item_rules(found.case.award)
    content = found.content
    context = {
        "firm": firm,
        "case": case,
        "version": found,
        "rules": rules,
        "by_application": case.route == Route.APPLICATION,
        "groups": [("企业数据", [(name, _told(fact)) for name, fact in content.get("facts", {}).items()]), ("补正说明", [
            (field_name(case.award, field), text) for field, text in content.get("answers", {}).items()
        ])],
        "records": content.get("records", []),
        "note": content.get("matter", {}).get("note", ""),
        "promise": content.get("promise"),
        "files": [
            (field_name(case.award, name), list(StoredFile.objects.filter(enterprise=firm, pk__in=numbers).order_by("pk")))
            for name, numbers in attached_files(content).items()
        ],
    }  # fmt: skip
    return render(request, "portal/receipt.html", context)


@firm_page()
@require_safe
def receipt_pdf(request: HttpRequest, actor: Actor, firm: Enterprise, number: int, version: int) -> HttpResponse:  # noqa: ARG001 - the gate
    """The receipt as PDF."""
    printed = make_receipt(actor=actor, at=timezone.now(), submission=_submission(actor, firm, number, version))
    name = content_disposition_header(as_attachment=True, filename=printed.name) or "attachment"
    return HttpResponse(
        printed.content, content_type=printed.media_type, headers={"Content-Disposition": name, "Cache-Control": "no-store"}
    )
