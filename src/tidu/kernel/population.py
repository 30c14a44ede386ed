"""A population of firms as four tables, and one firm as plain values.

Tables are Polars frames in the stored encodings of ``facts.Store``; a null is an unknown value.
Events are registers and taken as complete: a firm without a row of a type had no such event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, MONTH, YEAR, Catalogue, Fact, Kind, Store, catalogue

Value = int | bool | str | date | None

_TYPES: dict[Store, type[pl.DataType]] = {
    Store.INTEGER: pl.Int64,
    Store.BOOLEAN: pl.Boolean,
    Store.DATE: pl.Date,
    Store.TEXT: pl.String,
}


def column_type(fact: Fact) -> type[pl.DataType]:
    """The Polars type of a fact's column."""
    return _TYPES[fact.store]


def firm_schema(facts: Catalogue) -> dict[str, Any]:
    """Columns of the table of firms."""
    return {FIRM_CODE: pl.String} | {fact.name: column_type(fact) for fact in facts.of_kind(Kind.FIRM)}


def year_schema(facts: Catalogue) -> dict[str, Any]:
    """Columns of the table of firm-years."""
    return {FIRM_CODE: pl.String, YEAR: pl.Int64} | {fact.name: column_type(fact) for fact in facts.of_kind(Kind.YEAR)}


def month_schema(facts: Catalogue) -> dict[str, Any]:
    """Columns of the table of firm-months; the month is its first day."""
    return {FIRM_CODE: pl.String, MONTH: pl.Date} | {fact.name: column_type(fact) for fact in facts.of_kind(Kind.MONTH)}


def event_schema(facts: Catalogue, event: str) -> dict[str, Any]:
    """Columns of the table of one event type."""
    return {FIRM_CODE: pl.String} | {fact.name: column_type(fact) for fact in facts.event(event).fields.values()}


@dataclass(frozen=True)
class Firm:
    """One firm as plain stored values; a name that is absent is unknown."""

    code: str
    name: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)
    years: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)
    months: Mapping[date, Mapping[str, Value]] = field(default_factory=dict)
    events: Mapping[str, list[dict[str, Value]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Population:
    """All firms of one input: every column of the catalogue is present, nulls are unknown."""

    firms: pl.DataFrame
    years: pl.DataFrame
    months: pl.DataFrame
    events: Mapping[str, pl.DataFrame]

    @property
    def codes(self) -> list[str]:
        """Codes of the firms in the order of the input."""
        return self.firms[FIRM_CODE].to_list()

    def firm(self, code: str) -> Firm:
        """One firm by its code; raises ``no-such-firm``."""
        found = _select(self, [code])
        if not found:
            raise TiduError("no-such-firm", f"数据中没有统一社会信用代码为 {code} 的企业。请核对代码。", firm=code)
        return found[0]

    def each_firm(self, codes: Iterable[str] | None = None) -> list[Firm]:
        """Firms as plain values, all of them or those named, in the order of the table."""
        return _select(self, None if codes is None else list(codes))


def _drop_nulls(row: Mapping[str, Any], *keys: str) -> dict[str, Value]:
    return {name: value for name, value in row.items() if value is not None and name not in keys}


def _select(population: Population, codes: list[str] | None) -> list[Firm]:
    def pick(frame: pl.DataFrame) -> pl.DataFrame:
        return frame if codes is None else frame.filter(pl.col(FIRM_CODE).is_in(codes))

    years: dict[str, dict[int, dict[str, Value]]] = {}
    for row in pick(population.years).iter_rows(named=True):
        years.setdefault(row[FIRM_CODE], {})[row[YEAR]] = _drop_nulls(row, FIRM_CODE, YEAR)
    months: dict[str, dict[date, dict[str, Value]]] = {}
    for row in pick(population.months).iter_rows(named=True):
        months.setdefault(row[FIRM_CODE], {})[row[MONTH]] = _drop_nulls(row, FIRM_CODE, MONTH)
    events: dict[str, dict[str, list[dict[str, Value]]]] = {}
    for name, frame in population.events.items():
        for row in pick(frame).iter_rows(named=True):
            events.setdefault(row[FIRM_CODE], {}).setdefault(name, []).append(_drop_nulls(row, FIRM_CODE))
    return [
        Firm(
            code := row[FIRM_CODE],
            row[FIRM_NAME] or "",
            _drop_nulls(row, FIRM_CODE),
            years.get(code, {}),
            months.get(code, {}),
            events.get(code, {}),
        )
        for row in pick(population.firms).iter_rows(named=True)
    ]


def population_of(firms: Iterable[Firm], facts: Catalogue | None = None) -> Population:
    """Tables from plain firms (the inverse of ``Population.each_firm``)."""
    known = facts or catalogue()
    listed = list(firms)

    firm_rows = [{**firm.facts, FIRM_CODE: firm.code, FIRM_NAME: firm.name or firm.facts.get(FIRM_NAME)} for firm in listed]
    year_rows = [{FIRM_CODE: firm.code, YEAR: year, **row} for firm in listed for year, row in sorted(firm.years.items())]
    month_rows = [{FIRM_CODE: firm.code, MONTH: month, **row} for firm in listed for month, row in sorted(firm.months.items())]
    events = {
        name: pl.DataFrame(
            [{FIRM_CODE: firm.code, **row} for firm in listed for row in firm.events.get(name, [])],
            schema=event_schema(known, name),
        )
        for name in known.events
    }
    return Population(
        pl.DataFrame(firm_rows, schema=firm_schema(known)),
        pl.DataFrame(year_rows, schema=year_schema(known)),
        pl.DataFrame(month_rows, schema=month_schema(known)),
        events,
    )
