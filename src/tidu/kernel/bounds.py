"""One rule as a list of situations under several score bounds at once: which inputs decide it.

States are sums of points by axis and the number of alternatives that hold, as digits of one number; sets of states are bit sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(eq=False)
class Reaches:
    """The points that a situation brings by axis, and whether an alternative may hold under it."""

    points: dict[Axis, tuple[int, int]]
    """The greatest number of points and what all of them are multiples of."""
    stands_in: bool

    @classmethod
    def of(cls, situation: Situation) -> Reaches:
        """What one situation reaches."""
        values: dict[Axis, list[int]] = {}
        for points, _, _ in situation[0]:
            for axis, value in points:
                values.setdefault(axis, []).append(value)
        return cls({axis: (max(listed), gcd(*listed)) for axis, listed in values.items()}, any(gain[2] for gain in situation[0]))


@dataclass(eq=False)
class Worked:
    """What rules over the same situations share, by the identity of a situation that outlives them."""

    reaches: dict[int, Reaches] = field(default_factory=dict)
    moves: dict[tuple[Any, ...], Moves] = field(default_factory=dict)

    def reach(self, situation: Situation) -> Reaches:
        """What a situation reaches."""
        found = self.reaches.get(id(situation))
        if found is None:
            found = self.reaches[id(situation)] = Reaches.of(situation)
        return found


@dataclass
class Bounds:
    """What several score bounds need, over the axes of some situations."""

    needs: Mapping[int, int]
    situations: Sequence[Situation]
    worked: Worked = field(default_factory=Worked)

    def __post_init__(self) -> None:
        digits: dict[Axis, list[tuple[int, int]]] = {}
        substitutes = 0
        for situation in self.situations:
            reached = self.worked.reach(situation)
            for axis, ends in reached.points.items():
                digits.setdefault(axis, []).append(ends)
            substitutes += reached.stands_in
        self.place: dict[Axis, tuple[int, int]] = {}
        self.shape: list[tuple[Axis, int, int]] = []
        self.scores = 1
        for axis in sorted(digits, key=sorted):
            unit = gcd(*(divisor for _, divisor in digits[axis]))
            radix = 1 + sum(most // unit for most, _ in digits[axis])
            self.place[axis] = (unit, self.scores)
            self.shape.append((axis, radix, unit))
            self.scores *= radix
        self.size = self.scores * (substitutes + 1)

    def outlook(self) -> Outlook:
        """The outlook of the rule."""
        met = self.met()
        failed = ((1 << self.size) - 1) ^ met
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
        found = (1 << self.scores) - 1
        for number, need in self.needs.items():
            found &= points_reaching(tuple((radix, unit, None, number in axis) for axis, radix, unit in self.shape), need)
        return found | (((1 << self.size) - 1) ^ ((1 << self.scores) - 1))

    def moves(self, situation: Situation) -> Moves:
        """A situation over the digits of this rule; where its own digits stand as in another rule, so do its moves."""
        reached = self.worked.reach(situation)
        same = (id(situation), *(self.place[axis] for axis in reached.points), self.scores if reached.stands_in else 0)
        found = self.worked.moves.get(same)
        if found is None:
            found = self.worked.moves[same] = self._moves(situation)
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
        total = self.scores if stands_in else 0
        for axis, value in points:
            unit, stride = self.place[axis]
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
