"""From a firm to inputs: years, codes, events within a period, and which field of an event is still open."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel.facts import PACKS
from tidu.kernel.inputs import FirmInputs, Moment, derived_class, event_answer, event_counts, plain, unknown_fields, years_before
from tidu.kernel.packs import EventTest
from tidu.kernel.population import Firm, Value
from tidu.kernel.reading import load_packs, read_packs

DAY = date(2024, 6, 1)
MOMENT = Moment(date(2026, 6, 1), DAY)
GROUND = [PACKS / "indicators.yaml", PACKS / "industry_classes.yaml"]


def event_test(folder: Path, text: str) -> EventTest:
    """The event test of a criterion, read as packs are read."""
    file = folder / "pack.yaml"
    file.write_text(
        "standard: 试行标准\nversion: 1\nreference: {document: 试}\nin_force: {from: 2020-01-01, to: null}\nconfidence: confirmed\n"
        f"checked_on: 2026-11-23\nrequires: {{id: A1, clause: 一, {text}}}\n",
        encoding="utf-8",
    )
    ((_, test),) = read_packs([*GROUND, file], base=None).standards[0].tests.items()
    return test


def value(key: str, firm: Firm) -> Any:
    return FirmInputs(firm, MOMENT, load_packs()).value(key, {})


def test_last_year_is_the_year_before_the_day_of_the_facts() -> None:
    assert [Moment(date(2030, 1, 1), day).year for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31))] == [2022, 2023, 2023]


def test_year_facts_are_shifted_from_last_year() -> None:
    firm = Firm("91", years={2023: {"营业收入": 3}, 2022: {"营业收入": 2}, 2021: {}})

    assert [value(key, firm) for key in ("营业收入", "营业收入@1", "营业收入@2", "营业收入@3")] == [3, 2, None, None]


def test_dates_become_day_numbers() -> None:
    assert value("成立日期", Firm("91", facts={"成立日期": date(2015, 1, 2)})) == date(2015, 1, 2).toordinal()
    assert [plain(found) for found in (None, True, 7, "甲", date(1, 1, 1))] == [None, True, 7, "甲", 1]


@pytest.mark.parametrize(
    ("code", "facts", "kind"),
    [
        ("91420114MA4K00001A", {}, "企业"),
        ("92420114MA4K00001A", {}, "个体工商户"),
        ("93420114MA4K00001A", {}, "农民专业合作社"),
        ("12420114MA4K00001A", {}, None),
        ("91420114MA4K00001A", {"市场主体类型": "个体工商户"}, "个体工商户"),
    ],
)
def test_kind_of_entity_follows_the_code_unless_it_is_told(code: str, facts: dict[str, Value], kind: str | None) -> None:
    assert value("市场主体类型", Firm(code, facts=facts)) == kind


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("3311", "三级"),
        ("33", "大类"),
        ("331", "大类"),
        ("C", "门类"),
        ("C3311", "三级"),
        ("34", None),
        ("", None),
        (None, None),
        (33, None),
    ],
)
def test_longest_prefix_of_an_industry_code_wins(code: object, found: str | None) -> None:
    assert derived_class(code, {"C": "门类", "33": "大类", "3311": "三级"}) == found


def test_software_counts_of_technology_firms_fall_back_on_the_plain_count() -> None:
    plain_count, own = Firm("91", facts={"Ⅱ类知识产权数": 4}), Firm("91", facts={"Ⅱ类知识产权数": 4, "Ⅱ类知识产权数（科技型口径）": 6})

    assert [value("Ⅱ类知识产权数（科技型口径）", firm) for firm in (plain_count, own)] == [4, 6]


def test_register_decides_before_typed_counts() -> None:
    row: dict[str, Value] = {"类型": "发明专利", "取得方式": "自主", "有效": True, "与主导产品相关": True}
    firm = Firm("91", facts={"Ⅰ类知识产权数": 9}, events={"知识产权": [row, row]})

    assert value("Ⅰ类知识产权数", firm) == 2


def test_each_input_is_looked_up_once() -> None:
    inputs = FirmInputs(Firm("91", facts={"自主品牌": True}), MOMENT, load_packs())

    first = inputs.fill(["自主品牌", "产品认证"], {})

    assert (first["自主品牌"], first["产品认证"], first["上年度"], first["评估日"]) == (True, None, 2023, DAY.toordinal())
    assert inputs.fill([], {}) is first


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(0, 50))
def test_years_before_is_the_same_day_or_the_28th(day: date, years: int) -> None:
    before = years_before(day, years)

    assert (before.year, before.month) == (day.year - years, day.month)
    assert before.day == day.day or (day.month, day.day, before.day) == (2, 29, 28)


def test_period_holds_both_its_ends(tmp_path: Path) -> None:
    test = event_test(tmp_path, "event: 科技奖励, within: 3年")
    days = [date(2021, 5, 31), date(2021, 6, 1), DAY, date(2024, 6, 2)]

    assert [event_counts(test, {"日期": day}, MOMENT) for day in days] == [False, True, True, False]
    assert event_counts(test, {}, MOMENT) is None


def test_title_is_valid_through_its_last_day(tmp_path: Path) -> None:
    test = event_test(tmp_path, "event: 认定, valid: true")
    ends = [date(2024, 5, 31), DAY, date(2024, 6, 2), None]

    assert [event_counts(test, {"日期": date(2022, 1, 1), "有效期至": end}, MOMENT) for end in ends] == [False, True, True, True]


def test_what_happens_after_the_day_of_the_facts_does_not_count(tmp_path: Path) -> None:
    test = event_test(tmp_path, "event: 认定, where: [名称 = 高新技术企业]")

    assert [event_counts(test, {"名称": "高新技术企业", "日期": day}, MOMENT) for day in (DAY, date(2024, 6, 2), None)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], False),
        ([{"级别": "国家级"}], False),
        ([{"级别": "国家级"}, {"级别": "国家级"}], True),
        ([{"级别": "国家级"}, {}], None),
        ([{"级别": "国家级"}, {"级别": "省级"}], False),
        ([{}, {}, {"级别": "国家级"}, {"级别": "国家级"}], True),
    ],
)
def test_enough_events(rows: list[dict[str, Value]], found: bool | None, tmp_path: Path) -> None:
    test = event_test(tmp_path, "event: 科技奖励, where: [级别 = 国家级], at_least: 2")

    assert event_answer(test, rows, MOMENT) is found


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        ({"级别": "国家级", "单位排名": 2}, ["日期"]),
        ({"级别": "国家级", "日期": date(2023, 1, 1)}, ["单位排名"]),
        ({"级别": "国家级"}, ["单位排名", "日期"]),
        ({"单位排名": 4, "日期": date(2023, 1, 1)}, ["级别"]),  # at the provincial level the fourth place is too low
        ({"单位排名": 9}, []),  # too low at any level: the row counts for nothing
        ({"级别": "省级", "单位排名": 4}, []),
        ({}, ["单位排名", "级别", "日期"]),
        ({"日期": date(2019, 1, 1)}, []),
    ],
)
def test_only_fields_that_can_decide_are_open(row: dict[str, Value], fields: list[str], tmp_path: Path) -> None:
    test = event_test(
        tmp_path,
        "event: 科技奖励, within: 3年, where: [{any: [{all: [级别 = 省级, 单位排名 <= 3]}, {all: [级别 = 国家级, 单位排名 <= 5]}]}]",
    )

    assert unknown_fields(test, [row], MOMENT) == fields


def test_event_counts_where_every_value_of_a_missing_field_agrees(tmp_path: Path) -> None:
    test = event_test(
        tmp_path,
        "event: 科技奖励, within: 3年, where: [{any: [{all: [级别 = 省级, 单位排名 <= 3]}, {all: [级别 = 国家级, 单位排名 <= 5]}]}]",
    )

    assert [event_counts(test, {"单位排名": rank, "日期": DAY}, MOMENT) for rank in (3, 4, 5, 6)] == [True, None, None, False]


def test_open_fields_equal_every_value_of_them(tmp_path: Path) -> None:
    test = event_test(
        tmp_path,
        "event: 科技奖励, within: 3年, where: [{any: [{all: [级别 = 省级, 单位排名 <= 3]}, {all: [级别 = 国家级, 单位排名 <= 5]}]}]",
    )
    domains: dict[str, list[Value]] = {
        "级别": ["国家级", "省级"],
        "单位排名": [1, 3, 4, 5, 6],
        "日期": [date(2020, 1, 1), date(2023, 1, 1)],
    }
    for given_values in product(*([None, *values] for values in domains.values())):
        row = {name: found for name, found in zip(domains, given_values, strict=True) if found is not None}
        missing = [name for name in domains if name not in row]
        answers = {
            values: event_counts(test, row | dict(zip(missing, values, strict=True)), MOMENT)
            for values in product(*(domains[name] for name in missing))
        }
        deciding = [
            name
            for place, name in enumerate(missing)
            if any(
                found != answers[(*values[:place], other, *values[place + 1 :])]
                for values, found in answers.items()
                for other in domains[name]
            )
        ]

        assert sorted(unknown_fields(test, [row], MOMENT)) == sorted(deciding), row
        assert event_counts(test, row, MOMENT) is (next(iter(answers.values())) if len(set(answers.values())) == 1 else None), row
