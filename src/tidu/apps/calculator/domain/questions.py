"""What can be asked: questions, their fields, and which input of the rules each field gives.

The questions are data (``questions.yaml``); ``question_reading`` reads them. A field has one flat ASCII name, which
is the name of the form field: ``revenue.0`` (上年度), ``revenue.1`` (前一年度), ``contract.2.amount`` (second contract).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tidu.kernel.facts import Fact
from tidu.kernel.population import Value

MOST_ROWS = 5
"""Events of one type that can be told."""


class FieldKind(StrEnum):
    """How a field is filled in."""

    CHOICE = "choice"
    YES = "yes"
    CHECKS = "checks"
    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    YEAR = "year"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One choice: the value it gives its own fact, facts it gives besides, or the event it registers.

    ``opens`` is the question that is asked once it is chosen.
    """

    id: str
    label: str
    value: Value = None
    facts: Mapping[str, Value] = field(default_factory=dict)
    event: str = ""
    sets: Mapping[str, Value] = field(default_factory=dict)
    opens: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One blank. Exactly one of these says what it gives:

    ``fact`` (with ``shift`` for a fact of a year), ``event`` with ``row`` and ``column``, ``year_fact`` (a fact of the
    year that the row itself names), or the options. ``title`` is the option of ``of`` whose event the field dates.
    """

    name: str
    question: str
    label: str
    kind: FieldKind
    help: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    fact: Fact | None = None
    shift: int | None = None
    event: str = ""
    row: int = 0
    column: str = ""
    year_fact: str = ""
    title: str = ""
    lowest: int | None = None
    highest: int | None = None

    def option(self, name: str) -> Option:
        """The option with this id; KeyError where there is none."""
        for option in self.options:
            if option.id == name:
                return option
        raise KeyError(name)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question as it is shown: ``broad`` ones come first, ``event`` ones have rows."""

    id: str
    section: str
    label: str
    help: str
    fields: tuple[Field, ...]
    place: int
    broad: bool = False
    event: str = ""
    of: str = ""

    @property
    def rows(self) -> int:
        """How many events can be told; 0 where the question is not about events."""
        return MOST_ROWS if self.event else 0

    def row_fields(self, row: int) -> tuple[Field, ...]:
        """The fields of one row (from 1)."""
        return tuple(field for field in self.fields if field.row == row)


@dataclass(frozen=True)
class Questionnaire:
    """All questions, with the ways back from an input of the rules to the fields that give it."""

    sections: tuple[str, ...]
    questions: Mapping[str, Question]
    fields: Mapping[str, Field]
    by_key: Mapping[str, tuple[Field, ...]]
    by_event: Mapping[str, Field]
    """The checkbox field in which events of a type are told."""
    rows: Mapping[tuple[str, str], tuple[Field, ...]]
    """Fields of event rows by (event type, column)."""
    opened_by: Mapping[str, tuple[tuple[Field, Option], ...]]
    """Follow-up questions by the choices that open them."""
