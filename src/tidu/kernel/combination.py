"""Many rules at once, each a list of situations under one score bound: which inputs decide them.

Points are kept as a row of yes and no, one place per sum up to the highest bound (beyond it all sums are alike).
A situation adds its points by shifts; an input decides where the others reach a sum that lies in the window between
the most and the least that the input brings about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tidu.kernel.columns import Bits, Integers, first_rows_of
from tidu.kernel.decisive import Outlook
from tidu.kernel.gains import Gain, Situation

Words = npt.NDArray[np.uint8]

FAILS = -1
"""Stands for the least points of outcomes of which one fails a condition."""


@dataclass
class Windows:
    """Situations as tables over ``width`` sums; number 0 is the situation that changes nothing.

    ``gains``: which points an outcome brings while all conditions hold. ``fails``: whether an outcome fails one.
    Window ``w`` of situation ``s`` (``first[s] <= w < first[s + 1]``): input ``key[w]`` moves between ``least[w]`` and ``most[w]``.
    """

    width: int
    gains: Bits
    fails: Bits
    first: Integers
    key: Integers
    least: Integers
    most: Integers
    names: list[str]

    @classmethod
    def of(cls, situations: Sequence[Situation], width: int) -> Windows:
        """The tables of some situations."""
        gains = np.zeros((len(situations) + 1, width), bool)
        fails = np.zeros(len(situations) + 1, bool)
        gains[0, 0] = True
        first, rows = [0, 0], []
        names: dict[str, int] = {}
        ends_of: dict[frozenset[Gain], tuple[int, int]] = {}
        for number, (outcomes, lines) in enumerate(situations, 1):
            reached = {_points(gain, width - 1) for gain in outcomes}
            fails[number] = FAILS in reached
            gains[number, [points for points in reached if points != FAILS]] = True
            for name, listed in lines:
                for line in listed:
                    if line not in ends_of:
                        ends_of[line] = _ends(line, width - 1)
                ends = {ends_of[line] for line in listed}
                rows += [(names.setdefault(name, len(names)), least, most) for least, most in _widest(ends)]
            first.append(len(rows))
        key, least, most = np.array(rows, np.int64).reshape(-1, 3).T
        return cls(width, gains, fails, np.array(first), key, least, most, list(names))


def _points(gain: Gain, last: int) -> int:
    points, holds, stands_in = gain
    if not holds:
        return FAILS
    return last if stands_in else min(last, sum(value for _, value in points))


def _ends(line: frozenset[Gain], last: int) -> tuple[int, int]:
    points = [_points(gain, last) for gain in line]
    return min(points), max(points)


def _widest(ends: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Windows that lie in no other and are not empty."""
    for least, most in ends:
        if least < most and not any(low <= least and most <= high and (low, high) != (least, most) for low, high in ends):
            yield least, most


@dataclass
class Combination:
    """Rules by row: ``listed`` are the numbers of their situations (0 fills up), ``need`` the points that pass.

    States are kept by sum, eight rules to a byte: a row of bits tells for which rules the sum is reached.
    """

    windows: Windows
    listed: Integers
    need: Integers

    def __post_init__(self) -> None:
        self.height, positions = self.listed.shape
        self.positions = range(positions)
        self.gains = [_packed(self.windows.gains[numbers].T) for numbers in self.listed.T]
        self.decisive = np.zeros((self.height, len(self.windows.names)), bool)

    def outlooks(self) -> list[Outlook]:
        """The outlook of every rule."""
        start = np.zeros((self.windows.width, self.height), bool)
        start[0] = True
        states = _packed(start)
        reach = self.sums(self.reached(states, self.positions))
        passing: Bits = np.greater_equal.outer(np.arange(self.windows.width), self.need)
        can_meet: Bits = np.any(reach & passing, axis=0)
        can_fail: Bits = np.any(reach & ~passing, axis=0) | np.any(self.windows.fails[self.listed], axis=1)
        self.each(self.positions, states)
        firsts, kinds = first_rows_of([can_meet, can_fail, *self.decisive.T], self.height)
        names = self.windows.names
        found = [
            Outlook(bool(can_meet[row]), bool(can_fail[row]), frozenset(names[key] for key in np.flatnonzero(self.decisive[row])))
            for row in firsts
        ]
        return [found[kind] for kind in kinds]

    def sums(self, states: Words) -> Bits:
        """Yes or no by sum and rule."""
        return np.unpackbits(states, axis=1, count=self.height).astype(bool)

    def reached(self, states: Words, positions: range) -> Words:
        """The sums reached from ``states`` by the situations at some positions while all conditions hold."""
        for position in positions:
            states = self.moved(states, self.gains[position])
        return states

    def moved(self, states: Words, gains: Words) -> Words:
        """Every sum with every gain added; what goes beyond the last sum stays there."""
        found: Words = states & gains[0]
        width = self.windows.width
        for points in np.flatnonzero(gains.any(axis=1)).tolist():
            if points:
                chosen = gains[points]
                found[points:] |= states[: width - points] & chosen
                found[-1] |= np.bitwise_or.reduce(states[width - points :]) & chosen
        return found

    def each(self, positions: range, states: Words) -> None:
        """Every position with the sums that all the others reach, by halving: far fewer moves than one by one."""
        if len(positions) == 1:
            self.decide(positions[0], self.sums(states))
        elif positions:
            middle = len(positions) // 2
            self.each(positions[:middle], self.reached(states, positions[middle:]))
            self.each(positions[middle:], self.reached(states, positions[:middle]))

    def decide(self, position: int, others: Bits) -> None:
        """Mark the inputs of the situations at one position that decide."""
        at = self.windows
        numbers = self.listed[:, position]
        counts = at.first[numbers + 1] - at.first[numbers]
        rows = np.repeat(np.arange(self.height), counts)
        window = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + at.first[numbers][rows]
        below = np.zeros((at.width + 1, self.height), np.int16)
        np.cumsum(others, axis=0, out=below[1:])
        need = self.need[rows]
        low = np.clip(need - at.most[window], 0, at.width)
        high = np.where(at.least[window] == FAILS, at.width, np.clip(need - at.least[window], 0, at.width))
        decides = (low < high) & (below[high, rows] > below[low, rows])
        self.decisive[rows[decides], at.key[window[decides]]] = True


def _packed(bits: Bits) -> Words:
    found: Words = np.packbits(bits, axis=1)
    return found
