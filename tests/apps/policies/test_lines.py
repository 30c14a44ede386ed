"""Criteria in words: the forms that packs can write."""

from __future__ import annotations

import pytest

from tidu.apps.policies.domain import sentence, standard_page
from tidu.apps.policies.domain.lines import Bound, LineReader, listed_or
from tidu.kernel.packs import PackSet


def test_forms_that_the_shipped_packs_do_not_use(rare_packs: PackSet) -> None:
    page = standard_page(rare_packs, "少见写法", "甲")
    assert [(line.id, line.kind, line.rule) for line in page.lines()] == [
        ("", "all", "全部满足"),
        ("A1", "count", "至少满足 2 项"),
        ("", "compare", "营业收入 ≥ 1.5 亿元"),
        ("", "compare", "从业人员 ≠ 3 人"),
        ("", "compare", "数字化水平 ≥ 三级"),
        ("A2", "event", "上年度 1 月 1 日以来至少有 2 项科技奖励（单位排名 ＝ 1）"),
        ("A3", "word", "登记状态不是注销"),
        ("A4", "compare", "研发费用 + 研发费用（前1年） ＞ 1,200 万元"),
        ("A5", "compare", "成立日期早于 2020-01-01"),
    ]


@pytest.mark.parametrize(
    ("written", "rule", "bound"),
    [
        ("研发费用占比 >= 3%", "研发费用占比 ≥ 3%", Bound("≥", "不低于", "3%")),
        ("研发费用占比(前1年) > 0.5%", "研发费用占比（前1年） ＞ 0.5%", Bound("＞", "超过", "0.5%")),
        ("资产负债率 <= 70%", "资产负债率 ≤ 70%", Bound("≤", "不高于", "70%")),
        ("营业收入 < 100000万元", "营业收入 ＜ 100,000 万元", Bound("＜", "低于", "100,000 万元")),
        ("主营业务收入 <= 营业收入", "主营业务收入 ≤ 营业收入", Bound("≤", "不高于", "营业收入")),
        ("自主品牌 != 是", "自主品牌为“否”", None),
        ("研发费用加计扣除(前1年) = 是", "研发费用加计扣除（前1年）为“是”", None),
        ("研发机构级别 in [国家级, 省级, 市级]", "研发机构级别为国家级、省级或市级", None),
    ],
)
def test_a_condition_in_words(written: str, rule: str, bound: Bound | None, packs: PackSet) -> None:
    line = LineReader(packs).line(written, "第一条")
    assert (line.rule, line.text, line.clause, line.bound) == (rule, rule, "第一条", bound)


def test_an_indicator_brings_its_formula_and_the_facts_of_all_years(packs: PackSet) -> None:
    measure = LineReader(packs).line("近2年主营业务收入平均增长率 >= 5%").measure
    assert measure is not None
    assert measure.formula == "（主营业务收入增长率 + 主营业务收入增长率（前1年）） ÷ 2"
    assert measure.facts == ("主营业务收入", "主营业务收入（前1年）", "主营业务收入（前2年）")
    assert [part.name for part in measure.parts] == ["主营业务收入增长率"]
    grown = LineReader(packs).line("近2年营业收入复合增长率 >= 5%").measure
    assert grown is not None
    assert grown.formula == "（营业收入 ÷ 营业收入（前2年））开 2 次方，再减去 1"


def test_a_part_without_a_clause_stands_under_that_of_its_criterion(packs: PackSet) -> None:
    page = standard_page(packs, "专精特新小巨人", "2022版")
    assert [line.text for line in page.lines() if line is not page.requires and not line.clause] == []


def test_a_nested_criterion_as_one_sentence(packs: PackSet) -> None:
    raw = {"any": ["自主品牌 = 是", {"all": ["营业收入 >= 1亿元", "从业人员 < 300人"]}]}
    assert sentence(LineReader(packs).line(raw)) == "自主品牌为“是”，或（营业收入 ≥ 1 亿元，且从业人员 ＜ 300 人）"
    counted = {"count": ["自主品牌 = 是", "产品认证 = 是", "管理体系认证 = 是"], "at_least": 2}
    assert sentence(LineReader(packs).line(counted)) == "以下各项中至少满足 2 项：自主品牌为“是”、产品认证为“是”、管理体系认证为“是”"


def test_words_joined_by_or() -> None:
    assert [listed_or(words) for words in ((), ("甲",), ("甲", "乙"), ("甲", "乙", "丙"))] == ["", "甲", "甲或乙", "甲、乙或丙"]
