"""Everything a visitor has answered so far: read from form fields, written back, never stored.

A field that is blank is unanswered; ``?`` (不清楚) is answered and stays unknown; a faulty one is a ``Problem`` and
counts as unanswered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.apps.calculator.domain.questions import Field, Question, Questionnaire
from tidu.apps.calculator.domain.values import LONGEST_VALUE, FieldFault, Given, plain_text, read_value, shown_value, written_value

MOST_FIELDS = 400
NAME, CODE = "firm_name", "firm_code"
"""Two texts that are not asked and decide nothing; they head the workbook that a visitor may take along."""
_LABELS = {NAME: "企业名称", CODE: "统一社会信用代码"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that could not be read: ``sentence`` says what to do, ``code`` is stable."""

    field: str
    value: str
    sentence: str
    code: str


@dataclass(frozen=True)
class Answers:
    """What was answered, by field name; a value of None is 不清楚."""

    given: Mapping[str, Given] = field(default_factory=dict)
    name: str = ""
    code: str = ""

    @classmethod
    def parse(cls, mapping: Mapping[str, str | Sequence[str]]) -> tuple[Answers, list[Problem]]:
        """The answers in a mapping of form fields, with what could not be read.

        Several values of one field (checkboxes) may come as a list. At most ``MOST_FIELDS`` fields are read, each of at
        most ``LONGEST_VALUE`` characters.
        """
        known = questionnaire()
        given: dict[str, Given] = {}
        texts: dict[str, str] = {}
        problems: list[Problem] = []
        for index, (key, raw) in enumerate(mapping.items()):
            if index >= MOST_FIELDS:
                sentence = f"一次最多读 {MOST_FIELDS} 个字段，其余的没有读。请减少字段。"
                problems.append(Problem("", str(len(mapping)), sentence, "too-many-fields"))
                break
            text = raw if isinstance(raw, str) else ",".join(raw)
            if not plain_text(text):
                continue
            if key in _LABELS:
                texts[key] = _plain(key, text, problems)
            elif key in known.fields:
                _read(known.fields[key], text, given, problems)
            else:
                problems.append(Problem(key[:LONGEST_VALUE], text[:LONGEST_VALUE], "没有这个问题，这一项没有读。", "unknown-field"))
        ordered = {name: given[name] for name in known.fields if name in given}
        return cls(ordered, texts.get(NAME, ""), texts.get(CODE, "")), problems

    def as_fields(self) -> dict[str, str]:
        """The answers as form fields; ``parse`` of them gives equal answers."""
        known = questionnaire().fields
        texts = {key: text for key, text in ((NAME, self.name), (CODE, self.code)) if text}
        return texts | {name: written_value(known[name], value) for name, value in self.given.items()}

    def has(self, name: str) -> bool:
        """Whether a field was answered, be it with 不清楚."""
        return name in self.given

    def shown(self) -> list[tuple[Question, list[tuple[Field, str]]]]:
        """What was answered, as people read it, by question in the order of the questionnaire."""
        known = questionnaire()
        found: list[tuple[Question, list[tuple[Field, str]]]] = []
        for question in known.questions.values():
            told = [(one, shown_value(one, self.given[one.name])) for one in question.fields if one.name in self.given]
            if told:
                found.append((question, told))
        return found

    def chosen(self, name: str) -> tuple[str, ...]:
        """The options chosen in a field; empty where it is blank or 不清楚."""
        value = self.given.get(name)
        return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()

    def is_open(self, question: Question, known: Questionnaire) -> bool:
        """Whether a question can be asked at all: a follow-up only once a choice opened it."""
        openers = known.opened_by.get(question.id)
        return openers is None or any(option.id in self.chosen(one.name) for one, option in openers)


def _read(one: Field, text: str, given: dict[str, Given], problems: list[Problem]) -> None:
    try:
        given[one.name] = read_value(one, text)
    except FieldFault as fault:
        problems.append(Problem(one.name, text[:LONGEST_VALUE], fault.message, fault.code))


def _plain(key: str, text: str, problems: list[Problem]) -> str:
    if len(text) > LONGEST_VALUE:
        problems.append(Problem(key, text[:LONGEST_VALUE], f"“{_LABELS[key]}”超过 {LONGEST_VALUE} 个字。请写短些。", "too-long"))
        return ""
    return " ".join("".join(letter for letter in text if letter.isprintable()).split())
