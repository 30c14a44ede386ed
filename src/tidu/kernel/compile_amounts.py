"""Amounts of the rule tree as Polars expressions: integers all the way, rounded to whole fen once, at the end.

First each node is bounded (``Span``): the least and greatest value it can take, and a unit of which every value is a
multiple. Then its expression is emitted in a unit chosen from above, so that rates and matches turn into whole
factors of constants, in integers just wide enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import ceil, gcd, lcm, prod
from typing import Any

import polars as pl

from tidu.kernel.compile_polars import LARGEST_WORD, Compiler, word
from tidu.kernel.quantities import LARGEST_STORED, round_half_up
from tidu.kernel.rules import Amount, Choose, Largest, Measure, Named, Number, Quantity, Rule, Share, Smallest, Sum, Times

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """``low <= value <= high``, and every value is a multiple of ``unit`` (0: the value is always zero)."""

    low: Fraction
    high: Fraction
    unit: Fraction

    def most(self, unit: Fraction) -> int:
        """The greatest absolute value counted in ``unit``."""
        return ceil(max(abs(self.low), abs(self.high)) / unit)


TYPES = {8: pl.Int8, 16: pl.Int16, 32: pl.Int32, 64: pl.Int64, 128: pl.Int128}


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression and the bits of its integer type; points of a table fit 8, and take an eighth of the time of 64."""

    of: pl.Expr
    bits: int

    def widened(self, bits: int) -> Typed:
        """The same in at least so many bits."""
        return self if bits <= self.bits else Typed(self.of.cast(TYPES[bits]), bits)


