"""Doing long work: claim, hold by a lease, commit once.

A worker may die at any moment. What it had not committed never happened; its job goes back to the queue as soon as the
worker is known to be dead (same machine) or its lease has run out (another machine). What it commits, it commits together
with the mark "done", and only while the job is still its own: so nothing is done twice.
"""

from __future__ import annotations

import logging
import os
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.accounts.models import User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.jobs.domain.asking import subject_of
from tidu.apps.jobs.domain.kinds import kinds
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 5
TELL_EVERY = 0.5
"""Seconds between two notes of progress."""

HREF = "href"
"""In a result: the page of what was made, where it was not known when the work was asked for."""

failures = logging.getLogger("tidu.failures")
Clock = Callable[[], datetime]


class LostWork(Exception):
    """The job belongs to another worker by now; what was prepared is dropped."""


@dataclass(slots=True)
class Work:
    """A job being done: what was asked, who asked, and the ways to tell progress and to commit."""

    job: Job
    actor: Actor
    clock: Clock
    _told: float = field(default=0.0)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What was asked."""
        return self.job.parameters

    def tell(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Note how far it is, and hold on to the job. Within a transaction nobody could see it, so nothing is written."""
        if connection.in_atomic_block or (monotonic() - self._told < TELL_EVERY and stage == self.job.stage):
            return
        self._told, self.job.stage = monotonic(), stage
        self._hold(stage=stage[:80], done=done, total=total)

    def _hold(self, **noted: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, worker=self.job.worker, attempt=self.job.attempt, state=JobState.RUNNING)
        if not mine.update(lease_until=self.clock() + LEASE, **noted):
            raise LostWork

    @contextmanager
    def commit(self, *, href: str = "") -> Iterator[dict[str, Any]]:
        """The transaction in which the work takes effect and the job is done, both or neither; yields the dict of results."""
        result: dict[str, Any] = {}
        with transaction.atomic():
            self._hold()
            yield result
            _finish(self.job, self.clock(), JobState.DONE, href=result.pop(HREF, href), result=result)


def this_worker() -> str:
    """Machine, process and its start: a number used again by a later process is not mistaken for this one."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def _started(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _is_dead(worker: str) -> bool:
    machine, _, rest = worker.partition("/")
    process, _, started = rest.partition("/")
    return machine == socket.gethostname() and process.isdigit() and _started(int(process)) != started


def take_back(at: datetime) -> int:
    """Put back into the queue what dead workers held; give up what was begun too often. Returns how many were put back."""
    running = Job.objects.filter(state=JobState.RUNNING)
    held = set(running.values_list("worker", flat=True).distinct())
    lost = running.filter(Q(lease_until__lt=at) | Q(worker__in=[worker for worker in held if _is_dead(worker)]))
    for job in lost.filter(attempt__gte=MOST_ATTEMPTS):
        with transaction.atomic():
            _finish(job, at, JobState.FAILED, error_code="job-interrupted", error=f"中断了 {job.attempt} 次，没有再试。请联系系统管理员。")
    return lost.filter(attempt__lt=MOST_ATTEMPTS).update(state=JobState.QUEUED, worker="", lease_until=None, stage="中断后重新排队")


def claim(at: datetime) -> Job | None:
    """The oldest job in the queue, now held by this worker; None where there is none. Two workers never get the same."""
    while True:
        job = Job.objects.filter(state=JobState.QUEUED).order_by("created_at", "pk").first()
        if job is None:
            return None
        taken = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
            state=JobState.RUNNING, worker=this_worker(), lease_until=at + LEASE, attempt=F("attempt") + 1, started_at=at
        )
        if taken:
            job.refresh_from_db()
            return job


def run(job: Job, clock: Clock) -> None:
    """Do a claimed job to its end."""
    work = Work(job, _actor(job, clock()), clock)
    try:
        kinds()[job.kind].run(work)
    except LostWork:
        return
    except TiduError as error:
        _failed(job, clock(), error.code, error.message)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong, the job must not stay open
        failures.error("%s in job %s\n%s", type(error).__name__, job.kind, "".join(traceback.format_tb(error.__traceback__)))
        _failed(job, clock(), "job-failed", "程序出错，没有改动任何数据。请联系系统管理员，并告知任务编号。")
    else:
        job.refresh_from_db()
        if job.state == JobState.RUNNING:
            with transaction.atomic():
                _finish(job, clock(), JobState.DONE)


def _actor(job: Job, at: datetime) -> Actor:
    user = User.objects.filter(pk=job.created_by_id).first()
    return SYSTEM if user is None else actor_of(user, legal_day(at))


def _failed(job: Job, at: datetime, code: str, sentence: str) -> None:
    with transaction.atomic():
        _finish(job, at, JobState.FAILED, error_code=code[:60], error=sentence)


def _finish(job: Job, at: datetime, state: JobState, **noted: Any) -> None:
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, attempt=job.attempt, state=JobState.RUNNING)
    if not mine.update(state=state, finished_at=at, lease_until=None, **noted):
        raise LostWork
    record_event(
        actor=_actor(job, at),
        at=at,
        action=f"job.{state.value}",
        subject=subject_of(job),
        detail={"kind": job.kind, "code": noted.get("error_code", "")},
    )


def run_pending(clock: Clock) -> int:
    """Do everything that is queued, one after the other; returns how many jobs."""
    take_back(clock())
    count = 0
    while (job := claim(clock())) is not None:
        run(job, clock)
        count += 1
    return count
