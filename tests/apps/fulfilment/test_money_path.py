"""The whole way of a 免申即享 award, from settlement to the voucher and the years after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, WAN, Ground, achieve, money_district, reread
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.enterprises.models import Event
from tidu.apps.fulfilment.domain.applying import confirm, mend_account
from tidu.apps.fulfilment.domain.budgeting import plan_budget
from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch, propose
from tidu.apps.fulfilment.domain.noticing import close_notice, draft_notice, publish_notice
from tidu.apps.fulfilment.domain.paying import Feedback, check_payment_batch, make_payment_batch, send_payment_batch, take_feedback
from tidu.apps.fulfilment.domain.reconciling import reconcile, recorded_payments
from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, settle_district
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState
from tidu.apps.fulfilment.models import Budget, Case, DecisionBatch, Obligation, Payment, Voucher
from tidu.apps.messages.models import Message
from tidu.apps.policies.loaded import packs

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    found = money_district()
    achieve(found.district.jia, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    return found


def listed(ground: Ground) -> Case:
    settlement = settle_district(packs(), law_date=LAW, as_of=LAW)
    run = keep_settlement(actor=ground.clerk, at=NOON, settlement=settlement)
    (case,) = list_cases(actor=ground.clerk, at=NOON, run=run, award="C3")
    return case


def decided(ground: Ground, case: Case) -> DecisionBatch:
    batch = make_batch(actor=ground.clerk, at=NOON, title="2024 年第一批", year=2024)
    assert [one.done for one in propose(actor=ground.clerk, at=NOON, batch=batch, cases=[case])] == [True]
    results = decide_batch(actor=ground.head, at=NOON, batch=batch, packs=packs(), minutes="会议同意。", met_on=LAW)
    assert [(one.done, one.sentence) for one in results] == [(True, "")]
    return batch


def test_from_settlement_to_voucher_with_a_returned_payment(ground: Ground) -> None:
    case = listed(ground)
    assert (case.state, case.computed) == (CaseState.LISTED, 50 * WAN)
    case = confirm(actor=ground.firm, at=NOON, case=case, account=ACCOUNT, holder=case.enterprise.name)
    assert (case.state, case.number, ACCOUNT in case.account) == (CaseState.REVIEWED, "MS2024-000001", False)
    plan_budget(actor=ground.head, at=NOON, year=2024, payer="区级", clause=case.clause, planned=80 * WAN)
    decided(ground, case)
    case = reread(case)
    budget = Budget.objects.get()
    assert (case.state, case.amount, budget.committed, budget.left) == (CaseState.DECIDED, 50 * WAN, 50 * WAN, 30 * WAN)

    notice = draft_notice(actor=ground.clerk, at=NOON, title="公示", body="拟兑现名单", contact="027-00000000", cases=[case])
    notice = publish_notice(actor=ground.head, at=NOON, notice=notice)
    assert notice.until == date(2024, 6, 11)  # 10 June 2024 is the Dragon Boat Festival
    early = close_notice(actor=ground.clerk, at=NOON + timedelta(days=8), notice=notice)
    assert [one.sentence for one in early] == ["公示期到 2024-06-11 止，还剩 1 个工作日，期满无异议才能拨付。"]
    over = NOON + timedelta(days=9)
    assert [one.done for one in close_notice(actor=ground.clerk, at=over, notice=notice)] == [True]

    batch, results = make_payment_batch(actor=ground.clerk, at=over, payer="区级", cases=[reread(case)], packs=packs())
    assert batch is not None
    assert [one.done for one in results] == [True]
    batch = check_payment_batch(actor=ground.head, at=over, batch=batch)
    batch = send_payment_batch(actor=ground.clerk, at=over, batch=batch, packs=packs(), digest="d" * 64)
    payment = Payment.objects.get()
    back = [Feedback(payment.pk, "F1", None, "账号户名不符")]
    for _ in range(2):
        assert take_feedback(actor=ground.clerk, at=over, batch=batch, rows=back, book=packs().book) == []
    case = reread(case)
    assert (case.state, case.public_state) == (CaseState.BOUNCED, "退票，请更正收款账户")

    case = mend_account(actor=ground.firm, at=over, case=case, account="6217000000000000000", holder=case.enterprise.name)
    second, _ = make_payment_batch(actor=ground.clerk, at=over, payer="区级", cases=[case], packs=packs())
    assert second is not None
    second = check_payment_batch(actor=actor_of(ground.second, LAW), at=over, batch=second)
    second = send_payment_batch(actor=ground.clerk, at=over, batch=second, packs=packs(), digest="e" * 64)
    again = Payment.objects.get(batch=second)
    rows = [Feedback(again.pk, "F2", over.date())]
    for _ in range(2):
        assert take_feedback(actor=ground.clerk, at=over, batch=second, rows=rows, book=packs().book) == []
    second.refresh_from_db()
    case = reread(case)
    voucher = Voucher.objects.get()
    assert (case.state, second.state, again.attempt) == (CaseState.PAID, PaymentBatchState.CLOSED, 2)
    assert (voucher.number, voucher.amount, voucher.capitals) == ("PZ2024-000001", 50 * WAN, "人民币伍拾万元整")
    assert [line.sentence for line in reconcile() if not line.agrees] == []
    assert recorded_payments() == 50 * WAN
    assert Event.objects.get(type="奖补发放").fields["条款"] == "C3 专精特新小巨人 国家级 2023-07-14"
    assert [(one.rule, one.starts) for one in Obligation.objects.all()] == [("M25-10", over.date())]
    assert Message.objects.filter(enterprise=case.enterprise).first().text.startswith("“专精特新小巨人配套”（MS2024-000001）50万元已到账")
    assert verify_chain()[1] == []

    after = settle_district(packs(), law_date=LAW, as_of=over.date())
    assert [(one.award.id, one.amount) for one in after.results if one.amount] == []
