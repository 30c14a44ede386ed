"""The catalogue of facts: what may be known of a firm, in which unit, from whom (``packs/facts.csv``).

The catalogue is data; this module gives it types. Event types carry their fields in the note column,
``fields: 级别(省级|市级) 金额 日期``, which is parsed here once.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from tidu.kernel.errors import TiduError
from tidu.kernel.quantities import LEVELS, UNITS, Unit, parse_decimal

PACKS = Path(__file__).resolve().parent.parent / "packs"
FIRM_CODE = "统一社会信用代码"
FIRM_NAME = "企业名称"
YEAR = "年度"
MONTH = "月份"
EVENT_TYPE = "事项类型"


class Kind(StrEnum):
    """At which grain a fact is known."""

    FIRM = "firm"
    YEAR = "year"
    MONTH = "month"
    EVENT = "event"


class Store(StrEnum):
    """How a value is stored (see ``Fact.unit`` for the scale of integers)."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the catalogue, or one field of an event type.

    ``lowest`` and ``highest`` bound the values it can take, in stored integers (None: unbounded);
    decisive-missing analysis completes a missing fact within them.
    """

    name: str
    identifier: str
    kind: Kind
    store: Store
    unit: Unit
    values: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    lowest: int | None = None
    highest: int | None = None
    unit_label: str = ""


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of dated event with its fields."""

    name: str
    identifier: str
    fields: Mapping[str, Fact]
    source: str = ""
    note: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All facts and event types, by Chinese name."""

    facts: Mapping[str, Fact]
    events: Mapping[str, EventType]
    order: tuple[str, ...] = field(default=())

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each name stands in the order."""
        return {name: place for place, name in enumerate(self.order)}

    def of_kind(self, kind: Kind) -> list[Fact]:
        """Facts of one grain in catalogue order."""
        return [fact for fact in self.facts.values() if fact.kind is kind]

    def fact(self, name: str) -> Fact:
        """The fact called ``name``; raises ``unknown-fact``."""
        found = self.facts.get(name)
        if found is None:
            raise TiduError("unknown-fact", f"指标目录中没有“{name}”。请核对名称，或先在 facts.csv 中登记。", name=name)
        return found

    def event(self, name: str) -> EventType:
        """The event type called ``name``; raises ``unknown-event``."""
        found = self.events.get(name)
        if found is None:
            known = "、".join(self.events)
            raise TiduError("unknown-event", f"事项目录中没有“{name}”。可用的事项类型：{known}。", name=name)
        return found


_UNIT_ALIASES = {"item": "项", "person": "人", "points": "分", "level": "级", "万元": "万元", "%": "%", "kWh": "kWh"}
_FIELD = re.compile(r"([^\s()]+)(?:\(([^)]*)\))?")
_MONEY_FIELDS = {"金额", "成交额"}
_RATIO_FIELDS = {"持股比例"}
_COUNT_FIELDS = {"排名", "单位排名", "权利人排名"}
_BOOLEAN_FIELDS = {"与主导产品相关", "有效"}


def _store_and_unit(unit: str) -> tuple[Store, Unit]:
    if unit == "yes/no":
        return Store.BOOLEAN, UNITS[""]
    if unit == "date":
        return Store.DATE, UNITS[""]
    if unit in {"year", "rank"}:
        return Store.INTEGER, UNITS[""]
    if unit in _UNIT_ALIASES:
        return Store.INTEGER, UNITS[_UNIT_ALIASES[unit]]
    if unit == "":
        return Store.TEXT, UNITS[""]
    raise TiduError("bad-catalogue", f"指标目录里的单位“{unit}”无法识别。请改用目录说明中的单位。", unit=unit)


def _field_fact(name: str, values: str | None, event: str, source: str, money_unit: str) -> Fact:
    closed = tuple(values.split("|")) if values else ()
    store, unit = Store.TEXT, UNITS[""]
    lowest: int | None = None
    if name in _MONEY_FIELDS:
        store, unit, lowest = Store.INTEGER, UNITS[money_unit or "万元"], 0
    elif name in _RATIO_FIELDS:
        store, unit, lowest = Store.INTEGER, UNITS["%"], 0
    elif name in _COUNT_FIELDS:
        store, unit, lowest = Store.INTEGER, UNITS[""], 1
    elif name == "年度":
        store, unit, lowest = Store.INTEGER, UNITS[""], 1900
    elif name in _BOOLEAN_FIELDS:
        store = Store.BOOLEAN
    elif name.endswith("日期") or name == "有效期至":
        store = Store.DATE
    label = unit.symbol if store is Store.INTEGER else ""
    return Fact(name, f"{event}.{name}", Kind.EVENT, store, unit, closed, source, "", lowest, None, label)


def _event(row: Mapping[str, str]) -> EventType:
    """An event row: its fields stand in the note behind ``fields:``; the values column closes the field 名称."""
    note = row["note"]
    tail = note.partition("fields:")[2].split(";")[0]
    fields: dict[str, Fact] = {}
    for match in _FIELD.finditer(tail):
        values = match[2] or (row["values"] if match[1] == "名称" else "")
        fields[match[1]] = _field_fact(match[1], values, row["name"], row["source"], row["unit"])
    return EventType(row["name"], row["identifier"], fields, row["source"], note)


def _bound(text: str, unit: Unit) -> int | None:
    return None if not text else int(parse_decimal(text) * unit.scale)


def _fact(row: Mapping[str, str]) -> Fact:
    store, unit = _store_and_unit(row["unit"])
    values = tuple(row["values"].split("|")) if row["values"] else ()
    lowest, highest = _bound(row.get("lowest") or "", unit), _bound(row.get("highest") or "", unit)
    if store is Store.BOOLEAN:
        lowest, highest = 0, 1
    if unit.symbol == "级":
        lowest, highest, values = 1, len(LEVELS), LEVELS
    kind = Kind(row["kind"])
    return Fact(row["name"], row["identifier"], kind, store, unit, values, row["source"], row["note"], lowest, highest, row["unit"])


def read_catalogue(path: Path) -> Catalogue:
    """Read the catalogue from CSV (UTF-8); raises ``bad-catalogue`` on duplicate names or unknown units."""
    facts: dict[str, Fact] = {}
    events: dict[str, EventType] = {}
    order: list[str] = []
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            name = row["name"]
            if name in facts or name in events:
                raise TiduError("bad-catalogue", f"指标目录中“{name}”重复登记。请保留一行。", name=name)
            order.append(name)
            if row["kind"] == Kind.EVENT:
                events[name] = _event(row)
            else:
                facts[name] = _fact(row)
    return Catalogue(facts, events, tuple(order))


@cache
def catalogue() -> Catalogue:
    """The catalogue shipped with the packs."""
    return read_catalogue(PACKS / "facts.csv")
