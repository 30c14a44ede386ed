"""A sheet and its plan put together: who each row is about, what it says for which period, which events it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from tidu.apps.imports.reading.codes import YES, kinds_by_number, patent_kind
from tidu.apps.imports.reading.contents import cell_text, cells_of
from tidu.apps.imports.reading.plans import (
    CODE,
    EVENT_OF,
    FORMER,
    INVESTED,
    INVESTOR,
    MONTH_OF,
    NAME,
    NUMBER,
    YEAR_OF,
    ColumnPlan,
    SheetPlan,
    fact_of,
)
from tidu.apps.imports.reading.values import Reading, months_of, values_of, years_of
from tidu.apps.imports.reading.vocabulary import EVERY_EVENT
from tidu.exchange.cells import CellError, read_code
from tidu.exchange.columns import convert
from tidu.exchange.notices import Notice, Severity
from tidu.exchange.titles import Form, Meaning
from tidu.exchange.wordings import plain_width
from tidu.kernel.facts import FIRM_CODE, Catalogue, Fact, Kind, Store, catalogue
from tidu.kernel.population import column_type

AT, PERIOD = "\0at", "\0period"
FIRM_LEVEL, YEAR_LEVEL, MONTH_LEVEL = 0, 1, 2
_LEVEL = {Kind.FIRM: FIRM_LEVEL, Kind.YEAR: YEAR_LEVEL, Kind.MONTH: MONTH_LEVEL}
_OLD_NUMBER = re.compile(r"\d{13}|\d{15}")
_BETWEEN_NAMES = re.compile(r"[;；、|,，]")
LONGEST_NAME = 200
_AS_CODE = Meaning(catalogue().fact(FIRM_CODE), catalogue().fact(FIRM_CODE).unit, form=Form.CODE)


@dataclass(frozen=True)
class Key:
    """Who a row is about, as the row says it: code, old number, names (the better first), former names."""

    row: int
    code: str = ""
    number: str = ""
    names: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing of whom it is about."""
        return not (self.code or self.number or self.names)


@dataclass
class Parsed:
    """What a sheet says. Frames hold ``AT`` (the position of the row among ``keys``), ``PERIOD`` and the facts, or the fields of events."""

    name: str
    plan: SheetPlan
    keys: list[Key] = field(default_factory=list)
    levels: dict[int, pl.DataFrame] = field(default_factory=dict)
    events: dict[str, pl.DataFrame] = field(default_factory=dict)
    remarks: list[Notice] = field(default_factory=list)


def parse(reading: Reading, facts: Catalogue) -> Parsed:
    """Everything a sheet says by its plan; what cannot be read is among the remarks and left out."""
    plan = reading.plan
    parsed = Parsed(reading.table.name, plan, _keys(reading))
    if plan.register:
        for name in _event_names(reading, facts):
            parsed.events[name] = _events(reading, facts, name, parsed.keys)
    else:
        parsed.levels = _levels(reading, facts)
    for one in reading.table.skipped:
        notice = Notice("no-data-row", f"{one.why}，没有读取。", "", Severity.INFORMATION, "", parsed.name, one.row, value=one.text)
        reading.remarks.append(notice)
    parsed.remarks = reading.remarks
    return parsed


def _keys(reading: Reading) -> list[Key]:
    plan, count = reading.plan, len(reading.table.rows)
    numbers = [_old_number(cell) for cell in _cells(reading, plan.column(NUMBER), count)]
    codes = _codes(reading, numbers, count)
    names = _names(reading, plan.of(NAME), count) if plan.of(NAME) else _own_side(reading, count)
    former = _names(reading, plan.of(FORMER), count)
    return [
        Key(int(row), code, number, name, old)
        for row, code, number, name, old in zip(reading.table.rows.to_list(), codes, numbers, names, former, strict=True)
    ]


def _cells(reading: Reading, planned: ColumnPlan | None, count: int) -> list[object]:
    return [None] * count if planned is None else cells_of(reading.column(planned))


def _old_number(cell: object) -> str:
    text = "" if cell is None else cell_text(cell)
    return text if _OLD_NUMBER.fullmatch(text) else ""


def _codes(reading: Reading, numbers: list[str], count: int) -> list[str]:
    """Codes; an old number in their column moves over to the numbers, a code among the numbers stands in for a missing one."""
    planned, other = reading.plan.column(CODE), _cells(reading, reading.plan.column(NUMBER), count)
    found = [""] * count
    if planned is not None:
        column = reading.column(planned)
        read = convert(column.cells, _AS_CODE)
        found = [code or "" for code in read.values.to_list()]
        for at, cell, error in read.refused:
            old = _old_number(cell)
            if old:
                numbers[at] = numbers[at] or old
            elif cell_text(cell):
                reading.remark(error.code, error.message, error.advice or "请核对营业执照。", at=at, column=column, value=cell)
    for at, cell in enumerate(other):
        if not found[at] and isinstance(cell, str) and len(cell.strip()) == 18:
            answer = _code(cell)
            found[at] = "" if isinstance(answer, CellError) else answer
    return found


