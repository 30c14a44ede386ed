"""The columns of a frame as arrays of integers, and the answers of criteria over them by Kleene logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tidu.kernel.algebra import Form
from tidu.kernel.rules import All, AnyOf, AtLeast, Constant, Not, Rule, ScoreAtLeast, ScoreItem

Integers = npt.NDArray[np.int64]
Bits = npt.NDArray[np.bool_]
Answers = npt.NDArray[np.int8]
"""``UNMET``, ``OPEN`` or ``MET`` in each row."""
ABSENT = -(2**62)
UNMET, OPEN, MET = 0, 1, 2

FEW_ROWS = 32
"""Rows that are told apart faster one by one than by columns."""

FLAGS = 64
"""Columns of yes and no that one integer holds."""


@dataclass(eq=False)
class Columns:
    """The columns of a frame as integer arrays, each read once."""

    frame: pl.DataFrame
    leaf_column: Mapping[int, str]
    item_columns: Mapping[int, tuple[str, str]]
    codes: dict[str, Answers] = field(default_factory=dict)
    values: dict[str, Integers] = field(default_factory=dict)
    nulls: dict[str, Bits] = field(default_factory=dict)
    truths: dict[int, Answers] = field(default_factory=dict)
    faults: dict[Any, Bits] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # all leaves together, which are many
        names = list(dict.fromkeys(self.leaf_column.values()))
        coded = self.frame.select((pl.col(name).cast(pl.Int8) * 2).fill_null(OPEN) for name in names)
        self.codes.update((name, coded[name].to_numpy()) for name in names)

    def code(self, node: Rule) -> Answers:
        """A leaf's answer: unmet, open, met."""
        return self.codes[self.leaf_column[id(node)]]

    def null(self, key: str) -> Bits:
        """Whether an input is missing."""
        if key not in self.nulls:
            self.nulls[key] = self.frame[key].is_null().to_numpy()
        return self.nulls[key]

    def value(self, key: str) -> Integers:
        """An integer input, with a sentinel where it is missing."""
        if key not in self.values:
            self.values[key] = self.frame[key].cast(pl.Int64).fill_null(ABSENT).to_numpy()
        return self.values[key]

    def undefined(self, divisor: Form) -> Bits:
        """Whether a divisor is known to be zero or negative: its quantity is then one free input, whatever else is missing."""
        mark = (divisor.terms, divisor.constant)
        if mark not in self.faults:
            total = np.full(self.frame.height, divisor.constant)
            known = np.ones(self.frame.height, bool)
            for coefficient, monomial in divisor.terms:
                known &= ~np.logical_or.reduce([self.null(key) for key in monomial])
                total = total + coefficient * np.multiply.reduce([np.where(self.null(key), 0, self.value(key)) for key in monomial])
            self.faults[mark] = known & (total < 0)
        return self.faults[mark]

    def points(self, item: ScoreItem) -> tuple[Integers, Integers]:
        """Least and most points of an item."""
        low, high = self.item_columns[id(item)]
        return self.frame[low].to_numpy(), self.frame[high].to_numpy()

    def truth(self, node: Rule) -> Answers:
        """The answer of a node by Kleene logic."""
        found = self.truths.get(id(node))
        if found is None:
            found = self.truths[id(node)] = self._truth(node)
        return found

    def _truth(self, node: Rule) -> Answers:
        match node:
            case Constant(decided):
                return np.full(self.frame.height, MET if decided else UNMET, np.int8)
            case All(parts):
                return reduce(np.minimum, [self.truth(part) for part in parts])
            case AnyOf(parts):
                return reduce(np.maximum, [self.truth(part) for part in parts])
            case Not(part):
                return MET - self.truth(part)
            case AtLeast(count, parts):
                answers = [self.truth(part) for part in parts]
                sure = sum(answer == MET for answer in answers)
                possible = sum(answer != UNMET for answer in answers)
                return np.where(sure >= count, MET, np.where(possible >= count, OPEN, UNMET)).astype(np.int8)
            case ScoreAtLeast(_, items, threshold):
                lows, highs = zip(*(self.points(item) for item in items), strict=True)
                return np.where(sum(lows) >= threshold, MET, np.where(sum(highs) < threshold, UNMET, OPEN)).astype(np.int8)
        return self.code(node)


def first_rows_of(columns: Sequence[Integers | Bits], height: int) -> tuple[list[int], Integers]:
    """For each distinct row the index of its first appearance, and for each row the number of its class.

    Rows are told apart by a 64-bit mark first; marks that stand for different rows are noticed and the rows compared whole.
    """
    if not columns or not height:
        return ([0] if height else []), np.zeros(height, np.int64)
    if height <= FEW_ROWS:
        return _first_of_few(columns)
    words = _words(columns, height)
    marks = np.zeros(height, np.int64)
    with np.errstate(over="ignore"):
        for word, weight in zip(words, _weights(len(words)), strict=True):
            marks += word * weight
    _, firsts, classes = np.unique(marks, return_index=True, return_inverse=True)
    of_row = firsts[classes]
    if not all(np.array_equal(word[of_row], word) for word in words):
        _, firsts, classes = np.unique(np.column_stack(words), axis=0, return_index=True, return_inverse=True)
    return firsts.tolist(), classes.reshape(-1)


def _first_of_few(columns: Sequence[Integers | Bits]) -> tuple[list[int], Integers]:
    firsts: dict[tuple[Any, ...], int] = {}
    found = [firsts.setdefault(row, place) for place, row in enumerate(zip(*(column.tolist() for column in columns), strict=True))]
    number = {first: number for number, first in enumerate(firsts.values())}
    return list(number), np.array([number[first] for first in found])


@cache
def _weights(width: int) -> Integers:
    return np.random.default_rng(width).integers(1, 2**63 - 1, width, dtype=np.int64) | 1


def _words(columns: Sequence[Integers | Bits], height: int) -> list[Integers]:
    """The columns, yes and no packed by 64 into one integer."""
    flags = [column for column in columns if column.dtype == bool]
    words = [column.astype(np.int64, copy=False) for column in columns if column.dtype != bool]
    for start in range(0, len(flags), FLAGS):
        packed = np.zeros((8, height), np.uint8)
        bits = np.packbits(np.stack(flags[start : start + FLAGS]), axis=0)
        packed[: len(bits)] = bits
        words.append(np.ascontiguousarray(packed.T).view(np.int64).reshape(-1))
    return words


def dense_ranks(values: Integers) -> Integers:
    """Row by row, equal values get equal ranks, counted from 0."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    steps = np.zeros_like(values)
    steps[:, 1:] = np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1)
    ranks = np.empty_like(values)
    np.put_along_axis(ranks, order, steps, axis=1)
    return ranks
