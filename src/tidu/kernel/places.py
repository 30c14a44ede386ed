"""Where the comparisons of a component change, as an order of places: the part of a mark that amounts decide (see ``marks``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from math import isqrt, lcm
from typing import Any

from tidu.kernel.algebra import Form
from tidu.kernel.changes import changes, order_along
from tidu.kernel.completions import Component
from tidu.kernel.rules import Compare
from tidu.kernel.trial_values import FAR, bends_along, candidates

Places = tuple[Any, ...]

Line = tuple[int, int, int]
"""``a, b, c`` of ``a·x + b·y + c``."""

APART = 10_000
"""Breakpoints so far apart (100 yuan in fen) have room between them for every answer."""

FEWEST = 8
"""Steps of another input that must fit between two breakpoints."""


def places_of(component: Component, forms: list[Form], known: Mapping[str, Any]) -> Places | None:
    """Where the comparisons change: in order along one input each, or as they stand."""
    inputs = set(component.inputs)
    if not all(form.is_linear for form in forms):
        divisors = [form for part in component.parts for leaf in part.leaves if isinstance(leaf, Compare) for form in leaf.divisors]
        return _product_places(component, forms, divisors, known)
    open_keys = [[key for _, key in form.slopes if key in inputs] for form in forms]
    if all(len(keys) == 1 for keys in open_keys):
        flips = [_flip(form, keys[0], known, {}) for form, keys in zip(forms, open_keys, strict=True)]
        return _ranked([(keys[0], flip) for keys, flip in zip(open_keys, flips, strict=True)], forms, known)
    ordered = _tied_places(component, forms, open_keys, known) or _planar_places(component, forms, open_keys, known)
    if ordered is not None:
        return ordered
    return tuple((tuple((slope, key) for slope, key in form.slopes if key in inputs), _rest(form, inputs, known)) for form in forms)


def _tied_places(component: Component, forms: list[Form], open_keys: list[list[str]], known: Mapping[str, Any]) -> Places | None:
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


def _planar_places(component: Component, forms: list[Form], open_keys: list[list[str]], known: Mapping[str, Any]) -> Places | None:
    """Sums of two inputs and sums of one: the order of all crossings along each of the two.

    The sums have the same slopes in every firm, so that nothing but this order tells which answers lie side by side.
    """
    pairs = {tuple(sorted(keys)) for keys in open_keys if len(keys) > 1}
    if len(pairs) != 1 or len(pair := pairs.pop()) != 2:
        return None
    lows = [low for low in (_least_without_end(component, key) for key in pair) if low is not None]
    if len(lows) != 2:
        return None
    lines = [(1, 0, -lows[0]), (0, 1, -lows[1])]
    beside: list[tuple[str, int]] = []
    others: list[Form] = []
    for form, keys in zip(forms, open_keys, strict=True):
        if set(keys) <= set(pair):
            slopes = {key: slope for slope, key in form.slopes}
            lines.append((slopes.get(pair[0], 0), slopes.get(pair[1], 0), _rest(form, set(keys), known)))
        else:
            beside.append((keys[0], _flip(form, keys[0], known, {})))
            others.append(form)
    scale = lcm(*(turn for one, other in combinations(lines, 2) if (turn := _turn(one, other))))
    crossings = [_crossing(one, other, scale) for one, other in combinations(lines, 2)]
    inside = [crossing is not None and crossing[0] >= lows[0] * scale and crossing[1] >= lows[1] * scale for crossing in crossings]
    met = [crossing for crossing, within in zip(crossings, inside, strict=True) if crossing is not None and within]
    ranks = tuple(_orders(place, APART * scale) for place in zip(*met, strict=True))
    asked = tuple(map(tuple, open_keys))
    return ("planar", pair, asked, tuple(line[:2] for line in lines), tuple(inside), ranks, _ranked(beside, others, known))


def _least_without_end(component: Component, key: str) -> int | None:
    """The least value of an input that is an amount without end; None for any other."""
    domain = component.domains[key]
    return domain[0] if isinstance(domain, tuple) and domain[1] is None else None


def _turn(one: Line, other: Line) -> int:
    """How far one line turns against another; zero for lines side by side."""
    return one[0] * other[1] - other[0] * one[1]


def _crossing(one: Line, other: Line, scale: int) -> tuple[int, int] | None:
    """Where ``a·x + b·y + c`` is zero for both, times ``scale``, a multiple of every turn; None for lines side by side."""
    turn = _turn(one, other)
    if not turn:
        return None
    (a, b, c), (other_a, other_b, other_c) = one, other
    return (b * other_c - other_b * c) * (scale // turn), (other_a * c - a * other_c) * (scale // turn)


def _orders(placed: Sequence[int], apart: int) -> Places:
    """The order of places, and those themselves that lie so close to another that single integers might matter."""
    order = sorted(set(placed))
    rank = {place: number for number, place in enumerate(order)}
    close = {place for one, other in pairwise(order) if other - one < apart for place in (one, other)}
    return tuple([rank[place] for place in placed]), tuple(sorted(close))


def _product_places(component: Component, forms: list[Form], divisors: list[Form], known: Mapping[str, Any]) -> Places | None:
    """Growth rates along one missing input are ordered as sums are; along two, where their bends lie along the shared one."""
    missing = [[key for key in form.keys if key in component.domains] for form in forms]
    if any(len(keys) > 1 for keys in missing):
        return _bent_places(component, forms, divisors, missing, known)
    if any(form.power(key) > 1 for form, (key,) in zip(forms, missing, strict=True)):
        return _curved_places(component, forms, divisors, missing, known)
    placed: list[tuple[str, int]] = []
    for form, (key,) in zip(forms, missing, strict=True):
        values = {**{name: known[name] for name in form.keys if name != key}, key: 0}
        rest = form.at(values)
        slope = form.at({**values, key: 1}) - rest
        if not slope:
            return None
        placed.append((key, -(rest // slope) if slope > 0 else rest // -slope + 1))
    return _ranked(placed, forms, known)


def _curved_places(
    component: Component, forms: list[Form], divisors: list[Form], missing: list[list[str]], known: Mapping[str, Any]
) -> Places | None:
    """One missing input in all, squared somewhere: the order of every change along it, inside a domain in which no divisor changes."""
    keys = {key for (key,) in missing}
    if len(keys) > 1:
        return None
    (key,) = keys
    domain = component.domains[key]
    if not isinstance(domain, tuple) or domain[0] is None or any(form.power(key) > 2 for form in forms):
        return None
    for divisor in divisors:
        if key in divisor.keys:
            begins, places = changes(divisor, key, known, domain)
            if places or not begins:
                return None
    return ("curved", key, order_along(forms, key, known, domain))


def _bent_places(
    component: Component, forms: list[Form], divisors: list[Form], missing: list[list[str]], known: Mapping[str, Any]
) -> Places | None:
    """Two missing inputs, one of them in every comparison: the order of breakpoints and bends along it."""
    shared = set(missing[0]).intersection(*missing[1:])
    if len({key for keys in missing for key in keys}) != 2:
        return None
    if len(shared) == 2:
        one, two = sorted(shared)
        return _difference_places(component, forms, divisors, one, two, known)
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


def _slanted_places(forms: list[Form], missing: list[list[str]], key: str, known: Mapping[str, Any]) -> Places | None:
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


def _difference_places(
    component: Component, forms: list[Form], divisors: list[Form], one: str, other: str, known: Mapping[str, Any]
) -> Places | None:
    """Two inputs without end that count by their difference alone: where each comparison changes along the difference.

    A divisor may change at no difference only.
    """
    read = [divisor for divisor in divisors if {one, other}.intersection(divisor.keys)]
    for divisor in read:
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
    near = True
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
        near = near and abs(slope) <= 2 * abs(square) * (FAR - APART)
        placed += places
    ranks = _apart(placed)
    if ranks is None:
        return None
    if min(map(abs, placed[1:]), default=0) <= FAR - APART and (near or len(placed) > 1):
        stands = tuple((divisor.terms, divisor.constant) for divisor in read) if len(placed) == 1 else ranks
        return ("difference", one, other, tuple(signs), stands)
    return _far_places(component, read, (one, other), placed[1:], known, (tuple(signs), ranks))


def _far_places(
    component: Component, divisors: list[Form], pair: tuple[str, str], placed: list[int], known: Mapping[str, Any], found: Places
) -> Places | None:
    """Every change lies so far out, where the divisor is positive, that candidates of the subtracted input may not reach back past it.

    They start from each candidate of the input subtracted from and go ``FAR`` beyond: past no difference only from the nearer ones.
    """
    rising = {name for divisor in divisors for slope, name in divisor.slopes if name in pair and slope > 0}
    if len(rising) != 1 or not all(divisor.is_linear for divisor in divisors):
        return None
    (plus,) = rising
    (minus,) = set(pair) - rising
    toward = 1 if plus == pair[0] else -1
    if any(toward * place < FAR + APART for place in placed):
        return None
    reaches = any(0 < value <= FAR for value in candidates(component, plus, [minus], known))
    return ("far", plus, minus, *found, reaches)


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


def _ranked(placed: list[tuple[str, int]], forms: list[Form], known: Mapping[str, Any]) -> Places:
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
