"""Where the table is in a sheet: captions above, one or two header rows, the rows of data, and rows that are none.

Row numbers are those a person sees in the file, blank rows counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from tidu.apps.imports.reading.contents import Profile, cell_text, is_firm_name, profile
from tidu.apps.imports.reading.headings import is_unit
from tidu.apps.imports.reading.vocabulary import is_known_title
from tidu.exchange.cells import shown
from tidu.exchange.sheets import Column, Grid, Row, column_letter, is_blank, is_stray, uniform
from tidu.exchange.titles import unit_named
from tidu.exchange.wordings import REMARK_WORDS, TOTAL_WORDS, plain_width
from tidu.kernel.facts import Fact, Kind, Store
from tidu.kernel.quantities import UNITS, Unit

SEARCHED = 30
"""Rows in which a header is looked for."""
MOST_COLUMNS = 120
"""Columns of a sheet that a person can be asked about; what lies beyond is said not to be read."""
_KNOWN, _DATA = 4, -3
"""What a known title and a cell of data count for, when rows are compared as headers; any other text counts one."""
_UNIT_LINE = re.compile(r"(?:金额|计量)?单位[:：]?\s*(?:人民币)?\s*(分|元|百元|千元|万元|十万元|百万元|千万元|亿元)")
_MONEY = Fact("金额", "", Kind.YEAR, Store.INTEGER, UNITS["万元"])
_DATA_TEXT = re.compile(r"[-+]?[\d,]*\.?\d+%?|[0-9A-HJ-NPQRTUWXY]{15,18}|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}.*|CN\d{8,}.*")


@dataclass(frozen=True)
class Skipped:
    """A row that is no data, and why."""

    row: int
    why: str
    text: str


@dataclass(frozen=True)
class Table:
    """The table of a sheet. ``rows`` are row numbers of the file, ``totals`` cells of a 合计 row by position of their column."""

    name: str
    caption: str
    head: tuple[int, int]
    columns: Sequence[Column]
    rows: pl.Series
    unit: Unit | None = None
    skipped: Sequence[Skipped] = ()
    totals: Mapping[int, object] = field(default_factory=dict)

    @cached_property
    def profiles(self) -> list[Profile]:
        """What each column holds."""
        return [profile(column) for column in self.columns]

    @property
    def titles(self) -> list[str]:
        """The titles in order."""
        return [column.title for column in self.columns]


def table_of(grid: Grid, head: int | None = None, end: int | None = None) -> Table | None:
    """The table in a sheet, None where there is none; ``head`` says in which row (from 1) a person found the header, ``end`` the
    last row of the header where that is known too."""
    first = head - 1 if head is not None and 0 < head <= len(grid.rows) else _header(grid.rows)
    if first is None or not _width(grid.rows[first]):
        return None
    last = end - 1 if end is not None else first + 1 if _is_second_head(grid.rows, first) else first
    full = max((_width(row) for row in grid.rows[first:]), default=0)
    width = min(full, MOST_COLUMNS)
    titles = _titles(grid.rows, first, last, width)
    caption = " ".join(text for row in grid.rows[:first] for cell in row if not is_blank(cell) and (text := shown(cell).strip()))
    kept, numbers, skipped, totals = _sorted_rows(grid.rows, last + 1)
    if full > width:
        skipped.append(Skipped(first + 1, f"只读前 {MOST_COLUMNS} 列，{column_letter(width)} 列以后的内容", ""))
    columns = [Column(place, titles[place], uniform(list(cells))) for place, cells in enumerate(_turned(kept, width))]
    wanted = [column for column in columns if column.title or column.filled.any()]
    if not wanted:
        return None
    match = _UNIT_LINE.search(plain_width(caption))
    unit = unit_named(match[1], _MONEY) if match else None
    return Table(grid.name, caption[:500], (first + 1, last + 1), wanted, pl.Series("row", numbers, dtype=pl.Int64), unit, skipped, totals)


def _width(row: Row) -> int:
    return next((place + 1 for place in range(len(row) - 1, -1, -1) if not is_blank(row[place])), 0)


def _turned(rows: list[Row], width: int) -> Iterator[Sequence[object]]:
    if not rows:
        yield from ([] for _ in range(width))
        return
    padded = [row if len(row) >= width else [*row, *([None] * (width - len(row)))] for row in rows]
    for place, cells in enumerate(zip(*padded, strict=False)):
        if place < width:
            yield cells


def _header(rows: Sequence[Row]) -> int | None:
    """The row that looks most like titles; the first of equals. A single filled cell is a caption, unless it is all there is."""
    widest = max((_filled(row) for row in rows[: SEARCHED * 4]), default=0)
    scores = [
        (_likeness(row), -place)
        for place, row in enumerate(rows[:SEARCHED])
        if _filled(row) >= min(2, widest) and any(_is_title_like(cell) for cell in row)
    ]
    best = max(scores, default=(0, 0))
    return -best[1] if best[0] > 0 else None


def _filled(row: Row) -> int:
    return sum(1 for cell in row if not is_blank(cell))


def _likeness(row: Row) -> int:
    cells = [cell for cell in row if not is_blank(cell)]
    texts = [cell for cell in cells if _is_title_like(cell)]
    known = sum(1 for cell in texts if is_known_title(str(cell)))
    return known * _KNOWN + len(set(map(str, texts))) + (len(cells) - len(texts)) * _DATA


def _is_title_like(cell: object) -> bool:
    return isinstance(cell, str) and not is_blank(cell) and len(cell) <= 80 and _DATA_TEXT.fullmatch(cell.strip()) is None


def _is_second_head(rows: Sequence[Row], first: int) -> bool:
    """A second line of titles: it fills gaps that merged cells leave in the first, and holds nothing that is data."""
    if first + 1 >= len(rows):
        return False
    upper, lower = rows[first], rows[first + 1]
    width = _width(lower)
    texts = [cell for cell in lower if not is_blank(cell)]
    if not texts or not all(_is_title_like(cell) or re.fullmatch(r"(?:19|20)\d{2}", cell_text(cell)) for cell in texts):
        return False
    if any(is_firm_name(cell_text(cell)) for cell in texts):
        return False
    if all(is_unit(cell_text(cell)) for cell in texts):
        return True
    gaps = [place for place in range(1, width) if not is_blank(lower[place]) and (place >= len(upper) or is_blank(upper[place]))]
    doubled = [place for place in range(min(width, len(upper))) if not is_blank(lower[place]) and not is_blank(upper[place])]
    return bool(gaps) and bool(doubled) and len(gaps) + len(doubled) == len(texts)


def _titles(rows: Sequence[Row], first: int, last: int, width: int) -> list[str]:
    def text(row: Row, place: int) -> str:
        return shown(cell_text(row[place])).strip() if place < len(row) and not is_blank(row[place]) else ""

    upper = [text(rows[first], place) for place in range(width)]
    if last == first:
        return upper
    lower = [text(rows[last], place) for place in range(width)]
    group, found = "", []
    for above, below in zip(upper, lower, strict=True):
        group = above or (group if below else "")
        # A unit alone below its title belongs into its brackets.
        found.append(f"{group}（{below}）" if is_unit(below) else f"{group} {below}".strip())
    return found


def _sorted_rows(rows: Sequence[Row], start: int) -> tuple[list[Row], list[int], list[Skipped], dict[int, object]]:
    """Rows that are data with their numbers; rows that are none; the cells of a total."""
    kept: list[Row] = []
    numbers: list[int] = []
    skipped: list[Skipped] = []
    totals: dict[int, object] = {}
    for number, row in enumerate(rows[start:], start + 1):
        cells = [cell for cell in row if not is_blank(cell)]
        if not cells:
            continue
        why = _why_no_data(row, cells)
        if why:
            skipped.append(Skipped(number, why, shown(" ".join(map(shown, cells[:6])))))
            if why == TOTAL:
                totals |= {place: cell for place, cell in enumerate(row) if not is_blank(cell)}
        else:
            kept.append(row)
            numbers.append(number)
    return kept, numbers, skipped, totals


TOTAL = "合计行不是企业数据"


def _why_no_data(row: Row, cells: Sequence[object]) -> str:
    first = plain_width(shown(cells[0])).replace(" ", "")
    if all(map(is_stray, cells)):
        return "整行只有零星符号"
    if any(isinstance(cell, str) and plain_width(cell).replace(" ", "") in TOTAL_WORDS for cell in cells[:3]):
        return TOTAL
    if isinstance(cells[0], str) and first.startswith(tuple(map(plain_width, REMARK_WORDS))):
        return "表尾的说明文字不是企业数据"
    if len(cells) >= 4 and _is_counting(row):
        return "整行是列的序号"
    return ""


def _is_counting(row: Row) -> bool:
    """1, 2, 3 … across the columns, as forms number them."""
    numbers: list[int] = []
    for cell in row:
        if is_blank(cell):
            continue
        text = "" if isinstance(cell, date) else cell_text(cell).strip("()（）")
        if not text.isdigit() or len(text) > 3 or (numbers and int(text) != numbers[-1] + 1):
            return False
        numbers.append(int(text))
    return True
