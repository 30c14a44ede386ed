"""Which undecided firms are alike: rows with the same signature have the same outlook under a rule.

A signature holds only what is still in play: leaves and score items whose every enclosing criterion is open, the
inputs they miss, the points an open score bound still needs and, where a missing input is shared by several parts,
the order of its breakpoints. One firm of each signature is then solved exactly, and the answer holds for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tidu.kernel.algebra import Form
from tidu.kernel.completions import steerable
from tidu.kernel.rules import All, AnyOf, AtLeast, Compare, Constant, Flag, Judged, Not, OneOf, Rule, ScoreAtLeast, ScoreItem, keys_of, walk

Integers = npt.NDArray[np.int64]
Bits = npt.NDArray[np.bool_]
ABSENT = -(2**62)
UNMET, OPEN, MET = 0, 1, 2


@dataclass(eq=False)
class Part:
    """A leaf of the criteria or a score item, with the rows in which it is in play."""

    leaves: tuple[Compare | Flag | OneOf | Judged, ...]
    keys: tuple[str, ...]
    live: Bits


@dataclass(eq=False)
class Columns:
    """The columns of a frame as integer arrays, each read once."""

    frame: pl.DataFrame
    leaf_column: Mapping[int, str]
    item_columns: Mapping[int, tuple[str, str]]
    codes: dict[str, Integers] = field(default_factory=dict)
    values: dict[str, Integers] = field(default_factory=dict)
    nulls: dict[str, Bits] = field(default_factory=dict)
    truths: dict[int, Integers] = field(default_factory=dict)
    faults: dict[Any, Bits] = field(default_factory=dict)

    def code(self, node: Rule) -> Integers:
        """A leaf's answer: unmet, open, met."""
        name = self.leaf_column[id(node)]
        if name not in self.codes:
            self.codes[name] = (self.frame[name].cast(pl.Int64) * 2).fill_null(OPEN).to_numpy()
        return self.codes[name]

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

    def truth(self, node: Rule) -> Integers:
        """The answer of a node by Kleene logic."""
        found = self.truths.get(id(node))
        if found is None:
            found = self.truths[id(node)] = self._truth(node)
        return found

    def _truth(self, node: Rule) -> Integers:
        match node:
            case Constant(decided):
                return np.full(self.frame.height, MET if decided else UNMET)
            case All(parts):
                return np.asarray(np.minimum.reduce([self.truth(part) for part in parts]))
            case AnyOf(parts):
                return np.asarray(np.maximum.reduce([self.truth(part) for part in parts]))
            case Not(part):
                return 2 - self.truth(part)
            case AtLeast(count, parts):
                answers = [self.truth(part) for part in parts]
                sure = sum(answer == MET for answer in answers)
                possible = sum(answer != UNMET for answer in answers)
                return np.where(sure >= count, MET, np.where(possible >= count, OPEN, UNMET))
            case ScoreAtLeast(_, items, threshold):
                lows, highs = zip(*(self.points(item) for item in items), strict=True)
                return np.where(sum(lows) >= threshold, MET, np.where(sum(highs) < threshold, UNMET, OPEN))
        return self.code(node)


