"""Long work is done once, whoever dies on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.jobs.domain import kinds as registered
from tidu.apps.jobs.domain.asking import ask_for, ask_for_daily_work
from tidu.apps.jobs.domain.kinds import Kind
from tidu.apps.jobs.domain.running import LEASE, MOST_ATTEMPTS, LostWork, Work, claim, run, run_pending, take_back, this_worker
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return AT


def rename(work: Work) -> None:
    """Renames the district, as work that can be seen."""
    work.tell("改名", 1, 2)
    with work.commit(href="/office/") as result:
        Unit.objects.filter(code="district").update(name=work.parameters["name"])
        result["renamed"] = 1


def refuse(work: Work) -> None:
    raise TiduError("no-good", "文件里没有数据。请检查后重新上传。")


def break_down(work: Work) -> None:
    Unit.objects.filter(code="nobody").update(name=1 // 0)


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    added = {name: Kind(name, name, do) for name, do in (("rename", rename), ("refuse", refuse), ("break", break_down))}
    known = registered.kinds()
    known |= added
    yield
    for name in added:
        del known[name]


@pytest.fixture
def district() -> District:
    return small_district()


def ask(kind: str = "rename", key: str = "one") -> Job:
    return ask_for(actor=SYSTEM, at=AT, kind=kind, title="某任务", key=key, parameters={"name": "新名"})


def name_of_district() -> str:
    return Unit.objects.get(code="district").name


def test_work_takes_effect_and_says_what_came_of_it(district: District) -> None:
    job = ask()
    assert run_pending(clock) == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.href, job.attempt, name_of_district()) == (JobState.DONE, {"renamed": 1}, "/office/", 1, "新名")
    assert [event.action for event in AuditEvent.objects.order_by("number")] == ["job.asked", "job.done"]


def test_the_same_work_is_queued_once_while_it_is_open(district: District) -> None:
    actor = district.actor(Role.BUREAU_CLERK)
    ask_for(actor=actor, at=AT, kind="rename", title="全员评估", key="one", parameters={"name": "新名"})
    with pytest.raises(TiduError) as refused:
        ask()
    assert refused.value.message == f"“全员评估”已由{actor.name}提出，正在进行。请等它完成。"
    run_pending(clock)
    assert ask().state == JobState.QUEUED


def test_a_refusal_is_told_in_its_own_words(district: District) -> None:
    job = ask("refuse")
    run_pending(clock)
    job.refresh_from_db()
    assert (job.state, job.error_code, job.error) == (JobState.FAILED, "no-good", "文件里没有数据。请检查后重新上传。")


def test_a_defect_closes_the_job_without_quoting_data(district: District) -> None:
    job = ask("break")
    run_pending(clock)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "job-failed")
    assert "ZeroDivision" not in job.error


def test_what_a_dead_worker_held_is_done_by_the_next(district: District) -> None:
    job = ask()
    claim(AT)
    Job.objects.update(worker=this_worker().replace("/", "/999999", 1))
    assert run_pending(clock) == 1
    job.refresh_from_db()
    assert (job.state, job.attempt, name_of_district()) == (JobState.DONE, 2, "新名")


def test_a_living_worker_keeps_its_job_until_the_lease_ends(district: District) -> None:
    ask()
    claim(AT)
    Job.objects.update(worker="elsewhere/1/1")
    assert take_back(AT) == 0
    assert take_back(AT + LEASE) == 0
    assert take_back(AT + LEASE + timedelta(seconds=1)) == 1


def test_who_lost_the_job_commits_nothing(district: District) -> None:
    ask()
    job = claim(AT)
    assert job is not None
    Job.objects.update(attempt=2)
    with pytest.raises(LostWork):
        rename(Work(job, SYSTEM, clock))
    assert name_of_district() == "测试区"


def test_losing_the_job_while_it_runs_is_quiet(district: District) -> None:
    ask()
    job = claim(AT)
    assert job is not None
    Job.objects.update(worker="elsewhere/1/1")
    run(job, clock)
    assert (Job.objects.get().state, name_of_district()) == (JobState.RUNNING, "测试区")


def test_work_that_dies_too_often_is_given_up(district: District) -> None:
    job = ask()
    claim(AT)
    Job.objects.update(worker="", attempt=MOST_ATTEMPTS, lease_until=AT - timedelta(seconds=1))
    assert take_back(AT) == 0
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "job-interrupted")


def test_nobody_gets_what_another_has_claimed(district: District) -> None:
    ask()
    assert claim(AT) is not None
    assert claim(AT) is None


def test_progress_is_seen_only_outside_the_transaction_of_the_effects(district: District) -> None:
    ask()
    job = claim(AT)
    assert job is not None
    work = Work(job, SYSTEM, clock)
    assert connection.in_atomic_block
    work.tell("读取", 1, 2)
    assert Job.objects.get().stage == ""


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_and_holds_the_lease() -> None:
    small_district()
    ask()
    job = claim(AT)
    assert job is not None
    later = AT + timedelta(minutes=3)
    Work(job, SYSTEM, lambda: later).tell("读取", 1, 2)
    found = Job.objects.get()
    assert (found.stage, found.done, found.total, found.share, found.lease_until) == ("读取", 1, 2, 50, later + LEASE)


def test_daily_work_is_asked_for_once_a_day_from_its_hour_on(district: District) -> None:
    hour = datetime(2024, 6, 1, 2, 0, tzinfo=UTC)
    registered.kinds()["rename"] = Kind("rename", "改名", rename, daily_at=hour.time())

    def asked(at: datetime) -> list[str]:
        return [job.key for job in ask_for_daily_work(at) if job.kind == "rename"]

    assert asked(hour - timedelta(minutes=1)) == []
    assert asked(hour) == ["rename:2024-06-01"]
    assert asked(hour + timedelta(hours=3)) == []
    assert asked(hour + timedelta(days=1)) == ["rename:2024-06-02"]


def test_a_stranger_does_not_see_the_job(district: District) -> None:
    actor = district.actor(Role.BUREAU_CLERK)
    ask_for(actor=actor, at=AT, kind="rename", title="某任务", key="one")
    seen = {role: Job.objects.visible_to(district.actor(role)).count() for role in (Role.BUREAU_CLERK, Role.DEPARTMENT_CLERK, Role.AUDITOR)}
    assert seen == {Role.BUREAU_CLERK: 1, Role.DEPARTMENT_CLERK: 0, Role.AUDITOR: 1}
