"""A question of the calculator as fields of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tidu.apps.calculator.domain import Answers, Asked, Blank, Problem, Question, questionnaire
from tidu.apps.calculator.domain import Field as Asking
from tidu.apps.calculator.domain.asking import blank_of
from tidu.apps.calculator.domain.questions import FieldKind
from tidu.apps.calculator.domain.values import NONE, UNSURE
from tidu.look.fields import CHECKBOXES, DATE, FIGURE, RADIO, SELECT, TEXT, Choice, Field

MOST_RADIOS = 12
NOT_SURE = Choice(UNSURE, "不清楚")
NONE_OF_THEM = Choice(NONE, "以上都没有")
KINDS = {
    FieldKind.YES: RADIO,
    FieldKind.CHECKS: CHECKBOXES,
    FieldKind.MONEY: FIGURE,
    FieldKind.PERCENT: FIGURE,
    FieldKind.COUNT: FIGURE,
    FieldKind.YEAR: FIGURE,
    FieldKind.DATE: DATE,
    FieldKind.TEXT: TEXT,
}


def fields_of(blanks: Iterable[Blank], problems: Iterable[Problem] = (), raw: Mapping[str, str] | None = None) -> list[Field]:
    """The blanks of a question as fields; where a text could not be read it stands there again with what is wrong."""
    wrong = {problem.field: problem.sentence for problem in problems}
    return [_field(blank, wrong.get(blank.field.name, ""), (raw or {}).get(blank.field.name, "")) for blank in blanks]


def _field(blank: Blank, error: str, raw: str) -> Field:
    asking = blank.field
    kind = KINDS.get(asking.kind) or (RADIO if len(asking.options) <= MOST_RADIOS else SELECT)
    text = raw if error else blank.value
    values = tuple(text.split(",")) if kind == CHECKBOXES else ((text,) if text else ())
    unit = "%" if asking.kind is FieldKind.PERCENT else "年" if asking.kind is FieldKind.YEAR else asking.unit
    return Field(asking.name, blank.label, kind, asking.help, unit, values, _choices(asking), error, short=asking.kind is FieldKind.YEAR)


def _choices(asking: Asking) -> tuple[Choice, ...]:
    if asking.kind is FieldKind.YES:
        return (Choice("yes", "是"), Choice("no", "否"), NOT_SURE)
    choices = tuple(Choice(option.id, option.label) for option in asking.options)
    if asking.kind is FieldKind.CHECKS:
        return (*choices, NONE_OF_THEM, NOT_SURE)
    return (*choices, NOT_SURE) if choices else ()


def blanks_shown(question: Question, answers: Answers, year: int, rows: int) -> tuple[Blank, ...]:
    """All blanks of a question that is opened again: rows that are told, at least ``rows`` of them; dates of chosen titles."""

    def is_shown(asking: Asking) -> bool:
        if asking.title:
            return asking.title in answers.chosen(question.of)
        return asking.row <= rows or any(answers.has(one.name) for one in question.row_fields(asking.row))

    return tuple(blank_of(asking, answers, year) for asking in question.fields if is_shown(asking))


def rows_shown(blanks: Iterable[Blank]) -> int:
    """How many events stand in the form."""
    return max((blank.field.row for blank in blanks), default=0)


def asked_again(name: str, answers: Answers, year: int, rows: int = 1) -> Asked:
    """A question that the visitor opens by itself."""
    question = questionnaire().questions[name]
    return Asked(question, blanks_shown(question, answers, year, rows), (), 0, 0)