class Signer:
    """Computes the signatures of one rule over the rows of ``columns``."""

    def __init__(self, rule: Rule, columns: Columns) -> None:
        self.at = columns
        self.height = columns.frame.height
        self.parts: list[Part] = []
        self.columns: list[Integers] = []
        self.items: dict[int, tuple[ScoreItem, Bits]] = {}
        self.visit(rule, np.ones(self.height, bool))
        for item, visible in self.items.values():
            self.item(item, visible)

    def visit(self, node: Rule, visible: Bits) -> None:
        """Walk down as long as a node is open; decided nodes below an open one change nothing."""
        live = visible & (self.at.truth(node) == OPEN)
        match node:
            case All(parts) | AnyOf(parts) | AtLeast(_, parts):
                if isinstance(node, AtLeast):
                    self.columns.append(np.where(live, sum((self.at.truth(part) == MET).astype(np.int64) for part in parts), -1))
                for part in parts:
                    self.visit(part, live)
            case Not(part):
                self.visit(part, live)
            case ScoreAtLeast(_, items, threshold):
                self.columns.append(np.where(live, threshold - sum(self.at.points(item)[0] for item in items), ABSENT))
                for item in items:
                    _, known = self.items.get(id(item), (item, np.zeros(self.height, bool)))
                    self.items[id(item)] = (item, known | live)
            case Compare() | Flag() | OneOf() | Judged():
                self.columns.append(live.astype(np.int64))
                self.add(Part((node,), tuple(sorted(keys_of(node))), live))

    def item(self, item: ScoreItem, visible: Bits) -> None:
        """A score item in play: which of its leaves are open."""
        low, high = self.at.points(item)
        live = visible & (low != high)
        leaves = tuple(node for node in walk(item.points) if isinstance(node, Compare | Flag | OneOf | Judged))
        self.columns.append(np.where(live, low, -1))
        self.columns.append(np.where(live, high, -1))
        self.columns.extend(np.where(live, self.at.code(leaf), -1) for leaf in leaves)
        self.add(Part(leaves, tuple(sorted(keys_of(item.points))), live))

    def add(self, part: Part) -> None:
        """Note a part, and which of its inputs are missing."""
        self.parts.append(part)
        if len(part.keys) > 1:
            self.columns.extend((part.live & self.at.null(key)).astype(np.int64) for key in part.keys)
        divisors = {(form.terms, form.constant): form for leaf in part.leaves if isinstance(leaf, Compare) for form in leaf.divisors}
        for form in divisors.values():
            undefined = part.live & self.at.undefined(form)
            if undefined.any():
                self.columns.append(undefined.astype(np.int64))
        products = {leaf.form.keys: leaf.form for leaf in part.leaves if isinstance(leaf, Compare) and not leaf.form.is_linear}
        for form in products.values():
            self.columns.extend(self._factors(part.live, form))

    def _factors(self, live: Bits, form: Form) -> list[Integers]:
        """Where several inputs of a product are missing, the known ones tell which of them still matter.

        Of a growth rate their signs do, but for the years in the middle alone, which stand between known values.
        """
        several = live & (sum(self.at.null(key).astype(np.int64) for key in form.keys) > 1)
        if not several.any():
            return []
        simple = [key for key in form.keys if all(monomial.count(key) < 2 for _, monomial in form.terms)]
        signed = np.logical_or.reduce([self.at.null(key) for key in simple]) if _scales(form) and simple else np.zeros(self.height, bool)
        values = {key: np.where(signed, np.sign(self.at.value(key)), self.at.value(key)) for key in form.keys}
        return [np.where(several & ~self.at.null(key), value, ABSENT) for key, value in values.items()]

    def matrix(self) -> Integers:
        """The signatures, one row each."""
        columns = [*self.columns, *self._shared_columns()]
        return np.column_stack(columns) if columns else np.zeros((self.height, 0), np.int64)

    def _shared_columns(self) -> list[Integers]:
        """For every missing input that several parts in play share: the order of its breakpoints, or raw values."""
        columns: list[Integers] = []
        shared: dict[str, list[int]] = {}
        for index, part in enumerate(self.parts):
            for key in part.keys:
                shared.setdefault(key, []).append(index)
        live = [self._tied(part, shared) for part in self.parts]
        for key, indexes in shared.items():
            if len(indexes) < 2 or not any(
                isinstance(leaf, Compare) and key in leaf.form.bounds for i in indexes for leaf in self.parts[i].leaves
            ):
                continue
            busy = self.at.null(key) & (sum(live[index].astype(np.int64) for index in indexes) > 1)
            if busy.any():
                columns.extend(Breakpoints(self, key, indexes, live, shared, busy).columns())
        return columns

    def _tied(self, part: Part, shared: Mapping[str, list[int]]) -> Bits:
        """Rows in which a part is in play and no missing input of its own can steer it anywhere (``completions.split_off``)."""
        own = [key for key in part.keys if len(shared[key]) == 1]
        live = part.live
        single = [key for key in own if steerable(part.leaves, frozenset((key,)))]
        for key in single:
            live = live & ~self.at.null(key)
        for pair in combinations([key for key in own if key not in single], 2):
            if steerable(part.leaves, frozenset(pair)):
                live = live & ~(self.at.null(pair[0]) & self.at.null(pair[1]))
        return live


