"""Night work on plans."""

from __future__ import annotations

from datetime import time

from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work
from tidu.apps.plans.domain.escalating import escalate

ESCALATING = "plans.escalate"


@job_kind(ESCALATING, "红灯逐级告知", daily_at=time(0, 40))
def escalate_reds(work: Work) -> None:
    """Whoever must hear of repeated red hears of it in the morning."""
    work.tell("逐项核对")
    with work.commit() as result:
        result.update({"tasks": escalate(actor=work.actor, at=work.clock())})
