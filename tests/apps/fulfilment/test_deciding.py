"""A batch that changed is not decided on as it was seen; rows leave it with a reason; the meter agrees with the decision."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, WAN, Ground, achieve, another_firm, money_district, reread
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.enterprises.models import Event
from tidu.apps.fulfilment.domain.applying import confirm
from tidu.apps.fulfilment.domain.asking import ask_to_decide, usual_law_date
from tidu.apps.fulfilment.domain.budgeting import plan_budget
from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch, may_decide, propose, set_aside
from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Budget, Case, DecisionBatch
from tidu.apps.fulfilment.queries.batches import budget_meter, taken_out
from tidu.apps.jobs.models import Job
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    """Three firms with an award of 500,000 yuan each, all confirmed."""
    found = money_district()
    firms = [found.district.jia, found.district.yi, another_firm(1)]
    for firm in firms:
        achieve(firm, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    run = keep_settlement(actor=found.clerk, at=NOON, settlement=settle_district(packs(), law_date=LAW, as_of=LAW))
    for case in list_cases(actor=found.clerk, at=NOON, run=run, award="C3"):
        confirm(actor=found.member_of(case.enterprise), at=NOON, case=case, account=ACCOUNT, holder=case.enterprise.name)
    return found


def batch_of(ground: Ground, count: int) -> DecisionBatch:
    batch = make_batch(actor=ground.clerk, at=NOON, title="第一批", year=2024)
    cases = list(Case.objects.select_related("enterprise").order_by("pk")[:count])
    assert [one.done for one in propose(actor=ground.clerk, at=NOON, batch=batch, cases=cases)] == [True] * count
    return batch


def budget(ground: Ground, wan: int) -> Budget:
    clause = Case.objects.values_list("clause", flat=True)[0]
    return plan_budget(actor=ground.head, at=NOON, year=2024, payer="区级", clause=clause, planned=wan * WAN, reason="测试")


def decide(ground: Ground, batch: DecisionBatch) -> list[bool]:
    results = decide_batch(actor=ground.head, at=NOON, batch=batch, packs=packs(), minutes="同意。", met_on=LAW)
    return [one.done for one in results]


def test_who_looked_before_a_case_came_in_is_told_to_look_again(ground: Ground) -> None:
    budget(ground, 500)
    batch = batch_of(ground, 1)
    seen = DecisionBatch.objects.get()
    other = Case.objects.select_related("enterprise").filter(state=CaseState.REVIEWED).order_by("pk")[0]
    propose(actor=ground.clerk, at=NOON, batch=batch, cases=[other])
    with pytest.raises(TiduError) as refused:
        decide(ground, seen)
    assert (refused.value.code, Budget.objects.get().committed) == ("batch-changed", 0)
    assert decide(ground, DecisionBatch.objects.get()) == [True, True]


def test_a_row_leaves_with_a_reason_and_may_come_back(ground: Ground) -> None:
    batch = batch_of(ground, 2)
    case = Case.objects.select_related("enterprise", "batch").filter(batch=batch).order_by("pk")[0]
    with pytest.raises(TiduError) as refused:
        set_aside(actor=ground.clerk, at=NOON, case=case, text=" ")
    assert refused.value.code == "reason-missing"
    case = Case.objects.select_related("enterprise", "batch").get(pk=case.pk)
    left = set_aside(actor=ground.clerk, at=NOON, case=case, text="待核实")
    assert (left.state, left.batch_id, DecisionBatch.objects.get().version) == (CaseState.REVIEWED, None, 3)
    assert [(step.case_id, step.text) for step in taken_out(batch)] == [(case.pk, "待核实")]
    assert [one.done for one in propose(actor=ground.clerk, at=NOON, batch=batch, cases=[reread(case)])] == [True]


def test_nothing_leaves_a_batch_that_was_decided(ground: Ground) -> None:
    budget(ground, 500)
    batch = batch_of(ground, 1)
    case = Case.objects.get(batch=batch)
    decide(ground, batch)
    case = Case.objects.select_related("enterprise", "batch").get(pk=case.pk)
    with pytest.raises(NotAllowed) as refused:
        set_aside(actor=ground.clerk, at=NOON, case=case, text="x")
    assert (refused.value.code, may_decide(ground.head, batch).code) == ("batch-closed", "batch-closed")


def test_the_meter_says_beforehand_what_the_decision_says(ground: Ground) -> None:
    batch = batch_of(ground, 3)
    for wan, left in ((149, -1), (150, 0)):
        budget(ground, wan)
        (line,) = budget_meter(batch)
        assert (line.weight, line.left, bool(line.refusal)) == (150 * WAN, left * WAN, left < 0)
        if left < 0:
            with pytest.raises(TiduError) as refused:
                decide(ground, DecisionBatch.objects.get())
            assert (refused.value.code, Budget.objects.get().committed) == ("budget-exceeded", 0)
    assert decide(ground, DecisionBatch.objects.get()) == [True] * 3
    (line,) = budget_meter(DecisionBatch.objects.get())
    assert (line.weight, line.others, line.left) == (150 * WAN, 0, 0)


def test_without_a_budget_the_meter_says_so(ground: Ground) -> None:
    (line,) = budget_meter(batch_of(ground, 1))
    assert (line.planned, line.left, "没有编列" in line.refusal) == (None, None, True)


def test_who_is_no_longer_entitled_is_told_among_the_rows_that_left(ground: Ground) -> None:
    budget(ground, 500)
    batch = batch_of(ground, 2)
    lost = Case.objects.filter(batch=batch).order_by("pk")[0]
    Event.objects.filter(enterprise=lost.enterprise_id, type="认定").update(withdrawn_at=NOON)
    assert sorted(decide(ground, batch)) == [False, True]
    assert [step.case_id for step in taken_out(batch)] == [lost.pk]


def test_the_head_writes_the_number_of_cases(ground: Ground) -> None:
    batch = batch_of(ground, 2)
    given = {"batch": batch, "version": batch.version, "minutes": "同意。", "met_on": LAW, "href": "/"}
    with pytest.raises(NotAllowed):
        ask_to_decide(actor=ground.clerk, at=NOON, typed=2, **given)
    with pytest.raises(TiduError) as refused:
        ask_to_decide(actor=ground.head, at=NOON, typed=3, **given)
    assert (refused.value.code, Job.objects.count()) == ("count-differs", 0)
    assert ask_to_decide(actor=ground.head, at=NOON, typed=2, **given).kind == "fulfilment.decide"


def test_a_budget_seen_in_an_older_version_is_not_changed(ground: Ground) -> None:
    first = budget(ground, 100)
    plan = {"actor": ground.head, "at": NOON, "year": 2024, "payer": "区级", "clause": first.clause, "reason": "追加"}
    plan_budget(planned=120 * WAN, version=first.version, **plan)
    for given, code in (({"version": first.version}, "budget-changed"), ({"reason": ""}, "reason-missing")):
        with pytest.raises(TiduError) as refused:
            plan_budget(**{**plan, "planned": 130 * WAN, **given})
        assert (refused.value.code, Budget.objects.get().planned) == (code, 120 * WAN)


def test_the_law_of_a_policy_that_ended_is_its_last_day() -> None:
    assert [usual_law_date(packs(), day) for day in (LAW, date(2026, 11, 24))] == [LAW, date(2024, 12, 31)]
