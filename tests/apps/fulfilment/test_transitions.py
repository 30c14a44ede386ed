"""Every row of the table: who may, who may not, from where not, the stale version, what is written, what the firm reads."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, WAN, Ground, achieve, money_district, reread
from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.audit.words import action_text
from tidu.apps.fulfilment.domain.moving import Move, may_move, message_text, move
from tidu.apps.fulfilment.domain.transitions import BY_NAME, SYSTEM_ONLY, TABLE, Transition
from tidu.apps.fulfilment.enums import COMMITTED, CaseState, Route
from tidu.apps.fulfilment.models import Budget, Case, Notice, Step
from tidu.apps.fulfilment.transitions_page import rendered
from tidu.apps.messages.models import Message
from tidu.apps.sealing import seal
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
ROWS = pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
NAMED = pytest.mark.parametrize("row", [row for row in TABLE if not row.follows], ids=[row.name for row in TABLE if not row.follows])


@pytest.fixture
def ground() -> Ground:
    return money_district()


def case_in(ground: Ground, state: CaseState) -> Case:
    """A case of firm 甲 in a state, with all that any step of it asks for."""
    notice = Notice.objects.create(
        title="公示", body="", contact="", published_on=date(2024, 5, 20), until=date(2024, 5, 27), created_at=NOON
    )
    contract = {"合同类型": "技术开发", "成交额": 100 * WAN, "登记日期": date(2024, 1, 2), "对方类型": "高等院校"}
    if not ground.district.jia.events.filter(type="技术合同").exists():
        achieve(ground.district.jia, "技术合同", contract, "登记日期")  # held, so that no file has to be handed in
    bound = state in COMMITTED
    budget = Budget.objects.create(year=2024, payer="区级", clause="二（三）3", planned=100 * WAN, committed=10 * WAN if bound else 0)
    draft = {"promise": True, "account": {"number": ACCOUNT, "holder": ground.district.jia.name}, "materials": {}}
    return Case.objects.create(
        enterprise=ground.district.jia, policy="某计划", award="C5", clause="二（三）3", title="技术合同奖励", item="技术合同 2024-01-02",
        payer="区级", route=Route.APPLICATION, law_date=LAW, state=state, computed=10 * WAN, amount=10 * WAN if bound else None,
        budget=budget if bound else None, notice=notice if bound else None, account=seal(ACCOUNT, "bank-account"), draft=draft,
        number="SL2024-000009", submission=1, created_at=NOON,
    )  # fmt: skip


def actor_for(ground: Ground, row: Transition) -> Actor:
    return SYSTEM if row.roles == SYSTEM_ONLY else ground.actor(row.roles[-1])


def taken(row: Transition) -> Move:
    bound = {"amount": 10 * WAN, "budget": Budget.objects.get()} if row.name == "decide" else {}
    return Move(text="有理由" if row.reason else "", changes=bound, follows=bool(row.follows))


@ROWS
def test_a_step_that_is_allowed_moves_writes_and_tells(ground: Ground, row: Transition) -> None:
    case = case_in(ground, row.sources[0])
    actor = actor_for(ground, row)
    moved = move(actor=actor, at=NOON, case=case, name=row.name, what=taken(row))
    step, event = Step.objects.get(), AuditEvent.objects.get()
    assert (moved.state, moved.version) == (row.target, 2)
    assert (step.act, step.before, step.after, step.actor_name) == (row.name, row.sources[0], row.target, actor.name)
    assert (event.action, action_text(event.action), event.detail["after"]) == (f"case.{row.name}", f"办件：{row.label}", row.target)
    told = [message.text for message in Message.objects.all()]
    assert told == ([message_text(row, moved, taken(row).text)] if row.message else [])
    assert step.public == bool(row.message)
    assert all("{" not in text and "None" not in text for text in told)


@NAMED
def test_a_role_that_may_not_reads_why_and_changes_nothing(ground: Ground, row: Transition) -> None:
    case = case_in(ground, row.sources[0])
    for role in Role:
        if role in row.roles:
            continue
        decision = may_move(case, ground.actor(role), row.name, LAW)
        assert (decision.allowed, bool(decision.reason)) == (False, True)
        with pytest.raises(NotAllowed, match=decision.reason[:6]):
            move(actor=ground.actor(role), at=NOON, case=case, name=row.name, what=taken(row))
    assert (reread(case).version, Step.objects.count(), AuditEvent.objects.count()) == (1, 0, 0)


@NAMED
def test_another_firm_may_not(ground: Ground, row: Transition) -> None:
    if not set(row.roles) <= FIRM_ROLES:
        return
    stranger = ground.member_of(ground.district.yi)
    assert may_move(case_in(ground, row.sources[0]), stranger, row.name, LAW).reason == "这不是您企业的办件。"


@ROWS
def test_a_step_from_another_state_is_refused_with_the_state(ground: Ground, row: Transition) -> None:
    case = case_in(ground, row.sources[0])
    for state in CaseState:
        if state in row.sources:
            continue
        bound = {"amount": 10 * WAN, "budget": Budget.objects.get()} if state in COMMITTED else {}
        Case.objects.filter(pk=case.pk).update(state=state, **bound)
        with pytest.raises(NotAllowed, match=f"现在是“{state.label}”，不能{row.label}"):
            move(actor=actor_for(ground, row), at=NOON, case=reread(case), name=row.name, what=taken(row))
    assert Step.objects.count() == 0


@ROWS
def test_who_comes_second_reads_who_was_first(ground: Ground, row: Transition) -> None:
    case = case_in(ground, row.sources[0])
    second = reread(case)
    actor = actor_for(ground, row)
    move(actor=actor, at=NOON, case=case, name=row.name, what=taken(row))
    with pytest.raises(TiduError) as refused:
        move(actor=actor, at=NOON + timedelta(seconds=1), case=second, name=row.name, what=taken(row))
    assert refused.value.message == f"{actor.name}已于 04:00:00 办理“{row.label}”，办件现在是“{row.target.label}”。请刷新后再办理。"
    assert Step.objects.count() == 1


@pytest.mark.parametrize("name", [row.name for row in TABLE if row.reason])
def test_a_reason_must_be_typed(ground: Ground, name: str) -> None:
    row = BY_NAME[name]
    with pytest.raises(TiduError, match=f"请写明{row.label}的理由"):
        move(
            actor=actor_for(ground, row),
            at=NOON,
            case=case_in(ground, row.sources[0]),
            name=name,
            what=Move(text=" ", follows=bool(row.follows)),
        )


def test_steps_that_follow_have_no_button(ground: Ground) -> None:
    for row in TABLE:
        if row.follows:
            decision = may_move(Case(state=row.sources[0]), ground.head, row.name, LAW)
            assert decision.reason == f"“{row.label}”随相应的批量办理自动发生，不单独操作。"


def test_every_state_can_be_reached_and_none_is_a_trap() -> None:
    reached = {CaseState.DRAFT, CaseState.LISTED} | {row.target for row in TABLE}
    assert reached == set(CaseState)
    ends = {state for state in CaseState if not any(state in row.sources for row in TABLE)}
    assert ends == {CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.RECOVERED}


def test_the_page_of_the_docs_is_the_table() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "transitions.md"
    assert page.read_text(encoding="utf-8") == rendered()
