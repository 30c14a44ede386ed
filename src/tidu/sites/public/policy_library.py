"""The library page: entries by level and kind, each with its dated texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from tidu.apps.policies.domain import KINDS, Entry, Library, library
from tidu.apps.policies.domain.heads import COMMON, EXPIRED, IN_FORCE, LEVELS
from tidu.apps.policies.domain.library import CLASSIFICATION, POLICY, STANDARD, Tally, Version
from tidu.apps.policies.loaded import packs
from tidu.kernel.awards import AwardBook
from tidu.look.states import STATES, Shown
from tidu.sites.public.policy_links import STATE_KEYS, compare_href, entry_href, standard_href

LEVEL_NAMES = (*LEVELS.values(), COMMON)


@dataclass(frozen=True)
class TextRow:
    """A dated text in the list."""

    version: str
    href: str
    period: str
    state: Shown | None
    trust: Shown | None


@dataclass(frozen=True)
class Row:
    """An entry with its texts of one level."""

    entry: Entry
    href: str
    texts: tuple[TextRow, ...]


@dataclass(frozen=True)
class Kind:
    """The rows of one kind."""

    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Level:
    """The kinds of one level; ``folded`` where they are the fine print of an unfiltered list."""

    text: str
    anchor: str
    count: int
    kinds: tuple[Kind, ...]
    folded: bool


@dataclass(frozen=True)
class Option:
    """A value of a filter with how many entries it has."""

    value: str
    text: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Pair:
    """Two neighbouring versions of a standard."""

    name: str
    one: str
    other: str
    href: str


@dataclass(frozen=True)
class Lapsed:
    """The validity of the last policy that paid, and the library as of its last day."""

    text: str
    href: str


def library_document(day: date, level: str, kind: str, state: str, query: str) -> dict[str, Any]:
    """The library as JSON."""
    return library(packs(), day, level=level, kind=kind, state=state, query=query).as_document()


def library_context(day: date, today: date, level: str, kind: str, state: str, query: str) -> dict[str, Any]:
    """What the library page shows."""
    found = library(packs(), day, level=level, kind=kind, state=state, query=query)
    filtered = bool(level or kind or state or query)
    return {
        "day": day,
        "is_today": day == today,
        "query": query,
        "filtered": filtered or day != today,
        "levels": tuple(_levels(found, fold=not filtered)),
        "count": len(found.entries),
        "total": found.total,
        "filters": (
            ("level", "层级", _options(found.levels, level)),
            ("kind", "类别", _options(found.kinds, kind)),
            ("state", "状态", _options(found.states, state)),
        ),
        "pairs": () if filtered else tuple(_pairs()),
        "lapsed": None if level or kind or state or query else _lapsed(found),
    }


def _options(tallies: tuple[Tally, ...], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(one.value, one.text, one.count, one.value == chosen) for one in tallies)


def _levels(found: Library, *, fold: bool) -> Iterator[Level]:
    used = {award.base.name: award.id for award in (packs().book or AwardBook()).awards if award.base}
    for place, name in enumerate(LEVEL_NAMES, 1):
        kinds = tuple(
            Kind(text, rows)
            for kind, text in KINDS.items()
            if (rows := tuple(_row(entry, name, used) for entry in found.of_kind(kind) if any(one.level == name for one in entry.versions)))
        )
        if kinds:
            yield Level(name, f"level-{place}", sum(len(kind.rows) for kind in kinds), kinds, fold and name == COMMON)


def _row(entry: Entry, level: str, used: dict[str, str]) -> Row:
    href = entry_href(entry, used.get(entry.key, ""))
    texts = tuple(_text(entry, one) for one in entry.versions if one.level == level)
    return Row(entry, href, texts)


def _text(entry: Entry, version: Version) -> TextRow:
    is_dated = entry.kind in {STANDARD, CLASSIFICATION}
    return TextRow(
        version.version,
        standard_href(entry.key, version.version) if is_dated else "",
        version.in_force.text if version.in_force else "",
        STATES[STATE_KEYS[version.state]] if version.in_force else None,
        STATES.get(version.trust.confidence),
    )


def _pairs() -> Iterator[Pair]:
    """Versions that follow one another, of every standard that has several."""
    for name in packs().names():
        versions = sorted(packs().versions(name), key=lambda one: (one.in_force.start, one.version))
        for one, other in pairwise(versions):
            yield Pair(name, one.version, other.version, compare_href(name, one.version, other.version))


def _lapsed(found: Library) -> Lapsed | None:
    """The policy that paid last, where none that pays is in force."""
    versions = [version for entry in found.of_kind(POLICY) for version in entry.versions]
    periods = [one.in_force for one in versions if one.in_force and one.in_force.end and one.state == EXPIRED]
    if not periods or any(one.state == IN_FORCE for one in versions):
        return None
    last = max(periods, key=lambda period: period.end or period.start)
    end = (last.end or last.start) - timedelta(days=1)
    return Lapsed(last.text, f"?{urlencode({'date': end.isoformat()})}")
