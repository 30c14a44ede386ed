"""Exactly what a missing fact can change: verdict over all completions, and the facts that decide it.

A verdict is unknown only if some completion of the missing facts meets the rule and some other does not. A fact is
decisive if and only if, for some values of the other missing facts, changing it alone changes the answer.

Outcomes of independent components are added up as bit sets over (points, open leaves), so that "can the others
bring the sum just below the mark" is a shift and an intersection, not an enumeration of firms that never were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import gcd, prod
from typing import Any, Protocol, TypeVar

from tidu.kernel.completions import Component, Part, possible_points, tied
from tidu.kernel.enumeration import Enumeration, Vector
from tidu.kernel.residual import Capped, Group, Open, OpenItem, OpenRule, Reduction, Residual, Threshold, Turned, opens_of
from tidu.kernel.rules import Rule

MOST_INPUTS = 6
"""Most missing inputs of a subtree that is taken as one question."""

LARGEST_SPACE = 1 << 22
"""Most states of one block; beyond it every missing input is named rather than none."""


@dataclass(frozen=True)
class Outlook:
    """Whether a rule can still be met or unmet, and the inputs that decide between the two."""

    can_meet: bool
    can_fail: bool
    decisive: frozenset[str] = frozenset()

    @property
    def answer(self) -> bool | None:
        """The answer where all completions agree, else None."""
        return None if self.can_meet and self.can_fail else self.can_meet


def outlook(rule: Rule, known: Mapping[str, Any]) -> Outlook:
    """The exact outlook of a rule over all completions of ``known``."""
    residual = Reduction(known).of(rule)
    if isinstance(residual, bool):
        return Outlook(residual, not residual)
    return solve(residual, known)


def solve(node: Residual, known: Mapping[str, Any]) -> Outlook:
    """The exact outlook of what is left of a rule."""
    if isinstance(node, Turned):
        inner = solve(node.part, known)
        return Outlook(inner.can_fail, inner.can_meet, inner.decisive)
    if isinstance(node, Group) and node.kind != "count":
        blocks = blocks_of(node.parts)
        if len(blocks) > 1 or len(node.parts) == 1:
            return _joined(node.kind, [solve(grouped(node.kind, block), known) for block in blocks])
    return Block(node, known).outlook()


def grouped(kind: str, parts: list[Residual]) -> Residual:
    """Parts of one kind of group; one part stands for itself."""
    return parts[0] if len(parts) == 1 else Group(kind, tuple(parts))


def blocks_of(parts: Iterable[Residual]) -> list[list[Residual]]:
    """Parts that share no missing input with one another, apart."""
    return [members for _, members in tied(parts, lambda part: {key for leaf in opens_of(part) for key in leaf.inputs})]


def _joined(kind: str, outlooks: list[Outlook]) -> Outlook:
    """Independent parts under ``all`` or ``any``: a part decides where every other one can stand aside."""
    every = kind == "all"
    aside = [found.can_meet if every else found.can_fail for found in outlooks]
    decisive: set[str] = set()
    for index, found in enumerate(outlooks):
        if all(aside[:index]) and all(aside[index + 1 :]):
            decisive |= found.decisive
    if every:
        return Outlook(all(aside), any(found.can_fail for found in outlooks), frozenset(decisive))
    return Outlook(any(found.can_meet for found in outlooks), all(aside), frozenset(decisive))


@dataclass
class _Axis:
    """One digit of the mixed-radix state: points of a set of items, or the answer of one open leaf."""

    stride: int
    radix: int
    unit: int = 1
    items: frozenset[int] = frozenset()
    capped: Capped | None = None
    leaf: Open | OpenRule | None = None


@dataclass
class Block:
    """Parts tied together, solved over a bit set of states."""

    node: Residual
    known: Mapping[str, Any]
    axes: list[_Axis] = field(default_factory=list)
    step: dict[int, int] = field(default_factory=dict)
    unit: dict[int, int] = field(default_factory=dict)

    def outlook(self) -> Outlook:
        """Solve the block exactly."""
        self.node = collapsed(self.node)
        parts = list({id(part): part for part in opens_of(self.node)}.values())
        enumeration = Enumeration(self.known)
        components = enumeration.components(parts)
        size = self.lay_out(parts)
        if size > LARGEST_SPACE:
            return Outlook(True, True, frozenset(key for part in parts for key in part.inputs))
        for component in components:
            self.take_in(component, enumeration)
        met = self.met(self.node, size)
        failed = ((1 << size) - 1) ^ met
        reach = reachable(components)
        if not reach & met or not reach & failed:
            return Outlook(bool(reach & met), bool(reach & failed))
        decisive: set[str] = set()
        for component, others in without_each(components):
            for key, lines in component.lines.items():
                if key not in decisive and any(_changes(line, met, others) for line in lines):
                    decisive.add(key)
        return Outlook(True, True, frozenset(decisive))

    def lay_out(self, parts: list[Part]) -> int:
        """Give every open item its score axis and every open leaf its own; returns the number of states."""
        member: dict[int, set[int]] = {}
        for index, threshold in enumerate(thresholds_of(self.node)):
            for item in threshold.items:
                member.setdefault(id(item), set()).add(index)
        classes: dict[tuple[frozenset[int], int], list[OpenItem]] = {}
        for part in parts:
            if isinstance(part, OpenItem):
                classes.setdefault((frozenset(member[id(part)]), id(part.item) if part.capped else 0), []).append(part)
        size = 1
        for items in classes.values():
            unit = gcd(*(value - item.low for item in items for value in possible_points(item.node))) or 1
            radix = 1 + sum((item.high - item.low) // unit for item in items)
            self.axes.append(_Axis(size, radix, unit, frozenset(id(item) for item in items), items[0].capped))
            self.unit.update((id(item), unit) for item in items)
            self.step.update((id(item), size) for item in items)
            size *= radix
        for part in parts:
            if not isinstance(part, OpenItem):
                self.axes.append(_Axis(size, 2, leaf=part))
                self.step[id(part)] = size
                size *= 2
        return size

    def take_in(self, component: Component, enumeration: Enumeration) -> None:
        """Write the outcomes and lines of a component as moves of the state."""
        outcomes, lines = enumeration.outcomes(component)
        moved = {vector: self.moved(component, vector) for vector in outcomes}
        component.outcomes = set(moved.values())
        component.lines = {
            key: {frozenset(offsets) for line in listed if len(offsets := {moved[vector] for vector in line}) > 1}
            for key, listed in lines.items()
        }

    def moved(self, component: Component, vector: Vector) -> int:
        """Where the outcomes of the parts of a component, points above the lowest or 0 and 1, move the state."""
        return sum(value // self.unit.get(id(part), 1) * self.step[id(part)] for part, value in zip(component.parts, vector, strict=True))

    def met(self, node: Residual, size: int) -> int:
        """The states in which a residual holds, as a bit set."""
        match node:
            case Open() | OpenRule():
                axis = next(axis for axis in self.axes if axis.leaf is node)
                return _periodic(((1 << axis.stride) - 1) << axis.stride, 2 * axis.stride, size)
            case Turned(part):
                return ((1 << size) - 1) ^ self.met(part, size)
            case Threshold():
                return self.above(node, size)
            case Group("count", parts, count):
                return _at_least(count, [self.met(part, size) for part in parts], size)
            case Group(kind, parts):
                total = (1 << size) - 1 if kind == "all" else 0
                for part in parts:
                    total = total & self.met(part, size) if kind == "all" else total | self.met(part, size)
                return total
        raise TypeError(type(node).__name__)

    def above(self, node: Threshold, size: int) -> int:
        """States whose points on the axes of a threshold add up to what it needs."""
        wanted = {id(item) for item in node.items}
        scores = [axis for axis in self.axes if axis.items]
        shape = tuple((axis.radix, axis.unit, axis.capped, axis.items <= wanted) for axis in scores)
        return _periodic(points_reaching(shape, node.need), prod(axis.radix for axis in scores), size)


@lru_cache(maxsize=4096)
def points_reaching(shape: tuple[tuple[int, int, Capped | None, bool], ...], need: int) -> int:
    """States of the score axes (lowest digit first) whose counted points reach ``need``."""
    sums = [0]
    for radix, unit, capped, counted in shape:
        gains = [(capped.above(digit * unit) if capped is not None else digit * unit) if counted else 0 for digit in range(radix)]
        sums = [total + gain for gain in gains for total in sums]
    return int("".join("1" if total >= need else "0" for total in reversed(sums)) or "0", 2)


def collapsed(node: Residual) -> Residual:
    """Below the root, subtrees of a few inputs without score bounds become one question each."""
    if isinstance(node, Group):
        return Group(node.kind, tuple(_collapsed_part(part) for part in node.parts), node.count)
    if isinstance(node, Turned):
        return Turned(_collapsed_part(node.part))
    return node


def _collapsed_part(node: Residual) -> Residual:
    if not isinstance(node, Group | Turned):
        return node
    leaves = list(opens_of(node))
    inputs = tuple(sorted({key for leaf in leaves for key in leaf.inputs}))
    if not thresholds_of(node) and len(inputs) <= MOST_INPUTS:
        return OpenRule(node, inputs, tuple(found for leaf in leaves for found in leaf.leaves))
    return collapsed(node)


def thresholds_of(node: Residual) -> list[Threshold]:
    """The score bounds below a residual."""
    match node:
        case Threshold():
            return [node]
        case Turned(part):
            return thresholds_of(part)
        case Group(_, parts):
            return [found for part in parts for found in thresholds_of(part)]
    return []


def _periodic(mask: int, period: int, size: int) -> int:
    """A pattern of ``period`` bits repeated over ``size`` bits, by doubling: dividing numbers of this length is far slower."""
    reach = period
    while reach < size:
        mask |= mask << reach
        reach *= 2
    return mask & ((1 << size) - 1)


def _at_least(count: int, masks: list[int], size: int) -> int:
    """States in which at least ``count`` of the masks hold."""
    levels = [(1 << size) - 1] + [0] * count
    for mask in masks:
        for level in range(count, 0, -1):
            levels[level] |= levels[level - 1] & mask
    return levels[count]


class Steps(Protocol):
    """What moves the state by any one of its steps, in order."""

    @property
    def steps(self) -> tuple[int, ...]: ...


Moving = TypeVar("Moving", bound=Steps)


def reachable(components: Iterable[Steps], states: int = 1) -> int:
    """States reachable from ``states`` by some completion of the components."""
    for component in components:
        states = _shifted(states, component.steps)
    return states


def _shifted(states: int, steps: tuple[int, ...]) -> int:
    """The states moved by every one of the steps; even steps from zero are taken by doubling."""
    if len(steps) > 3 and steps[0] == 0 and steps[-1] == steps[1] * (len(steps) - 1):
        left, reach = len(steps) - 1, 1
        while left:
            taken = min(reach, left)
            states |= states << steps[1] * taken
            left, reach = left - taken, reach + taken
        return states
    moved = 0
    for step in steps:
        moved |= states << step
    return moved


def without_each(components: list[Moving], states: int = 1) -> Iterator[tuple[Moving, int]]:
    """Each component with the states that all the others reach, by halving: far fewer moves than one by one."""
    if len(components) == 1:
        yield components[0], states
        return
    middle = len(components) // 2
    first, last = components[:middle], components[middle:]
    yield from without_each(first, reachable(last, states))
    yield from without_each(last, reachable(first, states))


def _changes(line: frozenset[int], met: int, others: int) -> bool:
    """Whether moving along a line changes the answer for some state of the others."""
    first, *rest = sorted(line)
    return any(((met >> first) ^ (met >> offset)) & others for offset in rest)


def facts_named(keys: Iterable[str]) -> list[str]:
    """Inputs as facts: the year is dropped, each fact once."""
    return list(dict.fromkeys(key.partition("@")[0] for key in keys))
