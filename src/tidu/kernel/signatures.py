"""Which undecided firms are alike: rows with the same signature have the same outlook under a standard.

A signature holds, for the open parts of a standard, which leaves are open and which inputs are missing, the points
that are already sure, and — where a missing input is shared by several parts — the order of its breakpoints. One
firm per signature is then solved exactly, and the answer holds for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tidu.kernel.completions import steers
from tidu.kernel.rules import Compare, Flag, Judged, OneOf, Rule, ScoreAtLeast, ScoreItem, keys_of, parts_of, walk

Integers = npt.NDArray[np.int64]
ABSENT = -(2**62)


@dataclass(frozen=True, eq=False)
class PartLeaves:
    """A part of a standard (a leaf of the criteria, or a score item) with its leaves."""

    item: ScoreItem | None
    leaves: tuple[Rule, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Inputs of the part."""
        node = self.item.points if self.item is not None else self.leaves[0]
        return keys_of(node)


def parts_of_rule(rule: Rule) -> list[PartLeaves]:
    """Leaves of the criteria, and the score items that criteria ask for."""
    found: list[PartLeaves] = []
    items: dict[int, ScoreItem] = {}

    def visit(node: Rule) -> None:
        if isinstance(node, ScoreAtLeast):
            items.update((id(item), item) for item in node.items)
        elif isinstance(node, Compare | Flag | OneOf | Judged):
            found.append(PartLeaves(None, (node,)))
        else:
            for part in parts_of(node):
                visit(part)  # type: ignore[arg-type]

    visit(rule)
    for item in items.values():
        leaves = tuple(node for node in walk(item.points) if isinstance(node, Compare | Flag | OneOf | Judged))
        found.append(PartLeaves(item, leaves))
    return found


