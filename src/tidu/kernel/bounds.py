"""One rule as a list of situations under several score bounds at once: which inputs decide it.

States are sums of points by axis and the number of alternatives that hold, as digits of one number; sets of states are bit sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any

from tidu.kernel.decisive import Outlook, points_reaching, reachable, without_each
from tidu.kernel.gains import Axis, Gain, Situation


@dataclass(frozen=True, eq=False)
class Moves:
    """A situation as moves of the state: while all conditions hold, and along each input; ``fails`` where one may not hold."""

    steps: tuple[int, ...]
    fails: bool
    lines: list[tuple[str, list[tuple[tuple[int, ...], bool]]]]


@dataclass(frozen=True)
class Reaches:
    """The points that a situation brings by axis, and whether an alternative may hold under it."""

    points: tuple[tuple[Axis, int, int], ...]
    """By axis the greatest number of points and what all of them are multiples of."""
    stands_in: bool

    @classmethod
    def of(cls, situation: Situation) -> Reaches:
        """What one situation reaches."""
        values: dict[Axis, list[int]] = {}
        for points, _, _ in situation[0]:
            for axis, value in points:
                values.setdefault(axis, []).append(value)
        listed = ((axis, max(found), gcd(*found)) for axis, found in values.items())
        return cls(tuple(sorted(listed, key=lambda one: sorted(one[0]))), any(gain[2] for gain in situation[0]))


@dataclass(eq=False)
class Layout:
    """The digits of a state: each axis with its unit and stride, then the number of alternatives that hold."""

    place: dict[Axis, tuple[int, int]]
    shape: tuple[tuple[Axis, int, int], ...]
    scores: int
    size: int
    met: dict[tuple[tuple[int, int], ...], int] = field(default_factory=dict)
    moves: dict[int, Moves] = field(default_factory=dict)
    """By the identity of a situation."""

    @classmethod
    def of(cls, reaches: Iterable[Reaches]) -> Layout:
        """The digits that some situations need together."""
        digits: dict[Axis, list[tuple[int, int]]] = {}
        substitutes = 0
        for reached in reaches:
            for axis, most, divisor in reached.points:
                digits.setdefault(axis, []).append((most, divisor))
            substitutes += reached.stands_in
        place: dict[Axis, tuple[int, int]] = {}
        shape: list[tuple[Axis, int, int]] = []
        scores = 1
        for axis in sorted(digits, key=sorted):
            unit = gcd(*(divisor for _, divisor in digits[axis]))
            radix = 1 + sum(most // unit for most, _ in digits[axis])
            place[axis] = (unit, scores)
            shape.append((axis, radix, unit))
            scores *= radix
        return cls(place, tuple(shape), scores, scores * (substitutes + 1))


@dataclass(eq=False)
class Worked:
    """What rules over the same situations share, by the identity of a situation that outlives them."""

    reaches: dict[int, tuple[int, Reaches]] = field(default_factory=dict)
    kinds: dict[Reaches, int] = field(default_factory=dict)
    layouts: dict[tuple[int, ...], Layout] = field(default_factory=dict)
    moves: dict[tuple[Any, ...], Moves] = field(default_factory=dict)

    def reach(self, situation: Situation) -> tuple[int, Reaches]:
        """What a situation reaches, and the number of all that reach the same."""
        found = self.reaches.get(id(situation))
        if found is None:
            reached = Reaches.of(situation)
            found = self.reaches[id(situation)] = (self.kinds.setdefault(reached, len(self.kinds)), reached)
        return found

    def layout(self, situations: Sequence[Situation]) -> Layout:
        """The digits that some situations need together."""
        reached = [self.reach(situation) for situation in situations]
        kinds = tuple([kind for kind, _ in reached])
        found = self.layouts.get(kinds)
        if found is None:
            found = self.layouts[kinds] = Layout.of(one for _, one in reached)
        return found


@dataclass
class Bounds:
    """What several score bounds need, over the axes of some situations."""

    needs: tuple[tuple[int, int], ...]
    situations: Sequence[Situation]
    worked: Worked = field(default_factory=Worked)

    def __post_init__(self) -> None:
        self.layout = self.worked.layout(self.situations)

    def outlook(self) -> Outlook:
        """The outlook of the rule."""
        met = self.met()
        failed = ((1 << self.layout.size) - 1) ^ met
        moves = [self.moves(situation) for situation in self.situations]
        reach = reachable(moves)
        can_meet, can_fail = bool(reach & met), bool(reach & failed) or any(move.fails for move in moves)
        decisive: set[str] = set()
        if can_meet and can_fail:
            for move, others in without_each(moves):
                for key, lines in move.lines:
                    if key not in decisive and any(_changes(line, met, others) for line in lines):
                        decisive.add(key)
        return Outlook(can_meet, can_fail, frozenset(decisive))

    def met(self) -> int:
        """States in which every bound is reached or an alternative holds."""
        layout = self.layout
        found = layout.met.get(self.needs)
        if found is None:
            found = (1 << layout.scores) - 1
            for number, need in self.needs:
                found &= points_reaching(tuple((radix, unit, None, number in axis) for axis, radix, unit in layout.shape), need)
            found |= ((1 << layout.size) - 1) ^ ((1 << layout.scores) - 1)
            layout.met[self.needs] = found
        return found

    def moves(self, situation: Situation) -> Moves:
        """A situation over the digits of this rule; where its own digits stand as in another rule, so do its moves."""
        found = self.layout.moves.get(id(situation))
        if found is None:
            _, reached = self.worked.reach(situation)
            places = [self.layout.place[axis] for axis, _, _ in reached.points]
            same = (id(situation), *places, self.layout.scores if reached.stands_in else 0)
            found = self.worked.moves.get(same)
            if found is None:
                found = self.worked.moves[same] = self._moves(situation)
            self.layout.moves[id(situation)] = found
        return found

    def _moves(self, situation: Situation) -> Moves:
        outcomes, lines = situation
        listed = [(key, [(self.steps(line), any(not holds for _, holds, _ in line)) for line in by_key]) for key, by_key in lines]
        return Moves(self.steps(outcomes), any(not holds for _, holds, _ in outcomes), listed)

    def steps(self, gains: Iterable[Gain]) -> tuple[int, ...]:
        """Where the gains under which all conditions hold move the state."""
        return tuple(sorted({self.step(gain) for gain in gains if gain[1]}))

    def step(self, gain: Gain) -> int:
        """Where one gain moves the state."""
        points, _, stands_in = gain
        total = self.layout.scores if stands_in else 0
        for axis, value in points:
            unit, stride = self.layout.place[axis]
            total += value // unit * stride
        return total


def _changes(line: tuple[tuple[int, ...], bool], met: int, others: int) -> bool:
    """Whether moving along a line changes the answer for some state of the others."""
    steps, fails = line
    some, every = 0, -1
    for step in steps:
        some |= met >> step
        every &= met >> step
    return bool(others & some & (-1 if fails else ~every))
