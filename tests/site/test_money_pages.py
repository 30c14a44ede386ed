"""Pages of notices and money in a real browser, as the bureau's head and the system administrator see them: reading, width, keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.site.browsing import Traffic, Window, opened
from tests.site.markup import markup_of
from tests.site.office_district import PASSWORD
from tests.site.page_checks import barriers, misnamed, overflow
from tests.site.serving import Site, running_site

WIDTHS = (1366, 360)
HEAD, ADMINISTRATOR = "kezhang", "xitong"
OF_HEAD = (
    "notices/", "notices/new/", "notices/1/", "notices/2/", "notices/2/preview/", "notices/2/close/", "notices/objections/",
    "notices/objections/1/", "notices/objections/1/who/", "payments/", "payments/waiting/", "payments/batches/", "payments/batches/1/",
    "payments/batches/1/check/", "payments/batches/1/drop/", "payments/batches/1/send/", "payments/batches/1/feedback/",
    "payments/accounts/1/", "payments/returned/", "vouchers/", "reconciliation/", "messages/", "account/contact/",
)  # fmt: skip
OF_ADMINISTRATOR = ("deliveries/", "deliveries/outgoing/")
PUBLIC = ("/notices/", "/notices/2/", "/notices/announcements/", "/notices/announcements/1/", "/notices/payments/")


@pytest.fixture(scope="module")
def district() -> Iterator[Site]:
    with running_site(worker=False, prepared_by="tests.site.office_district") as site:
        yield site


def log_in(page: Page, name: str) -> None:
    page.goto("/office/login/")
    page.locator("#username").fill(name)
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="登录", exact=True).click()


def faults_of(page: Page, path: str) -> list[object]:
    """Everything that is wrong with a page."""
    answer = page.goto(path)
    assert answer is not None
    found: list[object] = [] if answer.status == 200 else [answer.status]
    html = markup_of(answer.text())
    twice = sorted({one for one in html.ids if html.ids.count(one) > 1})
    return [*found, *misnamed(page), *overflow(page), *html.inline, *twice, *barriers(page, "light")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("name", "paths"), [(HEAD, OF_HEAD), (ADMINISTRATOR, OF_ADMINISTRATOR), ("", PUBLIC)])
def test_pages_of_money_read_well(district: Site, chromium: Browser, name: str, paths: tuple[str, ...], width: int) -> None:
    traffic = Traffic(district.address, may_answer=set())
    with opened(chromium, district, Window(width), traffic) as page:
        if name:
            log_in(page, name)
        places = [f"/office/{path}" if name else path for path in paths]
        assert {path: found for path in places if (found := faults_of(page, path))} == {}
