"""Columns of a sheet as stored values, by its plan: units, dictionaries, years, months. What cannot be read is a remark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from tidu.apps.imports.reading.codes import NOTHING, Dictionary, dictionary_of, meanings_of
from tidu.apps.imports.reading.contents import cell_text, cells_of
from tidu.apps.imports.reading.finding import Table
from tidu.apps.imports.reading.plans import CURRENCY_OF, UNIT_OF, ColumnPlan, SheetPlan
from tidu.exchange.cells import CellError, read_month, shown
from tidu.exchange.columns import convert
from tidu.exchange.notices import Notice, Severity
from tidu.exchange.sheets import Column, uniform
from tidu.exchange.titles import Meaning, unit_named
from tidu.exchange.wordings import plain_width, subdistrict_names
from tidu.kernel.facts import Fact, Store
from tidu.kernel.population import column_type
from tidu.kernel.quantities import MONEY

_RENMINBI = frozenset({"人民币", "人民币元", "RMB", "CNY", "156", "元", "万元", "人民币万元", ""})
_YEAR_TEXT = re.compile(r"((?:19|20)\d{2})(?:\.0|年度?|[-/年.]?(?:0?[1-9]|1[0-2])(?:[-/月.].*|月?))?")
EARLIEST, LATEST = 1990, 2100


@dataclass
class Reading:
    """A sheet being read: its table and plan, and the remarks so far."""

    table: Table
    plan: SheetPlan
    learnt: Dictionary = field(default_factory=dict)
    remarks: list[Notice] = field(default_factory=list)

    def column(self, planned: ColumnPlan) -> Column:
        """The column of the file."""
        return next(column for column in self.table.columns if column.position == planned.position)

    def remark(
        self, code: str, message: str, advice: str = "", *, severity: Severity = Severity.PROBLEM, at: int | None = None,
        column: Column | None = None, value: object = "",
    ) -> None:  # fmt: skip
        """Keep a remark; ``at`` is a position among the rows of data."""
        row = None if at is None else int(self.table.rows[at])
        letter, title = (column.letter, column.title) if column else ("", "")
        self.remarks.append(
            Notice(code, message, advice, severity, f"工作表“{self.table.name}”", self.table.name, row, letter, title, shown(value))
        )


def values_of(reading: Reading, planned: ColumnPlan, fact: Fact, rows: Sequence[int] | None = None) -> pl.Series:
    """The stored values of a column as a fact, null where unknown or refused; ``rows`` restricts it to some positions."""
    column = reading.column(planned)
    cells = column.cells
    if rows is not None:
        cells = cells.gather(list(rows)) if isinstance(cells, pl.Series) else [cells[row] for row in rows]
    places = list(range(len(reading.table.rows))) if rows is None else list(rows)
    known = dictionary_of(planned, fact, reading.learnt)
    if known and meanings_of(fact):
        cells = explained(cells, known)
    if fact.unit.dimension == MONEY and fact.store is Store.INTEGER and (UNIT_OF in _targets(reading) or CURRENCY_OF in _targets(reading)):
        return _by_unit(reading, column, planned, fact, cells, places)
    return _converted(reading, column, cells, meaning(planned, fact), places)


def _targets(reading: Reading) -> set[str]:
    return {column.target for column in reading.plan.columns}


def meaning(planned: ColumnPlan, fact: Fact, unit: str = "") -> Meaning:
    """How the bare values of a column are read."""
    named = unit_named(unit or planned.unit, fact) if unit or planned.unit else None
    canonical: Mapping[str, str] = subdistrict_names() if fact.identifier == "subdistrict" else {}
    return Meaning(fact, named or fact.unit, named is not None, canonical=canonical)


def explained(cells: pl.Series | list[object], known: Mapping[str, str]) -> pl.Series | list[object]:
    """Cells with their codes replaced by what they mean; 20 and 20.0 are the same code."""
    listed = cells.to_list() if isinstance(cells, pl.Series) else cells
    memory: dict[object, object] = {}

    def told(cell: object) -> object:
        key = (type(cell), cell)
        if key not in memory:
            found = known.get(cell_text(cell)) if cell is not None else None
            memory[key] = cell if found is None else None if found == NOTHING else found
        return memory[key]

    return uniform([told(cell) for cell in listed])


def _converted(reading: Reading, column: Column, cells: pl.Series | list[object], how: Meaning, places: Sequence[int]) -> pl.Series:
    found = convert(cells, how)
    for index, cell, error in found.refused:
        reading.remark(*_told(error, how.fact), at=places[index], column=column, value=cell)
    return found.values


def _told(error: CellError, fact: Fact) -> tuple[str, str, str]:
    """An error as a remark; a word outside a closed list may be a code that somebody can explain."""
    if error.code in {"not-listed", "not-a-boolean"}:
        return error.code, error.message, f"{error.advice}若是代码，请在“代码对照”里说明它的含义，系统会记住。"
    return error.code, error.message, error.advice or f"请核对“{fact.name}”。"


def _by_unit(
    reading: Reading, column: Column, planned: ColumnPlan, fact: Fact, cells: pl.Series | list[object], places: Sequence[int]
) -> pl.Series:
    """Money whose unit or currency stands in another column, row by row."""
    listed = cells.to_list() if isinstance(cells, pl.Series) else list(cells)
    units = _texts_beside(reading, UNIT_OF, places)
    currencies = _texts_beside(reading, CURRENCY_OF, places)
    out: list[int | None] = [None] * len(listed)
    groups: dict[str, list[int]] = {}
    for index, cell in enumerate(listed):
        if cell is None or cell == "":
            continue
        if currencies[index].upper() not in _RENMINBI:
            reading.remark(
                "foreign-currency", f"币种是“{currencies[index]}”，不能按人民币读取。", "请折算成人民币后填写。",
                at=places[index], column=column, value=cell,
            )  # fmt: skip
        elif units[index] and unit_named(units[index], fact) is None:
            reading.remark(
                "unknown-unit", f"单位“{units[index]}”无法识别。", "请用元、千元、万元或亿元。", at=places[index], column=column, value=cell
            )
        else:
            groups.setdefault(units[index], []).append(index)
    for unit, indexes in groups.items():
        found = _converted(
            reading,
            column,
            uniform([listed[index] for index in indexes]),
            meaning(planned, fact, unit),
            [places[index] for index in indexes],
        )
        for index, value in zip(indexes, found.to_list(), strict=True):
            out[index] = value
    return pl.Series(fact.name, out, dtype=column_type(fact))


def _texts_beside(reading: Reading, target: str, places: Sequence[int]) -> list[str]:
    planned = reading.plan.column(target)
    if planned is None:
        return [""] * len(places)
    cells = cells_of(reading.column(planned))
    return ["" if cells[place] is None else plain_width(cell_text(cells[place])).replace(" ", "") for place in places]


def years_of(reading: Reading, planned: ColumnPlan) -> list[int | None]:
    """The year of every row: 2023, 2023年度, 2023-12-31."""
    column = reading.column(planned)
    found: list[int | None] = []
    for at, cell in enumerate(cells_of(column)):
        found.append(_year(cell))
        if found[-1] is None and cell is not None and cell_text(cell):
            reading.remark("not-a-year", f"“{shown(cell)}”不是年度。", "请按 2023 的形式填写。", at=at, column=column, value=cell)
    return found


def _year(cell: object) -> int | None:
    if isinstance(cell, date):
        return cell.year
    match = _YEAR_TEXT.fullmatch(plain_width(cell_text(cell))) if cell is not None else None
    year = int(match[1]) if match else 0
    return year if EARLIEST <= year <= LATEST else None


def months_of(reading: Reading, planned: ColumnPlan, years: Sequence[int | None]) -> list[int | None]:
    """The month of every row as 202403: whole months, or 1 to 12 with the year of the row."""
    column = reading.column(planned)
    found: list[int | None] = []
    for at, cell in enumerate(cells_of(column)):
        text = "" if cell is None else plain_width(cell_text(cell)).removesuffix("份").removesuffix("月")
        year = years[at]
        if text.isdigit() and 1 <= int(text) <= 12:
            found.append(None if year is None else year * 100 + int(text))
            continue
        try:
            month = None if not text else _one_month(cell)
        except CellError as error:
            reading.remark(error.code, error.message, error.advice, at=at, column=column, value=cell)
            month = None
        found.append(None if month is None else month.year * 100 + month.month)
    return found


def _one_month(cell: object) -> date:
    """A month, or a span of days within one: 2024-01-01至2024-01-31; a quarter is no month."""
    parts = [part.strip() for part in re.split(r"至|~|～|—", cell)] if isinstance(cell, str) else [cell]
    months = [read_month(part) for part in parts if part]
    if len(set(months)) > 1:
        raise CellError("several-months", f"“{shown(cell)}”跨了几个月，不能算作某一个月的数据。", "请按月分开填写。")
    return months[0]
