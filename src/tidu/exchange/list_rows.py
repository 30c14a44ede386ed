"""The rows of a list in a workbook, each written as XML at once.

XlsxWriter takes a dozen calls for every cell, which is most of the time of a report with a million cells. Here a cell
is made once per value and column and its XML is used again; the file is the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.xmlwriter import XMLwriter

from tidu.exchange.report_layout import ROW_POINTS, row_height, shown_text
from tidu.exchange.workbook_styles import Cells, Column, Figure, State, Styles, lines_needed

_LONGEST = 32_767
"""What Excel holds in a cell, in units of UTF-16."""
_REMEMBERED = 1 << 15
"""Different texts of one column that are kept."""
_ALIKE = frozenset({type(None), bool, int, float, Figure, State})
"""Kinds of values of which equal ones of one kind look alike."""

Cell = tuple[str, int]
"""The XML of a cell behind its address, and the lines that its text takes."""


class _Tail:
    """Stands in for a worksheet and keeps the XML of the last cell instead of writing it."""

    def __init__(self) -> None:
        self.xml = ""

    def write_blank(self, _row: int, _column: int, _value: None, style: Any) -> None:
        self.xml = f' s="{style._get_xf_index()}"/>'

    def write_number(self, _row: int, _column: int, number: Any, style: Any) -> None:
        self.xml = f' s="{style._get_xf_index()}"><v>{number:.16G}</v></c>'

    def write_string(self, _row: int, _column: int, text: str, style: Any) -> None:
        if 2 * len(text) > _LONGEST:
            text = text.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore")
        escaped = XMLwriter._escape_control_characters(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        space = ' xml:space="preserve"' if text and (text[0].isspace() or text[-1].isspace()) else ""
        self.xml = f' s="{style._get_xf_index()}" t="inlineStr"><is><t{space}>{escaped}</t></is></c>'


class ListRows:
    """Writes rows below what a worksheet in constant memory already holds; ``widths`` in half Chinese characters."""

    def __init__(self, worksheet: Any, styles: Styles, columns: Sequence[Column], widths: Sequence[int]) -> None:
        self._worksheet = worksheet
        self._tail = _Tail()
        self._cells = Cells(self._tail, styles)
        self._columns = list(zip(columns, widths, strict=True))
        self._starts = [f'<c r="{xl_col_to_name(place)}' for place in range(len(columns))]
        self._texts: list[dict[str, Cell]] = [{} for _ in columns]
        self._figure = lru_cache(maxsize=_REMEMBERED, typed=True)(self._made)

    def _made(self, place: int, value: object) -> Cell:
        column, width = self._columns[place]
        self._cells.write(0, 0, value, column.kind)
        return self._tail.xml, lines_needed(shown_text(value), width - 1) if isinstance(value, str | State) else 1

    def _text(self, place: int, text: str) -> Cell:
        texts = self._texts[place]
        if len(texts) >= _REMEMBERED:
            texts.clear()
        made = texts[text] = self._made(place, text)
        return made

    def write(self, first: int, rows: Sequence[Sequence[object]], each: Callable[[], None]) -> None:
        """Write ``rows`` from the row ``first`` on (from 0); ``each`` is called after every row."""
        sheet, last = self._worksheet, first + len(rows) - 1
        sheet._check_dimensions(first, 0)
        sheet._check_dimensions(last, len(self._starts) - 1)
        sheet._write_single_row(first)
        write = sheet.fh.write
        for number, entry in enumerate(rows, start=first + 1):
            write(self._row(number, entry))
            each()
        sheet._write_single_row(last + 1)

    def _row(self, number: int, entry: Sequence[object]) -> str:
        """One row; ``number`` counts from 1."""
        lines = 1
        parts: list[str] = []
        for place, value in enumerate(entry):
            if value.__class__ is str:
                xml, needed = self._texts[place].get(value) or self._text(place, value)
            elif value.__class__ in _ALIKE:
                xml, needed = self._figure(place, value)
            else:
                xml, needed = self._made(place, value)
            if needed > lines:
                lines = needed
            parts.append(f'{self._starts[place]}{number}"{xml}')
        return f'<row r="{number}" ht="{_height(lines)}" customHeight="1">{"".join(parts)}</row>'


@lru_cache(maxsize=256)
def _height(lines: int) -> str:
    """Height of a row in points, as XlsxWriter rounds it to whole pixels."""
    points = row_height(lines) if lines > 1 else ROW_POINTS
    return f"{int(points * 4.0 / 3.0 + 0.5) * 0.75:.16g}"
