"""Formulas, tables, caps and bases of awards."""

from __future__ import annotations

import pytest

from tidu.apps.policies.domain import award_page
from tidu.kernel.packs import PackSet


@pytest.mark.parametrize(
    ("award", "formula", "text"),
    [
        ("C1", "min(50% × 基数（武汉市双创示范基地奖励）, 100 万元/项目)", "按事项当天上级给的“武汉市双创示范基地奖励”的 50% 配套，当天没有登记基数的不算也不付；每个项目（现按企业计）合计不超过 100 万元"),
        ("C3", "100% × 基数（武汉市专精特新小巨人奖励）", "按事项当天上级给的“武汉市专精特新小巨人奖励”的 100% 配套，当天没有登记基数的不算也不付"),
        ("C4", "min(100% × 研发补贴金额, 200 万元/企业·年)", "按研发补贴金额的 100% 再给一份；每家企业每年合计不超过 200 万元"),
        ("C5", "min(10% × 成交额, 100 万元/企业·年)", "按成交额的 10% 计算；每家企业每年合计不超过 100 万元"),
        ("C8", "下表金额", "按下表自上而下，先符合哪一行给哪一行的金额"),
    ],
)  # fmt: skip
def test_how_much_in_a_line_and_in_words(award: str, formula: str, text: str, packs: PackSet) -> None:
    amount = award_page(packs, award).amount
    assert (amount.formula, amount.text) == (formula, f"{text}。算到分，最后四舍五入一次。")


def test_a_fixed_amount_with_a_cap_per_item(rare_packs: PackSet) -> None:
    amount = award_page(rare_packs, "Z1").amount
    assert (amount.formula, amount.cap.fen if amount.cap else None) == ("min(0.5 万元, 0.8 万元/项)", 800_000)
    assert amount.text == "定额 0.5 万元；每项不超过 0.8 万元。算到分，最后四舍五入一次。"


def test_a_table_of_amounts(packs: PackSet) -> None:
    assert [(row.condition, row.amount, row.fen) for row in award_page(packs, "C7").amount.rows] == [
        ("级别为国际", "50 万元", 50_000_000),
        ("级别为国家", "30 万元", 30_000_000),
        ("级别为行业", "20 万元", 20_000_000),
        ("级别为地方或团体", "10 万元", 10_000_000),
        ("其余情形", "0 万元", 0),
    ]


def test_a_dated_base_marks_what_is_not_confirmed(packs: PackSet) -> None:
    base = award_page(packs, "C3").amount.base
    assert base is not None
    assert [(row.tier, row.in_force.text, row.amount, row.confidence, row.confirmed) for row in base.rows] == [
        ("国家级", "2021-01-01 起长期有效", "50 万元", "单一来源", False),
        ("省级", "2021-01-01 至 2022-12-31", "20 万元", "单一来源", False),
        ("省级", "2023-01-01 起长期有效", "0 万元", "单一来源", False),
    ]
    assert [(row.condition, row.fen) for row in base.stated] == [("国家级", 50_000_000), ("省级", 20_000_000)]
    assert base.zero is not None
    assert base.zero.id == "R10"
