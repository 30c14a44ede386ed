"""The calculator's domain: questions, answers, results, check-up. Pure: no web, no clock, nothing stored."""

from tidu.apps.calculator.domain.answers import Answers, Problem
from tidu.apps.calculator.domain.asking import Asked, Blank, Decides, next_question, questions_of
from tidu.apps.calculator.domain.firms import as_workbook
from tidu.apps.calculator.domain.question_reading import questionnaire, read_questions
from tidu.apps.calculator.domain.questions import Field, FieldKind, Option, Question, Questionnaire
from tidu.apps.calculator.domain.results import GROUPS, Gap, Item, Missing, Result, Results, RulingUsed, results

__all__ = [
    "GROUPS",
    "Answers",
    "Asked",
    "Blank",
    "Decides",
    "Field",
    "FieldKind",
    "Gap",
    "Item",
    "Missing",
    "Option",
    "Problem",
    "Question",
    "Questionnaire",
    "Result",
    "Results",
    "RulingUsed",
    "as_workbook",
    "next_question",
    "questionnaire",
    "questions_of",
    "read_questions",
    "results",
]
