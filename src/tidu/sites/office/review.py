"""数据质量 → 更正审核, 年度填报审核."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.corrections.domain.assigning import source_of_acceptance
from tidu.apps.corrections.domain.corrections import accept_correction, holds_after, move_correction, said_of
from tidu.apps.corrections.domain.evidence import TYPES, content_of
from tidu.apps.corrections.domain.filings import accept_filing, move_filing
from tidu.apps.corrections.domain.moves import CORRECTION_MOVES, FILING_MOVES, OFFICE, Move, buttons, timeline
from tidu.apps.corrections.enums import TO_REVIEW, CaseState
from tidu.apps.corrections.models import Correction, Evidence, Filing
from tidu.apps.corrections.queries import compared, waiting_days
from tidu.apps.corrections.sections import sections
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.enterprises.queries import fact_text
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported

REVIEWERS = (
    Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.AUDITOR, Role.DISTRICT_LEADER,
)  # fmt: skip
STATES = {
    CaseState.DRAFT: "doing",
    CaseState.SUBMITTED: "todo",
    CaseState.CHECKING: "checking",
    CaseState.RETURNED: "near",
    CaseState.RESUBMITTED: "todo",
    CaseState.ACCEPTED: "met",
    CaseState.REFUSED: "not",
    CaseState.WITHDRAWN: "not",
}
WAITING = "waiting"


def _state(one: Any) -> str:
    return STATES[CaseState(one.state)]


def _shared(listed: str) -> tuple[Column, ...]:
    return (
        Column("状态", lambda one: one.get_state_display(), state=_state),
        Column("等待", lambda one: f"{waiting_days(one, timezone.now())} 天" if one.state in TO_REVIEW else "—", number=True),
        Column("审核单位", lambda one: one.unit.short_name),
        Column("经办人", lambda one: one.handler.name if one.handler else "—"),
        Column(listed, lambda one: f"{timezone.localtime(one.submitted_at):%Y-%m-%d}" if one.submitted_at else "—", whole=True),
    )


CORRECTIONS = (
    Column("企业", lambda one: one.enterprise.name, lambda one: reverse("review-correction", args=[one.pk])),
    Column("项目", lambda one: one.fact),
    Column("期间", lambda one: str(one.period) if one.period else "—", whole=True),
    Column("现值", lambda one: fact_text(catalogue().fact(one.fact), one.said) if one.said_source else "没有", number=True),
    Column("应为", lambda one: fact_text(catalogue().fact(one.fact), one.wanted), number=True),
    *_shared("")[:-1],
)
FILINGS = (
    Column("企业", lambda one: one.enterprise.name, lambda one: reverse("review-filing", args=[one.pk])),
    Column("年度", lambda one: str(one.year), whole=True),
    *_shared("首次提交"),
)


def _listed(request: HttpRequest, found: Any) -> tuple[Any, str]:
    """The cases of the state that the address asks for; without one those that wait."""
    state = request.GET.get("state", WAITING)
    rows = found.select_related("enterprise", "unit", "handler")
    if state == WAITING:
        return rows.filter(state__in=TO_REVIEW).order_by("submitted_at", "pk"), state
    if state in CaseState.values:
        return rows.filter(state=state).order_by("-changed_at", "-pk"), state
    return rows.order_by("-changed_at", "-pk"), ""


def _list_page(request: HttpRequest, actor: Actor, found: Any, columns: tuple[Column, ...], title: str, line: str) -> HttpResponse:
    listed, state = _listed(request, found)
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what=title, filters={"state": state}, rows=len(rows))
        return exported(rows, columns, title=title, who=actor.name, at=at)
    listing = page_of(listed, columns, request.GET.dict(), label=title, empty="没有要审核的。")
    states = [(WAITING, "待办理"), *[(one.value, one.label) for one in CaseState if one is not CaseState.DRAFT], ("all", "全部")]
    return render(
        request, "office/review_list.html", {"listing": listing, "title": title, "line": line, "states": states, "state": state or "all"}
    )


@page_for(*REVIEWERS)
@require_safe
def correction_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """更正审核: what firms say is wrong."""
    line = "企业认为不对的数据，由提供这项数据的单位审核。等得最久的在最前面。"
    return _list_page(request, actor, Correction.objects.visible_to(actor), CORRECTIONS, "更正审核", line)


@page_for(*REVIEWERS)
@require_safe
def filing_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """年度填报审核: what firms hand in for a year."""
    line = "企业填报的年度数据。采纳后按“自报”来源入库，部门另有数据的以部门数据为先。"
    return _list_page(request, actor, Filing.objects.visible_to(actor), FILINGS, "年度填报审核", line)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _move(table: Any, request: HttpRequest) -> Move:
    move: Move | None = table.get(request.POST.get("move", ""))
    if move is None or move.side != OFFICE:
        raise TiduError("no-such-move", "没有这一步。请从页面上的按钮办理。")
    return move


@page_for(*REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review_correction(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One correction: what holds, what it should be, why; POST makes one of the office's moves."""
    found = Correction.objects.visible_to(actor).filter(pk=number).select_related("enterprise__subdistrict", "unit", "handler").first()
    if found is None:
        raise Http404("没有这件更正申请，或者不由您的单位审核。")
    if request.method == "POST":
        move, reason, at = _move(CORRECTION_MOVES, request), request.POST.get("reason", ""), timezone.now()
        if move.name == "accept":
            accept_correction(actor=actor, at=at, correction=found, version=_version(request), reason=reason)
        else:
            move_correction(actor=actor, at=at, correction=found, move=move, version=_version(request), reason=reason)
        return HttpResponseRedirect(f"{reverse('review-correction', args=[number])}?told={move.name}")
    fact, now = catalogue().fact(found.fact), said_of(found.enterprise, found.fact, found.period)
    told = CORRECTION_MOVES.get(request.GET.get("told", ""))
    context = {
        "case": found,
        "state": _state(found),
        "said": fact_text(fact, found.said) if found.said_source else "系统里没有这项数据",
        "now": fact_text(fact, now.value) if now.source else "系统里没有这项数据",
        "now_source": now.source,
        "wanted": fact_text(fact, found.wanted),
        "source": source_of_acceptance(found, actor),
        "holds": holds_after(found, actor),
        "buttons": buttons(found, actor, OFFICE),
        "timeline": timeline(found, inner=True),
        "files": list(found.files.all()),
        "told": told.told if told is not None else "",
    }
    return render(request, "office/review_correction.html", context)