def _code(cell: object) -> str | CellError:
    try:
        return read_code(cell)
    except CellError as error:
        return error


def _names(reading: Reading, planned: Sequence[ColumnPlan], count: int) -> list[tuple[str, ...]]:
    """The names of each row, whole ones first, then the parts of lists of names; digits alone are no name."""
    columns = [_cells(reading, one, count) for one in planned]
    memory: dict[tuple[object, ...], tuple[str, ...]] = {}
    found = []
    for cells in zip(*columns, strict=True) if columns else [()] * count:
        if cells not in memory:
            whole = [text for cell in cells if cell is not None and (text := _name(cell))]
            parts = [text for one in whole for part in _BETWEEN_NAMES.split(one) if (text := _name(part))]
            memory[cells] = tuple(dict.fromkeys([*whole, *parts]))
        found.append(memory[cells])
    return found


def _own_side(reading: Reading, count: int) -> list[tuple[str, ...]]:
    """投资 without a column for the own firm: it is the investor where it invests, the invested one where it is invested in."""
    sides = [_names(reading, reading.plan.of(target), count) for target in (INVESTOR, INVESTED)]
    told = reading.plan.column("field:方向")
    usual = reading.plan.constants.get("方向", "")
    ways = [usual] * count if told is None else values_of(reading, told, catalogue().event("投资").fields["方向"]).to_list()
    return [sides[0][at] if way == "投资" else sides[1][at] if way == "被投" else () for at, way in enumerate(ways)]


def _name(cell: object) -> str:
    text = cell_text(cell).strip().strip("\ufeff\u200b")[:LONGEST_NAME]
    return text if any(letter.isalpha() for letter in text) else ""


def _levels(reading: Reading, facts: Catalogue) -> dict[int, pl.DataFrame]:
    plan, count = reading.plan, len(reading.table.rows)
    year_column, month_column = plan.column(YEAR_OF), plan.column(MONTH_OF)
    years = years_of(reading, year_column) if year_column else [None] * count
    years = [plan.year if year is None and not year_column else year for year in years]
    months = months_of(reading, month_column, years) if month_column else [None] * count
    if not year_column and month_column:
        years = [plan.year if plan.year is not None else None for _ in years]
    grouped: dict[tuple[int, int | None, int | None, int], list[tuple[ColumnPlan, Fact]]] = {}
    for planned in plan.columns:
        fact = fact_of(planned, plan, facts)
        if fact is not None:
            of_year = fact.kind is Kind.YEAR
            own = (
                (None, None, 0) if fact.kind is Kind.FIRM else (planned.year, None if of_year else planned.month, planned.offset * of_year)
            )
            grouped.setdefault((_LEVEL[fact.kind], *own), []).append((planned, fact))
    parts: dict[int, list[pl.DataFrame]] = {}
    for (level, year, month, offset), listed in grouped.items():
        shifted = [None if own is None else own + offset for own in years]
        periods = _periods(level, year, month, plan, shifted, months)
        columns = [values_of(reading, planned, fact).alias(fact.name) for planned, fact in listed]
        frame = pl.DataFrame([pl.Series(AT, range(count), dtype=pl.Int64), pl.Series(PERIOD, periods, dtype=pl.Int64), *columns])
        parts.setdefault(level, []).append(frame.filter(pl.any_horizontal(pl.col(fact.name).is_not_null() for _, fact in listed)))
    found = {level: _joined(frames) for level, frames in parts.items()}
    return {level: _with_period(reading, level, frame) for level, frame in found.items()}


