"""Firms that look alike and are not: rows that one signature must tell apart."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.engine_rows import said_by_engine, said_by_interpreter
from tests.kernel.rule_strategies import MOMENT, SCOPE, firms_of, frame_of, no_population, packs_of, standard_of
from tidu.kernel.bulk import BulkEngine
from tidu.kernel.conditions import parse_condition
from tidu.kernel.inputs import FirmInputs
from tidu.kernel.interpret import assess
from tidu.kernel.rules import AnyOf, Flag, Rule


def rule(text: str) -> Rule:
    return parse_condition(text, SCOPE)


@pytest.mark.parametrize(
    ("node", "rows", "missing"),
    [
        # under a divisor of zero the divisor is asked for, and the missing numerator is not
        (AnyOf((rule("数甲 / 数丁 >= 1"), Flag("是甲"))), [{"数丁": 0}, {"数丁": 1}], [["数丁", "是甲"], ["数甲", "是甲"]]),
        # a factor of zero makes the other factor irrelevant
        (rule("数甲 * 数乙 - 数丁 >= 0"), [{"数乙": 0}, {"数乙": 1}], [["数丁"], ["数甲", "数丁"]]),
    ],
)
def test_firms_that_miss_the_same_facts_are_told_apart(node: Rule, rows: list[dict[str, Any]], missing: list[list[str]]) -> None:
    standard = standard_of(node)
    packs = packs_of(standard)
    said = said_by_engine(BulkEngine(packs, [standard], MOMENT).assess(frame_of(rows), no_population()))

    assert [row[0]["missing"] for row in said] == missing
    assert said == [[said_by_interpreter(assess(FirmInputs(firm, MOMENT, packs), standard))] for firm in firms_of(rows)]
