"""The outcomes of the components of one firm: what its missing inputs can bring about part by part, together and alone.

An outcome is a vector over the parts of a component: points above the lowest of a score item, 0 or 1 of a question.
A *line* holds the outcomes that one input runs through while the others stand still. Components with the same mark
share their outcomes, so that one enumeration serves thousands of firms (see ``marks``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, product
from math import prod
from operator import mul
from typing import Any

import numpy as np
import numpy.typing as npt

from tidu.kernel.bands import Bands
from tidu.kernel.completions import BUDGET, Component, Part, components_of, possible_points, split_off
from tidu.kernel.marks import Mark, mark_of
from tidu.kernel.residual import OpenItem
from tidu.kernel.trial_values import assignments, candidates

MOST_ENTWINED = 2
"""Most missing amounts of one component whose breakpoints depend on one another."""

MOST_REMEMBERED = 100_000

Vector = tuple[int, ...]
Line = frozenset[Vector]
Outcomes = tuple[frozenset[Vector], Mapping[str, frozenset[Line]]]
"""All outcomes of a component, and for each of its inputs the lines along it."""

_remembered: dict[Any, Outcomes] = {}


class _Blank(dict[str, Any]):
    """Known values in which an input not yet given reads as one, only to estimate a cost."""

    def __missing__(self, key: str) -> int:
        return 1


def taken_apart(parts: Iterable[Part]) -> list[Component]:
    """Components, split where that is exact."""
    found: list[Component] = []
    for component in components_of(parts):
        found.extend(split_off(component) if len(component.inputs) > 2 else [component])
    return found


def too_entwined(component: Component) -> bool:
    """Whether a component is too large to enumerate whatever the amounts are."""
    return len(component.facts) > 2 and not component.is_plain and len(component.entwined) > MOST_ENTWINED


@dataclass
class Enumeration:
    """Components over the inputs of one firm."""

    known: Mapping[str, Any]

    def components(self, parts: Iterable[Part]) -> list[Component]:
        """Components, split where that is exact, and taken apart where they would be too large to enumerate."""
        return self.affordable(taken_apart(parts))

    def affordable(self, components: Iterable[Component]) -> list[Component]:
        """What is too large to enumerate part by part, the rest as it is."""
        found: list[Component] = []
        for component in components:
            # what one part costs is asked when it is known whether it is marked
            whole = len(component.parts) == 1 or self.cost(component) <= BUDGET
            found.extend([component] if whole else [Component(part.inputs, (part,)) for part in component.parts])
        return found

    def cost(self, component: Component) -> int:
        """Roughly how many combinations an enumeration takes."""
        if len(component.facts) < 3:
            return 0
        if too_entwined(component):
            return BUDGET + 1
        facts = component.facts
        return prod(len(candidates(component, key, [other for other in facts if other != key], _Blank(self.known))) for key in facts)

    def is_free(self, component: Component) -> bool:
        """Whether a lone part is taken to reach every outcome by each input alone: exactly so, or as too many to try."""
        return component.is_free or (len(component.parts) == 1 and self.cost(component) > BUDGET)

    def mark(self, component: Component, *, free: bool) -> Mark | None:
        """The mark of a component, where looking for it is worth while."""
        if component.forms or len(component.inputs) > 1 or len(component.domains[component.inputs[0]]) > 2:
            return mark_of(component, self.known, free=free)
        return None

    def outcomes(self, component: Component) -> Outcomes:
        """The outcomes of a component; a known mark is not worked out again."""
        free = self.is_free(component)
        return self.marked(component, self.mark(component, free=free), free=free)

    def marked(self, component: Component, mark: Mark | None, *, free: bool) -> Outcomes:
        """The outcomes of a component whose mark has been looked for."""
        found = _remembered.get(mark) if mark is not None else None
        if found is None:
            found = self.worked_out(component, free=free)
            if mark is not None and len(_remembered) < MOST_REMEMBERED:
                _remembered[mark] = found
        return found

    def worked_out(self, component: Component, *, free: bool) -> Outcomes:
        """The outcomes of a component by enumeration; the component itself stays as it is."""
        component = Component(component.inputs, component.parts)
        radices = [part.high - part.low + 1 if isinstance(part, OpenItem) else 2 for part in component.parts]
        strides = list(accumulate(radices[:-1], mul, initial=1))
        Digits(component, self.known, {id(part): stride for part, stride in zip(component.parts, strides, strict=True)}).fill(free=free)

        vectors: dict[int, Vector] = {}

        def vector(offset: int) -> Vector:
            found = vectors.get(offset)
            if found is None:
                found = vectors[offset] = tuple([offset // stride % radix for stride, radix in zip(strides, radices, strict=True)])
            return found

        lines = {key: frozenset(frozenset(map(vector, line)) for line in listed) for key, listed in component.lines.items()}
        return frozenset(map(vector, component.outcomes)), lines


@dataclass
class Digits:
    """Enumerates one component, an outcome written as one number: ``step`` is the stride of each part."""

    component: Component
    known: Mapping[str, Any]
    step: Mapping[int, int]
    asked: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def fill(self, *, free: bool) -> None:
        """Fill in outcomes and lines."""
        component = self.component
        if component.bands:
            Bands(component, self.place, self.offset).fill(self.known, free=free)
            return
        if free:
            part = component.parts[0]
            reach = possible_points(part.node) if isinstance(part, OpenItem) else {0, 1}
            low = part.low if isinstance(part, OpenItem) else 0
            component.outcomes = {(value - low) * self.step[id(part)] for value in reach}
            component.lines = {key: {frozenset(component.outcomes)} for key in component.inputs}
            return
        if component.is_plain:
            self.grid()
            return
        for last in component.inputs:
            self.along(last)

    def along(self, last: str) -> None:
        """The lines along one input, whose breakpoints are exact once the others are given."""
        component = self.component
        lines: set[frozenset[int]] = set()
        others = [key for key in component.inputs if key != last]
        for values in assignments(component, others, dict(self.known), last):
            line: set[int] = set()
            for value in candidates(component, last, (), values):
                values[last] = value
                line.add(self.offset(component, values))
            values[last] = None
            component.outcomes |= line
            if len(line) > 1:
                lines.add(frozenset(line))
        component.lines[last] = lines

    def grid(self) -> None:
        """Every combination once, where breakpoints do not depend on one another: each part asked over its own inputs only."""
        component = self.component
        choices = {key: candidates(component, key, (), self.known) for key in component.inputs}
        most = sum(step * (part.high - part.low if isinstance(part, OpenItem) else 1) for part, step in self.steps())
        total = np.zeros([len(listed) for listed in choices.values()], np.int64 if most < 2**62 else object)
        for part, step in self.steps():
            total += self.table(part, step, choices, total.dtype)
        component.outcomes = set(total.ravel().tolist())
        for index, (key, listed) in enumerate(choices.items()):
            lines = set(map(frozenset, np.moveaxis(total, index, -1).reshape(-1, len(listed)).tolist()))
            component.lines[key] = {line for line in lines if len(line) > 1}

    def table(self, part: Part, step: int, choices: Mapping[str, list[Any]], kind: Any) -> npt.NDArray[Any]:
        """Where each combination of the inputs of one part stands, with one place for every other input."""
        own = [key for key in choices if key in part.inputs]
        values = dict(self.known)
        found: list[int] = []
        for combination in product(*(choices[key] for key in own)):
            values.update(zip(own, combination, strict=True))
            found.append(self.gain(part, values) * step)
        return np.array(found, kind).reshape([len(listed) if key in own else 1 for key, listed in choices.items()])

    def steps(self) -> list[tuple[Part, int]]:
        """The parts with their strides."""
        return [(part, self.step[id(part)]) for part in self.component.parts]

    @staticmethod
    def gain(part: Part, values: Mapping[str, Any]) -> int:
        """What a part gives once its inputs are given: points above its lowest, 0 or 1."""
        return part.extra(values) if isinstance(part, OpenItem) else int(part.holds(values))

    def place(self, item: OpenItem, value: int) -> int:
        """Where so many points of an item stand."""
        return (value - item.low) * self.step[id(item)]

    def offset(self, component: Component, values: Mapping[str, Any]) -> int:
        """Where complete values of a component stand; a part is asked once for the same values of its own inputs."""
        total = 0
        for part in component.parts:
            own = (id(part), *[values[key] for key in part.inputs])
            found = self.asked.get(own)
            if found is None:
                found = self.asked[own] = self.gain(part, values) * self.step[id(part)]
            total += found
        return total
