"""Figures of comparisons: the integer path says exactly what fractions say."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel import leaf_figures
from tidu.kernel.conditions import parse_condition
from tidu.kernel.leaf_figures import leaf_of, shown_quotient
from tidu.kernel.packs import PackSet
from tidu.kernel.quantities import number
from tidu.kernel.reading import read_packs
from tidu.kernel.rules import Compare, walk


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return read_packs([])


def comparison(packs: PackSet, text: str) -> Compare:
    node = parse_condition(text, packs.scope)
    assert isinstance(node, Compare)
    return node


@given(numerator=st.integers(-(10**20), 10**20), divisor=st.integers(1, 10**15))
def test_shown_quotient_is_the_number_of_the_fraction(numerator: int, divisor: int) -> None:
    assert shown_quotient(numerator, divisor) == number(Fraction(numerator, divisor))


@pytest.mark.parametrize(
    ("text", "known", "figures"),
    [
        ("营业收入 >= 1000万元", {"营业收入": 99_999_999_900}, (99_999.9999, 1000, None)),
        ("营业收入 >= 1000万元", {"营业收入": 999_999_999}, (999.999999, 1000, 0.000001)),
        ("营业收入 >= 1000万元", {"营业收入": None}, (None, 1000, None)),
        ("研发费用占比 >= 3%", {"研发费用": 2, "营业收入": 300}, (0.666667, 3, 2.333333)),
        ("研发费用占比 >= 3%", {"研发费用": 2, "营业收入": 0}, (None, 3, None)),
        ("研发费用占比 >= 3%", {"研发费用": 9, "营业收入": 300}, (3, 3, None)),
        ("从事特定细分市场年限 >= 2年", {"上年度": 2023, "从事特定细分市场起始年份": 2022}, (1, 2, 1)),
        ("近2年主营业务收入平均增长率 >= 5%", {"主营业务收入": 104, "主营业务收入@1": 100, "主营业务收入@2": 100}, (2, 5, 3)),
    ],
)
def test_figures_of_a_comparison(packs: PackSet, text: str, known: dict[str, Any], figures: tuple[Any, ...]) -> None:
    leaf = leaf_of(comparison(packs, text))

    assert leaf.figures(known, figures[2] is not None) == figures


def test_facts_of_a_comparison_leave_out_the_day_and_the_year(packs: PackSet) -> None:
    assert leaf_of(comparison(packs, "从事特定细分市场年限 >= 2年")).facts == ("从事特定细分市场起始年份",)


def test_preparation_is_made_once(packs: PackSet) -> None:
    node = comparison(packs, "营业收入 >= 1000万元")

    assert leaf_of(node) is leaf_of(node)


def test_integer_figures_are_those_of_fractions_in_every_pack(packs: PackSet) -> None:
    draw = Random(7)
    roots = [root for standard in packs.standards for root in (standard.requires, *(item.points for item in standard.scores))]
    nodes = [node for root in roots for node in walk(root) if isinstance(node, Compare)]
    checked = 0
    for node in islice(nodes, 0, None, 3):
        quick = leaf_figures._quotient_figures(node)
        if quick is None:
            continue
        exact, checked = leaf_figures._any_figures(node), checked + 1
        for _ in range(6):
            known = {key: draw.choice([None, 0, 1, -5, draw.randrange(10**12)]) for key in sorted(node.left.keys | node.right.keys)}
            assert quick(known, True) == exact(known, True)
    assert checked > 50
