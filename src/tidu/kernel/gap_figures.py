"""The figures of an unmet entry (actual, needed, gap) as plain functions of input values, for many firms.

They are those of ``traces``: what a fast function does not cover is asked of the tracer itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from tidu.kernel.algebra import Polynomial
from tidu.kernel.inputs import EVENT_PREFIX
from tidu.kernel.leaf_figures import Figures, factor_to, shown_quotient
from tidu.kernel.rules import Amount, Compare, Flag, Not, OneOf, Rule, ScoreAtLeast, keys_of
from tidu.kernel.traces import Trace, Tracer, has_or_not
from tidu.kernel.wording import bound_unit, constant_of, opposite

_PLAIN_DIMENSIONS = frozenset({"date", "level"})


@dataclass(frozen=True)
class Reading:
    """The columns that figures are made of, and the function from their values."""

    keys: tuple[str, ...]
    of: Callable[..., Figures]


def reading_of(node: Rule | Amount, tracer: Tracer, bounds: Mapping[int, tuple[str, str]]) -> Reading:
    """How the figures of ``node`` are read; ``bounds`` names the columns with the least and most points of score bounds."""
    template = tracer.of(node)
    match node:
        case Compare():
            return _compare(node) or _traced(node, tracer)
        case Flag(key):
            words = has_or_not if key.startswith(EVENT_PREFIX) else _yes_no
            return Reading((key,), lambda value: (words(value), template.bound, None))
        case OneOf(key):
            return Reading((key,), lambda value: (value, template.bound, None))
        case ScoreAtLeast(_, _, threshold):
            return Reading(bounds[id(node)], lambda low, high: (low if low == high else [low, high], threshold, threshold - high))
        case Not(part) if isinstance(part, Compare | Flag | OneOf):
            inner = reading_of(part, tracer, bounds)
            return Reading(inner.keys, lambda *values: (inner.of(*values)[0], opposite(inner.of(*values)[1]), None))
        case _ if template.kind in {"all", "any", "count"}:
            return Reading((), lambda: (None, None, None))
    return _traced(node, tracer)


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "是" if value else "否"


def _traced(node: Rule | Amount, tracer: Tracer) -> Reading:
    """By the tracer, remembered by values."""
    keys = tuple(sorted(keys_of(node)))
    remembered: dict[tuple[Any, ...], Figures] = {}

    def figures(*values: Any) -> Figures:
        if values not in remembered:
            found = figures_of(Tracer(dict(zip(keys, values, strict=True)), tracer.moment, tracer.catalogue, tracer.tests).of(node))
            remembered[values] = found
        return remembered[values]

    return Reading(keys, figures)


def figures_of(trace: Trace) -> Figures:
    """Actual, needed and gap of a leaf, a score bound or a negation."""
    if trace.kind == "not":
        return (trace.parts[0].value if trace.parts else None, None, None)
    return trace.value, trace.bound, trace.gap


def _compare(node: Compare) -> Reading | None:
    """A quotient against a constant in integers; None where the tracer has to say it (dates, levels, roots, moving bounds)."""
    left, right = node.left, node.right
    if right.keys or left.root != 1 or {left.dimension, right.dimension} & _PLAIN_DIMENSIONS:
        return None
    scale = factor_to(left, bound_unit(node))
    bound = constant_of(right) * factor_to(right, right.unit)
    keys = tuple(sorted(left.keys))
    top, bottom = _integer(left.numerator, keys), _integer(left.divisor, keys)
    guards = [_integer(divisor, keys) for divisor in left.divisors]
    factor = scale * Fraction(bottom.scale, top.scale)
    up, down, needed_up, needed_down = factor.numerator, factor.denominator, bound.numerator, bound.denominator
    needed = shown_quotient(needed_up, needed_down)

    def figures(*values: int | None) -> Figures:
        if None in values or any(guard.of(values) <= 0 for guard in guards):
            return None, needed, None
        numerator, divisor = top.of(values) * up, bottom.of(values) * down
        distance = abs(needed_up * divisor - numerator * needed_down)
        return shown_quotient(numerator, divisor), needed, shown_quotient(distance, needed_down * divisor)

    return Reading(keys, figures)


@dataclass(frozen=True)
class _Integer:
    """A polynomial with integer coefficients: ``scale`` times the original, over values in the order of its keys."""

    scale: int
    terms: tuple[tuple[int, tuple[int, ...]], ...]

    def of(self, values: tuple[Any, ...]) -> int:
        total = 0
        for coefficient, places in self.terms:
            product = coefficient
            for place in places:
                product *= values[place]
            total += product
        return total


def _integer(polynomial: Polynomial, keys: tuple[str, ...]) -> _Integer:
    scale = lcm(*(coefficient.denominator for coefficient in polynomial.terms.values()), 1)
    terms = tuple((int(coefficient * scale), tuple(map(keys.index, monomial))) for monomial, coefficient in polynomial.terms.items())
    return _Integer(scale, terms)
