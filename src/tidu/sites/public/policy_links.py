"""Where each thing to read has its page, and the words of its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from tidu.apps.policies.domain import Entry, state_on
from tidu.apps.policies.domain.heads import EXPIRED, IN_FORCE, UPCOMING, Period
from tidu.apps.policies.domain.library import AWARD, CLASSIFICATION, INDICATOR, POLICY, RULING, STANDARD
from tidu.sites.public.glossary import term_href

STATE_KEYS = {IN_FORCE: "in-force", UPCOMING: "upcoming", EXPIRED: "expired"}
"""States of texts as the look names them."""


@dataclass(frozen=True)
class Crumb:
    """A step of the way to a page."""

    href: str
    text: str


@dataclass(frozen=True)
class Text:
    """A dated text as a page offers it: its address, validity and state; ``here`` where the reader is on it."""

    version: str
    href: str
    period: str
    state: str
    application: str
    here: bool


def library_crumb() -> Crumb:
    """The way back to the library."""
    return Crumb(reverse("policies"), "政策与标准")


def standard_href(name: str, version: str = "", **more: str) -> str:
    """The page of a standard's version (empty: the one in force)."""
    query = {"version": version, **more} if version else more
    return f"{reverse('standard', args=[name])}{'?' if query else ''}{urlencode(query)}"


def compare_href(name: str, one: str, other: str) -> str:
    """Two versions side by side."""
    return f"{reverse('compare', args=[name])}?{urlencode({'from': one, 'to': other})}"


def entry_href(entry: Entry, used_by: str = "") -> str:
    """The page of an entry of the library; empty for what has none of its own."""
    if entry.kind in {STANDARD, CLASSIFICATION}:
        return standard_href(entry.key)
    if entry.kind == POLICY:
        return reverse("policy", args=[entry.key])
    if entry.kind == AWARD:
        return reverse("award", args=[entry.key])
    if entry.kind == RULING:
        return f"{reverse('rulings')}#{entry.key}"
    if entry.kind == INDICATOR:
        return term_href(entry.key)
    return f"{reverse('award', args=[used_by])}#base" if used_by else ""


def state_key(period: Period, day: date) -> str:
    """The state of a text on a day, as the look names it."""
    return STATE_KEYS[state_on(period, day)]
