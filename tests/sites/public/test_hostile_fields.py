"""Whatever stands in a form, the calculator answers with a page or with a sentence, and shows no text as anything but text."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

import pytest
import python_calamine
from django.http import HttpResponse
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.site.markup import markup_of
from tests.sites.public.calculator_forms import PAYING, shown
from tests.sites.public.hostile_texts import SHARP, TEXTS, spelled
from tidu.apps.calculator.domain import questionnaire

PAGES = ("/calculator/", "/checkup/")
CONTROLS = (
    "law_date",
    "facts_as_of",
    "application",
    "asked",
    "current",
    "rows",
    "do",
    "target",
    "example",
    "format",
    "csrfmiddlewaretoken",
)
FIELDS = tuple(questionnaire().fields)
NAMES = (*FIELDS, *CONTROLS, "firm_name", "firm_code", "try:rd_expense.0", "try:", "try:nothing", "nothing", "<xinjected>", "")
REST = tuple(name for name in NAMES if name not in {*FIELDS, "do", "target", "example", "law_date", "facts_as_of"})
OPEN = {"happenings": "contract,subsidy,quality,standard,above_scale,maker,science", "exclusions": "violation,fraud,relocation"}
"""Answers that open every question about events."""


def posted(client: Client, path: str, fields: object) -> HttpResponse:
    """The answer to a form; half characters are sent as they are."""
    body = urlencode(fields, doseq=True, errors="surrogatepass")  # type: ignore[arg-type]
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def assert_withstood(answer: HttpResponse) -> None:
    """A page or a sentence; nothing that was typed has become an element, an attribute or a script."""
    assert answer.status_code in {200, 400}
    page = shown(answer)
    assert [element for element in page.elements if "xinjected" in element] == []
    assert markup_of(answer.content.decode()).inline == []
    if answer.status_code == 400:
        assert [text for text in page.refused if text.endswith("。")] != []
    assert answer.cookies == {}


@pytest.mark.parametrize("text", TEXTS, ids=spelled)
def test_one_text_in_every_field_at_once(client: Client, text: str) -> None:
    for path in PAGES if text in SHARP else PAGES[:1]:
        assert_withstood(posted(client, path, {**dict.fromkeys(FIELDS, text), **OPEN, **PAYING}))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("names", [("do",), ("target",), ("example",), ("law_date", "facts_as_of"), REST], ids=lambda names: names[0])
def test_every_sharp_text_in_the_controls(client: Client, path: str, names: tuple[str, ...]) -> None:
    for text in SHARP:
        assert_withstood(posted(client, path, {"revenue.0": "100", "rd_expense.0": "5", **PAYING, **dict.fromkeys(names, text)}))


@pytest.mark.parametrize("name", ["law_date", "do", "current", "target", "persona", "<xinjected>"])
def test_every_sharp_text_in_an_address(client: Client, name: str) -> None:
    for text in SHARP:
        query = urlencode({name: text}, errors="surrogatepass")
        for path in (*PAGES, "/calculator/workbook/"):
            assert_withstood(client.get(f"{path}?{query}"))


@settings(max_examples=40)
@given(
    fields=st.lists(st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(TEXTS), st.text(max_size=30))), max_size=40),
    path=st.sampled_from(PAGES),
    question=st.sampled_from(["", *questionnaire().questions]),
    button=st.sampled_from(["next", "back", "row", "again", "finish", "restart", "edit:contract", "edit:titles"]),
)
def test_any_mixture_of_fields_some_of_them_twice(fields: list[tuple[str, str]], path: str, question: str, button: str) -> None:
    assert_withstood(posted(Client(), path, [*OPEN.items(), *PAYING.items(), ("current", question), ("do", button), *fields]))


@settings(max_examples=15)
@given(fields=st.dictionaries(st.sampled_from(NAMES), st.one_of(st.sampled_from(TEXTS), st.text(max_size=30)), max_size=40))
def test_any_mixture_of_fields_can_be_taken_along(fields: dict[str, str]) -> None:
    answer = posted(Client(), "/calculator/download/", {**OPEN, **fields})
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).sheet_names[1:] == ["测算结果", "填写的数据"]
    posted(Client(), "/calculator/download/?what=answers", {**OPEN, **fields}).json()


def test_a_text_is_shown_again_as_it_was_typed(client: Client) -> None:
    text = '"><xinjected/>&amp;'
    page = shown(posted(client, "/calculator/", {"current": "revenue", "revenue.0": text, **PAYING}))
    assert page.fields["revenue.0"] == [text]
    assert f"“营业收入”填的“{text}”不是数字。请只写数字，如 1200 或 1200.5；不知道就选“不清楚”。" in page.refused


@pytest.mark.parametrize("name", ["persona", "revenue.0", "titles", "law_date", "current", "do", "try:rd_expense.0", "firm_name"])
def test_a_field_that_comes_a_hundred_times(client: Client, name: str) -> None:
    for path in PAGES:
        assert_withstood(posted(client, path, {**PAYING, name: ["factory", "100", "2024-06-01", "innovative", "<xinjected>"] * 20}))


def test_six_hundred_fields_are_read_and_one_more_is_refused(client: Client) -> None:
    assert posted(client, "/calculator/", {f"f{number}": "1" for number in range(600)}).status_code == 400
    refused = posted(client, "/calculator/", {f"f{number}": "1" for number in range(601)})
    assert refused.status_code == 400
    assert "提交的项目超过 600 个，没有处理。请从页面上重新填写后提交。" in shown(refused).refused


def test_more_fields_than_there_are_questions_are_told(client: Client) -> None:
    page = shown(posted(client, "/calculator/", {f"f{number}": "1" for number in range(401)}))
    assert "一次最多读 400 个字段，其余的没有读。请减少字段。" in page.refused


@pytest.mark.parametrize("path", [*PAGES, "/calculator/download/", "/calculator/workbook/"])
def test_a_field_of_a_megabyte_is_refused(client: Client, path: str) -> None:
    refused = posted(client, path, {"revenue.0": "9" * 2**20})
    assert refused.status_code == 400
    assert "填写的文字超过 1 MB，没有处理。请删减后再提交；整张表请用“上传工作簿”。" in shown(refused).refused


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=1"),
        ("application/x-www-form-urlencoded; charset=rot13", b"a=1"),
        ("application/json", b'{"persona": "factory"}'),
        ("text/plain", b"\xff\xfe"),
        ("", b""),
    ],
)
@pytest.mark.parametrize("path", [*PAGES, "/calculator/download/", "/calculator/workbook/"])
def test_a_body_that_is_no_form_is_answered(client: Client, path: str, kind: str, body: bytes) -> None:
    answer = client.generic("POST", path, body, content_type=kind)
    assert answer.status_code in {200, 400}
