"""The computation as a job, and asking for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.cultivation.domain.computing import Outcome, compute, write
from tidu.apps.cultivation.domain.raising import raise_warnings
from tidu.apps.cultivation.domain.recognitions import refresh_holdings
from tidu.apps.cultivation.models import Computation
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.jobs.domain.running import Work
from tidu.apps.jobs.models import Job

KIND = "cultivation-compute"
ASKERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)


def ask_for_computation(*, actor: Actor, at: datetime) -> Job:
    """Queue a computation as of today; bureau only. Raises ``job-open`` where one is under way."""
    actor.may_write(*ASKERS).require()
    return ask_for(actor=actor, at=at, kind=KIND, title="培育库、应税收入与预警计算", key=f"{KIND}:now")


def run_computation(*, work: Work, at: datetime, day: date) -> None:
    """Compute and commit, both or neither."""
    outcome = compute(day, work.tell)
    with work.commit(href="/office/pools/") as result:
        result.update(settle_computation(outcome=outcome, actor=work.actor, at=at).counts)


def settle_computation(*, outcome: Outcome, actor: Actor, at: datetime) -> Computation:
    """Write an outcome: recognitions, findings, monthly lines, warnings, one audit event. All in one transaction."""
    with transaction.atomic():
        holdings = refresh_holdings()
        raised = raise_warnings(outcome, at=at)
        counts: dict[str, Any] = {
            "firms": len(outcome.population.codes), "holdings": holdings,
            "warnings": raised.new, "vanished": raised.vanished, "back": raised.back, "by_rule": dict(raised.by_rule),
        }  # fmt: skip
        computation = write(outcome, at=at, asked_by=actor.name, counts=counts)
        record_event(
            actor=actor, at=at, action="cultivation.computed", subject=Subject("computation", str(computation.pk), f"截至 {outcome.day}"),
            detail={**counts, "digest": computation.digest},
        )  # fmt: skip
    return computation
