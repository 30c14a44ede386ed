"""Exports of the log itself are in the log, with the digest of the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject, record_event


def record_log_export(*, actor: Actor, at: datetime, digest: str, span: Mapping[str, int | None]) -> None:
    """An export of events: how many, from which number to which, and the SM3 digest of the file."""
    with transaction.atomic():
        detail = {"what": "操作日志", "rows": span["count"], "first": span["first"], "last": span["last"], "digest": digest}
        record_event(actor=actor, at=at, action="export", subject=Subject("audit", "", "操作日志"), detail=detail)
