"""关怀版: larger type on every page, with and without JavaScript, remembered by the one cookie of the public pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.site.browsing import OpenPage, Window
from tests.site.page_checks import assert_sound
from tests.site.serving import Site

TYPE_SIZE = "() => parseFloat(getComputedStyle(document.body).fontSize)"
WITH_CARE, WITHOUT_CARE = "html[data-care] body", "html:not([data-care]) body"
STANDARD, LARGE = 16, 20
BOTH = pytest.mark.parametrize("page", [Window(), Window(javascript=False)], indirect=True, ids=str)


def care_cookie(page: Page) -> list[str]:
    """The cookie's value; empty where there is none."""
    return [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "care"]


@BOTH
def test_the_switch_enlarges_the_type_and_stays_on_the_page(page: Page) -> None:
    page.goto("/look/?q=1")
    before = page.evaluate(TYPE_SIZE), care_cookie(page)
    page.get_by_role("link", name="关怀版").click()
    page.wait_for_selector(WITH_CARE)
    assert before == (STANDARD, [])
    assert (page.evaluate(TYPE_SIZE), care_cookie(page), page.url.partition("/look/")[2]) == (LARGE, ["1"], "?q=1")


@BOTH
def test_larger_type_stays_on_other_pages_until_it_is_switched_off(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="关怀版").click()
    page.wait_for_selector(WITH_CARE)
    page.goto("/look/guidance/")
    on = page.evaluate(TYPE_SIZE)
    page.get_by_role("link", name="标准版").click()
    page.wait_for_selector(WITHOUT_CARE)
    page.goto("/")
    assert (on, page.evaluate(TYPE_SIZE), care_cookie(page)) == (LARGE, STANDARD, ["0"])


@pytest.mark.parametrize("path", ["/", "/look/"])
@pytest.mark.parametrize("width", [1366, 360])
def test_a_page_is_sound_in_larger_type(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(Window(width, care=True))
    page.goto(path)
    assert page.evaluate(TYPE_SIZE) == LARGE
    assert_sound(page)


@pytest.mark.parametrize(
    ("referrer", "target"),
    [
        ("{own}/look/?q=1", "{own}/look/?q=1"),
        ("", "/"),
        ("https://elsewhere.example/look/", "/"),
        ("//elsewhere.example/look/", "/"),
        ("https:elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("{own}@elsewhere.example/", "/"),
        ("{own}.elsewhere.example/", "/"),
        ("\\\\elsewhere.example", "/"),
    ],
)
def test_the_switch_leads_back_within_the_site_only(site: Site, referrer: str, target: str) -> None:
    own = site.address
    answer = site.get("/care/?on=1", {"Referer": referrer.format(own=own)} if referrer else {})
    assert (answer.status, answer.headers["Location"]) == (302, target.format(own=own))


@pytest.mark.parametrize(("asked", "kept"), [("1", "1"), ("0", "0"), ("", "0"), ("marker-2a7c", "0")])
def test_the_cookie_holds_one_or_nought_and_nothing_else(site: Site, asked: str, kept: str) -> None:
    cookie = site.get(f"/care/?on={asked}").headers["Set-Cookie"]
    expires = cookie.partition("expires=")[2].partition(";")[0]
    assert cookie == f"care={kept}; expires={expires}; Max-Age=31536000; Path=/; SameSite=Lax"


def test_public_pages_set_no_cookie(site: Site) -> None:
    assert [site.get(path).headers.get_all("Set-Cookie") for path in ("/", "/look/", "/health/")] == [None, None, None]
