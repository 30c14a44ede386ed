"""Long work of the ladder and the pools."""

from __future__ import annotations

from datetime import date, time

from django.utils import timezone

from tidu.apps.cultivation.domain.nightly import run_computation
from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work
from tidu.kernel.legal_days import legal_day

COMPUTE = "cultivation-compute"


@job_kind(COMPUTE, "培育库、应税收入与预警计算", daily_at=time(2, 30))
def compute_all(work: Work) -> None:
    """Everything that is worked out from the registry for the ladder and the pools, as of today or of the day asked for."""
    told = work.parameters.get("day")
    at = timezone.localtime(work.clock())
    run_computation(work=work, at=at, day=date.fromisoformat(told) if told else legal_day(at))
