"""The next question: the blank whose answer can decide the most now.

What a choice opened (the contract, the dates of titles) is asked at once. Broad questions (who you are, titles, happenings,
exclusions) come first, as long as anything rests on them. Then conditions that alone can decide a standard count most, points
of a score table by how many can still move, awards by the events that were told. Nothing is asked that cannot change a
verdict or an amount.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tidu.apps.calculator.domain.answers import Answers
from tidu.apps.calculator.domain.awards import AwardItem, AwardsFound, settled
from tidu.apps.calculator.domain.judging import NEW, Case, Judged, case_of
from tidu.apps.calculator.domain.question_reading import questionnaire, year_label
from tidu.apps.calculator.domain.questions import Field, Question
from tidu.apps.calculator.domain.values import written_value
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.residual import Group, Reduction, Residual, Threshold, Turned, opens_of
from tidu.kernel.settle import UNKNOWN

HARD, AWARD, UNTOLD_AWARD, ALTERNATIVE = 240, 180, 60, 36
"""Weights; a point of a score table weighs 12."""
POINT = 12


@dataclass(frozen=True, slots=True)
class Decides:
    """A standard or an award that the question can change now."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A field as it is shown: ``value`` is the text that stands in it, ``wanted`` whether it can decide anything now."""

    field: Field
    label: str
    value: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The next question, with what it can decide (为什么问这个) and how much is left."""

    question: Question
    blanks: tuple[Blank, ...]
    decides: tuple[Decides, ...]
    answered: int
    left: int

    @property
    def why(self) -> str:
        """为什么问这个."""
        names = [f"“{one.name}”" for one in self.decides]
        listed = "、".join(names[:6]) + (f"等 {len(names)} 项" if len(names) > 6 else "")
        return f"回答后可以决定{listed}。" if names else "先知道您是谁，才知道哪些政策与您有关。"


@dataclass
class Weight:
    """What speaks for a question."""

    amount: int
    decides: dict[Decides, None]
    fields: dict[Field, None]


def next_question(answers: Answers, *, packs: PackSet, moment: Moment, asked: Collection[str] = (), application: str = NEW) -> Asked | None:
    """The most decisive question that is still open, or None where nothing that can be asked decides anything.

    ``asked`` are ids of questions that were shown before, whatever was filled in: they are not shown again.
    """
    case = case_of(answers, packs, moment, application)
    return next_of(case, settled(case), asked)


def next_of(case: Case, awards: AwardsFound, asked: Collection[str] = ()) -> Asked | None:
    """The same for a case whose awards are worked out already."""
    weights = open_questions(case, awards, asked)
    known = questionnaire()
    persona = next(iter(known.questions.values()))
    if persona.id not in asked and not any(case.answers.has(field.name) for field in persona.fields):
        return _asked(persona, weights.get(persona.id, Weight(0, {}, dict.fromkeys(persona.fields))), case, len(weights))
    if not weights:
        return None
    best = min(weights, key=lambda name: _rank(known.questions[name], weights[name]))
    return _asked(known.questions[best], weights[best], case, len(weights))


def open_questions(case: Case, awards: AwardsFound, asked: Collection[str] = ()) -> dict[str, Weight]:
    """Every question that can decide something now, by id, with what speaks for it."""
    found: dict[str, Weight] = {}
    for judged in case.judged:
        for field, amount in _standard_weights(judged, case):
            _add(found, field, amount, Decides("standard", judged.standard.name, judged.standard.name), case, asked)
    for award, items in awards.items.items():
        for item in items:
            if item.state == UNKNOWN:
                for field in _award_fields(item, case):
                    decides = Decides("award", award.id, award.title)
                    _add(found, field, UNTOLD_AWARD if item.untold else AWARD, decides, case, asked)
    return found


def _award_fields(item: AwardItem, case: Case) -> tuple[Field, ...]:
    """An award nobody has told an event of is first asked about as such, then about the firm."""
    checks = questionnaire().by_event.get(item.award.event)
    return (checks,) if item.untold and checks is not None and case.askable(checks) else item.fields


def _add(found: dict[str, Weight], field: Field, amount: int, decides: Decides, case: Case, asked: Collection[str]) -> None:
    if field.question in asked or not case.askable(field):
        return
    weight = found.setdefault(field.question, Weight(0, {}, {}))
    weight.amount += amount
    weight.decides[decides] = None
    weight.fields[field] = None


def _rank(question: Question, weight: Weight) -> tuple[int, int, int]:
    """What was just opened by a choice comes first, while it is in mind; then broad questions in their order, then by weight
    per blank (a question of many blanks costs more to answer)."""
    if question.event or question.of:
        return 0, 0, question.place
    if question.broad:
        return 1, 0, question.place
    return 2, -(weight.amount * 60 // (3 + len(weight.fields))), question.place


def _standard_weights(judged: Judged, case: Case) -> Iterator[tuple[Field, int]]:
    """The fields behind the decisive inputs of a standard, each with what it may move."""
    if judged.standard.classes:
        yield from ((field, HARD) for key in sorted(judged.decisive) for field in case.fields_of(key, judged.standard.tests))
        return
    if judged.decisive:
        amounts = input_weights(judged)
        for key in sorted(judged.decisive):
            for field in case.fields_of(key, judged.standard.tests):
                yield field, amounts.get(key, ALTERNATIVE)


def input_weights(judged: Judged) -> dict[str, int]:
    """For each open input of a standard: hard conditions by their share in deciding, score lines by their points."""
    residual = Reduction(judged.known).of(judged.standard.requires)
    if isinstance(residual, bool):
        return {}
    parts = residual.parts if isinstance(residual, Group) and residual.kind == "all" else (residual,)
    found: dict[str, int] = {}
    for part in parts:
        for key, amount in _part_weights(part):
            found[key] = found.get(key, 0) + amount
    return found


def _part_weights(part: Residual) -> Iterator[tuple[str, int]]:
    """A part of a conjunction: its score lines by points, all else by how many inputs share it."""
    thresholds = list(_thresholds(part))
    spread: dict[str, int] = {}
    for item in {id(item): item for threshold in thresholds for item in threshold.items}.values():
        for key in item.inputs:
            spread[key] = max(spread.get(key, 0), item.high - item.low)
    for key, points in spread.items():
        yield key, points * POINT
    inputs = {key for leaf in opens_of(part) for key in leaf.inputs} - set(spread)
    for key in sorted(inputs):
        yield key, ALTERNATIVE if thresholds else HARD // len(inputs)


def _thresholds(node: Any) -> Iterator[Threshold]:
    match node:
        case Threshold():
            yield node
        case Group(_, parts):
            for part in parts:
                yield from _thresholds(part)
        case Turned(part):
            yield from _thresholds(part)


def _asked(question: Question, weight: Weight, case: Case, left: int) -> Asked:
    wanted = frozenset(field.name for field in weight.fields)
    blanks = tuple(_blank(field, case, wanted) for field in question.fields if _shown(field, question, case))
    answered = sum(1 for one in questionnaire().questions.values() if any(case.answers.has(field.name) for field in one.fields))
    return Asked(question, blanks, tuple(weight.decides), answered, left)


def _shown(field: Field, question: Question, case: Case) -> bool:
    """Rows that are told and the first one; dates of the titles that were chosen."""
    if field.title:
        return field.title in case.answers.chosen(question.of)
    return field.row <= 1 or any(case.answers.has(one.name) for one in question.row_fields(field.row))


def _blank(field: Field, case: Case, wanted: frozenset[str]) -> Blank:
    return blank_of(field, case.answers, case.moment.year, wanted=field.name in wanted)


def blank_of(field: Field, answers: Answers, year: int, *, wanted: bool = False) -> Blank:
    """A field as it is shown, with its year and what stands in it."""
    label = field.label
    if field.shift is not None:
        label = f"{label}，{year_label(field.shift, year)}"
    elif field.title:
        owner = questionnaire().fields[questionnaire().questions[field.question].of]
        label = f"{owner.option(field.title).label}：{label}"
    text = written_value(field, answers.given[field.name]) if answers.has(field.name) else ""
    return Blank(field, label, text, wanted)


def questions_of(answers: Answers, *, year: int) -> Mapping[str, tuple[Question, tuple[Blank, ...]]]:
    """Every question that can be shown for the answers, with all its fields: for a page that lets one correct them."""
    known = questionnaire()
    return {
        name: (question, tuple(blank_of(field, answers, year) for field in question.fields))
        for name, question in known.questions.items()
        if answers.is_open(question, known)
    }


def questions_behind(judged: Judged, case: Case) -> tuple[Field, ...]:
    """The fields behind the decisive inputs of a standard, in the order of the questionnaire."""
    found = {field.name for key in judged.decisive for field in case.fields_of(key, judged.standard.tests)}
    return tuple(field for name, field in questionnaire().fields.items() if name in found)
