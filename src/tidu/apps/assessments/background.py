"""The work that this app has done in the background."""

from __future__ import annotations

from datetime import time

from django.urls import reverse

from tidu.apps.assessments.domain.assessing import KIND, TITLE, assess_everyone
from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work


@job_kind(KIND, TITLE, daily_at=time(2, 0))
def everyone(work: Work) -> None:
    """Every firm against every standard in force."""
    assess_everyone(work, lambda number: reverse("assessment", args=[number]))
