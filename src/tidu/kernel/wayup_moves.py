"""What a plan may change about one firm: levers as whole-number columns, and the values of inputs in terms of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any

from tidu.kernel.algebra import Form
from tidu.kernel.effort import UP, Effort, Lever
from tidu.kernel.facts import Fact
from tidu.kernel.programme import Programme
from tidu.kernel.rules import Amount, Compare, Flag, Judged, OneOf, Rule, keys_of, leaf_keys, walk
from tidu.kernel.truth import answer

MOST_STEPS = 1_000_000
"""A plan never moves a fact by more steps than this; it keeps the programme's numbers small enough to be exact."""

Value = int | bool | str


@dataclass(frozen=True)
class Linear:
    """A whole-number sum over columns of a programme."""

    constant: int
    terms: Mapping[int, int] = field(default_factory=dict)

    def plus(self, other: Linear, factor: int = 1) -> Linear:
        """This and ``factor`` times another."""
        terms = dict(self.terms)
        for column, coefficient in other.terms.items():
            terms[column] = terms.get(column, 0) + factor * coefficient
        return Linear(self.constant + factor * other.constant, {column: found for column, found in terms.items() if found})

    def span(self, programme: Programme) -> tuple[int, int]:
        """Least and greatest value within the bounds of the columns."""
        low = high = self.constant
        for column, factor in self.terms.items():
            ends = (factor * programme.lows[column], factor * programme.highs[column])
            low, high = low + min(ends), high + max(ends)
        return low, high


class Curved:
    """A form in which two moving or missing facts multiply; no programme of whole numbers holds it."""


@dataclass(frozen=True)
class Steps:
    """A lever by steps: its column, where it starts, and whether that start is only the least favourable value."""

    lever: Lever
    column: int
    base: int
    told: bool

    @property
    def pace(self) -> int:
        """Stored integers per step, signed."""
        return self.lever.direction * self.lever.step


@dataclass(frozen=True)
class Choice:
    """A lever to words: a column for each word on offer, with its effort from where the firm stands."""

    lever: Lever
    columns: Mapping[Value, int]
    efforts: Mapping[Value, Fraction]


def levers_in_play(effort: Effort, keys: Iterable[str]) -> dict[str, Lever]:
    """Levers that move an input of ``keys``, and those that relations to keep tie to them."""
    touched = set(keys)
    found: dict[str, Lever] = {}
    grown = True
    while grown:
        fresh = {key: lever for key, lever in effort.levers.items() if key not in found and touched & {fact.name for fact in lever.moved}}
        found |= fresh
        moved = {fact.name for lever in found.values() for fact in lever.moved}
        tied = {key for relation in effort.keep if moved & keys_of(relation) for key in keys_of(relation)}
        grown = bool(fresh)
        touched |= tied
    return {key: lever for key, lever in effort.levers.items() if key in found}


def missing_inputs(node: Rule | Amount, known: Mapping[str, Any]) -> tuple[str, ...]:
    """Missing inputs of the undecided leaves of a node, in order of appearance."""
    found: dict[str, None] = {}
    for inner in walk(node):
        keys = [key for key in sorted(leaf_keys(inner)) if known.get(key) is None]
        if keys and (not isinstance(inner, Compare | Flag | OneOf | Judged) or answer(inner, known) is None):
            found.update(dict.fromkeys(keys))
    return tuple(found)


