"""From a firm's stored facts to the inputs a rule reads, at one moment.

An input is a fact at a distance from the assessment year, a derived fact, or the answer of a question about events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tidu.kernel.decisive import outlook
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR, split_key
from tidu.kernel.facts import Kind
from tidu.kernel.intellectual_property import COUNTS, REGISTER, derived_counts
from tidu.kernel.packs import SINCE_LAST_YEAR, EventTest, PackSet
from tidu.kernel.population import Firm, Value
from tidu.kernel.truth import answer

EVENT_PREFIX = "事项:"
MANUAL_PREFIX = "人工:"
REGISTRATION_CLASSES = {"91": "企业", "92": "个体工商户", "93": "农民专业合作社"}
"""The first two characters of a credit code (GB 32100) name the registry and the kind of entity."""

Known = dict[str, int | bool | str | None]


@dataclass(frozen=True, slots=True)
class Moment:
    """The two dates of an evaluation: which law, and facts as of which day; 上年度 is the year before the latter."""

    law_date: date
    facts_as_of: date

    @property
    def year(self) -> int:
        """上年度."""
        return self.facts_as_of.year - 1


def years_before(day: date, years: int) -> date:
    """The same day ``years`` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def first_day(within: int, moment: Moment) -> date:
    """The first day that counts for an event test: so many years back, or 1 January of 上年度."""
    return date(moment.year, 1, 1) if within == SINCE_LAST_YEAR else years_before(moment.facts_as_of, within)


def plain(value: Value) -> int | bool | str | None:
    """A stored value as rules read it: dates become day numbers."""
    return value.toordinal() if isinstance(value, date) else value


def derived_class(code: object, prefixes: Mapping[str, str]) -> str | None:
    """The class of a code by its longest matching prefix; None where the code is unknown or too coarse to tell.

    A letter before digits (``I6510``) only repeats the section and is left out.
    """
    if not isinstance(code, str) or not code:
        return None
    plain_code = code[1:] if code[0].isalpha() and len(code) > 1 else code
    for length in range(len(plain_code), 0, -1):
        found = prefixes.get(plain_code[:length])
        if found is not None:
            return found
    return None


def event_counts(test: EventTest, row: Mapping[str, Value], moment: Moment) -> bool | None:
    """Whether one event passes a test: None where a field it needs is unknown."""
    today = moment.facts_as_of
    dated = row.get(test.date_field)
    if isinstance(dated, date) and dated > today:
        return False
    answers: list[bool | None] = []
    if test.within is not None:
        answers.append(dated >= first_day(test.within, moment) if isinstance(dated, date) else None)
    if test.valid:
        until = row.get("有效期至")
        answers.append(until >= today if isinstance(until, date) else True)
    if test.where is not None:
        values = _values(row, moment)
        found = answer(test.where, values)
        answers.append(outlook(test.where, values).answer if found is None else found)
    if False in answers:
        return False
    return None if None in answers else True


def event_answer(test: EventTest, rows: Iterable[Mapping[str, Value]], moment: Moment) -> bool | None:
    """Whether enough events pass; None where unknown fields could still bring enough."""
    answers = [event_counts(test, row, moment) for row in rows]
    if answers.count(True) >= test.at_least:
        return True
    return None if answers.count(True) + answers.count(None) >= test.at_least else False


def unknown_fields(test: EventTest, rows: Iterable[Mapping[str, Value]], moment: Moment) -> list[str]:
    """Fields that, filled in, can decide an event question: those that decide whether an open row counts."""
    found: dict[str, None] = {}
    for row in rows:
        if event_counts(test, row, moment) is not None:
            continue
        if test.where is not None:
            deciding = outlook(test.where, _values(row, moment)).decisive
            found.update((name, None) for name in sorted(split_key(key)[0] for key in deciding))
        if test.within is not None and row.get(test.date_field) is None:
            found[test.date_field] = None
    return list(found)


def _values(row: Mapping[str, Value], moment: Moment) -> dict[str, int | bool | str | None]:
    day: dict[str, int | bool | str | None] = {ASSESSMENT_YEAR: moment.year, ASSESSMENT_DAY: moment.facts_as_of.toordinal()}
    return day | {name: plain(value) for name, value in row.items()}


class FirmInputs:
    """The inputs of one firm at one moment, computed once each and shared by all standards."""

    def __init__(self, firm: Firm, moment: Moment, packs: PackSet) -> None:
        self.firm, self.moment, self.packs = firm, moment, packs
        self.known: Known = {ASSESSMENT_YEAR: moment.year, ASSESSMENT_DAY: moment.facts_as_of.toordinal()}
        self._counts: dict[str, int | None] | None = None

    def fill(self, keys: Iterable[str], tests: Mapping[str, EventTest]) -> Known:
        """The inputs with all of ``keys`` looked up (None: unknown)."""
        for key in keys:
            if key not in self.known:
                self.known[key] = self.value(key, tests)
        return self.known

    def value(self, key: str, tests: Mapping[str, EventTest]) -> int | bool | str | None:
        """One input."""
        if key.startswith(EVENT_PREFIX):
            test = tests[key]
            return event_answer(test, self.firm.events.get(test.event, ()), self.moment)
        if key.startswith(MANUAL_PREFIX):
            return None
        name, shift = split_key(key)
        mapping = self.packs.mappings.get(name)
        if mapping is not None:
            return derived_class(self.firm.facts.get(mapping[0]), mapping[1])
        if name in COUNTS and self.firm.events.get(REGISTER):
            return self.counts()[name]
        fact = self.packs.scope.catalogue.facts.get(name)
        if fact is not None and fact.kind is Kind.YEAR:
            return plain(self.firm.years.get(self.moment.year - shift, {}).get(name))
        found = self.firm.facts.get(name)
        if found is None and name in COUNTS:
            fallback = COUNTS[name].fallback
            found = self.firm.facts.get(fallback) if fallback else None
        if found is None and name == "市场主体类型":
            found = REGISTRATION_CLASSES.get(self.firm.code[:2])
        return plain(found)

    def counts(self) -> dict[str, int | None]:
        """Counts of intellectual property derived from the register."""
        if self._counts is None:
            self._counts = derived_counts(self.firm.events[REGISTER], self.moment.facts_as_of)
        return self._counts
