"""Questions to the registry; every one of them goes through what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.enterprises.domain.names import folded_name
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise, EnterpriseQuerySet, FactsInForce, NameRecord
from tidu.apps.units.models import Unit
from tidu.kernel.facts import Catalogue, Fact, Store, catalogue
from tidu.kernel.quantities import decimal_text, from_stored

LONGEST_WORDS = 100
CODE_LENGTH = 18
FEW = 500


def firms(actor: Actor, *, words: str = "", subdistrict: str = "", tag: str = "") -> EnterpriseQuerySet:
    """Firms the actor may see whose code, name, former name or pinyin initials hold ``words``; of one subdistrict by code; with a tag."""
    found = Enterprise.objects.visible_to(actor).in_registry()
    if subdistrict:
        found = found.filter(subdistrict__code=subdistrict)
    # PostgreSQL takes no NUL, and nobody types control characters on purpose
    text = "".join(letter for letter in words if letter.isprintable()).strip()[:LONGEST_WORDS]
    if text:
        folded = folded_name(text)
        # a subquery, not a join: a firm with several names would come several times, and telling that costs a sort of all
        hits = Q(pk__in=NameRecord.objects.filter(folded__contains=folded).order_by().values("enterprise"))
        if folded.isascii():
            # a range, not a beginning: SQLite looks up no index for LIKE; Z sorts last of a code's characters in any collation
            hits |= Q(code__range=(text.upper(), text.upper().ljust(CODE_LENGTH, "Z"))) | Q(initials__contains=folded)
        found = found.filter(_named_once(hits))
    if tag:
        found = found.filter(tags__text=tag)
    return found.select_related("subdistrict").order_by("code")


def _named_once(hits: Q) -> Q:
    """The hits as a list of firms where they are few: a page asks twice, for the count and the rows, and a search reads every name."""
    few = list(Enterprise.objects.filter(hits).order_by().values_list("pk", flat=True)[: FEW + 1])
    return Q(pk__in=few) if len(few) <= FEW else hits


def firms_by_subdistrict(actor: Actor) -> list[tuple[str, str, int]]:
    """Code, name and number of firms of each subdistrict the actor sees."""
    counted = (
        Enterprise.objects.visible_to(actor)
        .in_registry()
        .order_by("subdistrict__path")
        .values_list("subdistrict__code", "subdistrict__name")
    )
    return [(code or "", name or "未登记街道", count) for code, name, count in counted.annotate(count=Count("pk"))]


def subdistricts_of(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of each subdistrict with firms that the actor sees; for a filter, where nobody waits for counts."""
    mine = Enterprise.objects.visible_to(actor).in_registry().filter(subdistrict=OuterRef("pk"))
    return list(Unit.objects.filter(Exists(mine)).order_by("path").values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact in force: its text, where it comes from and when it was received; ``others`` say otherwise."""

    name: str
    text: str
    source: str
    received_at: datetime | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactBlock:
    """The facts of one period; ``level`` and ``period`` as the registry keeps them."""

    title: str
    lines: tuple[FactLine, ...]
    level: int
    period: int


def fact_blocks(enterprise: Enterprise) -> list[FactBlock]:
    """All facts in force of a firm with their sources: two queries."""
    rows = list(FactsInForce.objects.filter(enterprise=enterprise).order_by("level", "-period"))
    wanted = {sheet for row in rows for sheet in [*row.origins.values(), *(one for listed in row.conflicts.values() for one in listed)]}
    sheets = {sheet.pk: sheet for sheet in DataSheet.objects.filter(pk__in=wanted).select_related("source")}
    facts = catalogue()
    return [
        FactBlock(_period_text(row.level, row.period), tuple(_lines(row, sheets, facts)), row.level, row.period)
        for row in rows
        if row.level != Level.MONTH
    ]


def _period_text(level: int, period: int) -> str:
    return "基本情况" if level == Level.FIRM else f"{period} 年"


def _lines(row: FactsInForce, sheets: Mapping[int, DataSheet], facts: Catalogue) -> list[FactLine]:
    found = []
    for name in sorted(row.values, key=lambda one: facts.places.get(one, 0)):
        fact, sheet = facts.fact(name), sheets.get(row.origins.get(name, 0))
        others = tuple(
            f"{sheets[one].source.name}报 {fact_text(fact, sheets[one].values[name])}"
            for one in row.conflicts.get(name, ())
            if one in sheets
        )
        found.append(
            FactLine(
                name, fact_text(fact, row.values[name]), sheet.source.name if sheet else "", sheet.received_at if sheet else None, others
            )
        )
    return found


def fact_text(fact: Fact, value: Any) -> str:
    """A stored value as people read it."""
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact.store is Store.DATE and isinstance(value, str):
        return date.fromisoformat(value).isoformat()
    if isinstance(value, int) and fact.store is Store.INTEGER:
        unit = {"item": "项", "person": "人", "points": "分", "year": "", "rank": "", "level": "级"}.get(fact.unit_label, fact.unit_label)
        return f"{decimal_text(from_stored(value, fact.unit))} {unit}".strip()
    return str(value)