@dataclass
class AmountCompiler:
    """Compiles amounts over the columns of a compiler.

    ``ranges`` bounds the values of each input, ``stored`` gives the bits of those that are narrower than 64.
    """

    rules: Compiler
    ranges: Mapping[str, Range] = field(default_factory=dict)
    stored: Mapping[str, int] = field(default_factory=dict)
    spans: dict[int, Span] = field(default_factory=dict)

    def amount(self, node: Amount) -> tuple[Typed, Range]:
        """The amount rounded half away from zero in at most 64 bits, null where a part it needs is unknown, and its range.

        A value beyond 64 bits is an error of Polars when the column is computed, never a wrong number.
        """
        span = self.span(node)
        bottom = span.unit.denominator
        found = self.emit(node, Fraction(1, bottom))
        rounded = found if bottom == 1 else _divided(found, bottom, span)
        fitting = rounded if rounded.bits <= 64 else Typed(rounded.of.cast(pl.Int64), 64)
        return fitting, (max(round_half_up(span.low), -LARGEST_WORD), min(round_half_up(span.high), LARGEST_WORD))

    def span(self, node: Amount | Rule) -> Span:
        """What is known of the values of a node."""
        if id(node) not in self.spans:
            self.spans[id(node)] = self._span(node)
        return self.spans[id(node)]

    def _span(self, node: Amount | Rule) -> Span:
        match node:
            case Number(value):
                return Span(value, value, abs(value))
            case Measure(quantity):
                return self._measured(quantity)
            case Named(name, _):
                low, high = self.range(name)
                return Span(Fraction(low), Fraction(high), Fraction(1))
            case Times(part, rate):
                inner = self.span(part)
                return _product(inner, Span(rate, rate, abs(rate)))
            case Share(part, quantity):
                return _product(self.span(part), self._measured(quantity))
            case Choose(cases, otherwise):
                return _joined([*(self.span(part) for _, part in cases), self.span(otherwise)], min, max)
            case Sum(parts):
                return _joined(map(self.span, parts), sum, sum)
            case Largest(parts):
                return _joined(map(self.span, parts), max, max)
            case Smallest(parts):
                return _joined(map(self.span, parts), min, min)
        raise TypeError(f"{type(node).__name__} has no amount")

    def _measured(self, quantity: Quantity) -> Span:
        unknown = Span(Fraction(1), Fraction(1), Fraction(1))
        parts = []
        for monomial, value in _terms(quantity).items():
            factors = [Span(Fraction(low), Fraction(high), Fraction(1)) for low, high in map(self.range, monomial)]
            parts.append(_product(reduce(_product, factors, unknown), Span(value, value, abs(value))))
        return _joined(parts, sum, sum) if parts else Span(Fraction(0), Fraction(0), Fraction(0))

    def range(self, key: str) -> Range:
        """Least and greatest value of an input."""
        return self.ranges.get(key, (-LARGEST_STORED, LARGEST_STORED))

    def emit(self, node: Amount | Rule, unit: Fraction) -> Typed:
        """The value of a node counted in ``unit``, of which its own unit is a multiple."""
        match node:
            case Number(value):
                return constant(int(value / unit))
            case Measure(quantity):
                return self._sum_of_products(quantity, unit)
            case Named(name, _):
                return _times(self.column(name), int(1 / unit), self.span(node).most(unit))
            case Times(part, rate):
                if not rate:
                    found = self.emit(part, self.span(part).unit or Fraction(1))
                    return Typed(found.of * 0, found.bits)  # nothing of an unknown part is unknown
                found = self.emit(part, unit / abs(rate))  # a unit below zero would turn largest into smallest
                return found if rate > 0 else Typed(0 - found.of, found.bits)
            case Share(part, quantity):
                share = self._measured(quantity).unit or Fraction(1)
                both = aligned([self.emit(part, unit / share), self._sum_of_products(quantity, share)], self.span(node).most(unit))
                return Typed(both[0].of * both[1].of, both[0].bits)
            case Choose(cases, otherwise):
                return self._choose(cases, otherwise, unit)
            case Sum(parts):
                return summed([self.emit(part, unit) for part in parts], sum(self.span(part).most(unit) for part in parts))
            case Largest(parts) | Smallest(parts):
                return self._extreme(node, [self.emit(part, unit) for part in parts], unit)
        raise TypeError(f"{type(node).__name__} has no amount")

    def column(self, name: str) -> Typed:
        """An input in the width it is stored in."""
        return Typed(pl.col(name), self.stored.get(name, 64))

    def _sum_of_products(self, quantity: Quantity, unit: Fraction) -> Typed:
        """A quantity without a divisor of its own."""
        terms = _terms(quantity)
        bounds = {monomial: prod(max(map(abs, self.range(key))) for key in monomial) for monomial in terms}
        sizes = {monomial: ceil(abs(value / unit)) * bounds[monomial] for monomial, value in terms.items()}
        products = []
        for monomial, value in terms.items():
            whole, most = int(value / unit), max(sizes[monomial], bounds[monomial])
            if not monomial:
                products.append(constant(whole))
                continue
            factors = aligned([self.column(key) for key in monomial], most if len(monomial) > 1 else 0)
            product = Typed(reduce(lambda left, right: left * right, [factor.of for factor in factors]), factors[0].bits)
            products.append(_times(product, whole, most))
        return summed(products, sum(sizes.values())) if products else constant(0)

    def _choose(self, cases: tuple[tuple[Rule, Amount], ...], otherwise: Amount, unit: Fraction) -> Typed:
        """The first case that holds; null where a condition before it is unknown."""
        parts = aligned([*(self.emit(part, unit) for _, part in cases), self.emit(otherwise, unit)])
        if cases and all(self.rules.whole(rule) for rule, _ in cases):
            chain: Any = pl
            for (rule, _), part in zip(cases, parts, strict=False):
                chain = chain.when(self.rules.answer(rule)).then(part.of)
            return Typed(chain.otherwise(parts[-1].of), parts[-1].bits)
        found = parts[-1].of
        for (rule, _), part in zip(reversed(cases), reversed(parts[:-1]), strict=True):
            decided = self.rules.answer(rule)
            found = pl.when(decided.is_null()).then(None).when(decided).then(part.of).otherwise(found)
        return Typed(found, parts[-1].bits)

    def _extreme(self, node: Largest | Smallest, emitted: list[Typed], unit: Fraction) -> Typed:
        parts = aligned(emitted)
        listed, bits = [part.of for part in parts], parts[0].bits
        extreme = (pl.max_horizontal if isinstance(node, Largest) else pl.min_horizontal)(listed)
        if bits > 64 >= width(self.span(node).most(unit)):
            extreme, bits = extreme.cast(pl.Int64), 64  # a cap brings the value back into 64 bits
        if self.rules.whole(node):
            return Typed(extreme, bits)
        # horizontal extremes skip nulls: an unknown part would otherwise read as the cap
        known = reduce(lambda left, right: left & right, [part.is_not_null() for part in listed])
        return Typed(pl.when(known).then(extreme), bits)


