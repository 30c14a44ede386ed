"""数据质量: what is missing, stale, in conflict or entered twice, which fact would decide the most firms, and asking for it."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.requests import page_for
from tidu.apps.corrections.enums import TO_REVIEW
from tidu.apps.corrections.models import Correction, Filing
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.quality.domain.requesting import ASKERS, Wanted, close_request, holders_of, may_close, may_request, request_facts
from tidu.apps.quality.enums import FindingKind, RequestState
from tidu.apps.quality.models import FactRequest, Finding
from tidu.apps.quality.queries import (
    FirmsOfFinding,
    WithProgress,
    deciding_facts,
    finding,
    findings,
    firms_of_request,
    latest_check,
    progress_of,
    requests,
)
from tidu.apps.quality.request_files import request_workbook
from tidu.apps.registry.domain.duplicates import dismiss_pair
from tidu.apps.registry.models import DuplicatePair
from tidu.apps.registry.queries import open_pairs
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, RADIO, Choice, Field
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import EXCEL, MOST_ROWS, exported
from tidu.sites.office.firms import READERS

SHOWN = 15
"""Findings of a kind on the first page; the rest are a click away."""
TO_FIRMS = "firms"


@page_for(*READERS)
@require_safe
def quality(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page of data quality; with ``kind`` all findings of one kind."""
    kind = request.GET.get("kind", "")
    wanted = [FindingKind(kind)] if kind in FindingKind.values else list(FindingKind)
    groups = [(one, deciding_facts(actor) if one is FindingKind.DECIDING else findings(actor, one)) for one in wanted]
    context = {
        "check": latest_check(),
        "groups": [(one, listed if len(wanted) == 1 else listed[:SHOWN], len(listed)) for one, listed in groups],
        "one_kind": len(wanted) == 1,
        "pairs": open_pairs(actor).count(),
        "corrections": Correction.objects.visible_to(actor).filter(state__in=TO_REVIEW).count(),
        "filings": Filing.objects.visible_to(actor).filter(state__in=TO_REVIEW).count(),
        "requests": requests(actor, state=RequestState.OPEN).count(),
        "may_check": actor.may_write(*ASKERS),
    }
    return render(request, "office/quality.html", context)


