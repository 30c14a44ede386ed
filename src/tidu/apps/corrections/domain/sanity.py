"""Figures that can be read but hardly be meant: a thousand times last year's, 元 taken for 万元, parts larger than their whole.

Warnings, never refusals: a firm may grow a thousandfold, and then it says so.

>>> from tidu.kernel.facts import catalogue
>>> unlikely(catalogue().fact("研发费用"), 120_000_000_000, 12_000_000, "2023 年")
'研发费用：填的是 120000 万元，2023 年是 12 万元，相差一万倍，像是把元当成了万元。请核对单位。'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidu.apps.enterprises.queries import fact_text
from tidu.kernel.facts import Catalogue, Fact, Store
from tidu.kernel.quantities import MONEY

THOUSAND = 1000
UNIT_LOW, UNIT_HIGH = 5_000, 20_000
"""A quotient between these is taken for 元 written as 万元: ten thousand, with some growth or decline."""
PARTS = (
    ("主营业务收入", "总收入"),
    ("高新技术产品收入", "总收入"),
    ("研发费用", "成本费用支出"),
    ("研发人员", "从业人员"),
    ("科技人员", "从业人员"),
)
"""A part and the whole that it cannot exceed."""


def unlikely(fact: Fact, value: Any, before: Any, when: str) -> str:
    """Why a figure is hardly meant, beside an earlier one; empty where nothing is odd."""
    if fact.store is not Store.INTEGER or isinstance(value, bool) or not isinstance(value, int) or not isinstance(before, int):
        return ""
    more, less = max(abs(value), abs(before)), min(abs(value), abs(before))
    if not less or more < THOUSAND * less:
        return ""
    shown = f"{fact.name}：填的是 {fact_text(fact, value)}，{when}是 {fact_text(fact, before)}"
    if fact.unit.dimension == MONEY and UNIT_LOW * less <= more <= UNIT_HIGH * less:
        mixed = "像是把元当成了万元" if abs(value) > abs(before) else "像是把万元当成了元"
        return f"{shown}，相差{'一万倍' if more == 10_000 * less else '约一万倍'}，{mixed}。请核对单位。"
    return f"{shown}，相差 {more // less:,} 倍。请核对数字和单位。"


def warnings_of(values: Mapping[str, Any], before: Mapping[str, Any], when: str, facts: Catalogue) -> list[str]:
    """All warnings of some figures of a year; ``before`` are those of the year before."""
    found = [text for name, value in values.items() if (text := unlikely(facts.fact(name), value, before.get(name), when))]
    for part, whole in PARTS:
        one, all_of_it = values.get(part), values.get(whole)
        if isinstance(one, int) and isinstance(all_of_it, int) and one > all_of_it:
            found.append(
                f"{part} {fact_text(facts.fact(part), one)}，大于{whole} {fact_text(facts.fact(whole), all_of_it)}。请核对两个数。"
            )
    return found
