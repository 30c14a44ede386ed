"""A table as it was found: titles with their letters, columns of raw cells, and each row's own number.

Rows that hold nothing are dropped, rows that hold only stray marks, totals or remarks are dropped with a
notice; the numbers of the rows that stay are those the user sees in the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

import polars as pl

from tidu.exchange.cells import shown
from tidu.exchange.notices import Notice, Report, Severity
from tidu.exchange.titles import unit_named
from tidu.exchange.wordings import REMARK_WORDS, TOTAL_WORDS, plain_width, title_key
from tidu.kernel.facts import FIRM_CODE, Fact, Kind, Store
from tidu.kernel.quantities import UNITS, Unit

FIRMS, YEARS, MONTHS, EVENTS = "企业", "年度数据", "月度数据", "事项"
SHEETS = (FIRMS, YEARS, MONTHS, EVENTS)
HEADER_SEARCH = 20
"""The header may stand below a caption, a line with the unit and a line with the reporting unit."""

Row = Sequence[object]
_STRAY = re.compile(r"[\W_]*|无|[nN]/?[aA]|nil|none|null|NULL|None")
_UNIT_LINE = re.compile(r"(?:金额|计量)?单位[:：]\s*(?:人民币)?\s*(分|元|百元|千元|万元|十万元|百万元|千万元|亿元)")
_MONEY_FACT = Fact("金额", "", Kind.YEAR, Store.INTEGER, UNITS["万元"])


@dataclass(frozen=True)
class Grid:
    """A sheet as rows of raw cells from its very first row; ``place`` is what messages call it."""

    name: str
    place: str
    rows: list[Row]


@dataclass(frozen=True)
class Column:
    """One column: position from 0, letter, title as written, raw cells (a typed series where all are of one type)."""

    position: int
    title: str
    cells: pl.Series | list[object]

    @property
    def letter(self) -> str:
        """The letter of the column in a spreadsheet."""
        return column_letter(self.position)

    @cached_property
    def filled(self) -> pl.Series:
        """Which cells hold anything."""
        if isinstance(self.cells, pl.Series):
            if self.cells.dtype == pl.String:
                return (self.cells.str.strip_chars() != "").fill_null(value=False)
            return self.cells.is_not_null()
        return pl.Series([not is_blank(cell) for cell in self.cells], dtype=pl.Boolean)


@dataclass(frozen=True)
class Sheet:
    """A table ready to be read: ``rows`` are the sheet's row numbers of the cells of every column.

    ``paths`` replaces row numbers in messages where the source has none (JSON); ``nested`` says that the
    firm codes were copied from the parent and need no complaint of their own.
    """

    name: str
    place: str
    rows: pl.Series
    columns: list[Column]
    unit: Unit | None = None
    paths: list[str] | None = field(default=None, repr=False)
    nested: bool = False

    def notice(
        self,
        code: str,
        message: str,
        advice: str = "",
        *,
        severity: Severity = Severity.WARNING,
        at: int | None = None,
        column: Column | None = None,
        value: object = "",
    ) -> Notice:
        """A remark on this sheet; ``at`` is the position of a row among ``rows``."""
        row = None if at is None else int(self.rows[at])
        path = "" if at is None or self.paths is None else self.paths[at]
        letter, title = (column.letter, column.title) if column else ("", "")
        return Notice(code, message, advice, severity, self.place, self.name, row, letter, title, shown(value), path)


def column_letter(position: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_blank(cell: object) -> bool:
    """Nothing, or white space only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_stray(cell: object) -> bool:
    """A mark without content, such as a dash, a slash or 无."""
    return isinstance(cell, str) and _STRAY.fullmatch(cell.strip()) is not None


def sheet_of(grid: Grid, report: Report) -> Sheet | None:
    """The table in a grid, or None with a problem where no header names the column 统一社会信用代码."""
    header = _header_row(grid)
    if header is None:
        _report_no_header(grid, report)
        return None
    unit = _note_above_header(grid, header, report)
    titles = ["" if is_blank(cell) else shown(cell).strip() for cell in grid.rows[header]]
    width = max((len(row) for row in grid.rows[header:]), default=0)
    titles += [""] * (width - len(titles))
    code_at = next(index for index, title in enumerate(titles) if _is_code_title(title))
    kept, numbers = _data_rows(grid, header, code_at, report)
    columns = [Column(index, titles[index], uniform(cells)) for index, cells in enumerate(_turned(kept, width))]
    return Sheet(grid.name, grid.place, pl.Series("row", numbers, dtype=pl.Int64), columns, unit)


def _turned(rows: list[Row], width: int) -> Iterator[list[object]]:
    """The cells by column; short rows end in empty cells."""
    if rows and all(len(row) == width for row in rows):
        yield from map(list, zip(*rows, strict=True))
        return
    for index in range(width):
        yield [row[index] if index < len(row) else None for row in rows]


def _is_code_title(title: object) -> bool:
    return isinstance(title, str) and title_key(title).partition("(")[0] == FIRM_CODE


def _header_row(grid: Grid) -> int | None:
    for index, row in enumerate(grid.rows[:HEADER_SEARCH]):
        if any(_is_code_title(cell) for cell in row):
            return index
    return None


def _report_no_header(grid: Grid, report: Report) -> None:
    found = next((row for row in grid.rows if not all(map(is_blank, row))), None)
    if found is None:
        report.add(Notice("empty-sheet", "没有任何内容，按没有数据处理。", "", Severity.WARNING, grid.place, grid.name))
        return
    titles = "、".join(shown(cell).strip() for cell in found if not is_blank(cell))[:200]
    report.add(
        Notice(
            "no-header",
            f"找不到列标题“{FIRM_CODE}”，首行内容是：{titles}。",
            "请按模板（tidu template）在表头写明列标题；若中文显示为乱码，请另存为 UTF-8 编码。",
            Severity.PROBLEM,
            grid.place,
            grid.name,
        )
    )


