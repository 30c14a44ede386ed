"""What went wrong is said in Chinese with a stable code, as a page and as JSON, and without a look at the inside."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.site.browsing import Traffic
from tests.site.markup import markup_of
from tests.site.page_checks import assert_sound
from tests.site.serving import Site

PAGES = {
    # how it fails: status, code, title
    "suspicious": (400, "bad-request", "提交的内容有问题"),
    "refused": (400, "no-file", "提交的内容有问题"),
    "forbidden": (403, "permission-denied", "没有权限打开这个页面"),
    "guarded": (403, "form-expired", "没有权限打开这个页面"),
    "missing": (404, "page-not-found", "没有找到这个页面"),
    "broken": (500, "server-error", "系统出错了"),
}
MARKER = "marker-4e1d"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(("how", "expected"), PAGES.items(), ids=PAGES)
def test_a_failure_is_a_page_with_a_title_and_a_code(failing_site: Site, how: str, expected: tuple[int, str, str]) -> None:
    status, code, title = expected
    answer = failing_site.request("POST", f"/fail/{how}/", b"words=" + MARKER.encode(), FORM)
    assert (answer.status, answer.headers.get_content_type()) == (status, "text/html")
    assert f"<h1>{title}</h1>" in answer.text
    assert f"错误代码：{code}" in answer.text
    assert markup_of(answer.text).inline == []


@pytest.mark.parametrize(("how", "expected"), PAGES.items(), ids=PAGES)
def test_a_failure_is_json_where_json_is_asked_for(failing_site: Site, how: str, expected: tuple[int, str, str]) -> None:
    status, code, _ = expected
    answer = failing_site.request("POST", f"/fail/{how}/?format=json", b"words=" + MARKER.encode(), FORM)
    told = json.loads(answer.text)
    assert (answer.status, answer.headers.get_content_type()) == (status, "application/json")
    assert (told["error"], [problem["code"] for problem in told["problems"]], sorted(told)) == (code, [code], ["error", "problems"])


def test_a_page_that_finds_nothing_may_say_what(failing_site: Site) -> None:
    assert "<p>没有这份政策。</p>" in failing_site.get("/fail/missing/").text
    assert "<p>网址可能写错了，或者页面已经移走。请从首页或导航进入。</p>" in failing_site.get("/no-such-page/").text


def test_several_problems_are_told_together(failing_site: Site) -> None:
    told = json.loads(failing_site.get("/fail/problems/?format=json").text)["problems"]
    page = failing_site.get("/fail/problems/").text
    assert told == [{"code": "no-name", "message": "没有填写名称。"}, {"code": "no-code", "message": "没有填写代码。"}]
    assert "<p>没有填写名称。</p><p>没有填写代码。</p>" in page


@pytest.mark.parametrize("how", PAGES)
@pytest.mark.parametrize("form", ["", "&format=json"])
def test_no_failure_shows_the_inside_or_repeats_what_was_entered(failing_site: Site, how: str, form: str) -> None:
    answer = failing_site.request("POST", f"/fail/{how}/?words={MARKER}{form}", b"words=" + MARKER.encode(), FORM)
    assert [word for word in (MARKER, "Traceback", "RuntimeError", "failing_urls", ".py", "django") if word in answer.text] == []


@pytest.mark.parametrize(
    "path",
    [
        "/no-such-page/",
        "/%00",
        "/%ff%fe",
        "/policies/standards/%00/",
        "/../../etc/passwd",
        "/static/../secret-key",
        "/static/%2e%2e/secret-key",
    ],
)
def test_an_address_that_is_nothing_is_not_found(site: Site, path: str) -> None:
    answer = site.get(path)
    assert (answer.status, "错误代码：" in answer.text) == (404, True)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/calculator/download/", "POST"), ("DELETE", "/calculator/", "GET, HEAD, POST")],
)
def test_a_method_that_a_page_does_not_take_is_refused_with_a_sentence(site: Site, method: str, path: str, allowed: str) -> None:
    answer = site.request(method, path)
    assert (answer.status, answer.headers["Allow"], "错误代码：method-not-allowed" in answer.text) == (405, allowed, True)


def test_a_failure_is_logged_with_its_kind_and_place_and_nothing_that_was_entered(failing_site: Site) -> None:
    failing_site.request("POST", f"/fail/broken/?words={MARKER}", b"words=" + MARKER.encode(), FORM)
    assert "RuntimeError in POST /fail/broken/\n" in failing_site.log
    assert "in fail\n    raise ERRORS[how]" in failing_site.log
    failing_site.assert_nothing_kept(MARKER)


def test_the_page_of_a_failure_is_sound(page: Page, traffic: Traffic, failing_site: Site) -> None:
    traffic.address = failing_site.address
    traffic.may_answer = {500}
    page.goto(f"{failing_site.address}/fail/broken/")
    assert_sound(page)
