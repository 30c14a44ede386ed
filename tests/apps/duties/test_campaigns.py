"""Yearly checks answer by data where the data decide; samplings are drawn so that anyone can draw again; firms are heard."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.duties.ground import NOON, STAYING, TODAY, happen, paid, tell
from tests.apps.fulfilment.ground import Ground, money_district
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.duties.domain.checking import Said, may_check, move_check
from tidu.apps.duties.domain.drawing import drawn, population_digest, share_of
from tidu.apps.duties.domain.sampling import Sampling, draw_sample, drawn_again
from tidu.apps.duties.domain.yearly import close_campaign, open_yearly
from tidu.apps.duties.enums import Answer, CampaignState, CheckState
from tidu.apps.duties.enums import Ground as Kind
from tidu.apps.duties.models import Check, Lead
from tidu.apps.duties.queries.campaigns import progress
from tidu.apps.duties.queries.ledger import LedgerFilter
from tidu.apps.messages.models import Message
from tidu.kernel.errors import TiduError

DUE = date(2024, 7, 31)
members = st.lists(
    st.tuples(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=4), st.integers(1, 5)), unique_by=lambda one: one[0], min_size=1
)


@pytest.fixture
def ground() -> Ground:
    return money_district()


def sampling(count: int = 1, seed: str = "20240603", *, by_risk: bool = False) -> Sampling:
    return Sampling("履约抽查", 2024, DUE, LedgerFilter(), count, by_risk, seed)


def sampled(ground: Ground) -> Check:
    paid(ground.district.jia)
    draw_sample(actor=ground.clerk, at=NOON, wanted=sampling())
    return Check.objects.get()


def step(ground: Ground, check: Check, key: str, answer: str = "", days: int = 0, mend_by: date | None = None) -> Check:
    actor = {"hand-in": ground.firm, "state": ground.firm, "find": ground.clerk}.get(key, ground.head)
    said = Said("情况如此", answer, mend_by=mend_by)
    return move_check(actor=actor, at=NOON + timedelta(days=days), check=check, key=key, version=check.version, said=said)


@given(members, st.text(max_size=10), st.data())
def test_a_draw_depends_on_seed_and_population_only(listed: list[tuple[str, int]], seed: str, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(listed)))
    shuffled = data.draw(st.permutations(listed))
    found = drawn(seed, listed, count)
    assert found == drawn(seed, shuffled, count)
    assert (len(found), len(set(found)), set(found) <= {name for name, _ in listed}) == (count, count, True)
    assert population_digest(listed) == population_digest(shuffled)
    assert drawn(seed, listed, len(listed))[:count] == found


def test_everybody_is_drawn_equally_often_and_more_tickets_are_drawn_more() -> None:
    plain = [(f"{number}", 1) for number in range(10)]
    first = [drawn(f"种子{number}", plain, 1)[0] for number in range(2000)]
    assert all(140 < first.count(name) < 260 for name, _ in plain)  # 200 each, within five standard deviations
    weighted = [("险", 5), *((f"{number}", 1) for number in range(5))]
    assert 870 < [drawn(f"种子{number}", weighted, 1)[0] for number in range(2000)].count("险") < 1130


def test_more_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(TiduError, match="范围内有 2 项，不能抽取 3 项"):
        drawn("x", [("甲", 1), ("乙", 1)], 3)
    assert (share_of(10, 100), share_of(11, 100), share_of(1, 10)) == (1, 2, 1)


@pytest.mark.django_db
def test_the_draw_is_on_record_and_can_be_repeated(ground: Ground) -> None:
    for _ in range(6):
        paid(ground.district.jia)
    campaign = draw_sample(actor=ground.clerk, at=NOON, wanted=sampling(2, by_risk=True))
    assert (campaign.size, campaign.drawn, campaign.seed, drawn_again(campaign)) == (6, 2, "20240603", True)
    assert Message.objects.filter(occasion="duty-check.drawn").count() == 2
    random = draw_sample(actor=ground.clerk, at=NOON, wanted=sampling(2, seed=""))
    assert (len(random.seed), drawn_again(random)) == (32, True)
    campaign.population = [[name, 1] for name, _ in campaign.population]
    assert drawn_again(campaign) is False


@pytest.mark.django_db
def test_the_year_is_answered_by_data_and_the_rest_is_asked_of_who_can_tell(ground: Ground) -> None:
    district = ground.district
    staying, lacking = paid(district.jia), paid(district.yi)
    tell(district.jia, STAYING)
    tell(district.yi, {"登记状态": "存续", "纳税关系所在区": "420114"})
    campaign = open_yearly(actor=ground.clerk, at=NOON, year=2024, due=DUE)
    found = {one.obligation_id: (one.state, one.answer, one.by_data, one.unit) for one in campaign.checks.select_related("unit")}
    assert found == {
        staying.pk: (CheckState.DONE, Answer.MET, True, None),
        lacking.pk: (CheckState.ASKED, "", False, district.units["bureau"]),
    }
    with pytest.raises(TiduError, match="2024 年度核查已经发起"):
        open_yearly(actor=ground.clerk, at=NOON, year=2024, due=DUE)


@pytest.mark.django_db
def test_who_moved_is_unmet_by_data_and_risk_is_for_the_subdistrict(ground: Ground) -> None:
    district = ground.district
    moved, risky = paid(district.jia), paid(district.yi)
    tell(district.jia, STAYING)
    tell(district.yi, {**STAYING, "登记状态": "注销"})
    happen(district.jia, "迁移", {"关系": "纳税", "迁往": "420115", "日期": "2023-09-01"})
    campaign = open_yearly(actor=ground.clerk, at=NOON, year=2024, due=DUE)
    checks = {one.obligation_id: one for one in campaign.checks.select_related("unit", "campaign", "obligation__case__enterprise")}
    assert (checks[moved.pk].answer, checks[moved.pk].by_data) == (Answer.UNMET, True)
    asked = checks[risky.pk]
    assert (asked.state, asked.unit, asked.due) == (CheckState.ASKED, district.units["two"], DUE)
    assert may_check(ground.department("tax"), "answer", asked, TODAY).reason == "这项由第二街道核实。"
    with pytest.raises(TiduError, match="还有 1 项没有办结"):
        close_campaign(actor=ground.head, at=NOON, campaign=campaign, version=1)
    move_check(actor=ground.clerk, at=NOON, check=asked, key="answer", version=1, said=Said("已注销", Answer.UNMET))
    lead = Lead.objects.get()
    assert (lead.ground, lead.enterprise, lead.title) == (
        Kind.CHECKED,
        district.yi,
        "2024 年度核查：专精特新小巨人配套，结论不符合。已注销",
    )
    counted = progress(ground.clerk, campaign, TODAY)
    assert (counted.total, counted.done, counted.by_data, counted.answers["unmet"]) == (2, 2, 1, 2)
    assert close_campaign(actor=ground.head, at=NOON, campaign=campaign, version=1).state == CampaignState.CLOSED


@pytest.mark.django_db
def test_an_adverse_finding_waits_for_the_firm_and_for_a_second_person(ground: Ground) -> None:
    check = sampled(ground)
    assert may_check(ground.clerk, "find", check, TODAY).reason == "企业提交材料的期限到 2024-07-31 止，还没有提交。"
    step(ground, check, "hand-in")
    step(ground, check, "find", Answer.UNMET)
    assert (check.state, check.due) == (CheckState.FOUND, date(2024, 6, 11))  # 10 June 2024 is the Dragon Boat Festival
    assert may_check(ground.head, "confirm", check, date(2024, 6, 11)).reason == "企业可以申辩到 2024-06-11，期满或申辩后才能确认。"
    assert may_check(ground.head, "confirm", check, date(2024, 6, 12)).allowed
    step(ground, check, "state")
    assert may_check(ground.head, "confirm", check, TODAY).allowed
    step(ground, check, "confirm")
    assert (check.state, check.answer, Lead.objects.get().ground) == (CheckState.DONE, Answer.UNMET, Kind.CHECKED)
    public = [(one.act, one.public) for one in check.steps.all()]
    assert public == [("被抽中", True), ("提交材料", True), ("提出结论：不符合", True), ("提交申辩", True), ("确认结论：不符合", True)]
    assert verify_chain()[1] == []


@pytest.mark.django_db
def test_who_found_does_not_confirm_and_what_is_to_be_mended_comes_back(ground: Ground) -> None:
    check = sampled(ground)
    step(ground, check, "hand-in")
    move_check(actor=ground.head, at=NOON, check=check, key="find", version=check.version, said=Said("缺社保证明", Answer.MEND))
    step(ground, check, "state")
    assert may_check(ground.head, "confirm", check, TODAY).code == "second-person"
    second = actor_of(ground.second, TODAY)
    with pytest.raises(TiduError, match="请填写今天以后的整改期限"):
        move_check(actor=second, at=NOON, check=check, key="confirm", version=check.version, said=Said("补齐"))
    move_check(actor=second, at=NOON, check=check, key="confirm", version=check.version, said=Said("补齐", mend_by=DUE))
    assert (check.state, check.answer, check.due) == (CheckState.MENDING, "", DUE)
    step(ground, check, "hand-in")
    step(ground, check, "find", Answer.MET)
    assert check.state == CheckState.PROPOSED
    step(ground, check, "return")
    step(ground, check, "find", Answer.MET)
    step(ground, check, "confirm")
    assert (check.state, check.answer, Lead.objects.count()) == (CheckState.DONE, Answer.MET, 0)


@pytest.mark.django_db
def test_a_stranger_hands_nothing_in_and_an_old_version_is_refused(ground: Ground) -> None:
    check = sampled(ground)
    stranger = ground.member_of(ground.district.yi)
    assert may_check(stranger, "hand-in", check, TODAY).reason == "这不是您企业的核查。"
    assert not Check.objects.visible_to(stranger).exists()
    stale = Check.objects.select_related("campaign", "obligation__case__enterprise").get()
    step(ground, check, "hand-in")
    with pytest.raises(TiduError, match=f"{ground.firm.name}已于 2024-06-03 12:00 办理，现在是“待核查”"):
        step(ground, stale, "hand-in")
