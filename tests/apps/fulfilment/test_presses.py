"""Fifty people press the same button at once, on real parallel connections: one succeeds, the others read who did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections

from tests.apps.fulfilment.ground import LAW, NOON, WAN, Ground, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.enterprises.models import Source
from tidu.apps.fulfilment.domain.budgeting import commit
from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch
from tidu.apps.fulfilment.domain.moving import move
from tidu.apps.fulfilment.domain.paying import Feedback, take_feedback
from tidu.apps.fulfilment.domain.ruling import adopt_ruling
from tidu.apps.fulfilment.enums import CaseState, PaymentState
from tidu.apps.fulfilment.models import AdoptedRuling, Budget, Case, DecisionBatch, Payment, PaymentBatch, Step, Voucher
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db(transaction=True)
PRESSES = 50


def at_once(act: Callable[[int], None], times: int = PRESSES) -> Counter[str]:
    """Run an act in so many threads, each with a connection of its own; what came of each, counted."""
    start = Barrier(times)

    def press(number: int) -> str:
        try:
            connection.ensure_connection()
            start.wait(30)
            act(number)
        except TiduError as error:
            return error.message
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(press, range(times)))


@pytest.fixture
def ground() -> Ground:
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory has one connection; script/test runs this on PostgreSQL")
    return money_district()


def test_one_of_fifty_presses_succeeds(ground: Ground) -> None:
    case = case_in(ground, CaseState.REVIEWED)
    seen = [reread(case) for _ in range(PRESSES)]
    actor = ground.clerk
    found = at_once(lambda number: move(actor=actor, at=NOON, case=seen[number], name="propose") and None)
    second = f"{actor.name}已于 04:00:00 办理“列入会审”，办件现在是“已列入会审”。请刷新后再办理。"
    assert (found, Step.objects.count()) == (Counter({second: 49, "done": 1}), 1)
    assert verify_chain() == (1, [])


def test_two_batches_cannot_bind_the_same_money(ground: Ground) -> None:
    budget = Budget.objects.create(year=2024, payer="区级", clause="二（三）3", planned=100 * WAN)
    found = at_once(lambda _: commit(budget, 30 * WAN))
    budget.refresh_from_db()
    assert (found["done"], budget.committed, len(found)) == (3, 90 * WAN, 2)


def test_the_same_batch_is_decided_once(ground: Ground) -> None:
    batch = make_batch(actor=ground.clerk, at=NOON, title="批次", year=2024)
    case = case_in(ground, CaseState.REVIEWED)
    move(actor=ground.clerk, at=NOON, case=case, name="propose")
    Case.objects.update(batch=batch)
    head, found_packs = ground.head, packs()
    seen = [DecisionBatch.objects.get() for _ in range(8)]
    given = {"packs": found_packs, "minutes": "同意。", "met_on": LAW}
    found = at_once(lambda number: decide_batch(actor=head, at=NOON, batch=seen[number], **given) and None, 8)
    assert found == Counter({"批次“批次”已被别人改动或会审。请刷新后再办理。": 7, "done": 1})


def test_the_same_feedback_at_once_pays_once(ground: Ground) -> None:
    case = case_in(ground, CaseState.PAYING)
    batch = PaymentBatch.objects.create(number="BF2024-000001", payer="区级", state="sent", maker_id=ground.clerk.user, made_at=NOON)
    payment = Payment.objects.create(
        case=case, batch=batch, attempt=1, amount=10 * WAN, account=case.account, account_holder="甲", state=PaymentState.SENT
    )
    assert Source.objects.filter(name="财政").exists()
    actor, book, rows = ground.clerk, packs().book, [Feedback(payment.pk, "F1", date(2024, 6, 3))]
    found = at_once(lambda _: take_feedback(actor=actor, at=NOON, batch=batch, rows=rows, book=book) and None, 20)
    assert (found, Voucher.objects.count(), Budget.objects.get().paid) == (Counter({"done": 20}), 1, 10 * WAN)


def test_of_many_adoptions_at_once_one_holds(ground: Ground) -> None:
    head, found_packs = ground.head, packs()
    given = {"packs": found_packs, "ruling": "R1", "reason": "会议"}
    choices = ("全额", "补差额")
    found = at_once(lambda number: adopt_ruling(actor=head, at=NOON, choice=choices[number % 2], **given) and None, 16)
    assert (AdoptedRuling.objects.filter(ended_at=None).count(), AdoptedRuling.objects.count()) == (1, found["done"])
    assert set(found) <= {"done", "这个口径刚刚被别人改动。请刷新后再办理。"}
    assert verify_chain() == (found["done"], [])
