"""Questions to long work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, Subquery

from tidu.apps.jobs.domain.kinds import Kind, kinds
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Daily:
    """A kind of work that is done every day: when it ran last, and when it runs next."""

    kind: Kind
    last: Job | None
    next_at: datetime


def daily_work(now: datetime) -> list[Daily]:
    """Every daily kind with its last run, in the order of the day; ``now`` in local time. One query."""
    daily = sorted(
        (kind for kind in kinds().values() if kind.daily_at is not None), key=lambda kind: (kind.daily_at or time.min, kind.name)
    )
    newest = Job.objects.filter(kind=OuterRef("kind")).order_by("-created_at", "-pk").values("pk")[:1]
    names = [kind.name for kind in daily]
    last = {job.kind: job for job in Job.objects.filter(kind__in=names, pk=Subquery(newest))}
    return [Daily(kind, last.get(kind.name), _next(kind, now)) for kind in daily]


def _next(kind: Kind, now: datetime) -> datetime:
    hour = kind.daily_at or time.min
    day: date = now.date() if now.time() < hour else now.date() + timedelta(days=1)
    return datetime.combine(day, hour, tzinfo=now.tzinfo)


def waiting() -> dict[JobState, int]:
    """How many jobs are queued, running, and failed."""
    states = list(Job.objects.filter(state__in=(JobState.QUEUED, JobState.RUNNING, JobState.FAILED)).values_list("state", flat=True))
    return {state: states.count(state) for state in (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)}
