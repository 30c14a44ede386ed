"""What the standards in force say of the answers, with the exact inputs that can still change each verdict.

``assess`` names missing facts; here the inputs themselves are needed (研发费用@1, 事项:认定…), since an input that was
never asked about is a question to be asked and not only a fact to be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.firms import AnsweredInputs, Told
from tidu.apps.calculator.domain.memory import Memory
from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.apps.calculator.domain.questions import Field
from tidu.apps.calculator.domain.shortfalls import Failing, effort, failing_criteria
from tidu.kernel.decisive import outlook
from tidu.kernel.expressions import input_key, split_key
from tidu.kernel.gap import unmet_entries
from tidu.kernel.inputs import EVENT_PREFIX, Moment, unknown_fields
from tidu.kernel.interpret import MANUAL, MET, UNKNOWN, UNMET, Score, manual_texts, score_of, standard_keys
from tidu.kernel.packs import EventTest, PackSet, Standard
from tidu.kernel.residual import FREE, faulty_divisors
from tidu.kernel.traces import Tracer, is_manual

NEW, REVIEW = "new", "review"
APPLICATIONS = (NEW, REVIEW)


@dataclass(frozen=True, eq=False)
class Judged:
    """One standard: ``decisive`` are the inputs (without a person's judgements) that can change the verdict now."""

    standard: Standard
    verdict: str
    value: str | None
    score: Score | None
    decisive: frozenset[str]
    manual: tuple[str, ...]
    unmet: tuple[dict[str, Any], ...]
    failing: tuple[Failing, ...]
    prerequisites: tuple[tuple[str, str, bool | None], ...]
    known: Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One visitor's answers under the packs at a moment; everything is worked out once."""

    told: Told
    packs: PackSet
    application: str = NEW

    @property
    def answers(self) -> Answers:
        """What was answered."""
        return self.told.answers

    @property
    def moment(self) -> Moment:
        """The two dates."""
        return self.told.moment

    @cached_property
    def inputs(self) -> AnsweredInputs:
        """The inputs of the rules."""
        return self.told.inputs(self.packs)

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        """Every standard in force."""
        standards = self.packs.in_force(law_date=self.moment.law_date, application=self.application)
        return tuple(judge(self.inputs, standard) for standard in standards)

    def fields_of(self, key: str, tests: Mapping[str, EventTest]) -> tuple[Field, ...]:
        """The fields that give an input, answered or not; none where a person must judge it."""
        known = questionnaire()
        if is_manual(key):
            return ()
        if key.startswith(FREE):
            return tuple(field for divisor in faulty_divisors(key) for field in self.fields_of(divisor, tests))
        if key.startswith(EVENT_PREFIX):
            return self.event_fields(tests[key])
        name, shift = split_key(key)
        if name in self.packs.mappings:
            return known.by_key.get(self.packs.mappings[name][0], ())
        fact = self.packs.scope.catalogue.facts.get(name)
        return known.by_key.get(input_key(fact, shift), ()) if fact is not None else ()

    def event_fields(self, test: EventTest) -> tuple[Field, ...]:
        """Where an answer about events is told: the checkboxes, or the columns of rows that leave it open."""
        if test.event in self.told.untold:
            found = questionnaire().by_event.get(test.event)
            return (found,) if found is not None else ()
        rows = self.told.firm.events.get(test.event, ())
        return tuple(
            field
            for column in unknown_fields(test, rows, self.moment)
            for field in self.column_fields(test.event, column)
            if field.column in unknown_fields(test, [self.told.row_behind(field)], self.moment)
        )

    def column_fields(self, event: str, column: str) -> tuple[Field, ...]:
        """The blanks of a column in the rows that are told; the checkboxes where the type is untold."""
        known = questionnaire()
        checks = known.by_event.get(event)
        if checks is None:
            return ()
        if event in self.told.untold:
            return (checks,)
        found: list[Field] = []
        for option in (checks.option(name) for name in self.answers.chosen(checks.name)):
            question = known.questions.get(option.opens)
            if option.event != event or question is None:
                continue
            rows = [row for row in range(1, question.rows + 1) if row == 1 or self._row_told(question.row_fields(row))]
            here = [field for field in question.fields if field.column == column]
            found += [field for field in here if (field.title == option.id if field.title else field.row in rows)]
        return tuple(found)

    def _row_told(self, fields: tuple[Field, ...]) -> bool:
        return any(self.answers.has(field.name) for field in fields)

    def askable(self, field: Field) -> bool:
        """Whether a field is blank and its question can be shown."""
        known = questionnaire()
        return not self.answers.has(field.name) and self.answers.is_open(known.questions[field.question], known)


_remembered: Memory[Judged] = Memory(4096)


def case_of(answers: Answers, packs: PackSet, moment: Moment, application: str = NEW) -> Case:
    """The case of some answers."""
    return Case(Told(answers, moment), packs, application)


def judge(inputs: AnsweredInputs, standard: Standard) -> Judged:
    """One standard over the answers; remembered by the values it reads."""
    keys = standard_keys(standard)
    known = inputs.fill(keys, standard.tests)
    values = tuple(known[key] for key in keys)
    return _remembered.get((standard, inputs.moment, values), lambda: _judge(inputs, standard, dict(zip(keys, values, strict=True))))


def _judge(inputs: AnsweredInputs, standard: Standard, known: dict[str, Any]) -> Judged:
    tracer = Tracer(known, inputs.moment, inputs.packs.scope.catalogue, standard.tests)
    if standard.classes:
        value, keys = _class_of(standard, known)
        return Judged(standard, MET if value else UNKNOWN, value, None, keys, (), (), (), (), known)
    found = outlook(standard.requires, known)
    decisive = frozenset(key for key in found.decisive if not is_manual(key)) if found.answer is None else frozenset()
    verdict = MET if found.answer else UNMET if found.answer is False else UNKNOWN if decisive else MANUAL
    return Judged(
        standard,
        verdict,
        None,
        score_of(standard, tracer),
        decisive,
        manual_texts(standard.requires, found),
        () if verdict == MET else tuple(unmet_entries(standard, tracer)),
        failing_criteria(standard, tracer, effort(inputs.packs)) if verdict == UNMET else (),
        tuple((rule.label.id, rule.label.text, tracer.answer(rule)) for rule in standard.prerequisites),
        known,
    )


def _class_of(standard: Standard, known: Mapping[str, Any]) -> tuple[str | None, frozenset[str]]:
    """The size class, as ``assess`` finds it, with the inputs that leave it open."""
    industry = known.get("划型行业")
    if industry is None:
        return None, frozenset({"划型行业"})
    if industry == "不适用":
        return "不适用", frozenset()
    keys: frozenset[str] = frozenset()
    is_open = False
    for name, rule in standard.classes:
        found = outlook(rule, known)
        if found.answer is None:
            keys, is_open = keys | found.decisive, True
        elif found.answer:
            return (None, keys) if is_open else (name, frozenset())
    return (None, keys) if is_open else (standard.rest, frozenset())
