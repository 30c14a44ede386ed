"""Titles taken apart, the tidy and the messy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.imports.reading.headings import Heading, months_in, read_heading, years_in
from tidu.apps.imports.reading.vocabulary import is_known_title, titles
from tidu.exchange.wordings import title_key
from tidu.kernel.facts import Kind, Store, catalogue
from tidu.kernel.quantities import MONEY


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("营业收入", ("营业收入", "", None, None, 0)),
        ("2023年营业收入（万元）", ("营业收入", "万元", 2023, None, 0)),
        ("营业收入（2023年）（元）", ("营业收入", "元", 2023, None, 0)),
        ("营业收入2022", ("营业收入", "", 2022, None, 0)),
        ("2024年3月应税收入", ("应税收入", "", 2024, 3, 0)),
        ("上年营业收入", ("营业收入", "", None, None, -1)),
        ("其中：研发人员（人）", ("研发人员", "人", None, None, 0)),
        ("注册号(解密)", ("注册号", "", None, None, 0)),
        ("1、企业名称*", ("企业名称", "", None, None, 0)),
        ("营业收入-万元", ("营业收入", "万元", None, None, 0)),
        ("年份", ("年份", "", None, None, 0)),
        ("", ("", "", None, None, 0)),
    ],
)
def test_a_title_is_taken_apart(title: str, expected: tuple[object, ...]) -> None:
    found = read_heading(title)
    assert (found.name, found.unit, found.year, found.month, found.offset) == expected


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("（1投资 2被投）", {"1": "投资", "2": "被投"}),
        ("(1投资,2被投)", {"1": "投资", "2": "被投"}),
        ("是否有效（1：有效；0：无效）", {"1": "有效", "0": "无效"}),
        ("2023年1月至2024年3月", {}),
    ],
)
def test_a_title_may_carry_what_its_codes_mean(title: str, codes: dict[str, str]) -> None:
    assert read_heading(title).codes == codes


@given(st.text(max_size=60))
def test_any_text_is_some_title(text: str) -> None:
    assert isinstance(read_heading(text), Heading)


FACTS = [fact.name for fact in catalogue().facts.values() if fact.kind is Kind.YEAR and fact.store is Store.INTEGER]
MONEY_FACTS = [name for name in FACTS if catalogue().fact(name).unit.dimension == MONEY]
NOISE = st.sampled_from(["", " ", "　", "\n", "*", "＊"])


@given(name=st.sampled_from(FACTS), year=st.integers(1990, 2060), before=NOISE, within=NOISE, after=NOISE, form=st.integers(0, 5))
def test_a_known_fact_is_found_under_dirt_with_its_year(name: str, year: int, before: str, within: str, after: str, form: int) -> None:
    shaped = [f"{year}年{name}", f"{name}（{year}年度）", f"{year}{name}", f"{name}{year}", f"{name}({year})", f"{year}年度 {name}"][form]
    half = len(shaped) // 2
    # stars stand at the ends of titles, blanks anywhere
    inner = within if within.strip("*＊") == within else ""
    found = read_heading(f"{before}{shaped[:half]}{inner}{shaped[half:]}{after}")
    assert (found.name, found.year) == (title_key(name), year)


@given(name=st.sampled_from(MONEY_FACTS), unit=st.sampled_from(["元", "千元", "万元", "亿元"]), form=st.integers(0, 4))
def test_the_unit_is_found_however_it_is_written(name: str, unit: str, form: int) -> None:
    shaped = [f"{name}（{unit}）", f"{name}({unit})", f"{name}（单位：{unit}）", f"{name}【{unit}】", f"{name} （人民币{unit}）"][form]
    found = read_heading(shaped)
    assert (found.name, found.unit.removeprefix("单位:").removeprefix("人民币")) == (title_key(name), unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年度年报", [2023]),
        ("2022-2023年", [2023]),
        ("年报2023", [2023]),
        ("20231105导出", []),
        ("无", []),
        ("2021年至2023年", [2021, 2023]),
    ],
)
def test_years_of_a_caption(text: str, expected: list[int]) -> None:
    assert years_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024年3月申报表", [(2024, 3)]), ("202403", [(2024, 3)]), ("2024-03", [(2024, 3)]), ("2024年", []), ("20240315", [])],
)
def test_months_of_a_caption(text: str, expected: list[tuple[int, int]]) -> None:
    assert months_in(text) == expected


def test_every_title_of_the_vocabulary_leads_to_something_that_exists() -> None:
    targets = {target for target in titles().values() if target.startswith("fact:")}
    assert {target.removeprefix("fact:") for target in targets} - set(catalogue().facts) == set()


@pytest.mark.parametrize(
    ("text", "known"), [("企业名称*", True), ("2023年营业收入（万元）", True), ("武汉甲有限公司", False), ("", False), ("排序字段", True)]
)
def test_titles_that_departments_use_are_known(text: str, known: bool) -> None:
    assert is_known_title(text) is known
