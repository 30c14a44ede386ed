"""Sheets of the Excel reports: pages that read from top to bottom, and lists to filter.

A list never loses rows in silence: it goes on in further sheets, and what does not fit there is counted and said.
The workbook is written row by row (constant memory), so rows are written in order and never twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from tidu.exchange.list_rows import ListRows
from tidu.exchange.report_layout import ARROW, LINE_POINTS, ROW_POINTS, column_widths, folded_title, row_height, shown_text
from tidu.exchange.workbook_styles import FONT, Cells, Column, Kind, Link, State, Styles, lines_needed

Progress = Callable[[int, int], None]
"""Called with (rows written, rows in all)."""

SUMMARY = "汇总"
_NUMERALS = "一二三四五六七八九十"
ROW_PIXELS = 24
_A4, _A3 = 9, 8
_A4_WIDTH = 190
"""Half Chinese characters that A4 across still shows legibly; wider lists are set for A3."""
_PAGE_POINTS = (785.0, 500.0)
"""Room between the margins of A4 across."""
_LIST_HEADER = 3
_LIST_FIRST = 4
_PROGRESS_EVERY = 2_000


FIRM_COLUMNS = (
    Column("序号", Kind.INDEX, 6, 8),
    Column("统一社会信用代码", Kind.CODE, 20, 20),
    Column("企业名称", Kind.TEXT, 16, 38),
    Column("所属街道", Kind.TEXT, 10, 16),
)
"""With which every list of firms begins."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a list goes on in a workbook; Excel itself ends at 1,048,576 rows a sheet."""

    rows_per_sheet: int = 100_000
    sheets: int = 3

    @property
    def rows(self) -> int:
        return self.rows_per_sheet * self.sheets


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One question, answered by rows: ``lead`` says what stands here, ``empty`` what it means if nothing does."""

    name: str
    title: str
    lead: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    empty: str
    frozen_columns: int = 3


def numbered(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Rows with their number, from 1, in front."""
    return [(number, *row) for number, row in enumerate(rows, start=1)]


def location(limits: Limits, sheet: str, index: int) -> tuple[str, int]:
    """Sheet name and row (from 0) where entry ``index`` of a list stands; of entries left out, the top of the list."""
    part = index // limits.rows_per_sheet
    if index < 0 or part >= limits.sheets:
        return sheet, 0
    return part_name(sheet, part), _LIST_FIRST + index % limits.rows_per_sheet


def part_name(sheet: str, part: int) -> str:
    """The name of the continuation ``part`` (from 0) of a list."""
    return sheet if part == 0 else f"{sheet}（{part + 1}）"


