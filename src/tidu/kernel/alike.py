"""Which of many rows one component cannot tell apart: the marks of all of them at once (see ``marks``).

Rows here miss the same inputs in the same parts and differ in their known amounts alone. A mark holds the order of a
few places along one input; the places are worked out column by column, in whole numbers of any size, and only then put
in order. Rows that ``mark_of`` would treat in another way are told apart from every other row, never taken for alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isqrt

import numpy as np
import numpy.typing as npt

from tidu.kernel.algebra import Form, Monomial
from tidu.kernel.columns import Bits, Integers, dense_ranks
from tidu.kernel.completions import Component
from tidu.kernel.enumeration import too_entwined
from tidu.kernel.places import APART, FEWEST
from tidu.kernel.rules import Compare
from tidu.kernel.trial_values import FAR

Wholes = npt.NDArray[np.object_]
"""Integers of any size, one for each row."""

Powers = dict[tuple[int, int], Wholes]
"""Coefficients of a form by the powers of two of its inputs."""

BEYOND = 2**60
"""Places further out than this are not put in order; in a column of places it stands for none."""

_root = np.frompyfunc(isqrt, 1, 1)


@dataclass(eq=False)
class Places:
    """Where comparisons change along one input, row by row, and the rows in which that cannot be told this way."""

    height: int
    columns: list[Integers] = field(default_factory=list)
    left_out: Bits = field(init=False)

    def __post_init__(self) -> None:
        self.left_out = np.zeros(self.height, bool)

    def add(self, place: Wholes, where: Bits | None = None) -> Integers:
        """One place in each row (in some of them); returns it as a column of machine integers."""
        large = (place >= BEYOND) | (place <= -BEYOND)
        if where is not None:
            large &= where
        self.left_out |= large.astype(bool)
        kept = ~large if where is None else where & ~large
        found = np.where(kept, place, BEYOND).astype(np.int64)
        self.columns.append(found)
        return found

    def together(self) -> Integers:
        """A row for each row, its places side by side."""
        return np.column_stack(self.columns)


@dataclass(eq=False)
class Alike:
    """Tells rows apart for one component; ``value`` gives a known input in every row."""

    component: Component
    value: Callable[[str], Integers]
    height: int
    products: dict[Monomial, Wholes] = field(default_factory=dict)

    def columns(self) -> list[Integers | Bits]:
        """Columns that are equal in two rows only where the component has the same outcomes in both.

        The amounts themselves, where no order of places says so.
        """
        parts = self.component.parts
        if too_entwined(self.component):
            return [column for part in parts if len(parts) > 1 for column in self.of(Component(part.inputs, (part,))).columns()]
        if self.component.is_free:
            return []
        leaves = [leaf for part in self.component.parts for leaf in part.leaves if isinstance(leaf, Compare)]
        divisors = [divisor for leaf in leaves for divisor in leaf.divisors]
        found = self.ordered(list({id(leaf.form): leaf.form for leaf in leaves}.values()), divisors)
        if found is not None:
            return found
        read = {key for form in (*self.component.forms, *divisors) for key in form.keys}
        return [self.value(key) for key in sorted(read.difference(self.component.inputs))]

    def of(self, component: Component) -> Alike:
        """The same rows for another component."""
        return Alike(component, self.value, self.height, self.products)

    def ordered(self, forms: Sequence[Form], divisors: Sequence[Form]) -> list[Integers | Bits] | None:
        """Columns of ranks, the same steps as ``places`` takes; None where only the amounts will do."""
        missing = [[key for key in form.keys if key in self.component.domains] for form in forms]
        if len(self.component.facts) > 2:
            return None  # how many combinations there are to try depends on the amounts
        if all(len(keys) == 1 and form.power(keys[0]) == 1 for form, keys in zip(forms, missing, strict=True)):
            return self.ranked(forms, missing)
        shared = set(missing[0]).intersection(*missing[1:])
        if all(form.is_linear for form in forms) or len({key for keys in missing for key in keys}) != 2 or not shared:
            return None
        if len(shared) == 2:
            return self.difference(forms, divisors, *sorted(shared))
        (key,) = shared
        if sum(len(keys) == 2 for keys in missing) == 1 and all(form.power(key) == 1 for form in forms):
            return self.slanted(forms, missing, key)
        return self.bent(forms, missing, key)

    def ranked(self, forms: Sequence[Form], missing: Sequence[Sequence[str]]) -> list[Integers | Bits] | None:
        """Every comparison along one input alone in the first power: the order of breakpoints along each."""
        found: list[Integers | Bits] = []
        by_key: dict[str, Places] = {}
        for form, (key,) in zip(forms, missing, strict=True):
            places = by_key.setdefault(key, Places(self.height))
            rises, _ = self.flip(places, self.powers(form, key), 0)
            found.append(rises)
        for places in by_key.values():
            found += [*dense_ranks(places.together()).T, self.single(places.left_out)]
        return found

    def slanted(self, forms: Sequence[Form], missing: Sequence[Sequence[str]], key: str) -> list[Integers | Bits] | None:
        """One sum of both inputs, everything else along the shared one: the order of all breakpoints, where they lie apart."""
        places = Places(self.height)
        found: list[Integers | Bits] = []
        for form, keys in zip(forms, missing, strict=True):
            other = next((name for name in keys if name != key), None)
            if other is None:
                found.append(self.flip(places, self.powers(form, key), 0)[0])
                continue
            slopes = {name: abs(slope) for slope, name in form.slopes} if form.is_linear else {}
            if not slopes or slopes[other] * FEWEST > slopes[key] * APART:
                return None
            powers = self.powers(form, key, other)
            found += [self.flip(places, powers, edge)[0] for edge in form.bounds[other] if edge is not None]
        low, _ = forms[0].bounds[key]
        if low is not None:
            places.columns.append(np.full(self.height, low))
        return [*found, *self.apart(places)]

    def bent(self, forms: Sequence[Form], missing: Sequence[Sequence[str]], key: str) -> list[Integers | Bits] | None:
        """Several comparisons of both inputs: the order of breakpoints and bends along the shared one."""
        columns: list[Integers] = []
        counts: list[Integers | Bits] = []
        left_out = np.zeros(self.height, bool)
        for form, keys in zip(forms, missing, strict=True):
            places = Places(self.height)
            other = next((name for name in keys if name != key), None)
            if other is not None:
                for place, where in self.bends(form, key, other):
                    places.add(place, where)
            elif form.is_linear:
                counts.append(self.flip(places, self.powers(form, key), 0)[0])
            else:
                return None
            listed = _once(places.together()) if places.columns else np.zeros((self.height, 0), np.int64)
            counts.append((listed < BEYOND).sum(axis=1))
            columns.extend(listed.T)
            left_out |= places.left_out
        return [*counts, *dense_ranks(np.column_stack(columns)).T, self.single(left_out)] if columns else [*counts, self.single(left_out)]

    def difference(self, forms: Sequence[Form], divisors: Sequence[Form], one: str, other: str) -> list[Integers | Bits] | None:
        """Two inputs without end that count by their difference alone: where each comparison changes along the difference."""
        if {form.bounds[name][1] for form in forms for name in (one, other)} != {None}:
            return None
        if len({form.bounds[name] for form in forms for name in (one, other)}) != 1 or forms[0].bounds[one][0] is None:
            return None
        places = Places(self.height)
        found: list[Integers | Bits] = []
        for divisor in divisors:
            if {one, other}.intersection(divisor.keys):
                square, slope, rest = self.along_difference(places, divisor, one, other)
                places.left_out |= ((square != 0) | (abs(rest) > abs(slope))).astype(bool)
        for form in forms:
            square, slope, rest = self.along_difference(places, form, one, other)
            found += [(column > 0).astype(bool) for column in (square, slope)] + [(rest >= 0).astype(bool)]
            inside = slope * slope - 4 * square * rest
            curved = (square != 0).astype(bool)
            bends = curved & (inside >= 0).astype(bool)
            straight = ~curved & (slope != 0).astype(bool)
            root = _root(np.where(bends, inside, 0))
            twice = np.where(curved, 2 * square, 1)
            level = -rest // np.where(straight, slope, 1)
            places.add(np.where(bends, (-slope - root) // twice, level), bends | straight)
            places.add((-slope + root) // twice, bends)
            # changes further out are marked in another way
            places.left_out |= (abs(slope) > 2 * abs(square) * (FAR - APART)).astype(bool) & ~bends & ~straight
        listed = places.together()
        nearest = np.where(listed == BEYOND, BEYOND, np.abs(listed)).min(axis=1)
        places.left_out |= (nearest > FAR - APART) & (nearest < BEYOND)
        places.columns.append(np.zeros(self.height, np.int64))
        return [*found, *self.apart(places)]

    def along_difference(self, places: Places, form: Form, one: str, other: str) -> tuple[Wholes, Wholes, Wholes]:
        """``a, b, c`` where the form is ``a·d² + b·d + c`` of the difference ``d``; rows in which it is not are left out."""
        found = self.powers(form, one, other)
        nothing = np.zeros(self.height, object)
        square, slope, rest = found.get((2, 0), nothing), found.get((1, 0), nothing), found.get((0, 0), nothing)
        wanted = {(2, 0): square, (1, 1): -2 * square, (0, 2): square, (1, 0): slope, (0, 1): -slope, (0, 0): rest}
        for powers in {*found, *wanted}:
            places.left_out |= (found.get(powers, nothing) != wanted.get(powers, nothing)).astype(bool)
        return square, slope, rest

    def flip(self, places: Places, powers: Powers, edge: int) -> tuple[Bits, Integers]:
        """Whether ``slope·x + rest`` rises and from which integer on its answer differs, another missing input standing at ``edge``."""
        nothing = np.zeros(self.height, object)
        rest, slope = nothing, nothing
        for (own, others), coefficient in powers.items():
            if own:
                slope = slope + coefficient * edge**others
            else:
                rest = rest + coefficient * edge**others
        rises, falls = (slope > 0).astype(bool), (slope < 0).astype(bool)
        places.left_out |= ~rises & ~falls
        divided = rest // np.where(rises, slope, np.where(falls, -slope, 1))
        return rises, places.add(np.where(rises, -divided, divided + 1))

    def bends(self, form: Form, key: str, name: str) -> Iterator[tuple[Wholes, Bits]]:
        """Places along ``key`` where a comparison of two missing inputs bends, as ``bends_along`` finds them."""
        found = self.powers(form, key, name)
        nothing = np.zeros(self.height, object)
        a, b, c = ([found.get((own, other), nothing) for own in range(3)] for other in (2, 1, 0))
        yield from _near(*b)
        if any(monomial.count(name) == 2 for _, monomial in form.terms):
            third = b[1] * b[2] - 2 * (a[1] * c[2] + a[2] * c[1])
            fourth = b[2] * b[2] - 4 * a[2] * c[2]
            low = ((third == 0) & (fourth == 0)).astype(bool)
            offset = b[0] * b[0] - 4 * a[0] * c[0]
            slope = 2 * b[0] * b[1] - 4 * (a[0] * c[1] + a[1] * c[0])
            square = b[1] * b[1] + 2 * b[0] * b[2] - 4 * (a[0] * c[2] + a[1] * c[1] + a[2] * c[0])
            yield from ((place, where & low) for place, where in _near(offset, slope, square))
        for edge in form.bounds[name]:
            if edge is not None:
                yield from _around(*(low + edge * (middle + edge * high) for high, middle, low in zip(a, b, c, strict=True)))

    def powers(self, form: Form, key: str, other: str | None = None) -> Powers:
        """The coefficients of a form over its missing inputs, everything else filled in."""
        found: Powers = {(0, 0): np.full(self.height, form.constant, object)}
        for coefficient, monomial in form.terms:
            place = (monomial.count(key), monomial.count(other) if other is not None else 0)
            term = coefficient * self.product(tuple(name for name in monomial if name not in {key, other}))
            found[place] = found[place] + term if place in found else term
        return found

    def product(self, names: Monomial) -> Wholes:
        """The product of known inputs, worked out once."""
        found = self.products.get(names)
        if found is None:
            found = np.full(self.height, 1, object) if not names else self.product(names[:-1]) * self.value(names[-1]).astype(object)
            self.products[names] = found
        return found

    def apart(self, places: Places) -> list[Integers | Bits]:
        """The order of places that lie well apart; rows in which two lie so close that single integers might matter stand alone."""
        listed = places.together()
        ordered = np.sort(listed, axis=1)
        close = (np.diff(ordered, axis=1) < APART) & (ordered[:, 1:] < BEYOND)
        return [*dense_ranks(listed).T, (listed < BEYOND).sum(axis=1), self.single(places.left_out | close.any(axis=1))]

    def single(self, rows: Bits) -> Integers:
        """A column that tells some rows apart from all others."""
        return np.where(rows, np.arange(self.height), -1)


def _near(offset: Wholes, slope: Wholes, square: Wholes) -> Iterator[tuple[Wholes, Bits]]:
    """The integers around the real roots of ``square·x² + slope·x + offset`` (``trial_values._roots_near``)."""
    curved, straight = (square != 0).astype(bool), ((square == 0) & (slope != 0)).astype(bool)
    if straight.any():
        whole = -offset // np.where(straight, slope, 1)
        yield whole, straight
        yield whole + 1, straight
    if curved.any():
        yield from ((top + shift, where) for top, where in _tops(offset, slope, square, curved) for shift in (0, 1))


def _around(offset: Wholes, slope: Wholes, square: Wholes) -> Iterator[tuple[Wholes, Bits]]:
    """The integers at which ``square·x² + slope·x + offset >= 0`` may change, with neighbours (``trial_values.roots_of``)."""
    curved, rises = (square != 0).astype(bool), (slope > 0).astype(bool)
    straight = ~curved & (slope != 0).astype(bool)
    if straight.any():
        divided = offset // np.where(straight, abs(slope), 1)
        yield np.where(rises, -divided, divided + 1), straight
    if curved.any():
        yield from ((top + shift, where) for top, where in _tops(offset, slope, square, curved) for shift in (-1, 0, 1))


def _tops(offset: Wholes, slope: Wholes, square: Wholes, curved: Bits) -> Iterator[tuple[Wholes, Bits]]:
    inside = slope * slope - 4 * square * offset
    real = curved & (inside >= 0).astype(bool)
    root = _root(np.where(real, inside, 0))
    twice = np.where(curved, 2 * square, 1)
    for top in (-slope - root - 1, -slope - root, -slope + root, -slope + root + 1):
        yield top // twice, real


def _once(listed: Integers) -> Integers:
    """Row by row the different places in order; what stands for none comes last."""
    ordered = np.sort(listed, axis=1)
    again = np.zeros(ordered.shape, bool)
    again[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    return np.sort(np.where(again, BEYOND, ordered), axis=1)
