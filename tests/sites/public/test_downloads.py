"""What a visitor takes along from the calculator says what the page said, and the answers can be brought back."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.sites.public.calculator_forms import PAYING, sent
from tidu.apps.calculator.domain import Result, as_workbook, example, examples, results, schema
from tidu.apps.policies.loaded import packs
from tidu.exchange.settlement_figures import wan
from tidu.kernel.inputs import Moment

EXAMPLES = [one.id for one in examples()]
MOMENT = Moment(date(2024, 6, 1), date(2024, 6, 1))


def told(name: str, **controls: str) -> dict[str, str]:
    """The fields of an example firm, as a form sends them."""
    return {**example(name).answers.as_fields(), **PAYING, **controls}


def standards(name: str) -> list[Result]:
    """What the domain says of an example by each standard."""
    found = results(example(name).answers, packs=packs(), moment=MOMENT)
    return [one for one in found.results if one.kind == "standard"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_workbook_lists_every_result_and_every_answer(client: Client, name: str) -> None:
    answer = client.post("/calculator/download/", told(name))
    assert unquote(answer.headers["Content-Disposition"]) == "attachment; filename*=utf-8''政策测算结果.xlsx"
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    found = results(example(name).answers, packs=packs(), moment=MOMENT)
    listed = [row[:4] for row in book.get_sheet_by_name("测算结果").to_python() if row[0] in {"可享", "差一点", "待补充", "不适用"}]
    assert listed == [
        [group, one.name, "奖补" if one.kind == "award" else "标准", wan(one.amount) if one.amount else ""]
        for group in ("可享", "差一点", "待补充", "不适用")
        for one in found.group(group)
    ]
    answers = [(question.label, field.label, text) for question, pairs in example(name).answers.shown() for field, text in pairs]
    assert [tuple(row[:3]) for row in book.get_sheet_by_name("填写的数据").to_python() if tuple(row[:3]) in answers] == answers


def test_no_cell_of_the_workbook_is_a_formula(client: Client) -> None:
    fields = {"happenings": "standard", "standard.1.number": "=1+1", "firm_name": '=HYPERLINK("https://elsewhere.example")', **PAYING}
    answer = client.post("/calculator/download/", fields)
    cells = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("填写的数据").to_python()
    assert [cell for row in cells for cell in row if str(cell).startswith("=")] == ["=1+1"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_answers_are_those_of_the_domain(client: Client, name: str) -> None:
    answer = client.post("/calculator/download/?what=answers", told(name))
    assert unquote(answer.headers["Content-Disposition"]) == "attachment; filename*=utf-8''填写的数据.json"
    assert answer.json() == as_workbook(example(name).answers, MOMENT)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_answers_uploaded_again_give_the_same_verdicts_and_amounts(client: Client, name: str) -> None:
    saved = client.post("/calculator/download/?what=answers", told(name)).content
    again = client.post("/calculator/workbook/?format=json", {"workbook": SimpleUploadedFile("填写的数据.json", saved), **PAYING}).json()
    alone = results(example(name).answers, packs=packs(), moment=MOMENT)
    (row,) = again["rows"]
    assert row["verdicts"] == {one.name: one.verdict for one in standards(name)}
    assert row["amount"] == alone.total
    assert row["name"] == example(name).answers.name


def test_a_faulty_field_does_not_stop_a_download(client: Client) -> None:
    faulty = client.post("/calculator/download/?what=answers", told("young", **{"revenue.0": "很多"}))
    without = client.post("/calculator/download/?what=answers", {name: text for name, text in told("young").items() if name != "revenue.0"})
    assert (faulty.status_code, faulty.json()) == (200, without.json())


def test_the_page_offers_both_downloads_with_what_was_told(client: Client) -> None:
    page = sent(client, told("rewarded", do="finish"))
    again = client.post("/calculator/download/?what=answers", page.fields)
    assert again.json() == as_workbook(example("rewarded").answers, MOMENT)


def test_the_schema_of_a_result_is_served(client: Client) -> None:
    answer = client.get("/calculator/schema.json")
    assert (answer.status_code, answer.json()) == (200, schema())


def test_a_faulty_answer_is_told_in_json_too(client: Client) -> None:
    answer = client.post("/calculator/?format=json", {"founded": "2020", "law_date": "2024-06-01"})
    assert (answer.status_code, [(one["field"], one["code"]) for one in answer.json()["problems"]]) == (
        400,
        [("founded", "incomplete-date")],
    )