class Book:
    """A report in the making; as a context it is closed whole or dropped without a trace."""

    def __init__(
        self, target: Path | BytesIO, *, title: str, day: object, limits: Limits | None = None, progress: Progress | None = None
    ) -> None:
        held = isinstance(target, BytesIO)  # held in memory: nothing of it may reach the disk
        self.limits = limits or Limits()
        self._progress = progress
        self._done = 0
        self._all = 0
        self._drafts = None if held else TemporaryDirectory(prefix="tidu-report-")
        options = {
            "constant_memory": not held,
            "in_memory": held,
            "tmpdir": self._drafts.name if self._drafts is not None else None,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": 10},
        }
        self.workbook = xlsxwriter.Workbook(target if held else str(target), options)
        # The day of the report, not of the machine: the same input gives the same bytes.
        self.workbook.set_properties({"title": title, "created": _midnight(day), "comments": "由 tidu 生成"})
        self.styles = Styles(self.workbook)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is None:
                self.workbook.close()
        except FileCreateError as failure:
            raise OSError(str(failure)) from failure
        finally:
            self._drop_drafts()
        if error is None and self._progress is not None:
            self._progress(self._all, self._all)

    def _drop_drafts(self) -> None:
        """XlsxWriter keeps the rows of each sheet in an open temporary file until it closes well."""
        for worksheet in self.workbook.worksheets():
            if worksheet.row_data_fh is not None:
                worksheet.row_data_fh.close()
        if self._drafts is not None:
            self._drafts.cleanup()

    def expect_rows(self, lists: Iterable[ListSheet]) -> None:
        """Say beforehand what will be written, for the progress."""
        self._all = sum(min(len(sheet.rows), self.limits.rows) for sheet in lists)

    def page(self, name: str, widths: Sequence[int]) -> Page:
        """A new page with columns of these widths (half Chinese characters)."""
        return Page(self, self._sheet(name), widths)

    def list(self, sheet: ListSheet) -> None:
        """Write a list, in as many sheets as it takes and the limits allow."""
        sheet = _without_empty_columns(sheet)
        widths = column_widths(sheet.columns, sheet.rows)
        limit = self.limits.rows_per_sheet
        parts = max(1, min(self.limits.sheets, -(-len(sheet.rows) // limit)))
        for part in range(parts):
            rows = sheet.rows[part * limit : (part + 1) * limit]
            self._list_part(sheet, part, parts, rows, widths)

    def row_written(self) -> None:
        self._done += 1
        if self._progress is not None and self._done % _PROGRESS_EVERY == 0:
            self._progress(min(self._done, self._all), self._all)

    def _sheet(self, name: str) -> Any:
        worksheet = self.workbook.add_worksheet(name)
        worksheet.set_landscape()
        worksheet.set_paper(_A4)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        worksheet.set_header("&L&9&A")
        worksheet.set_footer("&C&9第 &P 页，共 &N 页")
        worksheet.center_horizontally()
        worksheet.hide_gridlines(2)
        worksheet.set_default_row(ROW_POINTS)
        return worksheet

    def _list_part(self, sheet: ListSheet, part: int, parts: int, rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
        worksheet = self._sheet(part_name(sheet.name, part))
        for index, width in enumerate(widths):
            worksheet.set_column(index, index, width + 1)
        if sum(widths) > _A4_WIDTH:
            worksheet.set_paper(_A3)
        titles = [folded_title(column.title, width - ARROW) for column, width in zip(sheet.columns, widths, strict=True)]
        last = len(sheet.columns) - 1
        title = sheet.title if parts == 1 else f"{sheet.title}（第 {part + 1} 张，共 {parts} 张）"
        worksheet.set_row(0, 26)
        worksheet.write_string(0, 0, title, self.styles.title)
        lead = _lead(sheet, self.limits)
        worksheet.set_row(1, row_height(lines_needed(lead, sum(widths) - 2)))
        worksheet.merge_range(1, 0, 1, last, "", self.styles.prose)
        worksheet.write_string(1, 0, lead, self.styles.prose)
        self._tool_row(worksheet, sheet, rows)
        for index, text in enumerate(titles):
            worksheet.write_string(_LIST_HEADER, index, text, self.styles.header)
        worksheet.set_row(
            _LIST_HEADER, row_height(max(lines_needed(text, width - ARROW) for text, width in zip(titles, widths, strict=True))) + 2
        )
        worksheet.freeze_panes(_LIST_FIRST, sheet.frozen_columns)
        worksheet.repeat_rows(_LIST_HEADER)
        if rows:
            worksheet.autofilter(_LIST_HEADER, 0, _LIST_HEADER + len(rows), last)
            if self._drafts is None:
                self._list_cells(worksheet, sheet.columns, rows, widths)
            else:
                ListRows(worksheet, self.styles, sheet.columns, widths).write(_LIST_FIRST, rows, self.row_written)
        else:
            worksheet.set_row(_LIST_FIRST, (lines_needed(sheet.empty, sum(widths) - 2) + 1) * LINE_POINTS)
            worksheet.merge_range(_LIST_FIRST, 0, _LIST_FIRST, last, "", self.styles.empty)
            worksheet.write_string(_LIST_FIRST, 0, sheet.empty, self.styles.empty)

    def _list_cells(self, worksheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
        """The rows cell by cell: a worksheet held in memory has no file yet to write whole rows to."""
        cells = Cells(worksheet, self.styles)
        for row, entry in enumerate(rows, start=_LIST_FIRST):
            lines = 1
            for place, value in enumerate(entry):
                lines = max(lines, lines_needed(shown_text(value), widths[place] - 1) if isinstance(value, str | State) else 1)
                cells.write(row, place, value, columns[place].kind)
            worksheet.set_row(row, row_height(lines) if lines > 1 else ROW_POINTS)
            self.row_written()

    def _tool_row(self, worksheet: Any, sheet: ListSheet, rows: Sequence[Sequence[object]]) -> None:
        """The way back, and sums that follow the filter."""
        row = _LIST_HEADER - 1
        worksheet.write_url(row, 0, f"internal:'{SUMMARY}'!A1", self.styles.link, "← 返回汇总")
        summed = [index for index, column in enumerate(sheet.columns) if column.total] if rows else []
        for index in summed:
            letter = xlsxwriter.utility.xl_col_to_name(index)
            formula = f"=SUBTOTAL(109,{letter}{_LIST_FIRST + 1}:{letter}{_LIST_FIRST + len(rows)})"
            total = sum(value for entry in rows if (value := entry[index]) is not None)  # type: ignore[misc]
            worksheet.write_formula(row, index, formula, self.styles.cell(sheet.columns[index].kind, strong=True), total)
        if summed:
            worksheet.write_string(row, summed[0] - 1, "本表合计（随筛选变化）", self.styles.of(bold=True, align="right"))


class Page:
    """A sheet that reads from top to bottom: titles, sentences, small tables, charts."""

    def __init__(self, book: Book, worksheet: Any, widths: Sequence[int]) -> None:
        self.book = book
        self.worksheet = worksheet
        self.row = 0
        self._headings = 0
        self._used = 0.0
        self._breaks: list[int] = []
        scale = min(1.0, _PAGE_POINTS[0] / (sum(width * 7 + 5 for width in widths) * 0.75))
        self._room = _PAGE_POINTS[1] / scale
        self._widths = widths
        self._cells = Cells(worksheet, book.styles)
        for index, width in enumerate(widths):
            worksheet.set_column(index, index, width)

    def title(self, text: str) -> None:
        self.worksheet.write_string(self.row, 0, text, self.book.styles.title)
        self._end_row(30)

    def heading(self, text: str) -> None:
        """A numbered heading after an empty line."""
        self._end_row()
        self._headings += 1
        numbered = f"{_NUMERALS[self._headings - 1]}、{text}"
        self.worksheet.write_string(self.row, 0, numbered, self.book.styles.heading)
        self._end_row(22)

    def prose(self, text: str) -> None:
        """A paragraph across the page."""
        style = self.book.styles.prose
        self.worksheet.merge_range(self.row, 0, self.row, len(self._widths) - 1, "", style)
        self.worksheet.write_string(self.row, 0, text, style)
        self._end_row(row_height(lines_needed(text, sum(self._widths) - 4)))

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[object]], *, empty: str = "", total: bool = False, widen_last: bool = False
    ) -> tuple[int, int]:
        """A table at the cursor; returns the first and last row of data (from 0).

        With ``total`` its last row stands out; with ``widen_last`` its last column, of text, takes the rest of the page.
        """
        if not rows:
            self.prose(empty)
            return self.row, self.row - 1
        wide = len(columns) - 1 if widen_last else None
        self._widen(wide, self.book.styles.header)
        for index, column in enumerate(columns):
            self.worksheet.write_string(self.row, index, column.title, self.book.styles.header)
        self._end_row(self._height([column.title for column in columns], wide, spare=0) + 2)
        first = self.row
        for entry in rows:
            strong = total and self.row == first + len(rows) - 1
            self._widen(wide, self.book.styles.cell(Kind.TEXT, strong=strong))
            for index, value in enumerate(entry):
                self._cells.write(self.row, index, value, columns[index].kind, strong=strong)
            self._end_row(self._height(entry, wide, spare=2))
        return first, self.row - 1

    def chart(self, kind: Mapping[str, str], series: Sequence[Mapping[str, Any]], *, title: str, value_name: str, height: int) -> None:
        """A bar chart across the page below the cursor, ``height`` in rows; the table above carries the same figures."""
        chart = self.book.workbook.add_chart(dict(kind))
        for one in series:
            chart.add_series(dict(one))
        font = {"name": FONT, "size": 9}
        chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
        chart.set_legend({"position": "bottom", "font": font} if len(series) > 1 else {"none": True})
        # The first row of the table stands on top; reversing would carry the values to the top too, "high" keeps them below.
        chart.set_y_axis({"reverse": True, "num_font": font, "interval_unit": 1})
        value_axis = {"num_font": font, "num_format": "#,##0", "name": value_name, "name_font": {**font, "bold": False}, "min": 0}
        gridlines = {"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
        chart.set_x_axis({**value_axis, **gridlines, "label_position": "high"})
        pixels = sum(width * 7 + 5 for width in self._widths)
        chart.set_size({"width": pixels, "height": height * ROW_PIXELS})
        self.keep_together(height + 1)
        self._end_row()
        self.worksheet.insert_chart(self.row, 0, chart, {"object_position": 2, "description": f"{title}，数据见上表"})
        for _ in range(height):
            self._end_row()

    def _widen(self, column: int | None, style: Any) -> None:
        last = len(self._widths) - 1
        if column is not None and column < last:
            self.worksheet.merge_range(self.row, column, self.row, last, "", style)

    def keep_together(self, rows: int) -> None:
        """Begin a new printed page where the next ``rows`` rows would be cut in two and a page can hold them."""
        needed = rows * ROW_POINTS
        if self._used + needed > self._room and needed <= self._room:
            self._breaks.append(self.row)
            self.worksheet.set_h_pagebreaks(self._breaks)
            self._used = 0.0

    def _height(self, entry: Sequence[object], wide: int | None, spare: int) -> float:
        """Height for the longest cell; ``spare`` is what indents and frames take of a column."""
        rooms = [sum(self._widths[index:]) if index == wide else self._widths[index] for index in range(len(entry))]
        return row_height(max(lines_needed(shown_text(value), room - spare) for value, room in zip(entry, rooms, strict=True)))

    def _end_row(self, height: float = ROW_POINTS) -> None:
        """Heights are always set: Excel never fits merged cells, and other programs do not fit on opening."""
        if height != ROW_POINTS:
            self.worksheet.set_row(self.row, height)
        self._used += height
        self.row += 1


def sheets_and_packs(page: Page, sheets: Sequence[tuple[str, str]], packs: object) -> None:
    """The end of a guide: which question each sheet answers, and the digests of the packs that were used."""
    page.keep_together(len(sheets) + 3)
    page.heading("各表回答的问题")
    page.table((Column("表"), Column("回答的问题")), [(Link(name, name), question) for name, question in sheets])
    if isinstance(packs, Mapping) and packs:
        page.heading("规则包版本（核对用）")
        page.table((Column("规则包"), Column("指纹")), [(str(name), str(digest)) for name, digest in packs.items()])


def _without_empty_columns(sheet: ListSheet) -> ListSheet:
    kept = [index for index, column in enumerate(sheet.columns) if not column.optional or any(row[index] is not None for row in sheet.rows)]
    if len(kept) == len(sheet.columns):
        return sheet
    rows = [tuple(row[index] for index in kept) for row in sheet.rows]
    return replace(sheet, columns=[sheet.columns[index] for index in kept], rows=rows)


def _lead(sheet: ListSheet, limits: Limits) -> str:
    left_out = len(sheet.rows) - limits.rows
    if left_out <= 0:
        return sheet.lead
    return (
        f"{sheet.lead}注意：共 {len(sheet.rows):,} 行，本表只列前 {limits.rows:,} 行，另有 {left_out:,} 行未列出；"
        "全部结果请改用 --out 输出 .parquet 或 .json 文件。"
    )


def _midnight(day: object) -> datetime:
    try:
        known = date.fromisoformat(str(day))
    except ValueError:
        known = date(2000, 1, 1)
    return datetime(known.year, known.month, known.day, tzinfo=UTC)
