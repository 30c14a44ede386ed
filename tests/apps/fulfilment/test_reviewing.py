"""Joint review: one opinion per department on one version; a changed case voids what was said of the older one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps.fulfilment.ground import ACCOUNT, LAW, NOON, Ground, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.applying import keep_submission, resubmit, save_draft, submit
from tidu.apps.fulfilment.domain.moving import may_move
from tidu.apps.fulfilment.domain.reviewing import CorrectionItem, accept, ask_correction, give_opinion, resume
from tidu.apps.fulfilment.enums import CaseState, Verdict
from tidu.apps.fulfilment.models import Case, Opinion, Step, Submission
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return money_district()


@pytest.fixture
def case(ground: Ground) -> Case:
    """A contract case handed in and accepted: tax, market supervision (veto) and finance are asked."""
    found = case_in(ground, CaseState.SUBMITTED)
    keep_submission(actor=ground.firm, at=NOON, case=found, content={})
    return accept(actor=ground.clerk, at=NOON, case=found)


def say(ground: Ground, case: Case, unit: str, verdict: Verdict, reason: str = "核过") -> Opinion:
    opinion = Opinion.objects.select_related("unit", "case").get(case=case, unit__code=unit, void=False)
    return give_opinion(actor=ground.department(unit), at=NOON, opinion=opinion, verdict=verdict, reason=reason)


def why_not(ground: Ground, case: Case) -> str:
    return may_move(reread(case), ground.clerk, "conclude", LAW).reason


def test_the_departments_of_the_item_are_asked_about_this_version(ground: Ground, case: Case) -> None:
    asked = [(one.unit.code, one.may_veto, one.submission.number, one.due) for one in case.opinions.order_by("unit__code")]
    assert asked == [(code, code == "market", 1, date(2024, 6, 11)) for code in ("finance", "market", "tax")]


def test_the_case_waits_for_the_last_department_and_names_it(ground: Ground, case: Case) -> None:
    for unit in ("tax", "market"):
        say(ground, case, unit, Verdict.AGREE)
    assert why_not(ground, case) == "还有部门没有反馈意见：财政局。"
    say(ground, case, "finance", Verdict.NOT_CONCERNED)
    assert why_not(ground, case) == ""


def test_a_veto_stops_and_another_refusal_counts(ground: Ground, case: Case) -> None:
    say(ground, case, "tax", Verdict.DISAGREE, "未申报")
    say(ground, case, "finance", Verdict.AGREE)
    say(ground, case, "market", Verdict.AGREE)
    assert why_not(ground, case) == "同意的部门有 2 个，至少要 3 个。"
    Opinion.objects.filter(unit__code="market").update(verdict=Verdict.DISAGREE)
    assert why_not(ground, case) == "市监局不同意（一票否决），只能不予支持或退回补正。"


def test_a_refusal_needs_a_reason_and_what_was_said_stands(ground: Ground, case: Case) -> None:
    with pytest.raises(TiduError, match="“不同意”请写明理由"):
        say(ground, case, "tax", Verdict.DISAGREE, " ")
    given = say(ground, case, "tax", Verdict.AGREE)
    with pytest.raises(TiduError, match="已代表税务局反馈“同意”"):
        give_opinion(actor=ground.department("tax"), at=NOON, opinion=given, verdict=Verdict.DISAGREE, reason="改主意")


def test_no_department_speaks_for_another(ground: Ground, case: Case) -> None:
    opinion = Opinion.objects.select_related("unit", "case").get(unit__code="market")
    for actor in (ground.department("tax"), ground.clerk, ground.firm, ground.actor(Role.AUDITOR)):
        with pytest.raises(NotAllowed):
            give_opinion(actor=actor, at=NOON, opinion=opinion, verdict=Verdict.AGREE, reason="")
    assert Opinion.objects.exclude(verdict="").count() == 0


def test_a_correction_voids_the_opinions_and_only_what_was_asked_can_change(ground: Ground, case: Case) -> None:
    say(ground, case, "tax", Verdict.AGREE)
    items = [CorrectionItem("contract_date", "与登记证明不符")]
    case = ask_correction(actor=ground.clerk, at=NOON, case=reread(case), items=items)
    assert Step.objects.filter(act="ask-correction").values_list("text", flat=True)[0] == "contract_date：与登记证明不符"
    with pytest.raises(TiduError, match="这次只要求补正：contract_date。其他内容不能改动：amount"):
        save_draft(actor=ground.firm, case=case, section={"amount": 1})
    case = save_draft(actor=ground.firm, case=case, section={"contract_date": "2024-01-03"})
    case = resubmit(actor=ground.firm, at=NOON + timedelta(days=1), case=case)
    assert Step.objects.get(act="resubmit").detail["changed"]["contract_date"] == [None, "2024-01-03"]
    case = resume(actor=ground.clerk, at=NOON + timedelta(days=1), case=case)
    alive = [(one.unit.code, one.verdict, one.submission.number) for one in case.opinions.filter(void=False).order_by("unit__code")]
    assert alive == [("finance", "", 2), ("market", "", 2), ("tax", "", 2)]
    assert [one.number for one in Submission.objects.filter(case=case)] == [1, 2]


def test_the_firm_reads_what_to_mend_in_words(ground: Ground, case: Case) -> None:
    items = [
        CorrectionItem("promise", "请由法定代表人签署"),
        CorrectionItem("contract", "缺登记编号"),
        CorrectionItem("研发投入", "与报表不符"),
    ]
    ask_correction(actor=ground.clerk, at=NOON, case=case, items=items)
    told = Step.objects.get(case=case, act="ask-correction").text
    assert told == "承诺书：请由法定代表人签署；技术合同登记证明：缺登记编号；研发投入：与报表不符"


def test_a_void_opinion_is_not_given_any_more(ground: Ground, case: Case) -> None:
    opinion = Opinion.objects.select_related("unit", "case").get(unit__code="tax")
    ask_correction(actor=ground.clerk, at=NOON, case=reread(case), items=[CorrectionItem("contract", "看不清")])
    opinion = Opinion.objects.select_related("unit", "case").get(pk=opinion.pk)
    with pytest.raises(NotAllowed, match="这条意见不再需要"):
        give_opinion(actor=ground.department("tax"), at=NOON, opinion=opinion, verdict=Verdict.AGREE, reason="")


def test_what_is_handed_in_keeps_no_account_in_the_clear(ground: Ground) -> None:
    case = case_in(ground, CaseState.DRAFT)
    Case.objects.filter(pk=case.pk).update(number="", submission=0, account="")
    case = submit(actor=ground.firm, at=NOON, case=reread(case))
    assert (case.number, case.submission, case.account_holder) == ("SL2024-000001", 1, case.enterprise.name)
    assert ACCOUNT not in str([case.draft, case.account, *Submission.objects.values_list("content", flat=True)])


@pytest.mark.parametrize(
    ("number", "holder", "code"),
    [("12345", "", "account-not-valid"), ("六二二二", "", "account-not-valid"), (ACCOUNT, "别家", "account-holder")],
)
def test_an_account_that_cannot_be_paid_to_is_refused(ground: Ground, number: str, holder: str, code: str) -> None:
    case = case_in(ground, CaseState.DRAFT)
    case.draft["account"] = {"number": number, "holder": holder or case.enterprise.name}
    with pytest.raises(TiduError) as refused:
        submit(actor=ground.firm, at=NOON, case=case)
    assert (refused.value.code, Submission.objects.count()) == (code, 0)
