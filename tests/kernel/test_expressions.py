"""Expressions: what each text means, in fractions, and what is refused with advice."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Indicator, Scope, compare, parse_quantity, tokens_of
from tidu.kernel.facts import catalogue
from tidu.kernel.rules import Compare
from tidu.kernel.truth import quantity_value

SCOPE = Scope(
    catalogue(),
    {
        "研发费用占比": Indicator("研发费用占比", "研发费用 / 营业收入", "%"),
        "增长率": Indicator("增长率", "(营业收入 - 营业收入(前1年)) / 营业收入(前1年)", "%"),
        "平均增长率": Indicator("平均增长率", "(增长率 + 增长率(前1年)) / 2", "%"),
        "复合增长": Indicator("复合增长", "复合增长率(营业收入 / 营业收入(前2年), 2)", "%"),
        "年限": Indicator("年限", "上年度 - 从事特定细分市场起始年份", "年"),
        "天数": Indicator("天数", "评估日 - 成立日期", "天"),
        "甲绕乙": Indicator("甲绕乙", "乙绕甲 + 1", ""),
        "乙绕甲": Indicator("乙绕甲", "甲绕乙 + 1", ""),
    },
)
WAN = 1_000_000
KNOWN = {
    "营业收入": 120 * WAN,
    "营业收入@1": 100 * WAN,
    "营业收入@2": 80 * WAN,
    "研发费用": 6 * WAN,
    "研发费用@1": 4 * WAN,
    "主导产品全国细分市场占有率": 125_000,
    "从事特定细分市场起始年份": 2019,
    "上年度": 2023,
    "评估日": 738_000,
    "成立日期": 737_000,
    "从业人员": 30,
    "研发人员": 4,
}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("营业收入", 120 * WAN, "万元"),
        ("营业收入(前1年)", 100 * WAN, "万元"),
        ("研发费用 + 研发费用(前1年)", 10 * WAN, "万元"),
        ("营业收入 - 研发费用 - 研发费用(前1年)", 110 * WAN, "万元"),
        ("营业收入 - (研发费用 - 研发费用(前1年))", 118 * WAN, "万元"),
        ("(研发费用 + 研发费用(前1年)) / 2", 5 * WAN, "万元"),
        ("研发费用 ÷ 营业收入", Fraction(1, 20), "%"),
        ("营业收入 * 5%", 6 * WAN, "万元"),
        ("5% × 营业收入", 6 * WAN, "万元"),
        ("-研发费用 + 营业收入", 114 * WAN, "万元"),
        ("研发费用占比", Fraction(1, 20), "%"),
        ("研发费用占比(前1年)", Fraction(1, 25), "%"),
        ("增长率", Fraction(1, 5), "%"),
        ("平均增长率", Fraction(9, 40), "%"),
        ("主导产品全国细分市场占有率", Fraction(1, 8), "%"),
        ("研发人员 / 从业人员", Fraction(2, 15), "%"),
        ("年限", 4, "年"),
        ("天数", 1000, "天"),
        ("100万元", 100 * WAN, "万元"),
        ("3%", Fraction(3, 100), "%"),
        ("2024-02-29", 738_945, ""),
    ],
)
def test_quantity_has_its_value_and_unit(text: str, value: Fraction | int, unit: str) -> None:
    quantity = parse_quantity(text, SCOPE)

    assert (quantity_value(quantity, KNOWN), quantity.unit) == (value, unit)


def test_compound_growth_keeps_the_quotient_and_the_root() -> None:
    quantity = parse_quantity("复合增长", SCOPE)

    assert (quantity_value(quantity, KNOWN), quantity.root, quantity.unit) == (Fraction(3, 2), 2, "%")


def test_text_of_a_quantity_keeps_its_parentheses() -> None:
    texts = ["(研发费用 + 研发费用(前1年)) / 2", "研发费用 + 研发费用(前1年) / 2"]

    assert [parse_quantity(text, SCOPE).text for text in texts] == [
        "(研发费用 + 研发费用（前1年）) / 2",
        "研发费用 + 研发费用（前1年） / 2",
    ]


def test_divisors_are_remembered_and_bounded_from_one() -> None:
    node = compare(parse_quantity("研发费用占比", SCOPE), ">=", parse_quantity("3%", SCOPE), SCOPE)

    assert isinstance(node, Compare)
    assert (node.form.terms, node.form.constant) == (((-3, ("营业收入",)), (100, ("研发费用",))), 0)
    assert node.form.bounds == {"营业收入": (1, None), "研发费用": (0, None)}
    assert [divisor.at({"营业收入": value}) >= 0 for divisor in node.divisors for value in (-1, 0, 1)] == [False, False, True]


@given(st.integers(0, 10**14), st.integers(0, 10**14), st.sampled_from([">=", ">", "<=", "<"]))
def test_operators_mean_what_they_say(earned: int, spent: int, op: str) -> None:
    node = compare(parse_quantity("研发费用", SCOPE), op, parse_quantity("营业收入", SCOPE), SCOPE)
    expected = {">=": spent >= earned, ">": spent > earned, "<=": spent <= earned, "<": spent < earned}[op]

    assert isinstance(node, Compare)
    assert (node.form.at({"研发费用": spent, "营业收入": earned}) >= 0) is expected


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("研发费用 + 从业人员", "unit-mismatch", "“研发费用 + 从业人员”两边单位不同（万元与人），不能相加减。"),
        ("自主品牌 + 1", "not-a-number", "“自主品牌”不是数值，不能参与大小比较。请用“= 是”或“in [..]”。"),
        ("研发经费", "unknown-fact", "“研发经费”既不是目录中的指标，也不是已定义的计算指标。请核对名称，或在 indicators.yaml 中定义。"),
        ("研发费用 /", "bad-expression", "表达式“研发费用 /”在“结尾”处缺少数值或名称。"),
        ("(研发费用", "bad-expression", "表达式“(研发费用”中此处应为“)”，读到“结尾”。"),
        ("研发费用 研发费用", "bad-expression", "“研发费用 研发费用”在“研发费用”处多出内容。"),
        ("研发费用 ? 3", "bad-expression", "表达式“研发费用 ? 3”在“? 3”处无法理解。写法示例：研发费用占比 >= 3%。"),
        ("复合增长 + 1%", "bad-expression", "复合增长率只能单独与一个数比较，不能再参与运算。"),
        (
            "复合增长率(营业收入 / 营业收入(前2年), 0)",
            "bad-expression",
            "“复合增长率(营业收入 / 营业收入(前2年), 0)”中复合增长率的年数应为正整数。",
        ),
        ("应税收入(前1年)", "bad-expression", "“应税收入”不是年度指标，不能加（前1年）。"),
        ("甲绕乙", "indicator-cycle", "计算指标“甲绕乙”的公式绕回了它自己。请改正公式“乙绕甲 + 1”。"),
    ],
)
def test_faulty_expression_is_refused(text: str, code: str, message: str) -> None:
    with pytest.raises(TiduError) as caught:
        parse_quantity(text, SCOPE)

    assert (caught.value.code, caught.value.message) == (code, message)


def test_scope_can_be_used_after_a_circle_was_found() -> None:
    with pytest.raises(TiduError):
        parse_quantity("乙绕甲", SCOPE)

    assert quantity_value(parse_quantity("研发费用占比", SCOPE), KNOWN) == Fraction(1, 20)


def test_compound_growth_is_only_compared_with_a_number() -> None:
    left, right = parse_quantity("复合增长", SCOPE), parse_quantity("增长率", SCOPE)
    for one, other in ((left, right), (right, left)):
        with pytest.raises(TiduError) as caught:
            compare(one, ">=", other, SCOPE)
        assert caught.value.message == "复合增长率只能写在左边，并与一个固定的百分数比较。"


def test_tokens_of_a_condition() -> None:
    assert tokens_of("名称(前1年) ≥ 1,000.5万元") == [
        ("name", "名称"),
        ("sign", "("),
        ("name", "前1年"),
        ("sign", ")"),
        ("op", "≥"),
        ("number", "1,000.5万元"),
    ]
