"""Values of a missing input to try: one for every way it can matter, found where comparisons change.

For the input varied last the breakpoints are exact; for those before it, values between the points where breakpoints
of later inputs cross are added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, isqrt
from typing import Any

from tidu.kernel.algebra import Form, Monomial
from tidu.kernel.completions import FEW, Component, Range, is_short

Levels = tuple[int, int, int]
Slices = tuple[list[tuple[int, Monomial]], list[tuple[int, Monomial]], list[tuple[int, Monomial]]]

FAR = 10**9
"""A value beyond which nothing is known of an unbounded input: 10 million yuan in fen, or any large count."""


def candidates(component: Component, key: str, later: Sequence[str], known: Mapping[str, Any]) -> list[Any]:
    """Values of an input, one for every way it can matter, given ``known`` and with ``later`` still open."""
    domain = component.domains[key]
    if isinstance(domain, list):
        return domain
    low, high = domain
    if later and low is not None and high is not None and is_short(domain):
        return list(range(low, high + 1))
    return between(domain, _edges(component.forms, key, later, known), later)


def between(domain: Range, edges: Iterable[Fraction | int], later: Sequence[str] = ()) -> list[int]:
    """Values of an input around the edges inside its domain; the edges themselves with nothing later."""
    low, high = domain
    inside = sorted(edge for edge in edges if (low is None or edge >= low) and (high is None or edge <= high))
    first = low if low is not None else (floor(inside[0]) if inside else 0) - FAR
    last = high if high is not None else (ceil(inside[-1]) if inside else first) + FAR
    if not later:
        return sorted({first, last, *map(int, inside)})
    found: set[Fraction | int] = {first, last, *(edge for edge in inside if edge.denominator == 1)}
    for one, other in pairwise([first, *inside, *([] if high is None else [last])]):
        least, most = floor(one) + 1, ceil(other) - 1
        found.update(range(least, most + 1) if most - least < FEW else [(least + most) // 2])
    return sorted(map(int, found))


def _edges(forms: Iterable[Form], key: str, later: Sequence[str], known: Mapping[str, Any]) -> Iterable[Fraction | int]:
    """Where a comparison changes (exact with nothing later); else where breakpoints of a later input cross."""
    lines: dict[str, list[tuple[Fraction, Fraction, Fraction]]] = {}
    found: set[Fraction | int] = set()
    for form in forms:
        if key not in form.bounds:
            continue
        open_later = [name for name in later if name in form.bounds]
        if not open_later:
            roots = _roots(form, key, known)
            found.update(roots if not later else (root - Fraction(1, 2) for root in roots))
        elif not form.is_linear:
            if len(open_later) == 1:
                found |= bends_along(form, key, open_later[0], known)
        else:
            for name in open_later:
                fixed = {**known, **{other: _anchor(form, other) for other in open_later if other != name}}
                slope, offset = _line(form, key, name, fixed)
                own = next(value for value, (at,) in form.terms if at == name)
                lines.setdefault(name, []).append((Fraction(own), Fraction(slope), Fraction(offset)))
                found.update(Fraction(-(offset + own * edge), slope) for edge in form.bounds[name] if edge is not None)
    for name, listed in lines.items():
        found |= _crossings(listed, _flat_lines(forms, key, name, known))
    return found


def _anchor(form: Form, name: str) -> int:
    low, high = form.bounds[name]
    return low if low is not None else high if high is not None else 0


def _line(form: Form, key: str, name: str, known: Mapping[str, Any]) -> tuple[int, int]:
    slope, offset = 0, form.constant
    for coefficient, (at,) in form.terms:
        if at == key:
            slope = coefficient
        elif at != name:
            offset += coefficient * int(known[at])
    return slope, offset


def _flat_lines(forms: Iterable[Form], key: str, name: str, known: Mapping[str, Any]) -> list[tuple[Fraction, Fraction]]:
    """Comparisons of the later input alone: ``own·y + offset``."""
    found: list[tuple[Fraction, Fraction]] = []
    for form in forms:
        if not form.is_linear or name not in form.bounds or key in form.bounds:
            continue
        if all(at == name or known.get(at) is not None for _, (at,) in form.terms):
            _, offset = _line(form, key, name, known)
            own = next(value for value, (at,) in form.terms if at == name)
            found.append((Fraction(own), Fraction(offset)))
    return found


def _crossings(lines: list[tuple[Fraction, Fraction, Fraction]], flat: list[tuple[Fraction, Fraction]]) -> set[Fraction]:
    found: set[Fraction] = set()
    for index, (own, slope, offset) in enumerate(lines):
        for other, other_slope, other_offset in lines[index + 1 :]:
            if (tilt := slope / own - other_slope / other) != 0:
                found.add((other_offset / other - offset / own) / tilt)
        for other, other_offset in flat:
            found.add((other_offset / other - offset / own) / (slope / own))
    return found


def _roots(form: Form, key: str, known: Mapping[str, Any]) -> set[int]:
    """Integers at which ``form >= 0`` may change as the input grows, with their neighbours."""
    square = slope = 0
    offset = form.constant
    for coefficient, monomial in form.terms:
        power, scaled = 0, coefficient
        for name in monomial:
            if name == key:
                power += 1
            else:
                scaled *= int(known[name])
        if power == 2:
            square += scaled
        elif power == 1:
            slope += scaled
        else:
            offset += scaled
    return roots_of(square, slope, offset)


def roots_of(square: int, slope: int, offset: int) -> set[int]:
    """The same for ``square·x² + slope·x + offset``."""
    if square == 0:
        return {-(offset // slope) if slope > 0 else offset // -slope + 1} if slope else set()
    root = slope * slope - 4 * square * offset
    if root < 0:
        return set()
    near = isqrt(root)
    return {
        value + shift
        for top in (-slope - near - 1, -slope - near, -slope + near, -slope + near + 1)
        for value in [top // (2 * square)]
        for shift in (-1, 0, 1)
    }


def sliced_along(form: Form, key: str) -> Slices:
    """The terms of a form of at most the second power by their power of an input."""
    levels: Slices = ([(form.constant, ())], [], [])
    for coefficient, monomial in form.terms:
        levels[monomial.count(key)].append((coefficient, tuple(name for name in monomial if name != key)))
    return levels


def levels_at(slices: Slices, values: Mapping[str, Any]) -> Levels:
    """``c, b, a`` where the form is ``a·x² + b·x + c`` along the input it was sliced by."""
    c, b, a = slices
    return _summed(c, values), _summed(b, values) if b else 0, _summed(a, values) if a else 0


def _summed(level: Sequence[tuple[int, Monomial]], values: Mapping[str, Any]) -> int:
    total = 0
    for coefficient, monomial in level:
        product = coefficient
        for name in monomial:
            product *= values[name]
        total += product
    return total


def bends_along(form: Form, key: str, name: str, known: Mapping[str, Any]) -> set[int]:
    """For ``a·y² + b(x)·y + c(x)``: values of x where the sign of b, or of the discriminant, changes; y at its edges too."""
    powers = [[0, 0, 0], [0, 0, 0], [form.constant, 0, 0]]
    bent = False
    for coefficient, monomial in form.terms:
        scaled, own, other = coefficient, 0, 0
        for at in monomial:
            if at == key:
                own += 1
            elif at == name:
                other += 1
            else:
                scaled *= known[at]
        powers[2 - other][own] += scaled
        bent = bent or other == 2
    a, b, c = powers
    found = _roots_near(*b)
    if bent:
        found |= _discriminant_roots(a, b, c)
    for edge in form.bounds[name]:
        if edge is not None:
            rest, slope, square = (low + edge * (middle + edge * high) for high, middle, low in zip(a, b, c, strict=True))
            found |= roots_of(square, slope, rest)
    return found


def _discriminant_roots(a: Sequence[int], b: Sequence[int], c: Sequence[int]) -> set[int]:
    """Integers around the roots of ``b² - 4·a·c``, each of them a polynomial of degree two by its coefficients; none beyond degree two."""
    if b[1] * b[2] - 2 * (a[1] * c[2] + a[2] * c[1]) or b[2] * b[2] - 4 * a[2] * c[2]:
        return set()
    return _roots_near(
        b[0] * b[0] - 4 * a[0] * c[0],
        2 * b[0] * b[1] - 4 * (a[0] * c[1] + a[1] * c[0]),
        b[1] * b[1] + 2 * b[0] * b[2] - 4 * (a[0] * c[2] + a[1] * c[1] + a[2] * c[0]),
    )


def _roots_near(offset: int, slope: int, square: int) -> set[int]:
    """Integers around the real roots of ``square·x² + slope·x + offset``: the two that a change lies between."""
    if not square:
        return {whole := -offset // slope, whole + 1} if slope else set()
    root = slope * slope - 4 * square * offset
    if root < 0:
        return set()
    near = isqrt(root)
    tops = (-slope - near - 1, -slope - near, -slope + near, -slope + near + 1)
    return {whole + shift for top in tops for whole in [top // (2 * square)] for shift in (0, 1)}


def assignments(component: Component, inputs: Sequence[str], known: dict[str, Any], last: str) -> Iterator[dict[str, Any]]:
    """Every combination of candidates for ``inputs`` written into ``known`` in turn, with ``last`` still open."""
    if not inputs:
        yield known
        return
    key, rest = inputs[0], inputs[1:]
    for value in candidates(component, key, [*rest, last], known):
        known[key] = value
        yield from assignments(component, rest, known, last)
    del known[key]
