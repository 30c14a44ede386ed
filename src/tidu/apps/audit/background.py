"""Verifying the chain as long work."""

from __future__ import annotations

from tidu.apps.audit.domain.chain import Subject, record_event, verify_chain
from tidu.apps.jobs.domain.kinds import job_kind
from tidu.apps.jobs.domain.running import Work

VERIFY = "audit-verify"
MOST_BREAKS = 200
"""How many places a result lists; the count is of all."""


@job_kind(VERIFY, "校验操作日志")
def verify(work: Work) -> None:
    """From the first event to the last; the result says how many there are and where the chain does not hold."""
    count, breaks = verify_chain(lambda done, total: work.tell("校验操作日志", done, total))
    with work.commit(href="/office/audit/verify/") as result:
        result |= {
            "events": count,
            "breaks": len(breaks),
            "places": [{"number": one.number, "sentence": one.sentence} for one in breaks[:MOST_BREAKS]],
        }
        record_event(
            actor=work.actor, at=work.clock(), action="audit.verified", subject=Subject("audit", "", "操作日志"),
            detail={"events": count, "breaks": len(breaks)},
        )  # fmt: skip
