"""Headers that every answer carries, whatever was asked."""

from __future__ import annotations

import re

import pytest

from tests.site.serving import Answer, Site

CONTENT_SECURITY_POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
EVERY_KIND = [
    "/",
    "/calculator/",
    "/policies/?format=json",
    "/policies/schema.json",
    "/calculator/workbook/template/",
    "/health/",
    "/care/?on=1",
    "/no-such-page/",
]


def policy(answer: Answer) -> set[str]:
    """The directives of the content security policy; one header with each directive once."""
    (header,) = answer.headers.get_all("Content-Security-Policy")
    directives = header.split("; ")
    assert len(directives) == len(set(directives))
    return set(directives)


def always(answer: Answer) -> dict[str, str | None]:
    """The headers of ALWAYS as they came."""
    return {name: answer.headers[name] for name in ALWAYS}


@pytest.mark.parametrize("path", EVERY_KIND)
def test_every_answer_carries_the_security_headers(site: Site, path: str) -> None:
    answer = site.get(path)
    assert (policy(answer), always(answer), answer.headers["X-Frame-Options"]) == (CONTENT_SECURITY_POLICY, ALWAYS, "DENY")


@pytest.mark.parametrize("how", ["suspicious", "forbidden", "missing", "broken", "refused", "guarded"])
def test_an_answer_about_a_failure_carries_the_security_headers(failing_site: Site, how: str) -> None:
    answer = failing_site.request("POST", f"/fail/{how}/")
    assert (policy(answer), always(answer), answer.headers["X-Frame-Options"]) == (CONTENT_SECURITY_POLICY, ALWAYS, "DENY")


def test_a_static_file_carries_them_and_may_be_kept_for_ever(site: Site) -> None:
    address = re.search(r'href="(/static/tidu/css/tokens\.[0-9a-f]+\.css)"', site.get("/").text)[1]
    answer = site.get(address, {"Accept-Encoding": "br"})
    assert (policy(answer), always(answer)) == (CONTENT_SECURITY_POLICY, ALWAYS)
    assert (answer.headers["Content-Encoding"], answer.headers["Cache-Control"]) == ("br", "max-age=315360000, public, immutable")


@pytest.mark.parametrize("path", ["/calculator/", "/checkup/", "/calculator/workbook/", "/calculator/download/", "/", "/no-such-page/"])
def test_what_was_entered_is_kept_by_no_cache(site: Site, path: str) -> None:
    answer = site.request("POST", path, b"words=1", {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_request_for_another_host_is_refused(site: Site) -> None:
    answer = site.get("/", {"Host": "elsewhere.example"})
    assert (answer.status, "错误代码：bad-request" in answer.text) == (400, True)
