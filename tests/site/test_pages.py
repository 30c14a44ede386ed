"""What every public page owes its readers, at the width of a desk and of a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.site.browsing import OpenPage, Traffic, Window, opened
from tests.site.markup import markup_of
from tests.site.page_checks import barriers, hidden_text, keyboard_faults, misnamed, overflow, photograph, shown_text
from tests.site.pages import PAGES, PublicPage
from tests.site.serving import Site

WIDTHS = (1366, 360)
HEAVIEST = 150_000
"""Bytes that a page without a chart may bring over the wire, with everything it loads."""
HEAVIEST_WITH_CHART = 350_000


@dataclass(frozen=True)
class Visit:
    """A page as it was found, still open."""

    public: PublicPage
    page: Page
    answer: Response
    html: str
    traffic: Traffic


VISITS = [pytest.param((page, width), id=f"{page.name}-{width}") for page in PAGES for width in WIDTHS]


@pytest.fixture(scope="session", params=VISITS)
def visit(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Visit]:
    """One visit for all tests of a page and width; pytest runs those one after the other."""
    public, width = request.param
    traffic = Traffic(site.address, may_answer={public.status} - {200})
    with opened(chromium, site, Window(width), traffic) as page:
        answer = page.goto(public.path)
        assert answer is not None
        photograph(page, public.name)
        yield Visit(public, page, answer, answer.text(), traffic)


def test_a_page_is_answered(visit: Visit) -> None:
    assert (visit.answer.status, visit.answer.headers["content-type"]) == (visit.public.status, "text/html; charset=utf-8")


def test_a_page_has_a_title_one_heading_and_its_language(visit: Visit) -> None:
    assert misnamed(visit.page) == []


def test_a_page_does_not_scroll_sideways(visit: Visit) -> None:
    assert overflow(visit.page) == []


def test_a_page_has_nothing_inline(visit: Visit) -> None:
    assert markup_of(visit.html).inline == []


def test_an_id_stands_once_on_a_page(visit: Visit) -> None:
    ids = markup_of(visit.html).ids
    assert sorted(ids) == sorted(set(ids))


def test_axe_finds_nothing_serious_in_light_colours(visit: Visit) -> None:
    assert barriers(visit.page, "light") == []


def test_axe_finds_nothing_serious_in_dark_colours(visit: Visit) -> None:
    assert barriers(visit.page, "dark") == []


def test_every_chart_of_a_page_is_drawn_and_tells_its_series(visit: Visit) -> None:
    for chart in visit.page.locator("[data-chart]").all():
        drawn = chart.locator("canvas").first.bounding_box() or {"height": 0}
        assert drawn["height"] > 100, "the canvas has no height"
        titles = [title.strip() for title in chart.locator("thead th").all_text_contents()][1:]
        told = [entry.get_attribute("data-name") for entry in chart.locator(".chart__legend li").all()]
        assert told == (titles if len(titles) > 1 else [])


def test_a_page_is_light_enough_for_a_slow_line(visit: Visit) -> None:
    transferred = {request.url: request.sizes()["responseBodySize"] for request in visit.traffic.requests}
    most = HEAVIEST_WITH_CHART if visit.page.locator("[data-chart]").count() else HEAVIEST
    assert sum(transferred.values()) <= most, transferred


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Visit) -> None:
    assert keyboard_faults(visit.page) == []


def test_a_page_causes_no_errors_and_asks_no_other_host(visit: Visit) -> None:
    assert visit.traffic.faults() == []


@pytest.mark.parametrize("public", PAGES, ids=lambda public: public.name)
def test_a_page_says_the_same_without_javascript(public: PublicPage, open_page: OpenPage, traffic: Traffic) -> None:
    traffic.may_answer = {public.status} - {200}
    with_script, without = open_page(Window()), open_page(Window(javascript=False))
    for page in (with_script, without):
        page.goto(public.path)
    offered = hidden_text(without)
    told = [line for line in shown_text(with_script) if line not in offered]
    assert told == [line for line in shown_text(without) if line not in offered]
