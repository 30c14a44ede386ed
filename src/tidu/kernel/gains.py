"""What the outcomes of a component mean to a rule: points by score bounds, whether conditions hold, whether a substitute does.

Two components that mean the same are one *situation*; a rule is then a list of situations and what its bounds need.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from tidu.kernel.alike import Alike
from tidu.kernel.arrangement import ALTERNATIVE, CONDITION, Cluster, Pieces, Role, Tree, parts_of_tree, residual_of
from tidu.kernel.columns import Integers, first_rows_of
from tidu.kernel.completions import Component, Part
from tidu.kernel.decisive import solve
from tidu.kernel.enumeration import Enumeration, Outcomes, Vector, taken_apart
from tidu.kernel.residual import Capped, OpenItem

Axis = frozenset[int]
"""The score bounds that points count for."""

Gain = tuple[tuple[tuple[Axis, int], ...], bool, bool]
"""Points above the lowest by axis (none is left out), whether every condition holds, whether an alternative does."""

Situation = tuple[frozenset[Gain], tuple[tuple[str, frozenset[frozenset[Gain]]], ...]]
"""All outcomes, and for each input the outcomes that it alone runs through while the others stand still."""

_Raw = tuple[tuple[tuple[Axis, int], ...], tuple[tuple[int, int], ...], bool, bool]
"""A gain in which the points of capped items are not yet capped, kept by item."""

NOTHING: _Raw = ((), (), True, False)


MOST_REMEMBERED = 100_000
_remembered: dict[Any, Situation] = {}
_remembered_together: dict[Any, list[Situation]] = {}
"""The same for the components of a cluster that stand under caps."""


@dataclass(eq=False)
class Situations:
    """The situations of clusters under one rule; what is the same for many firms is worked out once."""

    taken: dict[Any, tuple[list[Component], Mapping[int, Role]]] = field(default_factory=dict)

    def of(self, cluster: Cluster, pieces: Pieces, known: Mapping[str, Any]) -> list[Situation]:
        """The situations of a cluster for one firm."""
        apart, listed = cluster
        if apart:
            ((tree, role),) = listed
            return [_question(residual_of(tree, pieces), role, known)]
        components, roles = self.taken_apart(cluster, pieces)
        enumeration = Enumeration(known)
        return _situations(enumeration.affordable(components), roles, enumeration)

    def taken_apart(self, cluster: Cluster, pieces: Pieces) -> tuple[list[Component], Mapping[int, Role]]:
        """The components of a cluster, whatever the amounts, and what their parts are to the rule."""
        same = (cluster, *map(id, pieces.values()))
        found = self.taken.get(same)
        if found is None:
            parts = [(part, role) for tree, role in cluster[1] for part in parts_of_tree(tree, pieces)]
            found = self.taken[same] = (taken_apart(part for part, _ in parts), {id(part): role for part, role in parts})
        return found

    def alike(self, cluster: Cluster, pieces: Pieces, value: Callable[[str], Integers], height: int) -> Integers | None:
        """Numbers that are equal for rows of which the cluster has the same situations, so far as can be told at once.

        ``value`` gives an input that the pieces do not miss in each of ``height`` rows. None for a question of several leaves.
        """
        apart, ((tree, _), *_) = cluster
        if apart and tree[0] != "leaf" and (tree[0] != "not" or tree[1][0] != "leaf"):
            return None
        components = taken_apart(parts_of_tree(_unturned(tree), pieces)) if apart else self.taken_apart(cluster, pieces)[0]
        columns = [column for component in components for column in Alike(component, value, height).columns()]
        return first_rows_of(columns, height)[1]


def _unturned(tree: Tree) -> Tree:
    return tree[1] if tree[0] == "not" else tree


def _situations(components: list[Component], roles: Mapping[int, Role], enumeration: Enumeration) -> list[Situation]:
    parts = [part for component in components for part in component.parts]
    axes = {part: axis for part, axis in roles.items() if not isinstance(axis, str)}
    capped = {id(part.item): (part.capped, axes[id(part)]) for part in parts if isinstance(part, OpenItem) and part.capped}
    if not capped:
        return [_situation(component, roles, enumeration) for component in components]
    free = [enumeration.is_free(component) for component in components]
    marks = [enumeration.mark(component, free=alone) for component, alone in zip(components, free, strict=True)]
    same = None if None in marks else (tuple(marks), _standing(parts, roles))
    found = _remembered_together.get(same)
    if found is None:
        tables = [
            _Table.of(component, enumeration.marked(component, mark, free=alone), roles)
            for component, mark, alone in zip(components, marks, free, strict=True)
        ]
        found = [_joined(group, capped) for group in _sharing(tables)]
        if same is not None and len(_remembered_together) < MOST_REMEMBERED:
            _remembered_together[same] = found
    return found


def _standing(parts: list[Part], roles: Mapping[int, Role]) -> tuple[Any, ...]:
    """What each part is to the rule, and the cap that it stands under together with which others."""
    items: dict[int, int] = {}
    return tuple(
        (roles[id(part)], part.capped, items.setdefault(id(part.item), len(items)))
        if isinstance(part, OpenItem) and part.capped
        else (roles[id(part)],)
        for part in parts
    )


def _situation(component: Component, roles: Mapping[int, Role], enumeration: Enumeration) -> Situation:
    """The situation of a component that stands under no cap; remembered by its mark."""
    free = enumeration.is_free(component)
    mark = enumeration.mark(component, free=free)
    same = (mark, *(roles[id(part)] for part in component.parts))
    found = _remembered.get(same) if mark is not None else None
    if found is None:
        found = _Table.of(component, enumeration.marked(component, mark, free=free), roles).situation({})
        if mark is not None and len(_remembered) < MOST_REMEMBERED:
            _remembered[same] = found
    return found


def _question(node: Any, role: Role, known: Mapping[str, Any]) -> Situation:
    """A question of its own: answered as a rule by itself."""
    found = solve(node, known)
    gains = {True: _answer(True, role), False: _answer(False, role)}
    outcomes = frozenset(gain for gain, reached in ((gains[True], found.can_meet), (gains[False], found.can_fail)) if reached)
    both = frozenset((frozenset(gains.values()),))
    return outcomes, tuple((key, both) for key in sorted(found.decisive))


def _answer(holds: bool, role: Role) -> Gain:
    return (), holds or role != CONDITION, holds and role == ALTERNATIVE


@dataclass
class _Table:
    """Outcomes and lines of one component in raw gains; ``caps`` are the capped items it touches."""

    outcomes: frozenset[_Raw]
    lines: Mapping[str, frozenset[frozenset[_Raw]]]
    caps: frozenset[int]

    @classmethod
    def of(cls, component: Component, found: Outcomes, roles: Mapping[int, Role]) -> _Table:
        outcomes, lines = found
        raw = {vector: _raw(component, vector, roles) for vector in outcomes}
        caps = frozenset(id(part.item) for part in component.parts if isinstance(part, OpenItem) and part.capped)
        moved = {key: frozenset(frozenset(raw[vector] for vector in line) for line in listed) for key, listed in lines.items()}
        return cls(frozenset(raw.values()), moved, caps)

    def situation(self, caps: Mapping[int, tuple[Capped, Axis]], others: Collection[_Raw] = (NOTHING,)) -> Situation:
        """In gains, over every outcome of others under the same caps."""
        beside = list(others)
        gains = {own: [_gain(_added(own, rest), caps) for rest in beside] for own in self.outcomes}
        lines: dict[str, frozenset[frozenset[Gain]]] = {}
        for key, listed in self.lines.items():
            moved = {frozenset(line_beside) for line in listed for line_beside in zip(*(gains[own] for own in line), strict=True)}
            lines[key] = frozenset(line for line in moved if len(line) > 1)
        return frozenset(chain.from_iterable(gains.values())), tuple((key, lines[key]) for key in sorted(lines) if lines[key])


def _raw(component: Component, vector: Vector, roles: Mapping[int, Role]) -> _Raw:
    points: dict[Axis, int] = {}
    capped: dict[int, int] = {}
    holds, stands_in = True, False
    for part, value in zip(component.parts, vector, strict=True):
        role = roles[id(part)]
        if isinstance(part, OpenItem) and part.capped:
            capped[id(part.item)] = capped.get(id(part.item), 0) + value
        elif not isinstance(role, str):
            points[role] = points.get(role, 0) + value
        elif role == CONDITION:
            holds = holds and bool(value)
        else:
            stands_in = stands_in or bool(value)
    return _listed(points), tuple(sorted((item, extra) for item, extra in capped.items() if extra)), holds, stands_in


def _listed(points: Mapping[Axis, int]) -> tuple[tuple[Axis, int], ...]:
    return tuple(sorted(((axis, value) for axis, value in points.items() if value), key=lambda pair: sorted(pair[0])))


def _added(one: _Raw, other: _Raw) -> _Raw:
    if other == NOTHING:
        return one
    points, capped = dict(one[0]), dict(one[1])
    for axis, value in other[0]:
        points[axis] = points.get(axis, 0) + value
    for item, extra in other[1]:
        capped[item] = capped.get(item, 0) + extra
    return _listed(points), tuple(sorted(capped.items())), one[2] and other[2], one[3] or other[3]


def _gain(raw: _Raw, caps: Mapping[int, tuple[Capped, Axis]]) -> Gain:
    points, capped, holds, stands_in = raw
    if not capped:
        return points, holds, stands_in
    summed = dict(points)
    for item, extra in capped:
        cap, axis = caps[item]
        summed[axis] = summed.get(axis, 0) + cap.above(extra)
    return _listed(summed), holds, stands_in


def _sharing(tables: list[_Table]) -> list[list[_Table]]:
    """Components that stand under the same caps, together."""
    groups: list[tuple[frozenset[int], list[_Table]]] = []
    for table in tables:
        caps, members = table.caps, [table]
        rest: list[tuple[frozenset[int], list[_Table]]] = []
        for other_caps, others in groups:
            if other_caps & caps:
                caps, members = caps | other_caps, others + members
            else:
                rest.append((other_caps, others))
        groups = [*rest, (caps, members)]
    return [members for _, members in groups]


def _joined(group: list[_Table], caps: Mapping[int, tuple[Capped, Axis]]) -> Situation:
    """Components under one cap as one situation: each along its inputs over every outcome of the others."""
    last = len(group) - 1
    before: list[set[_Raw]] = [{NOTHING}]
    after: list[set[_Raw]] = [{NOTHING}]
    for place in range(last):
        before.append(_sums(before[-1], group[place].outcomes, caps))
        after.append(_sums(after[-1], group[last - place].outcomes, caps))
    found = [table.situation(caps, _sums(before[place], after[last - place], caps)) for place, table in enumerate(group)]
    lines = [pair for _, listed in found for pair in listed]
    return found[0][0], tuple(sorted(lines, key=lambda pair: pair[0]))


def _sums(some: Collection[_Raw], others: Collection[_Raw], caps: Mapping[int, tuple[Capped, Axis]]) -> set[_Raw]:
    """Every outcome of one kind with every one of the other; points that a cap takes in any case are not counted."""
    return {_within(_added(one, two), caps) for one in some for two in others}


def _within(raw: _Raw, caps: Mapping[int, tuple[Capped, Axis]]) -> _Raw:
    points, capped, holds, stands_in = raw
    return points, tuple((item, min(extra, max(0, caps[item][0].cap - caps[item][0].low))) for item, extra in capped), holds, stands_in
