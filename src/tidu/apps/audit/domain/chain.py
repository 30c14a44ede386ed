"""Writing an event and verifying the chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.digests import FIRST, chained
from tidu.apps.audit.models import AuditEvent, ChainHead

HEAD = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act was done to."""

    type: str
    id: str
    name: str


def covered(event: AuditEvent) -> dict[str, Any]:
    """Everything of an event that its digest covers."""
    return {
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "action": event.action,
        "subject_type": event.subject_type,
        "subject_id": event.subject_id,
        "subject_name": event.subject_name,
        "detail": event.detail,
    }


def record_event(*, actor: Actor, at: datetime, action: str, subject: Subject, detail: Mapping[str, Any] | None = None) -> AuditEvent:
    """Append one event. Must run inside the transaction of the act itself, so that neither stands without the other.

    The head row is locked until the transaction ends: events are numbered in the order in which acts are done.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit event is written inside the transaction of the act")
    head = ChainHead.objects.select_for_update().filter(pk=HEAD).first() or ChainHead(pk=HEAD, number=0, digest=FIRST)
    event = AuditEvent(
        number=head.number + 1,
        at=at,
        actor_id=actor.user,
        actor_name=actor.name,
        action=action,
        subject_type=subject.type,
        subject_id=subject.id,
        subject_name=subject.name[:200],
        detail=dict(detail or {}),
        before=head.digest,
    )
    event.digest = chained(event.before, covered(event))
    event.save(force_insert=True)
    head.number, head.digest = event.number, event.digest
    head.save()
    return event


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and how."""

    number: int
    sentence: str


def verify_chain(progress: Callable[[int, int], None] | None = None) -> tuple[int, list[Break]]:
    """The number of events and every place where the chain does not hold."""
    breaks: list[Break] = []
    before, expected, seen = FIRST, 1, 0
    total = AuditEvent.objects.count()
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2000):
        seen += 1
        if event.number != expected:
            breaks.append(Break(event.number, f"第 {expected} 条至第 {event.number - 1} 条不见了。"))
        if event.before != before:
            breaks.append(Break(event.number, f"第 {event.number} 条与前一条接不上：前一条被改过、删过或插入过。"))
        if chained(event.before, covered(event)) != event.digest:
            breaks.append(Break(event.number, f"第 {event.number} 条的内容与摘要不符：写入以后被改过。"))
        before, expected = event.digest, event.number + 1
        if progress is not None and seen % 1000 == 0:
            progress(seen, total)
    head = ChainHead.objects.filter(pk=HEAD).first()
    last = head.number if head is not None else 0
    if last != expected - 1 or (head is not None and head.digest != before):
        breaks.append(Break(expected, f"链尾记到第 {last} 条，现存最后一条是第 {expected - 1} 条：末尾的记录被删过或添过。"))
    return seen, breaks
