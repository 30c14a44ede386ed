"""The outlooks of many firms under one rule, each piece of work done once.

Firms that are alike (see ``signatures``) are alike part by part: the same part in the same state is reduced once, the
same pattern of missing inputs is arranged once, the same cluster of parts is enumerated once. What differs from firm
to firm is which clusters come together and how many points are needed, and that is combined for all of them at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from tidu.kernel.arrangement import Arrangement, Arranger, Cluster, Lone, Piece, Pieces, Tree, UnusualShapeError, parts_in
from tidu.kernel.bounds import Bounds, Worked
from tidu.kernel.columns import Bits, Integers, first_rows_of
from tidu.kernel.combination import Combination, Windows
from tidu.kernel.decisive import Outlook, outlook
from tidu.kernel.gains import Situation, Situations
from tidu.kernel.residual import Open, Reduction
from tidu.kernel.rules import All, Not, Rule, ScoreItem
from tidu.kernel.signatures import Signer

NONE = -1

FEWEST_AT_ONCE = 8
"""States that differ in amounts only and are too few to be worth bringing together."""


@dataclass(eq=False)
class Firms:
    """The inputs of some rows of a frame, each row read once."""

    frame: pl.DataFrame
    read: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def fetch(self, rows: Iterable[int]) -> None:
        """Read rows together, which is much faster than one by one."""
        wanted = [row for row in dict.fromkeys(rows) if row not in self.read]
        if len(wanted) == 1:
            self.read[wanted[0]] = self.frame.row(wanted[0], named=True)
        elif wanted:
            self.read.update(zip(wanted, self.frame[wanted].iter_rows(named=True), strict=True))

    def __getitem__(self, row: int) -> Mapping[str, Any]:
        self.fetch((row,))
        return self.read[row]


@dataclass(eq=False)
class States:
    """The states of one part: which of them each row has, and what is open in each.

    ``amounts`` tells rows of one state apart by what their known inputs matter for.
    """

    of_row: Integers
    amounts: Integers | None
    pieces: list[Piece | None]
    ties: Integers
    """By state: states that miss the same inputs in the same places have the same number."""
    spread: int
    odd: Integers
    """By state: 1 where the part is in play and yet nothing of it is open."""

    def piece(self, place: int) -> Piece | None:
        """What is open of the part in one row."""
        return self.pieces[int(self.of_row[place])]


class Outlooks:
    """Solves one rule for rows of a frame; ``rows`` are one of each signature."""

    def __init__(self, rule: Rule, signer: Signer, frame: pl.DataFrame, rows: Sequence[int]) -> None:
        self.rule = rule
        self.signer = signer
        self.rows = np.asarray(rows, np.int64)
        self.firms = Firms(frame)
        self.states = self._states()
        self.numbers = {id(branch): number for number, branch in enumerate(signer.branches)}
        self.keys = {key: self._classes(columns)[1] for key, columns in signer.shared_columns.items()}
        self.lone = self._lone()
        self.solver = Situations()
        self.situations: dict[Situation, int] = {}

    def found(self) -> list[Outlook]:
        """The outlook of each row."""
        patterns, arrangements = self._patterns()
        found: list[Outlook | None] = [None] * len(self.rows)
        listed = self._situations(patterns, arrangements)
        lone: dict[int, list[int]] = {}
        for place, pattern in enumerate(patterns.tolist()):
            arrangement = arrangements[pattern]
            if arrangement is not None and len(arrangement.bounds) < 2:
                lone.setdefault(arrangement.bounds[0] if arrangement.bounds else NONE, []).append(place)
        for bound, places in lone.items():
            for place, solved in zip(places, self._under_one(bound, np.array(places), listed), strict=True):
                found[place] = solved
        self._under_several(found, patterns, arrangements, listed)
        odd = sum((states.odd[states.of_row] for states in self.states.values()), np.zeros(len(self.rows), np.int64))
        for place in np.flatnonzero(odd).tolist():
            found[place] = None
        unusual = [place for place, solved in enumerate(found) if solved is None]
        self.firms.fetch(self.rows[unusual].tolist())
        return [outlook(self.rule, self.firms[int(self.rows[place])]) if solved is None else solved for place, solved in enumerate(found)]

    def _classes(self, columns: Sequence[Integers | Bits]) -> tuple[list[int], Integers]:
        """The distinct values of some columns over the rows: where each appears first, and which each row has."""
        return first_rows_of([column[self.rows] for column in columns], len(self.rows))

    def _states(self) -> dict[int, States]:
        """The states of every part that is in play somewhere."""
        grouped: dict[int, tuple[list[int], Integers]] = {}
        for number, part in enumerate(self.signer.parts):
            if part.live[self.rows].any():
                firsts, of_row = self._classes(part.columns)
                grouped[number] = (self.rows[firsts].tolist(), of_row)
        self.firms.fetch(row for firsts, _ in grouped.values() for row in firsts)
        return {number: self._reduced(number, firsts, of_row) for number, (firsts, of_row) in grouped.items()}

    def _reduced(self, number: int, firsts: list[int], of_row: Integers) -> States:
        part = self.signer.parts[number]
        pieces = [self._piece(part.node, row) if part.live[row] else None for row in firsts]
        ties: dict[Any, int] = {}
        numbers = [ties.setdefault(_tie(piece), len(ties)) for piece in pieces]
        spread = max((sum(item.high - item.low for item in piece) for piece in pieces if isinstance(piece, tuple)), default=0)
        odd = [part.live[row] and not piece for row, piece in zip(firsts, pieces, strict=True)]
        amounts = self._classes(part.amounts)[1] if part.amounts else None
        return States(of_row, amounts, pieces, np.array(numbers), spread, np.array(odd, np.int64))

    def _piece(self, node: Any, row: int) -> Piece | None:
        reduction = Reduction(self.firms[row])
        if isinstance(node, ScoreItem):
            return reduction.item(node)[2]
        found = reduction.leaf(node)
        return found if isinstance(found, Open) else None

    def _lone(self) -> Lone:
        """Parts that share no input with another one in play: score items, and conditions of the whole rule."""
        readers = Counter(key for number in self.states for key in self.signer.parts[number].keys)
        alone = {number for number in self.states if all(readers[key] == 1 for key in self.signer.parts[number].keys)}
        branches: dict[int, Tree] = {}
        above = [self.signer.root]
        while above:
            branch = above.pop()
            leaf = branch.below[0] if isinstance(branch.node, Not) else branch
            if isinstance(branch.node, All):
                above.extend(branch.below)
            elif leaf.part in alone:
                branches[id(branch)] = ("leaf", leaf.part) if leaf is branch else ("not", ("leaf", leaf.part))
        items = frozenset(alone.intersection(self.signer.item_parts.values()))
        capped = {
            number
            for number in items
            for piece in self.states[number].pieces
            if isinstance(piece, tuple) and any(item.capped for item in piece)
        }
        return Lone(branches, items, frozenset(capped))

    def _patterns(self) -> tuple[Integers, list[Arrangement | None]]:
        """The pattern of each row and the arrangement of each pattern; None where it cannot be taken apart."""
        branches = self.signer.branches
        left_out = {*self.lone.items, *(number for tree in self.lone.branches.values() for number in parts_in(tree))}
        tied = {number: found for number, found in self.states.items() if number not in left_out}
        told = np.array([id(branch) not in self.lone.branches and branch.part not in left_out for branch in branches])
        live = np.stack([branch.live[self.rows] & wanted for branch, wanted in zip(branches, told.tolist(), strict=True)])
        met = {place: branch.number[self.rows] for place, branch in enumerate(branches) if branch.number is not None and branch.below}
        ties = [states.ties[states.of_row] for states in tied.values()]
        firsts, patterns = first_rows_of([*live, *met.values(), *ties], len(self.rows))
        alive = live[:, firsts].T.tolist()
        counts = [{place: int(number[first]) for place, number in met.items()} for first in firsts]
        states = {number: found.of_row[firsts].tolist() for number, found in tied.items()}
        spread = {number: found.spread for number, found in self.states.items()}
        arrangements: list[Arrangement | None] = []
        for place in range(len(firsts)):
            pieces = {number: piece for number, found in tied.items() if (piece := found.pieces[states[number][place]]) is not None}
            arrangements.append(self._arranged(pieces, alive[place], counts[place], spread))
        return patterns, arrangements

    def _arranged(self, pieces: Pieces, alive: list[bool], counts: Mapping[int, int], spread: Mapping[int, int]) -> Arrangement | None:
        arranger = Arranger(
            self.signer.item_parts,
            self.numbers,
            pieces,
            lambda branch: alive[self.numbers[id(branch)]],
            lambda branch: counts[self.numbers[id(branch)]],
            spread,
            self.lone,
        )
        try:
            return arranger.arranged(self.signer.root)
        except UnusualShapeError:
            return None

    def _situations(self, patterns: Integers, arrangements: list[Arrangement | None]) -> Integers:
        """The numbers of the situations of each row, the same clusters in the same states solved once; 0 fills up."""
        kinds: dict[Cluster, int] = {}
        inputs: list[frozenset[Any]] = []
        width = max((len(arrangement.clusters) for arrangement in arrangements if arrangement is not None), default=0)
        listed = np.full((len(arrangements), width), NONE)
        for pattern, arrangement in enumerate(arrangements):
            if arrangement is not None:
                for place, (cluster, keys) in enumerate(zip(arrangement.clusters, arrangement.inputs, strict=True)):
                    kind = kinds.setdefault(cluster, len(kinds))
                    if kind == len(inputs):
                        inputs.append(keys)
                    else:
                        inputs[kind] |= keys
                    listed[pattern, place] = kind
        whole = listed[patterns]
        lists: list[list[int]] = []
        of_place = np.full(whole.size, NONE)
        order = np.argsort(whole, axis=None, kind="stable")
        ends = np.searchsorted(whole.ravel()[order], np.arange(len(kinds) + 1))
        for cluster, kind in kinds.items():
            places = order[ends[kind] : ends[kind + 1]]
            solved, states = self._solved(cluster, inputs[kind], places // width)
            of_place[places] = states + len(lists)
            lists.extend(solved)
        most = max(map(len, lists), default=0)
        # the last line of the table is empty: it is what NONE picks
        table = np.array([found + [0] * (most - len(found)) for found in [*lists, []]], np.int64)
        filled = table[of_place.reshape(whole.shape)].reshape(len(self.rows), width * most)
        filled = -np.sort(-filled, axis=1)
        return filled[:, : max(1, int((filled > 0).sum(axis=1).max(initial=0)))]

    def _solved(self, cluster: Cluster, inputs: frozenset[Any], places: Integers) -> tuple[list[list[int]], Integers]:
        """The situations of one cluster in each of its states, and the state at each place."""
        numbers = sorted({number for tree, _ in cluster[1] for number in parts_in(tree)})
        columns = [self.states[number].of_row[places] for number in numbers]
        columns += [amounts[places] for number in numbers if (amounts := self.states[number].amounts) is not None]
        columns += [column[places] for key, column in self.keys.items() if key in inputs]
        firsts, of_place = first_rows_of(columns, len(places))
        kept, merged = self._alike(cluster, numbers, places[firsts])
        found: list[list[int]] = []
        self.firms.fetch(self.rows[kept].tolist())
        for place in kept.tolist():
            pieces = self._pieces(numbers, place)
            solved = self.solver.of(cluster, pieces, self.firms[int(self.rows[place])]) if len(pieces) == len(numbers) else []
            found.append([self.situations.setdefault(situation, len(self.situations) + 1) for situation in solved])
        return found, merged[of_place]

    def _pieces(self, numbers: Sequence[int], place: int) -> dict[int, Piece]:
        return {number: piece for number in numbers if (piece := self.states[number].piece(place)) is not None}

    def _values(self, rows: Integers) -> Callable[[str], Integers]:
        return lambda key: self.signer.at.value(key)[rows]

    def _alike(self, cluster: Cluster, numbers: Sequence[int], places: Integers) -> tuple[Integers, Integers]:
        """Places of which a cluster differs in amounts only, brought together where these do not tell: one of each, and which it is."""
        stands_for = np.arange(len(places))
        if len(places) <= FEWEST_AT_ONCE:
            return places, stands_for
        firsts, kinds = first_rows_of([self.states[number].of_row[places] for number in numbers], len(places))
        order = np.argsort(kinds, kind="stable")
        ends = np.cumsum(np.bincount(kinds))
        for kind in np.flatnonzero(np.bincount(kinds) > FEWEST_AT_ONCE).tolist():
            members = order[ends[kind - 1] if kind else 0 : ends[kind]]
            pieces = self._pieces(numbers, places[firsts[kind]])
            if len(pieces) == len(numbers):
                rows = self.rows[places[members]]
                found = self.solver.alike(cluster, pieces, self._values(rows), len(rows))
                if found is not None:
                    stands_for[members] = members[np.unique(found, return_index=True)[1]][found]
        kept, merged = np.unique(stands_for, return_inverse=True)
        return places[kept], merged.reshape(-1)

    def _under_one(self, bound: int, places: Integers, listed: Integers) -> list[Outlook]:
        """Rows with one score bound, or none, all together; the same need and situations once."""
        number = self.signer.branches[bound].number if bound != NONE else None
        need = np.zeros(len(places), np.int64) if number is None else number[self.rows[places]]
        firsts, of_place = first_rows_of([need, *listed[places].T], len(places))
        need, picked = need[firsts], listed[places[firsts]]
        used = np.unique(picked[picked > 0])
        known = list(self.situations)
        windows = Windows.of([known[number - 1] for number in used.tolist()], int(need.max()) + 1)
        found = Combination(windows, np.where(picked > 0, np.searchsorted(used, picked) + 1, 0), need).outlooks()
        return [found[place] for place in of_place.tolist()]

    def _under_several(
        self, found: list[Outlook | None], patterns: Integers, arrangements: list[Arrangement | None], listed: Integers
    ) -> None:
        """Rows with several score bounds, the same needs and situations once."""
        known = list(self.situations)
        worked = Worked()
        together: dict[tuple[int, ...], list[int]] = {}
        for place, pattern in enumerate(patterns.tolist()):
            arrangement = arrangements[pattern]
            if arrangement is not None and len(arrangement.bounds) > 1:
                together.setdefault(tuple(arrangement.bounds), []).append(place)
        for bounds, rows in together.items():
            places = np.array(rows)
            needs = [self.signer.branches[bound].number[self.rows[places]] for bound in bounds]  # type: ignore[index]
            firsts, of_place = first_rows_of([*needs, *listed[places].T], len(places))
            wanted, picked = np.stack(needs, axis=1)[firsts].tolist(), listed[places[firsts]].tolist()
            solved = [
                Bounds(tuple(zip(bounds, need, strict=True)), [known[number - 1] for number in numbers if number], worked).outlook()
                for need, numbers in zip(wanted, picked, strict=True)
            ]
            for place, which in zip(rows, of_place.tolist(), strict=True):
                found[place] = solved[which]


def _tie(piece: Piece | None) -> Any:
    """Which inputs a part misses in which of its places, and which of them stand under a cap."""
    if isinstance(piece, tuple):
        return tuple((item.inputs, item.capped is not None) for item in piece)
    return piece.inputs if piece is not None else None
