"""Questions to filings and corrections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.corrections.enums import OPEN, TO_REVIEW, CaseState
from tidu.apps.corrections.models import Correction, Filing
from tidu.apps.corrections.reading import written
from tidu.apps.corrections.sections import Section, level_of
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, FactsInForce
from tidu.apps.enterprises.queries import fact_text
from tidu.kernel.facts import Fact, Kind, Store, catalogue


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What a field shows: its text, where that comes from, and last year's value beside it."""

    fact: Fact
    text: str
    source: str
    before: str


def prefilled(filing: Filing, section: Section) -> list[Prefilled]:
    """The fields of a section: what was typed; else what the registry holds, with its source. Two queries.

    A fact of the firm itself is carried over from whenever it was told; a figure of the year is taken from other sources of
    the same year only, last year's stands beside it: carried over it would look like a figure of this year.
    """
    rows = {
        (row.level, row.period): row
        for row in FactsInForce.objects.filter(enterprise=filing.enterprise_id, period__in=(0, filing.year, filing.year - 1)).exclude(
            level=Level.MONTH
        )
    }
    sheets = _sheets(rows.values())
    typed = filing.drafts.get(section.id, {})
    found = []
    for fact in section.facts:
        row = rows.get((level_of(fact), 0 if fact.kind is Kind.FIRM else filing.year))
        last = rows.get((Level.YEAR, filing.year - 1)) if fact.kind is Kind.YEAR else None
        before = fact_text(fact, last.values[fact.name]) if last is not None and fact.name in last.values else ""
        if fact.name in typed:
            found.append(Prefilled(fact, typed[fact.name], "", before))
        elif row is not None and fact.name in row.values:
            found.append(Prefilled(fact, written(fact, row.values[fact.name]), origin_text(sheets, row, fact.name), before))
        else:
            found.append(Prefilled(fact, "", "", before))
    return found


def _sheets(rows: Any) -> Mapping[int, DataSheet]:
    wanted = {sheet for row in rows for sheet in row.origins.values()}
    return {sheet.pk: sheet for sheet in DataSheet.objects.filter(pk__in=wanted).select_related("source")}


def origin_text(sheets: Mapping[int, DataSheet], row: FactsInForce, fact: str) -> str:
    """Source and day of a fact in force."""
    sheet = sheets.get(row.origins.get(fact, 0))
    return f"{sheet.source.name}，{timezone.localtime(sheet.received_at):%Y-%m-%d} 收到" if sheet else ""


def corrections_to_review(actor: Actor) -> Any:
    """Corrections that wait for the office, the longest waiting first."""
    return (
        Correction.objects.visible_to(actor)
        .filter(state__in=TO_REVIEW)
        .select_related("enterprise", "unit", "handler")
        .order_by("submitted_at", "pk")
    )


def filings_to_review(actor: Actor) -> Any:
    """Filings that wait for the office, the longest waiting first."""
    return (
        Filing.objects.visible_to(actor)
        .filter(state__in=TO_REVIEW)
        .select_related("enterprise", "unit", "handler")
        .order_by("submitted_at", "pk")
    )


def open_corrections(enterprise: Enterprise) -> list[Correction]:
    """What the firm asked to be corrected and is not decided."""
    return list(Correction.objects.filter(enterprise=enterprise, state__in=OPEN).select_related("unit").order_by("-created_at"))


def has_open_cases(enterprise: Enterprise) -> str:
    """Why a firm cannot be merged now because of its cases: their names, empty where there is none."""
    cases = [
        *Correction.objects.filter(enterprise=enterprise, state__in=OPEN),
        *Filing.objects.filter(enterprise=enterprise, state__in=OPEN),
    ]
    return "、".join(str(case) for case in cases)


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of a submitted version: what was told, last submission's text where it differs, what holds now and its source."""

    fact: Fact
    text: str
    earlier: str
    now: str
    source: str
    asked: bool


def compared(filing: Filing) -> list[tuple[str, list[Compared]]]:
    """The latest version beside the one before it and beside the facts in force, section by section. Four queries."""
    from_newest = list(filing.versions.order_by("-number")[:2])
    if not from_newest:
        return []
    newest, older = from_newest[0].values, from_newest[1].values if len(from_newest) > 1 else {}
    rows = {
        row.level: row
        for row in FactsInForce.objects.filter(enterprise=filing.enterprise_id, period__in=(0, filing.year)).exclude(level=Level.MONTH)
    }
    sheets, facts = _sheets(rows.values()), catalogue()
    titles = {"year": f"{filing.year} 年度", "firm": "企业情况"}
    found = []
    for key, level in (("year", Level.YEAR), ("firm", Level.FIRM)):
        row, before = rows.get(level), older.get(key, {})
        lines = [
            Compared(
                fact, fact_text(fact, value),
                _earlier(fact, value, before) if older else "",
                fact_text(fact, row.values[name]) if row is not None and name in row.values else "",
                origin_text(sheets, row, name) if row is not None else "",
                name in filing.items,
            )
            for name, value in sorted(newest.get(key, {}).items(), key=lambda pair: facts.places.get(pair[0], 0))
            for fact in (facts.fact(name),)
        ]  # fmt: skip
        if lines:
            found.append((titles[key], lines))
    return found


def _earlier(fact: Fact, value: Any, before: Mapping[str, Any]) -> str:
    if before.get(fact.name) == value:
        return ""
    return fact_text(fact, before[fact.name]) if fact.name in before else "未填写"


def choices_of(fact: Fact) -> list[str]:
    """The closed list of a fact as words; empty where any value may stand."""
    if fact.store is Store.BOOLEAN:
        return ["是", "否"]
    return list(fact.values)


def waiting_days(case: Correction | Filing, now: datetime) -> int:
    """For how many days a case has been waiting since it was first submitted."""
    return (now - case.submitted_at).days if case.submitted_at else 0


REVIEWED = (CaseState.ACCEPTED, CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.RETURNED)
