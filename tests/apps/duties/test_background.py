"""The nightly look, the look after an import, campaigns as long work; a batch under way is stopped by a finding of fraud."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.apps.duties.ground import NOON, POLICY, STAYING, TODAY, WAN, paid, tell
from tests.apps.fulfilment.ground import Ground, achieve, money_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.queries import actor_of
from tidu.apps.duties.background import LEADS, SAMPLE, YEARLY, look_after_import
from tidu.apps.duties.domain.handling import handle_lead, tell_lead
from tidu.apps.duties.domain.sanctions import sanction_fraud
from tidu.apps.duties.models import Campaign, Lead
from tidu.apps.enterprises.models import Batch, Source
from tidu.apps.fulfilment.domain.paying import check_payment_batch, make_payment_batch, send_payment_batch
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, Route
from tidu.apps.fulfilment.models import Budget, Case
from tidu.apps.imports.background import AFTER_COMMIT
from tidu.apps.jobs.domain.asking import ask_for
from tidu.apps.jobs.domain.kinds import kinds
from tidu.apps.jobs.domain.running import Work, run_pending
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return NOON


@pytest.fixture
def ground() -> Ground:
    return money_district()


def test_the_look_is_nightly_work_and_done_twice_raises_one_lead(ground: Ground) -> None:
    assert kinds()[LEADS].daily_at is not None
    paid(ground.district.jia)
    tell(ground.district.jia, {**STAYING, "登记状态": "迁出"})
    for key in ("one", "two"):
        ask_for(actor=SYSTEM, at=NOON, kind=LEADS, title="查找", key=key)
    run_pending(clock)
    assert [(one.state, one.result) for one in Job.objects.order_by("pk")] == [
        (JobState.DONE, {"new": 1, "vanished": 0}), (JobState.DONE, {"new": 0, "vanished": 0}),
    ]  # fmt: skip
    assert Lead.objects.count() == 1


def test_new_data_are_looked_through_where_anybody_was_paid(ground: Ground) -> None:
    assert look_after_import in AFTER_COMMIT
    batch = Batch.objects.create(
        source=Source.objects.first(), unit=ground.district.units["bureau"], file_name="x.xlsx", file_digest="d", created_at=NOON,
        created_by=ground.second,
    )  # fmt: skip
    work = Work(
        Job.objects.create(kind="import.commit", title="x", key="x", actor_name="x", created_at=NOON, state=JobState.DONE),
        ground.clerk,
        clock,
    )
    look_after_import(work, batch)
    assert Job.objects.filter(kind=LEADS).count() == 0
    paid(ground.district.jia)
    look_after_import(work, batch)
    assert Job.objects.filter(kind=LEADS, state=JobState.QUEUED).count() == 1


def test_campaigns_are_begun_as_long_work(ground: Ground) -> None:
    paid(ground.district.jia)
    tell(ground.district.jia, STAYING)
    given = {"year": 2024, "due": "2024-07-31", "href": "/office/campaigns/"}
    ask_for(actor=ground.clerk, at=NOON, kind=YEARLY, title="x", key="y", parameters=given)
    sampled = {"title": "抽查", "filters": {"stand": "running"}, "count": 0, "per_mille": 100, "by_risk": False, "seed": "7"}
    ask_for(actor=ground.clerk, at=NOON, kind=SAMPLE, title="x", key="s", parameters=given | sampled)
    run_pending(clock)
    assert [one.state for one in Job.objects.all()] == [JobState.DONE, JobState.DONE]
    assert sorted(Campaign.objects.values_list("kind", "size", "drawn", "seed")) == [("sample", 1, 1, "7"), ("yearly", 1, 1, "")]


def test_a_batch_on_its_way_to_finance_is_stopped_by_a_finding_of_fraud(ground: Ground) -> None:
    firm = ground.district.jia
    paid(firm, fen=20 * WAN, award="C2")
    achieve(firm, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    budget = Budget.objects.create(year=2024, payer="区级", clause="二（一）4", planned=90 * WAN, committed=50 * WAN)
    case = Case.objects.create(
        enterprise=firm, policy=POLICY, award="C3", clause="二（一）4", title="专精特新小巨人配套", item="专精特新小巨人 国家级 2023-07-14",
        payer="区级", route=Route.NO_APPLICATION, law_date=TODAY, state=CaseState.CLEARED, computed=50 * WAN, amount=50 * WAN, budget=budget,
        account="x", account_holder=firm.name, number="MS2024-900002", created_at=NOON,
    )  # fmt: skip
    batch, results = make_payment_batch(actor=ground.clerk, at=NOON, payer="区级", cases=[case], packs=packs())
    assert batch is not None, results
    batch = check_payment_batch(actor=ground.head, at=NOON, batch=batch)
    lead = tell_lead(actor=ground.clerk, at=NOON, enterprise=firm, text="材料系伪造")
    handle_lead(actor=ground.clerk, at=NOON, lead=lead, key="verify", version=1, words="属实")
    done = sanction_fraud(actor=actor_of(ground.second, TODAY), at=NOON, lead=lead, version=2, found_on=TODAY, reason="伪造")
    assert [one.act for one in done] == ["recover", ""]
    with pytest.raises(TiduError, match="里有不能再付的"):
        send_payment_batch(actor=ground.clerk, at=NOON, batch=batch, packs=packs(), digest="d" * 64)
    batch.refresh_from_db()
    assert batch.state == PaymentBatchState.CHECKED