class Signer:
    """Computes signatures of the rows of a frame that holds the inputs, the leaf answers and the item points."""

    def __init__(self, rule: Rule, frame: pl.DataFrame, leaf_column: Mapping[int, str], item_columns: Mapping[int, tuple[str, str]]) -> None:
        self.parts = parts_of_rule(rule)
        self.frame = frame
        self.leaf_column, self.item_columns = leaf_column, item_columns
        self.height = frame.height
        self.codes: dict[str, Integers] = {}
        self.values: dict[str, Integers] = {}
        self.nulls: dict[str, npt.NDArray[np.bool_]] = {}

    def code(self, node: Rule) -> Integers:
        """0 unmet, 1 met, 2 open."""
        name = self.leaf_column[id(node)]
        if name not in self.codes:
            self.codes[name] = self.frame[name].cast(pl.Int64).fill_null(2).to_numpy()
        return self.codes[name]

    def null(self, key: str) -> npt.NDArray[np.bool_]:
        """Whether an input is missing."""
        if key not in self.nulls:
            self.nulls[key] = self.frame[key].is_null().to_numpy()
        return self.nulls[key]

    def value(self, key: str) -> Integers:
        """An integer input, with a sentinel where it is missing."""
        if key not in self.values:
            self.values[key] = self.frame[key].cast(pl.Int64).fill_null(ABSENT).to_numpy()
        return self.values[key]

    def open_part(self, part: PartLeaves) -> npt.NDArray[np.bool_]:
        """Rows in which a part is still open."""
        if part.item is None:
            return self.code(part.leaves[0]) == 2
        low, high = (self.frame[name].to_numpy() for name in self.item_columns[id(part.item)])
        return low != high

    def matrix(self) -> Integers:
        """The signatures, one row each."""
        columns: list[Integers] = []
        opened = [self.open_part(part) for part in self.parts]
        base: dict[str, Integers] = {}
        for part, is_open in zip(self.parts, opened, strict=True):
            if part.item is None:
                columns.append(self.code(part.leaves[0]))
            else:
                low = self.frame[self.item_columns[id(part.item)][0]].to_numpy()
                base[part.item.group] = base.get(part.item.group, np.zeros(self.height, np.int64)) + low
                columns.append(is_open.astype(np.int64))
                columns.extend(np.where(is_open, self.code(leaf), -1) for leaf in part.leaves)
            columns.extend(np.where(is_open, self.null(key), False).astype(np.int64) for key in sorted(part.keys))
        columns.extend(base.values())
        columns.extend(self._shared_columns(opened))
        return np.column_stack(columns) if columns else np.zeros((self.height, 0), np.int64)

    def _shared_columns(self, opened: Sequence[npt.NDArray[np.bool_]]) -> list[Integers]:
        """For every input that several parts share: the order of its breakpoints, or the raw values behind them."""
        columns: list[Integers] = []
        shared: dict[str, list[int]] = {}
        for index, part in enumerate(self.parts):
            for key in part.keys:
                shared.setdefault(key, []).append(index)
        opened = self._tied(opened, shared)
        for key, indexes in shared.items():
            forms = [
                (index, leaf) for index in indexes for leaf in self.parts[index].leaves if isinstance(leaf, Compare) and key in leaf.form.bounds
            ]
            if len(indexes) < 2 or len({id(leaf) for _, leaf in forms}) < 2:
                continue
            busy = self.null(key) & (sum(opened[index].astype(np.int64) for index in indexes) > 1)
            if busy.any():
                columns.extend(self._breakpoints(key, forms, opened, busy))
        return columns

    def _tied(self, opened: Sequence[npt.NDArray[np.bool_]], shared: Mapping[str, list[int]]) -> list[npt.NDArray[np.bool_]]:
        """Open parts without those that a missing input of their own can steer anywhere (see ``completions.split_off``)."""
        tied: list[npt.NDArray[np.bool_]] = []
        for index, part in enumerate(self.parts):
            live = opened[index]
            own = [key for key in part.keys if len(shared[key]) == 1]
            comparisons = [leaf for leaf in part.leaves if isinstance(leaf, Compare)]
            if own and len(comparisons) == len(part.leaves) and all(leaf.form.is_linear for leaf in comparisons):
                for key in own:
                    if all(steers(leaf.form, key) for leaf in comparisons):
                        live = live & ~self.null(key)
            tied.append(live)
        return tied

    def _breakpoints(
        self, key: str, forms: list[tuple[int, Compare]], opened: Sequence[npt.NDArray[np.bool_]], busy: npt.NDArray[np.bool_]
    ) -> list[Integers]:
        flips: list[Integers] = []
        tangled = np.zeros(self.height, bool)
        for index, leaf in forms:
            live = busy & opened[index] & (self.code(leaf) == 2)
            others = [name for name in leaf.form.keys if name != key]
            several = np.zeros(self.height, bool)
            for name in others:
                several |= self.null(name)
            if not leaf.form.is_linear:
                several |= live
            tangled |= live & several
            flips.append(np.where(live & ~several, self._flip(leaf, key), ABSENT) if leaf.form.is_linear else np.full(self.height, ABSENT))
        ranked = _dense_ranks(np.column_stack(flips))
        columns = [np.where(busy & ~tangled, ranked[:, index], -1) for index in range(ranked.shape[1])]
        if tangled.any():
            names = sorted({name for _, leaf in forms for name in leaf.form.keys})
            columns.extend(np.where(tangled, self.value(name), ABSENT) for name in names)
        return columns

    def _flip(self, leaf: Compare, key: str) -> Integers:
        """The least integer of the input from which on the answer differs from the one below."""
        rest = np.full(self.height, leaf.form.constant, np.int64)
        slope = 0
        for coefficient, (name,) in leaf.form.terms:
            if name == key:
                slope = coefficient
            else:
                rest = rest + coefficient * np.where(self.null(name), 0, self.value(name))
        return -((rest) // slope) if slope > 0 else rest // -slope + 1


def _dense_ranks(values: Integers) -> Integers:
    """Row by row, equal values get equal ranks, counted from 0."""
    order = np.argsort(values, axis=1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=1)
    steps = np.zeros_like(values)
    steps[:, 1:] = np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1)
    ranks = np.empty_like(values)
    np.put_along_axis(ranks, order, steps, axis=1)
    return ranks


def first_rows(matrix: Integers) -> tuple[list[int], list[int]]:
    """For each distinct row the index of its first appearance, and for each row the number of its class."""
    seen: dict[bytes, int] = {}
    firsts: list[int] = []
    classes: list[int] = []
    for index, row in enumerate(np.ascontiguousarray(matrix)):
        mark = row.tobytes()
        number = seen.setdefault(mark, len(firsts))
        if number == len(firsts):
            firsts.append(index)
        classes.append(number)
    return firsts, classes