@page_for(Role.BUREAU_CLERK, Role.BUREAU_HEAD)
@require_POST
def check_now(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """Look through everything again."""
    actor.may_write(*ASKERS).require()
    job = ask_for(actor=actor, at=timezone.now(), kind="quality-check", title="数据质量检查", key="quality-check")
    return HttpResponseRedirect(reverse("job", args=[job.pk]))


FIRM_COLUMNS = (
    Column("企业名称", lambda row: row[0].name, lambda row: reverse("firm", args=[row[0].code])),
    Column("统一社会信用代码", lambda row: row[0].code, whole=True),
    Column("所属街道", lambda row: row[0].subdistrict.name if row[0].subdistrict else "未登记"),
    Column("期间", lambda row: "、".join(str(period) for period in row[1] if period) or "—"),
)


def _finding(number: int) -> Finding:
    found = finding(number)
    if found is None:
        raise Http404("这条检查结果已经被新的检查替换。请回到数据质量页面。")
    return found


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def finding_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The firms of one finding; POST makes a request of it."""
    found = _finding(number)
    firms = FirmsOfFinding(found, actor)
    if request.method == "POST":
        made = _request_of(request, actor, found, firms)
        return HttpResponseRedirect(reverse("fact-request", args=[made.pk]))
    title = f"{found.get_kind_display()}：{found.fact}"
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = firms[:MOST_ROWS]
        record_export(actor=actor, at=at, what=title, filters={"finding": str(number)}, rows=len(rows))
        return exported(rows, FIRM_COLUMNS, title=title[:40], who=actor.name, at=at)
    listing = page_of(firms, FIRM_COLUMNS, request.GET.dict(), label=title, empty="您管辖的企业里没有。")
    context = {
        "finding": found,
        "title": title,
        "listing": listing,
        "fields": _request_fields(found),
        "may_request": may_request(found.fact, actor) if found.kind != FindingKind.CONFLICT else None,
        "check": latest_check(),
    }
    return render(request, "office/finding.html", context)


def _request_fields(found: Finding) -> list[Field]:
    units, by_firms = holders_of(found.fact)
    choices = [Choice(str(unit.pk), unit.name) for unit in units] + ([Choice(TO_FIRMS, "这些企业自己")] if by_firms else [])
    chosen = (choices[0].value,) if choices else ()
    return [
        Field("to", "向谁要", RADIO, "指标目录登记的来源", values=chosen, choices=choices),
        Field("why", "用途", hint="对方会看到", values=(_purpose(found),)),
        Field("due", "期限", DATE, optional=True),
    ]


def _purpose(found: Finding) -> str:
    waiting = "、".join(found.standards[:3])
    return f"判断是否符合{waiting}{'等标准' if len(found.standards) > 3 else ''}" if waiting else "补齐企业数据"


def _request_of(request: HttpRequest, actor: Actor, found: Finding, firms: FirmsOfFinding) -> FactRequest:
    units, by_firms = holders_of(found.fact)
    known = {str(unit.pk): unit for unit in units}
    to = request.POST.get("to", "")
    if to not in known and not (to == TO_FIRMS and by_firms):
        may_request(found.fact, actor).require()
        raise TiduError("to-whom", "请选择向哪个单位或者向企业要这项数据。")
    wanted = Wanted(found.fact, known.get(to), firms.rows, request.POST.get("why", ""), _due(request.POST.get("due", "")))
    return request_facts(actor=actor, at=timezone.localtime(), wanted=wanted)


def _due(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise TiduError("bad-date", f"“{text[:20]}”不是日期。请写成 2026-12-31 的样子。") from None


PAIR_COLUMNS = (
    Column("企业一", lambda pair: f"{pair.first.name}（{pair.first.code}）", lambda pair: reverse("firm", args=[pair.first.code])),
    Column("企业二", lambda pair: f"{pair.second.name}（{pair.second.code}）", lambda pair: reverse("firm", args=[pair.second.code])),
    Column("为什么像", lambda pair: "；".join(pair.reasons)),
)


@page_for(*READERS)
@require_safe
def duplicates(request: HttpRequest, actor: Actor) -> HttpResponse:
    """疑似重复: pairs that may be one firm."""
    listed = open_pairs(actor)
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what="疑似重复企业", filters={}, rows=len(rows))
        return exported(rows, PAIR_COLUMNS, title="疑似重复企业", who=actor.name, at=at)
    listing = page_of(listed, PAIR_COLUMNS, request.GET.dict(), label="疑似重复企业", empty="没有疑似重复的企业。", size=20)
    start = (listing.number - 1) * 20
    return render(
        request, "office/duplicates.html", {"listing": listing, "pairs": list(listed[start : start + 20]), "may": actor.may_write(*ASKERS)}
    )


@page_for(Role.BUREAU_CLERK, Role.BUREAU_HEAD)
@require_POST
def dismiss(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """Two firms are not one."""
    pair = DuplicatePair.objects.visible_to(actor).filter(pk=number).select_related("first", "second").first()
    if pair is None:
        raise Http404("这一对已经不在名单里。")
    dismiss_pair(actor=actor, at=timezone.now(), pair=pair)
    return HttpResponseRedirect(reverse("quality-duplicates"))


REQUEST_COLUMNS = (
    Column("项目", lambda row: row[0].fact, lambda row: reverse("fact-request", args=[row[0].pk])),
    Column("向谁要", lambda row: row[0].unit.short_name if row[0].unit else "企业"),
    Column("已补 / 共", lambda row: f"{row[2]:,} / {row[1]:,}", number=True),
    Column("期限", lambda row: row[0].due.isoformat() if row[0].due else "—", whole=True),
    Column("状态", lambda row: row[0].get_state_display(), state=lambda row: "doing" if row[0].state == RequestState.OPEN else "done"),
    Column("提出", lambda row: f"{row[0].created_by_name}，{timezone.localtime(row[0].created_at):%Y-%m-%d}"),
)


@page_for(*READERS)
@require_safe
def request_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """数据需求: what was asked of whom, and how much has come."""
    state = request.GET.get("state", RequestState.OPEN)
    listed = WithProgress(requests(actor, state=state))
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = listed[:MOST_ROWS]
        record_export(actor=actor, at=at, what="数据需求", filters={"state": state}, rows=len(rows))
        return exported(rows, REQUEST_COLUMNS, title="数据需求", who=actor.name, at=at)
    listing = page_of(listed, REQUEST_COLUMNS, request.GET.dict(), label="数据需求", empty="没有数据需求。", size=20)
    states = [*RequestState.choices, ("all", "全部")]
    return render(request, "office/fact_requests.html", {"listing": listing, "states": states, "state": state})


def _request(actor: Actor, number: int) -> FactRequest:
    found = FactRequest.objects.visible_to(actor).filter(pk=number).select_related("unit").first()
    if found is None:
        raise Http404("没有这条数据需求，或者不是向您的单位提的。")
    return found


@page_for(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def fact_request(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One request: its firms and which of them have answered; POST closes it."""
    found = _request(actor, number)
    if request.method == "POST":
        version = request.POST.get("version", "")
        reason = request.POST.get("reason", "")
        close_request(actor=actor, at=timezone.now(), request=found, version=int(version) if version.isdigit() else 0, reason=reason)
        return HttpResponseRedirect(reverse("fact-request", args=[number]))
    only = request.GET.get("only") == "open"
    columns = (
        Column("企业名称", lambda row: row.enterprise.name, lambda row: reverse("firm", args=[row.enterprise.code])),
        Column("统一社会信用代码", lambda row: row.enterprise.code, whole=True),
        Column("所属街道", lambda row: row.enterprise.subdistrict.name if row.enterprise.subdistrict else "未登记"),
        Column("期间", lambda row: str(row.period) if row.period else "—", whole=True),
        Column("进展", lambda row: "已有数据" if row.answered else "还没有", state=lambda row: "done" if row.answered else "todo"),
    )
    listed = firms_of_request(found, actor, open_only=only)
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(listed[:MOST_ROWS])
        record_export(actor=actor, at=at, what=str(found), filters={"only": "open" if only else ""}, rows=len(rows))
        return exported(rows, columns, title=str(found)[:40], who=actor.name, at=at)
    whole, told = progress_of([found]).get(found.pk, (0, 0))
    context = {
        "request_": found,
        "listing": page_of(listed, columns, request.GET.dict(), label="需求里的企业", empty="都已经有数据。"),
        "whole": whole,
        "told": told,
        "may_close": may_close(found, actor),
        "today": timezone.localdate(),
    }
    return render(request, "office/fact_request.html", context)


@page_for(*READERS)
@require_safe
def request_file(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001 - the gate passes it
    """The workbook with an empty column to fill, of the firms that have not answered."""
    found = _request(actor, number)
    rows = list(firms_of_request(found, actor, open_only=True)[:MOST_ROWS])
    record_export(actor=actor, at=timezone.now(), what=f"{found}（填报清单）", filters={"request": str(number)}, rows=len(rows))
    disposition = content_disposition_header(as_attachment=True, filename=f"{found.fact}清单.xlsx") or "attachment"
    return HttpResponse(request_workbook(found, rows), content_type=EXCEL, headers={"Content-Disposition": disposition})
