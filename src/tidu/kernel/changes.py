"""Where comparisons change along one missing input, for products that outgrow the integers of a column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isqrt
from typing import Any

from tidu.kernel.algebra import Bound, Form


def order_along(forms: Iterable[Form], key: str, known: Mapping[str, Any], domain: Bound | None = None) -> tuple[Any, ...]:
    """The order of all changes along an input when everything else is known, and how each comparison begins."""
    listed = [changes(form, key, known, domain) for form in forms]
    places = sorted({place for _, found in listed for place in found})
    rank = {place: number for number, place in enumerate(places)}
    return tuple((begins, *(rank[place] for place in found)) for begins, found in listed)


def changes(form: Form, key: str, known: Mapping[str, Any], domain: Bound | None = None) -> tuple[bool, tuple[int, ...]]:
    """Whether a form of at most the second power holds at the least value of its input, and the integers from which on the answer differs.

    ``domain`` bounds the input where it is narrower than the form's own bounds.
    """
    levels = [form.constant, 0, 0]
    for coefficient, monomial in form.terms:
        product, power = coefficient, 0
        for name in monomial:
            if name == key:
                power += 1
            else:
                product *= known[name]
        levels[power] += product
    rest, slope, square = levels

    def holds(value: int) -> bool:
        return (square * value + slope) * value + rest >= 0

    low, high = form.bounds[key] if domain is None else domain
    if not square:
        return _along_a_line(slope, rest, low, high)
    found = {place for place in _near(square, slope, rest) if holds(place) != holds(place - 1)}
    inside = sorted(place for place in found if (low is None or place > low) and (high is None or place <= high))
    first = low if low is not None else (min(found) - 1 if found else 0)
    return holds(first), tuple(inside)


def _along_a_line(slope: int, rest: int, low: int | None, high: int | None) -> tuple[bool, tuple[int, ...]]:
    """The same for ``slope·x + rest``, which changes once at most."""
    if not slope:
        return rest >= 0, ()
    place = -(rest // slope) if slope > 0 else rest // -slope + 1
    first = low if low is not None else place - 1
    inside = (low is None or place > low) and (high is None or place <= high)
    return slope * first + rest >= 0, (place,) if inside else ()


def _near(square: int, slope: int, rest: int) -> set[int]:
    """Integers among which every change of a parabola lies."""
    inside = slope * slope - 4 * square * rest
    if inside < 0:
        return set()
    root = isqrt(inside)
    tops = [value // (2 * square) for value in (-slope - root, -slope + root)]
    return {top + shift for top in tops for shift in (-1, 0, 1, 2)}
