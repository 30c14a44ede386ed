"""The library page: entries by level and kind, each with its dated texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from tidu.apps.policies.domain import KINDS, Entry, Library, library
from tidu.apps.policies.domain.heads import COMMON, LEVELS, STATES
from tidu.apps.policies.domain.library import AWARD, POLICY, Tally, Version
from tidu.apps.policies.loaded import packs
from tidu.kernel.awards import AwardBook
from tidu.sites.public.policy_links import STATE_KEYS, compare_href, entry_href, standard_href

LEVEL_NAMES = (*LEVELS.values(), COMMON)
STATE_NAMES = STATES


@dataclass(frozen=True)
class TextRow:
    """A dated text in the list."""

    version: str
    href: str
    period: str
    state: str
    trust: str
    trust_text: str


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
    texts = tuple(_text(entry, one, href) for one in entry.versions if one.level == level)
    return Row(entry, href, texts)


def _text(entry: Entry, version: Version, href: str) -> TextRow:
    several = href and entry.kind in {"standard", "classification"}
    return TextRow(
        version.version,
        standard_href(entry.key, version.version) if several else "",
        version.in_force.text if version.in_force else "",
        STATE_KEYS[version.state] if version.in_force else "",
        version.trust.confidence,
        version.trust.text,
    )


def _pairs() -> Iterator[Pair]:
    """Versions that follow one another, of every standard that has several."""
    for name in packs().names():
        versions = sorted(packs().versions(name), key=lambda one: (one.in_force.start, one.version))
        for one, other in pairwise(versions):
            yield Pair(name, one.version, other.version, compare_href(name, one.version, other.version))


def _lapsed(found: Library) -> str | None:
    """The day on which the last policy that pays went out of force, where none is in force."""
    periods = [version.in_force for entry in found.of_kind(POLICY) for version in entry.versions if version.in_force]
    if not periods or any(version.state == "现行" for entry in found.of_kind(AWARD) for version in entry.versions):
        return None
    return max(periods, key=lambda period: period.start).text
