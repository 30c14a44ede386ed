"""The sentences of a settlement: money, formulas and reasons as an official reads them."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from tidu.kernel.awards import PER_FIRM_YEAR, PER_PROJECT, Award, Cap
from tidu.kernel.quantities import decimal_text

GRANTED, CAPPED, DROPPED, EXCLUDED, UNKNOWN, RULING_NEEDED = "granted", "capped", "dropped", "excluded", "unknown", "ruling needed"
"""What becomes of a candidate."""

_CONFIDENCE = {"one-source": "，单一来源", "secondary": "，二手来源", "unconfirmed": "，未核实"}


@lru_cache(maxsize=1 << 12)
def money(fen: int) -> str:
    """Fen as 万元, to the fen: 1200万元, 0.000001万元."""
    sign, digits = ("-", -fen) if fen < 0 else ("", fen)
    whole, rest = divmod(digits, 1_000_000)
    tail = f"{rest:06d}".rstrip("0") if rest else ""
    return f"{sign}{whole}.{tail}万元" if tail else f"{sign}{whole}万元"


@lru_cache(maxsize=256)
def percent(rate: Fraction) -> str:
    """A rate as a percentage."""
    return f"{decimal_text(rate * 100)}%"


def cap_text(cap: Cap) -> str:
    """A cap in words."""
    per = {PER_FIRM_YEAR: "每家企业每年", PER_PROJECT: "每个项目"}.get(cap.per, "单项")
    return f"{per} {money(cap.fen)} 的上限"


@lru_cache(maxsize=1 << 12)
def formula_text(award: Award, ground: int | None, computed: int) -> str:
    """How an amount comes about: ``ground`` is what the rate is taken of."""
    if ground is None:
        return f"奖励标准 {money(computed)}"
    rounded = "（四舍五入到分）" if ground * award.formula.rate.numerator % award.formula.rate.denominator else ""
    name = "市级基数" if award.formula.form == "match-base" else award.formula.of
    return f"{name} {money(ground)} × {percent(award.formula.rate)} = {money(computed)}{rounded}"


@lru_cache(maxsize=1 << 10)
def base_text(award: Award, tier: str, fen: int) -> str:
    """Where a matching base comes from."""
    base = award.base
    if base is None:
        return ""
    return f"市级基数：{base.name}（{tier}）{money(fen)}{_CONFIDENCE.get(base.confidence, '')}"
