"""Amounts in capitals: known cases, and every amount reads back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.fulfilment.domain.capitals import DIGITS, LARGEST, in_capitals

KNOWN = {
    1: "人民币壹分",
    10: "人民币壹角整",
    105: "人民币壹元零伍分",
    150: "人民币壹元伍角整",
    1_000_00: "人民币壹仟元整",
    1_001_00: "人民币壹仟零壹元整",
    10_000_00: "人民币壹万元整",
    10_001_00: "人民币壹万零壹元整",
    10_100_00: "人民币壹万零壹佰元整",
    11_000_00: "人民币壹万壹仟元整",
    100_000_10: "人民币壹拾万元壹角整",
    1_680_032_00: "人民币壹佰陆拾捌万零叁拾贰元整",
    100_000_000_00: "人民币壹亿元整",
    100_000_001_05: "人民币壹亿零壹元零伍分",
    200_030_000_00: "人民币贰亿零叁万元整",
}


@pytest.mark.parametrize(("fen", "text"), KNOWN.items())
def test_known_amounts(fen: int, text: str) -> None:
    assert in_capitals(fen) == text


def value_of(text: str) -> int:
    """The amount that capitals say, read by the places alone."""
    body = text.removeprefix("人民币").removesuffix("整")
    whole, _, parts = body.rpartition("元")
    fen = 0
    for digit, place in re.findall(f"([{DIGITS[1:]}])([角分])", parts):
        fen += DIGITS.index(digit) * (10 if place == "角" else 1)
    total = group = digit_value = 0
    for letter in whole:
        if letter in DIGITS:
            digit_value = DIGITS.index(letter)
        elif letter in "拾佰仟":
            group += digit_value * {"拾": 10, "佰": 100, "仟": 1000}[letter]
            digit_value = 0
        elif letter == "万":
            group = (group + digit_value) * 10_000
            total, group, digit_value = total + group, 0, 0
        else:
            total, group, digit_value = (total + group + digit_value) * 10**8, 0, 0
    return (total + group + digit_value) * 100 + fen


@given(st.integers(min_value=1, max_value=10**14 - 1))
def test_every_amount_reads_back(fen: int) -> None:
    text = in_capitals(fen)
    assert value_of(text) == fen
    assert "零零" not in text
    assert text.endswith(("整", "分"))


@pytest.mark.parametrize("fen", [0, -1, LARGEST])
def test_what_cannot_be_written_is_refused(fen: int) -> None:
    with pytest.raises(ValueError, match="no capitals"):
        in_capitals(fen)