@dataclass(eq=False)
class Breakpoints:
    """The breakpoints of one shared missing input in the rows where it ties parts together."""

    signer: Signer
    key: str
    indexes: Sequence[int]
    live: Sequence[Bits]
    shared: Mapping[str, Sequence[int]]
    busy: Bits

    def columns(self) -> list[Integers]:
        """Ranks of the breakpoints; raw values too where another shared input is missing in the same comparison."""
        at = self.signer.at
        flips: list[Integers] = []
        names: set[str] = set()
        tangled = np.zeros(self.signer.height, bool)
        for index in self.indexes:
            for leaf in self.signer.parts[index].leaves:
                if not isinstance(leaf, Compare) or self.key not in leaf.form.bounds:
                    continue
                open_rows = self.busy & self.live[index] & (at.code(leaf) == OPEN)
                if not open_rows.any():
                    continue
                names |= set(leaf.form.keys)
                hard = open_rows & self._hard(leaf)
                tangled |= hard
                plain = open_rows & ~hard
                if not leaf.form.is_linear:
                    flips.append(self._product_flip(leaf, plain))
                    continue
                edges = (0, 1) if (plain & self._several(leaf)).any() else (0,)
                flips.extend(np.where(plain, self._flip(leaf, edge), ABSENT) for edge in edges)
        columns = list(_dense_ranks(np.column_stack(flips)).T) if flips else []
        columns = [np.where(tangled, -1, column) for column in columns]
        if tangled.any():
            columns.extend(np.where(tangled, at.value(name), ABSENT) for name in sorted(names))
        return columns

    def _others(self, leaf: Compare) -> list[str]:
        return [name for name in leaf.form.keys if name != self.key]

    def _several(self, leaf: Compare) -> Bits:
        several = np.zeros(self.signer.height, bool)
        for name in self._others(leaf):
            several |= self.signer.at.null(name)
        return several

    def _hard(self, leaf: Compare) -> Bits:
        """Rows in which a breakpoint is not a number of its own: products, or another missing input that is shared too."""
        if not leaf.form.is_linear:
            squared = any(monomial.count(self.key) > 1 for _, monomial in leaf.form.terms)
            return np.ones(self.signer.height, bool) if squared else self._several(leaf)
        hard = np.zeros(self.signer.height, bool)
        for name in self._others(leaf):
            if len(self.shared[name]) > 1:
                hard |= self.signer.at.null(name)
        return hard

    def _product_flip(self, leaf: Compare, rows: Bits) -> Integers:
        """The breakpoint in a form ``slope(others)·x + rest(others)``, whose products outgrow 64 bits."""
        found = np.full(self.signer.height, ABSENT)
        names = self._others(leaf)
        columns = [self.signer.at.value(name) for name in names]
        for row in np.flatnonzero(rows):
            values = {name: int(column[row]) for name, column in zip(names, columns, strict=True)}
            rest = leaf.form.at(values | {self.key: 0})
            slope = leaf.form.at(values | {self.key: 1}) - rest
            if slope:
                flip = -(rest // slope) if slope > 0 else rest // -slope + 1
                found[row] = max(min(flip, -ABSENT), ABSENT + 1)
        return found

    def _flip(self, leaf: Compare, edge: int) -> Integers:
        """The least integer of the input from which on the answer differs; other missing inputs stand at an edge of their domain."""
        at = self.signer.at
        rest = np.full(self.signer.height, leaf.form.constant, np.int64)
        slope = 0
        for coefficient, name in leaf.form.slopes:
            if name == self.key:
                slope = coefficient
                continue
            bound = leaf.form.bounds[name][edge]
            rest = rest + coefficient * np.where(at.null(name), bound if bound is not None else 0, at.value(name))
        return -(rest // slope) if slope > 0 else rest // -slope + 1


def _scales(form: Form) -> bool:
    """Whether a product answers the same when all its inputs grow alike, as growth rates do, so that only signs matter."""
    even = len({len(monomial) for _, monomial in form.terms}) == 1 and form.constant in {0, -1}
    return even and all(high is None and low in {None, 0, 1} for low, high in form.bounds.values())


def _dense_ranks(values: Integers) -> Integers:
    """Row by row, equal values get equal ranks, counted from 0."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    steps = np.zeros_like(values)
    steps[:, 1:] = np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1)
    ranks = np.empty_like(values)
    np.put_along_axis(ranks, order, steps, axis=1)
    return ranks


def first_rows(matrix: Integers) -> tuple[list[int], Integers]:
    """For each distinct row the index of its first appearance, and for each row the number of its class.

    Rows are told apart by a 64-bit mark first; marks that stand for different rows are noticed and the rows compared whole.
    """
    height, width = matrix.shape
    if not width:
        return ([0] if height else []), np.zeros(height, np.int64)
    weights = np.random.default_rng(width).integers(1, 2**63 - 1, width, dtype=np.int64) | 1
    with np.errstate(over="ignore"):
        marks = (matrix * weights).sum(axis=1)
    _, firsts, classes = np.unique(marks, return_index=True, return_inverse=True)
    if not np.array_equal(matrix[firsts[classes]], matrix):
        _, firsts, classes = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
    return firsts.tolist(), classes.reshape(-1)
