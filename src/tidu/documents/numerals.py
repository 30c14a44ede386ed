"""Chinese numerals: 二十三, 二〇二四, 两, 一百零五, 三千五百万, and back.

A library would do, were one in good order: see docs/adr/0060. The rules fit on a page, and a property test turns every
number up to a hundred million there and back.
"""

from __future__ import annotations

from fractions import Fraction

DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
HAN = "".join(DIGITS) + "".join(TENS) + "".join(MYRIADS)
"""Every character a Chinese numeral may hold, for character classes."""
HAN_SMALL = "〇零○一二两三四五六七八九十百千"
"""The same without 万 and 亿, which are part of a unit in 五百万元."""
_WRITTEN = "零一二三四五六七八九"


def from_han(text: str) -> int | None:
    """The number, or None where the characters are none: 十百, 一二十."""
    if not text or any(character not in HAN for character in text):
        return None
    if all(character in DIGITS for character in text):
        return _digit_by_digit(text)
    total = 0
    for myriad in (MYRIADS["亿"], MYRIADS["万"]):
        sign = "亿" if myriad == MYRIADS["亿"] else "万"
        head, found, text = text.rpartition(sign)
        if found:
            front = from_han(head) if "亿" in head or "万" in head else _below_myriad(head)
            if front is None:
                return None
            total += front * myriad
        if not text:
            return total
    rest = _below_myriad(text)
    return None if rest is None else total + rest


def _digit_by_digit(text: str) -> int | None:
    """二〇二四 is 2024; 两 stands alone only."""
    if len(text) > 1 and "两" in text:
        return None
    return int("".join(str(DIGITS[character]) for character in text))


def _below_myriad(text: str) -> int | None:
    """A numeral below ten thousand; each power at most once and falling."""
    total, digit, last = 0, None, 10_000
    for character in text:
        if character in DIGITS:
            if digit not in (None, 0):
                return None
            digit = DIGITS[character]
        else:
            power = TENS.get(character, 0)
            if not power or power >= last or digit == 0:
                return None
            total, digit, last = total + (1 if digit is None else digit) * power, None, power
    return total + (digit or 0)


def to_han(number: int) -> str:
    """The numeral as official documents number their clauses: 十一, 二十, 一百零一. From 0 up to 99 999 999."""
    if number >= MYRIADS["万"]:
        head, rest = divmod(number, MYRIADS["万"])
        gap = "零" if 0 < rest < 1000 else ""
        return f"{to_han(head)}万{gap}{to_han(rest) if rest else ''}"
    written, zero = "", False
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            written += ("零" if zero and written else "") + _WRITTEN[digit] + sign
        zero = not digit
    written = written or "零"
    return written[1:] if written.startswith("一十") else written


def number_of(text: str) -> Fraction | None:
    """Arabic or Chinese digits as an exact number: ``1,200.5``, ``三十``, ``一点五``, ``半``."""
    cleaned = text.replace(",", "").replace(" ", "")
    if cleaned[:1].isdecimal() and cleaned.isascii():
        return Fraction(cleaned)
    if cleaned == "半":
        return Fraction(1, 2)
    whole, point, decimals = cleaned.partition("点")
    found = from_han(whole)
    if found is None or not point:
        return None if found is None else Fraction(found)
    if not decimals or any(one not in DIGITS for one in decimals):
        return None
    return found + Fraction(int("".join(str(DIGITS[one]) for one in decimals)), 10 ** len(decimals))
