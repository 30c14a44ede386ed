"""The calculator's domain: questions, answers, results, check-up, uploads. Pure: no web, no clock, nothing stored."""

from tidu.apps.calculator.domain.answers import Answers, Problem
from tidu.apps.calculator.domain.asking import Asked, Blank, Decides, next_question, questions_of
from tidu.apps.calculator.domain.document import (
    as_document,
    asked_document,
    checkup_document,
    schema,
    way_document,
    what_if_document,
)
from tidu.apps.calculator.domain.examples import Example, example, examples
from tidu.apps.calculator.domain.firms import as_workbook
from tidu.apps.calculator.domain.ladder import LADDER, Bar, Checkup, Criterion, Rung, Way, checkup, way_to
from tidu.apps.calculator.domain.levers import Lever, WhatIf, what_if
from tidu.apps.calculator.domain.question_reading import questionnaire, read_questions
from tidu.apps.calculator.domain.questions import Field, FieldKind, Option, Question, Questionnaire
from tidu.apps.calculator.domain.results import GROUPS, Gap, Item, Missing, Result, Results, RulingUsed, results
from tidu.apps.calculator.domain.step import Step, step
from tidu.apps.calculator.domain.uploads import WorkbookSummary, assess_workbook
from tidu.apps.calculator.domain.warming import warm

__all__ = [
    "GROUPS", "LADDER", "Answers", "Asked", "Bar", "Blank", "Checkup", "Criterion", "Decides", "Example", "Field", "FieldKind", "Gap",
    "Item", "Lever", "Missing", "Option", "Problem", "Question", "Questionnaire", "Result", "Results", "RulingUsed", "Rung", "Step",
    "Way", "WhatIf", "WorkbookSummary", "as_document", "as_workbook", "asked_document", "assess_workbook", "checkup",
    "checkup_document", "example", "examples", "next_question", "questionnaire", "questions_of", "read_questions", "results", "schema",
    "step", "warm", "way_document", "way_to", "what_if", "what_if_document",
]  # fmt: skip
