"""A request as a workbook with an empty column to fill, in the words that the import reads back."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter

from tidu.apps.enterprises.enums import Level
from tidu.apps.quality.models import FactRequest, RequestedFirm
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, YEAR, Store, catalogue

SHEET = {Level.FIRM: "企业", Level.YEAR: "年度"}
UNIT_WORDS = {"person": "人", "item": "项", "points": "分"}


def column_title(fact: str) -> str:
    """The title of the column to fill, with its unit, as the import reads it."""
    known = catalogue().fact(fact)
    unit = UNIT_WORDS.get(known.unit_label, known.unit_label if known.unit_label in {"万元", "%", "kWh"} else "")
    return f"{fact}（{unit}）" if unit and known.store is Store.INTEGER else fact


def request_workbook(request: FactRequest, rows: Iterable[RequestedFirm]) -> bytes:
    """Code, name, year where it is a figure of a year, and an empty column; nothing else, so that it can be imported as it is."""
    stream = BytesIO()
    yearly = request.level == Level.YEAR
    # a text that begins like a formula stays text, and codes are not read as numbers
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        to_fill = book.add_format({"bg_color": "#FFF8E1", "border": 1})
        sheet = book.add_worksheet(SHEET[Level(request.level)])
        titles = [FIRM_CODE, FIRM_NAME, *([YEAR] if yearly else []), column_title(request.fact)]
        for column, (title, width) in enumerate(zip(titles, (22, 40, *([8] if yearly else []), 24), strict=True)):
            sheet.write_string(0, column, title, head)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 2)
        for line, row in enumerate(rows, 1):
            sheet.write_string(line, 0, row.enterprise.code, text)
            sheet.write_string(line, 1, row.enterprise.name)
            if yearly:
                sheet.write_number(line, 2, row.period)
            sheet.write_blank(line, len(titles) - 1, None, to_fill)
    return stream.getvalue()
