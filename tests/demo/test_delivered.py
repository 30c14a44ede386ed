from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import python_calamine

from tidu.demo import make_district
from tidu.demo.delivered import TITLE_UNITS, catalogue_in_units, wrong_units_workbook
from tidu.exchange.intake import read_population
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE


def test_delivered_workbook_says_its_units_and_reads_back_as_the_same_population(tmp_path: Path) -> None:
    population = make_district(120)
    path = wrong_units_workbook(population, tmp_path / "部门.xlsx")
    titles = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("年度数据").to_python()[0]
    back = read_population(path).population

    assert "营业收入（元）" in titles
    assert "资产总额（千元）" in titles
    assert "研发费用（万元）" in titles
    assert back.firms.equals(population.firms)
    assert back.years.equals(population.years)
    assert back.months.equals(population.months)
    for name, frame in population.events.items():
        order = frame.columns
        assert back.events[name].sort(order).equals(frame.sort(order)), name


def test_cells_hold_yuan_and_thousands_of_yuan(tmp_path: Path) -> None:
    population = make_district(5)
    path = wrong_units_workbook(population, tmp_path / "部门.xlsx")
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("年度数据").to_python()
    boundary = next(row for row in rows if row[0] == population.codes[4] and row[1] == 2023)
    cells = dict(zip(rows[0], boundary, strict=True))

    assert cells["营业收入（元）"] == 3_000_000
    assert cells["资产总额（千元）"] == 80_000
    assert population.years.filter(pl.col(FIRM_CODE) == population.codes[4])["营业收入"].to_list()[-1] == 300_000_000


def test_only_the_units_of_writing_change() -> None:
    changed = catalogue_in_units()

    assert {name: changed.fact(name).unit.symbol for name in TITLE_UNITS} == TITLE_UNITS
    assert changed.fact("研发费用").unit.symbol == "万元"


@pytest.mark.parametrize(
    ("name", "unit", "code"), [("从业人员", "元", "bad-unit"), ("营业收入", "两", "bad-unit"), ("没有的指标", "元", "unknown-fact")]
)
def test_unit_that_does_not_fit_is_refused(name: str, unit: str, code: str) -> None:
    with pytest.raises(TiduError) as caught:
        catalogue_in_units({name: unit})

    assert caught.value.code == code
