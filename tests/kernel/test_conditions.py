"""One condition of a pack, decided for values on, below and above what it asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tidu.kernel.conditions import parse_condition
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import Scope
from tidu.kernel.facts import catalogue
from tidu.kernel.rules import Flag, Label, Not, OneOf
from tidu.kernel.truth import answer

SCOPE = Scope(catalogue())
WAN = 1_000_000


@pytest.mark.parametrize(
    ("text", "key", "answers"),
    [
        ("研发费用 >= 3万元", "研发费用", {3 * WAN - 1: False, 3 * WAN: True, 3 * WAN + 1: True}),
        ("研发费用 ≥ 3万元", "研发费用", {3 * WAN - 1: False, 3 * WAN: True}),
        ("研发费用 > 3万元", "研发费用", {3 * WAN: False, 3 * WAN + 1: True}),
        ("研发费用 <= 3万元", "研发费用", {3 * WAN: True, 3 * WAN + 1: False}),
        ("研发费用 < 3万元", "研发费用", {3 * WAN - 1: True, 3 * WAN: False}),
        ("研发费用 = 3万元", "研发费用", {3 * WAN - 1: False, 3 * WAN: True, 3 * WAN + 1: False}),
        ("研发费用 != 3万元", "研发费用", {3 * WAN - 1: True, 3 * WAN: False, 3 * WAN + 1: True}),
        ("研发费用(前1年) >= 3万元", "研发费用@1", {3 * WAN - 1: False, 3 * WAN: True}),
        ("3万元 <= 研发费用", "研发费用", {3 * WAN - 1: False, 3 * WAN: True}),
        ("数字化水平 >= 二级", "数字化水平", {1: False, 2: True, 4: True}),
        ("从事特定细分市场起始年份 <= 2020", "从事特定细分市场起始年份", {2020: True, 2021: False}),
        ("成立日期 >= 2021-01-01", "成立日期", {date(2020, 12, 31).toordinal(): False, date(2021, 1, 1).toordinal(): True}),
        ("自主品牌 = 是", "自主品牌", {True: True, False: False}),
        ("自主品牌 = 否", "自主品牌", {True: False, False: True}),
        ("自主品牌 != 否", "自主品牌", {True: True, False: False}),
        ("研发费用加计扣除(前1年) = 是", "研发费用加计扣除@1", {True: True, False: False}),
        ("研发机构级别 = 省级", "研发机构级别", {"省级": True, "国家级": False}),
        ("研发机构级别 != 无", "研发机构级别", {"省级": True, "无": False}),
        ("研发机构级别 in [省级，国家级]", "研发机构级别", {"省级": True, "国家级": True, "市级": False}),
    ],
)
def test_condition_is_decided_on_both_sides_of_what_it_asks(text: str, key: str, answers: dict[Any, bool]) -> None:
    rule = parse_condition(text, SCOPE)

    assert {value: answer(rule, {key: value}) for value in answers} == answers
    assert answer(rule, {}) is None


def test_fields_of_an_event_come_before_facts() -> None:
    fields = SCOPE.with_fields(catalogue().event("科技奖励").fields)

    rule = parse_condition("单位排名 <= 3", fields)

    assert [answer(rule, {"单位排名": rank}) for rank in (3, 4, None)] == [True, False, None]


def test_words_keep_the_closed_list_and_the_label() -> None:
    label = Label("A1", "一", "级别")
    rule = parse_condition("研发机构级别 = 省级", SCOPE, label)
    free = parse_condition("主导产品 = 钢管", SCOPE)

    assert isinstance(rule, OneOf)
    assert (rule.key, rule.values, rule.closed, rule.label) == (
        "研发机构级别",
        ("省级",),
        ("国家级", "省级", "市级", "市级以下", "无"),
        label,
    )
    assert isinstance(free, OneOf)
    assert free.closed == ()


def test_not_equal_turns_the_node() -> None:
    rule = parse_condition("自主品牌 != 是", SCOPE)

    assert isinstance(rule, Not)
    assert isinstance(rule.part, Flag)
    assert (rule.part.key, rule.part.wanted) == ("自主品牌", True)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("研发费用", "bad-expression", "条件“研发费用”缺少比较符号（>=、>、<=、<、=、!= 或 in）。"),
        ("研发费用 >= 3万元 且", "bad-expression", "条件“研发费用 >= 3万元 且”在“且”处多出内容。"),
        ("研发费用 >= 3人", "unit-mismatch", "“研发费用 >= 3人”两边单位不同：左边是万元，右边是人。请写成同类单位。"),
        ("自主品牌 >= 是", "bad-expression", "“自主品牌 >= 是”：“自主品牌”只能用 =、!= 或 in 判断。"),
        ("自主品牌 = 有", "unknown-value", "“自主品牌”的取值只有“是”和“否”，读到“有”。"),
        ("研发机构级别 = 区级", "unknown-value", "“研发机构级别”没有取值“区级”。可用取值：国家级、省级、市级、市级以下、无。"),
        ("研发机构级别 in 省级", "bad-expression", "表达式“研发机构级别 in 省级”中此处应为“[”，读到“省级”。"),
        ("研发机构级别 in [省级", "bad-expression", "表达式“研发机构级别 in [省级”中此处应为“]”，读到“结尾”。"),
    ],
)
def test_faulty_condition_is_refused(text: str, code: str, message: str) -> None:
    with pytest.raises(TiduError) as caught:
        parse_condition(text, SCOPE)

    assert (caught.value.code, caught.value.message) == (code, message)
