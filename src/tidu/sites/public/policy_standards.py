"""The pages of a standard: one dated text, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from tidu.apps.policies.domain import Comparison, StandardPage, compare, standard_page
from tidu.apps.policies.domain.comparing import CompareRow
from tidu.apps.policies.domain.matching import SAME_ROW
from tidu.apps.policies.loaded import packs
from tidu.kernel.packs import Standard
from tidu.sites.public.policy_examples import PREVIEW, shown_examples
from tidu.sites.public.policy_links import Crumb, Text, compare_href, library_crumb, standard_href, state_key


@dataclass(frozen=True)
class Run:
    """Rows that follow one another and are all unchanged, or one row that is not."""

    same: bool
    rows: tuple[CompareRow, ...]


@dataclass(frozen=True)
class UsedBy:
    """A criterion that reads a fact, with its place on the page."""

    name: str
    here: bool


def version_in_force(name: str, day: date) -> str:
    """The version to open first: in force and for first applications before renewals, else the newest that has begun, else the first.

    Raises ``unknown-standard``.
    """
    versions = packs().versions(name)

    def rank(one: Standard) -> tuple[bool, bool, date]:
        begun = one.in_force.start <= day
        return (begun and one.in_force.holds(day), begun, one.in_force.start if begun else date.max - (one.in_force.start - date.min))

    best = max(map(rank, versions))
    alike = [one for one in versions if rank(one) == best]
    return next((one for one in alike if "new" in one.application), alike[0]).version


def standard_document(name: str, version: str) -> dict[str, Any]:
    """The page as JSON."""
    return standard_page(packs(), name, version).as_document()


def compare_document(name: str, one: str, other: str) -> dict[str, Any]:
    """The comparison as JSON."""
    return compare(packs(), name, one, other).as_document()


def standard_context(name: str, version: str, today: date, examples: str, number: int) -> dict[str, Any]:
    """What the page of a text shows; ``examples`` is ``all`` where every example is wanted, ``number`` their page."""
    found = standard_page(packs(), name, version)
    others = [text for text in texts_of(name, version, today) if not text.here]
    anchors = {line.id for line in found.lines()} | ({item.id for item in found.scores.items()} if found.scores else set())
    anchors |= {row.id for row in found.classes.rows} if found.classes else set()
    return {
        "page": found,
        "crumbs": (library_crumb(),),
        "state": state_key(found.in_force, today),
        "today": today,
        "texts": texts_of(name, version, today),
        "compare": compare_href(name, *_in_order(name, version, others[0].version)) if others else "",
        "facts": tuple((fact, tuple(UsedBy(one, one in anchors) for one in fact.used_by)) for fact in found.facts),
        "examples": shown_examples(name, version, every=examples == "all", number=number),
        "all_examples": f"{standard_href(name, version, examples='all')}#examples",
        "preview": PREVIEW,
        "document": standard_href(name, version, format="json"),
    }


def texts_of(name: str, version: str, day: date) -> tuple[Text, ...]:
    """All dated texts of a standard, oldest first."""
    pages = sorted((standard_page(packs(), name, one.version) for one in packs().versions(name)), key=_by_start)
    return tuple(
        Text(
            one.version,
            standard_href(name, one.version),
            one.in_force.text,
            state_key(one.in_force, day),
            "" if one.classes else one.application_text,
            one.version == version,
        )
        for one in pages
    )


def _by_start(page: StandardPage) -> tuple[date, str]:
    return page.in_force.start, page.version


def _in_order(name: str, *versions: str) -> Sequence[str]:
    starts = {one.version: (one.in_force.start, one.version) for one in packs().versions(name)}
    return sorted(versions, key=lambda version: starts[version])


def versions_to_compare(name: str) -> tuple[str, str]:
    """The two newest versions in order of their days, or the only one twice; raises ``unknown-standard``."""
    versions = [one.version for one in sorted(packs().versions(name), key=lambda one: (one.in_force.start, one.version))]
    return (versions[-2], versions[-1]) if len(versions) > 1 else (versions[0], versions[0])


def compare_context(name: str, one: str, other: str, today: date) -> dict[str, Any]:
    """What the comparison shows."""
    found = compare(packs(), name, one, other)
    texts = texts_of(name, "", today)
    return {
        "found": found,
        "crumbs": (library_crumb(), Crumb(standard_href(name), name)),
        "texts": texts,
        "only_one": len(texts) == 1,
        "first": next(text for text in texts if text.version == one),
        "second": next(text for text in texts if text.version == other),
        "turned": compare_href(name, other, one),
        "runs": tuple(_runs(found)),
        "heads": tuple(row for row in found.head if not row.same),
        "same_heads": tuple(row for row in found.head if row.same),
        "document": f"{compare_href(name, one, other)}&format=json",
    }


def _runs(found: Comparison) -> Iterator[Run]:
    for same, rows in groupby(found.rows, key=lambda row: row.state == SAME_ROW):
        if same:
            yield Run(True, tuple(rows))
        else:
            yield from (Run(False, (row,)) for row in rows)
