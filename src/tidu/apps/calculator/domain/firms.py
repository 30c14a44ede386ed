"""Answers as a firm that the kernel can judge, and as the workbook that ``tidu assess`` reads.

The kernel takes registers of events as complete. Here a type of event that was not asked yet, or was answered with
不清楚, is unknown: ``AnsweredInputs`` answers None to every question about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.apps.calculator.domain.questions import Field, FieldKind, Option
from tidu.exchange.layout import LayoutColumn, written_text
from tidu.kernel.facts import EVENT_TYPE, FIRM_CODE, FIRM_NAME, YEAR, Fact, Kind, catalogue
from tidu.kernel.inputs import EVENT_PREFIX, FirmInputs, Moment
from tidu.kernel.packs import EventTest, PackSet
from tidu.kernel.population import Firm, Value

Rows = dict[str, list[dict[str, Value]]]
NO_CODE = "91420114MA4L000000"
"""Stands in a downloaded workbook where no code was told; the reader remarks on its check character."""


class AnsweredInputs(FirmInputs):
    """A firm's inputs where the events of ``untold`` types are unknown rather than absent."""

    def __init__(self, firm: Firm, moment: Moment, packs: PackSet, untold: frozenset[str]) -> None:
        super().__init__(firm, moment, packs)
        self.untold = untold

    def value(self, key: str, tests: Mapping[str, EventTest]) -> int | bool | str | None:
        """One input; None for events that nobody was asked about."""
        if key.startswith(EVENT_PREFIX) and tests[key].event in self.untold:
            return None
        return super().value(key, tests)


@dataclass(frozen=True)
class Told:
    """A visitor's firm at a moment: what is known of it, and the event types that are not told yet."""

    answers: Answers
    moment: Moment

    @cached_property
    def firm(self) -> Firm:
        """The firm; events of untold types are left out."""
        facts: dict[str, Value] = {}
        years: dict[int, dict[str, Value]] = {}
        for name, value in self.answers.given.items():
            field = questionnaire().fields[name]
            if value is None or field.row or field.title:
                continue
            if field.fact is not None:
                stored = field.option(value).value if isinstance(value, str) and field.options else value
                _place(field, stored, facts, years, self.moment.year)
            for option in field.options:
                if option.id in self.answers.chosen(name):
                    facts.update(option.facts)
        return Firm(self.answers.code, self.answers.name, facts, years, {}, self._events(years))

    @cached_property
    def untold(self) -> frozenset[str]:
        """Event types that can be asked about and were not answered."""
        return frozenset(event for event, field in questionnaire().by_event.items() if self.answers.given.get(field.name) is None)

    def inputs(self, packs: PackSet) -> AnsweredInputs:
        """The inputs of the rules."""
        return AnsweredInputs(self.firm, self.moment, packs, self.untold)

    def _events(self, years: dict[int, dict[str, Value]]) -> Rows:
        events: Rows = {}
        known = questionnaire()
        for field in known.fields.values():
            if field.kind is not FieldKind.CHECKS:
                continue
            for name in self.answers.chosen(field.name):
                option = field.option(name)
                events.setdefault(option.event, []).extend(self._rows(option, years))
        return events

    def _rows(self, option: Option, years: dict[int, dict[str, Value]]) -> list[dict[str, Value]]:
        """The events behind one choice: the first always, further ones where something of them is told."""
        question = questionnaire().questions.get(option.opens)
        if question is None:
            return [dict(option.sets)]
        if not question.event:
            own = [field for field in question.fields if field.title == option.id]
            return [{**option.sets, **self._row(own)}]
        rows: list[dict[str, Value]] = []
        for number in range(1, question.rows + 1):
            fields = question.row_fields(number)
            if number == 1 or any(self.answers.has(field.name) for field in fields):
                row = {**option.sets, **self._row(fields)}
                rows.append(row)
                self._year_facts(fields, row, years)
        return rows

    def row_behind(self, field: Field) -> dict[str, Value]:
        """The event that a field of a row, or the date of a title, belongs to."""
        question = questionnaire().questions[field.question]
        if field.title:
            own = [other for other in question.fields if other.title == field.title]
            return {**questionnaire().fields[question.of].option(field.title).sets, **self._row(own)}
        return self._row(question.row_fields(field.row))

    def _row(self, fields: tuple[Field, ...] | list[Field]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for field in fields:
            value = self.answers.given.get(field.name)
            if field.column and value is not None and not isinstance(value, tuple):
                found[field.column] = field.option(value).value if isinstance(value, str) and field.options else value
        return found

    def _year_facts(self, fields: tuple[Field, ...], row: Mapping[str, Value], years: dict[int, dict[str, Value]]) -> None:
        """Facts of the year that a row names; two rows that contradict each other leave the fact unknown."""
        year = row.get(YEAR)
        for field in fields:
            value = self.answers.given.get(field.name)
            if not field.year_fact or value is None or not isinstance(value, bool) or not isinstance(year, int):
                continue
            told = years.setdefault(year, {})
            told[field.year_fact] = value if told.get(field.year_fact, value) is value else None


def _place(field: Field, value: Any, facts: dict[str, Value], years: dict[int, dict[str, Value]], last_year: int) -> None:
    if field.fact is None:
        return
    if field.fact.kind is Kind.YEAR:
        years.setdefault(last_year - (field.shift or 0), {})[field.fact.name] = value
    else:
        facts[field.fact.name] = value


def with_untold_rows(firm: Firm, untold: frozenset[str]) -> Firm:
    """The firm with one event of unknown content for every untold type: it may have happened, or not."""
    rows: dict[str, list[dict[str, Value]]] = {event: [{}] for event in sorted(untold)}
    return replace(firm, events={**firm.events, **rows})


def as_workbook(answers: Answers, moment: Moment) -> dict[str, Any]:
    """The answers as the JSON workbook that ``tidu assess`` reads: what was entered, to take along.

    Types of events that were not told are absent there, which ``tidu assess`` takes as “did not happen”.
    """
    firm, facts = Told(answers, moment).firm, catalogue()
    events = [{EVENT_TYPE: event, **_titled(row, facts.events[event].fields)} for event, rows in firm.events.items() for row in rows]
    years = [{YEAR: year, **_titled(row, facts.facts)} for year, row in sorted(firm.years.items())]
    head = {FIRM_CODE: firm.code or NO_CODE, FIRM_NAME: firm.name or "未填写"}
    return {"firms": [{**head, **_titled(firm.facts, facts.facts), "年度数据": years, "事项": events}]}


def _titled(row: Mapping[str, Value], facts: Mapping[str, Fact]) -> dict[str, str]:
    """Values under titles that name their unit: a bare 0.05 may be read as a share or as a percentage."""
    told = {name: value for name, value in row.items() if value is not None}
    return {LayoutColumn(facts[name], {}).title: _cell(value, facts[name]) for name, value in told.items()}


def _cell(value: Value, fact: Fact) -> str:
    return value.isoformat() if isinstance(value, date) else written_text(value, fact)
