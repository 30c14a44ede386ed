"""Rows written at once against XlsxWriter's own cells: the same XML for every kind of value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter

from tests.exchange.report_reading import cells, sheet_xml, styles_xml
from tidu.exchange.list_rows import ListRows
from tidu.exchange.workbook_styles import Cells, Column, Figure, Kind, State, Styles, Tone
from tidu.kernel.errors import TiduError

TEXTS = [
    "中文",
    "",
    " 前后有空格 ",
    "a & <b>",
    "_x0041_",
    "a\x01b",
    "两行\n文字",
    "=1+1",
    "\t",
    "\u3000全角",
    "😀" * 17_000,
]
NUMBERS = [
    0,
    1,
    True,
    1.0,
    0.1,
    1 / 3,
    1e-9,
    10**15 + 1,
    Decimal("12.50"),
    Fraction(2, 3),
    float("nan"),
    Figure(2.5, 3),
    Figure(Decimal(1), 0),
]
OTHERS = [None, State("符合", Tone.GOOD), State("不符合", Tone.BAD), date(2024, 6, 1)]
ROWS: list[tuple[object, ...]] = [(value, value, value) for value in [*TEXTS, *NUMBERS, *OTHERS, *TEXTS, *NUMBERS]]
COLUMNS = (Column("文字", Kind.TEXT), Column("代码", Kind.CODE), Column("数值", Kind.VALUE))


def written(path: Path, rows: Sequence[Sequence[object]], *, at_once: bool) -> None:
    """A workbook with a header and these rows below it."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, styles = book.add_worksheet("表"), Styles(book)
        sheet.set_default_row(18)
        sheet.write_string(0, 0, "表头", styles.header)
        if at_once:
            ListRows(sheet, styles, COLUMNS, (40_000, 40_000, 40_000)).write(1, rows, lambda: None)
            return
        singly = Cells(sheet, styles)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                singly.write(number, place, value, COLUMNS[place].kind)


def without_heights(xml: str) -> list[str]:
    """The rows of a sheet but for their heights, which XlsxWriter is told apart."""
    return [row.split(">", 1)[1] for row in xml.split("<row ")[1:]]


def test_every_value_is_the_cell_that_xlsxwriter_writes(tmp_path: Path) -> None:
    once, singly = tmp_path / "once.xlsx", tmp_path / "singly.xlsx"
    written(once, ROWS, at_once=True)
    written(singly, ROWS, at_once=False)

    assert without_heights(sheet_xml(once, "表")) == without_heights(sheet_xml(singly, "表"))
    assert sheet_xml(once, "表").count("<dimension") == 1
    assert styles_xml(once).count("<xf ") == styles_xml(singly).count("<xf ")


def test_text_that_looks_like_rich_text_stays_text(tmp_path: Path) -> None:
    written(tmp_path / "r.xlsx", [("<r>甲</r>", None, None)], at_once=True)

    assert cells(tmp_path / "r.xlsx", "表")[1][0] == "<r>甲</r>"


def test_a_row_is_as_high_as_its_longest_text_takes(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "r.xlsx"), {"constant_memory": True}) as book:
        sheet, styles = book.add_worksheet("表"), Styles(book)
        ListRows(sheet, styles, COLUMNS, (11, 11, 11)).write(0, [("短", "短", 1), ("一二三四五六七", "短", 1)], lambda: None)

    assert 'ht="18" customHeight' in sheet_xml(tmp_path / "r.xlsx", "表")
    assert '<row r="2" ht="35.25" customHeight="1">' in sheet_xml(tmp_path / "r.xlsx", "表")


@pytest.mark.parametrize("value", [b"x", [1]])
def test_a_value_that_no_cell_holds_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(TiduError, match="无法写入类型"), xlsxwriter.Workbook(str(tmp_path / "r.xlsx"), {"constant_memory": True}) as book:
        ListRows(book.add_worksheet("表"), Styles(book), COLUMNS, (9, 9, 9)).write(0, [(value, None, None)], lambda: None)
