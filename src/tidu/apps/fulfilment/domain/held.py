"""What the system holds already of what an application would have to prove; nobody is asked for it again (免提交)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, Event
from tidu.apps.enterprises.queries import FactLine, fact_blocks, fact_text
from tidu.apps.fulfilment.domain.items import Material, item_rules
from tidu.apps.fulfilment.models import Case
from tidu.kernel.facts import catalogue
from tidu.kernel.legal_days import legal_day


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One record of the registry: its type and fields in words, who delivered it, on which day it was received."""

    type: str
    fields: tuple[tuple[str, str], ...]
    source: str
    received_on: date

    @property
    def text(self) -> str:
        """The record in one line."""
        told = "，".join(f"{name} {value}" for name, value in self.fields)
        return f"{self.type}：{told}（{self.source}，{self.received_on.isoformat()} 收到）"


def held_records(case: Case) -> dict[str, list[HeldRecord]]:
    """For each material that a register holds (by id) the records of this case's item; one query."""
    wanted = {one.id: one.held_by for one in item_rules(case.award).materials if one.held_by}
    if not wanted:
        return {}
    events = list(
        Event.objects.filter(enterprise=case.enterprise_id, type__in=set(wanted.values()), withdrawn_at=None)
        .select_related("source")
        .order_by("-day", "-pk")
    )
    return {
        name: [_record(one) for one in _about(case, [event for event in events if event.type == kind])] for name, kind in wanted.items()
    }


def _about(case: Case, events: list[Event]) -> list[Event]:
    """The records of the very item, which its name dates; all of the type where none is of that day."""
    same = [one for one in events if one.day is not None and one.day.isoformat() in case.item]
    return same or events


def _record(event: Event) -> HeldRecord:
    known = catalogue().events.get(event.type)
    fields = {fact.name: fact for fact in known.fields.values()} if known is not None else {}
    shown = tuple(
        (name, fact_text(fields[name], value) if name in fields else str(value))
        for name, value in event.fields.items()
        if value is not None
    )
    return HeldRecord(event.type, shown, event.source.name, legal_day(event.received_at))


def asked_materials(case: Case, held: dict[str, list[HeldRecord]] | None = None) -> list[Material]:
    """The materials the firm hands in as files: what no register holds, and what a register should hold but does not."""
    found = held_records(case) if held is None else held
    return [one for one in item_rules(case.award).materials if one.kind != "promise" and not found.get(one.id)]


def held_facts(enterprise: Enterprise) -> list[FactLine]:
    """What the registry knows of the firm itself, each with source and day."""
    return [line for block in fact_blocks(enterprise) if block.level == Level.FIRM for line in block.lines]


def frozen_ground(case: Case) -> dict[str, Any]:
    """What a submission rests on beside what was typed: facts and records as they stand now, with source and day."""
    facts = {
        line.name: {
            "value": line.text, "source": line.source, "day": legal_day(line.received_at).isoformat() if line.received_at else "",
        }
        for line in held_facts(case.enterprise)
    }  # fmt: skip
    records = [record.text for listed in held_records(case).values() for record in listed]
    return {name: value for name, value in (("facts", facts), ("records", records)) if value}
