"""A form decides exactly as arithmetic in fractions does, and its extremes are those of all completions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tidu.kernel.algebra import Bound, Form, Polynomial, extremes, form_of, truth

KEYS = ("甲", "乙", "丙")
COEFFICIENTS = st.fractions(min_value=-50, max_value=50, max_denominator=60)
MONOMIALS = st.sampled_from([(), ("甲",), ("乙",), ("丙",), ("甲", "乙"), ("甲", "甲"), ("乙", "丙")])
POLYNOMIALS = st.dictionaries(MONOMIALS, COEFFICIENTS, max_size=4).map(
    lambda terms: Polynomial({key: value for key, value in terms.items() if value})
)
LINEAR = st.dictionaries(st.sampled_from([(), ("甲",), ("乙",), ("丙",)]), COEFFICIENTS, min_size=1, max_size=4).map(
    lambda terms: Polynomial({key: value for key, value in terms.items() if value})
)
VALUES = st.fixed_dictionaries({key: st.integers(-(10**6), 10**6) for key in KEYS})
SHORT: dict[str, Bound] = {"甲": (0, 4), "乙": (1, 3), "丙": (-2, 2)}


def value_of(polynomial: Polynomial, values: dict[str, int]) -> Fraction:
    total = Fraction(0)
    for monomial, coefficient in polynomial.terms.items():
        product_of = coefficient
        for key in monomial:
            product_of *= values[key]
        total += product_of
    return total


@given(POLYNOMIALS, POLYNOMIALS, VALUES)
def test_arithmetic_of_polynomials_is_arithmetic_of_values(left: Polynomial, right: Polynomial, values: dict[str, int]) -> None:
    one, other = value_of(left, values), value_of(right, values)

    assert value_of(left + right, values) == one + other
    assert value_of(left - right, values) == one - other
    assert value_of(left * right, values) == one * other
    assert value_of(-left, values) == -one


@given(POLYNOMIALS, VALUES, st.booleans())
def test_form_decides_exactly_as_fractions(polynomial: Polynomial, values: dict[str, int], strict: bool) -> None:
    exact = value_of(polynomial, values)

    assert (form_of(polynomial, {}, strict=strict).at(values) >= 0) is (exact > 0 if strict else exact >= 0)


@given(LINEAR, st.integers(-(10**14), 10**14), st.integers(1, 10**14))
def test_quotient_is_compared_without_dividing(bound: Polynomial, above: int, below: int) -> None:
    limit = bound.value
    form = form_of(Polynomial.variable("甲") - Polynomial.constant(limit) * Polynomial.variable("乙"), {})

    assert (form.at({"甲": above, "乙": below}) >= 0) is (Fraction(above, below) >= limit)


def test_form_has_the_smallest_integers() -> None:
    polynomial = Polynomial({("甲",): Fraction(1, 100), ("乙",): Fraction(-3, 10_000), (): Fraction(7, 10_000)})

    assert form_of(polynomial, {}) == Form(((-3, ("乙",)), (100, ("甲",))), 7, {"甲": (None, None), "乙": (None, None)})


def test_common_factor_is_divided_out_without_changing_any_answer() -> None:
    polynomial = Polynomial({("甲",): Fraction(6), (): Fraction(-7)})
    form = form_of(polynomial, {})

    assert (form.terms, form.constant) == (((1, ("甲",)),), -2)
    assert [form.at({"甲": value}) >= 0 for value in (0, 1, 2)] == [6 * value - 7 >= 0 for value in (0, 1, 2)]


@given(POLYNOMIALS, st.sets(st.sampled_from(KEYS)), st.data())
def test_extremes_are_those_of_all_completions(polynomial: Polynomial, missing: set[str], data: st.DataObject) -> None:
    form = form_of(polynomial, SHORT)
    own = [key for key in form.keys if key in missing]
    assume(form.is_linear or len(own) <= 1)
    ranges = {key: range(low, high + 1) for key, (low, high) in SHORT.items() if low is not None and high is not None}
    known: dict[str, int | None] = {key: None if key in missing else data.draw(st.sampled_from(ranges[key])) for key in KEYS}
    reached = [
        form.at({key: value for key, value in known.items() if value is not None} | dict(zip(own, values, strict=True)))
        for values in product(*(ranges[key] for key in own))
    ]

    assert extremes(form, known) == (min(reached), max(reached))
    assert truth(form, (), known) is (True if min(reached) >= 0 else False if max(reached) < 0 else None)


@pytest.mark.parametrize(
    ("polynomial", "bounds", "expected"),
    [
        ({("甲",): 1, (): -5}, {"甲": (0, None)}, (-5, None)),
        ({("甲",): -1, (): 5}, {"甲": (0, None)}, (None, 5)),
        ({("甲",): 1}, {"甲": (None, None)}, (None, None)),
        ({("甲", "甲"): 1, ("甲",): -4}, {"甲": (0, None)}, (-4, None)),
        ({("甲", "甲"): -1, ("甲",): 4}, {"甲": (None, None)}, (None, 4)),
        ({("甲", "甲"): 1, ("甲",): -3}, {"甲": (None, 1)}, (-2, None)),
    ],
)
def test_extremes_without_bounds(polynomial: dict[tuple[str, ...], int], bounds: dict[str, Bound], expected: Bound) -> None:
    form = form_of(Polynomial({key: Fraction(value) for key, value in polynomial.items()}), bounds)

    assert extremes(form, {}) == expected


def test_divisor_of_zero_or_less_leaves_no_answer() -> None:
    ratio = form_of(Polynomial({("甲",): Fraction(100), ("乙",): Fraction(-3)}), {})
    divisor = form_of(Polynomial.variable("乙"), {}, strict=True)

    assert {below: truth(ratio, (divisor,), {"甲": 5, "乙": below}) for below in (-1, 0, 1)} == {-1: None, 0: None, 1: True}
