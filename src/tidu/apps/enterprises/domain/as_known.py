"""What was known of one fact on a day: a question to the sheets, which are never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tidu.apps.enterprises.domain.facts_in_force import Said, named_sources, precedence
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise
from tidu.kernel.facts import Fact, Kind, catalogue

LEVELS = {Kind.FIRM: Level.FIRM, Kind.YEAR: Level.YEAR, Kind.MONTH: Level.MONTH}


@dataclass(frozen=True, slots=True)
class Telling:
    """One sheet that told a fact: the period it speaks of, the value, who, when, in which batch, and when it was withdrawn."""

    sheet: int
    period: int
    value: Any
    source: str
    rank: int
    received_at: datetime
    withdrawn_at: datetime | None
    batch: int | None
    file_name: str

    def stood(self, at: datetime) -> bool:
        """Whether the sheet was known and not withdrawn at a moment."""
        return self.received_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)


def tellings(enterprise: Enterprise, fact: Fact) -> list[Telling]:
    """Every sheet that ever told a fact of a firm, the newest period and the newest sheet first; one query."""
    rows = DataSheet.objects.filter(enterprise=enterprise, level=LEVELS[fact.kind]).order_by("-period", "-received_at", "-pk")
    return [
        Telling(
            row.pk, row.period, row.values[fact.name], row.source.name, row.source.rank, row.received_at, row.withdrawn_at, row.batch_id,
            row.batch.file_name if row.batch else "",
        )
        for row in rows.select_related("source", "batch")
        if row.values.get(fact.name) is not None
    ]  # fmt: skip


def known_at(told: Iterable[Telling], fact: Fact, at: datetime) -> dict[int, Telling]:
    """For every period the telling that held at a moment, by the rule that holds today (ADR 0040)."""
    named = named_sources(catalogue()).get(fact.name, frozenset())
    best: dict[int, Telling] = {}
    for one in told:
        known = best.get(one.period)
        if one.stood(at) and (known is None or _order(one, named) > _order(known, named)):
            best[one.period] = one
    return best


def _order(one: Telling, named: frozenset[str]) -> tuple[bool, int, datetime, int]:
    return precedence(Said(one.sheet, one.source, one.rank, one.received_at, {}), named)
