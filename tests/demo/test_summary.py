from __future__ import annotations

from datetime import date

import pytest

from tidu.demo import district_summary, make_district, section_of
from tidu.kernel.population import Firm, Population, population_of


def titled(name: str, level: str, day: date, until: date | None) -> dict[str, object]:
    return {"名称": name, "级别": level, "日期": day, "有效期至": until}


@pytest.fixture(scope="module")
def three() -> Population:
    holder = {
        "认定": [
            titled("高新技术企业", "国家级", date(2021, 11, 1), date(2024, 10, 31)),
            titled("专精特新小巨人", "省级", date(2021, 5, 1), date(2024, 4, 30)),
            titled("专精特新中小企业", "省级", date(2024, 5, 1), date(2027, 4, 30)),
        ]
    }
    return population_of(
        [
            Firm(
                "A",
                "甲",
                {"所属街道": "420114002", "国民经济行业代码": "3670", "市场主体类型": "企业"},
                {2023: {"营业收入": 1}},
                {},
                holder,
            ),
            Firm("B", "乙", {"所属街道": "奓山街道", "国民经济行业代码": "C", "市场主体类型": "企业"}, {2023: {}}),
            Firm("C", "丙", {"国民经济行业代码": "0141", "市场主体类型": "个体工商户"}),
        ]
    )


def test_counts_of_three_firms(three: Population) -> None:
    summary = district_summary(three)

    assert (summary.firms, summary.firm_years, summary.firm_months) == (3, 2, 0)
    assert summary.subdistricts == {"奓山街道": 2, "未知": 1}
    assert summary.industries == {"A 农、林、牧、渔业": 1, "C 制造业": 2}
    assert summary.entities == {"企业": 2, "个体工商户": 1}
    assert summary.events["认定"] == 3
    assert summary.missing["营业收入"] == (1, 2)
    assert summary.missing["所属街道"] == (1, 3)


def test_old_provincial_name_counts_once_per_firm(three: Population) -> None:
    ladder = district_summary(three).ladder

    assert (ladder["专精特新中小企业"], ladder["专精特新小巨人"], ladder["高新技术企业"]) == (1, 0, 1)


@pytest.mark.parametrize(
    ("day", "holders"),
    [(date(2021, 4, 30), 0), (date(2021, 5, 1), 1), (date(2024, 4, 30), 1), (date(2024, 5, 1), 1), (date(2027, 5, 1), 0)],
)
def test_only_titles_valid_on_the_day_count(three: Population, day: date, holders: int) -> None:
    assert district_summary(three, valid_on=day).ladder["专精特新中小企业"] == holders


@pytest.mark.parametrize(
    ("code", "section"),
    [
        ("43", "C 制造业"),
        ("4411", "D 电力、热力、燃气及水生产和供应业"),
        ("0500", "A 农、林、牧、渔业"),
        ("0600", "B 采矿业"),
        ("98", "未知"),
        ("00", "未知"),
        (None, "未知"),
    ],
)
def test_section_of_a_code(code: str | None, section: str) -> None:
    assert section_of(code) == section


def test_subdistricts_of_a_district_add_up() -> None:
    summary = district_summary(make_district(200))

    assert sum(summary.subdistricts.values()) == 200
    assert sum(summary.industries.values()) == 200
