"""By how little a standard is missed: for each failing criterion the alternative that is nearest, leaf by leaf.

Of several ways to meet a criterion the nearest is one whose leaves are all within reach, then one that a firm can work
on at all, then the one with the fewest failing leaves, then the one that lies the least part of its bound away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tidu.kernel.effort import Effort, effort_of
from tidu.kernel.expressions import split_key
from tidu.kernel.inputs import EVENT_PREFIX
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.rules import All, Amount, AnyOf, AtLeast, Flag, Label, Named, Rule, ScoreAtLeast, leaf_keys
from tidu.kernel.traces import Trace, Tracer
from tidu.kernel.truth import answer

POINTS_WITHIN_REACH = 10
TITLES = "认定"
COUNTED = frozenset({"项", "人", "级", ""})
FAR = Fraction(10**9)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One failing leaf: what was found and asked, the distance as a share of the bound, whether a firm can work on it
    at all and whether that is within reach.

    ``keys`` are the inputs it reads.
    """

    text: str
    clause: str
    value: Any
    bound: Any
    gap: Any
    unit: str
    distance: Fraction
    workable: bool
    within_reach: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """A failing criterion with its nearest way; ``ways`` says that there are others."""

    label: Label
    short: tuple[Shortfall, ...]
    ways: bool

    @property
    def within_reach(self) -> bool:
        """Whether everything that fails can be bridged."""
        return all(one.within_reach for one in self.short)


_efforts: dict[int, tuple[PackSet, Effort]] = {}


def effort(packs: PackSet) -> Effort:
    """The effort document in force, read once per set of packs."""
    found = _efforts.get(id(packs))
    if found is None or found[0] is not packs:
        _efforts.clear()
        found = _efforts[id(packs)] = (packs, effort_of(packs))
    return found[1]


def criteria_of(rule: Rule) -> Iterator[Rule]:
    """The criteria of a standard: the parts of its outermost conjunction."""
    if isinstance(rule, All) and not rule.label.id:
        for part in rule.parts:
            yield from criteria_of(part)
    else:
        yield rule


def failing_criteria(standard: Standard, tracer: Tracer, costs: Effort) -> tuple[Failing, ...]:
    """Every criterion that is not met, with the nearest way to meet it."""
    looking = _Looking(standard, tracer, costs)
    return tuple(
        Failing(rule.label, looking.nearest(rule), _has_ways(rule))
        for rule in criteria_of(standard.requires)
        if answer(rule, tracer.known) is False
    )


def _has_ways(rule: Rule) -> bool:
    return isinstance(rule, AnyOf) or (isinstance(rule, All | AtLeast) and any(_has_ways(part) for part in rule.parts))


@dataclass(frozen=True)
class _Looking:
    standard: Standard
    tracer: Tracer
    costs: Effort

    def nearest(self, rule: Rule | Amount) -> tuple[Shortfall, ...]:
        """The failing leaves of the nearest way to meet a failing rule."""
        known = self.tracer.known
        match rule:
            case Named(_, node):
                return self.nearest(node)
            case All(parts):
                return tuple(leaf for part in parts if answer(part, known) is False for leaf in self.nearest(part))
            case AnyOf(parts):
                return min((self.nearest(part) for part in parts), key=_remoteness)
            case AtLeast(count, parts):
                failing = sorted((self.nearest(part) for part in parts if answer(part, known) is False), key=_remoteness)
                lacking = count - sum(1 for part in parts if answer(part, known) is not False)
                return tuple(leaf for leaves in failing[:lacking] for leaf in leaves)
            case _:
                return (self.leaf(rule),)

    def leaf(self, rule: Rule | Amount) -> Shortfall:
        """A failing leaf."""
        trace, workable = self.tracer.of(rule), self.workable(rule)
        distance, keys = _distance(trace), tuple(sorted(leaf_keys(rule)))
        near = workable and _is_near(trace, distance)
        return Shortfall(trace.text, trace.clause, trace.value, trace.bound, trace.gap, trace.unit, distance, workable, near, keys)

    def workable(self, rule: Rule | Amount) -> bool:
        """Whether a firm can do something about it: a lever moves it, or it is a title to apply for."""
        if isinstance(rule, ScoreAtLeast):
            return True
        if isinstance(rule, Flag) and rule.key.startswith(EVENT_PREFIX):
            return rule.wanted and self.standard.tests[rule.key].event == TITLES
        pairs = [split_key(key) for key in leaf_keys(rule)]
        return any(name in self.costs.levers and shift == 0 for name, shift in pairs)


def _remoteness(leaves: tuple[Shortfall, ...]) -> tuple[bool, bool, int, Fraction]:
    distance = max((leaf.distance for leaf in leaves), default=Fraction(0))
    return not all(leaf.within_reach for leaf in leaves), not all(leaf.workable for leaf in leaves), len(leaves), distance


def _exact(value: Any) -> Fraction | None:
    return Fraction(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _distance(trace: Trace) -> Fraction:
    gap, bound = _exact(trace.gap), _exact(trace.bound)
    if gap is None:
        return Fraction(1)
    return abs(gap / bound) if bound else FAR


def _is_near(trace: Trace, distance: Fraction) -> bool:
    gap = _exact(trace.gap)
    if gap is None:
        return True
    if trace.kind == "score":
        return abs(gap) <= POINTS_WITHIN_REACH
    return distance <= Fraction(1, 2) or (trace.unit in COUNTED and abs(gap) <= 1)
