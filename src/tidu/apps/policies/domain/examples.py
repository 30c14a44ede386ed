"""Worked examples as officials read them: what is given, what must come out, and why the case is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import yaml

from tidu.apps.policies.domain.documents import Document
from tidu.apps.policies.domain.example_words import (
    EVENTS,
    YEARS,
    Expected,
    Given,
    expected_of_award,
    expected_of_standard,
    given_events,
    given_facts,
)
from tidu.apps.policies.domain.heads import APPLICATIONS
from tidu.apps.policies.domain.remembered import remembered
from tidu.apps.policies.domain.standards import StandardPage, standard_page
from tidu.kernel.awards import AwardBook
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import PACKS
from tidu.kernel.packs import PackSet, Standard

FOLDER = PACKS.parent / "worked_examples"
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ExampleCase(Document):
    """One case: ``title`` is its example, ``remark`` its own, ``under`` the remark it stands under (its own or an earlier one)."""

    title: str
    number: int
    remark: str
    under: str
    law_date: date
    facts_as_of: date
    application: str
    given: tuple[Given, ...]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class ExamplePage(Document):
    """Cases of one standard's version or one award, a page at a time; ``total`` counts all of them."""

    name: str
    version: str
    page: int
    pages: int
    total: int
    cases: tuple[ExampleCase, ...]


def merged(base: Any, change: Any) -> Any:
    """``change`` laid over ``base``: mappings deeply, everything else as a whole."""
    if isinstance(base, dict) and isinstance(change, dict):
        return base | {key: merged(base.get(key), value) for key, value in change.items()}
    return change


@cache
def _documents(kind: str) -> tuple[Mapping[str, Any], ...]:
    """The example documents of one kind; scalars as the text that stands in the file."""
    found: list[Mapping[str, Any]] = []
    for file in sorted((FOLDER / kind).glob("*.yaml")):
        found += [one for one in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) if one]
    return tuple(found)


def examples_of(packs: PackSet, name: str, version: str = "", *, page: int = 1, size: int = PAGE_SIZE) -> ExamplePage:
    """The worked examples of an award (by id) or of a standard's version (empty: of all versions), ``size`` on a page.

    A page beyond the last is the last. Raises ``unknown-standard`` for what is neither, ``unknown-version``, ``bad-page``.
    """
    if page < 1 or size < 1:
        raise TiduError("bad-page", f"页码和每页条数应不小于 1，读到第 {page} 页、每页 {size} 条。请改正。", page=page, size=size)
    cases = _all_examples(packs, name, version)
    pages = max(1, -(-len(cases) // size))
    shown = min(page, pages)
    return ExamplePage(name, version, shown, pages, len(cases), cases[(shown - 1) * size : shown * size])


@remembered
def _all_examples(packs: PackSet, name: str, version: str) -> tuple[ExampleCase, ...]:
    book = packs.book or AwardBook()
    award = next((one for one in book.awards if one.id == name), None)
    if award is not None:
        documents = (document for document in _documents("awards") if document["award"] == name)
        return tuple(case for document in documents for case in _award_cases(packs, document, award.base is not None))
    if version:
        standard_page(packs, name, version)
    versions = packs.versions(name)
    found = (
        case
        for document in _documents("standards")
        if document["standard"] == name
        for case in _standard_cases(packs, document, versions, version)
    )
    return tuple(found)


def _with_remarks(document: Mapping[str, Any]) -> Iterator[tuple[int, str, str, Mapping[str, Any]]]:
    """Cases with their number, their remark and the remark they stand under."""
    under = ""
    for number, case in enumerate(document.get("cases") or [{"expect": document["expect"]}], 1):
        remark = str(case.get("say") or "")
        under = remark or under
        yield number, remark, under, case


def _standard_cases(packs: PackSet, document: Mapping[str, Any], versions: Sequence[Standard], wanted: str) -> Iterator[ExampleCase]:
    for number, remark, under, case in _with_remarks(document):
        moment = {**document, **case}
        law_date = date.fromisoformat(moment["law_date"])
        application = str(moment.get("application", "new"))
        standard = _text_for(versions, law_date, application)
        if wanted and standard.version != wanted:
            continue
        firm, changes = merged(document["firm"], case.get("set") or {}), case.get("set") or {}
        given = (
            *given_facts(packs.scope.catalogue, firm, changes),
            *given_events(packs.scope.catalogue, firm.get(EVENTS) or (), EVENTS in changes),
        )
        labels = _labels(packs, standard.name, standard.version)
        yield ExampleCase(
            str(document["example"]),
            number,
            remark,
            under,
            law_date,
            date.fromisoformat(moment["facts_as_of"]) if "facts_as_of" in moment else law_date,
            APPLICATIONS[application],
            given,
            tuple(expected_of_standard(case["expect"], labels)),
        )


def _text_for(versions: Sequence[Standard], law_date: date, application: str) -> Standard:
    """The text in force, or for a case that expects none the one nearest in time."""
    serving = [one for one in versions if application in one.application] or list(versions)
    held = next((one for one in serving if one.in_force.holds(law_date)), None)

    def distance(one: Standard) -> int:
        ends = (one.in_force.start, *([one.in_force.end] if one.in_force.end else []))
        return min(abs((law_date - day).days) for day in ends)

    return held or min(serving, key=distance)


@remembered
def _labels(packs: PackSet, name: str, version: str) -> Mapping[str, str]:
    """The texts of a version's criteria and items by id."""
    page: StandardPage = standard_page(packs, name, version)
    found = {line.id: line.text for line in page.lines() if line.id}
    return found | ({item.id: item.title for item in page.scores.items()} if page.scores else {})


def _award_cases(packs: PackSet, document: Mapping[str, Any], has_base: bool) -> Iterator[ExampleCase]:
    known = packs.scope.catalogue
    for number, remark, under, case in _with_remarks(document):
        moment = {**document, **case}
        as_of = date.fromisoformat(moment["as_of"])
        facts, years = case.get("facts") or {}, case.get("years") or {}
        firm = merged(document["firm"], {**facts, YEARS: years} if years else facts)
        given = [
            *given_facts(known, firm, {**facts, YEARS: years}),
            *given_events(known, document["firm"].get(EVENTS) or (), changed=False),
            *given_events(known, case.get("events") or (), changed=True),
            *(Given("口径", name, choice, "", True) for name, choice in (case.get("rulings") or {}).items()),
        ]
        for place, other in enumerate(case.get("others") or (), 1):
            kind = f"另一家企业 {place}"
            given += [replace(one, kind=kind) for one in given_facts(known, other, other)]
            given += given_events(known, other.get(EVENTS) or (), changed=True, kind=kind)
        yield ExampleCase(
            str(document["example"]),
            number,
            remark,
            under,
            date.fromisoformat(moment["law_date"]) if "law_date" in moment else as_of,
            as_of,
            "奖补核定",
            tuple(given),
            tuple(expected_of_award(case["expect"], has_base)),
        )
