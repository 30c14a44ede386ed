"""Looks of the workbooks that go to finance and come back: one plain sheet, exact text columns, sums to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from tidu.exchange.report_layout import row_height
from tidu.exchange.workbook_styles import FONT, clean_text, lines_needed
from tidu.kernel.legal_days import CHINA

HEADER_ROW = 2
"""Row of the titles, from 0: a title and a line of particulars stand above."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its title, its width in half Chinese characters, and whether it holds an amount in 元."""

    title: str
    width: int
    amount: bool = False


def plain_workbook(
    *,
    title: str,
    particulars: str,
    columns: Sequence[SheetColumn],
    rows: Sequence[Sequence[str | int]],
    foot: Sequence[str],
    made_at: datetime,
) -> bytes:
    """One sheet: every cell a text except amounts (fen, shown in 元). The same rows give the same bytes; nothing touches the disk."""
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        # the moment of the records, not of the machine
        book.set_properties({"title": title, "created": made_at.astimezone(CHINA).replace(tzinfo=None)})
        _fill(book, title, particulars, columns, rows, foot)
    return stream.getvalue()


def _fill(
    book: Any, title: str, particulars: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[str | int]], foot: Sequence[str]
) -> None:
    common = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
    framed = {**common, "border": 1, "text_wrap": True}
    text, strong = book.add_format({**framed, "num_format": "@"}), book.add_format({**framed, "bold": True, "num_format": "@"})
    head = book.add_format({**framed, "bold": True, "align": "center", "bg_color": "#EEF2F6"})
    money = book.add_format({**framed, "num_format": "#,##0.00", "align": "right"})
    sum_money = book.add_format({**framed, "num_format": "#,##0.00", "align": "right", "bold": True})
    sheet, last = book.add_worksheet(clean_text(title)[:31]), len(columns) - 1
    sheet.merge_range(0, 0, 0, last, title, book.add_format({**common, "bold": True, "font_size": 16, "align": "center"}))
    sheet.merge_range(1, 0, 1, last, particulars, book.add_format({**common, "text_wrap": True}))
    sheet.set_row(0, 32)
    sheet.set_row(1, 32)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEADER_ROW, place, column.title, head)
    sums = [0] * len(columns)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        # Excel fits heights on opening, LibreOffice and WPS do not
        lines = max(lines_needed(clean_text(str(value)), column.width - 2) for column, value in zip(columns, row, strict=True))
        sheet.set_row(number, row_height(lines))
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            if column.amount and isinstance(value, int):
                sheet.write_number(number, place, value / 100, money)
                sums[place] += value
            else:
                sheet.write_string(number, place, clean_text(str(value)), text)
    end = HEADER_ROW + 1 + len(rows)
    if foot:
        for place, column in enumerate(columns):
            if column.amount:
                sheet.write_number(end, place, sums[place] / 100, sum_money)
            else:
                sheet.write_string(end, place, "合计" if place == 0 else "", strong)
    for number, line in enumerate(foot, start=end + 1):
        sheet.merge_range(number, 0, number, last, line, strong)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
