"""A Chromium that looks at the site as visitors do, and writes down what went wrong while it looked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, WebError, sync_playwright

from tests.site.serving import Site, running_site

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page tries, no name is looked up: the tests work without a network and would notice a request to it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
HEIGHTS = {1366: 768, 360: 740}
PATIENCE = 20_000
"""Milliseconds that a page or an element may take on a busy machine."""


@dataclass(frozen=True)
class Window:
    """How a visitor looks at the site."""

    width: int = 1366
    javascript: bool = True
    scheme: Literal["light", "dark"] = "light"
    care: bool = False

    def __str__(self) -> str:
        """For the names of tests."""
        words = [str(self.width), *([] if self.javascript else ["no-javascript"]), *([] if self.scheme == "light" else [self.scheme])]
        return "-".join([*words, *(["care"] if self.care else [])])


@dataclass
class Traffic:
    """What went over the wire and into the console. ``may_answer`` are the error statuses that a test provokes by intent."""

    address: str
    may_answer: set[int] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    @property
    def abroad(self) -> list[str]:
        """Requests to any other host."""
        own = (f"{self.address}/", "data:", "blob:", "about:")
        return [request.url for request in self.requests if not request.url.startswith(own)]

    @property
    def violations(self) -> list[str]:
        """What the security policy stopped."""
        return [line for line in self.console if "Content Security Policy" in line]

    def faults(self) -> list[str]:
        """Everything that must not happen, one line each."""
        return [
            *(f"request to another host: {url}" for url in self.abroad),
            *(f"request failed: {line}" for line in self.failed),
            *(f"answered {status}: {url}" for status, url in self.answers if status >= 400 and status not in self.may_answer),
            *(f"console: {line}" for line in self.console),
        ]

    def watch(self, context: BrowserContext) -> None:
        """Write down what this context does from now on."""
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("console", self._said)
        context.on("weberror", self._broke)

    def _asked(self, request: Request) -> None:
        self.requests.append(request)

    def _answered(self, response: Response) -> None:
        self.answers.append((response.status, response.url))

    def _failed(self, request: Request) -> None:
        # a download and a page that is left before it was read end so
        if request.failure != "net::ERR_ABORTED":
            self.failed.append(f"{request.url}: {request.failure}")

    def _said(self, message: ConsoleMessage) -> None:
        # an error status is told by the answer
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.console.append(f"{message.text} ({message.location['url']})")

    def _broke(self, error: WebError) -> None:
        self.console.append(str(error.error))


@contextmanager
def a_chromium() -> Iterator[Browser]:
    """A browser that knows Chinese; where there is none the tests fail and say what to install."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("Chromium not found: run script/test, or install it with: apt-get install chromium fonts-noto-cjk")
    # Playwright keeps an event loop in this thread, which Django takes for a reason to refuse its database to the tests.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*OPTIONS])
        try:
            _check_fonts(browser)
            yield browser
        finally:
            browser.close()


DRAWN = """() => ["汉", "字"].map(sign => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 40, height: 40});
  const drawing = canvas.getContext("2d");
  drawing.font = "30px sans-serif";
  drawing.fillText(sign, 2, 32);
  return canvas.toDataURL();
})"""


def _check_fonts(browser: Browser) -> None:
    """Without a Chinese font every character is the same empty box."""
    page = browser.new_page()
    one, other = page.evaluate(DRAWN)
    page.close()
    if one == other:
        pytest.fail("No Chinese font found: run script/test, or install one with: apt-get install fonts-noto-cjk")


@contextmanager
def opened(browser: Browser, site: Site, window: Window, traffic: Traffic) -> Iterator[Page]:
    """An empty page in a context of its own: no cookies, nothing cached."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": window.width, "height": HEIGHTS.get(window.width, 768)},
        java_script_enabled=window.javascript,
        color_scheme=window.scheme,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    if window.care:
        context.add_cookies([{"name": "care", "value": "1", "url": site.address}])
    traffic.watch(context)
    try:
        yield context.new_page()
    finally:
        context.close()


OpenPage = Callable[[Window], Page]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The whole site, as ``tidu serve`` runs it; one for each process of the tests."""
    with running_site() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; one for each process of the tests."""
    with a_chromium() as browser:
        yield browser


@pytest.fixture
def traffic(site: Site) -> Iterator[Traffic]:
    """What the pages of this test did; the test fails where any of it must not happen."""
    seen = Traffic(site.address)
    yield seen
    assert seen.faults() == []


@pytest.fixture
def open_page(chromium: Browser, site: Site, traffic: Traffic) -> Iterator[OpenPage]:
    """``open_page(Window(360))``: a further page, for tests that compare two."""
    with ExitStack() as stack:
        yield lambda window: stack.enter_context(opened(chromium, site, window, traffic))


@pytest.fixture
def page(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """A page of 1366×768, or as asked: ``@pytest.mark.parametrize("page", [Window(360)], indirect=True)``."""
    return open_page(getattr(request, "param", Window()))
