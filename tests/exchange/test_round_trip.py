"""A population written in any format is read back as the same population."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.files import credit_code, write_csv
from tests.exchange.populations import populations, tables_of
from tidu.exchange.intake import read_population
from tidu.exchange.layout import layouts, written_text
from tidu.exchange.workbooks import population_to_parquet, population_to_workbook, sheet_frame
from tidu.kernel.facts import EVENT_TYPE, FIRM_CODE, MONTH, YEAR, Store, catalogue
from tidu.kernel.population import Firm, Population, population_of


@given(population=populations())
@settings(max_examples=25)
def test_population_survives_a_workbook(population: Population) -> None:
    with TemporaryDirectory() as folder:
        intake = read_population(population_to_workbook(population, Path(folder) / "a.xlsx"))

    assert tables_of(intake.population) == tables_of(population)


@given(population=populations())
@settings(max_examples=40)
def test_population_survives_parquet(population: Population) -> None:
    with TemporaryDirectory() as folder:
        intake = read_population(population_to_parquet(population, Path(folder) / "pq"))

    assert tables_of(intake.population) == tables_of(population)


@given(population=populations(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
@settings(max_examples=40)
def test_population_survives_csv(population: Population, encoding: str) -> None:
    with TemporaryDirectory() as folder:
        intake = read_population(write_csv(Path(folder) / "csv", text_sheets(population), encoding))

    assert tables_of(intake.population) == tables_of(population)


@given(population=populations())
@settings(max_examples=40)
def test_population_survives_json(population: Population) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(json_text(population), encoding="utf-8")
        intake = read_population(path)

    assert tables_of(intake.population) == tables_of(population)


def text_sheets(population: Population) -> dict[str, list[list[str]]]:
    """The sheets as texts under titles with units."""
    sheets = {}
    for layout in layouts(catalogue()):
        rows = sheet_frame(population, layout, catalogue()).iter_rows()
        facts = [column.fact for column in layout.columns]
        sheets[layout.name] = [[column.title for column in layout.columns]] + [
            [written_text(value, fact) for value, fact in zip(row, facts, strict=True)] for row in rows
        ]
    return sheets


def json_text(population: Population) -> str:
    """The JSON of the contract; numbers are exact decimals and ratios carry their sign."""
    facts = catalogue()

    def plain(record: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
        shown = {}
        for name, value in record.items():
            text = written_text(value, known[name])
            number = known[name].store is Store.INTEGER and known[name].unit.symbol != "级"
            shown[name] = (
                f"{text}%" if known[name].unit.symbol == "%" else f"@{text}@" if number else value if isinstance(value, bool) else text
            )
        return shown

    firms = []
    for firm in population.each_firm():
        record: dict[str, Any] = plain(dict(firm.facts), dict(facts.facts)) | {FIRM_CODE: firm.code}
        record["年度数据"] = [{YEAR: year} | plain(dict(row), dict(facts.facts)) for year, row in firm.years.items()]
        record["月度数据"] = [{MONTH: month.isoformat()[:7]} | plain(dict(row), dict(facts.facts)) for month, row in firm.months.items()]
        record["事项"] = [
            {EVENT_TYPE: name} | plain(row, dict(facts.event(name).fields)) for name, rows in firm.events.items() for row in rows
        ]
        firms.append(record)
    return re.sub(r'"@(-?[0-9.]+)@"', r"\1", json.dumps({"firms": firms}, ensure_ascii=False))


def large_population(firms: int) -> Population:
    """Firms over three years with every year fact known."""
    one = population_of(
        [Firm(credit_code(0), "甲", {"成立日期": None}, {2023: {"营业收入": 123_456_789, "研发费用": 5_000_001, "从业人员": 120}})]
    )
    codes = pl.DataFrame({FIRM_CODE: [credit_code(number) for number in range(firms)]})
    years = pl.DataFrame({YEAR: [2021, 2022, 2023]}, schema={YEAR: pl.Int64})
    return Population(
        codes.join(one.firms.drop(FIRM_CODE), how="cross"),
        codes.join(years, how="cross").join(one.years.drop(FIRM_CODE, YEAR), how="cross"),
        one.months,
        one.events,
    )


@pytest.mark.parametrize(("firms", "format_name", "seconds"), [(3_000, "xlsx", 5.0), (100_000, "parquet", 8.0)])
def test_reading_takes_seconds(tmp_path: Path, firms: int, format_name: str, seconds: float) -> None:
    population = large_population(firms)
    path = tmp_path / f"a.{format_name}"
    (population_to_workbook if format_name == "xlsx" else population_to_parquet)(population, path)

    started = time.perf_counter()
    intake = read_population(path)
    taken = time.perf_counter() - started

    assert intake.population.years.equals(population.years)
    assert taken < seconds
