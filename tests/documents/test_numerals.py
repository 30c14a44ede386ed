"""Chinese numerals there and back, and what is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.documents.numerals import from_han, number_of, to_han


@given(st.integers(0, 99_999_999))
def test_a_number_comes_back(number: int) -> None:
    assert from_han(to_han(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("二十一", 21),
        ("一百零五", 105),
        ("两千", 2000),
        ("三千五百万", 35_000_000),
        ("一亿二千万", 120_000_000),
        ("二〇二四", 2024),
    ],
)
def test_as_documents_write_them(text: str, number: int) -> None:
    assert from_han(text) == number


@pytest.mark.parametrize("text", ["", "十百", "一十十", "甲", "二两", "三千三千"])
def test_what_is_no_number(text: str) -> None:
    assert from_han(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("1,200.5", Fraction(2401, 2)), ("一点五", Fraction(3, 2)), ("半", Fraction(1, 2)), ("三十", Fraction(30))]
)
def test_figures_of_both_kinds_are_exact(text: str, number: Fraction) -> None:
    assert number_of(text) == number
