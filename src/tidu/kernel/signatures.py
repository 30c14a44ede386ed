"""Which undecided firms are alike: rows with the same signature have the same outlook under a rule.

A signature holds only what is still in play: leaves and score items whose every enclosing criterion is open, the
inputs they miss, the points an open score bound still needs and, where a missing input is shared by several parts,
the order of its breakpoints. One firm of each signature is then solved exactly, and the answer holds for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from operator import mul
from typing import Any

import numpy as np

from tidu.kernel.algebra import Form
from tidu.kernel.changes import order_along
from tidu.kernel.columns import ABSENT, MET, OPEN, Bits, Columns, Integers, dense_ranks, first_rows_of
from tidu.kernel.completions import steerable
from tidu.kernel.rules import (
    All,
    AnyOf,
    AtLeast,
    Compare,
    Flag,
    Judged,
    Leaf,
    Not,
    OneOf,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    keys_of,
    walk,
)

EVERY = slice(None)

MOST_RANKED = 15
"""Most breakpoints whose order is written into one integer, four bits each."""


@dataclass(eq=False)
class Part:
    """A leaf of the criteria or a score item, the rows in which it is in play, and what tells them apart as far as it goes.

    ``columns`` tell what is open of it and which inputs it misses, ``amounts`` what else its known inputs matter for.
    """

    node: Leaf | ScoreItem
    leaves: tuple[Leaf, ...]
    keys: tuple[str, ...]
    live: Bits
    columns: list[Integers | Bits]
    amounts: list[Integers] = field(default_factory=list)


@dataclass(eq=False)
class Branch:
    """A node of the criteria: where it is open, what it stands over, and the part that a leaf is.

    ``number`` is what an open ``at least`` has met already, or what an open score bound still needs; absent elsewhere.
    """

    node: Rule
    live: Bits
    below: tuple[Branch, ...] = ()
    part: int = -1
    number: Integers | None = None


class Signer:
    """Computes the signatures of one rule over the rows of ``columns``."""

    def __init__(self, rule: Rule, columns: Columns) -> None:
        self.at = columns
        self.height = columns.frame.height
        self.parts: list[Part] = []
        self.branches: list[Branch] = []
        self.items: dict[int, tuple[ScoreItem, Bits]] = {}
        self.root = self.visit(rule, np.ones(self.height, bool))
        self.item_parts: dict[int, int] = {}
        for item, visible in self.items.values():
            self.item_parts[id(item)] = self.item(item, visible)
        self.shared_columns: dict[str, list[Integers]] = {key: columns for key, columns in self._shared_columns() if columns}

    def visit(self, node: Rule, visible: Bits) -> Branch:
        """Walk down as long as a node is open; decided nodes below an open one change nothing."""
        branch = Branch(node, visible & (self.at.truth(node) == OPEN))
        match node:
            case All(parts) | AnyOf(parts):
                branch.below = tuple(self.visit(part, branch.live) for part in parts)
            case AtLeast(_, parts):
                branch.number = np.where(branch.live, sum((self.at.truth(part) == MET).astype(np.int64) for part in parts), -1)
                branch.below = tuple(self.visit(part, branch.live) for part in parts)
            case Not(part):
                branch.below = (self.visit(part, branch.live),)
            case ScoreAtLeast(_, items, threshold):
                branch.number = np.where(branch.live, threshold - sum(self.at.points(item)[0] for item in items), ABSENT)
                for item in items:
                    _, known = self.items.get(id(item), (item, np.zeros(self.height, bool)))
                    self.items[id(item)] = (item, known | branch.live)
            case Compare() | Flag() | OneOf() | Judged():
                branch.part = self.add(Part(node, (node,), tuple(sorted(keys_of(node))), branch.live, [branch.live]))
        self.branches.append(branch)
        return branch

    def item(self, item: ScoreItem, visible: Bits) -> int:
        """A score item in play: which of its leaves are open."""
        low, high = self.at.points(item)
        live = visible & (low != high)
        leaves = tuple(node for node in walk(item.points) if isinstance(node, Compare | Flag | OneOf | Judged))
        columns: list[Integers | Bits] = [np.where(live, end, -1) for end in (low, high)]
        columns.extend(side for leaf in leaves for side in self._sides(live, leaf))
        return self.add(Part(item, leaves, tuple(sorted(keys_of(item.points))), live, columns))

    def _sides(self, live: Bits, leaf: Leaf) -> tuple[Bits, Bits]:
        code = self.at.code(leaf)
        return live & (code == OPEN), live & (code == MET)

    def add(self, part: Part) -> int:
        """Note a part, and which of its inputs are missing."""
        self.parts.append(part)
        if len(part.keys) > 1:
            part.columns.extend(part.live & self.at.null(key) for key in part.keys)
        divisors = {(form.terms, form.constant): form for leaf in part.leaves if isinstance(leaf, Compare) for form in leaf.divisors}
        for form in divisors.values():
            undefined = part.live & self.at.undefined(form)
            if undefined.any():
                part.columns.append(undefined)
        products = {leaf.form.keys: leaf.form for leaf in part.leaves if isinstance(leaf, Compare) and not leaf.form.is_linear}
        for form in products.values():
            part.amounts.extend(self._factors(part.live, form))
        part.amounts.extend(self._orders(part))
        part.amounts.extend(self._product_orders(part))
        return len(self.parts) - 1

    def _orders(self, part: Part) -> Iterator[Integers]:
        """Where an input is all that several sums of a part miss: the order of their breakpoints, which small counts bring together."""
        sums = [leaf for leaf in part.leaves if isinstance(leaf, Compare) and leaf.form.is_linear]
        for key in part.keys:
            reading = [leaf for leaf in sums if key in leaf.form.bounds]
            others = {name for leaf in reading for name in leaf.form.keys if name != key}
            if not 1 < len(reading) <= MOST_RANKED:
                continue
            alone = part.live & self.at.null(key)
            for name in others:
                alone &= ~self.at.null(name)
            rows = np.flatnonzero(alone)
            if len(rows):
                flips = [np.where(self.at.code(leaf)[rows] == OPEN, self.flip(leaf, key, rows), ABSENT) for leaf in reading]
                ranks = dense_ranks(np.column_stack(flips))
                column = np.full(self.height, -1)
                column[rows] = (ranks << (4 * np.arange(len(reading)))).sum(axis=1)
                yield column

    def _product_orders(self, part: Part) -> Iterator[Integers]:
        """The same where a product is among them: the order of everything that changes along the input, divisors too."""
        compared = [leaf for leaf in part.leaves if isinstance(leaf, Compare)]
        if all(leaf.form.is_linear for leaf in compared):
            return
        numbers: dict[Any, int] = {}
        names = [name for name in part.keys if any(name in leaf.form.bounds for leaf in compared)]
        missing = sum(self.at.null(name).astype(np.int64) for name in names)
        for key in names:
            reading = [leaf for leaf in compared if key in leaf.form.bounds]
            rows = np.flatnonzero(part.live & self.at.null(key) & (missing == 1))
            if len(rows) and all(form.power(key) == 1 for form in _changing(reading, key)):
                yield from self._straight_orders(reading, key, rows)
            elif len(rows):
                yield self._curved_orders(reading, key, rows, names, numbers)

    def _straight_orders(self, reading: Sequence[Compare], key: str, rows: Integers) -> Iterator[Integers]:
        """The order of changes along an input that stands in the first power everywhere, and how each comparison begins."""
        asked = [self.at.code(leaf)[rows] == OPEN for leaf in reading]
        # a divisor is asked for where any of the comparisons is
        asked += [np.logical_or.reduce(asked)] * (len(_changing(reading, key)) - len(reading))
        places: list[Integers] = []
        begins: list[Bits] = []
        beyond = np.zeros(len(rows), bool)
        for form, where in zip(_changing(reading, key), asked, strict=True):
            rest, slope = self.along(form, key, rows)
            low, high = form.bounds[key]
            place = _turning(rest, slope)
            first = place - 1 if low is None else low
            inside = where & (slope != 0) & (low is None or place > low) & (high is None or place <= high)
            beyond |= inside & (abs(place) >= -ABSENT)
            places.append(np.where(inside & ~beyond, place, ABSENT).astype(np.int64))
            begins.append(where & (slope * first + rest >= 0))
        ranks, starts = dense_ranks(np.column_stack(places)), np.column_stack(begins).astype(np.int64)
        # places that outgrow 64 bits have no order here: such a row stands alone
        for column in (*_words(ranks), *_words(starts), np.where(beyond, np.arange(len(rows)), -1)):
            found = np.full(self.height, -1)
            found[rows] = column
            yield found

    def along(self, form: Form, key: str, rows: Integers) -> tuple[Any, Any]:
        """``rest`` and ``slope`` of a form along an input in the first power, in integers of any size: everything else is known."""
        rest: Any = np.full(len(rows), form.constant, object)
        slope: Any = np.zeros(len(rows), object)
        for coefficient, monomial in form.terms:
            term = reduce(mul, [self.at.value(name)[rows].astype(object) for name in monomial if name != key], coefficient)
            if key in monomial:
                slope = slope + term
            else:
                rest = rest + term
        return rest, slope

    def _curved_orders(
        self, reading: Sequence[Compare], key: str, rows: Integers, names: Sequence[str], numbers: dict[Any, int]
    ) -> Integers:
        """The same where an input is squared somewhere, row by row."""
        column = np.full(self.height, -1)
        values = [dict(zip(names, row, strict=True)) for row in np.stack([self.at.value(name)[rows] for name in names]).T.tolist()]
        answers = np.stack([self.at.code(leaf)[rows] == OPEN for leaf in reading]).T.tolist()
        forms: dict[tuple[bool, ...], list[Form]] = {}
        for row, known, opened in zip(rows.tolist(), values, map(tuple, answers), strict=True):
            if opened not in forms:
                forms[opened] = _changing([leaf for leaf, is_open in zip(reading, opened, strict=True) if is_open], key)
            column[row] = numbers.setdefault(order_along(forms[opened], key, known), len(numbers))
        return column

    def flip(self, leaf: Compare, key: str, rows: Integers | slice, edge: int = 0) -> Integers:
        """The least integer of an input from which on the answer differs; other missing inputs stand at an edge of their domain."""
        rest: Any = leaf.form.constant
        slope = 0
        for coefficient, name in leaf.form.slopes:
            if name == key:
                slope = coefficient
                continue
            bound = leaf.form.bounds[name][edge]
            value = self.at.value(name)[rows]
            rest = rest + coefficient * np.where(value == ABSENT, bound if bound is not None else 0, value)
        found: Integers = -(rest // slope) if slope > 0 else rest // -slope + 1
        return np.broadcast_to(found, self.at.value(key)[rows].shape)

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

    def classes(self) -> tuple[list[int], Integers]:
        """For each signature the first row that has it, and for each row the number of its signature."""
        columns: list[Integers | Bits] = [branch.number for branch in self.branches if branch.number is not None]
        columns.extend(column for part in self.parts for column in (*part.columns, *part.amounts))
        columns.extend(column for listed in self.shared_columns.values() for column in listed)
        return first_rows_of(columns, self.height)

    def _shared_columns(self) -> Iterator[tuple[str, list[Integers]]]:
        """For every missing input that several parts in play share: the order of its breakpoints, or raw values."""
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
                yield key, Breakpoints(self, key, indexes, live, shared, busy).columns()

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

    def __post_init__(self) -> None:
        self.rows = np.flatnonzero(self.busy)

    def columns(self) -> list[Integers]:
        """Ranks of the breakpoints; raw values too where another shared input is missing in the same comparison."""
        at = self.signer.at
        flips: list[Integers] = []
        names: set[str] = set()
        tangled = np.zeros(len(self.rows), bool)
        for index in self.indexes:
            live = self.live[index][self.rows]
            for leaf in self.signer.parts[index].leaves:
                if not isinstance(leaf, Compare) or self.key not in leaf.form.bounds:
                    continue
                open_rows = live & (at.code(leaf)[self.rows] == OPEN)
                if not open_rows.any():
                    continue
                names |= set(leaf.form.keys)
                hard = open_rows & self._hard(leaf)
                tangled |= hard
                flips.extend(self._flips(leaf, open_rows & ~hard))
        columns = [np.where(tangled, -1, word) for word in _words(dense_ranks(np.column_stack(flips)))] if flips else []
        if tangled.any():
            columns.extend(np.where(tangled, at.value(name)[self.rows], ABSENT) for name in sorted(names))
        return [self._spread(column) for column in columns]

    def _spread(self, column: Integers) -> Integers:
        """A column of the busy rows over all rows."""
        found = np.full(self.signer.height, ABSENT)
        found[self.rows] = column
        return found

    def _flips(self, leaf: Compare, plain: Bits) -> list[Integers]:
        """The breakpoints of one comparison in the busy rows; two where another missing input stands at one edge or the other."""
        if not plain.any():
            return []
        if not leaf.form.is_linear:
            return [self._product_flip(leaf, plain)]
        edges = (0, 1) if (plain & self._several(leaf)).any() else (0,)
        return [np.where(plain, self.signer.flip(leaf, self.key, self.rows, edge), ABSENT) for edge in edges]

    def _others(self, leaf: Compare) -> list[str]:
        return [name for name in leaf.form.keys if name != self.key]

    def _several(self, leaf: Compare) -> Bits:
        several = np.zeros(len(self.rows), bool)
        for name in self._others(leaf):
            several |= self.signer.at.null(name)[self.rows]
        return several

    def _hard(self, leaf: Compare) -> Bits:
        """Rows in which a breakpoint is not a number of its own: products, or another missing input that is shared too."""
        if not leaf.form.is_linear:
            squared = any(monomial.count(self.key) > 1 for _, monomial in leaf.form.terms)
            return np.ones(len(self.rows), bool) if squared else self._several(leaf)
        hard = np.zeros(len(self.rows), bool)
        for name in self._others(leaf):
            if len(self.shared[name]) > 1:
                hard |= self.signer.at.null(name)[self.rows]
        return hard

    def _product_flip(self, leaf: Compare, rows: Bits) -> Integers:
        """The breakpoint in a form ``slope(others)·x + rest(others)``, whose products outgrow 64 bits."""
        chosen = np.flatnonzero(rows)
        rest, slope = self.signer.along(leaf.form, self.key, self.rows[chosen])
        flips = np.minimum(np.maximum(_turning(rest, slope), ABSENT + 1), -ABSENT)
        found = np.full(len(self.rows), ABSENT)
        found[chosen] = np.where(slope == 0, ABSENT, flips)
        return found


def _turning(rest: Any, slope: Any) -> Any:
    """The least integer from which on ``slope·x + rest >= 0`` is answered differently; zero where it never is."""
    divided = rest // np.where(slope == 0, 1, abs(slope))
    return np.where(slope == 0, 0, np.where(slope > 0, -divided, divided + 1))


def _changing(leaves: Sequence[Compare], key: str) -> list[Form]:
    """What changes along an input: the comparisons and their divisors, each divisor once."""
    divisors = {(form.terms, form.constant): form for leaf in leaves for form in leaf.divisors if key in form.bounds}
    return [*(leaf.form for leaf in leaves), *divisors.values()]


def _scales(form: Form) -> bool:
    """Whether a product answers the same when all its inputs grow alike, as growth rates do, so that only signs matter."""
    even = len({len(monomial) for _, monomial in form.terms}) == 1 and form.constant in {0, -1}
    return even and all(high is None and low in {None, 0, 1} for low, high in form.bounds.values())


def _words(ranks: Integers) -> list[Integers]:
    """Ranks of many breakpoints, as many of them in one integer as it holds."""
    bits = ranks.shape[1].bit_length()
    held = 62 // bits
    shifts = bits * np.arange(held)
    return [(ranks[:, start : start + held] << shifts[: ranks.shape[1] - start]).sum(axis=1) for start in range(0, ranks.shape[1], held)]