def _note_above_header(grid: Grid, header: int, report: Report) -> Unit | None:
    """Captions above the header are skipped with a notice; a line 单位：元 sets the unit of money columns without one."""
    unit: Unit | None = None
    for index in range(header):
        text = " ".join(shown(cell).strip() for cell in grid.rows[index] if not is_blank(cell))
        if not text:
            continue
        match = _UNIT_LINE.search(plain_width(text))
        if match:
            unit = unit_named(match[1], _MONEY_FACT)
            message = f"表头上方写有“{shown(text)}”，未注明单位的金额列均按{match[1]}读取。"
            report.add(
                Notice(
                    "unit-above-header", message, "若不对，请在列标题括号里写明单位。", Severity.WARNING, grid.place, grid.name, index + 1
                )
            )
        else:
            report.add(
                Notice(
                    "text-above-header",
                    f"表头上方的文字“{shown(text)}”未作为数据读取。",
                    "",
                    Severity.INFORMATION,
                    grid.place,
                    grid.name,
                    index + 1,
                )
            )
    return unit


def _data_rows(grid: Grid, header: int, code_at: int, report: Report) -> tuple[list[Row], list[int]]:
    kept: list[Row] = []
    numbers: list[int] = []
    for number, row in enumerate(grid.rows[header + 1 :], header + 2):
        code = row[code_at] if code_at < len(row) else None
        plain = isinstance(code, str) and len(code) >= 15
        if plain or _holds_data(row, number, grid, report):
            kept.append(row)
            numbers.append(number)
    return kept, numbers


def _holds_data(row: Row, number: int, grid: Grid, report: Report) -> bool:
    cells = [cell for cell in row if not is_blank(cell)]
    if not cells:
        return False

    def skip(code: str, what: str) -> bool:
        text = " ".join(shown(cell) for cell in cells)
        report.add(Notice(code, f"{what}，已跳过：{shown(text)}", "", Severity.WARNING, grid.place, grid.name, number, value=shown(text)))
        return False

    if all(map(is_stray, cells)):
        return skip("stray-row", "整行只有零星符号")
    first = plain_width(shown(cells[0])).replace(" ", "")
    if first in TOTAL_WORDS:
        return skip("total-row", "合计行不是企业数据")
    if isinstance(cells[0], str) and first.startswith(tuple(map(plain_width, REMARK_WORDS))):
        return skip("remark-row", "表尾的说明文字不是企业数据")
    return True


_ONE_TYPE: dict[type, type[pl.DataType]] = {str: pl.String, float: pl.Float64, int: pl.Int64, bool: pl.Boolean, date: pl.Date}


def uniform(cells: list[object]) -> pl.Series | list[object]:
    """Cells as a typed series where all are of one type, else as they are; empty texts become null."""
    cleaned = [None if cell == "" else cell for cell in cells]
    types = set(map(type, cleaned)) - {type(None)}
    if not types:
        return pl.Series(cleaned, dtype=pl.String)
    only = _ONE_TYPE.get(types.pop()) if len(types) == 1 else None
    if only is pl.Int64 and any(isinstance(cell, int) and abs(cell) >= 2**62 for cell in cleaned):
        only = None
    return cleaned if only is None else pl.Series(cleaned, dtype=only)


def sheet_of_frame(name: str, place: str, frame: pl.DataFrame, report: Report) -> Sheet | None:
    """The same for a frame (Parquet): the header counts as row 1; rows without any value are dropped."""
    grid = Grid(name, place, [frame.columns])
    if _header_row(grid) is None:
        _report_no_header(grid, report)
        return None
    numbered = frame.with_row_index("\0row", offset=2)
    if frame.width:
        numbered = numbered.filter(~pl.all_horizontal(pl.col(frame.columns).is_null()))
    columns = [Column(index, title, _decoded(numbered[title])) for index, title in enumerate(frame.columns)]
    return Sheet(name, place, numbered["\0row"].cast(pl.Int64), columns)


def _decoded(cells: pl.Series) -> pl.Series | list[object]:
    """Types that Parquet adds, reduced to those the columns are read from."""
    dtype = cells.dtype
    if dtype in {pl.Categorical, pl.Enum}:
        return cells.cast(pl.String)
    if dtype.is_integer():
        # Beyond 62 bits nothing is a quantity; as text it is refused with its digits.
        wide = cells.cast(pl.Int64, strict=False)
        return wide if wide.null_count() == cells.null_count() else cells.cast(pl.String)
    if dtype == pl.Float32:
        # The digits a 32-bit float shows are its own shortest ones, not those of its 64-bit image.
        return cells.cast(pl.String)
    if dtype == pl.Datetime:
        return cells.dt.replace_time_zone(None).dt.date()
    if dtype.is_decimal() or dtype in {pl.String, pl.Float64, pl.Boolean, pl.Date}:
        return cells
    if dtype == pl.Null:
        return cells.cast(pl.String)
    return [None if cell is None else str(cell) for cell in cells.to_list()]


def decimals_to_text(cells: list[object]) -> list[object]:
    """JSON decimals as text, so that a column of them is of one type and none passes through a float."""
    return [format(cell, "f") if isinstance(cell, Decimal) else cell for cell in cells]
