"""The registry as the kernel's population: read in bulk, decoded in columns, never firm by firm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, Event, FactsInForce
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, MONTH, YEAR, Catalogue, Fact, Kind, Store, catalogue
from tidu.kernel.population import Population, event_schema, firm_schema, month_schema, year_schema

READ_AT_ONCE = 20_000
_JSON_TYPES: Mapping[Store, Any] = {Store.INTEGER: pl.Int64, Store.BOOLEAN: pl.Boolean, Store.DATE: pl.String, Store.TEXT: pl.String}


def population_of_registry(enterprises: QuerySet[Enterprise], *, months: bool = True) -> Population:
    """All firms of a queryset with the facts in force and their events; without ``months`` that table stays empty."""
    facts = catalogue()
    wanted = enterprises.in_registry() if hasattr(enterprises, "in_registry") else enterprises
    ids = wanted.order_by().values("pk")
    base = pl.DataFrame(
        list(wanted.order_by("code").values_list("code", "name")), schema={FIRM_CODE: pl.String, FIRM_NAME: pl.String}, orient="row"
    )
    held = FactsInForce.objects.filter(enterprise__in=ids)
    tables = {
        level: _facts(held.filter(level=level) if months or level != Level.MONTH else FactsInForce.objects.none(), facts, level)
        for level in Level
    }
    own = tables[Level.FIRM].drop("period", FIRM_NAME, strict=False)
    firms = base.join(own, on=FIRM_CODE, how="left").select(*firm_schema(facts))
    years = tables[Level.YEAR].rename({"period": YEAR}).select(*year_schema(facts)).sort(FIRM_CODE, YEAR)
    monthly = tables[Level.MONTH].with_columns(
        pl.date(pl.col("period") // 100, pl.col("period") % 100, 1).alias(MONTH)
    ).select(*month_schema(facts)).sort(FIRM_CODE, MONTH)  # fmt: skip
    happenings = Event.objects.filter(enterprise__in=ids, withdrawn_at=None)
    return Population(firms, years, monthly, {name: _events(happenings, facts, name) for name in facts.events})


def _facts(rows: QuerySet[FactsInForce], facts: Catalogue, level: Level) -> pl.DataFrame:
    kind = {Level.FIRM: Kind.FIRM, Level.YEAR: Kind.YEAR, Level.MONTH: Kind.MONTH}[level]
    wanted = [fact for fact in facts.of_kind(kind) if fact.name not in {FIRM_CODE, FIRM_NAME}]
    listed = rows.order_by().annotate(text=Cast("values", TextField())).values_list("enterprise__code", "period", "text")
    frame = _frame(listed.iterator(chunk_size=READ_AT_ONCE), {FIRM_CODE: pl.String, "period": pl.Int64, "text": pl.String})
    return _decoded(frame, wanted)


def _events(rows: QuerySet[Event], facts: Catalogue, name: str) -> pl.DataFrame:
    listed = rows.filter(type=name).order_by("enterprise__code", "pk").annotate(text=Cast("fields", TextField()))
    frame = _frame(
        listed.values_list("enterprise__code", "text").iterator(chunk_size=READ_AT_ONCE), {FIRM_CODE: pl.String, "text": pl.String}
    )
    return _decoded(frame, facts.event(name).fields.values()).select(*event_schema(facts, name))


def _frame(rows: Iterable[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(schema), orient="row")


def _decoded(frame: pl.DataFrame, wanted: Iterable[Fact]) -> pl.DataFrame:
    """The JSON of a column as columns; what a fact does not know is null."""
    listed = list(wanted)
    struct = pl.Struct({fact.name: _JSON_TYPES[fact.store] for fact in listed})
    decoded = frame.with_columns(pl.col("text").str.json_decode(struct)).unnest("text")
    return decoded.with_columns(pl.col(fact.name).str.to_date() for fact in listed if fact.store is Store.DATE)
