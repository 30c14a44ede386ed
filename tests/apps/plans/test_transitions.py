"""Every row of the table: who may, who may not, from where not, the second person, what is written, who reads what."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.apps.people import stranger
from tests.apps.plans.ground import NOON, TODAY, Ground, noon, plan_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import action_text
from tidu.apps.messages.models import Message
from tidu.apps.plans.domain.guards import may_move_share
from tidu.apps.plans.domain.moving import issue_plan, move_share
from tidu.apps.plans.domain.transitions import TABLE, Of, Told, Transition
from tidu.apps.plans.enums import AssignmentState, ReportState
from tidu.apps.plans.models import Assignment, PlanStep
from tidu.apps.plans.plan_tasks_page import rendered
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
SHARES = [row for row in TABLE if row.of == Of.SHARE]
ROWS = pytest.mark.parametrize("row", SHARES, ids=[row.name for row in SHARES])


@pytest.fixture
def ground() -> Ground:
    return plan_district()


def share_in(ground: Ground, state: AssignmentState) -> Assignment:
    issued = None if state == AssignmentState.DRAFT else TODAY
    Assignment.objects.filter(pk=ground.share().pk).update(state=state, issued_on=issued)
    return ground.share()


def who(ground: Ground, row: Transition) -> Actor:
    return ground.tax if row.own else ground.head


@ROWS
def test_a_step_that_is_allowed_moves_writes_and_tells(ground: Ground, row: Transition) -> None:
    share, before, events = share_in(ground, row.sources[-1]), row.sources[-1], AuditEvent.objects.count()
    moved = move_share(actor=who(ground, row), at=NOON, share=share, name=row.name, text="已经办完")
    step, event = PlanStep.objects.get(), AuditEvent.objects.order_by("-number").first()
    assert event is not None
    assert (moved.state, moved.version, AuditEvent.objects.count() - events) == (row.target, 2, 1)
    assert (step.act, step.before, step.after, step.turn, step.day) == (row.name, before, row.target, 2, TODAY)
    assert (event.action, action_text(event.action)) == (f"plan.{row.name}", f"任务：{row.label}")
    told = {message.user_id for message in Message.objects.all()}
    people = ground.district.people
    expected = {
        Told.NOBODY: set(),
        Told.UNIT: {people[Role.DEPARTMENT_CLERK].pk},
        Told.COORDINATOR: {people[Role.BUREAU_CLERK].pk, ground.second.pk},
    }
    assert told == expected[row.told]
    assert all("{" not in message.text and "None" not in message.text for message in Message.objects.all())


@ROWS
def test_everybody_else_reads_why_not_and_changes_nothing(ground: Ground, row: Transition) -> None:
    share, events = share_in(ground, row.sources[0]), AuditEvent.objects.count()
    others = [ground.actor(role) for role in Role if role not in row.roles]
    others += [actor_of(stranger(), TODAY), *([ground.neighbour, ground.clerk] if row.own else [])]
    for other in others:
        decision = may_move_share(share, other, row.name, TODAY)
        assert (decision.allowed, bool(decision.reason)) == (False, True)
        with pytest.raises(NotAllowed):
            move_share(actor=other, at=NOON, share=share, name=row.name, text="理由")
    assert (ground.share().version, PlanStep.objects.count(), AuditEvent.objects.count()) == (1, 0, events)


@ROWS
def test_a_step_from_another_state_is_refused_with_the_state(ground: Ground, row: Transition) -> None:
    for state in AssignmentState:
        if state not in row.sources:
            with pytest.raises(NotAllowed, match=f"现在是“{state.label}”，不能{row.label}"):
                move_share(actor=who(ground, row), at=NOON, share=share_in(ground, state), name=row.name, text="理由")
    assert PlanStep.objects.count() == 0


@ROWS
def test_who_comes_second_reads_who_was_first(ground: Ground, row: Transition) -> None:
    share = share_in(ground, row.sources[0])
    second, actor = ground.share(), who(ground, row)
    move_share(actor=actor, at=NOON, share=share, name=row.name, text="理由")
    with pytest.raises(TiduError) as refused:
        move_share(actor=actor, at=NOON + timedelta(seconds=1), share=second, name=row.name, text="理由")
    said = f"{actor.name}已于 04:00:00 办理“{row.label}”，任务现在是“{row.target.label}”。请刷新后再办理。"
    assert (refused.value.message, PlanStep.objects.count()) == (said, 1)


@pytest.mark.parametrize("row", [row for row in SHARES if row.reason], ids=lambda row: row.name)
def test_a_reason_must_be_typed(ground: Ground, row: Transition) -> None:
    with pytest.raises(TiduError, match=f"请写明{row.label}的理由"):
        move_share(actor=who(ground, row), at=NOON, share=share_in(ground, row.sources[0]), name=row.name, text=" ")


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    reached = {AssignmentState.DRAFT, ReportState.OPEN} | {row.target for row in TABLE}
    assert reached == {*AssignmentState, *ReportState}
    ends = {one for one in (*AssignmentState, *ReportState) if not any(one in row.sources for row in TABLE)}
    assert ends == {AssignmentState.CLOSED, AssignmentState.WITHDRAWN, ReportState.ACCEPTED}


def test_a_whole_plan_is_issued_at_once_with_one_message_to_each_unit(ground: Ground) -> None:
    assert issue_plan(actor=ground.clerk, at=NOON, plan=ground.plan) == 3
    assert set(Assignment.objects.values_list("state", "version", "issued_on")) == {("issued", 2, TODAY)}
    told = sorted((one.user.username, one.title) for one in Message.objects.all())
    title = "新任务 1 项待签收"
    assert told == [("department-clerk", title), ("second-clerk", title), ("subdistrict-clerk", title)]
    assert Message.objects.filter(text__contains="请在 2024-01-05 前签收：推动小进规。").count() == 2
    with pytest.raises(TiduError, match="没有待下达的任务"):
        issue_plan(actor=ground.clerk, at=NOON, plan=ground.plan)
    with pytest.raises(NotAllowed):
        issue_plan(actor=ground.tax, at=NOON, plan=ground.plan)


def test_closing_waits_for_missed_reports_and_for_acceptance(ground: Ground) -> None:
    share = ground.signed()
    assert may_move_share(share, ground.tax, "ask-closing", date(2024, 2, 8)).reason == (
        "还有 1 期没有报送：2024年1月。补报以后才能申请销号。"
    )
    ground.report(date(2024, 2, 8), "2024-01")
    assert may_move_share(share, ground.tax, "ask-closing", date(2024, 2, 8)).reason == "还有 1 期报送没有认可，认可以后才能申请销号。"


def test_nobody_closes_what_the_own_hand_asked_to_close(ground: Ground) -> None:
    issue_plan(actor=ground.clerk, at=NOON, plan=ground.plan)
    share = Assignment.objects.select_related("task", "unit").get(unit=ground.district.units["bureau"])
    share = move_share(actor=ground.clerk, at=NOON, share=share, name="sign")
    share = move_share(actor=ground.clerk, at=noon(date(2024, 1, 3)), share=share, name="ask-closing", text="已办完")
    assert may_move_share(share, ground.clerk, "close", TODAY).code == "own-closing"
    assert move_share(actor=ground.head, at=noon(date(2024, 1, 4)), share=share, name="close").ended_on == date(2024, 1, 4)


def test_the_page_of_the_docs_is_the_table_and_the_rules() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "plan-tasks.md"
    assert page.read_text(encoding="utf-8") == rendered()
