"""Amounts of the rule tree as Polars expressions: integers all the way, rounded to whole fen once, at the end.

First each node is bounded (``Span``): the least and greatest value it can take, and a unit of which every value is a
multiple. Then its expression is emitted in a unit chosen from above, so that rates and matches turn into whole
factors of constants, and 128 bits are used only where 64 could overflow.
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


@dataclass
class AmountCompiler:
    """Compiles amounts over the columns of a compiler; ``ranges`` bounds the values of each input."""

    rules: Compiler
    ranges: Mapping[str, Range] = field(default_factory=dict)
    spans: dict[int, Span] = field(default_factory=dict)

    def amount(self, node: Amount) -> tuple[pl.Expr, Range]:
        """The amount rounded half away from zero as a 64-bit column, null where a part it needs is unknown, and its range.

        A value beyond 64 bits is an error of Polars when the column is computed, never a wrong number.
        """
        span = self.span(node)
        bottom = span.unit.denominator
        found = self.emit(node, Fraction(1, bottom))
        rounded = found if bottom == 1 else _divided(found, bottom, span)
        return rounded.cast(pl.Int64), (max(round_half_up(span.low), -LARGEST_WORD), min(round_half_up(span.high), LARGEST_WORD))

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

    def emit(self, node: Amount | Rule, unit: Fraction) -> pl.Expr:
        """The value of a node counted in ``unit``, of which its own unit is a multiple."""
        match node:
            case Number(value):
                return pl.lit(int(value / unit), word(self.span(node).most(unit)))
            case Measure(quantity):
                return self._sum_of_products(quantity, unit)
            case Named(name, _):
                most = self.span(node).most(unit)
                return _times(pl.col(name), int(1 / unit), most)
            case Times(part, rate):
                if not rate:
                    return self.emit(part, self.span(part).unit or Fraction(1)) * 0  # nothing of an unknown part is unknown
                found = self.emit(part, unit / abs(rate))  # a unit below zero would turn largest into smallest
                return found if rate > 0 else 0 - found
            case Share(part, quantity):
                share = self._measured(quantity).unit or Fraction(1)
                left, right = self.emit(part, unit / share), self._sum_of_products(quantity, share)
                return widened(left, self.span(node).most(unit)) * right
            case Choose(cases, otherwise):
                return self._choose(cases, otherwise, unit)
            case Sum(parts):
                most = sum(self.span(part).most(unit) for part in parts)
                return reduce(lambda left, right: left + right, [widened(self.emit(part, unit), most) for part in parts])
            case Largest(parts) | Smallest(parts):
                return self._extreme(node, parts, unit)
        raise TypeError(f"{type(node).__name__} has no amount")

    def _sum_of_products(self, quantity: Quantity, unit: Fraction) -> pl.Expr:
        """A quantity without a divisor of its own."""
        terms = _terms(quantity)
        products: list[pl.Expr] = []
        bounds = {monomial: prod(max(map(abs, self.range(key))) for key in monomial) for monomial in terms}
        most = sum(ceil(abs(value / unit)) * bounds[monomial] for monomial, value in terms.items())
        for monomial, value in terms.items():
            factors = [widened(pl.col(key), most) for key in monomial]
            whole = int(value / unit)
            if factors:
                products.append(_times(reduce(lambda left, right: left * right, factors), whole, most))
            else:
                products.append(pl.lit(whole, word(most)))
        return reduce(lambda left, right: left + right, products) if products else pl.lit(0, pl.Int64)

    def _choose(self, cases: tuple[tuple[Rule, Amount], ...], otherwise: Amount, unit: Fraction) -> pl.Expr:
        """The first case that holds; null where a condition before it is unknown."""
        parts = self._aligned([*(part for _, part in cases), otherwise], unit)
        if cases and all(self.rules.whole(rule) for rule, _ in cases):
            chain: Any = pl
            for (rule, _), part in zip(cases, parts, strict=False):
                chain = chain.when(self.rules.answer(rule)).then(part)
            found: pl.Expr = chain.otherwise(parts[-1])
            return found
        found = parts[-1]
        for (rule, _), part in zip(reversed(cases), reversed(parts[:-1]), strict=True):
            decided = self.rules.answer(rule)
            found = pl.when(decided.is_null()).then(None).when(decided).then(part).otherwise(found)
        return found

    def _extreme(self, node: Largest | Smallest, nodes: tuple[Amount, ...], unit: Fraction) -> pl.Expr:
        parts = self._aligned(nodes, unit)
        extreme = (pl.max_horizontal if isinstance(node, Largest) else pl.min_horizontal)(parts)
        if word(max(self.span(part).most(unit) for part in nodes)) != word(self.span(node).most(unit)):
            extreme = extreme.cast(pl.Int64)  # a cap brings the value back into 64 bits
        if self.rules.whole(node):
            return extreme
        # horizontal extremes skip nulls: an unknown part would otherwise read as the cap
        known = reduce(lambda left, right: left & right, [part.is_not_null() for part in parts])
        return pl.when(known).then(extreme)

    def _aligned(self, nodes: Iterable[Amount], unit: Fraction) -> list[pl.Expr]:
        """Parts in one integer type."""
        listed = list(nodes)
        most = max(self.span(node).most(unit) for node in listed)
        return [widened(self.emit(node, unit), most) for node in listed]


def widened(expression: pl.Expr, most: int) -> pl.Expr:
    """In 128 bits where 64 could overflow."""
    return expression if word(most) == pl.Int64 else expression.cast(pl.Int128)


def _times(expression: pl.Expr, factor: int, most: int) -> pl.Expr:
    return expression if factor == 1 else widened(expression, most) * pl.lit(factor, word(most))


def _divided(top: pl.Expr, bottom: int, span: Span) -> pl.Expr:
    """``top / bottom`` rounded half away from zero."""
    most = span.most(Fraction(1, bottom))
    if span.low >= 0 and bottom % 2 == 0:
        return (widened(top, most + bottom) + bottom // 2) // bottom
    wide = widened(top, 2 * most + bottom)
    if span.low >= 0:
        return (wide * 2 + bottom) // (2 * bottom)
    size = (pl.max_horizontal(wide, 0 - wide) * 2 + bottom) // (2 * bottom)
    return pl.when(wide < 0).then(0 - size).otherwise(size)


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
