"""The night work on plans."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.plans.ground import noon, plan_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.apps.plans.background import ESCALATING
from tidu.apps.plans.models import PlanStep

pytestmark = pytest.mark.django_db


def test_the_night_tells_of_red_and_says_how_often() -> None:
    plan_district().signed()
    night = noon(date(2024, 2, 20))
    ask_for(actor=SYSTEM, at=night, kind=ESCALATING, title="红灯逐级告知", key="one")
    assert run_pending(lambda: night) == 1
    job = Job.objects.get()
    assert (job.state, job.result) == (JobState.DONE, {"tasks": 2})  # the subdistrict has not even signed
    assert PlanStep.objects.filter(act="escalate", period="2024-01").count() == 2
