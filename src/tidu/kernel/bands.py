"""Score items whose bracket facts choose and within whose bracket a person gives the points.

Only one bracket's points matter at a time, so the person's inputs are never enumerated together: along one fact the
answer moves between brackets (each with any of its points), along a person's input within one bracket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any

from tidu.kernel.algebra import Form
from tidu.kernel.completions import Component, possible_points
from tidu.kernel.residual import OpenItem
from tidu.kernel.rules import Amount, Choose, Compare, Expert, Rule
from tidu.kernel.trial_values import Levels, assignments, between, levels_at, roots_of, sliced_along
from tidu.kernel.truth import answer

State = tuple[int, tuple[Amount, ...]]
"""Where everything else stands, and the bracket of each banded item."""

Question = tuple[int, ...] | Callable[[Mapping[str, Any]], bool]
"""Places of the comparisons that must hold, or what to ask of complete facts."""

Choice = tuple[Question, Amount]


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
        self.known: Mapping[str, Any] = {}
        self.forms: list[Form] = []
        self.led_to: dict[tuple[bool, ...], State] = {}
        self.moved: dict[tuple[Amount, ...], list[tuple[int, ...]]] = {}

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
        component = self.component
        shorter = [(form, form.given(known, component.inputs)) for form in component.forms]
        numbers = {(short.terms, short.constant): short for _, short in shorter}
        self.known, self.forms = known, [*numbers.values()]
        # a product that is left a sum would be given other candidates, which is not for a shortcut to decide
        component.forms = [form if short.is_linear and not form.is_linear else short for form, short in shorter]
        choices = [self.choices(item) for item in self.items]
        compared = [self.question(leaf) for part in self.others.parts for leaf in part.leaves]
        compared += [question for listed in choices for question, _ in listed]
        by_answers = all(isinstance(question, tuple) for question in compared)
        for last in component.facts:
            others = [key for key in component.facts if key != last]
            sliced = [sliced_along(form, last) for form in self.forms]
            for values in assignments(component, others, dict(known), last):
                run: set[State] = set()
                levels = [levels_at(slices, values) for slices in sliced]
                for value in self.candidates(last, levels[: len(numbers)]):
                    values[last] = value
                    holds = [
                        (square * value + slope) * value + rest >= 0 if square or slope else rest >= 0 for rest, slope, square in levels
                    ]
                    run.add(self.state(choices, tuple(holds), values, by_answers=by_answers))
                values[last] = None
                yield last, run

    def state(self, choices: list[list[Choice]], holds: tuple[bool, ...], values: Mapping[str, Any], *, by_answers: bool) -> State:
        """The state for complete facts; where comparisons are all that is asked, their answers lead to it (``by_answers``)."""
        found = self.led_to.get(holds) if by_answers else None
        if found is None:
            found = (self.rest(self.others, values), tuple(_chosen(listed, holds, values) for listed in choices))
            self.led_to[holds] = found
        return found

    def candidates(self, last: str, levels: Sequence[Levels]) -> list[Any]:
        """Values of the input varied last, given how each comparison runs along it."""
        domain = self.component.domains[last]
        if isinstance(domain, list):
            return domain
        return between(domain, set().union(*(roots_of(square, slope, rest) for rest, slope, square in levels)))

    def choices(self, item: OpenItem) -> list[Choice]:
        """Each bracket of an item with the question whether complete facts fall in it, unless they fall in one before."""
        node = item.node
        if not isinstance(node, Choose):
            return [((), node)]
        return [*((self.question(rule), amount) for rule, amount in node.cases), ((), node.otherwise)]

    def question(self, rule: Rule | Amount) -> Question:
        """What has to hold: comparisons by their place among the forms; they are added where only a bracket asks them."""
        if not isinstance(rule, Compare):
            return lambda values: bool(answer(rule, values))
        places: list[int] = []
        for form in (rule.form, *rule.divisors):
            short = form.given(self.known, self.component.inputs)
            place = next(
                (at for at, other in enumerate(self.forms) if (other.terms, other.constant) == (short.terms, short.constant)), None
            )
            places.append(len(self.forms) if place is None else place)
            if place is None:
                self.forms.append(short)
        return tuple(places)

    def offsets(self, state: State) -> list[tuple[int, ...]]:
        """For each banded item, where each of its possible points moves the state."""
        found = self.moved.get(state[1])
        if found is None:
            found = self.moved[state[1]] = [
                tuple(self.place(item, value) for value in possible_points(amount))
                for item, amount in zip(self.items, state[1], strict=True)
            ]
        return found

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
        offsets = self.offsets(state)
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


def _chosen(listed: list[Choice], holds: Sequence[bool], values: Mapping[str, Any]) -> Amount:
    """The bracket of an item for complete facts."""
    for question, amount in listed:
        if all(holds[place] for place in question) if isinstance(question, tuple) else question(values):
            return amount
    raise ValueError("the last bracket asks nothing")