def _periods(
    level: int, year: int | None, month: int | None, plan: SheetPlan, years: Sequence[int | None], months: Sequence[int | None]
) -> list[int | None]:
    if level == FIRM_LEVEL:
        return [0] * len(years)
    if level == YEAR_LEVEL:
        return [year if year is not None else own for own in years]
    if month is not None:
        return [None if (whole := year or own) is None else whole * 100 + month for own in years]
    whole = plan.year * 100 + plan.month if plan.year and plan.month else None
    return [own if own is not None else whole for own in months]


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Columns of the same firm and period side by side, though each came with a period of its own."""
    if len(frames) == 1:
        return frames[0]
    stacked = pl.concat(frames, how="diagonal")
    return stacked.group_by(AT, PERIOD, maintain_order=True).agg(pl.all().drop_nulls().first()).sort(AT, PERIOD)


def _with_period(reading: Reading, level: int, frame: pl.DataFrame) -> pl.DataFrame:
    what = "年度" if level == YEAR_LEVEL else "月份"
    for at in frame.filter(pl.col(PERIOD).is_null())[AT].to_list():
        reading.remark("no-period", f"本行不知道是哪个{what}的数据。", f"请补填{what}。", at=at)
    return frame.filter(pl.col(PERIOD).is_not_null())


def _event_names(reading: Reading, facts: Catalogue) -> list[str]:
    return list(facts.events) if reading.plan.register == EVERY_EVENT else [reading.plan.events]


def _events(reading: Reading, facts: Catalogue, name: str, keys: Sequence[Key]) -> pl.DataFrame:
    """The events of one kind: fields by column, by constant, and those that follow from others."""
    plan, event = reading.plan, facts.event(name)
    rows = _rows_of_kind(reading, name)
    out: dict[str, pl.Series] = {AT: pl.Series(AT, rows, dtype=pl.Int64)}
    for planned in plan.columns:
        fact = event.fields.get(planned.target.removeprefix("field:")) if planned.target.startswith("field:") else None
        if fact is not None:
            readable = _kinds_explained(reading, planned, fact) if fact.identifier == "知识产权.类型" else reading
            out[fact.name] = values_of(readable, planned, fact, rows).alias(fact.name)
    for fact in event.fields.values():
        if fact.name not in out:
            out[fact.name] = _constant(fact, plan.constants.get(fact.name, ""), len(rows))
    frame = pl.DataFrame(out).filter(pl.any_horizontal(pl.col(one).is_not_null() for one in event.fields if one not in plan.constants))
    if name == "知识产权":
        frame = _with_kinds(frame)
    if name == "投资":
        frame = _with_other_side(reading, frame, keys)
    return frame


def _rows_of_kind(reading: Reading, name: str) -> list[int]:
    planned = reading.plan.column(EVENT_OF)
    if reading.plan.register != EVERY_EVENT or planned is None:
        return list(range(len(reading.table.rows)))
    return [at for at, cell in enumerate(cells_of(reading.column(planned))) if cell is not None and cell_text(cell) == name]


def _constant(fact: Fact, text: str, count: int) -> pl.Series:
    value: object = None if not text else text == YES if fact.store is Store.BOOLEAN else text
    return pl.Series(fact.name, [value] * count, dtype=column_type(fact))


def _kinds_explained(reading: Reading, planned: ColumnPlan, fact: Fact) -> Reading:
    """A column of codes of patent kinds explains itself by the numbers beside it, where nobody has said what they mean."""
    number = reading.plan.column("field:编号")
    if number is None:
        return reading
    texts = [["" if cell is None else cell_text(cell) for cell in cells_of(reading.column(one))] for one in (planned, number)]
    told = {code: kind for code, kind in kinds_by_number(*texts).items() if code not in fact.values}
    learnt = {**reading.learnt, fact.identifier: told | dict(reading.learnt.get(fact.identifier, {}))}
    return Reading(reading.table, reading.plan, learnt, reading.remarks)


def _with_kinds(frame: pl.DataFrame) -> pl.DataFrame:
    """The kind of a patent from its number, where the row does not tell it."""
    kinds = pl.Series("类型", [patent_kind(text) if text else None for text in frame["编号"].to_list()], dtype=pl.String)
    return frame.with_columns(pl.coalesce(pl.col("类型"), kinds).alias("类型"))


def _with_other_side(reading: Reading, frame: pl.DataFrame, keys: Sequence[Key]) -> pl.DataFrame:
    """投资: of investor and invested firm the one that is not the row's own firm; the direction where no column tells it."""
    sides = [_names(reading, [one] if (one := reading.plan.column(target)) else [], len(keys)) for target in (INVESTOR, INVESTED)]
    names, directions = [], []
    for at, told, given in frame.select(AT, "方向", "对方名称").iter_rows():
        own = {plain_width(name) for name in keys[at].names}
        investor, invested = ((side[at] or ("",))[0] for side in sides)
        way = told or (
            "投资" if plain_width(investor) in own and investor else "被投" if plain_width(invested) in own and invested else None
        )
        names.append(given or (invested if way == "投资" else investor if way == "被投" else None) or None)
        directions.append(way)
    return frame.with_columns(pl.Series("方向", directions, dtype=pl.String), pl.Series("对方名称", names, dtype=pl.String))
