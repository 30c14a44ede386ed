"""For each missing input the values at which something may change: around every bound that reads it, for several values of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import isqrt, prod
from typing import Any

from tests.kernel.brute_force import UNDEFINED, anything, undefined
from tidu.kernel.algebra import Form
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import catalogue
from tidu.kernel.quantities import MONEY
from tidu.kernel.rules import Compare, Expert, Flag, Judged, Measure, OneOf, walk

AMOUNTS = (10**6, 10**9, 10**11)
COUNTS = (1, 3, 10, 100, 1000)
ROUNDS = 2
"""Values found in one round stand in for the other inputs in the next."""


def roots(form: Form, key: str, values: Mapping[str, int]) -> set[int]:
    """Integers on and beside the points where a form of at most the second degree changes its sign."""
    levels = [form.constant, 0, 0]
    for coefficient, monomial in form.terms:
        levels[monomial.count(key)] += coefficient * prod(values[name] for name in monomial if name != key)
    offset, slope, square = levels
    if square:
        discriminant = slope * slope - 4 * square * offset
        found = {(-slope + sign * isqrt(discriminant)) // (2 * square) for sign in (-1, 1)} if discriminant >= 0 else set()
    else:
        found = {-offset // slope} if slope else set()
    return {value + shift for value in found for shift in (-1, 0, 1, 2)}


def limits(leaves: Sequence[Compare], key: str) -> tuple[int | None, int | None]:
    """The domain of an integer."""
    bounds = [leaf.form.bounds[key] for leaf in leaves]
    lows, highs = [low for low, _ in bounds if low is not None], [high for _, high in bounds if high is not None]
    return max(lows, default=None), min(highs, default=None)


def listed(rule: Any, key: str) -> list[Any]:
    """The values of an input that is not compared as an integer."""
    found: set[Any] = set()
    for node in walk(rule):
        match node:
            case OneOf(name, words, closed) if name == key:
                found |= {*words, *(closed or ("别的词",))}
            case Flag(name) | Judged(name) if name == key:
                found |= {False, True}
            case Expert(name, _, lowest, highest) if name == key:
                found |= set(range(lowest, highest + 1))
            case Measure(_, bounds) if key in bounds:
                low, high = bounds[key]
                found |= set(range(low or 0, (high or 0) + 1))
    return sorted(found)


def samples(key: str) -> tuple[int, ...]:
    """Values of ordinary size: sums of money, or counts."""
    fact = catalogue().facts.get(split_key(key)[0])
    return AMOUNTS if fact is not None and fact.unit.dimension == MONEY else COUNTS


def critical_values(rule: Any, known: Mapping[str, Any], missing: Sequence[str]) -> dict[str, list[Any]]:
    """The values to try of each missing input."""
    leaves = [node for node in walk(rule) if isinstance(node, Compare) and not undefined(node, known)]
    numbers = [key for key in missing if any(key in leaf.form.bounds for leaf in leaves)]
    found: dict[str, set[int]] = {key: set() for key in numbers}
    for _ in range(ROUNDS if len(numbers) > 1 else 1):
        spread = {key: {*samples(key), *sorted(found[key])[:: max(1, len(found[key]) // 4)]} for key in numbers}
        for leaf in leaves:
            own = [key for key in numbers if key in leaf.form.bounds]
            for key in own:
                others = [other for other in own if other != key]
                for combination in product(*(spread[other] for other in others)):
                    found[key] |= roots(leaf.form, key, {**known, **dict(zip(others, combination, strict=True))})
    domains: dict[str, list[Any]] = {}
    for key in missing:
        if key in found:
            low, high = limits([leaf for leaf in leaves if key in leaf.form.bounds], key)
            beyond = max(found[key] | {0}) + 100 * samples(key)[-1]
            edges = {low if low is not None else -beyond, high if high is not None else beyond}
            inside = {
                value for value in found[key] | set(samples(key)) if (low is None or value >= low) and (high is None or value <= high)
            }
            domains[key] = sorted(inside | edges)
        else:
            domains[key] = anything(rule, known, key) if key.startswith(UNDEFINED) else listed(rule, key)
    return domains
