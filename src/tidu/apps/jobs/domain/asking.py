"""Asking for long work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.jobs.domain.kinds import kinds
from tidu.apps.jobs.enums import OPEN
from tidu.apps.jobs.models import Job
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day


def ask_for(
    *, actor: Actor, at: datetime, kind: str, title: str, key: str, parameters: Mapping[str, Any] | None = None
) -> Job:  # fmt: skip
    """Queue a piece of work; who may ask is the caller's rule. Raises ``job-open`` where the same work is under way."""
    known = kinds()[kind]
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=known.name, title=title, key=key, parameters=dict(parameters or {}), created_by_id=actor.user, actor_name=actor.name,
                created_at=at,
            )  # fmt: skip
            record_event(actor=actor, at=at, action="job.asked", subject=subject_of(job), detail={"kind": kind})
    except IntegrityError as error:
        other = Job.objects.filter(key=key, state__in=OPEN).first()
        if other is None:
            raise
        raise TiduError("job-open", f"“{other.title}”已由{other.actor_name}提出，正在进行。请等它完成。", job=other.pk) from error
    return job


def subject_of(job: Job) -> Subject:
    """A job as the audit names it."""
    return Subject("job", str(job.pk), job.title)


def ask_for_daily_work(at: datetime) -> list[Job]:
    """Queue the work that is due on this day and was not yet asked for, and what says of itself that it is due; ``at`` in local time."""
    asked = []
    for kind in kinds().values():
        if kind.due is not None and kind.due(at) and not Job.objects.filter(key=kind.name, state__in=OPEN).exists():
            asked.append(ask_for(actor=SYSTEM, at=at, kind=kind.name, title=kind.label, key=kind.name))
        if kind.daily_at is None or at.time() < kind.daily_at:
            continue
        key = f"{kind.name}:{legal_day(at).isoformat()}"
        if not Job.objects.filter(key=key).exists():
            asked.append(ask_for(actor=SYSTEM, at=at, kind=kind.name, title=f"{kind.label}（每日）", key=key))
    return asked