def width(most: int) -> int:
    """Bits of the narrowest integer type for absolute values up to ``most``; raises ``too-large`` beyond 128."""
    for bits in (8, 16, 32, 64):
        if most < 1 << (bits - 1):
            return bits
    word(most)
    return 128


def constant(value: int) -> Typed:
    """A constant in the narrowest type."""
    bits = width(abs(value))
    return Typed(pl.lit(value, TYPES[bits]), bits)


def aligned(parts: list[Typed], most: int = 0) -> list[Typed]:
    """Parts in one type, wide enough for each and for absolute values up to ``most``."""
    bits = max(width(most), *(part.bits for part in parts))
    return [part.widened(bits) for part in parts]


def summed(parts: list[Typed], most: int) -> Typed:
    """The sum of parts whose absolute values add up to at most ``most``."""
    same = aligned(parts, most)
    return Typed(reduce(lambda left, right: left + right, [part.of for part in same]), same[0].bits)


def _times(part: Typed, factor: int, most: int) -> Typed:
    if factor == 1:
        return part
    left, right = aligned([part, constant(factor)], most)
    return Typed(left.of * right.of, left.bits)


def _divided(top: Typed, bottom: int, span: Span) -> Typed:
    """``top / bottom`` rounded half away from zero, in 64 bits or more."""
    most = span.most(Fraction(1, bottom))
    if span.low >= 0 and bottom % 2 == 0:
        wide = top.widened(max(64, width(most + bottom)))
        return Typed((wide.of + bottom // 2) // bottom, wide.bits)
    wide = top.widened(max(64, width(2 * most + bottom)))
    value = wide.of
    if span.low >= 0:
        return Typed((value * 2 + bottom) // (2 * bottom), wide.bits)
    size = (pl.max_horizontal(value, 0 - value) * 2 + bottom) // (2 * bottom)
    return Typed(pl.when(value < 0).then(0 - size).otherwise(size), wide.bits)


def _terms(quantity: Quantity) -> dict[tuple[str, ...], Fraction]:
    if not quantity.divisor.is_constant or quantity.root != 1:
        raise TypeError(f"{quantity.text}: an amount cannot divide by an input")
    return {monomial: Fraction(value) / quantity.divisor.value for monomial, value in quantity.numerator.terms.items()}


def _product(left: Span, right: Span) -> Span:
    corners = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
    return Span(min(corners), max(corners), left.unit * right.unit)


def _joined(spans: Iterable[Span], low: Callable[[list[Fraction]], Any], high: Callable[[list[Fraction]], Any]) -> Span:
    """The span of a combination whose ends are the combinations of the parts' ends."""
    parts = list(spans)
    units = [part.unit for part in parts]
    bottom = lcm(*(unit.denominator for unit in units))
    shared = Fraction(gcd(*(int(unit * bottom) for unit in units)), bottom)
    return Span(low([part.low for part in parts]), high([part.high for part in parts]), shared)
