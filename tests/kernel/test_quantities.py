"""Numbers in and out: exact decimals, one rounding rule, units that cannot be mixed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel.errors import TiduError
from tidu.kernel.quantities import (
    LARGEST_STORED,
    UNITS,
    decimal_text,
    from_stored,
    number,
    parse_decimal,
    parse_literal,
    round_half_up,
    to_stored,
    yuan,
)

FRACTIONS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        (" 12.50 ", Fraction(25, 2)),
        ("-3", Fraction(-3)),
        ("1,234,567.89", Fraction(123456789, 100)),
        ("１２.５", Fraction(25, 2)),
        ("1，234，567", Fraction(1234567)),
        (".5", Fraction(1, 2)),
        ("1e3", Fraction(1000)),
    ],
)
def test_decimal_text_is_read_exactly(text: str, value: Fraction) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    "text", ["", "甲", "12万", "1.2.3", "NaN", "Infinity", "-inf", "--1", "1 000", "1_000", "1,5", "1,23,456", "12345,678"]
)
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(TiduError) as caught:
        parse_decimal(text)

    assert (caught.value.code, caught.value.data) == ("not-a-number", {"value": text})


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=2, allow_nan=False))
def test_yuan_survives_storage(value: Decimal) -> None:
    stored = to_stored(parse_decimal(str(value)), UNITS["元"])

    assert (stored, from_stored(stored, UNITS["元"])) == (int(value * 100), Fraction(value))


@pytest.mark.parametrize(
    ("text", "symbol", "stored"),
    [
        ("1", "元", 100),
        ("1", "千元", 100_000),
        ("1.000001", "万元", 1_000_001),
        ("0.0001", "亿元", 1_000_000),
        ("3.25", "%", 32_500),
        ("7", "人", 7),
    ],
)
def test_units_have_their_scale(text: str, symbol: str, stored: int) -> None:
    assert to_stored(parse_decimal(text), UNITS[symbol]) == stored


@pytest.mark.parametrize(("text", "symbol"), [("0.001", "元"), ("0.0000001", "万元"), ("1.5", "人"), ("0.00001", "%")])
def test_digits_that_would_be_lost_are_refused(text: str, symbol: str) -> None:
    with pytest.raises(TiduError) as caught:
        to_stored(parse_decimal(text), UNITS[symbol])

    assert caught.value.code == "too-precise"


def test_one_trillion_yuan_is_the_most() -> None:
    assert to_stored(Fraction(10_000), UNITS["亿元"]) == LARGEST_STORED
    for beyond in (Fraction(LARGEST_STORED + 1, 100), Fraction(-LARGEST_STORED - 1, 100)):
        with pytest.raises(TiduError) as caught:
            to_stored(beyond, UNITS["元"])
        assert caught.value.code == "too-large"


@given(FRACTIONS)
def test_rounding_is_that_of_the_decimal_module(value: Fraction) -> None:
    exact = Decimal(value.numerator) / Decimal(value.denominator)

    assert abs(round_half_up(value) - value) <= Fraction(1, 2)
    if (2 * value).denominator == 1:  # the only values where a decimal of limited length could mislead are the halves
        assert round_half_up(value) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("-2.5", -3), ("0.4999999999", 0), ("-0.4999", 0), ("7", 7)]
)
def test_halves_go_away_from_zero(value: str, rounded: int) -> None:
    assert round_half_up(Fraction(value)) == rounded


@given(FRACTIONS, st.integers(0, 8))
def test_decimal_text_is_the_nearest_decimal_without_trailing_zeros(value: Fraction, places: int) -> None:
    text = decimal_text(value, places)

    assert abs(Fraction(text) - value) <= Fraction(1, 2 * 10**places)
    assert text == (text.rstrip("0").rstrip(".") if "." in text else text)
    assert len(text.partition(".")[2]) <= places


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(1, 3), "0.333333"), (Fraction(-1, 8), "-0.125"), (Fraction(5), "5"), (0, "0"), (Fraction(-1, 10**9), "0")]
)
def test_decimal_text_of_some_values(value: Fraction, text: str) -> None:
    assert decimal_text(value) == text


def test_numbers_for_json_are_whole_where_they_can_be() -> None:
    shown = [number(Fraction(4, 2)), number(Fraction(1, 3)), yuan(100), yuan(12_345), yuan(-1)]

    assert [(type(value), value) for value in shown] == [(int, 2), (float, 0.333333), (int, 1), (float, 123.45), (float, -0.01)]


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("100万元", 100_000_000, "money"),
        ("1亿元", 10_000_000_000, "money"),
        ("1,000 万元", 1_000_000_000, "money"),
        ("0.5%", 5_000, "ratio"),
        ("2年", 2, "years"),
        ("365天", 365, "days"),
        ("一级", 1, "level"),
        ("四级", 4, "level"),
        ("60分", 60, "points"),
        ("3", 3, "number"),
    ],
)
def test_literal_in_stored_scale(text: str, value: int, dimension: str) -> None:
    found, unit = parse_literal(text)

    assert (found, unit.dimension) == (value, dimension)


@pytest.mark.parametrize("text", ["三万元", "万元", "3美元", "五级"])
def test_literal_in_no_known_unit_is_refused(text: str) -> None:
    with pytest.raises(TiduError) as caught:
        parse_literal(text)

    assert caught.value.code == "bad-literal"
