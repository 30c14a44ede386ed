"""The one list of public pages. Every page of it is photographed and put through tests/site/test_pages.py at both widths.

A new page is added here; a test fails where an address of the site is missing. Where an address has a part that varies
(one policy of many), one or two examples stand for all: tests/site/test_links.py visits every page that a link leads to.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublicPage:
    """An address, and the name of its pictures in build/screenshots."""

    path: str
    name: str
    status: int = 200
    needs_token: bool = False
    """A page with a form that changes something, whose token takes a cookie."""


PAGES = (
    PublicPage("/", "home"),
    PublicPage("/about/", "about"),
    PublicPage("/calculator/", "calculator"),
    PublicPage("/calculator/workbook/", "workbook"),
    PublicPage("/checkup/", "checkup"),
    PublicPage("/policies/", "policies"),
    PublicPage("/policies/?kind=award", "policies-awards"),
    PublicPage("/policies/standards/专精特新小巨人/", "standard"),
    PublicPage("/policies/standards/专精特新中小企业/?version=2022版&examples=all&page=7", "standard-examples"),
    PublicPage("/policies/standards/中小企业划型/", "size-classes"),
    PublicPage("/policies/standards/专精特新中小企业/compare/?from=2022版&to=2026版", "compare"),
    PublicPage("/policies/awards/C4/", "award"),
    PublicPage("/policies/plans/蔡甸区专精特新行动计划/", "plan"),
    PublicPage("/policies/rulings/", "rulings"),
    PublicPage("/notices/", "notices"),
    PublicPage("/notices/announcements/", "announcements"),
    PublicPage("/notices/payments/", "payments"),
    PublicPage("/glossary/", "glossary"),
    PublicPage("/method/", "method"),
    PublicPage("/office/login/", "login", needs_token=True),
    PublicPage("/look/", "look"),
    PublicPage("/look/guidance/", "guidance"),
    PublicPage("/no-such-page/", "not-found", status=404),
)

NO_PAGES = {
    "/calculator/download/": "takes a form and gives a file, no page: tests of the calculator",
    "/calculator/schema.json": "JSON: tests/sites/public/test_downloads.py",
    "/calculator/workbook/template/": "an Excel file: tests of the calculator",
    "/care/": "turns 关怀版 on or off and goes back: tests/site/test_care.py",
    "/health/": "for monitors, JSON: tests/config/test_health.py",
    "/policies/schema.json": "JSON: tests of the library of policies",
}
"""Addresses without a varying part that are no pages, and where they are tested."""

BEHIND_LOGIN = ("/office/", "/portal/")
"""Sites whose pages need a login: the access matrices beside tests/sites hold a row for each of their addresses."""
LOGIN = "/office/login/"