class Moves:
    """The levers of one firm as columns of a programme, with what they cost."""

    def __init__(
        self, programme: Programme, known: Mapping[str, Any], effort: Effort, keys: Iterable[str], budget: Fraction | None = None
    ) -> None:
        self.programme, self.known, self.budget = programme, known, budget
        self.steps: dict[str, Steps] = {}
        self.choices: dict[str, Choice] = {}
        self.movers: dict[str, list[Steps]] = {}
        self._used: dict[str, int] = {}
        for key, lever in levers_in_play(effort, keys).items():
            if lever.by_steps:
                self._add_steps(key, lever)
            else:
                self._add_choice(key, lever)
        self._order = [key for key in effort.levers if key in self.steps or key in self.choices]
        for steps in self.steps.values():
            # what moves along is known to rise only where the start is known
            for fact in steps.lever.moved[:1] if steps.told else steps.lever.moved:
                self.movers.setdefault(fact.name, []).append(steps)
        for fact in dict.fromkeys(fact for steps in self.steps.values() for fact in steps.lever.moved):
            self._within_domain(fact)
        for relation in effort.keep:
            self._keep(relation.form)
        self.scale = lcm(*(effort.denominator for effort in self._efforts().values())) if self._efforts() else 1

    def _add_steps(self, key: str, lever: Lever) -> None:
        value = self.known.get(key)
        fact, up = lever.fact, lever.direction == UP
        base = value if value is not None else fact.lowest if up else fact.highest
        if base is None:
            return
        end = fact.highest if up else fact.lowest
        room = [MOST_STEPS]
        if self.budget is not None:
            room.append(int(self.budget / lever.effort))
        if lever.limit is not None:
            room.append(lever.limit // lever.step)
        if end is not None:
            room.append(max(0, abs(end - base) // lever.step if (end - base) * lever.direction > 0 else 0))
        if min(room):
            self.steps[key] = Steps(lever, self.programme.column(min(room)), base, value is None)

    def _add_choice(self, key: str, lever: Lever) -> None:
        value = self.known.get(key)
        done = lever.options.get(value, Fraction(0)) if value is not None else Fraction(0)
        efforts: dict[Value, Fraction] = {word: effort - done for word, effort in lever.options.items() if word != value and effort > done}
        columns: dict[Value, int] = {word: self.programme.column(1) for word in efforts}
        if columns:
            self.choices[key] = Choice(lever, columns, efforts)
            if len(columns) > 1:
                self.programme.row(dict.fromkeys(columns.values(), 1), high=1)

    def _within_domain(self, fact: Fact) -> None:
        """What several levers move together stays within the fact's domain."""
        movers = self.movers.get(fact.name, [])
        value = self.value_of(fact.name)
        if value is None or not movers or (len(movers) == 1 and movers[0].lever.fact is fact):
            return
        low, high = (None if end is None else end - value.constant for end in (fact.lowest, fact.highest))
        self.programme.row(value.terms, low=low, high=high)

    def _keep(self, form: Form) -> None:
        """A relation between facts: not broken where it holds now, nor by values told to be reached."""
        told = [key for key in form.keys if self.known.get(key) is None]
        if not any(key in self.movers for key in form.keys) or any(key not in self.steps for key in told):
            return
        value = Linear(form.constant)
        for coefficient, (key,) in form.terms:
            value = value.plus(self.value_of(key) or Linear(0), coefficient)
        if not told:
            if value.constant >= 0:
                self.programme.row(value.terms, low=-value.constant)
            return
        low = min(value.span(self.programme)[0], 0)
        # binding only where every value that is missing now is told and reached
        self.programme.row({**value.terms, **{self.used(key): low for key in told}}, low=low * len(told) - value.constant)

    def value_of(self, key: str) -> Linear | None:
        """An input after the plan: exact where it is known, the value reached where it is told; None else."""
        value = self.known.get(key)
        own = self.steps.get(key)
        if value is None:
            return Linear(own.base, {own.column: own.pace}) if own else None
        return Linear(int(value), {steps.column: steps.pace for steps in self.movers.get(key, ())})

    def moves_key(self, key: str) -> bool:
        """Whether some lever moves the input."""
        return key in self.movers or key in self.choices

    def least(self, form: Form, sign: bool) -> Linear | Curved | None:
        """``form`` (or ``-1 - form``) at its least over all values of what stays missing; None is unbounded."""
        factors: dict[str, int] = {}
        constant = form.constant
        for coefficient, monomial in form.terms:
            product = coefficient
            loose: list[str] = []
            for key in monomial:
                if self.known.get(key) is None or self.moves_key(key):
                    loose.append(key)
                else:
                    product *= self.known[key]
            if len(loose) > 1:
                return Curved()
            if loose:
                factors[loose[0]] = factors.get(loose[0], 0) + product
            else:
                constant += product
        total = Linear(constant if sign else -constant - 1)
        for key, factor in factors.items():
            part = self._least_part(form, key, factor if sign else -factor)
            if part is None:
                return None
            total = total.plus(part)
        return total

    def _least_part(self, form: Form, key: str, factor: int) -> Linear | None:
        """``factor × key`` at its least; a missing fact helps only in the direction its lever works."""
        own = self.steps.get(key)
        if not factor:
            return Linear(0)
        if self.known.get(key) is None and (own is None or factor * own.pace < 0):
            low, high = form.bounds[key]
            end = low if factor > 0 else high
            return None if end is None else Linear(factor * end)
        value = self.value_of(key)
        return None if value is None else Linear(0).plus(value, factor)

    def used(self, key: str) -> int:
        """A column that is 1 where the lever is used at all."""
        if key not in self._used:
            steps = self.steps.get(key)
            if steps is None:
                columns = self.choices[key].columns.values()
                self._used[key] = used = self.programme.column(1)
                self.programme.row({**dict.fromkeys(columns, -1), used: 1}, low=0)
            else:
                self._used[key] = used = self.programme.column(1)
                self.programme.row({steps.column: -1, used: self.programme.highs[steps.column]}, low=0)
        return self._used[key]

    def in_order(self) -> list[str]:
        """Levers in play, in the order of the catalogue."""
        return list(self._order)

    def columns(self, key: str) -> list[int]:
        """The columns of a lever."""
        return [self.steps[key].column] if key in self.steps else list(self.choices[key].columns.values())

    def _efforts(self) -> dict[int, Fraction]:
        found = {steps.column: steps.lever.effort for steps in self.steps.values()}
        for choice in self.choices.values():
            found |= {column: choice.efforts[word] for word, column in choice.columns.items()}
        return found

    def costs(self) -> dict[int, int]:
        """Effort per column in whole units of ``1 / scale``."""
        return {column: int(effort * self.scale) for column, effort in self._efforts().items()}
