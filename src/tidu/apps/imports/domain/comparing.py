"""What a file says beside what holds now: new, the same, corrected, or otherwise than another source. In columns, never firm by firm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from tidu.apps.enterprises.domain.facts_in_force import named_sources
from tidu.apps.enterprises.models import DataSheet, FactsInForce, Source
from tidu.apps.imports.domain.preparing import CODE, Prepared, PreparedSheet
from tidu.apps.imports.domain.registry import RATHER_ALL, pieces
from tidu.apps.imports.reading.assembling import AT, PERIOD, YEAR_LEVEL
from tidu.apps.imports.reading.sanity import Where, fact_text, leaps
from tidu.kernel.facts import Store, catalogue
from tidu.kernel.quantities import MONEY

MOST_LISTED = 300
"""Disagreements listed for one fact of one sheet; all are counted."""
_JSON: Mapping[Store, Any] = {Store.INTEGER: pl.Int64, Store.BOOLEAN: pl.Boolean, Store.DATE: pl.String, Store.TEXT: pl.String}


@dataclass(frozen=True)
class Difference:
    """One fact that another source states otherwise; ``wins`` says whether the file's value would hold."""

    sheet: str
    row: int
    code: str
    fact: str
    period: int
    held: str
    held_source: str
    told: str
    wins: bool


@dataclass
class Compared:
    """Counts over all facts of the file, and the disagreements that are listed."""

    added: int = 0
    same: int = 0
    corrected: int = 0
    otherwise: int = 0
    wins: int = 0
    differences: list[Difference] = field(default_factory=list)


def compare(prepared: Prepared, today: date) -> Compared:
    """Hold every fact of a prepared file against what is in force; sanity against last year is remarked on the way."""
    found = Compared()
    for one in prepared.sheets:
        for level, frame in one.levels.items():
            if frame.height:
                _compare_level(prepared, one, level, frame, found)
                if level == YEAR_LEVEL:
                    _leaps(prepared, one, frame, today)
    return found


def _compare_level(prepared: Prepared, one: PreparedSheet, level: int, frame: pl.DataFrame, found: Compared) -> None:
    names = [name for name in frame.columns if name in catalogue().facts]
    held = facts_held(prepared, level, frame.select(CODE, PERIOD), names)
    joined = frame.join(held, on=[CODE, PERIOD], how="left", suffix="\0held")
    sheets: dict[str, pl.DataFrame] = {}
    for name in names:
        now, before = pl.col(name), pl.col(f"{name}\0held")
        if catalogue().fact(name).store is Store.DATE:
            before = before.str.to_date(strict=False)
        state = joined.select(
            (now.is_not_null() & before.is_null()).sum().alias("added"), (now == before).sum().alias("same"),
        )  # fmt: skip
        found.added += int(state["added"][0])
        found.same += int(state["same"][0] or 0)
        differing = joined.filter(now.is_not_null() & before.is_not_null() & (now != before))
        if differing.height:
            told = differing.select(AT, CODE, PERIOD, now.alias("now"), before.alias("before"), pl.col("\0origins"))
            sheets[name] = told.with_columns(
                pl.col("\0origins").str.json_decode(pl.Struct({name: pl.Int64})).struct.field(name).alias("origin")
            )
    _judge(one, sheets, found)


def facts_held(prepared: Prepared, level: int, wanted: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Facts in force of the firms and periods of a frame, as columns, with the JSON of their origins."""
    ids = {prepared.registry.ids[code]: code for code in wanted[CODE].unique() if code in prepared.registry.ids}
    periods = wanted[PERIOD].unique().to_list()
    rows = []
    for pk, period, values, origins in _in_force(level, periods, list(ids)):
        if pk in ids:
            rows.append((ids[pk], period, values, origins))
    struct = pl.Struct({name: _JSON[catalogue().fact(name).store] for name in names})
    schema = {CODE: pl.String, PERIOD: pl.Int64, "\0values": pl.String, "\0origins": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("\0values").str.json_decode(struct))
    return frame.unnest("\0values")


def _in_force(level: int, periods: list[int], ids: list[int]) -> Iterator[tuple[Any, ...]]:
    rows = FactsInForce.objects.filter(level=level, period__in=periods).order_by()
    rows = rows.annotate(value_text=Cast("values", TextField()), origin_text=Cast("origins", TextField()))
    columns = ("enterprise_id", "period", "value_text", "origin_text")
    if len(ids) > RATHER_ALL:
        yield from rows.values_list(*columns).iterator(chunk_size=5000)
        return
    for part in pieces(ids):
        yield from rows.filter(enterprise__in=part).values_list(*columns)


def _judge(one: PreparedSheet, differing: Mapping[str, pl.DataFrame], found: Compared) -> None:
    """Corrections of the same source apart from disagreements between sources, and who would speak."""
    origins = {pk for frame in differing.values() for pk in frame["origin"].drop_nulls().unique().to_list()}
    speakers = _sources_of(origins)
    sources = {source.pk: source for source in Source.objects.all()}
    named, own = named_sources(catalogue()), one.sheet.source
    for name, frame in differing.items():
        fact, listed = catalogue().fact(name), 0
        for at, code, period, now, before, origin in frame.select(AT, CODE, PERIOD, "now", "before", "origin").iter_rows():
            other = sources.get(speakers.get(origin, 0))
            if other is None or other.pk == own.pk:
                found.corrected += 1
                continue
            rank = (own.name in named[name], -own.rank), (other.name in named[name], -other.rank)
            wins = rank[0] >= rank[1]
            found.otherwise += 1
            found.wins += wins
            listed += 1
            if listed <= MOST_LISTED:
                row = int(one.reading.table.rows[at])
                texts = fact_text(fact, before), fact_text(fact, now)
                found.differences.append(Difference(one.sheet.name, row, code, name, period, texts[0], other.name, texts[1], wins))


def _sources_of(sheets: set[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    if len(sheets) > RATHER_ALL:
        low, high = min(sheets), max(sheets)
        rows = DataSheet.objects.filter(Q(pk__gte=low) & Q(pk__lte=high)).order_by().values_list("pk", "source_id")
        return dict(rows.iterator(chunk_size=5000))
    for part in pieces(sheets):
        found |= dict(DataSheet.objects.filter(pk__in=part).order_by().values_list("pk", "source_id"))
    return found


def _leaps(prepared: Prepared, one: PreparedSheet, frame: pl.DataFrame, today: date) -> None:
    """Yearly figures beside those of the year before: of the same file first, else in force."""
    names = [name for name in frame.columns if name in catalogue().facts and catalogue().fact(name).unit.dimension in {MONEY, "count"}]
    names = [name for name in names if catalogue().fact(name).store is Store.INTEGER]
    if not names:
        return
    before = frame.select(CODE, (pl.col(PERIOD) - 1).alias(PERIOD))
    held = facts_held(prepared, YEAR_LEVEL, before, names)
    own = frame.select(CODE, PERIOD, *names)
    known = pl.concat([own, held.select(CODE, PERIOD, *names)]).unique([CODE, PERIOD], keep="first", maintain_order=True)
    shifted = known.with_columns(pl.col(PERIOD) + 1)
    joined = frame.join(shifted, on=[CODE, PERIOD], how="left", suffix="\0before")
    for name in names:
        pairs = joined.select(AT, pl.col(name).alias("now"), pl.col(f"{name}\0before").alias("before")).drop_nulls()
        leaps(Where(one.reading, catalogue(), today), name, pairs)
