"""Answers are read from form fields and written back without loss; what is faulty is told and stays unanswered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.apps.calculator.told_values import answer_sets
from tidu.apps.calculator.domain import Answers, Problem, questionnaire
from tidu.apps.calculator.domain.values import plain_text


@given(answer_sets())
def test_answers_survive_their_form_fields(answers: Answers) -> None:
    assert Answers.parse(answers.as_fields()) == (answers, [])


@given(st.dictionaries(st.sampled_from([*sorted(questionnaire().fields), "unknown", "firm_name"]), st.text(max_size=220), max_size=12))
def test_whatever_is_sent_is_read_or_told(mapping: dict[str, str]) -> None:
    answers, problems = Answers.parse(mapping)
    again, none = Answers.parse(answers.as_fields())
    assert (again, none) == (answers, [])
    sent = {name for name, text in mapping.items() if plain_text(text)}
    told = set(answers.given) | {problem.field for problem in problems} | {"firm_name"}
    assert sent - told == set()


def test_a_faulty_field_is_a_problem_and_unanswered() -> None:
    answers, problems = Answers.parse({"revenue.0": "很多", "staff.0": "60", "revenue.1": " "})
    assert answers == Answers({"staff.0": 60})
    sentence = "“营业收入”填的“很多”不是数字。请只写数字，如 1200 或 1200.5；不知道就选“不清楚”。"
    assert problems == [Problem("revenue.0", "很多", sentence, "not-a-number")]


def test_unknown_names_are_ignored_and_reported() -> None:
    answers, problems = Answers.parse({"csrf": "x" * 300})
    assert answers == Answers()
    assert problems == [Problem("csrf", "x" * 200, "没有这个问题，这一项没有读。", "unknown-field")]


def test_checkboxes_may_come_as_a_list() -> None:
    assert Answers.parse({"happenings": ["contract", "quality"]}) == Answers.parse({"happenings": "quality,contract"})


def test_at_most_four_hundred_fields_are_read() -> None:
    mapping = {f"x{place}": "1" for place in range(400)} | {"staff.0": "60"}
    answers, problems = Answers.parse(mapping)
    assert answers == Answers()
    assert [problem.code for problem in problems] == ["unknown-field"] * 400 + ["too-many-fields"]


def test_name_and_code_are_kept_but_limited() -> None:
    answers, problems = Answers.parse({"firm_name": " 示例  公司 ", "firm_code": "9" * 201})
    assert (answers.name, answers.code) == ("示例 公司", "")
    assert [(problem.field, problem.code) for problem in problems] == [("firm_code", "too-long")]


def test_what_was_answered_is_shown_by_question() -> None:
    answers, _ = Answers.parse({"staff.0": "60", "persona": "factory", "tax_home": "?"})
    shown = [(question.id, [(field.name, text) for field, text in told]) for question, told in answers.shown()]
    assert shown == [("persona", [("persona", "制造业（工业）企业"), ("tax_home", "不清楚")]), ("staff", [("staff.0", "60 人")])]


def test_a_follow_up_is_open_once_a_choice_opened_it() -> None:
    known = questionnaire()
    asked = {name: known.questions[name] for name in ("contract", "industry", "staff")}

    def is_open(fields: dict[str, str]) -> dict[str, bool]:
        answers, _ = Answers.parse(fields)
        return {name: answers.is_open(question, known) for name, question in asked.items()}

    assert is_open({}) == {"contract": False, "industry": False, "staff": True}
    assert is_open({"happenings": "contract", "persona": "other"}) == {"contract": True, "industry": True, "staff": True}
    assert is_open({"happenings": "quality", "persona": "factory"}) == {"contract": False, "industry": False, "staff": True}
