"""Tables and plain firms are two views of the same data."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, MONTH, YEAR, catalogue
from tidu.kernel.population import Firm, event_schema, firm_schema, month_schema, population_of, year_schema

ONE = Firm(
    "91420114MA4K00001A",
    "甲公司",
    {FIRM_NAME: "甲公司", "成立日期": date(2015, 5, 1), "自主品牌": True, "数字化水平": 3},
    {2023: {"营业收入": 100, "研发费用加计扣除": False}, 2022: {"营业收入": 90}},
    {date(2024, 1, 1): {"社保人数": 7}},
    {"认定": [{"名称": "高新技术企业", "日期": date(2022, 11, 1)}, {"名称": "创新型中小企业"}]},
)
OTHER = Firm("91420114MA4K00002B", "乙公司", {FIRM_NAME: "乙公司"})


def test_every_column_of_the_catalogue_is_present() -> None:
    known = catalogue()
    population = population_of([ONE])

    assert population.firms.schema == pl.Schema(firm_schema(known))
    assert population.years.schema == pl.Schema(year_schema(known))
    assert population.months.schema == pl.Schema(month_schema(known))
    assert {name: frame.schema for name, frame in population.events.items()} == {
        name: pl.Schema(event_schema(known, name)) for name in known.events
    }


def test_firms_come_back_as_they_went_in() -> None:
    firms = population_of([OTHER, ONE]).each_firm()

    assert [(firm.code, firm.name, firm.years, firm.months, firm.events) for firm in firms] == [
        (firm.code, firm.name, firm.years, firm.months, firm.events) for firm in (OTHER, ONE)
    ]
    assert [dict(firm.facts) for firm in firms] == [dict(OTHER.facts), dict(ONE.facts)]


def test_one_firm_by_code() -> None:
    population = population_of([ONE, OTHER])

    assert population.codes == [ONE.code, OTHER.code]
    assert population.firm(ONE.code).years == ONE.years
    assert [firm.code for firm in population.each_firm([OTHER.code])] == [OTHER.code]


def test_unknown_code_is_refused() -> None:
    with pytest.raises(TiduError) as caught:
        population_of([ONE]).firm("9142")

    assert (caught.value.code, caught.value.message) == ("no-such-firm", "数据中没有统一社会信用代码为 9142 的企业。请核对代码。")


def test_years_and_months_are_keys_and_no_facts() -> None:
    population = population_of([ONE])

    assert population.years.select(FIRM_CODE, YEAR, "营业收入").rows() == [(ONE.code, 2022, 90), (ONE.code, 2023, 100)]
    assert population.months.select(MONTH, "社保人数").rows() == [(date(2024, 1, 1), 7)]


def test_no_firms_is_a_population_too() -> None:
    empty = population_of([])

    assert (empty.codes, empty.each_firm(), empty.firms.height) == ([], [], 0)


@given(
    st.dictionaries(st.integers(2000, 2030), st.dictionaries(st.sampled_from(["营业收入", "研发费用"]), st.integers(0, 10**14), min_size=1))
)
def test_years_survive_the_tables(years: dict[int, dict[str, int]]) -> None:
    assert population_of([Firm("甲", years=years)]).firm("甲").years == years
