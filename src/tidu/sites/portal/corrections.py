"""更正申请: this fact is wrong, this is what it should be, and why."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.corrections.domain import corrections as domain
from tidu.apps.corrections.domain.assigning import owner_of
from tidu.apps.corrections.domain.evidence import TYPES, content_of, hand_in
from tidu.apps.corrections.domain.moves import CORRECTION_MOVES, FIRM, buttons, timeline
from tidu.apps.corrections.enums import WITH_FIRM
from tidu.apps.corrections.models import Correction, Evidence
from tidu.apps.corrections.queries import choices_of
from tidu.apps.corrections.reading import unit_shown, written
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import fact_text
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, Fact, Kind, catalogue
from tidu.look.fields import FIGURE, LONG, SELECT, Choice, Field
from tidu.look.fields import TEXT as PLAIN
from tidu.look.listing import Column, page_of
from tidu.sites.portal.pages import firm_page
from tidu.sites.portal.uploads import maybe_uploaded, uploaded

STATES = {"已提交": "todo", "审核中": "checking", "请补充": "lacking", "已采纳": "met", "未采纳": "not", "已撤回": "not", "填写中": "doing"}
"""Public words as states of the look."""


@firm_page()
@require_safe
def corrections(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """All corrections the firm asked for, newest first."""
    columns = (
        Column("项目", lambda one: one.fact, lambda one: reverse("portal-correction", args=[firm.code, one.pk])),
        Column("期间", lambda one: f"{one.period} 年" if one.period else "—"),
        Column("应为", lambda one: fact_text(catalogue().fact(one.fact), one.wanted)),
        Column("状态", lambda one: one.public, state=lambda one: STATES[one.public]),
        Column("审核单位", lambda one: one.unit.short_name),
        Column("受理编号", lambda one: one.receipt, whole=True),
        Column("提交", lambda one: f"{timezone.localtime(one.created_at):%Y-%m-%d}", whole=True),
    )
    listed = Correction.objects.visible_to(actor).filter(enterprise=firm).select_related("unit")
    listing = page_of(listed, columns, request.GET.dict(), label="更正申请", empty="还没有更正申请。")
    return render(request, "portal/corrections.html", {"firm": firm, "listing": listing})


def _fact_and_period(request: HttpRequest) -> tuple[Fact, int]:
    name, period = request.POST.get("fact") or request.GET.get("fact", ""), request.POST.get("period") or request.GET.get("period", "0")
    fact = catalogue().facts.get(name)
    if fact is None or fact.name in {FIRM_CODE, FIRM_NAME}:
        raise Http404("没有这一项数据。请从企业档案里点“数据有误”进入。")
    # a year has four digits, a month six; whatever else is asked for is the firm itself
    wanted = int(period) if period.isascii() and period.isdigit() and len(period) in {4, 6} else 0
    if (wanted == 0) != (fact.kind is Kind.FIRM):
        raise Http404("没有说明是哪一年的数据。请从企业档案里点“数据有误”进入。")
    return fact, wanted


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, actor: Actor, firm: Enterprise) -> HttpResponse:
    """数据有误: the form."""
    fact, period = _fact_and_period(request)
    said = domain.said_of(firm, fact.name, period)
    problems: list[dict[str, str]] = []
    wanted, why = request.POST.get("wanted", ""), request.POST.get("why", "")
    if request.method == "POST":
        told = domain.Told(fact.name, period, wanted, why, maybe_uploaded(request, "file"))
        try:
            made = domain.ask_for_correction(actor=actor, at=timezone.now(), enterprise=firm, told=told)
        except TiduError as error:
            problems.append({"text": error.message, "href": {"why-needed": "#why"}.get(error.code, "#wanted")})
        else:
            return HttpResponseRedirect(f"{reverse('portal-correction', args=[firm.code, made.pk])}?told=ask")
    context = {
        "firm": firm,
        "fact": fact,
        "period": period,
        "said": fact_text(fact, said.value) if said.source else "系统里还没有这项数据",
        "source": said.source,
        "unit": owner_of(fact.name, said.source),
        "fields": [_wanted_field(fact, wanted), _why_field(why)],
        "problems": problems,
        "blocked": domain.may_ask(firm, actor),
    }
    return render(request, "portal/correction_new.html", context, status=400 if problems else 200)


def _wanted_field(fact: Fact, text: str) -> Field:
    words = choices_of(fact)
    kind = SELECT if words else FIGURE if unit_shown(fact) else PLAIN
    return Field("wanted", "应为", kind, fact.note, unit_shown(fact), (text,), [Choice(word, word) for word in words])


def _why_field(text: str) -> Field:
    return Field("why", "为什么不对，依据是什么", LONG, "例如：2023 年度审计报告第 5 页，营业收入含税，应为不含税数。", values=(text,))


def _correction(actor: Actor, firm: Enterprise, number: int) -> Correction:
    found = Correction.objects.visible_to(actor).filter(enterprise=firm, pk=number).select_related("unit", "enterprise", "handler").first()
    if found is None:
        raise Http404("没有这件更正申请。请从“更正申请”里选择。")
    return found


@firm_page()
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """One correction: what was said, what it should be, how far it is; POST sends it in again or takes it back."""
    found = _correction(actor, firm, number)
    if request.method == "POST":
        version = request.POST.get("version", "")
        move, at = request.POST.get("move", ""), timezone.now()
        known = int(version) if version.isdigit() else 0
        if move == "resubmit":
            texts = {name: request.POST.get(name, "") for name in ("wanted", "why")}
            domain.resubmit_correction(actor=actor, at=at, correction=found, version=known, **texts)
        elif move == "withdraw":
            domain.move_correction(actor=actor, at=at, correction=found, move=CORRECTION_MOVES[move], version=known)
        else:
            raise TiduError("no-such-move", "没有这一步。请从页面上的按钮办理。")
        return HttpResponseRedirect(f"{reverse('portal-correction', args=[firm.code, number])}?told={move}")
    fact = catalogue().fact(found.fact)
    told = {"ask": domain.ASK, **CORRECTION_MOVES}.get(request.GET.get("told", ""))
    open_buttons = buttons(found, actor, FIRM)
    context = {
        "firm": firm,
        "correction": found,
        "state": STATES[found.public],
        "said": fact_text(fact, found.said) if found.said_source else "系统里还没有这项数据",
        "wanted": fact_text(fact, found.wanted),
        "buttons": [one for one in open_buttons if one.move.name != "resubmit"],
        "again": next((one for one in open_buttons if one.move.name == "resubmit"), None),
        "fields": [_wanted_field(fact, written(fact, found.wanted)), _why_field(found.why)],
        "timeline": timeline(found, inner=False),
        "files": list(found.files.all()),
        "may_add": found.state in WITH_FIRM,
        "told": told.told if told is not None else "",
    }
    return render(request, "portal/correction.html", context)


@firm_page()
@require_POST
def add_file(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:
    """Another file to a correction that was returned."""
    found = _correction(actor, firm, number)
    if found.state not in WITH_FIRM:
        raise TiduError("not-with-firm", f"这件更正现在是“{found.public}”，不能再加材料。审核单位退回后可以补充。")
    name, content = uploaded(request, "file")
    hand_in(actor=actor, at=timezone.now(), case=found, name=name, content=content)
    return HttpResponseRedirect(f"{reverse('portal-correction', args=[firm.code, number])}#files")


@firm_page()
@require_safe
def evidence(request: HttpRequest, actor: Actor, firm: Enterprise, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """A file of the own firm, always as a download."""
    found = Evidence.objects.visible_to(actor).filter(pk=number).select_related("correction", "filing").first()
    case = (found.correction or found.filing) if found is not None else None
    if found is None or case is None or case.enterprise_id != firm.pk:
        raise Http404("没有这个文件，或者不是本企业的。")
    disposition = content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    return HttpResponse(
        content_of(found), content_type=TYPES[found.kind], headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )
