"""Firms drawn from a seed to try the engines: a fifth of the facts missing, zeros, negatives, and values on every bound."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tidu.kernel.compile_polars import leaf_identity
from tidu.kernel.credit_code import check_character
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR, split_key
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, EventType, Fact, Kind, Store, catalogue
from tidu.kernel.inputs import Moment, years_before
from tidu.kernel.packs import EventTest, Standard
from tidu.kernel.population import Firm, Value
from tidu.kernel.quantities import LARGEST_STORED, RATIO
from tidu.kernel.rules import Amount, Compare, Flag, Not, OneOf, Rule, parts_of, walk

MISSING = 0.2
YEARS_KEPT = 4
WILLING = 0.9
"""How often a favourable firm gives the answer that standards wish for."""


def code_of(number: int) -> str:
    """A fictional code with a right check character."""
    stem = f"91420114MA{number:07d}"
    return stem + check_character(stem)


def comparisons_of(standards: Iterable[Standard]) -> list[Compare]:
    """Every different comparison of the given standards."""
    found: dict[Any, Compare] = {}
    for root in roots_of(standards):
        found.update((leaf_identity(node), node) for node in walk(root) if isinstance(node, Compare))
    return list(found.values())


def roots_of(standards: Iterable[Standard]) -> Iterator[Rule | Amount]:
    """Criteria, classes and score items."""
    for standard in standards:
        yield standard.requires
        yield from (rule for _, rule in standard.classes)
        yield from (item.points for item in standard.scores)


def on_bound(node: Compare, fixed: Mapping[str, int], draw: random.Random) -> tuple[str, int, dict[str, int]]:
    """An input, its value for which the form is exactly zero, and the values of the others."""
    form = node.form
    for _ in range(1000):
        others = {key: fixed.get(key, draw.choice([0, 1, draw.randint(1, 60) * 10_000_000])) for key in form.keys}
        key = draw.choice([key for key in form.keys if key not in fixed])
        rest, slope = form.at({**others, key: 0}), form.at({**others, key: 1}) - form.at({**others, key: 0})
        curved = any(monomial.count(key) > 1 for _, monomial in form.terms)
        if curved or not slope or rest % slope:
            continue
        whole = {**others, key: -rest // slope}
        if all(divisor.at(whole) >= 0 for divisor in node.divisors) and (form.bounds[key][0] or 0) <= whole[key] < LARGEST_STORED:
            return key, whole[key], {name: value for name, value in others.items() if name != key and name not in fixed}
    raise AssertionError(f"no firm found on the bound of {node.left.text} {node.op} {node.right.text}")


@dataclass
class Wishes:
    """What criteria and score items wish of yes/no facts, words and events, so that a firm can come near to passing."""

    answers: dict[str, bool] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)

    def of(self, node: Rule | Amount, *, wanted: bool = True) -> None:
        """Note the wishes of a tree."""
        match node:
            case Flag(key, value):
                self.answers[key] = value is wanted
            case OneOf(key, values) if wanted:
                self.words.setdefault(key, []).extend(values)
            case Not(part):
                self.of(part, wanted=not wanted)
            case _:
                for part in parts_of(node):
                    self.of(part, wanted=wanted)


@dataclass
class FirmMaker:
    """Draws firms for the standards at one moment; the same seed gives the same firms."""

    standards: Sequence[Standard]
    moment: Moment
    seed: int
    industries: Sequence[str] = ()
    draw: random.Random = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        self.tests: dict[str, EventTest] = {}
        for standard in self.standards:
            self.tests.update(standard.tests)
        self.fixed = {ASSESSMENT_YEAR: self.moment.year, ASSESSMENT_DAY: self.moment.facts_as_of.toordinal()}
        self.words = self._event_words()
        self.wishes = Wishes()
        for root in roots_of(self.standards):
            self.wishes.of(root)
        self.favour = 0.0

    def _event_words(self) -> dict[tuple[str, str], list[Any]]:
        """Words and bounds that event tests ask for, by event and field."""
        found: dict[tuple[str, str], list[Any]] = {}
        for test in self.tests.values():
            for node in walk(test.where) if test.where is not None else ():
                if isinstance(node, OneOf):
                    found.setdefault((test.event, node.key), []).extend(node.values)
                elif isinstance(node, Compare):
                    key, value, _ = on_bound(node, self.fixed, self.draw)
                    found.setdefault((test.event, key), []).extend(value + step for step in (-1, 0, 1))
        return found

    def random_firm(self, pins: Mapping[str, int] | None = None) -> Firm:
        """One firm, every second one favourable; ``pins`` are inputs with given stored values."""
        self.count += 1
        self.favour = WILLING if self.draw.random() < 0.5 else 0.0
        known = catalogue()
        facts = {fact.name: self.value(fact) for fact in known.of_kind(Kind.FIRM) if fact.name not in {FIRM_CODE, FIRM_NAME}}
        years = {
            self.moment.year - shift: {fact.name: self.value(fact) for fact in known.of_kind(Kind.YEAR)} for shift in range(YEARS_KEPT)
        }
        for key, value in (pins or {}).items():
            name, shift = split_key(key)
            fact = known.facts[name]
            stored: Value = date.fromordinal(value) if fact.store is Store.DATE else value
            if fact.kind is Kind.YEAR:
                years[self.moment.year - shift][name] = stored
            else:
                facts[name] = stored
        events = {
            event.name: [self.row(event) for _ in range(self.draw.choice([1, 1, 2, 3]))]
            for event in known.events.values()
            if self.has_event(event.name) and (event.name != "知识产权" or not pins)
        }
        kept = {year: _known(row) for year, row in years.items()}
        return Firm(code_of(self.count), f"虚构企业{self.count}", _known(facts), kept, {}, events)

    def bound_firms(self) -> Iterator[Firm]:
        """For every bound of every comparison: a firm exactly on it, one stored unit below, one above."""
        for node in comparisons_of(self.standards):
            key, value, others = on_bound(node, self.fixed, self.draw)
            for step in (-1, 0, 1):
                yield self.random_firm({**others, key: value + step})

    def has_event(self, name: str) -> bool:
        """Whether a firm has events of a type."""
        wishes = [self.wishes.answers[key] for key, test in self.tests.items() if test.event == name and key in self.wishes.answers]
        if wishes and self.draw.random() < self.favour:
            return any(wishes)
        return self.draw.random() < 0.3

    def row(self, event: EventType) -> dict[str, Value]:
        """One event with some of its fields."""
        return _known({name: self.field(event.name, fact) for name, fact in event.fields.items()})

    def field(self, event: str, fact: Fact) -> Value:
        """One field of an event, often what a rule asks for."""
        wanted = self.words.get((event, fact.name))
        if wanted and self.draw.random() < 0.6:
            found = self.draw.choice(wanted)
            return date.fromordinal(found) if fact.store is Store.DATE else found  # type: ignore[no-any-return]
        return self.value(fact)

    def value(self, fact: Fact) -> Value:
        """One stored value, or None."""
        draw = self.draw
        if draw.random() < MISSING:
            return None
        match fact.store:
            case Store.BOOLEAN:
                wish = self.wishes.answers.get(fact.name) if draw.random() < self.favour else None
                return draw.random() < 0.6 if wish is None else wish
            case Store.DATE:
                day = years_before(self.moment.facts_as_of, draw.choice([0, 1, 2, 3, 5, 6, 10]))
                return day + timedelta(days=draw.choice([-1, 0, 1, draw.randint(-400, 400)]))
            case Store.TEXT:
                return draw.choice(self.texts(fact))
        return self.integer(fact)

    def texts(self, fact: Fact) -> Sequence[str]:
        """Words a text fact may hold."""
        if fact.name == "国民经济行业代码":
            return self.industries
        if fact.name in self.wishes.words and self.draw.random() < self.favour:
            return self.wishes.words[fact.name]
        return fact.values or ("甲", "乙（武汉）", "")

    def integer(self, fact: Fact) -> int:
        """Zeros, negatives, ends of the domain, and figures of the size of firms."""
        draw = self.draw
        low = fact.lowest if fact.lowest is not None else -(10**12)
        if draw.random() < 0.12:
            return draw.choice([0, 0, -1, -(10**9), low, low if fact.highest is None else fact.highest])
        if fact.unit.dimension == RATIO:
            return draw.randint(0, 1_000_000)
        if fact.highest is not None:
            return draw.randint(low, fact.highest)
        if fact.unit.scale == 1:
            return int(10 ** draw.uniform(0, 3))
        return int(10 ** draw.uniform(8, 12))


def _known(row: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in row.items() if value is not None}
