"""Words of long work."""

from __future__ import annotations

from django.db.models import TextChoices


class JobState(TextChoices):
    """How far a job has come."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


OPEN = (JobState.QUEUED, JobState.RUNNING)
