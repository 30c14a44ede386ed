"""A copy of the input with the faulty cells coloured and commented, and the list of problems in front."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from tidu.exchange.excel import EXCEL_SUFFIXES, read_workbook
from tidu.exchange.folders import read_csv
from tidu.exchange.json_files import read_json
from tidu.exchange.layout import row_height
from tidu.exchange.notices import Notice, Report, Severity, problem_notices, problems_table
from tidu.exchange.sheets import HEADER_SEARCH, SHEETS, Grid, Sheet, is_blank
from tidu.exchange.whole_files import write_whole
from tidu.exchange.wordings import title_key
from tidu.kernel.errors import Problems, TiduError

_COLOURS = {Severity.PROBLEM: "#FFC7CE", Severity.WARNING: "#FFEB9C", Severity.INFORMATION: "#DDEBF7"}
_LISTING_WIDTHS = (8, 12, 8, 6, 26, 24, 60, 60)
_FORMATS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm", time: "hh:mm:ss", timedelta: "[h]:mm:ss"}


def annotate_workbook(path: Path, problems: Problems | Iterable[Notice | TiduError], out: Path) -> Path:
    """Write a copy of the input to ``out`` (.xlsx): faulty cells coloured with a comment, the listing as first sheet.

    Values stay as they were, formulas become their results; the copy can be corrected and read again.
    """
    listed = problem_notices(problems)
    grids = input_grids(path)
    return write_whole(out, lambda draft: _write(draft, grids, listed))


def annotate_grids(grids: list[Grid], notices: list[Notice], out: Path) -> Path:
    """The same for sheets that were read already, whatever they came from."""
    return write_whole(out, lambda draft: _write(draft, grids, notices))


def input_grids(path: Path) -> list[Grid]:
    """The input as sheets of raw cells, whatever its format."""
    if path.is_dir():
        return [grid for name in SHEETS for grid in _folder_grids(path, name)]
    if path.suffix.lower() in EXCEL_SUFFIXES or not path.suffix:
        return read_workbook(path, Report()).grids
    if path.suffix.lower() == ".json":
        return [_grid_of(sheet) for sheet in read_json(path, Report()).values()]
    raise TiduError("unknown-format", f"“{path.name}”的格式不支持标注。请使用 Excel、CSV 文件夹、Parquet 文件夹或 JSON。", path=str(path))


def _folder_grids(folder: Path, name: str) -> list[Grid]:
    found = sorted(entry for entry in folder.iterdir() if entry.stem == name and entry.suffix.lower() in {".csv", ".parquet"})
    grids = []
    for path in found[:1]:
        if path.suffix.lower() == ".csv":
            grids.append(Grid(name, name, read_csv(path)))
        else:
            frame = pl.read_parquet(path)
            grids.append(Grid(name, name, [frame.columns, *frame.iter_rows()]))
    return grids


def _grid_of(sheet: Sheet) -> Grid:
    rows = zip(*(column.cells for column in sheet.columns), strict=True)
    return Grid(sheet.name, sheet.name, [[column.title for column in sheet.columns], *map(list, rows)])


def _write(draft: Path, grids: list[Grid], listed: list[Notice]) -> None:
    try:
        with xlsxwriter.Workbook(str(draft), {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}) as book:
            listing = book.add_worksheet("问题清单")
            places: dict[int, str] = {}
            for grid in grids:
                if grid.name != "问题清单":
                    _write_grid(book, grid, listed, places)
            _write_listing(book, listing, listed, places)
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _write_grid(book: Any, grid: Grid, listed: list[Notice], places: dict[int, str]) -> None:
    page = book.add_worksheet(grid.name[:31])
    marks: dict[tuple[int, int], list[Notice]] = {}
    for index, notice in enumerate(listed):
        if notice.sheet == grid.name.strip():
            cell = _cell_of(notice, grid)
            marks.setdefault(cell, []).append(notice)
            places[index] = f"internal:'{grid.name[:31]}'!{xlsxwriter.utility.xl_rowcol_to_cell(*cell)}"
    page.set_column(0, max((len(row) for row in grid.rows), default=1), 16)
    formats: dict[tuple[type, Severity | None], Any] = {}
    height = max([len(grid.rows), *(row + 1 for row, _ in marks)])
    for row in range(height):
        cells = grid.rows[row] if row < len(grid.rows) else ()
        for column in range(max([len(cells), *(place[1] + 1 for place in marks if place[0] == row)]) if marks else len(cells)):
            value = cells[column] if column < len(cells) else None
            notices = marks.get((row, column), [])
            worst = min((one.severity for one in notices), key=list(Severity).index, default=None)
            _write_cell(book, page, row, column, value, worst, formats)
            if notices:
                text = "\n".join(f"{one.message}{one.advice}" for one in notices)
                page.write_comment(row, column, text, {"x_scale": 2.5, "y_scale": 1 + len(text) / 120})


def _cell_of(notice: Notice, grid: Grid) -> tuple[int, int]:
    """Row and column from 0; a notice on a whole column points at its title, one on a whole row at its first cell."""
    column = 0
    for letter in notice.letter:
        column = column * 26 + ord(letter) - 64
    column = max(column - 1, 0)
    if notice.row is not None:
        return notice.row - 1, column
    if notice.column:
        for row, cells in enumerate(grid.rows[:HEADER_SEARCH]):
            if column < len(cells) and title_key(str(cells[column])) == title_key(notice.column):
                return row, column
    return 0, column


def _write_cell(book: Any, page: Any, row: int, column: int, value: object, worst: Severity | None, formats: dict[Any, Any]) -> None:
    key = (type(value), worst)
    if key not in formats:
        style: dict[str, Any] = {"bg_color": _COLOURS[worst], "border": 1, "border_color": "#C00000"} if worst else {}
        if type(value) in _FORMATS:
            style["num_format"] = _FORMATS[type(value)]
        formats[key] = book.add_format(style) if style else None
    style = formats[key]
    if is_blank(value) or (isinstance(value, float) and math.isnan(value)):
        if style is not None:
            page.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, (date, datetime, time, timedelta)):
        page.write_datetime(row, column, value, style)
    elif isinstance(value, (int, float)) and abs(value) < 10**15:
        page.write_number(row, column, value, style)
    else:
        page.write_string(row, column, str(value)[:32_767], style)


def _write_listing(book: Any, page: Any, listed: list[Notice], places: dict[int, str]) -> None:
    head = book.add_format({"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1})
    cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D0D7DE"})
    link = book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top", "border": 1, "border_color": "#D0D7DE"})
    table = problems_table(listed)
    for index, (name, width) in enumerate(zip(table.columns, _LISTING_WIDTHS, strict=True)):
        page.set_column(index, index, width)
        page.write_string(0, index, name, head)
    for row, values in enumerate(table.iter_rows(), start=1):
        page.set_row(row, row_height(["" if value is None else str(value) for value in values], _LISTING_WIDTHS))
        for index, value in enumerate(values):
            if table.columns[index] == "行" and row - 1 in places and row <= 60_000:
                page.write_url(row, index, places[row - 1], link, string="" if value is None else str(value))
            else:
                page.write_string(row, index, "" if value is None else str(value), cell)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    if listed:
        page.autofilter(0, 0, len(listed), table.width - 1)
