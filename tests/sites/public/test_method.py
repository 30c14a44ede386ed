"""测算口径."""

from __future__ import annotations

from django.test import Client

from tests.site.markup import markup_of
from tests.sites.public.reading import faults
from tidu.apps.policies.domain import method
from tidu.sites.public.method import method_context


def test_the_method_is_a_sound_page_with_a_place_for_every_section(client: Client) -> None:
    answer = client.get("/method/")
    ids = markup_of(answer.text).ids
    assert (answer.status_code, faults(answer.text)) == (200, [])
    assert [section.key for section in method().sections if section.key not in ids] == []


def test_the_method_as_json_is_the_document_of_the_domain(client: Client) -> None:
    assert client.get("/method/", {"format": "json"}).json() == method().as_document()


def test_every_link_of_the_method_leads_to_a_page(client: Client) -> None:
    links = {link.href for section in method_context()["sections"] for part in section.paragraphs for link in part.links}
    assert "" not in links
    pages = {link.partition("#")[0] for link in links}
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


def test_every_place_that_the_method_points_to_is_there(client: Client) -> None:
    links = {link.href for section in method_context()["sections"] for part in section.paragraphs for link in part.links}
    placed = [link.partition("#") for link in links if "#" in link]
    ids = {page: set(markup_of(client.get(page).text).ids) for page, _, _ in placed}
    assert [(page, place) for page, _, place in placed if place not in ids[page]] == []
