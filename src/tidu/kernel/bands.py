"""Score items whose bracket facts choose and within whose bracket a person gives the points.

Only one bracket's points matter at a time, so the person's inputs are never enumerated together: along one fact the
answer moves between brackets (each with any of its points), along a person's input within one bracket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from tidu.kernel.completions import Component, possible_points
from tidu.kernel.residual import OpenItem
from tidu.kernel.rules import Amount, Choose, Compare, Expert, Rule
from tidu.kernel.trial_values import assignments, candidates
from tidu.kernel.truth import answer

State = tuple[int, tuple[Amount, ...]]
"""Where everything else stands, and the bracket of each banded item."""


@dataclass(eq=False)
class Bands:
    """The outcomes of one component with banded items; ``place`` says where points of an item move the state."""

    component: Component
    place: Callable[[OpenItem, int], int]
    rest: Callable[[Component, Mapping[str, Any]], int]
    seen: set[tuple[str, State, State]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.items = [part for part in self.component.parts if isinstance(part, OpenItem) and id(part) in self.component.bands]
        others = tuple(part for part in self.component.parts if id(part) not in self.component.bands)
        self.others = Component(self.component.inputs, others)
        self.choices: list[list[tuple[Callable[[Mapping[str, Any]], bool], Amount]]] = []

    def fill(self, known: Mapping[str, Any], *, free: bool) -> None:
        """Fill in outcomes and lines; ``free``: every fact alone reaches every bracket of the only item."""
        self.component.lines = {key: set() for key in self.component.inputs}
        states: set[State] = set()
        for key, run in self.everywhere() if free else self.runs(known):
            states |= run
            for one, other in combinations(sorted(run, key=_order), 2):
                if (key, one, other) not in self.seen:
                    self.seen.add((key, one, other))
                    self.component.lines[key] |= self.moves(one, other)
        for state in states:
            self.judged(state)

    def everywhere(self) -> Iterator[tuple[str, set[State]]]:
        """Every bracket along every fact."""
        (item,) = self.items
        for key in self.component.facts:
            yield key, {(0, (amount,)) for amount in _amounts(item)}

    def runs(self, known: Mapping[str, Any]) -> Iterator[tuple[str, set[State]]]:
        """For each fact, the states it moves through while the other facts stand still."""
        # a product that is left a sum would be given other candidates, which is not for a shortcut to decide
        shorter = [(form, form.given(known, self.component.inputs)) for form in self.component.forms]
        self.component.forms = [form if short.is_linear and not form.is_linear else short for form, short in shorter]
        self.choices = [_choices(item, known, self.component.inputs) for item in self.items]
        for last in self.component.facts:
            others = [key for key in self.component.facts if key != last]
            for values in assignments(self.component, others, dict(known), last):
                run: set[State] = set()
                for value in candidates(self.component, last, (), values):
                    values[last] = value
                    run.add((self.rest(self.others, values), tuple(_chosen(listed, values) for listed in self.choices)))
                values[last] = None
                yield last, run

    def offsets(self, state: State) -> Iterable[tuple[int, ...]]:
        """For each banded item, where each of its possible points moves the state."""
        return [
            tuple(self.place(item, value) for value in possible_points(amount)) for item, amount in zip(self.items, state[1], strict=True)
        ]

    def moves(self, one: State, other: State) -> set[frozenset[int]]:
        """Steps from one state to another: a person's points stay the same where the bracket does."""
        choices = [
            [(value, value) for value in values] if before is after else list(product(values, targets))
            for before, after, values, targets in zip(one[1], other[1], self.offsets(one), self.offsets(other), strict=True)
        ]
        return {
            frozenset((one[0] + sum(start for start, _ in combination), other[0] + sum(end for _, end in combination)))
            for combination in product(*choices)
        }

    def judged(self, state: State) -> None:
        """The outcomes of one state, and what a person's points alone can change in it."""
        offsets = list(self.offsets(state))
        self.component.outcomes |= {state[0] + sum(combination) for combination in product(*offsets)}
        for index, amount in enumerate(state[1]):
            if isinstance(amount, Expert):
                fixed = product(*(offsets[:index] + offsets[index + 1 :]))
                self.component.lines[amount.key] |= {frozenset(state[0] + sum(rest) + own for own in offsets[index]) for rest in fixed}


def _order(state: State) -> tuple[int, ...]:
    return (state[0], *map(id, state[1]))


def _amounts(item: OpenItem) -> list[Amount]:
    node = item.node
    return [*(amount for _, amount in node.cases), node.otherwise] if isinstance(node, Choose) else [node]


def _choices(item: OpenItem, known: Mapping[str, Any], missing: Sequence[str]) -> list[tuple[Callable[[Mapping[str, Any]], bool], Amount]]:
    """Each bracket of an item with the question whether complete facts fall in it, unless they fall in one before."""
    node = item.node
    if not isinstance(node, Choose):
        return [(lambda _: True, node)]
    return [*((_question(rule, known, missing), amount) for rule, amount in node.cases), (lambda _: True, node.otherwise)]


def _question(rule: Rule, known: Mapping[str, Any], missing: Sequence[str]) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a rule is known to hold, over the missing inputs alone."""
    if not isinstance(rule, Compare):
        return lambda values: bool(answer(rule, values))
    form, *divisors = [found.given(known, missing) for found in (rule.form, *rule.divisors)]
    return lambda values: form.at(values) >= 0 and all(divisor.at(values) >= 0 for divisor in divisors)


def _chosen(choices: list[tuple[Callable[[Mapping[str, Any]], bool], Amount]], values: Mapping[str, Any]) -> Amount:
    """The bracket of an item for complete facts."""
    return next(amount for holds, amount in choices if holds(values))
