"""What hangs together in an open rule: conditions that stand apart, and clusters of parts around its score bounds.

Which parts are tied depends only on which inputs they miss, so that one arrangement serves every firm with the same
pattern of open parts. It follows the same steps as ``decisive``: what that solves as one block is one block here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

from tidu.kernel.completions import Part, tied
from tidu.kernel.decisive import LARGEST_SPACE, blocks_of, collapsed, grouped, thresholds_of
from tidu.kernel.residual import Group, Open, OpenItem, OpenRule, Residual, Threshold, Turned, opens_of
from tidu.kernel.rules import All, AnyOf, AtLeast, Not, ScoreAtLeast
from tidu.kernel.signatures import Branch

Tree = tuple[Any, ...]
"""A residual over numbered parts: ``("leaf", part)``, ``("not", tree)`` or ``(kind, count, *trees)``.

A score item in pieces is ``("item", part, place)`` each, in one piece ``("whole", part)``.
"""

CONDITION, ALTERNATIVE, SCORE = "condition", "alternative", "score"
"""What a part is to the rule: it must hold, it may stand in for the score, it gives points."""

Role = str | frozenset[int]
"""One of the words above, or the score bounds that the points of an item count for."""

Cluster = tuple[bool, tuple[tuple[Tree, Role], ...]]
"""Whether it is a question of its own, and its parts with their roles."""

Piece = Open | tuple[OpenItem, ...]
Pieces = Mapping[int, Piece]
"""What is open of each part in play."""


class UnusualShapeError(Exception):
    """A rule whose score bounds stand elsewhere than under ``all``, or under one ``any`` below it."""


@dataclass
class Arrangement:
    """The clusters of one pattern of open parts; each is tied by the inputs at its place in ``inputs``."""

    clusters: list[Cluster] = field(default_factory=list)
    inputs: list[frozenset[str]] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    direct: int = 0
    cores: int = 0

    def check(self) -> None:
        """Refuse what outcomes of the form (points, conditions hold, an alternative holds) cannot express."""
        if self.cores > 1 or (self.cores and self.direct):
            raise UnusualShapeError


@dataclass(eq=False)
class Lone:
    """Parts that share no input with any other: whether they are open ties nothing, so that patterns leave them out.

    ``branches`` are conditions of the whole rule, by the identity of their branch; ``items`` are numbers of score items, ``capped`` those with a cap.
    """

    branches: Mapping[int, Tree]
    items: frozenset[int]
    capped: frozenset[int]


@dataclass
class Arranger:
    """Arranges the parts of one firm; ``live`` tells the open branches, ``spread`` the most points a part can vary by."""

    items: Mapping[int, int]
    numbers: Mapping[int, int]
    pieces: Pieces
    live: Callable[[Branch], bool]
    met: Callable[[Branch], int]
    spread: Mapping[int, int]
    lone: Lone
    trees: dict[int, Tree] = field(default_factory=dict)
    bound_of: dict[int, int] = field(default_factory=dict)
    alone: dict[int, set[int]] = field(default_factory=dict)
    found: Arrangement = field(default_factory=Arrangement)

    def arranged(self, root: Branch) -> Arrangement:
        """The arrangement below the root; raises ``UnusualShapeError`` where it has to be solved as a whole."""
        if id(root) not in self.lone.branches and self.live(root):
            node = self.residual(root)
            if not (isinstance(node, Group) and not node.parts):
                self.explore(node, CONDITION)
        self.found.check()
        for tree in self.lone.branches.values():
            self._add((True, ((tree, CONDITION),)), ())
        for part, numbers in self.alone.items():
            self._add((False, ((("whole", part), frozenset(numbers)),)), ())
        return self.found

    def residual(self, branch: Branch) -> Residual:
        """What is open below a branch, as ``Reduction`` leaves it, over the pieces."""
        match branch.node:
            case All():
                return self._group("all", branch)
            case AnyOf():
                return self._group("any", branch)
            case AtLeast(count, _):
                parts = tuple(self.residual(below) for below in branch.below if self.live(below))
                return Group("count", parts, count - self.met(branch))
            case Not():
                return Turned(self.residual(branch.below[0]))
            case ScoreAtLeast(_, items, _):
                number = self.numbers[id(branch)]
                parts_of_items = [self.items[id(item)] for item in items]
                for part in self.lone.items.intersection(parts_of_items):
                    self.alone.setdefault(part, set()).add(number)
                left = [part for part in parts_of_items if part not in self.lone.items]
                found = Threshold(tuple(opened for part in left for opened in self._opened(part)), 0)
                self.bound_of[id(found)] = number
                return found
        if branch.part not in self.pieces:
            raise UnusualShapeError
        piece = _leaf(self.pieces[branch.part])
        self.trees[id(piece)] = ("leaf", branch.part)
        return piece

    def _opened(self, part: int) -> tuple[OpenItem, ...]:
        opened = _opened(self.pieces.get(part, ()))
        for place, piece in enumerate(opened):
            self.trees[id(piece)] = ("item", part, place)
        return opened

    def _group(self, kind: str, branch: Branch) -> Residual:
        left: list[Residual] = []
        for below in branch.below:
            if self.live(below) and id(below) not in self.lone.branches:
                part = self.residual(below)
                left.extend(part.parts if isinstance(part, Group) and part.kind == kind else (part,))
        return left[0] if len(left) == 1 else Group(kind, tuple(left))

    def explore(self, node: Residual, role: str) -> None:
        """Take independent blocks apart as long as what they are to the rule stays plain."""
        scored = bool(thresholds_of(node))
        if isinstance(node, Group) and node.kind != "count" and (scored or _keeps(node.kind, role)):
            blocks = blocks_of(node.parts)
            if len(blocks) > 1 or len(node.parts) == 1:
                inner = self._inner(node.kind, role) if scored else role
                for block in blocks:
                    self.explore(grouped(node.kind, block), inner)
                return
        if scored:
            self.block(node, role)
        elif role == SCORE:
            raise UnusualShapeError
        else:
            self._add((True, ((self.tree(node), role),)), opens_of(node))

    def _inner(self, kind: str, role: str) -> str:
        """What the parts of a group with score bounds are to the rule."""
        if kind == "all" and role == CONDITION:
            return CONDITION
        if kind == "any" and role == CONDITION:
            return ALTERNATIVE
        if kind == "all" and role == ALTERNATIVE:
            self.found.cores += 1
            return SCORE
        if kind == "all" and role == SCORE:
            return SCORE
        raise UnusualShapeError

    def block(self, node: Residual, role: str) -> None:
        """Clusters of a block that holds score bounds."""
        whole = collapsed(node)
        roles: dict[int, str] = {}
        bounds: dict[int, set[int]] = {}
        self._assign(whole, role, roles, bounds)
        parts = list({id(part): part for part in opens_of(whole)}.values())
        self._check_space(parts, bounds)
        order = {id(part): place for place, part in enumerate(parts)}
        for inputs, found in tied(parts, _links):
            members = sorted(found, key=lambda part: order[id(part)])
            listed = tuple(
                (self.tree(part), frozenset(bounds[id(part)]) if isinstance(part, OpenItem) else roles[id(part)]) for part in members
            )
            self._add((False, listed), members, inputs)

    def _assign(self, node: Residual, role: str, roles: dict[int, str], bounds: dict[int, set[int]]) -> None:
        match node:
            case Threshold(items):
                number = self.bound_of[id(node)]
                self.found.bounds.append(number)
                self.found.direct += role == CONDITION
                self.found.cores += role == ALTERNATIVE
                for item in items:
                    bounds.setdefault(id(item), set()).add(number)
            case Open() | OpenRule():
                if role == SCORE:
                    raise UnusualShapeError
                roles[id(node)] = role
            case Group(kind, parts) if thresholds_of(node):
                inner = self._inner(kind, role)
                for part in parts:
                    self._assign(part, inner, roles, bounds)
            case _:
                raise UnusualShapeError

    def _check_space(self, parts: Sequence[Part], bounds: Mapping[int, set[int]]) -> None:
        """What might be too large to solve is left to ``decisive``, which says so in its own way."""
        spreads: dict[tuple[frozenset[int], int], dict[int, int]] = {}
        for part in parts:
            if isinstance(part, OpenItem):
                number = self.trees[id(part)][1]
                axis = (frozenset(bounds[id(part)]), id(part.item) if part.capped else 0)
                spreads.setdefault(axis, {})[number] = self.spread[number]
        for number, bounded in self.alone.items():
            axis = (frozenset(bounded), -1 - number if number in self.lone.capped else 0)
            spreads.setdefault(axis, {})[number] = self.spread.get(number, 0)
        questions = sum(not isinstance(part, OpenItem) for part in parts)
        if prod(1 + sum(listed.values()) for listed in spreads.values()) << questions > LARGEST_SPACE:
            raise UnusualShapeError

    def _add(self, cluster: Cluster, parts: Sequence[Part] | Iterator[Part], inputs: frozenset[str] | set[str] | None = None) -> None:
        self.found.clusters.append(cluster)
        self.found.inputs.append(frozenset(inputs if inputs is not None else (key for part in parts for key in part.inputs)))

    def tree(self, node: Residual | OpenItem) -> Tree:
        """A residual over numbered parts."""
        match node:
            case Open() | OpenItem():
                return self.trees[id(node)]
            case OpenRule(inner):
                return self.tree(inner)
            case Turned(part):
                return ("not", self.tree(part))
            case Group(kind, parts, count):
                return (kind, count, *(self.tree(part) for part in parts))
        raise UnusualShapeError


def _keeps(kind: str, role: str) -> bool:
    """Whether the parts of a group are to the rule what the group is."""
    return (kind == "all" and role == CONDITION) or (kind == "any" and role == ALTERNATIVE)


def _links(part: Part) -> set[Any]:
    """What ties a part to others: its inputs, and the cap it stands under with other parts of its item."""
    capped = isinstance(part, OpenItem) and part.capped is not None
    return {*part.inputs, id(part.item)} if capped and isinstance(part, OpenItem) else set(part.inputs)


def parts_in(tree: Tree) -> Iterator[int]:
    """Numbers of the parts of a tree."""
    if tree[0] in {"leaf", "item", "whole"}:
        yield tree[1]
    else:
        for below in tree[1:]:
            if isinstance(below, tuple):
                yield from parts_in(below)


def residual_of(tree: Tree, pieces: Pieces) -> Residual:
    """A question over the pieces of one firm."""
    kind = tree[0]
    if kind == "leaf":
        return _leaf(pieces[tree[1]])
    if kind == "not":
        return Turned(residual_of(tree[1], pieces))
    return Group(kind, tuple(residual_of(below, pieces) for below in tree[2:]), tree[1])


def parts_of_tree(tree: Tree, pieces: Pieces) -> tuple[Part, ...]:
    """The parts that a tree stands for over the pieces of one firm; several leaves are one question."""
    if tree[0] == "whole":
        return _opened(pieces[tree[1]])
    if tree[0] == "item":
        return (_opened(pieces[tree[1]])[tree[2]],)
    found = residual_of(tree, pieces)
    if isinstance(found, Open):
        return (found,)
    leaves = list(opens_of(found))
    inputs = tuple(sorted({key for leaf in leaves for key in leaf.inputs}))
    return (OpenRule(found, inputs, tuple(leaf.node for leaf in leaves if isinstance(leaf, Open))),)


def _leaf(piece: Piece) -> Open:
    if not isinstance(piece, Open):
        raise UnusualShapeError
    return piece


def _opened(piece: Piece) -> tuple[OpenItem, ...]:
    if isinstance(piece, Open):
        raise UnusualShapeError
    return piece
