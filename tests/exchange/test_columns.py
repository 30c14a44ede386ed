"""The fast reading of whole columns answers what the reading cell by cell answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.files import credit_code
from tidu.exchange.cells import CellError, read_cell
from tidu.exchange.codes import doubtful_codes
from tidu.exchange.columns import convert
from tidu.exchange.titles import MONTH_FACT, YEAR_FACT, Meaning, Title, meaning_of
from tidu.exchange.wordings import subdistrict_names
from tidu.kernel.credit_code import ALPHABET, check_credit_code
from tidu.kernel.facts import catalogue

FACTS = catalogue().facts
SHARE = "主导产品全国细分市场占有率"


def meaning(name: str, unit: str = "") -> Meaning:
    """How a column titled ``name（unit）`` is read."""
    fact = {"年度": YEAR_FACT, "月份": MONTH_FACT}.get(name) or FACTS[name]
    found = meaning_of(fact, Title(name, unit), None, subdistrict_names() if name == "所属街道" else None)
    assert found is not None
    return found


def cell_by_cell(cells: list[Any], read_as: Meaning) -> list[Any]:
    """The values of ``read_cell`` within the domain; None where it refuses."""
    values: list[Any] = []
    for cell in cells:
        try:
            value = read_cell(cell, read_as)
        except CellError:
            value = None
        fact = read_as.fact
        if isinstance(value, int) and not isinstance(value, bool) and fact.name != "月份":
            inside = (fact.lowest is None or value >= fact.lowest) and (fact.highest is None or value <= fact.highest)
            value = value if inside else None
        values.append(value)
    return values


numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.decimals(-(10**9), 10**9, places=4).map(float),
    st.decimals(-1, 101, places=3).map(float),
    st.integers(-(10**6), 10**9).map(float),
    st.sampled_from([0.1 + 0.2, 0.1, 1e-7, 1e15, 123456.789012, 12345678.123456, 99999999.999999, -0.0, 0.5, 1e8 + 1e-6]),
)
number_titles = [
    ("营业收入", ""),
    ("营业收入", "元"),
    ("净利润", "亿元"),
    ("净利润", "分钱"),
    ("从业人员", ""),
    (SHARE, ""),
    (SHARE, "%"),
    (SHARE, "小数"),
    ("年度", ""),
]


@pytest.mark.parametrize(("name", "unit"), number_titles)
@given(cells=st.lists(st.none() | numbers, max_size=8))
@settings(max_examples=150)
def test_floats(name: str, unit: str, cells: list[Any]) -> None:
    converted = convert(pl.Series(cells, dtype=pl.Float64), meaning(name, unit))

    assert converted.values.to_list() == cell_by_cell(cells, meaning(name, unit))


@pytest.mark.parametrize(("name", "unit"), number_titles)
@given(cells=st.lists(st.none() | st.integers(-(2**61), 2**61) | st.integers(-5, 10**10), max_size=8))
@settings(max_examples=60)
def test_integers(name: str, unit: str, cells: list[Any]) -> None:
    converted = convert(pl.Series(cells, dtype=pl.Int64), meaning(name, unit))

    assert converted.values.to_list() == cell_by_cell(cells, meaning(name, unit))


number_texts = st.one_of(
    st.from_regex(r"-?[0-9]{1,10}(\.[0-9]{1,7})?", fullmatch=True),
    st.from_regex(r" ?[+-]?[0-9]{1,3}(,[0-9]{3}){0,2}(\.[0-9]{0,3})?(万元|元|%|人)? ?", fullmatch=True),
    numbers.map(str),
    st.text(max_size=4),
)


@pytest.mark.parametrize(("name", "unit"), number_titles)
@given(cells=st.lists(st.none() | number_texts, max_size=8))
@settings(max_examples=150)
def test_number_texts(name: str, unit: str, cells: list[Any]) -> None:
    converted = convert(pl.Series(cells, dtype=pl.String), meaning(name, unit))

    assert converted.values.to_list() == cell_by_cell(cells, meaning(name, unit))


words = st.one_of(
    st.text(max_size=5),
    st.sampled_from(["是", "否", " 是", "Y", "存续", "在业", "#N/A", "-", "—", "420114002", "奓山街道", "06", "C", "c3011", "2024-03-01", "2024-13", "2024-03", "1900-01-01",
                     "2024-02-30", "2024年3月", "20240301", credit_code(1), credit_code(1).lower(), "＃N/A", "\ufeff甲", "甲\x1f", "甲\n乙", "1"]),
    st.dates().map(str),
)  # fmt: skip


@pytest.mark.parametrize(
    "name", ["统一社会信用代码", "企业名称", "登记状态", "自主品牌", "成立日期", "月份", "所属街道", "国民经济行业代码", "数字化水平"]
)
@given(cells=st.lists(st.none() | words, max_size=8))
@settings(max_examples=150)
def test_words(name: str, cells: list[Any]) -> None:
    converted = convert(pl.Series(cells, dtype=pl.String), meaning(name))

    assert converted.values.to_list() == cell_by_cell(cells, meaning(name))


@pytest.mark.parametrize("name", ["成立日期", "月份"])
@given(cells=st.lists(st.none() | st.dates(date(1880, 1, 1), date(2120, 1, 1)), max_size=8))
def test_dates(name: str, cells: list[Any]) -> None:
    converted = convert(pl.Series(cells, dtype=pl.Date), meaning(name))

    assert converted.values.to_list() == cell_by_cell(cells, meaning(name))


def test_mixed_cells() -> None:
    converted = convert([1, "2万元", None, 3.5, True, "x"], meaning("营业收入"))

    assert converted.values.to_list() == [1_000_000, 2_000_000, None, 3_500_000, None, None]
    assert [(index, cell, error.code) for index, cell, error in converted.refused] == [(4, True, "not-a-number"), (5, "x", "not-a-number")]


@given(codes=st.lists(st.one_of(st.text(ALPHABET, min_size=18, max_size=18), st.integers(0, 10**6).map(credit_code)), max_size=6))
def test_doubtful_codes_are_those_of_the_rule(codes: list[str]) -> None:
    doubtful = doubtful_codes(pl.Series(codes, dtype=pl.String)).to_list()

    assert doubtful == [index for index, code in enumerate(codes) if check_credit_code(code).severity != "ok"]
