"""政策计算器 as an address: what it says is what the domain says, whatever it is asked."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.test import Client

from tests.sites.public.calculator_forms import PAYING, Sent, sent, shown
from tidu.apps.calculator.domain import Answers, as_document, asked_document, example, examples, questionnaire, results, step
from tidu.apps.policies.loaded import packs
from tidu.kernel.inputs import Moment

EXAMPLES = [one.id for one in examples()]
QUESTIONS = list(questionnaire().questions)
MOMENTS = [
    Moment(date(2024, 6, 1), date(2024, 6, 1)),
    Moment(date(2026, 5, 1), date(2025, 12, 31)),
    Moment(date(2008, 1, 1), date(2024, 6, 1)),
]
PAYING_MOMENT = MOMENTS[0]


def told(name: str, moment: Moment = PAYING_MOMENT, **controls: str) -> dict[str, str]:
    """The fields of an example firm, as a form sends them."""
    dates = {"law_date": moment.law_date.isoformat(), "facts_as_of": moment.facts_as_of.isoformat()}
    return {**example(name).answers.as_fields(), **dates, **controls}


@pytest.mark.parametrize("application", ["new", "review"])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: str(moment.law_date))
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_json_is_the_document_of_the_domain(client: Client, name: str, moment: Moment, application: str) -> None:
    found = client.post("/calculator/?format=json", told(name, moment, application=application))
    expected = step(example(name).answers, packs=packs(), moment=moment, application=application)
    assert found.json() == {**as_document(expected.results), "next": asked_document(expected.asked)}
    assert found.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_shows_every_amount_of_the_domain_and_no_other(client: Client, name: str) -> None:
    found = results(example(name).answers, packs=packs(), moment=PAYING_MOMENT)
    expected = [result.amount or result.most for result in found.results if result.kind == "award"]
    total = [found.total] if found.total else []
    assert Counter(sent(client, told(name)).amounts) == Counter([*total, *(fen for fen in expected if fen)])


def test_the_example_that_is_rewarded_has_an_amount(client: Client) -> None:
    found = results(example("rewarded").answers, packs=packs(), moment=PAYING_MOMENT)
    assert found.total > 0
    assert sent(client, told("rewarded")).amounts[0] == found.total


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: str(moment.law_date))
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_answered_as_if_its_fields_had_been_typed(client: Client, name: str, moment: Moment) -> None:
    dates = {"law_date": moment.law_date.isoformat(), "facts_as_of": moment.facts_as_of.isoformat()}
    chosen = sent(client, {"example": name, **dates})
    typed = sent(client, told(name, moment, do="finish"))
    assert (chosen.fields, chosen.texts) == (typed.fields, typed.texts)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_can_be_opened_by_itself(client: Client, name: str) -> None:
    page = sent(client, {"do": f"edit:{name}", **PAYING})
    question = questionnaire().questions[name]
    assert page.fields["current"] == [name]
    assert question.label in page.texts


def test_a_question_opened_again_holds_what_was_answered(client: Client) -> None:
    page = sent(client, told("rewarded", do="edit:contract"))
    contract = {name: text for name, text in told("rewarded").items() if name.startswith("contract.")}
    assert {name: texts for name, texts in page.fields.items() if name.startswith("contract.")} == {
        name: [text] for name, text in contract.items()
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_form_loses_nothing_of_what_was_told(client: Client, name: str) -> None:
    page = sent(client, told(name))
    again, problems = Answers.parse({field: texts for field, texts in page.fields.items() if field in questionnaire().fields})
    assert (again.given, problems) == (example(name).answers.given, [])


# Steps


def test_a_first_call_asks_the_first_question(client: Client) -> None:
    page = shown(client.get("/calculator/", PAYING))
    assert (page.fields["current"], page.fields["asked"], page.fields["rows"]) == (["persona"], [""], ["1"])


def test_the_address_alone_answers_nothing(client: Client) -> None:
    page = shown(client.get("/calculator/", {**PAYING, "persona": "factory", "revenue.0": "12345"}))
    assert (page.fields["current"], "12345" in page.text) == (["persona"], False)


def test_an_answered_question_gives_way_to_the_next(client: Client) -> None:
    first = shown(client.get("/calculator/", PAYING))
    second = sent(client, first.filled(persona="factory", tax_home="yes", registration="active", do="next"))
    expected = step(
        Answers.parse({"persona": "factory", "tax_home": "yes", "registration": "active"})[0],
        packs=packs(), moment=PAYING_MOMENT, asked=["persona"],
    ).asked  # fmt: skip
    assert expected is not None
    assert (second.fields["current"], second.fields["asked"]) == ([expected.question.id], ["persona"])


def test_the_way_back_is_the_way_there(client: Client) -> None:
    pages = [shown(client.get("/calculator/", PAYING))]
    for _ in range(4):
        pages.append(sent(client, pages[-1].filled(do="next")))
    back = [pages[-1]]
    for _ in range(4):
        back.append(sent(client, back[-1].filled(do="back")))
    assert [page.fields["current"] for page in back] == [page.fields["current"] for page in reversed(pages)]
    assert [page.fields["asked"] for page in back] == [page.fields["asked"] for page in reversed(pages)]


def test_every_row_up_to_the_last_can_be_added(client: Client) -> None:
    page = sent(client, {"do": "edit:contract", "happenings": "contract", **PAYING})
    seen = []
    for _ in range(5):
        seen.append((page.fields["rows"], ("do", "row") in page.buttons))
        page = sent(client, page.filled(do="row"))
    assert seen == [(["1"], True), (["2"], True), (["3"], True), (["4"], True), (["5"], False)]
    assert page.fields["rows"] == ["5"]


def test_rows_of_one_question_are_not_rows_of_the_next(client: Client) -> None:
    firm = {"persona": "factory", "tax_home": "yes", "registration": "active", "titles": "none", "exclusions": "none"}
    page = sent(client, {"do": "edit:contract", "happenings": "contract,quality", **firm, **PAYING})
    two = sent(client, page.filled(do="row"))
    assert two.fields["rows"] == ["2"]
    asked = [name for name in QUESTIONS if name != "quality"]
    following = sent(client, two.filled(do="next", asked=",".join(asked)))
    assert (following.fields["current"], following.fields["rows"]) == (["quality"], ["1"])
    assert ("do", "row") in following.buttons


def test_a_start_from_new_forgets_everything_but_the_dates(client: Client) -> None:
    page = sent(client, told("rewarded", do="restart", asked="persona,titles"))
    assert page.fields == {
        "asked": [""],
        "rows": ["1"],
        "current": ["persona"],
        "law_date": ["2024-06-01"],
        "facts_as_of": ["2024-06-01"],
        "application": ["new"],
    }


def test_no_question_while_looking_at_the_results_and_the_same_one_after_it(client: Client) -> None:
    page = sent(client, sent(client, shown(client.get("/calculator/", PAYING)).filled(persona="factory", do="next")).filled(do="next"))
    results_only = sent(client, page.filled(do="finish"))
    assert "current" not in results_only.fields
    again = sent(client, results_only.filled(do="next"))
    assert (again.fields["current"], again.fields["asked"]) == (page.fields["current"], page.fields["asked"])


def test_an_answer_that_was_given_before_looking_at_the_results_is_not_asked_for_again(client: Client) -> None:
    page = shown(client.get("/calculator/", PAYING))
    results_only = sent(client, page.filled(persona="factory", do="finish"))
    assert (results_only.fields["asked"], results_only.fields["persona"]) == (["persona"], ["factory"])


# What cannot be


FAULTS: list[tuple[Sent, str]] = [
    ({"do": "edit:nothing"}, "没有这个问题。请从页面上的按钮进入。"),
    ({"do": "edit:"}, "没有这个问题。请从页面上的按钮进入。"),
    ({"example": "nobody"}, "没有编号为“nobody”的例子。可用：nearly、rewarded、young。"),
]


@pytest.mark.parametrize(("fields", "sentence"), FAULTS, ids=lambda value: str(value)[:30])
def test_what_does_not_exist_is_told_in_a_sentence(client: Client, fields: Sent, sentence: str) -> None:
    assert sentence in sent(client, fields, status=400).refused


@pytest.mark.parametrize("do", ["", "nothing", "EDIT:persona", "next ", "下一题"])
def test_an_unknown_button_is_the_next_question(client: Client, do: str) -> None:
    fields = {"current": "persona", "persona": "factory", **PAYING}
    assert sent(client, {**fields, "do": do}).fields == sent(client, {**fields, "do": "next"}).fields


@pytest.mark.parametrize("current", ["nothing", "../persona", "persona,titles"])
def test_an_unknown_question_is_none(client: Client, current: str) -> None:
    fields = {"persona": "factory", **PAYING}
    assert sent(client, {**fields, "current": current}).fields == sent(client, fields).fields


def test_unknown_names_among_those_asked_are_left_out(client: Client) -> None:
    assert sent(client, {"asked": "persona,nothing,persona,,titles", **PAYING}).fields["asked"] == ["persona,titles"]


@pytest.mark.parametrize("rows", ["0", "-1", "1.5", "１", "99", "100", "999999999999", "x", ""])
def test_a_strange_number_of_rows_opens_a_possible_number(client: Client, rows: str) -> None:
    page = sent(client, {"do": "again", "current": "contract", "happenings": "contract", "rows": rows, **PAYING})
    assert page.fields["rows"] in (["1"], ["5"])


@pytest.mark.parametrize("name", ["law_date", "facts_as_of"])
@pytest.mark.parametrize(
    ("text", "status"),
    [("2007-12-31", 400), ("2008-01-01", 200), ("2099-12-31", 200), ("2100-01-01", 400), ("2023-02-29", 400), ("x", 400)],
)
@pytest.mark.parametrize("path", ["/calculator/", "/checkup/"])
def test_dates_have_bounds(client: Client, path: str, name: str, text: str, status: int) -> None:
    label = {"law_date": "政策日期", "facts_as_of": "数据日期"}[name]
    page = sent(client, {**PAYING, name: text}, path, status)
    assert [label in sentence and sentence.endswith("。") for sentence in page.refused[1:]] == ([True] if status == 400 else [])


def test_without_a_policy_in_force_a_notice_says_so(client: Client) -> None:
    page = sent(client, told("rewarded", MOMENTS[1]))
    found = results(example("rewarded").answers, packs=packs(), moment=MOMENTS[1])
    assert found.sentence != ""
    assert (found.sentence in page.texts, page.amounts) == (True, [])


@pytest.mark.parametrize("path", ["/calculator/", "/checkup/", "/calculator/workbook/", "/calculator/workbook/template/"])
def test_a_head_is_answered_like_a_get_without_its_body(client: Client, path: str) -> None:
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Type"] == client.get(path).headers["Content-Type"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
@pytest.mark.parametrize(
    "path", ["/calculator/", "/checkup/", "/calculator/download/", "/calculator/workbook/", "/calculator/workbook/template/"]
)
def test_nothing_can_be_put_or_deleted(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


def test_a_download_is_not_an_address_to_visit(client: Client) -> None:
    answer = client.get("/calculator/download/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
