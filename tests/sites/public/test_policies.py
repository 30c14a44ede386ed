"""The library: its filters, its JSON, and what strangers may type."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.apps.policies.schema_check import faults as schema_faults
from tests.sites.public.reading import faults, is_sentence
from tidu.apps.policies.domain import KINDS, library, schema
from tidu.apps.policies.loaded import packs
from tidu.sites.public.fragments import main_of, text_of

DAY = date(2024, 6, 1)
FILTERS: list[dict[str, str]] = [
    {},
    {"level": "国家"},
    {"level": "蔡甸", "kind": "award"},
    {"state": "现行", "date": "2024-06-01"},
    {"q": "研发 费用", "date": "2024-06-01"},
    {"q": "没有这样的词"},
    *({"kind": kind} for kind in KINDS),
]


def text_after(html: str, start: str) -> str:
    """The text up to the end of the element that ``start`` opens."""
    return html.partition(start)[2].partition("</")[0].partition(">")[2]


@pytest.mark.parametrize("query", FILTERS, ids=lambda query: "&".join(f"{key}={value}" for key, value in query.items()) or "all")
def test_the_library_under_a_filter_is_a_sound_page(client: Client, query: dict[str, str]) -> None:
    answer = client.get("/policies/", query)
    assert (answer.status_code, faults(answer.text)) == (200, [])


@pytest.mark.parametrize("query", FILTERS, ids=lambda query: "&".join(f"{key}={value}" for key, value in query.items()) or "all")
def test_the_library_as_json_is_the_document_of_the_domain(client: Client, query: dict[str, str]) -> None:
    answer = client.get("/policies/", {**query, "format": "json"})
    day = date.fromisoformat(query.get("date", timezone.localdate().isoformat()))
    wanted = library(packs(), day, **{"query" if key == "q" else key: value for key, value in query.items() if key != "date"})
    assert answer.json() == wanted.as_document()


def test_the_library_says_how_many_of_how_many(client: Client) -> None:
    found = library(packs(), DAY, kind="award")
    html = client.get("/policies/", {"kind": "award", "date": DAY.isoformat()}).text
    assert text_after(html, 'class="count"') == f"{found.total} 条中有 {len(found.entries)} 条符合，状态按 2024年6月1日计。"


def test_every_entry_stands_under_each_of_its_levels(client: Client) -> None:
    html = client.get("/policies/", {"date": DAY.isoformat()}).text
    found = library(packs(), DAY)
    wanted = sum(len({version.level for version in entry.versions}) for entry in found.entries)
    assert html.count('class="entry"') == wanted


def test_nothing_found_says_what_to_try(client: Client) -> None:
    html = client.get("/policies/", {"q": "没有这样的词"}).text
    assert "没有符合的文本" in html
    assert "清除筛选" in html


def test_a_day_without_a_policy_that_pays_is_told_with_the_last_one(client: Client) -> None:
    after, within = (client.get("/policies/", {"date": day}).text for day in ("2025-01-01", "2024-12-31"))
    assert ("没有现行的区级奖补政策" in after, "?date=2024-12-31" in after) == (True, True)
    assert "没有现行的区级奖补政策" not in within


def test_what_a_visitor_searches_for_is_not_kept(client: Client) -> None:
    client.get("/policies/")
    before = main_of.cache_info().currsize, text_of.cache_info().currsize
    for path in ("/policies/", "/glossary/"):
        client.get(path, {"q": "某某公司的秘密"})
        client.get(path, {"q": "某某公司的秘密", "format": "json"})
    assert (main_of.cache_info().currsize, text_of.cache_info().currsize) == before


def test_a_page_is_drawn_once(client: Client) -> None:
    client.get("/policies/", {"level": "湖北"})
    hits = main_of.cache_info().hits
    client.get("/policies/", {"level": "湖北"})
    assert main_of.cache_info().hits == hits + 1


def test_the_kept_part_does_not_hold_the_preference_of_another_reader(client: Client) -> None:
    plain = client.get("/policies/").text
    client.cookies["care"] = "1"
    assert ("data-care>" in plain, "data-care>" in client.get("/policies/").text) == (False, True)


def test_a_search_is_shown_again_as_text(client: Client) -> None:
    html = client.get("/policies/", {"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in html
    assert faults(html) == []


STRANGE: list[tuple[str, dict[str, Any], str]] = [
    ("/policies/", {"q": "字" * 101}, "text-too-long"),
    ("/policies/", {"level": "火星"}, "unknown-choice"),
    ("/policies/", {"kind": "x" * 10_000}, "unknown-choice"),
    ("/policies/", {"state": "有效\x00"}, "unknown-choice"),
    ("/policies/", {"date": "昨天"}, "bad-date"),
    ("/policies/", {"date": "2024-02-30"}, "bad-date"),
    ("/policies/", {"date": "0001-01-01"}, "bad-date"),
    ("/policies/", {"date": "9999-12-31"}, "bad-date"),
    ("/policies/", {"date": "\x00" * 5_000}, "bad-date"),
    ("/policies/standards/创新型中小企业/", {"version": "1999版"}, "unknown-version"),
    ("/policies/standards/创新型中小企业/", {"version": "版" * 5_000}, "text-too-long"),
    ("/policies/standards/创新型中小企业/", {"examples": "some"}, "unknown-choice"),
    ("/policies/standards/创新型中小企业/", {"examples": "all", "page": "0"}, "bad-page"),
    ("/policies/standards/创新型中小企业/", {"examples": "all", "page": "-1"}, "bad-page"),
    ("/policies/standards/创新型中小企业/", {"examples": "all", "page": "三"}, "bad-page"),
    ("/policies/standards/创新型中小企业/", {"examples": "all", "page": "9" * 5_000}, "bad-page"),
    ("/policies/standards/专精特新中小企业/compare/", {"from": "1999版"}, "unknown-version"),
    ("/policies/standards/专精特新中小企业/compare/", {"to": "'; DROP TABLE"}, "unknown-version"),
    ("/policies/awards/C1/", {"page": "x"}, "bad-page"),
    ("/policies/plans/蔡甸区专精特新行动计划/", {"version": "正式稿"}, "unknown-choice"),
    ("/glossary/", {"q": "字" * 5_000}, "text-too-long"),
]


@pytest.mark.parametrize(("path", "query", "code"), STRANGE, ids=lambda part: str(part)[:30].encode("unicode_escape").decode())
def test_a_strange_value_is_answered_with_a_sentence(client: Client, path: str, query: dict[str, Any], code: str) -> None:
    answer = client.get(path, query)
    assert (answer.status_code, is_sentence(answer.text), f"错误代码：{code}" in answer.text) == (400, True, True)
    assert len(answer.text) < 10_000
    told = client.get(path, {**query, "format": "json"})
    assert (told.status_code, told.json()["error"]) == (400, code)


@pytest.mark.parametrize("query", [{"q": "\x00\x07研发\x1b[2J"}, {"q": "  "}, {"q": "ＲＤ％"}, {"q": "😀"}, {"level": ""}, {"date": ""}])
def test_odd_but_harmless_values_are_taken(client: Client, query: dict[str, str]) -> None:
    answer = client.get("/policies/", query)
    assert (answer.status_code, faults(answer.text), "\x00" in answer.text) == (200, [], False)


NOWHERE = [
    "/policies/standards/不存在的标准/",
    "/policies/standards/不存在的标准/compare/",
    "/policies/standards/" + "长" * 300 + "/",
    "/policies/standards/%00%01/",
    "/policies/standards/..%5c..%5cetc/",
    "/policies/awards/C99/",
    "/policies/awards/%0d%0aSet-Cookie:x/",
    "/policies/plans/不存在的政策/",
    "/policies/nothing/",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_an_unknown_name_is_a_page_that_says_so(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, is_sentence(answer.text)) == (404, True)
    told = client.get(path, {"format": "json"})
    assert (told.status_code, told.json()["error"]) == (404, "page-not-found")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_pages_are_only_for_reading(client: Client, method: str) -> None:
    assert getattr(client, method)("/policies/").status_code == 405


def test_the_schema_is_the_one_of_the_domain(client: Client) -> None:
    answer = client.get("/policies/schema.json")
    assert (answer.headers["content-type"], answer.json()) == ("application/json; charset=utf-8", schema())


def test_the_library_keeps_to_the_schema(client: Client) -> None:
    told = schema()
    document = client.get("/policies/", {"format": "json"}).json()
    assert schema_faults(document, told["$defs"]["Library"], told) == []


def test_json_is_readable_chinese(client: Client) -> None:
    body = client.get("/policies/", {"format": "json"}).content.decode()
    assert ("标准" in body, "\\u" in body, json.loads(body)["total"]) == (True, False, library(packs(), DAY).total)
