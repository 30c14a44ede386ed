"""Signs of life of the processes that do background work."""

from __future__ import annotations

from datetime import datetime, timedelta

from tidu.apps.administration.models import WorkerSeen

ALIVE = timedelta(seconds=90)
KEPT = timedelta(days=1)


def note_worker(*, at: datetime, name: str) -> None:
    """A worker looked at the queue; those not seen for a day are forgotten. No act of a person, so no event."""
    if not WorkerSeen.objects.filter(name=name).update(seen_at=at):
        WorkerSeen.objects.create(name=name, since=at, seen_at=at)
        WorkerSeen.objects.filter(seen_at__lt=at - KEPT).delete()
