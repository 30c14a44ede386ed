"""Pages of awards and of their policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidu.apps.policies.domain import award_page, policy_page
from tidu.kernel.errors import TiduError
from tidu.kernel.packs import PackSet

EXPECTED = Path(__file__).parent / "expected"


def test_the_page_of_one_award_in_full(packs: PackSet) -> None:
    expected = json.loads((EXPECTED / "award_c5.json").read_text(encoding="utf-8"))
    assert award_page(packs, "C5").as_document() == expected


def test_a_demand_follows_the_ruling_in_force(packs: PackSet) -> None:
    def asked(choice: str) -> str | None:
        line = award_page(packs, "C5", {"R9": choice}).demands[0].line
        return line.rule if line else None

    assert asked("省级起") == "有认定记录（名称为专精特新中小企业或专精特新小巨人；日期不晚于事项当天；到事项当天仍在有效期内）"
    assert asked("待定") is None


def test_only_awards_that_read_figures_of_a_year_say_which(packs: PackSet) -> None:
    said = {f"C{number}": award_page(packs, f"C{number}").firm_year for number in range(1, 10)}
    assert {name: text for name, text in said.items() if text != "不看企业的年度数据"} == {"C4": "企业的年度数据看事项的“年度”"}


def test_what_is_once_only_and_who_comes_first(packs: PackSet) -> None:
    assert award_page(packs, "C1").once == "每家企业每一档只给一次"
    assert award_page(packs, "C2").once == "每家企业只给一次，以前有过同类事项的都不算首次"
    assert award_page(packs, "C7").rivals == "“标准号”相同的视为同一事项，按“排名”从前往后排；给一家还是都给由口径 R5 决定"


def test_stacking_groups_of_an_award(packs: PackSet) -> None:
    assert [(one.id, one.text, one.ruling.id if one.ruling else "") for one in award_page(packs, "C6").stacking] == [
        ("M25-8", "名称、事项日期的年份都相同的视为同一事由，只给最高的一项；金额相同的给条款在前的一项", ""),
        ("M25-9", "事项日期的年份相同的视为同一事由，只给最高的一项；金额相同的给条款在前的一项", "R2"),
    ]
    (subsidy,) = award_page(packs, "C4").stacking
    assert subsidy.text == "年度相同的视为同一事由：先按级别分别合计，再只给合计较高的一个级别"


def test_the_page_of_the_policy(packs: PackSet) -> None:
    page = policy_page(packs, "蔡甸区专精特新行动计划")
    assert (page.version, page.level, page.payers, len(page.awards), len(page.rulings)) == ("征求意见稿", "蔡甸", ("区级", "市级"), 9, 10)
    assert [(one.id, one.rule) for one in page.exclusions] == [
        ("M25-3", "口径 R7 所定之日往前 3 年内有重大违法违规记录"),
        ("M25-4", "有弄虚作假认定"),
        ("M25-5", "已把注册地、纳税或统计关系迁出蔡甸区"),
    ]
    assert [(one.years, one.rule) for one in page.obligations] == [(5, "5 年内不得把注册地、纳税或统计关系迁出蔡甸区，否则收回")]


def test_what_does_not_exist(packs: PackSet) -> None:
    for call, code in (
        (lambda: award_page(packs, "C99"), "unknown-award"),
        (lambda: award_page(packs, "C5", {"R99": "甲"}), "unknown-ruling"),
        (lambda: award_page(packs, "C5", {"R9": "甲"}), "unknown-choice"),
        (lambda: policy_page(packs, "没有的政策"), "unknown-policy"),
    ):
        with pytest.raises(TiduError) as raised:
            call()
        assert raised.value.code == code
