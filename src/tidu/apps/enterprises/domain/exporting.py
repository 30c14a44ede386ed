"""Exports leave an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject, record_event


def record_export(*, actor: Actor, at: datetime, what: str, filters: Mapping[str, str], rows: int) -> None:
    """Who took which rows out of the system."""
    with transaction.atomic():
        record_event(
            actor=actor, at=at, action="export", subject=Subject("list", what, what), detail={"filters": dict(filters), "rows": rows}
        )
