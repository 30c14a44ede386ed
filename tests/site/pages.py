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


PAGES = (
    PublicPage("/", "home"),
    PublicPage("/calculator/", "calculator"),
    PublicPage("/checkup/", "checkup"),
    PublicPage("/policies/", "policies"),
    PublicPage("/glossary/", "glossary"),
    PublicPage("/method/", "method"),
    PublicPage("/look/", "look"),
    PublicPage("/look/guidance/", "guidance"),
)

NO_PAGES = {
    "/care/": "turns 关怀版 on or off and goes back: tests/site/test_care.py",
    "/health/": "for monitors, JSON: tests/config/test_health.py",
}
"""Addresses without a varying part that are no pages, and where they are tested."""
