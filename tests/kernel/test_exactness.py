"""Every comparison of every standard on its bound, one stored unit below and one above, against arithmetic in fractions."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from fractions import Fraction
from random import Random

import pytest

from tidu.kernel.algebra import Polynomial
from tidu.kernel.packs import Standard
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import Compare, Quantity, walk
from tidu.kernel.truth import answer

OPERATORS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
SCALES = (1, 7, 10**4, 999_999, 10**7 + 1, 123_456_789, 10**10 + 3, 10**12)
STANDARDS = load_packs().standards


def comparisons(standard: Standard) -> Iterator[Compare]:
    roots = [
        standard.requires,
        *standard.prerequisites,
        *(rule for _, rule in standard.classes),
        *(item.points for item in standard.scores),
    ]
    for root in roots:
        yield from (node for node in walk(root) if isinstance(node, Compare))


def value_of(polynomial: Polynomial, inputs: Mapping[str, int]) -> Fraction:
    total = Fraction(0)
    for monomial, coefficient in polynomial.terms.items():
        product = Fraction(coefficient)
        for key in monomial:
            product *= inputs[key]
        total += product
    return total


def quotient(quantity: Quantity, inputs: Mapping[str, int]) -> Fraction:
    return value_of(quantity.numerator, inputs) / value_of(quantity.divisor, inputs)


def in_fractions(node: Compare, inputs: Mapping[str, int]) -> bool | None:
    """The comparison as its text says it; None where a divisor is not positive."""
    if any(value_of(divisor, inputs) <= 0 for divisor in (*node.left.divisors, *node.right.divisors)):
        return None
    left, right = quotient(node.left, inputs), quotient(node.right, inputs)
    if node.left.root != 1:
        # the n-th root of a quotient minus one is compared without a root: quotient against (1 + bound) to the n
        right = (1 + right) ** node.left.root
    return OPERATORS[node.op](left, right)


def turning_points(node: Compare, key: str, inputs: Mapping[str, int]) -> list[int]:
    """Values of one input on both sides of where the answer changes, found by bisection in fractions."""
    low, high = node.form.bounds.get(key, (None, None))
    least, most = low if low is not None else -(10**14), high if high is not None else 10**14
    first, last = (in_fractions(node, {**inputs, key: end}) for end in (least, most))
    if first == last:
        return [least, most]
    while most - least > 1:
        middle = (least + most) // 2
        if in_fractions(node, {**inputs, key: middle}) == first:
            least = middle
        else:
            most = middle
    return [value for value in range(least - 1, most + 2) if (low is None or value >= low) and (high is None or value <= high)]


def drawn_inputs(node: Compare, random: Random) -> dict[str, int]:
    inputs: dict[str, int] = {}
    for key in sorted(node.left.keys | node.right.keys):
        low, high = node.form.bounds.get(key, (None, None))
        value = random.choice(SCALES) + random.randint(0, 3)
        inputs[key] = min(max(value, low if low is not None else value), high if high is not None else value)
    return inputs


@pytest.mark.parametrize("standard", STANDARDS, ids=[f"{standard.name} {standard.version}" for standard in STANDARDS])
def test_every_comparison_equals_fractions_around_its_bound(standard: Standard) -> None:
    random = Random(standard.name)
    for node in comparisons(standard):
        for _ in range(3):
            inputs = drawn_inputs(node, random)
            for key in inputs:
                for value in turning_points(node, key, inputs):
                    at = {**inputs, key: value}
                    assert answer(node, at) is in_fractions(node, at), (node.left.text, node.op, node.right.text, at)


def test_every_kind_of_quantity_is_among_the_comparisons() -> None:
    nodes = [node for standard in STANDARDS for node in comparisons(standard)]
    products = [node for node in nodes if not node.form.is_linear]

    assert len(nodes) > 400
    assert {node.op for node in nodes} == {">=", ">", "<=", "<"}
    assert {node.left.root for node in nodes} == {1, 2}
    assert {node.left.text for node in products} == {"近2年主营业务收入平均增长率", "近3年净资产增长率", "近3年销售收入增长率"}


def test_compound_growth_is_decided_by_the_square() -> None:
    node = next(node for standard in STANDARDS for node in comparisons(standard) if node.left.root == 2)
    base = 100_000_000

    assert {earned: answer(node, {"营业收入": earned, "营业收入@2": base}) for earned in (110_249_999, 110_250_000, 110_250_001)} == {
        110_249_999: False,  # 1.05 squared is 1.1025
        110_250_000: True,
        110_250_001: True,
    }
