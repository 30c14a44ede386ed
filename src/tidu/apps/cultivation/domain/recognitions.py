"""Recognitions as the ladder reads them, mirrored from the events of the registry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from tidu.apps.cultivation.domain.titles import titles
from tidu.apps.cultivation.models import Holding
from tidu.apps.enterprises.models import Event

RECOGNITION = "认定"
AT_ONCE = 2000


def holdings_of(events: Iterable[Event]) -> list[Holding]:
    """Unsaved holdings of recognition events; an event without a day cannot stand on the ladder and is left out."""
    known, found = titles(), []
    for event in events:
        fields = event.fields
        day = event.day or _day(fields.get("日期"))
        if day is None:
            continue
        told, level = str(fields.get("名称") or ""), str(fields.get("级别") or "")
        kind = known.kind_of(told, level)
        until, assumed = known.last_day(kind, day, _day(fields.get("有效期至")))
        found.append(
            Holding(
                enterprise_id=event.enterprise_id, event=event, kind=kind[:40], told=told[:60], level=level[:20],
                number=str(fields.get("文号") or "")[:80], rung=known.rung_of(kind), day=day, until=until, assumed=assumed,
            )
        )  # fmt: skip
    return mark_renewed(found)


def mark_renewed(listed: list[Holding]) -> list[Holding]:
    """Mark what a later recognition of the same firm and kind runs on."""
    lasting: dict[tuple[int, str], date] = {}
    for one in listed:
        key = (one.enterprise_id, one.kind)
        lasting[key] = max(lasting.get(key, date.min), one.until or date.max)
    for one in listed:
        one.renewed = (one.until or date.max) < lasting[(one.enterprise_id, one.kind)]
    return listed


def refresh_holdings(enterprises: Iterable[int] | None = None) -> int:
    """Mirror the events anew, of all firms or of some; returns how many recognitions stand."""
    events = Event.objects.filter(type=RECOGNITION, withdrawn_at=None).order_by("pk")
    stale = Holding.objects.all()
    if enterprises is not None:
        wanted = list(enterprises)
        events, stale = events.filter(enterprise__in=wanted), stale.filter(enterprise__in=wanted)
    with transaction.atomic():
        rows = holdings_of(events.iterator(chunk_size=AT_ONCE))
        stale.delete()
        Holding.objects.bulk_create(rows, batch_size=AT_ONCE)
    return len(rows)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
