"""Exact quantities: money in integer fen, ratios as fractions, units with their dimension.

Every stored value of the kernel is an integer (see ``Unit.scale``); a decimal text is turned into it
without passing through a float, and what would not be exact is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from tidu.kernel.errors import TiduError


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the field: ``scale`` stored integers make one of it, ``dimension`` says what it may be compared with."""

    symbol: str
    dimension: str
    scale: int


MONEY = "money"
RATIO = "ratio"
RATIO_SCALE = 1_000_000
"""A ratio fact is stored in millionths: 1 % is 10 000."""

UNITS: dict[str, Unit] = {
    unit.symbol: unit
    for unit in (
        Unit("分钱", MONEY, 1),
        Unit("元", MONEY, 100),
        Unit("千元", MONEY, 100_000),
        Unit("万元", MONEY, 1_000_000),
        Unit("亿元", MONEY, 10_000_000_000),
        Unit("%", RATIO, 10_000),
        Unit("家", "count", 1),
        Unit("人", "count", 1),
        Unit("项", "count", 1),
        Unit("个", "count", 1),
        Unit("名", "count", 1),
        Unit("次", "count", 1),
        Unit("年", "years", 1),
        Unit("天", "days", 1),
        Unit("分", "points", 1),
        Unit("级", "level", 1),
        Unit("kWh", "energy", 1),
        Unit("", "number", 1),
    )
}

LARGEST_STORED = 10**14
"""Largest absolute stored value accepted, one trillion yuan in fen: products of a value and a bound then fit 64 bits."""

LEVELS = ("一级", "二级", "三级", "四级")

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?|[+-]?\.\d+")


def parse_decimal(text: str) -> Fraction:
    """Turn a decimal text (``1,234.50``) into an exact fraction; raises ``not-a-number`` with the text.

    A comma stands between thousands only: ``1,5`` may mean one and a half and is refused.
    """
    cleaned = text.strip().replace("，", ",")
    try:
        if "_" in cleaned or ("," in cleaned and not _GROUPED.fullmatch(cleaned)):
            raise InvalidOperation
        value = Decimal(cleaned.replace(",", ""))
    except InvalidOperation:
        raise TiduError("not-a-number", f"“{text}”不是数字。请只填写数字，单位写在列标题的括号里。", value=text) from None
    if not value.is_finite():
        raise TiduError("not-a-number", f"“{text}”不是有限的数字。请填写具体数值，未知请留空。", value=text)
    return Fraction(value)


def to_stored(value: Fraction, unit: Unit) -> int:
    """A value in ``unit`` as the stored integer; refuses what is not exact or out of range.

    Raises ``too-precise`` where digits would be lost and ``too-large`` beyond one trillion yuan.
    """
    scaled = value * unit.scale
    if scaled.denominator != 1:
        raise TiduError(
            "too-precise",
            f"{decimal_text(value)}{unit.symbol} 的小数位超出可保存的精度。请核对数值与单位。",
            value=str(value),
            unit=unit.symbol,
        )
    if abs(scaled.numerator) > LARGEST_STORED:
        raise TiduError(
            "too-large",
            f"{decimal_text(value)}{unit.symbol} 超出系统可接受的范围（绝对值不超过一万亿元）。请核对单位是否写错。",
            value=str(value),
            unit=unit.symbol,
        )
    return scaled.numerator


def from_stored(stored: int | Fraction, unit: Unit) -> Fraction:
    """The stored integer as a value in ``unit``."""
    return Fraction(stored) / unit.scale


def decimal_text(value: Fraction | int, places: int = 6) -> str:
    """A fraction as a short decimal text; at most ``places`` decimals, rounded half up, no trailing zeros."""
    fraction = Fraction(value)
    digits = round_half_up(fraction * 10**places)
    sign, digits = ("-", -digits) if digits < 0 else ("", digits)
    whole, rest = divmod(digits, 10**places)
    tail = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


def number(value: Fraction | int, places: int = 6) -> int | float:
    """A fraction as a JSON number for display only; nothing decides on it."""
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return fraction.numerator
    return float(decimal_text(fraction, places))


def round_half_up(value: Fraction | int) -> int:
    """The one rounding rule: to the nearest integer, halves away from zero (fen amounts, once, at the end)."""
    fraction = Fraction(value)
    sign = -1 if fraction < 0 else 1
    twice = 2 * abs(fraction.numerator) + fraction.denominator
    return sign * (twice // (2 * fraction.denominator))


def yuan(fen: int) -> int | float:
    """Integer fen as a JSON number of yuan (an int where it is whole)."""
    return number(Fraction(fen, 100), 2)


def parse_literal(text: str) -> tuple[Fraction, Unit]:
    """A literal of a pack, ``100万元`` or ``3%``, as (value in stored scale as a fraction, unit).

    The value is returned in stored integers of its dimension (fen, millionths, …) so that comparisons are uniform.
    Raises ``bad-literal`` for an unknown unit.
    """
    stripped = text.strip()
    if stripped in LEVELS:
        return Fraction(LEVELS.index(stripped) + 1), UNITS["级"]
    match = _NUMBER.match(stripped)
    if match is None:
        raise TiduError("bad-literal", f"“{text}”不是带单位的数值，例如 100万元、3%、2年。", value=text)
    symbol = stripped[match.end() :].strip()
    unit = UNITS.get(symbol)
    if unit is None:
        known = "、".join(name for name in UNITS if name)
        raise TiduError("bad-literal", f"“{text}”的单位“{symbol}”无法识别。可用单位：{known}。", value=text, unit=symbol)
    return parse_decimal(match.group()) * unit.scale, unit
