"""Every link within the site leads to a page, and to a place on it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urljoin, urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.site.markup import Markup, markup_of
from tests.site.pages import BEHIND_LOGIN, LOGIN, NO_PAGES, PAGES
from tests.site.serving import Answer, Site

MANY = 2000
"""More pages than this are not visited: links that never end are a defect as well."""


@dataclass(frozen=True)
class Found:
    """What stands at an address."""

    answer: Answer
    markup: Markup | None


@pytest.fixture(scope="session")
def whole_site(site: Site) -> dict[str, Found]:
    """Every address that the listed pages lead to, over any number of links. A link without JavaScript is what counts."""
    found: dict[str, Found] = {}
    waiting = [quote(page.path, safe="/?&=") for page in PAGES if page.status == 200]
    while waiting and len(found) < MANY:
        path = waiting.pop()
        if path in found or urlsplit(path).path == "/care/":
            continue
        answer = site.get(path)
        is_page = answer.headers.get_content_type() == "text/html"
        found[path] = Found(answer, markup_of(answer.text) if is_page else None)
        if is_page:
            waiting.extend(target for target, _ in links_from(path, found[path]))
    return found


def links_from(path: str, found: Found) -> list[tuple[str, str]]:
    """Address and fragment of each link that stays within the site."""
    links = [urldefrag(urljoin(path, link)) for link in (found.markup.links if found.markup else [])]
    return [(link.url, link.fragment) for link in links if not urlsplit(link.url).netloc and not urlsplit(link.url).scheme]


def test_every_link_within_the_site_is_answered(whole_site: dict[str, Found]) -> None:
    broken = {
        target: (whole_site[target].answer.status, f"linked from {path}")
        for path, found in whole_site.items()
        for target, _ in links_from(path, found)
        if target in whole_site and whole_site[target].answer.status != 200
    }
    assert broken == {}
    assert {path: found.answer.status for path, found in whole_site.items() if found.answer.status != 200} == {}


def test_every_link_to_a_place_on_a_page_finds_it(whole_site: dict[str, Found]) -> None:
    lost = {
        f"{path}: {target}#{fragment}"
        for path, found in whole_site.items()
        for target, fragment in links_from(path, found)
        if fragment and target in whole_site and (page := whole_site[target].markup) is not None and fragment not in page.ids
    }
    assert lost == set()


def test_every_icon_of_every_page_exists(site: Site, whole_site: dict[str, Found]) -> None:
    drawings = {urldefrag(drawing) for found in whole_site.values() if found.markup for drawing in found.markup.drawings}
    (sheet,) = {drawing.url for drawing in drawings}
    assert {drawing.fragment for drawing in drawings} - set(markup_of(site.get(sheet).text).ids) == set()


def test_links_come_to_an_end(whole_site: dict[str, Found]) -> None:
    assert len(whole_site) < MANY


def test_no_page_that_a_link_leads_to_has_anything_inline(whole_site: dict[str, Found]) -> None:
    assert {path: found.markup.inline for path, found in whole_site.items() if found.markup and found.markup.inline} == {}


def test_every_address_without_a_varying_part_is_listed() -> None:
    listed = {page.path for page in PAGES if page.status == 200 and page.path in fixed_addresses("/", get_resolver().url_patterns)}
    open_to_all = [one for one in fixed_addresses("/", get_resolver().url_patterns) if one == LOGIN or not one.startswith(BEHIND_LOGIN)]
    assert sorted(open_to_all) == sorted(listed | set(NO_PAGES))


def fixed_addresses(before: str, patterns: list[URLPattern | URLResolver]) -> set[str]:
    """Addresses that need no further value."""
    found: set[str] = set()
    for one in patterns:
        here = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            found |= fixed_addresses(here, one.url_patterns)
        elif "<" not in here:
            found.add(here)
    return found
