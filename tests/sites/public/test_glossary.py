"""名词解释."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.test import Client

from tests.site.markup import markup_of
from tests.sites.public.reading import faults
from tidu.apps.policies.domain import glossary
from tidu.sites.public.glossary import anchor_of, term_href


def test_the_glossary_is_a_sound_page_with_a_place_for_every_term(client: Client) -> None:
    answer = client.get("/glossary/")
    found = glossary()
    ids = set(markup_of(answer.text).ids)
    assert (answer.status_code, faults(answer.text)) == (200, [])
    assert [term.term for term in found.terms if anchor_of(term.term) not in ids] == []


def test_links_to_other_terms_lead_to_terms(client: Client) -> None:
    ids = set(markup_of(client.get("/glossary/").text).ids)
    found = markup_of(client.get("/glossary/", {"q": "研发"}).text)
    away = [unquote(link.partition("#")[2]) for link in found.links if link.startswith("/glossary/#")]
    assert away
    assert [place for place in away if place not in ids] == []


@pytest.mark.parametrize("query", ["", "研发", "R&D", "小巨人", "没有这样的词", "\x00\x1b"])
def test_the_glossary_as_json_is_the_document_of_the_domain(client: Client, query: str) -> None:
    clean = "" if query == "\x00\x1b" else query
    answer = client.get("/glossary/", {"q": query, "format": "json"})
    assert answer.json() == glossary(clean).as_document()


@pytest.mark.parametrize("query", ["研发", "R&D", "没有这样的词", "<script>"])
def test_a_search_is_a_sound_page_that_says_how_many(client: Client, query: str) -> None:
    html = client.get("/glossary/", {"q": query}).text
    found = glossary(query)
    assert faults(html) == []
    assert f"{found.total} 个词中有 {len(found.terms)} 个提到" in html
    assert html.count('class="term"') == len(found.terms)


def test_a_term_is_found_by_any_of_its_names() -> None:
    assert (term_href("小巨人"), term_href("专精特新小巨人"), term_href("没有这样的词")) == (
        "/glossary/#t-专精特新小巨人",
        "/glossary/#t-专精特新小巨人",
        "",
    )
