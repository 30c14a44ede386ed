"""The district as departments deliver it: a plain workbook in which some columns are in another unit, said in their title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from tidu.exchange.layout import SheetLayout, layouts, written
from tidu.exchange.whole_files import write_whole
from tidu.exchange.workbooks import sheet_frame
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Catalogue, catalogue
from tidu.kernel.population import Population
from tidu.kernel.quantities import UNITS

TITLE_UNITS: dict[str, str] = {
    "营业收入": "元",
    "上缴税金": "元",
    "应税收入": "元",
    "资产总额": "千元",
    "负债总额": "千元",
    "成本费用支出": "千元",
    "总收入": "千元",
}
"""Fact → unit in its title, ``营业收入（元）``: tax columns come in yuan, statistics columns in thousands of yuan."""


def catalogue_in_units(title_units: Mapping[str, str] = TITLE_UNITS, facts: Catalogue | None = None) -> Catalogue:
    """The catalogue with other units of writing; raises ``unknown-fact``, or ``bad-unit`` where a unit does not fit the fact."""
    known = facts or catalogue()
    changed = dict(known.facts)
    for name, symbol in title_units.items():
        fact, unit = known.fact(name), UNITS.get(symbol)
        if unit is None or unit.dimension != fact.unit.dimension:
            fitting = "、".join(one.symbol for one in UNITS.values() if one.dimension == fact.unit.dimension and one.symbol)
            message = f"“{name}”不能以“{symbol}”为单位。可用单位：{fitting or '无'}。"
            raise TiduError("bad-unit", message, fact=name, unit=symbol)
        changed[name] = replace(fact, unit=unit)
    return replace(known, facts=changed)


def wrong_units_workbook(population: Population, path: Path, title_units: Mapping[str, str] = TITLE_UNITS) -> Path:
    """Write ``population`` as plain sheets with ``title_units`` in their titles; reading it gives the same population back.

    Raises as ``catalogue_in_units``, and ``cannot-write`` where the place is not writable.
    """
    facts = catalogue_in_units(title_units)
    return write_whole(path, lambda draft: _write(draft, population, facts))


def _write(draft: Path, population: Population, facts: Catalogue) -> None:
    try:
        with xlsxwriter.Workbook(str(draft), {"strings_to_formulas": False}) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for layout in layouts(facts):
                _write_sheet(book.add_worksheet(layout.name), layout, population, facts, day)
    except XlsxWriterException as error:
        raise OSError(str(error)) from error


def _write_sheet(page: Any, layout: SheetLayout, population: Population, facts: Catalogue, day: Any) -> None:
    writers: dict[type, Callable[..., Any]] = {str: page.write_string, int: page.write_number, float: page.write_number}
    frame = sheet_frame(population, layout, facts)
    for place, column in enumerate(layout.columns):
        page.write_string(0, place, column.title)
        for row, stored in enumerate(frame[column.name].to_list(), start=1):
            value = written(stored, column.fact)
            if isinstance(value, date):
                page.write_datetime(row, place, value, day)
            elif value is not None:
                writers[type(value)](row, place, value)
