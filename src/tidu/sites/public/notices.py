"""公示公告: notices that run, announcements of what stood, and where the money went. No login; nothing of the visitor is kept."""

from __future__ import annotations

from dataclasses import asdict
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Notice
from tidu.apps.fulfilment.queries import public_notices as queries
from tidu.apps.fulfilment.queries.notices import countdown, with_count
from tidu.apps.paper.private import without_private_numbers as hidden
from tidu.exchange.report_sheets import SUMMARY, Book, ListSheet
from tidu.exchange.workbook_styles import Column as Printed
from tidu.exchange.workbook_styles import Kind
from tidu.look.figures import grouped, yuan_text
from tidu.look.listing import Column, page_of
from tidu.sites.public.downloads import EXCEL, attachment
from tidu.sites.public.fragments import wants_json
from tidu.sites.public.policy_inputs import number, one_of, words

MOST_ROWS = 20_000
"""Rows of one exported file; a year of one district is less."""


def _json(document: dict[str, Any]) -> JsonResponse:
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False})


def _document(shown: queries.PublicNotice, **more: Any) -> JsonResponse:
    """A notice as JSON; amounts stand as they were published."""
    return _json({**asdict(shown), "rows": [asdict(row) for row in shown.rows], **more})


@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """公示中."""
    day, place = timezone.localdate(), number(request, "page", "页码")
    columns = (
        Column("标题", lambda one: hidden(one.title), lambda one: f"{one.pk}/"),
        Column("项数", lambda one: grouped(str(one.count)), number=True),
        Column("发布", lambda one: str(one.published_on), whole=True),
        Column("公示最后一日", lambda one: str(one.until), whole=True),
        Column("倒计时", lambda one: countdown(one, day)),
    )
    listing = page_of(
        with_count(queries.running_notices()), columns, {"page": str(place)}, label="公示中", empty="现在没有正在公示的名单。"
    )
    return render(request, "public/notices/running.html", {"listing": listing, "here": "running"})


def _notice(state: Any, pk: int) -> Notice:
    found: Notice | None = state.filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份公示，或者已经期满。请从“公示公告”进入。")
    return found


@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice while it runs: text, rows, until when, where to object."""
    day, found = timezone.localdate(), _notice(queries.running_notices(), pk)
    shown = queries.public_notice(found, day, number(request, "page", "页码"))
    if wants_json(request):
        return _document(shown)
    return render(request, "public/notices/notice.html", {"shown": shown, "countdown": countdown(found, day), "here": "running"})


@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    """认定与兑现公告."""
    place = number(request, "page", "页码")
    columns = (
        Column("标题", queries.announcement_title, lambda one: f"{one.pk}/"),
        Column("公告日期", lambda one: str(queries.closed_on(one)), whole=True),
        Column("公示起止", lambda one: f"{one.published_on} 至 {one.until}"),
    )
    listing = page_of(queries.closed_notices().defer("rows"), columns, {"page": str(place)}, label="认定与兑现公告", empty="还没有公告。")
    return render(request, "public/notices/announcements.html", {"listing": listing, "here": "announcements"})


@require_safe
def announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """One announcement: what was decided and stood."""
    found = _notice(queries.closed_notices(), pk)
    shown, left = queries.public_announcement(found, timezone.localdate(), number(request, "page", "页码"))
    if wants_json(request):
        return _document(shown, title=queries.announcement_title(found), left_out=left)
    context = {
        "shown": shown, "left": left, "title": queries.announcement_title(found), "closed_on": queries.closed_on(found),
        "total": shown.count + left, "here": "announcements",
    }  # fmt: skip
    return render(request, "public/notices/announcement.html", context)


def _remark(row: Any) -> str:
    return "已退回" if row["case__state"] == CaseState.RECOVERED else ""


COLUMNS = (
    Column("企业名称", lambda row: hidden(row["case__enterprise__name"])),
    Column("统一社会信用代码", lambda row: hidden(row["case__enterprise__code"]), whole=True),
    Column("事项", lambda row: hidden(f"{row['case__title']}（{row['case__item']}）")),
    Column("条款", lambda row: row["case__clause"]),
    Column("金额（元）", lambda row: yuan_text(row["amount"]), number=True),
    Column("资金来源", lambda row: row["case__payer"]),
    Column("到账日期", lambda row: str(row["paid_on"]), whole=True),
    Column("备注", _remark),
)


def _payment(row: Any) -> dict[str, Any]:
    return {
        "firm": hidden(row["case__enterprise__name"]), "code": hidden(row["case__enterprise__code"]), "title": hidden(row["case__title"]),
        "item": hidden(row["case__item"]), "clause": row["case__clause"], "payer": row["case__payer"], "amount": row["amount"],
        "day": row["paid_on"].isoformat(), "returned": row["case__state"] == CaseState.RECOVERED,
    }  # fmt: skip


@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """资金兑付公开: paid to whom, for what, how much, from whose money, when."""
    years, clauses = queries.paid_years(), queries.paid_clauses()
    year = one_of(request, "year", "年度", [str(one) for one in years])
    clause = one_of(request, "clause", "事项", [value for value, _ in clauses])
    query = words(request, "q", "企业名称或代码")
    rows = queries.public_payments(year=int(year) if year else None, award=clause, words=query)
    if wants_json(request):
        return _json({"payments": [_payment(row) for row in rows[:MOST_ROWS]]})
    if request.GET.get("format") == "xlsx":
        return _workbook(list(rows[:MOST_ROWS]))
    kept = {"year": year, "clause": clause, "q": query, "page": str(number(request, "page", "页码"))}
    listing = page_of(rows, COLUMNS, kept, label="资金兑付公开", empty="没有符合条件的兑付记录。")
    context = {"listing": listing, "years": years, "clauses": clauses, "year": year, "clause": clause, "query": query, "here": "payments"}
    return render(request, "public/notices/payments.html", context)


def _workbook(rows: list[Any]) -> HttpResponse:
    stream, day = BytesIO(), timezone.localdate()
    listed = [tuple(column.text(row) for column in COLUMNS) for row in rows]
    with Book(stream, title="资金兑付公开", day=day) as book:
        page = book.page(SUMMARY, (30, 40))
        page.title("资金兑付公开")
        page.prose(f"{day:%Y-%m-%d} 导出，共 {len(listed):,} 条。")
        printed = [Printed(column.title, Kind.TEXT, 8, 50) for column in COLUMNS]
        book.list(ListSheet("名单", "资金兑付公开", "与页面上筛选后的内容相同。", printed, listed, "没有符合条件的内容。", 1))
    return attachment(stream.getvalue(), "资金兑付公开.xlsx", EXCEL)
