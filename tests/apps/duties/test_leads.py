"""Leads raise themselves once; they are verified by one person and decided by another; fraud cancels, recovers and bars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps.duties.ground import NOON, PAID_ON, STAYING, TODAY, WAN, happen, paid, tell
from tests.apps.fulfilment.ground import Ground, achieve, money_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.duties.domain.handling import handle_lead, may_handle, tell_lead
from tidu.apps.duties.domain.raising import Raised, raise_leads
from tidu.apps.duties.domain.sanctions import consequences, recover_from_lead, recoverable, sanction_fraud
from tidu.apps.duties.domain.watching import watched_kinds
from tidu.apps.duties.enums import Ground as Kind
from tidu.apps.duties.enums import LeadState
from tidu.apps.duties.models import DutyStep, Lead, Proceeding
from tidu.apps.duties.queries.ledger import book
from tidu.apps.enterprises.models import Event
from tidu.apps.fulfilment.domain.entitled import entitlements
from tidu.apps.fulfilment.enums import CaseState, Route
from tidu.apps.fulfilment.models import Case, Recovery
from tidu.apps.messages.models import Message
from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
AWAY = {"关系": "注册地", "迁往": "420115", "日期": "2023-09-01"}


@pytest.fixture
def ground() -> Ground:
    found = money_district()
    tell(found.district.jia, STAYING)
    tell(found.district.yi, STAYING)
    return found


def look(ground: Ground, days: int = 0) -> Raised:
    del ground
    from tidu.apps.accounts.actors import SYSTEM  # noqa: PLC0415

    return raise_leads(actor=SYSTEM, at=NOON + timedelta(days=days), book=book())


def verified(ground: Ground) -> Lead:
    lead = tell_lead(actor=ground.clerk, at=NOON, enterprise=ground.district.jia, text="举报材料造假")
    return handle_lead(actor=ground.clerk, at=NOON, lead=lead, key="verify", version=1, words="合同系伪造")


def test_the_packs_say_what_is_watched() -> None:
    assert watched_kinds(book()) == {"迁移", "重大违法违规", "弄虚作假认定"}


def test_the_same_happening_twice_is_one_lead(ground: Ground) -> None:
    paid(ground.district.jia)
    assert look(ground) == Raised(0, 0)
    happen(ground.district.jia, "迁移", AWAY)
    assert [look(ground), look(ground)] == [Raised(1, 0), Raised(0, 0)]
    lead = Lead.objects.get()
    assert (lead.ground, lead.title, lead.state, lead.due) == (
        Kind.RELOCATION,
        "迁移：关系 注册地，迁往 420115，日期 2023-09-01",
        "open",
        date(2024, 6, 18),
    )
    assert lead.evidence == [
        {"name": "迁移", "text": "关系 注册地，迁往 420115，日期 2023-09-01", "source": "市场监管", "day": "2023-09-01"}
    ]
    assert (lead.handler, Message.objects.get(occasion="lead.raised").text) == (
        ground.district.people[Role.BUREAU_CLERK],
        "有 1 条履约线索待核实。",
    )


def test_what_was_before_the_payment_or_of_a_firm_that_was_not_paid_is_no_lead(ground: Ground) -> None:
    paid(ground.district.jia)
    happen(ground.district.jia, "重大违法违规", {"类型": "安全", "日期": "2021-01-01", "文号": "1"})
    happen(ground.district.yi, "迁移", AWAY)
    happen(ground.district.jia, "迁移", {**AWAY, "迁往": "蔡甸区"})
    assert look(ground) == Raised(0, 0)
    happen(ground.district.jia, "重大违法违规", {"类型": "安全", "日期": PAID_ON.isoformat(), "文号": "2"})
    assert look(ground) == Raised(1, 0)
    assert Lead.objects.get().ground == Kind.BARRING


def test_facts_raise_leads_and_a_ground_that_goes_and_comes_back_is_a_new_one(ground: Ground) -> None:
    paid(ground.district.jia)
    gone = tell(ground.district.jia, {"纳税关系所在区": "420115"})
    assert look(ground) == Raised(1, 0)
    assert [(one.ground, one.title) for one in Lead.objects.all()] == [(Kind.TAX, "纳税关系所在区为 420115，不在本区")]
    tell(ground.district.jia, {"纳税关系所在区": "420114"})
    assert [look(ground, 1), look(ground, 2)] == [Raised(0, 1), Raised(0, 0)]
    tell(ground.district.jia, gone.values)
    assert look(ground, 3) == Raised(1, 0)
    assert sorted(Lead.objects.values_list("occurrence", "vanished_on")) == [(1, date(2024, 6, 4)), (2, None)]


def test_a_withdrawn_event_takes_the_ground_away(ground: Ground) -> None:
    paid(ground.district.jia)
    happen(ground.district.jia, "迁移", AWAY)
    look(ground)
    Event.objects.filter(type="迁移").update(withdrawn_at=NOON)
    assert look(ground) == Raised(0, 1)


def test_who_verified_does_not_decide_and_the_second_press_names_the_first(ground: Ground) -> None:
    obligation = paid(ground.district.jia)
    lead = tell_lead(actor=ground.clerk, at=NOON, enterprise=ground.district.jia, text="听说要搬走")
    with pytest.raises(TiduError, match="请写明“核实属实”的情况或理由"):
        handle_lead(actor=ground.head, at=NOON, lead=lead, key="verify", version=1)
    stale = Lead.objects.get()
    handle_lead(actor=ground.head, at=NOON, lead=lead, key="verify", version=1, words="已搬走")
    with pytest.raises(TiduError, match=f"{ground.head.name}已于 2024-06-03 12:00 办理，现在是“属实，待处理”"):
        handle_lead(actor=ground.clerk, at=NOON, lead=stale, key="dismiss", version=1, words="没有搬")
    assert may_handle(ground.head, "recover", lead).reason == "线索是您自己核实的，须由另一位负责人决定。"
    assert may_handle(ground.clerk, "recover", lead).code == "wrong-role"
    second = actor_of(ground.second, TODAY)
    made = recover_from_lead(actor=second, at=NOON, lead=lead, version=2, cases=recoverable(lead), reason="迁出本区")
    assert [(one.amount, one.case_id, one.evidence["核实情况"]) for one in made] == [(50 * WAN, obligation.case_id, "已搬走")]
    lead.refresh_from_db()
    assert (lead.state, Case.objects.get().state, Proceeding.objects.get().lead) == (LeadState.RECOVERING, CaseState.RECOVERING, lead)
    assert [one.act for one in DutyStep.objects.filter(lead=lead)] == ["人工登记", "核实属实", "立案追缴"]
    assert verify_chain()[1] == []


def test_a_recovery_of_nothing_or_of_another_firms_case_is_refused_whole(ground: Ground) -> None:
    paid(ground.district.jia)
    stranger = paid(ground.district.yi)
    lead = verified(ground)
    for cases in ([], [stranger.case], [*recoverable(lead), stranger.case]):
        with pytest.raises(TiduError):
            recover_from_lead(actor=ground.head, at=NOON, lead=lead, version=2, cases=cases, reason="迁出")
    lead.refresh_from_db()
    assert (lead.state, Recovery.objects.count()) == (LeadState.VERIFIED, 0)


def test_fraud_recovers_what_was_paid_and_bars_the_firm_from_decision_and_payment(ground: Ground) -> None:
    paid(ground.district.jia)
    achieve(ground.district.jia, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    asked = Case.objects.create(
        enterprise=ground.district.jia, policy="蔡甸区专精特新行动计划", award="C3", clause="二（一）4", title="专精特新小巨人配套",
        item="专精特新小巨人 国家级 2023-07-14", payer="区级", route=Route.NO_APPLICATION, law_date=TODAY, state=CaseState.REVIEWED,
        computed=1, number="MS2024-900001", created_at=NOON,
    )  # fmt: skip
    before = entitlements([asked], packs(), TODAY)[asked.pk]
    assert before is not None
    assert before.amount == 50 * WAN
    lead = verified(ground)
    assert [(one.act, one.fen) for one in consequences(lead)] == [("recover", 50 * WAN), ("refuse", 0)]
    with pytest.raises(TiduError, match="认定日期 2024-06-04 在将来"):
        sanction_fraud(actor=ground.head, at=NOON, lead=lead, version=2, found_on=date(2024, 6, 4), reason="伪造合同")
    sanction_fraud(actor=ground.head, at=NOON, lead=lead, version=2, found_on=TODAY, reason="伪造合同")
    asked.refresh_from_db()
    event = Event.objects.get(type="弄虚作假认定")
    assert (asked.state, Recovery.objects.get().amount, event.fields) == (
        CaseState.REFUSED, 50 * WAN, {"日期": "2024-06-03", "事由": "伪造合同"},
    )  # fmt: skip
    for day in (TODAY, TODAY + timedelta(days=2000)):
        after = entitlements([asked], packs(), day)[asked.pk]
        assert after is None or after.amount == 0
    assert verify_chain()[1] == []


def test_a_lead_needs_something_owed_and_a_firm_sees_none(ground: Ground) -> None:
    with pytest.raises(TiduError, match="没有承诺义务"):
        tell_lead(actor=ground.clerk, at=NOON, enterprise=ground.district.jia, text="要搬走")
    paid(ground.district.jia)
    with pytest.raises(NotAllowed):
        tell_lead(actor=ground.firm, at=NOON, enterprise=ground.district.jia, text="要搬走")
    tell_lead(actor=ground.clerk, at=NOON, enterprise=ground.district.jia, text="要搬走")
    sees = {Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR, Role.SUBDISTRICT_CLERK}
    assert {role for role in Role if Lead.objects.visible_to(ground.actor(role)).exists()} == sees
