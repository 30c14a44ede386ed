"""Which fact holds where several sources speak: the most authoritative source's newest sheet (design: a sheet is what one
source said). Nothing is overwritten; a sheet that says otherwise stays as a conflict to be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q

from tidu.apps.enterprises.models import DataSheet, FactsInForce
from tidu.kernel.facts import Catalogue, catalogue

AT_ONCE = 500
"""Firms worked out together; SQLite takes a limited number of values in one statement."""


MOST_PARTS = 60
"""Beyond so many periods all of a firm's are worked out, which asks no more than naming them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One sheet, as far as it matters for what holds."""

    sheet: int
    source: str
    rank: int
    received_at: datetime
    values: Mapping[str, Any]


@dataclass(slots=True)
class Holding:
    """What holds for one firm and period: values, the sheet of each, and sheets that say otherwise."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, int] = field(default_factory=dict)
    conflicts: dict[str, list[int]] = field(default_factory=dict)


def precedence(said: Said, named: frozenset[str]) -> tuple[bool, int, datetime, int]:
    """The greater speaks: the source the catalogue names for the fact, then the lower rank, then the newer sheet."""
    return said.source in named, -said.rank, said.received_at, said.sheet


def named_sources(facts: Catalogue) -> dict[str, frozenset[str]]:
    """For each fact the sources that the catalogue names."""
    return {name: frozenset(fact.source.split("|")) for name, fact in facts.facts.items()}


def holding(sheets: Iterable[Said], named: Mapping[str, frozenset[str]]) -> Holding:
    """What holds of several sheets of one firm and period."""
    told: dict[str, list[Said]] = {}
    for said in sheets:
        for name, value in said.values.items():
            if value is not None:
                told.setdefault(name, []).append(said)
    found = Holding()
    for name, listed in told.items():
        if len(listed) == 1:  # as most facts are: one source tells them
            found.values[name], found.origins[name] = listed[0].values[name], listed[0].sheet
            continue
        best = max(listed, key=lambda said: precedence(said, named.get(name, frozenset())))
        found.values[name] = best.values[name]
        found.origins[name] = best.sheet
        others = _latest_of_others(listed, best)
        differing = [said.sheet for said in others if said.values[name] != best.values[name]]
        if differing:
            found.conflicts[name] = differing
    return found


def _latest_of_others(listed: list[Said], best: Said) -> list[Said]:
    """The newest sheet of every other source: an older sheet of the same source was corrected, not contradicted."""
    latest: dict[str, Said] = {}
    for said in listed:
        known = latest.get(said.source)
        if said.source != best.source and (known is None or (said.received_at, said.sheet) > (known.received_at, known.sheet)):
            latest[said.source] = said
    return list(latest.values())


def refresh_facts(enterprises: Iterable[int], parts: Collection[tuple[int, int]] | None = None) -> int:
    """Work out anew what holds for these firms; returns how many rows stand. Runs inside a transaction.

    ``parts`` are the (level, period) that can have changed; None means all.
    """
    named, stored = named_sources(catalogue()), 0
    touched = None if parts is None or len(parts) > MOST_PARTS else _any_of(parts)
    left = iter(dict.fromkeys(enterprises))
    while part := tuple(islice(left, AT_ONCE)):
        with transaction.atomic():
            stored += _refresh(part, named, touched)
    return stored


def _any_of(parts: Collection[tuple[int, int]]) -> Q:
    found = Q(pk__in=())
    for level in {level for level, _ in parts}:
        found |= Q(level=level, period__in=sorted(period for one, period in parts if one == level))
    return found


def _refresh(enterprises: tuple[int, ...], named: Mapping[str, frozenset[str]], touched: Q | None) -> int:
    grouped: dict[tuple[int, int, int], list[Said]] = {}
    sheets = DataSheet.objects.filter(enterprise__in=enterprises, withdrawn_at=None).order_by()
    standing = FactsInForce.objects.filter(enterprise__in=enterprises)
    if touched is not None:
        sheets, standing = sheets.filter(touched), standing.filter(touched)
    columns = sheets.values_list("enterprise_id", "level", "period", "pk", "source__name", "source__rank", "received_at", "values")
    for enterprise, level, period, sheet, source, rank, received_at, values in columns:
        grouped.setdefault((enterprise, level, period), []).append(Said(sheet, source, rank, received_at, values))
    rows = []
    for (enterprise, level, period), listed in grouped.items():
        found = holding(listed, named)
        rows.append(
            FactsInForce(
                enterprise_id=enterprise, level=level, period=period, values=found.values, origins=found.origins, conflicts=found.conflicts
            )
        )
    standing.delete()
    FactsInForce.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)
