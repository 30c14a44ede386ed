"""A list as Excel: exactly the rows the filter leaves, in the columns of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from tidu.exchange.report_sheets import SUMMARY, Book, ListSheet
from tidu.exchange.workbook_styles import Column as Printed
from tidu.exchange.workbook_styles import Kind
from tidu.kernel.legal_days import CHINA, legal_day
from tidu.look.listing import Column, spread

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000


def exported(rows: Iterable[Any], columns: Sequence[Column], *, title: str, who: str, at: datetime) -> HttpResponse:
    """The workbook of a list; a text that begins like a formula stays text."""
    stream, columns = BytesIO(), spread(columns)
    listed = [tuple(column.text(row) for column in columns) for row in rows]
    with Book(stream, title=title, day=legal_day(at)) as book:
        page = book.page(SUMMARY, (30, 40))
        page.title(title)
        page.prose(f"{who}于 {at.astimezone(CHINA):%Y-%m-%d %H:%M} 导出，共 {len(listed):,} 条。")
        printed = [Printed(column.title, Kind.TEXT, 8, 50) for column in columns]
        book.list(ListSheet("名单", title, "与页面上筛选后的内容相同。", printed, listed, "没有符合条件的内容。", 1))
    disposition = content_disposition_header(as_attachment=True, filename=f"{title}.xlsx") or "attachment"
    return HttpResponse(stream.getvalue(), content_type=EXCEL, headers={"Content-Disposition": disposition})