@page_for(*REVIEWERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review_filing(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One filing: every figure beside what holds now and beside the submission before; POST makes one of the office's moves."""
    found = Filing.objects.visible_to(actor).filter(pk=number).select_related("enterprise__subdistrict", "unit", "handler").first()
    if found is None or found.submitted_at is None:
        raise Http404("没有这份填报，或者不由您的单位审核。")
    if request.method == "POST":
        move, reason, at = _move(FILING_MOVES, request), request.POST.get("reason", ""), timezone.now()
        if move.name == "accept":
            accept_filing(actor=actor, at=at, filing=found, version=_version(request), reason=reason)
        else:
            items = tuple(request.POST.getlist("items"))
            move_filing(actor=actor, at=at, filing=found, move=move, version=_version(request), reason=reason, items=items)
        return HttpResponseRedirect(f"{reverse('review-filing', args=[number])}?told={move.name}")
    told = FILING_MOVES.get(request.GET.get("told", ""))
    versions = list(found.versions.all())
    context = {
        "case": found,
        "state": _state(found),
        "groups": compared(found),
        "versions": versions,
        "warnings": versions[0].warnings if versions else [],
        "items": [fact.name for section in sections() for fact in section.facts],
        "buttons": buttons(found, actor, OFFICE),
        "timeline": timeline(found, inner=True),
        "files": list(found.files.all()),
        "told": told.told if told is not None else "",
    }
    return render(request, "office/review_filing.html", context)


@page_for(*REVIEWERS)
@require_safe
def evidence(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """A file that a firm handed in, always as a download."""
    found = Evidence.objects.visible_to(actor).filter(pk=number).first()
    if found is None:
        raise Http404("没有这个文件，或者不由您的单位审核。")
    disposition = content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    return HttpResponse(
        content_of(found), content_type=TYPES[found.kind], headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )
