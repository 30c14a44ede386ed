"""Money safety: random walks of all actors and clocks, with every sum and bound checked after every step."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, WAN, achieve, another_firm, money_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.applying import confirm, mend_account, resubmit, save_draft, submit
from tidu.apps.fulfilment.domain.budgeting import plan_budget
from tidu.apps.fulfilment.domain.deciding import decide_batch, make_batch, propose, revoke
from tidu.apps.fulfilment.domain.moving import Move, move
from tidu.apps.fulfilment.domain.noticing import answer_objection, close_notice, draft_notice, publish_notice, receive_objection
from tidu.apps.fulfilment.domain.paying import (
    Feedback,
    check_payment_batch,
    drop_payment_batch,
    make_payment_batch,
    send_payment_batch,
    take_feedback,
)
from tidu.apps.fulfilment.domain.reconciling import reconcile, recorded_payments
from tidu.apps.fulfilment.domain.recovering import advance_recovery, drop_recovery, open_recovery, take_receipt
from tidu.apps.fulfilment.domain.reviewing import CorrectionItem, accept, ask_correction, give_opinion, resume
from tidu.apps.fulfilment.domain.settling import keep_settlement, list_cases, open_application, settle_district
from tidu.apps.fulfilment.enums import CaseState, NoticeState, ObjectionState, PaymentState, RecoveryState, Verdict
from tidu.apps.fulfilment.models import (
    Budget,
    Case,
    DecisionBatch,
    Notice,
    Objection,
    Opinion,
    Payment,
    PaymentBatch,
    Recovery,
    SettlementRun,
    Voucher,
)
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db

AWARDS = ("C3", "C5", "C6", "C7")
BUDGETS = {"二（一）4": 120, "二（三）3": 250, "二（四）2": 160}
"""Short of what may be asked for, in 万元, so that the bound is met."""
CAP_OF_CONTRACTS = 100 * WAN
REACHED: Counter[str] = Counter()
"""How often the walks came to what they are to find: a walk that never pays proves nothing."""
PICK = st.integers(min_value=0, max_value=7)


class Walk(RuleBasedStateMachine):
    """All actors do whatever they may, in any order, while days pass and firms go astray."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.ground = money_district()
        self.firms = [self.ground.district.jia, self.ground.district.yi, another_firm(1)]
        for firm in self.firms:
            achieve(firm, "认定", {"名称": "专精特新中小企业", "级别": "省级", "日期": date(2024, 1, 10)})
        self.at = NOON
        self.barred: set[int] = set()
        self.second = actor_of(self.ground.second, LAW)
        for clause, wan in BUDGETS.items():
            plan_budget(actor=self.ground.head, at=NOON, year=2024, payer="区级", clause=clause, planned=wan * WAN)

    def teardown(self) -> None:
        assert verify_chain()[1] == []
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def attempt(self, act: Callable[..., Any], **given: Any) -> Any:
        """Do something as whoever; a refusal must leave no trace, which the invariants look for."""
        try:
            with transaction.atomic():
                found = act(at=self.at, **given)
        except TiduError as error:
            REACHED[f"refused {error.code}"] += 1
            return None
        REACHED[act.__name__] += 1
        return found

    def case(self, pick: int, *states: CaseState) -> Case | None:
        listed = list(Case.objects.filter(state__in=states).select_related("enterprise", "notice").order_by("pk"))
        return listed[pick % len(listed)] if listed else None

    def member(self, enterprise: Enterprise) -> Actor:
        return self.ground.member_of(enterprise)

    @initialize(sizes=st.lists(st.integers(min_value=1, max_value=1500), min_size=6, max_size=6))
    def much_is_achieved_and_asked_for(self, sizes: list[int]) -> None:
        """Without this a walk would seldom come to where the money is."""
        for place, size in enumerate(sizes):
            for kind in ("认定", "技术合同", "质量奖", "标准"):
                if size % 5 != len(kind):
                    self.something_is_achieved(pick=place, kind=kind, size=size)
            self.at += timedelta(days=1)
        self.the_district_is_settled(award="C3")
        for pick in range(12):
            self.a_firm_applies(pick=pick, stranger=False)
        for pick in sizes:
            self.a_firm_hands_in(pick=pick, whole=True)
            self.a_firm_confirms(pick=pick)
            self.the_bureau_takes_it_in(pick=pick, correct=pick % 5)

    @rule(pick=PICK, kind=st.sampled_from(["认定", "技术合同", "质量奖", "标准"]), size=st.integers(min_value=1, max_value=1500))
    def something_is_achieved(self, pick: int, kind: str, size: int) -> None:
        firm, day = self.firms[pick % 3], self.at.date()
        fields: dict[str, dict[str, Any]] = {
            "认定": {"名称": "专精特新小巨人", "级别": "国家级", "日期": day},
            "技术合同": {"合同类型": "技术开发", "成交额": size * WAN, "登记日期": day, "对方类型": "高等院校"},
            "质量奖": {"名称": ("长江质量奖", "市长质量奖")[size % 2], "结果": "获奖", "日期": day},
            "标准": {"标准号": f"GB/T {size % 4}", "级别": "国家", "角色": "主持", "排名": 1 + size % 2, "日期": day},
        }
        if not firm.events.filter(type=kind, day=day).exists():
            achieve(firm, kind, fields[kind], "登记日期" if kind == "技术合同" else "日期")

    @rule(award=st.sampled_from(AWARDS))
    def the_district_is_settled(self, award: str) -> None:
        settlement = settle_district(packs(), law_date=LAW, as_of=self.at.date())
        run = self.attempt(keep_settlement, actor=self.ground.clerk, settlement=settlement)
        self.attempt(list_cases, actor=self.ground.clerk, run=run, award=award)

    @rule(pick=PICK, stranger=st.booleans())
    def a_firm_applies(self, pick: int, stranger: bool) -> None:
        run = SettlementRun.objects.order_by("pk").last()
        rows = [] if run is None else list(run.candidates.filter(amount__gt=0).exclude(award="C3").order_by("pk"))
        if rows:
            one = rows[pick % len(rows)]
            self.attempt(open_application, actor=self.member(self.firms[0] if stranger else one.enterprise), candidate=one)

    @rule(pick=PICK, whole=st.booleans())
    def a_firm_hands_in(self, pick: int, whole: bool) -> None:
        for case in [self.case(pick, CaseState.DRAFT), self.case(pick + 1, CaseState.DRAFT)]:
            if case is None or case.state != CaseState.DRAFT or Case.objects.get(pk=case.pk).version != case.version:
                continue
            actor = self.member(case.enterprise)
            account = {"number": ACCOUNT, "holder": case.enterprise.name}
            section = {"promise": True, "account": account} if whole else {"promise": True}
            saved = save_draft(actor=actor, case=case, section=section)
            self.attempt(submit, actor=actor, case=saved)

    @rule(pick=PICK)
    def a_firm_confirms(self, pick: int) -> None:
        case = self.case(pick, CaseState.LISTED)
        if case is not None:
            self.attempt(confirm, actor=self.member(case.enterprise), case=case, account=ACCOUNT, holder=case.enterprise.name)

    @rule(pick=PICK, correct=st.integers(min_value=0, max_value=4))
    def the_bureau_takes_it_in(self, pick: int, correct: int) -> None:
        case = self.case(pick, CaseState.SUBMITTED)
        if case is None:
            return
        if correct:
            self.attempt(accept, actor=self.ground.clerk, case=case)
        else:
            self.attempt(ask_correction, actor=self.ground.clerk, case=case, items=[CorrectionItem("contract", "看不清")])

    @rule(pick=PICK)
    def a_firm_mends(self, pick: int) -> None:
        case = self.case(pick, CaseState.CORRECTING)
        if case is not None:
            member = self.member(case.enterprise)
            self.attempt(resubmit, actor=member, case=case)  # refused as long as nothing was mended
            if case.state == CaseState.CORRECTING:
                mended = save_draft(actor=member, case=case, section={"answers": {"contract": "已重新扫描"}})
                self.attempt(resubmit, actor=member, case=mended)
        back = self.case(pick, CaseState.RETURNED)
        if back is not None:
            self.attempt(resume, actor=self.ground.clerk, case=back)

    @rule(verdict=st.sampled_from([Verdict.AGREE, Verdict.AGREE, Verdict.AGREE, Verdict.NOT_CONCERNED, Verdict.DISAGREE]))
    def departments_answer(self, verdict: Verdict) -> None:
        for opinion in Opinion.objects.filter(verdict="", void=False).select_related("unit", "case").order_by("pk"):
            self.attempt(give_opinion, actor=self.ground.department(opinion.unit.code), opinion=opinion, verdict=verdict, reason="核过")

    @rule()
    def review_ends(self) -> None:
        for case in Case.objects.filter(state=CaseState.REVIEWING).select_related("enterprise", "notice"):
            self.attempt(move, actor=self.ground.clerk, case=case, name="conclude")

    @rule(skipped=st.sets(st.integers(min_value=0, max_value=9), max_size=2), pick=PICK)
    def things_go_their_way(self, skipped: set[int], pick: int) -> None:
        """The way of the money, with some steps left out: single rules alone would seldom meet in this order."""
        way: tuple[Callable[[], None], ...] = (
            lambda: self.departments_answer(verdict=Verdict.AGREE),
            self.review_ends,
            lambda: self.the_meeting_decides(taken=1 << pick),
            self.a_notice_is_published,
            lambda: self.days_pass(days=9),
            self.a_payment_batch_is_made,
            lambda: self.a_payment_batch_goes_on(pick=pick, act="check"),
            lambda: self.a_payment_batch_goes_on(pick=pick, act="send"),
            lambda: self.finance_reports(returned=pick % 4, times=1 + pick % 2),
            lambda: self.an_account_is_mended(pick=pick),
        )
        for place, step in enumerate(way):
            if place not in skipped:
                step()

    @rule(taken=st.integers(min_value=0, max_value=255))
    def the_meeting_decides(self, taken: int) -> None:
        waiting = [
            case
            for place, case in enumerate(Case.objects.filter(state=CaseState.REVIEWED).select_related("enterprise").order_by("pk"))
            if taken >> place % 8 & 1
        ]
        batch = self.attempt(make_batch, actor=self.ground.clerk, title="批次", year=2024)
        self.attempt(propose, actor=self.ground.clerk, batch=batch, cases=waiting)
        for one in DecisionBatch.objects.filter(state="open", cases__isnull=False).distinct():
            given = {"batch": one, "packs": packs(), "minutes": "同意。", "met_on": self.at.date()}
            self.attempt(decide_batch, actor=self.ground.head, **given)

    @rule(pick=PICK)
    def a_case_leaves_the_meeting(self, pick: int) -> None:
        case = self.case(pick, CaseState.PROPOSED)
        if case is not None:
            what = Move(text="预算不足", changes={"batch": None})
            self.attempt(move, actor=self.ground.clerk, case=case, name="set-aside", what=what)

    @rule()
    def a_notice_is_published(self) -> None:
        ready = list(Case.objects.filter(state=CaseState.DECIDED).select_related("enterprise"))
        given = {"title": "公示", "body": "名单", "contact": "027", "cases": ready}
        notice = self.attempt(draft_notice, actor=self.ground.clerk, **given)
        if notice is not None:
            self.attempt(publish_notice, actor=self.ground.head, notice=notice)

    @rule(pick=PICK)
    def somebody_objects(self, pick: int) -> None:
        case = self.case(pick, CaseState.NOTICED, CaseState.OBJECTED)
        if case is not None:
            given = {"notice": case.notice, "case": case, "text": "情况不实", "raised_by": "某人"}
            self.attempt(receive_objection, actor=self.ground.clerk, **given)

    @rule(pick=PICK, upheld=st.booleans())
    def an_objection_is_answered(self, pick: int, upheld: bool) -> None:
        listed = list(Objection.objects.filter(state=ObjectionState.OPEN).order_by("pk"))
        if listed:
            self.attempt(answer_objection, actor=self.ground.head, objection=listed[pick % len(listed)], upheld=upheld, answer="已核查")

    @rule(days=st.sampled_from([0, 1, 9, 30]))
    def days_pass(self, days: int) -> None:
        if self.at + timedelta(days=days) < datetime(2024, 12, 20, tzinfo=NOON.tzinfo):
            self.at += timedelta(days=days)
        for notice in Notice.objects.filter(state=NoticeState.PUBLISHED):
            self.attempt(close_notice, actor=self.ground.clerk, notice=notice)

    @rule()
    def a_payment_batch_is_made(self) -> None:
        cases = list(Case.objects.filter(state__in=(CaseState.CLEARED, CaseState.NOTICED)).select_related("enterprise"))
        self.attempt(make_payment_batch, actor=self.ground.clerk, payer="区级", cases=cases, packs=packs())

    @rule(pick=PICK, act=st.sampled_from(["check", "check by maker", "send", "send", "drop"]))
    def a_payment_batch_goes_on(self, pick: int, act: str) -> None:
        batches = list(PaymentBatch.objects.filter(state__in=("made", "checked")).order_by("pk"))
        if not batches:
            return
        batch = batches[pick % len(batches)]
        if act == "send":
            self.attempt(send_payment_batch, actor=self.ground.clerk, batch=batch, packs=packs(), digest="d" * 64)
            batch.refresh_from_db()
            assert batch.state != "sent" or not self.barred & set(batch.payments.values_list("case__enterprise", flat=True))
        elif act == "drop":
            self.attempt(drop_payment_batch, actor=self.ground.head, batch=batch, text="重做")
        else:
            self.attempt(check_payment_batch, actor=self.ground.head if act == "check" else self.ground.clerk, batch=batch)

    @rule(returned=st.integers(min_value=0, max_value=3), times=st.integers(min_value=1, max_value=2))
    def finance_reports(self, returned: int, times: int) -> None:
        for batch in PaymentBatch.objects.filter(state="sent").order_by("pk"):
            rows = [
                Feedback(payment.pk, f"F{payment.pk}", None, "户名不符")
                if returned == 0
                else Feedback(payment.pk, f"F{payment.pk}", self.at.date())
                for payment in batch.payments.filter(state=PaymentState.SENT)
            ]
            for _ in range(times):
                self.attempt(take_feedback, actor=self.ground.clerk, batch=batch, rows=rows, book=packs().book)

    @rule(pick=PICK)
    def an_account_is_mended(self, pick: int) -> None:
        case = self.case(pick, CaseState.BOUNCED)
        if case is not None:
            self.attempt(mend_account, actor=self.member(case.enterprise), case=case, account="62170000000000", holder=case.enterprise.name)

    @rule(pick=PICK)
    def a_firm_breaks_the_law(self, pick: int) -> None:
        firm = self.firms[pick % 3]
        if pick == 7 and firm.pk not in self.barred:
            achieve(firm, "重大违法违规", {"类型": "安全", "日期": self.at.date(), "文号": "某号"})
            self.barred.add(firm.pk)

    @rule(pick=PICK)
    def a_decision_is_taken_back(self, pick: int) -> None:
        case = self.case(pick, CaseState.DECIDED, CaseState.CLEARED, CaseState.BOUNCED)
        if case is not None and pick > 5:
            self.attempt(revoke, actor=self.ground.head, case=case, text="不再符合")

    @rule(pick=PICK)
    def money_is_recovered(self, pick: int) -> None:
        case = self.case(pick, CaseState.PAID)
        if case is not None and pick > 4:
            self.attempt(open_recovery, actor=self.ground.head, case=case, reason="迁出本区", evidence={})

    @rule(part=st.integers(min_value=1, max_value=3), drop=st.booleans())
    def a_recovery_goes_on(self, part: int, drop: bool) -> None:
        for recovery in Recovery.objects.exclude(state__in=(RecoveryState.RECEIVED, RecoveryState.DROPPED)).order_by("pk"):
            if drop and part == 1:
                self.attempt(drop_recovery, actor=self.ground.head, recovery=recovery, text="不成立")
                continue
            for step in (RecoveryState.NOTIFIED, RecoveryState.HEARD, RecoveryState.DEMANDED):
                recovery.refresh_from_db()
                self.attempt(advance_recovery, actor=self.ground.head, recovery=recovery, to=step, text="照办")
            amount = -(-recovery.amount // part)
            given = {"amount": amount, "reference": f"R{part}", "received_on": self.at.date()}
            for _ in range(2):
                self.attempt(take_receipt, actor=self.ground.clerk, recovery=recovery, **given)

    @invariant()
    def the_books_agree(self) -> None:
        assert [line.sentence for line in reconcile() if not line.agrees] == []
        paid = sum(Payment.objects.filter(state=PaymentState.PAID).values_list("amount", flat=True))
        assert (paid, sum(Voucher.objects.values_list("amount", flat=True))) == (recorded_payments(), paid)
        for budget in Budget.objects.all():
            assert 0 <= budget.paid <= budget.committed <= budget.planned

    @invariant()
    def nobody_is_paid_twice(self) -> None:
        rows = Payment.objects.filter(state=PaymentState.PAID).values_list("case__enterprise", "case__award", "case__item")
        assert [item for item, count in Counter(rows).items() if count > 1] == []
        for payment in Payment.objects.filter(state=PaymentState.PAID).select_related("case"):
            assert payment.amount == payment.case.amount

    @invariant()
    def every_cap_holds(self) -> None:
        promised: Counter[int] = Counter()
        for case in Case.objects.committed().filter(award="C5"):
            promised[case.enterprise_id] += case.amount or 0
        assert [firm for firm, fen in promised.items() if fen > CAP_OF_CONTRACTS] == []

    @invariant()
    def the_highest_is_paid_once(self) -> None:
        standards = Counter(Case.objects.committed().filter(award="C7").values_list("enterprise", "item"))
        assert [key for key, count in standards.items() if count > 1] == []
        recognised: Counter[int] = Counter()
        for case in Case.objects.committed().filter(award="C3"):
            recognised[case.enterprise_id] += case.amount or 0
        assert [firm for firm, fen in recognised.items() if fen > 50 * WAN] == []

    @invariant()
    def every_recovery_has_its_payment(self) -> None:
        for recovery in Recovery.objects.select_related("payment"):
            assert (recovery.payment.state, recovery.amount) == (PaymentState.PAID, recovery.payment.amount)


def test_no_walk_loses_or_doubles_money() -> None:
    REACHED.clear()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=int(os.environ.get("TIDU_WALKS", "12")), stateful_step_count=60, deadline=None,
            suppress_health_check=list(HealthCheck), derandomize=True, database=None,
        ),
    )  # fmt: skip
    assert sorted({"take_feedback", "mend_account", "send_payment_batch", "open_recovery", "refused budget-exceeded"} - set(REACHED)) == []
