"""Marks of components: two components with the same mark have the same outcomes, whatever the amounts behind them.

An amount matters only through the order in which its breakpoints follow one another; where the breakpoints of a
component all lie on one shared input, that order is the mark and the enumeration of one firm serves thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import isqrt
from typing import Any

from tidu.kernel.algebra import Form
from tidu.kernel.completions import Component
from tidu.kernel.residual import Group, Open, OpenItem, OpenRule, Residual, Threshold, Turned
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Expert,
    Flag,
    Judged,
    Largest,
    Measure,
    Not,
    Number,
    OneOf,
    Rule,
    Smallest,
    Sum,
)
from tidu.kernel.trial_values import FAR, bends_along

Mark = tuple[Any, ...]

APART = 10_000
"""Breakpoints so far apart (100 yuan in fen) have room between them for every answer."""

FEWEST = 8
"""Steps of another input that must fit between two breakpoints."""


def mark_of(component: Component, known: Mapping[str, Any], *, free: bool = False) -> Mark | None:
    """The mark of a component, or None where there is none (products with several inputs missing).

    ``free``: every input alone reaches every outcome, whatever the amounts.
    """
    if component.shapes is None:
        numbered: dict[int, Form] = {}
        component.shapes = (tuple(_part(part, numbered) for part in component.parts), list(numbered.values()))
    shapes, forms = component.shapes
    if free:
        return (component.inputs, shapes, "free")
    places = _places(component, forms, known)
    return None if places is None else (component.inputs, shapes, places)


def _part(part: Open | OpenRule | OpenItem, forms: dict[int, Form]) -> Mark:
    if isinstance(part, OpenItem):
        return ("item", part.low, part.high, _shape(part.node, forms))
    if isinstance(part, OpenRule):
        return ("rule", _residual(part.node, forms))
    return ("leaf", _shape(part.node, forms))


def _residual(node: Residual, forms: dict[int, Form]) -> Mark:
    match node:
        case Group(kind, parts, count):
            return (kind, count, tuple(_residual(part, forms) for part in parts))
        case Turned(part):
            return ("not", _residual(part, forms))
        case Threshold():
            raise TypeError("a question holds no score bound")
    return _shape(node.node, forms)  # type: ignore[arg-type]


def _shape(node: Rule | Amount, forms: dict[int, Form]) -> Mark:
    """The structure of a node; comparisons are numbered, their places are marked apart."""
    match node:
        case Number(value):
            return ("=", int(value))
        case Compare(form=form):
            forms.setdefault(id(form), form)
            return ("<", list(forms).index(id(form)))
        case Choose(cases, otherwise):
            return ("?", tuple((_shape(rule, forms), _shape(part, forms)) for rule, part in cases), _shape(otherwise, forms))
        case Flag(key, wanted):
            return ("flag", key, wanted)
        case OneOf(key, values, closed):
            return ("word", key, values, closed)
        case Judged(key):
            return ("judged", key)
        case Constant(answer):
            return ("always", answer)
        case Expert(key, _, low, high):
            return ("expert", key, low, high)
        case Measure(quantity, bounds):
            return ("measure", tuple(sorted(quantity.keys)), tuple(sorted(bounds.items())))
        case All(parts) | AnyOf(parts) | Sum(parts) | Largest(parts) | Smallest(parts):
            return (type(node).__name__, tuple(_shape(part, forms) for part in parts))
        case AtLeast(count, parts):
            return ("count", count, tuple(_shape(part, forms) for part in parts))
        case Not(part):
            return ("not", _shape(part, forms))
    raise TypeError(type(node).__name__)


def _places(component: Component, forms: list[Form], known: Mapping[str, Any]) -> Mark | None:
    """Where the comparisons change: in order along one input each, or as they stand."""
    inputs = set(component.inputs)
    if not all(form.is_linear for form in forms):
        divisors = [form for part in component.parts for leaf in part.leaves if isinstance(leaf, Compare) for form in leaf.divisors]
        return _product_places(inputs, forms, divisors, known)
    open_keys = [[key for _, key in form.slopes if key in inputs] for form in forms]
    if all(len(keys) == 1 for keys in open_keys):
        flips = [_flip(form, keys[0], known, {}) for form, keys in zip(forms, open_keys, strict=True)]
        return _ranked([(keys[0], flip) for keys, flip in zip(open_keys, flips, strict=True)], forms, known)
    tied = _tied_places(component, forms, open_keys, known)
    if tied is not None:
        return tied
    return tuple((tuple((slope, key) for slope, key in form.slopes if key in inputs), _rest(form, inputs, known)) for form in forms)


def _tied_places(component: Component, forms: list[Form], open_keys: list[list[str]], known: Mapping[str, Any]) -> Mark | None:
    """One input in every comparison, others in one each: the order along the first, the others at the edges of their domains."""
    shared = set(open_keys[0]).intersection(*open_keys[1:])
    if len(shared) != 1:
        return None
    (key,) = shared
    others = [[name for name in keys if name != key] for keys in open_keys]
    alone = [names[0] for names in others if names]
    if any(len(names) > 1 for names in others) or len(alone) != len(set(alone)):
        return None
    low, _ = component.domains[key] if isinstance(component.domains[key], tuple) else (None, None)
    placed: list[tuple[str, int]] = [] if low is None else [(key, low)]
    signs: list[Any] = []
    for form, names in zip(forms, others, strict=True):
        slopes = {name: slope > 0 for slope, name in form.slopes}
        edges = [{names[0]: edge} for edge in form.bounds[names[0]] if edge is not None] if names else [{}]
        signs.append((tuple((name, slopes[name], form.bounds[name]) for name in (key, *names)), len(edges)))
        placed += [(key, _flip(form, key, known, edge)) for edge in edges]
    order = sorted({flip for _, flip in placed})
    return ("tied", tuple(signs), tuple(order.index(flip) for _, flip in placed))


def _product_places(inputs: set[str], forms: list[Form], divisors: list[Form], known: Mapping[str, Any]) -> Mark | None:
    """Growth rates along one missing input are ordered as sums are; along two, where their bends lie along the shared one."""
    missing = [[key for key in form.keys if key in inputs] for form in forms]
    if any(len(keys) > 1 for keys in missing):
        return _bent_places(forms, divisors, missing, known)
    placed: list[tuple[str, int]] = []
    for form, (key,) in zip(forms, missing, strict=True):
        if any(monomial.count(key) > 1 for _, monomial in form.terms):
            return None
        values = {**{name: known[name] for name in form.keys if name != key}, key: 0}
        rest = form.at(values)
        slope = form.at({**values, key: 1}) - rest
        if not slope:
            return None
        placed.append((key, -(rest // slope) if slope > 0 else rest // -slope + 1))
    return _ranked(placed, forms, known)


def _bent_places(forms: list[Form], divisors: list[Form], missing: list[list[str]], known: Mapping[str, Any]) -> Mark | None:
    """Two missing inputs, one of them in every comparison: the order of breakpoints and bends along it."""
    shared = set(missing[0]).intersection(*missing[1:])
    if len({key for keys in missing for key in keys}) != 2:
        return None
    if len(shared) == 2:
        one, two = sorted(shared)
        return _difference_places(forms, divisors, one, two, known)
    if len(shared) != 1:
        return None
    (key,) = shared
    if sum(len(keys) == 2 for keys in missing) == 1 and all(form.power(key) == 1 for form in forms):
        return _slanted_places(forms, missing, key, known)
    placed: list[tuple[int, tuple[Any, ...]]] = []
    for number, (form, keys) in enumerate(zip(forms, missing, strict=True)):
        other = next((name for name in keys if name != key), None)
        if other is None and form.is_linear:
            placed.append((_flip(form, key, known, {}), (number, _rises(form, key, known))))
        elif other is None:
            return None
        else:
            bends = sorted(bends_along(form, key, other, known))
            placed += [(bend, (number, turn, other)) for turn, bend in enumerate(bends)]
    order = {place: rank for rank, place in enumerate(sorted({place for place, _ in placed}))}
    return ("bent", key, tuple((order[place], tag) for place, tag in placed))


def _slanted_places(forms: list[Form], missing: list[list[str]], key: str, known: Mapping[str, Any]) -> Mark | None:
    """One sum of both inputs, everything else along the shared one in the first power: the order of all breakpoints along it."""
    slanted: list[int] = []
    signs: list[Any] = []
    for form, keys in zip(forms, missing, strict=True):
        other = next((name for name in keys if name != key), None)
        if other is not None and not form.is_linear:
            return None
        edges: list[int | None] = [edge for edge in form.bounds[other] if edge is not None] if other is not None else [None]
        values = {**{name: known[name] for name in form.keys if name not in keys}, key: 0}
        for edge in edges:
            filled = values if other is None or edge is None else {**values, other: edge}
            rest = form.at(filled)
            slope = form.at({**filled, key: 1}) - rest
            if not slope:
                return None
            slanted.append(-(rest // slope) if slope > 0 else rest // -slope + 1)
            signs.append(slope > 0)
        if other is not None:
            slopes = {name: slope for slope, name in form.slopes}
            if abs(slopes[other]) * FEWEST > abs(slopes[key]) * APART:
                return None
            signs.append((other, form.bounds[other], slopes[other] > 0))
    low, _ = forms[0].bounds[key]
    ranks = _apart([*slanted, *([] if low is None else [low])])
    return None if ranks is None else ("slanted", key, tuple(signs), tuple(form.bounds[key] for form in forms), ranks)


def _difference_places(forms: list[Form], divisors: list[Form], one: str, other: str, known: Mapping[str, Any]) -> Mark | None:
    """Two inputs without end that count by their difference alone: where each comparison changes along the difference.

    A divisor may change at no difference only, and a change must lie near enough for the candidates to reach past that.
    """
    for divisor in divisors:
        if {one, other}.intersection(divisor.keys):
            along = _along_difference(divisor, one, other, known)
            if along is None or along[0] or abs(along[2]) > abs(along[1]):
                return None
    bounds = {form.bounds[name] for form in forms for name in (one, other)}
    if len(bounds) != 1:
        return None
    ((low, high),) = bounds
    if low is None or high is not None:
        return None
    placed = [0]
    signs: list[Any] = []
    for form in forms:
        levels = _along_difference(form, one, other, known)
        if levels is None:
            return None
        square, slope, rest = levels
        places: list[int] = []
        if square and (inside := slope * slope - 4 * square * rest) >= 0:
            places = [(-slope - isqrt(inside)) // (2 * square), (-slope + isqrt(inside)) // (2 * square)]
        elif not square and slope:
            places = [-rest // slope]
        signs.append((len(places), square > 0, slope > 0, rest >= 0))
        placed += places
    if len(placed) == 1:
        return _unchanging(forms, divisors, one, other, known, tuple(signs))
    ranks = _apart(placed)
    if min(map(abs, placed[1:])) > FAR - APART:
        return None
    return None if ranks is None else ("difference", one, other, tuple(signs), ranks)


def _unchanging(
    forms: list[Form], divisors: list[Form], one: str, other: str, known: Mapping[str, Any], signs: tuple[Any, ...]
) -> Mark | None:
    """No comparison changes along the difference, only the divisor does: candidates fall on both of its sides if their bends are near."""
    for form in forms:
        square, slope, _ = _along_difference(form, one, other, known) or (0, 0, 0)
        if abs(slope) > 2 * abs(square) * (FAR - APART):
            return None
    read = tuple((divisor.terms, divisor.constant) for divisor in divisors if {one, other}.intersection(divisor.keys))
    return ("unchanging", one, other, signs, read)


def _along_difference(form: Form, one: str, other: str, known: Mapping[str, Any]) -> tuple[int, int, int] | None:
    """``a, b, c`` where the form is ``a·d² + b·d + c`` of the difference ``d``, else None."""
    found: dict[tuple[int, int], int] = {(0, 0): form.constant}
    for coefficient, monomial in form.terms:
        scaled = coefficient
        for name in monomial:
            if name not in {one, other}:
                scaled *= int(known[name])
        powers = (monomial.count(one), monomial.count(other))
        found[powers] = found.get(powers, 0) + scaled
    square, slope = found.get((2, 0), 0), found.get((1, 0), 0)
    wanted = {(2, 0): square, (1, 1): -2 * square, (0, 2): square, (1, 0): slope, (0, 1): -slope, (0, 0): found[0, 0]}
    if any(found.get(powers, 0) != wanted.get(powers, 0) for powers in {*found, *wanted}):
        return None
    return square, slope, found[0, 0]


def _apart(placed: list[int]) -> tuple[int, ...] | None:
    """The order of places that lie well apart; None where two lie so close that single integers might matter."""
    order = sorted(placed)
    if any(right - left < APART for left, right in pairwise(order)):
        return None
    return tuple(order.index(place) for place in placed)


def _ranked(placed: list[tuple[str, int]], forms: list[Form], known: Mapping[str, Any]) -> Mark:
    ranks: dict[str, list[int]] = {}
    for key, flip in placed:
        ranks.setdefault(key, []).append(flip)
    order = {key: sorted(set(flips)) for key, flips in ranks.items()}
    return tuple((key, order[key].index(flip), _rises(form, key, known)) for (key, flip), form in zip(placed, forms, strict=True))


def _rises(form: Form, key: str, known: Mapping[str, Any]) -> bool:
    """Whether the form grows with the input."""
    if form.is_linear:
        return next(slope for slope, name in form.slopes if name == key) > 0
    values = {**{name: known[name] for name in form.keys if name != key}, key: 0}
    return form.at({**values, key: 1}) > form.at(values)


def _rest(form: Form, inputs: set[str], known: Mapping[str, Any]) -> int:
    return form.constant + sum(slope * int(known[key]) for slope, key in form.slopes if key not in inputs)


def _flip(form: Form, key: str, known: Mapping[str, Any], others: Mapping[str, int]) -> int:
    """The least integer of the input from which on the answer differs."""
    rest, slope = form.constant, 0
    for coefficient, name in form.slopes:
        if name == key:
            slope = coefficient
        else:
            rest += coefficient * (others[name] if name in others else known[name])
    return -(rest // slope) if slope > 0 else rest // -slope + 1
