"""Questions to the chain of events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import covered
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import DETAILS, VALUES

LOGIN_ACTIONS = (
    "account.login", "account.logout", "account.login-failed", "account.locked", "account.unlocked", "account.session-ended",
    "account.password-expired",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader of the log asks for; days are local and ``until`` counts as a whole day."""

    person: str = ""
    action: str = ""
    subject: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


def events(actor: Actor, asked: Asked) -> QuerySet[AuditEvent]:
    """Events the actor may see, the newest first."""
    found = AuditEvent.objects.visible_to(actor).order_by("-number")
    if asked.person:
        found = found.filter(Q(actor_name__icontains=asked.person) | Q(actor__username__icontains=asked.person))
    if asked.action:
        found = found.filter(action=asked.action)
    if asked.subject:
        found = found.filter(Q(subject_name__icontains=asked.subject) | Q(subject_id=asked.subject))
    if asked.kind:
        found = found.filter(subject_type=asked.kind)
    if asked.since is not None:
        found = found.filter(at__gte=_midnight(asked.since))
    if asked.until is not None:
        found = found.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return found


def logins(actor: Actor, asked: Asked) -> QuerySet[AuditEvent]:
    """Logins, failures, locks and ends of sessions: by the account they are about, not by who wrote them."""
    found = events(actor, Asked(action=asked.action, since=asked.since, until=asked.until)).filter(action__in=LOGIN_ACTIONS)
    return found.filter(subject_name__icontains=asked.person) if asked.person else found


def history_of(actor: Actor, kind: str, number: str) -> QuerySet[AuditEvent]:
    """What was done to one object, the newest first."""
    return AuditEvent.objects.visible_to(actor).filter(subject_type=kind, subject_id=number).order_by("-number")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Change:
    """One line of what an event tells: a name, what stood before, what stands after (or only what is told)."""

    name: str
    before: str
    after: str


def changes_of(event: AuditEvent) -> tuple[list[Change], list[tuple[str, str]]]:
    """What an event changed, line by line, and what else it tells."""
    detail = dict(event.detail)
    before, after = detail.pop("before", None), detail.pop("after", None)
    changes = []
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {}
        changes = [Change(_name(key), _text(old.get(key)), _text(new.get(key))) for key in dict.fromkeys([*old, *new])]
    elif before is not None or after is not None:
        changes = [Change("内容", _text(before), _text(after))]
    return changes, [(_name(key), _text(value)) for key, value in detail.items()]


def short_text(event: AuditEvent) -> str:
    """What an event tells, in one line of a list."""
    changes, told = changes_of(event)
    parts = [f"{one.name}：{one.before or '（空）'} → {one.after or '（空）'}" for one in changes] + [
        f"{name}：{text}" for name, text in told if text
    ]
    line = "；".join(parts).replace("\n", " ")
    return line if len(line) <= 120 else f"{line[:119]}…"


def _name(key: str) -> str:
    return DETAILS.get(key, key)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return VALUES.get(value, value)
    if isinstance(value, int):
        return f"{value:,}"
    return json.dumps(value, ensure_ascii=False)


def exported_lines(found: QuerySet[AuditEvent]) -> Iterator[str]:
    """Events as JSON, one a line, oldest first, with everything their digests cover: anybody can verify them elsewhere."""
    for event in found.order_by("number").iterator(chunk_size=2000):
        line = {**covered(event), "before": event.before, "digest": event.digest}
        yield json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: bytes) -> str:
    """The SM3 digest of an exported file."""
    return sm3(content)
