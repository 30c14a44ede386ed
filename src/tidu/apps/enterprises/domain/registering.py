"""A whole population taken into the registry: firms, names, one sheet per source and period, events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import transaction

from tidu.apps.audit.digests import sm3
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.domain.names import folded_name, initials
from tidu.apps.enterprises.enums import Level, NameKind
from tidu.apps.enterprises.models import Batch, DataSheet, Enterprise, Event, NameRecord, Source
from tidu.apps.units.enums import UnitKind
from tidu.apps.units.models import Unit
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, MONTH, YEAR, Catalogue, Kind, catalogue
from tidu.kernel.population import Population

AT_ONCE = 2000
SUBDISTRICT = "所属街道"
DATES = ("日期", "登记日期", "授权日期", "申请日期")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who delivers, in which batch (None: by hand), and when it was received."""

    received_at: datetime
    batch: Batch | None = None


def stored_json(value: Any) -> Any:
    """A stored value as JSON holds it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def event_mark(type_name: str, fields: Mapping[str, Any]) -> str:
    """What tells the same happening told twice."""
    told = sorted((name, value) for name, value in fields.items() if value is not None)
    return sm3(repr((type_name, told)).encode())


def register_population(*, population: Population, delivery: Delivery, progress: Progress | None = None) -> int:
    """Take every firm of a population into the registry; firms already there get further sheets. Returns how many firms.

    The sheets of a fact come from the first source that the catalogue names for it. All in one transaction.
    """
    facts = catalogue()
    with transaction.atomic():
        known = _firms(population, delivery)
        sources = {source.name: source for source in Source.objects.all()}
        for level, frame, period in _tables(population):
            _sheets(level, frame, period, known, sources, facts, delivery)
            if progress is not None:
                progress(level.label, len(known), len(known))
        for name, frame in population.events.items():
            _events(name, frame, known, sources, facts, delivery)
        refresh_facts(known.values())
    return len(known)


def _tables(population: Population) -> Iterator[tuple[Level, pl.DataFrame, Callable[[dict[str, Any]], int]]]:
    yield Level.FIRM, population.firms, lambda _: 0
    yield Level.YEAR, population.years, lambda row: int(row[YEAR])
    yield Level.MONTH, population.months, lambda row: row[MONTH].year * 100 + row[MONTH].month


def _firms(population: Population, delivery: Delivery) -> dict[str, int]:
    """Firms by code; new ones are registered with their name and subdistrict."""
    streets = {
        text: unit.pk for unit in Unit.objects.filter(kind__in=(UnitKind.SUBDISTRICT, UnitKind.ZONE)) for text in (unit.code, unit.name)
    }
    rows = population.firms.select(FIRM_CODE, FIRM_NAME, SUBDISTRICT).rows()
    present = set(Enterprise.objects.filter(code__in=[row[0] for row in rows]).values_list("code", flat=True)) if len(rows) < AT_ONCE else set(
        Enterprise.objects.values_list("code", flat=True)
    )  # fmt: skip
    new = [
        Enterprise(
            code=code, name=name or code, initials=initials(name or ""), subdistrict_id=streets.get(street), created_at=delivery.received_at
        )
        for code, name, street in rows
        if code not in present
    ]
    Enterprise.objects.bulk_create(new, batch_size=AT_ONCE)
    known = dict(Enterprise.objects.values_list("code", "pk"))
    names = [NameRecord(enterprise_id=known[one.code], name=one.name, folded=folded_name(one.name), kind=NameKind.CURRENT) for one in new]
    NameRecord.objects.bulk_create(names, batch_size=AT_ONCE)
    return {code: known[code] for code, _, _ in rows}


def _sheets(
    level: Level, frame: pl.DataFrame, period: Callable[[dict[str, Any]], int], known: Mapping[str, int], sources: Mapping[str, Source],
    facts: Catalogue, delivery: Delivery,
) -> None:  # fmt: skip
    kind = {Level.FIRM: Kind.FIRM, Level.YEAR: Kind.YEAR, Level.MONTH: Kind.MONTH}[level]
    by_source: dict[str, list[str]] = {}
    for fact in facts.of_kind(kind):
        if fact.name not in {FIRM_CODE, FIRM_NAME}:
            by_source.setdefault(fact.source.split("|")[0], []).append(fact.name)

    def rows() -> Iterator[DataSheet]:
        for row in frame.iter_rows(named=True):
            for source, names in by_source.items():
                values = {name: stored_json(row[name]) for name in names if row[name] is not None}
                if values:
                    yield DataSheet(
                        enterprise_id=known[row[FIRM_CODE]], source=sources[source], level=level, period=period(row), values=values,
                        batch=delivery.batch, received_at=delivery.received_at,
                    )  # fmt: skip

    _store(DataSheet, rows())


def _events(
    name: str, frame: pl.DataFrame, known: Mapping[str, int], sources: Mapping[str, Source], facts: Catalogue, delivery: Delivery
) -> None:
    source = sources[facts.event(name).source.split("|")[0]]
    # a happening that was told before is not told again
    seen = set(Event.objects.filter(type=name, withdrawn_at=None).values_list("enterprise_id", "mark").iterator())

    def rows() -> Iterator[Event]:
        for row in frame.iter_rows(named=True):
            firm = known[row.pop(FIRM_CODE)]
            fields = {field: stored_json(value) for field, value in row.items() if value is not None}
            mark = event_mark(name, fields)
            if (firm, mark) not in seen:
                seen.add((firm, mark))
                yield Event(
                    enterprise_id=firm, type=name, day=_day(row), fields=fields, mark=mark, source=source, batch=delivery.batch,
                    received_at=delivery.received_at,
                )  # fmt: skip

    _store(Event, rows())


def _day(row: Mapping[str, Any]) -> date | None:
    return next((row[name] for name in DATES if isinstance(row.get(name), date)), None)


def _store(model: type[DataSheet | Event], rows: Iterable[Any]) -> None:
    waiting: list[Any] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            model.objects.bulk_create(waiting)
            waiting.clear()
    model.objects.bulk_create(waiting)
