"""What a comparison says of itself, prepared once per node: its words, its unit, and its figures as a function of the inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

from tidu.kernel.algebra import Polynomial
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR
from tidu.kernel.quantities import RATIO, UNITS, number
from tidu.kernel.rules import Compare, Quantity
from tidu.kernel.truth import quantity_value
from tidu.kernel.wording import bound_unit, compare_text, constant_of, in_unit, measured, shown

Known = Mapping[str, Any]
Figures = tuple[Any, Any, Any]
"""The value found, the bound, and the distance between them where it is wanted; None where an input is unknown."""

PLACES = 10**6
REMEMBERED = 1 << 14
"""Most nodes whose preparation is kept: several times what all packs hold."""
_READ_AS_WORDS = frozenset({"date", "level"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A comparison made ready: its words (those of the label first), ``facts`` are the inputs a person can look up, sorted."""

    text: str
    unit: str
    facts: tuple[str, ...]
    figures: Callable[[Known, bool], Figures]
    """By inputs, and whether the distance is wanted."""


@lru_cache(maxsize=REMEMBERED)
def leaf_of(node: Compare) -> Leaf:
    """The prepared comparison."""
    facts = tuple(sorted((node.left.keys | node.right.keys) - {ASSESSMENT_YEAR, ASSESSMENT_DAY}))
    return Leaf(node.label.text or compare_text(node), bound_unit(node), facts, _quotient_figures(node) or _any_figures(node))


def _any_figures(node: Compare) -> Callable[[Known, bool], Figures]:
    """Figures of any comparison, in fractions."""
    unit, dimension = bound_unit(node), node.left.dimension
    fixed = None if node.right.keys else measured(constant_of(node.right), node.right)

    def figures(known: Known, unmet: bool) -> Figures:
        left = in_unit(quantity_value(node.left, known), node.left, unit)
        right = measured(quantity_value(node.right, known), node.right) if fixed is None else fixed
        distance = number(abs(right - left)) if unmet and left is not None and right is not None else None
        return shown(left, dimension), shown(right, dimension), distance

    return figures


def _quotient_figures(node: Compare) -> Callable[[Known, bool], Figures] | None:
    """Figures of a quotient against a constant, in integers; None where it is read as a word or has a root."""
    left, right = node.left, node.right
    if right.keys or left.root != 1 or right.root != 1 or {left.dimension, right.dimension} & _READ_AS_WORDS:
        return None
    bound = measured(constant_of(right), right) or Fraction(0)
    top, bottom = Whole.of(left.numerator), Whole.of(left.divisor)
    guards = tuple(Whole.of(divisor) for divisor in left.divisors)
    factor = factor_to(left, bound_unit(node)) * Fraction(bottom.scale, top.scale)
    up, down, needed_up, needed_down = factor.numerator, factor.denominator, bound.numerator, bound.denominator
    needed = shown_quotient(needed_up, needed_down)
    keys = tuple(left.keys)
    if len(keys) == 1 and not guards and top.terms == ((top.terms[0][0], keys),) and bottom.terms == ((bottom.terms[0][0], ()),):
        return _plain_figures(keys[0], factor * top.terms[0][0] / bottom.terms[0][0], bound)

    def figures(known: Known, unmet: bool) -> Figures:
        for key in keys:
            if known.get(key) is None:
                return None, needed, None
        for guard in guards:
            if guard.at(known) <= 0:
                return None, needed, None
        numerator, divisor = top.at(known) * up, bottom.at(known) * down
        found = shown_quotient(numerator, divisor)
        if not unmet:
            return found, needed, None
        return found, needed, shown_quotient(abs(needed_up * divisor - numerator * needed_down), needed_down * divisor)

    return figures


def _plain_figures(key: str, factor: Fraction, bound: Fraction) -> Callable[[Known, bool], Figures]:
    """Figures of one input against a constant."""
    up, down, needed_up, needed_down = factor.numerator, factor.denominator, bound.numerator, bound.denominator
    needed = shown_quotient(needed_up, needed_down)

    def figures(known: Known, unmet: bool) -> Figures:
        value = known.get(key)
        if value is None:
            return None, needed, None
        gap = shown_quotient(abs(needed_up * down - value * up * needed_down), needed_down * down) if unmet else None
        return shown_quotient(value * up, down), needed, gap

    return figures


def factor_to(quantity: Quantity, unit: str) -> Fraction:
    """What a stored value is multiplied with to stand in ``unit``."""
    if quantity.dimension == RATIO:
        return Fraction(100)
    own, wanted = UNITS.get(quantity.unit), UNITS.get(unit)
    if own is None:
        return Fraction(1)
    return Fraction(1, (wanted or own).scale if unit != quantity.unit else own.scale)


def shown_quotient(numerator: int, divisor: int) -> int | float:
    """``quantities.number`` of a quotient with a positive divisor: whole numbers whole, else six decimals, halves up."""
    whole, rest = divmod(numerator, divisor)
    if not rest:
        return whole
    digits = (2 * abs(numerator) * PLACES + divisor) // (2 * divisor)
    return (digits if numerator > 0 else -digits) / PLACES


@dataclass(frozen=True, slots=True)
class Whole:
    """A polynomial with integer coefficients: ``scale`` times the original."""

    scale: int
    terms: tuple[tuple[int, tuple[str, ...]], ...]

    @classmethod
    def of(cls, polynomial: Polynomial) -> Whole:
        """The polynomial times the least scale that clears its denominators."""
        scale = lcm(*(coefficient.denominator for coefficient in polynomial.terms.values()), 1)
        return cls(scale, tuple((int(coefficient * scale), monomial) for monomial, coefficient in polynomial.terms.items()))

    def at(self, known: Known) -> int:
        """The value for known inputs."""
        total = 0
        for coefficient, monomial in self.terms:
            product = coefficient
            for key in monomial:
                product *= known[key]
            total += product
        return total
