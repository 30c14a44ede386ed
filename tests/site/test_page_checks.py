"""The checks of pages find what they are for: each is shown a page with exactly that defect."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.site.browsing import OpenPage, Traffic, Window
from tests.site.markup import markup_of
from tests.site.page_checks import barriers, hidden_text, keyboard_faults, misnamed, overflow, shown_text
from tests.site.serving import Site

WELL = '<!doctype html><html lang="zh-Hans"><head><title>首页 · 梯度</title></head><body><main>{}</main></body></html>'
GOOD = WELL.format('<h1>标题</h1><a href="/">首页</a>')


def test_a_good_page_passes_every_check(page: Page) -> None:
    page.set_content(GOOD)
    assert (misnamed(page), overflow(page), markup_of(GOOD).inline, barriers(page, "light"), keyboard_faults(page)) == ([], [], [], [], [])


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (GOOD.replace("首页 · 梯度", " · 梯度"), ["no title: '· 梯度'"]),
        (GOOD.replace("<h1>标题</h1>", "<h2>标题</h2>"), ["not one <h1> but []"]),
        (GOOD.replace("<h1>标题</h1>", "<h1>一</h1><h1>二</h1>"), ["not one <h1> but ['一', '二']"]),
        (GOOD.replace("zh-Hans", "en"), ["lang is 'en'"]),
    ],
)
def test_a_missing_name_is_found(page: Page, html: str, found: list[str]) -> None:
    page.set_content(html)
    assert misnamed(page) == found


def test_what_is_too_wide_is_named(page: Page) -> None:
    page.set_content(WELL.format('<h1>标题</h1><p id="wide" style="width: 2000px">宽</p>'))
    assert [fault.partition(": ")[2] for fault in overflow(page)] == ['<p id="wide" style="width: 2000px">宽</p>']


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ('<p style="color: red">', ["<p> in line 1: style="]),
        ('<button onclick="go()">', ["<button> in line 1: onclick="]),
        ('<a href="JavaScript:go()">', ["<a> in line 1: JavaScript:go()"]),
        ("<style>p {}</style>", ["<style> in line 1"]),
        ("<script>go()</script>", ["<script> with a body in line 1"]),
        ('<script src="/go.js"></script>', []),
        ('<script type="application/json">{}</script>', []),
    ],
)
def test_what_the_security_policy_refuses_is_found_in_the_source(piece: str, found: list[str]) -> None:
    assert markup_of(piece).inline == found


def test_axe_finds_a_field_without_a_label(page: Page) -> None:
    page.set_content(WELL.format("<h1>标题</h1><input>"))
    assert [fault.partition(":")[0] for fault in barriers(page, "light")] == ["critical label"]


def test_axe_finds_pale_text_in_one_colour_scheme(page: Page) -> None:
    page.set_content(
        WELL.format("<style>@media (prefers-color-scheme: dark) {p {background: #fff; color: #eee}}</style><h1>标题</h1><p>看不清</p>")
    )
    assert [[fault.partition(":")[0] for fault in barriers(page, scheme)] for scheme in ("light", "dark")] == [
        [],
        ["serious color-contrast"],
    ]


def test_what_tab_does_not_reach_is_found(page: Page) -> None:
    page.set_content(WELL.format('<a href="/">一</a> <button>二</button> <div inert><button>三</button></div>'))
    assert keyboard_faults(page) == ["not reached by Tab: <button>三</button>"]


def test_a_focus_that_is_not_seen_is_found(page: Page) -> None:
    page.set_content(WELL.format("<style>a:focus {outline: none}</style><a href='/'>一</a> <button>二</button>"))
    assert keyboard_faults(page) == ['focus is not seen: <a href="/">一</a>']


def test_radio_buttons_are_one_stop_and_what_is_not_shown_is_none(page: Page) -> None:
    page.set_content(
        WELL.format('<input type=radio name=a><input type=radio name=a checked><button hidden>二</button><a href="/" tabindex="-1">三</a>')
    )
    assert keyboard_faults(page) == []


def test_shown_text_leaves_out_what_waits_for_a_script(page: Page) -> None:
    page.set_content(
        WELL.format('<h1>标题</h1><p hidden>打印</p><p style="display: none">无</p><script></script><noscript>无脚本</noscript>')
    )
    assert (shown_text(page), hidden_text(page)) == (["标题"], ["打印"])


def test_every_kind_of_fault_on_the_way_is_written_down(open_page: OpenPage, traffic: Traffic, site: Site) -> None:
    page = open_page(Window())
    page.goto("/")
    page.evaluate(
        """() => new Promise(done => {
          setTimeout(() => { throw new Error("broken") }, 0);
          console.error("said");
          document.body.insertAdjacentHTML("beforeend", '<p style="color: red"></p><img src="https://elsewhere.example/a.png">');
          fetch("/no-such-page/").then(() => setTimeout(done, 100));
        })"""
    )
    page.wait_for_timeout(200)
    faults = {fault.replace(site.address, "").partition(" (")[0] for fault in traffic.faults()}
    violations = {violation.partition(" ")[0] for violation in traffic.violations}
    for record in (traffic.console, traffic.failed, traffic.answers, traffic.requests):
        record.clear()
    expected = {
        "answered 404: /no-such-page/",
        "console: said",
        "console: broken",
        "request failed: https://elsewhere.example/a.png: csp",
        "request to another host: https://elsewhere.example/a.png",
    }
    assert expected <= faults
    assert violations == {"Applying", "Loading"}
