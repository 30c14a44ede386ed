"""梯度体检 as an address: the ladder, the way up and the sliders as the domain has them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.sites.public.calculator_forms import PAYING, sent, shown
from tidu.apps.calculator.domain import (
    LADDER,
    Answers,
    checkup,
    checkup_document,
    example,
    examples,
    questionnaire,
    way_document,
    way_to,
    what_if,
    what_if_document,
)
from tidu.apps.policies.loaded import packs
from tidu.kernel.inputs import Moment

MOMENT = Moment(date(2024, 6, 1), date(2024, 6, 1))
EXAMPLES = [one.id for one in examples()]
RUNGS = [rung.id for rung in LADDER] + ["above_scale"]


def told(name: str, **controls: str) -> dict[str, str]:
    """The fields of an example firm, as a form sends them."""
    return {**example(name).answers.as_fields(), **PAYING, **controls}


def document(client: Client, fields: dict[str, str]) -> dict[str, Any]:
    """The check-up as JSON."""
    answer = client.post("/checkup/?format=json", fields)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("target", ["", *RUNGS])
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_json_is_the_document_of_the_domain(client: Client, name: str, target: str) -> None:
    answers = example(name).answers
    found = checkup(answers, packs=packs(), moment=MOMENT, chosen=target or None)
    rung = found.rung(found.chosen) if found.chosen else None
    way = None
    if rung is not None and rung.result is not None and rung.verdict != "met":
        way = way_document(way_to(answers, rung=rung.id, packs=packs(), moment=MOMENT))
    assert document(client, told(name, target=target)) == {**checkup_document(found), "way_up": way, "what_if": None}


@pytest.mark.parametrize("target", RUNGS)
@pytest.mark.parametrize("day", ["2008-01-01", "2024-06-01", "2026-05-01"])
def test_every_rung_has_a_page_on_every_day(client: Client, target: str, day: str) -> None:
    fields = {**example("nearly").answers.as_fields(), "law_date": day, "facts_as_of": "2024-06-01"}
    found = checkup(
        example("nearly").answers, packs=packs(), moment=Moment(date.fromisoformat(day), date(2024, 6, 1)), chosen=target
    ).rung(target)  # fmt: skip
    page = sent(client, {**fields, "target": target}, "/checkup/")
    assert (found.name.label in page.texts, page.fields["target"]) == (True, [target])


def test_a_slider_that_is_moved_tells_what_changes(client: Client) -> None:
    changes = {"rd_expense.0": "210", "rd_staff.0": "9"}
    found = document(client, told("nearly", target="specialised", **{f"try:{name}": text for name, text in changes.items()}))
    expected = what_if(example("nearly").answers, changes, standard="专精特新中小企业", packs=packs(), moment=MOMENT)
    assert found["what_if"] == what_if_document(expected)
    assert expected.score_before is not None
    assert expected.score_after is not None
    assert expected.score_after.low > expected.score_before.low


def test_sliders_that_stand_where_they_stood_change_nothing(client: Client) -> None:
    page = sent(client, told("nearly", target="specialised"), "/checkup/")
    standing = {name: texts for name, texts in page.fields.items() if name.startswith("try:")}
    assert standing != {}
    assert document(client, {**told("nearly", target="specialised"), **standing})["what_if"] is None


def test_what_is_tried_is_not_told(client: Client) -> None:
    page = sent(client, told("nearly", target="specialised", **{"try:rd_expense.0": "210"}), "/checkup/")
    assert (page.fields["rd_expense.0"], page.fields["try:rd_expense.0"]) == (["150"], ["210"])


@pytest.mark.parametrize("text", ["abc", "-1", "1e999", "９９９９９９９９９９９９９９", "<b>"])
def test_a_slider_that_cannot_be_read_is_told_in_a_sentence(client: Client, text: str) -> None:
    page = sent(client, told("nearly", target="specialised", **{"try:rd_expense.0": text}), "/checkup/", 400)
    assert [sentence for sentence in page.refused if "研发费用" in sentence and sentence.endswith("。")] != []


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_form_loses_nothing_of_what_was_told(client: Client, name: str) -> None:
    page = sent(client, told(name), "/checkup/")
    again, problems = Answers.parse({field: texts for field, texts in page.fields.items() if field in questionnaire().fields})
    assert (again.given, problems) == (example(name).answers.given, [])


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_checked_as_if_its_fields_had_been_typed(client: Client, name: str) -> None:
    chosen, typed = sent(client, {"example": name, **PAYING}, "/checkup/"), sent(client, told(name, do="again"), "/checkup/")
    assert (chosen.fields, chosen.texts) == (typed.fields, typed.texts)


def test_a_start_from_new_forgets_everything_but_the_dates(client: Client) -> None:
    page = sent(client, told("rewarded", do="restart", target="giant"), "/checkup/")
    fresh = shown(client.get("/checkup/", PAYING))
    assert (page.fields, page.texts) == (fresh.fields, fresh.texts)


def test_a_faulty_field_is_shown_again_with_its_sentence_and_the_rest_is_kept(client: Client) -> None:
    page = sent(client, {**told("nearly"), "revenue.0": "四千"}, "/checkup/", 400)
    assert (page.fields["revenue.0"], page.fields["revenue.1"]) == (["四千"], ["3900"])
    assert "“营业收入”填的“四千”不是数字。请只写数字，如 1200 或 1200.5；不知道就选“不清楚”。" in page.refused


@pytest.mark.parametrize("target", ["nothing", "专精特新中小企业", "SPECIALISED", " "])
def test_an_unknown_rung_is_told_in_a_sentence(client: Client, target: str) -> None:
    page = sent(client, {**told("nearly"), "target": target}, "/checkup/", 400)
    assert f"没有编号为“{target}”的梯级。可用：{'、'.join(RUNGS)}。" in page.refused


def test_an_unknown_rung_is_told_in_json_too(client: Client) -> None:
    answer = client.post("/checkup/?format=json", {"target": "nothing"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unknown-rung")


@pytest.mark.parametrize("do", ["", "nothing", "edit:persona", "row", "back", "next", "finish"])
def test_an_unknown_button_is_another_check_up(client: Client, do: str) -> None:
    assert sent(client, told("young", do=do), "/checkup/").texts == sent(client, told("young", do="again"), "/checkup/").texts
