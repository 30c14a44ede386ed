"""A 推荐汇总表 as it goes up: title, table, lines for seal and signature, printed across A3 with its head on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

import xlsxwriter

from tidu.exchange.workbook_styles import FONT, clean_text, display_width

NARROWEST, WIDEST = 8, 36
A3 = 8


@dataclass(frozen=True)
class Form:
    """What stands on the form; ``wide`` are the columns of running text, cells are texts (empty: to be filled in by hand)."""

    title: str
    line: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[int]
    foot: Sequence[str]


def write_recommendation_form(stream: IO[bytes], form: Form) -> None:
    """Write the form. Every cell is text or a plain number: what begins like a formula stays what it is."""
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("推荐汇总表")
        title = book.add_format({"font_name": FONT, "font_size": 16, "bold": True, "align": "center", "valign": "vcenter"})
        plain = book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter"})
        head = book.add_format(
            {"font_name": FONT, "font_size": 10, "bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        )
        text = book.add_format({"font_name": FONT, "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True})
        right = book.add_format({"font_name": FONT, "font_size": 10, "border": 1, "valign": "vcenter", "align": "right"})
        last = len(form.columns) - 1
        for place, width in enumerate(_widths(form)):
            sheet.set_column(place, place, width)
        sheet.merge_range(0, 0, 0, last, "", title)
        sheet.write_string(0, 0, clean_text(form.title), title)
        sheet.set_row(0, 30)
        sheet.write_string(1, 0, clean_text(form.line), plain)
        for place, column in enumerate(form.columns):
            sheet.write_string(2, place, clean_text(column), head)
        for row, cells in enumerate(form.rows, start=3):
            for place, cell in enumerate(cells):
                if place in form.figures and cell and _is_number(cell):
                    sheet.write_number(row, place, float(cell), right)
                else:
                    sheet.write_string(row, place, clean_text(cell), right if place in form.figures else text)
        for number, line in enumerate(form.foot, start=4 + len(form.rows)):
            sheet.write_string(number, 0, clean_text(line), plain)
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页")


def _is_number(text: str) -> bool:
    """A decimal as ``quantities.decimal_text`` writes it."""
    return text.lstrip("-").replace(".", "", 1).isdigit() and text.isascii()


def _widths(form: Form) -> list[int]:
    listed = []
    for place, column in enumerate(form.columns):
        longest = max((display_width(row[place]) for row in form.rows), default=0)
        listed.append(min(WIDEST, max(NARROWEST, min(display_width(column), 14), longest) + 2))
    return listed
