"""Amounts of the rule tree as Polars expressions: exact quotients of integers, rounded to whole fen once, at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

import polars as pl

from tidu.kernel.compile_polars import LARGEST_WORD, Compiler
from tidu.kernel.rules import (
    Amount,
    Choose,
    Largest,
    Measure,
    Named,
    Number,
    Quantity,
    Rule,
    Share,
    Smallest,
    Sum,
    Times,
)


@dataclass(frozen=True)
class Exact:
    """``top / bottom`` with ``most`` bounding the top's absolute value; ``sign`` is 1 where it is never negative, else 0."""

    top: pl.Expr
    bottom: int
    most: int
    sign: int

    def over(self, bottom: int) -> Exact:
        """The same value over a larger common divisor."""
        factor = bottom // self.bottom
        return self if factor == 1 else Exact(widened(self.top, self.most * factor) * factor, bottom, self.most * factor, self.sign)

    def rounded(self) -> pl.Expr:
        """Rounded half away from zero, as a 64-bit integer."""
        if self.bottom == 1:
            return self.top.cast(pl.Int64)
        if self.sign and self.bottom % 2 == 0:
            return ((self.top + self.bottom // 2) // self.bottom).cast(pl.Int64)
        twice = widened(self.top, 2 * self.most + self.bottom)
        size = (pl.max_horizontal(twice, 0 - twice) * 2 + self.bottom) // (2 * self.bottom)
        return (size if self.sign else pl.when(twice < 0).then(0 - size).otherwise(size)).cast(pl.Int64)


def widened(expression: pl.Expr, most: int) -> pl.Expr:
    """In 128 bits where 64 could overflow."""
    return expression.cast(pl.Int128) if most > LARGEST_WORD else expression


@dataclass
class AmountCompiler:
    """Compiles amounts over the columns of a compiler; ``natural`` are inputs known to be zero or more."""

    rules: Compiler
    natural: frozenset[str] = frozenset()

    def exact(self, node: Amount | Rule) -> Exact:
        """An exact amount; null wherever a part it needs is unknown, never the cap."""
        match node:
            case Number(value):
                return Exact(pl.lit(value.numerator, pl.Int64), value.denominator, abs(value.numerator), int(value >= 0))
            case Measure(quantity):
                return self.measure(quantity)
            case Named(name, _):
                return Exact(pl.col(name), 1, self.rules.largest, int(name in self.natural))
            case Times(part, rate):
                return scaled(self.exact(part), rate)
            case Share(part, quantity):
                return self.share(self.exact(part), self.measure(quantity))
            case Choose(cases, otherwise):
                return self.choose(cases, otherwise)
            case Sum(parts) | Largest(parts) | Smallest(parts):
                return self.combined(node, parts)
        raise TypeError(type(node).__name__)

    def measure(self, quantity: Quantity) -> Exact:
        """A quantity without a divisor of its own, as the sum of its products."""
        if not quantity.divisor.is_constant:
            raise TypeError(f"{quantity.text}: an amount cannot divide by an input")
        scale = Fraction(1) / quantity.divisor.value
        terms = {monomial: value * scale for monomial, value in quantity.numerator.terms.items()}
        bottom = lcm(*(value.denominator for value in terms.values())) if terms else 1
        most = sum(abs(int(value * bottom)) * self.rules.largest ** len(monomial) for monomial, value in terms.items())
        sign = int(all(value >= 0 and set(monomial) <= self.natural for monomial, value in terms.items()))
        return Exact(_summed(terms, bottom, most), bottom, most, sign)

    @staticmethod
    def share(part: Exact, share: Exact) -> Exact:
        """A product of an amount and a share."""
        most = part.most * share.most
        return Exact(widened(part.top, most) * share.top, part.bottom * share.bottom, most, part.sign & share.sign)

    def choose(self, cases: tuple[tuple[Rule, Amount], ...], otherwise: Amount) -> Exact:
        """The first case that holds; null where a condition before it is unknown."""
        parts, bottom, most, sign = _aligned([*(self.exact(part) for _, part in cases), self.exact(otherwise)])
        if all(self.rules.whole(rule) for rule, _ in cases):
            chain: Any = pl
            for (rule, _), part in zip(cases, parts, strict=False):
                chain = chain.when(self.rules.answer(rule)).then(part)
            return Exact(chain.otherwise(parts[-1]), bottom, most, sign)
        found = parts[-1]
        for (rule, _), part in zip(reversed(cases), reversed(parts[:-1]), strict=True):
            decided = self.rules.answer(rule)
            found = pl.when(decided.is_null()).then(None).when(decided).then(part).otherwise(found)
        return Exact(found, bottom, most, sign)

    def combined(self, node: Sum | Largest | Smallest, nodes: tuple[Amount, ...]) -> Exact:
        """A sum, or the largest or smallest part."""
        parts, bottom, most, sign = _aligned([self.exact(part) for part in nodes])
        if isinstance(node, Sum):
            return Exact(reduce(lambda left, right: left + right, parts), bottom, most * len(parts), sign)
        extreme = (pl.max_horizontal if isinstance(node, Largest) else pl.min_horizontal)(parts)
        if self.rules.whole(node):
            return Exact(extreme, bottom, most, sign)
        # horizontal extremes skip nulls: an unknown part would otherwise read as the cap
        known = reduce(lambda left, right: left & right, [part.is_not_null() for part in parts])
        return Exact(pl.when(known).then(extreme), bottom, most, sign)


def scaled(part: Exact, rate: Fraction) -> Exact:
    """A part times a constant rate; the factor is reduced against the divisor first."""
    factor = rate / part.bottom
    if factor.numerator == 1:
        return Exact(part.top, factor.denominator, part.most, part.sign)
    most = part.most * abs(factor.numerator)
    return Exact(widened(part.top, most) * factor.numerator, factor.denominator, most, part.sign & int(rate >= 0))


def _summed(terms: Mapping[tuple[str, ...], Fraction], bottom: int, most: int) -> pl.Expr:
    products: list[pl.Expr] = []
    for monomial, value in terms.items():
        factors = [widened(pl.col(key), most) for key in monomial]
        whole = int(value * bottom)
        product = reduce(lambda left, right: left * right, factors) if factors else pl.lit(whole, pl.Int64)
        products.append(product * whole if factors and whole != 1 else product)
    return reduce(lambda left, right: left + right, products) if products else pl.lit(0, pl.Int64)


def _aligned(parts: list[Exact]) -> tuple[list[pl.Expr], int, int, int]:
    """Parts over one divisor, in one integer type."""
    bottom = lcm(*(part.bottom for part in parts))
    same = [part.over(bottom) for part in parts]
    most = max(part.most for part in same)
    return [widened(part.top, most) for part in same], bottom, most, int(all(part.sign for part in same))
