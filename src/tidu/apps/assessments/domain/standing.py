"""Where one firm of the registry stands: every standard in force, with what is missing and what fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, Event, FactsInForce
from tidu.kernel.facts import Catalogue, Fact, Store, catalogue
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import Assessment, assess_firm
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Firm, Value

AT_ONCE = 500
"""Firms read together; SQLite takes a limited number of values in one statement."""


@dataclass(frozen=True)
class Standing:
    """All standards in force for one firm, the size class apart."""

    moment: Moment
    verdicts: tuple[Assessment, ...]
    size_class: str | None


def firm_of_registry(enterprise: Enterprise) -> Firm:
    """One firm as the kernel reads it: facts in force and events; two queries."""
    return firms_of_registry([enterprise])[0]


def firms_of_registry(enterprises: Sequence[Enterprise]) -> list[Firm]:
    """Some firms as the kernel reads them, in the order given; two queries for every ``AT_ONCE`` of them."""
    facts = catalogue()
    found: list[Firm] = []
    for start in range(0, len(enterprises), AT_ONCE):
        part = enterprises[start : start + AT_ONCE]
        tables = _tables([one.pk for one in part], facts)
        events: dict[int, dict[str, list[dict[str, Value]]]] = {one.pk: {} for one in part}
        for event in Event.objects.filter(enterprise__in=events, withdrawn_at=None).order_by("pk"):
            events[event.enterprise_id].setdefault(event.type, []).append(_fields(event.type, event.fields, facts))
        for one in part:
            own, years, months = tables[one.pk]
            found.append(Firm(one.code, one.name, own, years, months, events[one.pk]))
    return found


Tables = tuple[dict[str, Value], dict[int, dict[str, Value]], dict[date, dict[str, Value]]]


def _tables(enterprises: Sequence[int], facts: Catalogue) -> dict[int, Tables]:
    """The facts in force of firms: of the firm itself, by year, by month."""
    found: dict[int, Tables] = {pk: ({}, {}, {}) for pk in enterprises}
    for row in FactsInForce.objects.filter(enterprise__in=enterprises).order_by():
        own, years, months = found[row.enterprise_id]
        values = {name: read_value(value, facts.fact(name)) for name, value in row.values.items()}
        if row.level == Level.FIRM:
            own.update(values)
        elif row.level == Level.YEAR:
            years[row.period] = values
        else:
            months[date(row.period // 100, row.period % 100, 1)] = values
    return found


def _fields(type_name: str, fields: Mapping[str, Any], facts: Catalogue) -> dict[str, Value]:
    known = facts.event(type_name).fields
    return {name: read_value(value, known[name]) for name, value in fields.items()}


def read_value(value: Any, fact: Fact) -> Value:
    """A value as JSON holds it, as the kernel reads it."""
    return date.fromisoformat(value) if fact.store is Store.DATE and isinstance(value, str) else value


def firm_standing(enterprise: Enterprise, packs: PackSet, moment: Moment) -> Standing:
    """Where a firm stands at a moment."""
    found = assess_firm(firm_of_registry(enterprise), packs, moment)
    sizes = [one.value for one in found if one.standard.classes]
    return Standing(moment, tuple(one for one in found if not one.standard.classes), sizes[0] if sizes else None)
