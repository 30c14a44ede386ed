"""A recovery: notice, hearing, demand, plan, receipts, closed; to the fen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps.duties.ground import NOON, TODAY, WAN, paid
from tests.apps.fulfilment.ground import Ground, money_district
from tidu.apps.accounts.enums import Role
from tidu.apps.duties.domain.hearing import agree_plan, handle_statement, may_state, may_step, plan_of, state_case, step_recovery
from tidu.apps.duties.models import Proceeding
from tidu.apps.duties.queries.recoveries import RecoveryFilter, recoveries, recovery_totals
from tidu.apps.fulfilment.domain.recovering import open_recovery, take_receipt
from tidu.apps.fulfilment.enums import CaseState, RecoveryState
from tidu.apps.fulfilment.models import Case, Recovery
from tidu.apps.messages.models import Message
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
UNTIL = date(2024, 6, 18)
"""Ten working days after 3 June 2024; the 10th is the Dragon Boat Festival."""


@pytest.fixture
def ground() -> Ground:
    return money_district()


def opened(ground: Ground) -> Recovery:
    obligation = paid(ground.district.jia)
    return open_recovery(actor=ground.head, at=NOON, case=obligation.case, reason="迁出本区", evidence={})


def step(ground: Ground, recovery: Recovery, to: RecoveryState, days: int = 0) -> Recovery:
    return step_recovery(
        actor=ground.head, at=NOON + timedelta(days=days), recovery=recovery, to=to, version=recovery.version, text="迁出本区"
    )


def demanded(ground: Ground) -> Recovery:
    recovery = step(ground, opened(ground), RecoveryState.NOTIFIED)
    step(ground, recovery, RecoveryState.HEARD, 16)
    return step(ground, recovery, RecoveryState.DEMANDED, 16)


def test_the_firm_is_heard_before_anything_is_demanded(ground: Ground) -> None:
    recovery = step(ground, opened(ground), RecoveryState.NOTIFIED)
    assert Proceeding.objects.get().hearing_until == UNTIL
    assert (
        may_step(ground.head, recovery, RecoveryState.HEARD, UNTIL).reason == "申辩期限到 2024-06-18 止，企业还没有陈述，期满后才能继续。"
    )
    assert may_step(ground.head, recovery, RecoveryState.HEARD, UNTIL + timedelta(days=1)).allowed
    assert may_step(ground.clerk, recovery, RecoveryState.HEARD, UNTIL + timedelta(days=1)).code == "wrong-role"
    stranger = ground.member_of(ground.district.yi)
    assert [may_state(one, recovery, TODAY).code for one in (stranger, ground.clerk)] == ["other-firm", "other-firm"]
    assert may_state(ground.firm, recovery, UNTIL + timedelta(days=1)).code == "hearing-over"
    said = state_case(actor=ground.firm, at=NOON, recovery=recovery, text="只是换了办公地点")
    assert may_step(ground.head, recovery, RecoveryState.HEARD, UNTIL + timedelta(days=1)).code == "statement-open"
    handle_statement(actor=ground.clerk, at=NOON, statement=said, text="经查已迁出")
    with pytest.raises(TiduError, match=f"{ground.clerk.name}已经处理了这份申辩"):
        handle_statement(actor=ground.head, at=NOON, statement=said, text="再处理")
    step(ground, recovery, RecoveryState.HEARD)
    step(ground, recovery, RecoveryState.DEMANDED)
    assert recovery.state == RecoveryState.DEMANDED
    texts = [one.text for one in Message.objects.filter(occasion="recovery.step").order_by("pk")]
    assert texts == [
        "“专精特新小巨人配套”（MS2022-000001）拟追缴 50万元：迁出本区。您可以在 2024-06-18 前陈述和申辩。",
        "“专精特新小巨人配套”（MS2022-000001）请退回 50万元：迁出本区。",
    ]


def test_a_step_from_an_older_version_is_refused(ground: Ground) -> None:
    recovery = opened(ground)
    stale = Recovery.objects.get()
    step(ground, recovery, RecoveryState.NOTIFIED)
    stale.refresh_from_db()
    with pytest.raises(TiduError, match="刚刚被别人办理"):
        step_recovery(actor=ground.head, at=NOON, recovery=stale, to=RecoveryState.HEARD, version=1, text="x")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "plan-not-valid"),
        ([(date(2024, 7, 1), 25 * WAN)], "plan-not-whole"),
        ([(date(2024, 7, 1), 25 * WAN), (date(2024, 7, 1), 25 * WAN)], "plan-not-valid"),
        ([(date(2024, 7, 1), 50 * WAN + 1), (date(2024, 8, 1), -1)], "plan-not-valid"),
        ([(date(2024, 5, 1), 50 * WAN)], "plan-in-past"),
    ],
)
def test_a_plan_that_is_not_whole_is_refused(ground: Ground, parts: list[tuple[date, int]], code: str) -> None:
    recovery = demanded(ground)
    with pytest.raises(TiduError) as refused:
        agree_plan(actor=ground.clerk, at=NOON, recovery=recovery, parts=parts)
    assert refused.value.code == code


def test_instalments_come_in_late_ones_are_flagged_and_the_last_closes_the_case(ground: Ground) -> None:
    recovery = demanded(ground)
    agree_plan(actor=ground.clerk, at=NOON, recovery=recovery, parts=[(date(2024, 7, 1), 50 * WAN)])
    parts = [(date(2024, 7, 1), 20 * WAN + 1), (date(2024, 8, 1), 30 * WAN - 1)]
    agree_plan(actor=ground.clerk, at=NOON, recovery=recovery, parts=parts)

    def shown(day: date) -> list[tuple[int, bool]]:
        recovery.refresh_from_db()
        return [(part.left, part.late) for part in plan_of(list(recovery.instalments.all()), recovery.received, day)]

    assert shown(date(2024, 7, 1)) == [(20 * WAN + 1, False), (30 * WAN - 1, False)]
    assert shown(date(2024, 7, 2)) == [(20 * WAN + 1, True), (30 * WAN - 1, False)]
    later = NOON + timedelta(days=40)
    for _ in range(2):
        take_receipt(actor=ground.clerk, at=later, recovery=recovery, amount=20 * WAN + 2, reference="L1", received_on=date(2024, 7, 5))
    assert shown(date(2024, 8, 2)) == [(0, False), (30 * WAN - 2, True)]
    clerk = ground.clerk
    totals = recovery_totals(clerk, date(2024, 8, 2))
    assert (totals.amount, totals.received, totals.left, totals.late) == (50 * WAN, 20 * WAN + 2, 30 * WAN - 2, 1)
    for wanted in (RecoveryFilter(late=True), RecoveryFilter(), RecoveryFilter("kept"), RecoveryFilter("came-in"), RecoveryFilter("all")):
        assert [one.pk for one in recoveries(clerk, date(2024, 8, 2), wanted)] == [recovery.pk]
    assert not recoveries(clerk, date(2024, 8, 2), RecoveryFilter("dropped"))
    take_receipt(actor=clerk, at=later, recovery=recovery, amount=30 * WAN - 2, reference="L2", received_on=date(2024, 7, 6))
    recovery.refresh_from_db()
    assert (recovery.state, Case.objects.get().state) == (RecoveryState.RECEIVED, CaseState.RECOVERED)
    assert (recovery_totals(clerk, date(2024, 8, 2)).left, recovery_totals(clerk, date(2024, 8, 2)).late) == (0, 0)


def test_who_sees_a_recovery(ground: Ground) -> None:
    opened(ground)
    sees = {role for role in Role if Recovery.objects.visible_to(ground.actor(role)).exists()}
    assert sees == {
        Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR, Role.SUBDISTRICT_CLERK, Role.FIRM_CLERK, Role.FIRM_LEGAL,
        Role.FIRM_FINANCE,
    }  # fmt: skip
    assert not Recovery.objects.visible_to(ground.member_of(ground.district.yi)).exists()
