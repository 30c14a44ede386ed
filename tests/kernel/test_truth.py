"""Three answers: each operator against the definition, all completions of its unknown parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from tests.kernel.brute_force import Grid, missing_of
from tests.kernel.drawn_rules import Rules, described
from tidu.kernel.algebra import Polynomial
from tidu.kernel.conditions import parse_condition
from tidu.kernel.expressions import Scope, parse_quantity
from tidu.kernel.facts import catalogue
from tidu.kernel.functions import answer_function, points_function
from tidu.kernel.rules import (
    All,
    AnyOf,
    AtLeast,
    Choose,
    Constant,
    Expert,
    Flag,
    Judged,
    Largest,
    Measure,
    Named,
    Not,
    Number,
    OneOf,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
    Times,
    keys_of,
    walk,
)
from tidu.kernel.truth import amount, answer, points, quantity_value

SCOPE = Scope(catalogue())
ANSWERS = (True, False, None)
FLAGS = tuple(Flag(key) for key in "甲乙丙")


def number(value: int) -> Number:
    return Number(Fraction(value))


def table(key: str, yes: int, no: int) -> Choose:
    return Choose(((Flag(key), number(yes)),), number(no))


def kleene(combine: Callable[[Sequence[bool]], bool], given: Sequence[bool | None]) -> bool | None:
    """The answer on which every completion agrees."""
    completions = product(*(((True, False) if found is None else (found,)) for found in given))
    found = {combine(completion) for completion in completions}
    return found.pop() if len(found) == 1 else None


@pytest.mark.parametrize(
    ("node", "combine"),
    [
        (All(FLAGS), all),
        (AnyOf(FLAGS), any),
        *((AtLeast(count, FLAGS), lambda answers, count=count: sum(answers) >= count) for count in (1, 2, 3)),
        (Not(All(FLAGS)), lambda answers: not all(answers)),
        (Named("输出", AnyOf(FLAGS)), any),
    ],
)
def test_operators_follow_their_completions(node: Rule, combine: Callable[[Sequence[bool]], bool]) -> None:
    for given in product(ANSWERS, repeat=3):
        assert answer(node, dict(zip("甲乙丙", given, strict=True))) is kleene(combine, given), given


def test_leaves_are_unknown_without_their_input() -> None:
    leaves: list[Rule] = [Flag("甲"), OneOf("乙", ("红",)), Judged("丙", "由人判断"), parse_condition("营业收入 >= 1万元", SCOPE)]

    assert [answer(leaf, {}) for leaf in leaves] == [None] * 4
    assert [answer(leaf, {"甲": False, "乙": "红", "丙": True, "营业收入": 999_999}) for leaf in leaves] == [False, True, True, False]
    assert [answer(Constant(found), {}) for found in (True, False)] == [True, False]


def test_empty_rules_are_vacuous() -> None:
    assert [answer(All(()), {}), answer(AnyOf(()), {})] == [True, False]


def test_undefined_quotient_stays_unknown_whatever_its_numerator() -> None:
    rule = parse_condition("研发费用 / 营业收入 >= 3%", SCOPE)
    quantity = parse_quantity("研发费用 / 营业收入", SCOPE)
    cases = [(0, 0), (5, 0), (None, 0), (0, -1), (5, -1)]

    assert [answer(rule, {"研发费用": above, "营业收入": below}) for above, below in cases] == [None] * 5
    assert [quantity_value(quantity, {"研发费用": above, "营业收入": below}) for above, below in cases] == [None] * 5


def test_nothing_divided_by_whatever_is_missing_is_nothing() -> None:
    rule = parse_condition("研发费用 / 营业收入 >= 3%", SCOPE)

    assert [answer(rule, {"研发费用": above}) for above in (0, 1)] == [False, None]


@pytest.mark.parametrize("block", range(2))
def test_answers_and_points_of_random_rules_are_sound(block: int) -> None:
    """A decided answer holds in every completion, and points never leave their interval."""
    for seed in range(400 * block, 400 * block + 400):
        rules = Rules(Random(seed))
        rule, known = rules.rule(), {key: value for key, value in rules.known(0.5).items() if value != 0 or key == "甲"}
        grid = Grid(known, {key: rules.domain(key) for key in missing_of(rule, known)})
        if grid.size > 50_000:
            continue
        met, found = grid.holds(rule), answer(rule, known)
        assert found is None or bool((met == found).all()), described(rule)
        for node in walk(rule):
            if isinstance(node, ScoreAtLeast):
                for item in node.items:
                    low, high = points(item.points, known)
                    reached = grid.points(item.points)
                    assert low <= int(reached.min()) <= int(reached.max()) <= high, described(item.points)


def test_functions_of_complete_inputs_say_what_truth_says() -> None:
    for seed in range(400):
        rules = Rules(Random(seed))
        rule = rules.rule()
        known = {key: rules.random.choice(rules.domain(key)) for key in keys_of(rule)}
        assert answer_function(rule)(known) is answer(rule, known), described(rule)
        for item in rules.items:
            complete = {key: rules.random.choice(rules.domain(key)) for key in keys_of(item.points)}
            low, high = points(item.points, complete)
            assert (points_function(item.points)(complete), low) == (high, high), described(item.points)


@pytest.mark.parametrize(
    ("node", "known", "interval"),
    [
        (number(3), {}, (3, 3)),
        (table("甲", 5, 1), {}, (1, 5)),
        (table("甲", 5, 1), {"甲": True}, (5, 5)),
        (table("甲", 5, 1), {"甲": False}, (1, 1)),
        (Choose(((Flag("甲"), number(5)), (Flag("乙"), number(3))), number(0)), {"乙": True}, (3, 5)),
        (Choose(((Flag("甲"), number(5)), (Flag("乙"), number(3))), number(0)), {"甲": False}, (0, 3)),
        (Sum((table("甲", 5, 1), table("乙", 2, 0))), {"乙": True}, (3, 7)),
        (Largest((table("甲", 5, 1), number(3))), {}, (3, 5)),
        (Smallest((Sum((table("甲", 5, 1), table("乙", 4, 0))), number(6))), {}, (1, 6)),
        (Expert("丁", "由人评分", 2, 8), {}, (2, 8)),
        (Expert("丁", "由人评分", 2, 8), {"丁": 5}, (5, 5)),
    ],
)
def test_points_are_intervals_over_what_is_unknown(node: Any, known: dict[str, Any], interval: tuple[int, int]) -> None:
    assert points(node, known) == interval


def test_points_that_are_a_fact_lie_between_nothing_and_the_most() -> None:
    quantity = parse_quantity("地方特色化得分", SCOPE)
    node = Smallest((Measure(quantity, {"地方特色化得分": (0, 15)}), number(15)))

    assert [points(node, {"地方特色化得分": value}) for value in (None, 0, 9, 15)] == [(0, 15), (0, 0), (9, 9), (15, 15)]


@pytest.mark.parametrize(("threshold", "found"), [(3, True), (4, None), (7, None), (8, False)])
def test_score_bound_is_unknown_only_within_its_interval(threshold: int, found: bool | None) -> None:
    items = tuple(ScoreItem(f"S{index}", "甲组", "", "", points_, 0, 5) for index, points_ in enumerate((table("甲", 5, 1), number(2))))

    assert answer(ScoreAtLeast("总分", items, threshold), {}) is found


BASE = Measure(parse_quantity("营业收入", SCOPE))
CAP = number(100)


@pytest.mark.parametrize(
    ("node", "known", "value"),
    [
        (Smallest((Times(BASE, Fraction(1, 3)), CAP)), {"营业收入": 100}, Fraction(100, 3)),
        (Smallest((Times(BASE, Fraction(1, 3)), CAP)), {"营业收入": 10**6}, 100),
        (Smallest((Times(BASE, Fraction(1, 3)), CAP)), {}, None),  # never the cap
        (Largest((BASE, CAP)), {}, None),
        (Sum((BASE, CAP)), {}, None),
        (Sum((BASE, CAP)), {"营业收入": 1}, 101),
        (Sum(()), {}, 0),
        (Choose(((Flag("甲"), CAP),), number(0)), {}, None),
        (Choose(((Flag("甲"), CAP),), BASE), {"甲": True}, 100),
        (Choose(((Flag("甲"), CAP),), BASE), {"甲": False}, None),
        (Named("奖励", CAP), {}, 100),
    ],
)
def test_amount_is_exact_and_unknown_with_any_unknown_part(node: Any, known: dict[str, Any], value: Fraction | int | None) -> None:
    assert amount(node, known) == value


def test_a_rule_has_no_amount() -> None:
    with pytest.raises(TypeError, match="Flag has no amount"):
        amount(Flag("甲"), {})


def test_value_of_a_quantity_is_a_fraction() -> None:
    assert quantity_value(parse_quantity("研发费用 / 营业收入", SCOPE), {"研发费用": 1, "营业收入": 3}) == Fraction(1, 3)
    assert quantity_value(parse_quantity("3%", SCOPE), {}) == Fraction(3, 100)
    assert Polynomial.constant(0).is_constant
