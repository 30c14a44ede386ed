"""Worked examples on a page: ten of them, or all a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from tidu.apps.policies.domain.example_words import Given
from tidu.apps.policies.domain.examples import PAGE_SIZE, ExampleCase, ExamplePage, examples_of
from tidu.apps.policies.loaded import packs

PREVIEW = 10
MOST_IN_HEADLINE = 3


@dataclass(frozen=True)
class Case:
    """A case with what it sets itself first; ``headline`` says it in a line, ``outcome`` what must come out."""

    case: ExampleCase
    headline: str
    outcome: str
    own: tuple[Given, ...]
    rest: tuple[Given, ...]


@dataclass(frozen=True)
class Example:
    """Cases of one title."""

    title: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Shown:
    """The examples on a page; ``pager`` is None where only the first are shown."""

    total: int
    examples: tuple[Example, ...]
    every: bool
    pager: dict[str, Any] | None


def examples_document(name: str, version: str, number: int) -> dict[str, Any]:
    """A page of examples as JSON."""
    return examples_of(packs(), name, version, page=number).as_document()


def shown_examples(name: str, version: str = "", *, every: bool, number: int) -> Shown:
    """The examples of a standard's version or of an award."""
    found = examples_of(packs(), name, version, page=number if every else 1, size=PAGE_SIZE if every else PREVIEW)
    pager = _pager(found, version) if every and found.pages > 1 else None
    return Shown(found.total, tuple(_by_title(found)), every, pager)


def _by_title(found: ExamplePage) -> Iterator[Example]:
    for title, cases in groupby(found.cases, key=lambda case: case.title):
        yield Example(title, tuple(_case(case) for case in cases))


def _case(case: ExampleCase) -> Case:
    own = tuple(one for one in case.given if one.changed)
    rest = tuple(one for one in case.given if not one.changed)
    return Case(case, case.remark or _headline(own) or case.under or "没有另给数据", _outcome(case), own, rest)


def _headline(own: tuple[Given, ...]) -> str:
    said = "，".join(f"{one.name} {one.value}" for one in own[:MOST_IN_HEADLINE])
    return f"{said}等 {len(own)} 项" if len(own) > MOST_IN_HEADLINE else said


def _outcome(case: ExampleCase) -> str:
    first = case.expected[0].value if case.expected else ""
    return f"{first}（共 {len(case.expected)} 项）" if len(case.expected) > 1 else first


def _pager(found: ExamplePage, version: str) -> dict[str, Any]:
    def address(number: int) -> str:
        query = {"version": version} if version else {}
        return f"?{urlencode({**query, 'examples': 'all', 'page': number})}#examples"

    return {
        "number": found.page,
        "count": found.pages,
        "total": found.total,
        "before": address(found.page - 1) if found.page > 1 else "",
        "after": address(found.page + 1) if found.page < found.pages else "",
    }
