"""Products in which one input is missing: what the engine says afterwards is what the interpreter says of each row."""

from __future__ import annotations

from random import Random
from typing import Any

import polars as pl

from tests.kernel.rule_strategies import DOMAINS, SCOPE
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.conditions import parse_condition
from tidu.kernel.lone_gaps import with_lone_gaps
from tidu.kernel.rules import Compare
from tidu.kernel.truth import answer

PRODUCTS = (
    "数甲 / 数己 - 1 + 数己 / 数乙 - 1 >= 0.5",
    "数甲 / 数己 - 1 + 数己 / 数乙 - 1 < 3",
    "数甲 * 数乙 - 数丁 >= 0",
    "数甲 * 数甲 - 数丙 * 数己 > 4",
)


def leaf(text: str) -> Compare:
    found = parse_condition(text, SCOPE)
    assert isinstance(found, Compare)
    return found


def row(draw: Random) -> dict[str, int | None]:
    """Small amounts, zeros, and about one input of a row missing."""
    kept = {key: draw.randint(0 if low is None else low, 9 if high is None else high) for key, (low, high) in DOMAINS.items()}
    return {key: None if draw.random() < 0.2 else draw.choice([value, value, DOMAINS[key][0] or 0]) for key, value in kept.items()}


def frame_of(rows: list[dict[str, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(DOMAINS, pl.Int64))


def answered(leaves: list[Compare], rows: list[dict[str, int | None]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The answers of some leaves before and after their lone gaps are filled, a column each."""
    frame = frame_of(rows)
    complete = frozenset(name for name in frame.columns if not frame[name].null_count())
    compiler = Compiler(complete=complete, share=True, put_off=True)
    names = [f"叶{number}" for number, _ in enumerate(leaves)]
    for node in leaves:
        compiler.answer(node)
    before = frame.with_columns(expression.alias(name) for name, expression in compiler.leaves.values())
    return before.select(names), with_lone_gaps(before, compiler).select(names)


def test_rows_that_miss_one_input_are_answered_as_the_interpreter_does() -> None:
    draw = Random(1)
    leaves = [leaf(text) for text in PRODUCTS]
    rows = [row(draw) for _ in range(600)]
    before, after = answered(leaves, rows)
    expected: dict[str, Any] = {f"叶{number}": [answer(node, known) for known in rows] for number, node in enumerate(leaves)}

    assert after.to_dict(as_series=False) == expected
    assert before.null_count().sum_horizontal()[0] > after.null_count().sum_horizontal()[0]


def test_rows_with_several_gaps_and_whole_rows_stay_as_they_are() -> None:
    growth = leaf("数甲 / 数己 - 1 + 数己 / 数乙 - 1 >= 0")
    whole = dict.fromkeys(DOMAINS, 4)
    rows: list[dict[str, int | None]] = [{**whole}, {**whole, "数甲": None, "数己": None}, {**whole, "数丁": None}]
    before, after = answered([growth], rows)

    assert before.equals(after)
    assert after["叶0"].to_list() == [True, None, True]


def test_a_divisor_of_zero_leaves_a_lone_gap_open() -> None:
    growth = leaf("数甲 / 数己 - 1 + 数己 / 数乙 - 1 >= (0 - 5)")
    whole = dict.fromkeys(DOMAINS, 4)
    rows: list[dict[str, int | None]] = [{**whole, "数甲": None}, {**whole, "数甲": None, "数乙": 0}]
    before, after = answered([growth], rows)

    # no growth is as low as the bound; where a divisor is zero there is no growth at all
    assert before["叶0"].to_list() == [None, None]
    assert after["叶0"].to_list() == [True, None]
