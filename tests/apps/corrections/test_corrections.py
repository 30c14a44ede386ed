"""Corrections: asking, every move with its guard, who decides, and what a decision does to the facts in force."""

from __future__ import annotations

from typing import Any

import pytest

from tests.apps import cases
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.corrections.domain import corrections as domain
from tidu.apps.corrections.domain.moves import CORRECTION_MOVES, FILING_MOVES, FIRM, OFFICE, buttons, may_move, timeline
from tidu.apps.corrections.enums import PUBLIC, CaseState
from tidu.apps.corrections.models import Correction
from tidu.apps.enterprises.models import DataSheet, FactsInForce
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
WHY = "申报表误填为含税收入"


@pytest.fixture
def district() -> District:
    made = small_district()
    cases.told(made.jia, cases.sources(made)["税务"], {cases.REVENUE: 100_000_000})
    return made


def asked(district: District, wanted: str = "200", **more: Any) -> Correction:
    told = domain.Told(cases.REVENUE, cases.YEAR, wanted, WHY, **more)
    return domain.ask_for_correction(actor=cases.member(district, Role.FIRM_CLERK), at=AT, enterprise=district.jia, told=told)


def in_force(district: District) -> tuple[int, str, dict[str, list[int]]]:
    row = FactsInForce.objects.get(enterprise=district.jia, period=cases.YEAR)
    sheet = DataSheet.objects.get(pk=row.origins[cases.REVENUE])
    return row.values[cases.REVENUE], sheet.source.name, row.conflicts


def test_a_correction_goes_to_the_unit_that_owns_the_fact_and_says_what_held(district: District) -> None:
    made = asked(district)
    assert (made.unit, made.said, made.said_source, made.wanted, made.public) == (
        district.units["tax"], 100_000_000, "税务", 200_000_000, "已提交",
    )  # fmt: skip
    assert AuditEvent.objects.get(action="correction.asked").detail["wanted"] == 200_000_000


@pytest.mark.parametrize(
    ("wanted", "why", "code"),
    [
        ("约两百万", WHY, "not-a-number"),
        ("-5", WHY, "out-of-domain"),
        ("", WHY, "wanted-needed"),
        ("200", "错了", "why-needed"),
        ("100", WHY, "same-value"),
        ("1" * 300, WHY, "too-long"),
    ],
)
def test_what_cannot_be_taken_is_said(district: District, wanted: str, why: str, code: str) -> None:
    told = domain.Told(cases.REVENUE, cases.YEAR, wanted, why)
    with pytest.raises(TiduError) as error:
        domain.ask_for_correction(actor=cases.member(district, Role.FIRM_CLERK), at=AT, enterprise=district.jia, told=told)
    assert (error.value.code, Correction.objects.count()) == (code, 0)


def test_a_stranger_and_an_agent_cannot_ask(district: District) -> None:
    told = domain.Told(cases.REVENUE, cases.YEAR, "200", WHY)
    with pytest.raises(NotAllowed, match="只有本企业的人员"):
        domain.ask_for_correction(actor=cases.member(district, Role.FIRM_FINANCE, district.yi), at=AT, enterprise=district.jia, told=told)
    with pytest.raises(NotAllowed, match="代办机构可以填写"):
        domain.ask_for_correction(actor=cases.member(district, Role.FIRM_AGENT), at=AT, enterprise=district.jia, told=told)


def test_one_fact_is_corrected_once_at_a_time(district: District) -> None:
    first = asked(district)
    with pytest.raises(TiduError, match=first.receipt):
        asked(district, "300")


def test_the_owner_of_a_fact_who_accepts_speaks_again_and_the_new_value_holds(district: District) -> None:
    made, clerk = asked(district), district.actor(Role.DEPARTMENT_CLERK)
    assert domain.holds_after(made, clerk).allowed
    sheet = domain.accept_correction(actor=clerk, at=AT, correction=made, version=made.version)
    assert (sheet.source.name, in_force(district)) == ("税务", (200_000_000, "税务", {}))


def test_the_bureau_that_accepts_lets_the_firm_speak_and_the_departments_word_stays_first(district: District) -> None:
    made, clerk = asked(district), district.actor(Role.BUREAU_CLERK)
    assert "税务的数据仍然优先" in domain.holds_after(made, clerk).reason
    sheet = domain.accept_correction(actor=clerk, at=AT, correction=made, version=made.version)
    assert (sheet.source.name, in_force(district)) == ("自报", (100_000_000, "税务", {cases.REVENUE: [sheet.pk]}))


def test_a_fact_that_nobody_told_goes_to_the_source_of_the_catalogue(district: District) -> None:
    told = domain.Told("上缴税金", cases.YEAR, "12.5", WHY)
    made = domain.ask_for_correction(actor=cases.member(district, Role.FIRM_CLERK), at=AT, enterprise=district.jia, told=told)
    assert (made.unit, made.said, made.said_source) == (district.units["tax"], None, "")


def test_the_second_of_two_who_press_reads_who_was_first(district: District) -> None:
    made = asked(district)
    first, second = Correction.objects.get(pk=made.pk), Correction.objects.get(pk=made.pk)
    domain.accept_correction(actor=district.actor(Role.DEPARTMENT_CLERK), at=AT, correction=first, version=made.version)
    with pytest.raises(TiduError, match=r"部门经办某已于.*现在是“已采纳”") as error:
        domain.move_correction(
            actor=district.actor(Role.BUREAU_CLERK),
            at=AT,
            correction=second,
            move=CORRECTION_MOVES["refuse"],
            version=made.version,
            reason="不",
        )
    assert (error.value.code, DataSheet.objects.filter(values__isnull=False).count()) == ("moved-meanwhile", 2)


def test_a_return_comes_back_to_the_same_handler_and_the_firm_sees_no_inner_move(district: District) -> None:
    made, clerk, firm = asked(district), district.actor(Role.DEPARTMENT_CLERK), cases.member(district, Role.FIRM_CLERK)
    domain.move_correction(actor=clerk, at=AT, correction=made, move=CORRECTION_MOVES["take"], version=made.version)
    assert (made.state, made.public) == (CaseState.CHECKING, "审核中")
    domain.move_correction(actor=clerk, at=AT, correction=made, move=CORRECTION_MOVES["return"], version=made.version, reason="附审计报告")
    domain.resubmit_correction(actor=firm, at=AT, correction=made, version=made.version, wanted="210", why=WHY + "，已附")
    assert (made.state, made.public, made.wanted, made.handler_id) == (CaseState.RESUBMITTED, "审核中", 210_000_000, clerk.user)
    assert [one.text for one in timeline(made, inner=False)] == ["重新提交", "请补充", "提出更正申请"]
    assert [one.text for one in timeline(made, inner=True)] == ["重新提交", "退回补充", "开始核验", "提出更正"]


def test_a_refusal_needs_a_reason(district: District) -> None:
    made = asked(district)
    with pytest.raises(TiduError, match="须写明理由"):
        domain.move_correction(
            actor=district.actor(Role.DEPARTMENT_CLERK), at=AT, correction=made, move=CORRECTION_MOVES["refuse"], version=made.version
        )
    assert Correction.objects.get().state == CaseState.SUBMITTED


def test_while_one_person_checks_another_takes_over_first(district: District) -> None:
    made = asked(district)
    domain.move_correction(
        actor=district.actor(Role.DEPARTMENT_CLERK), at=AT, correction=made, move=CORRECTION_MOVES["take"], version=made.version
    )
    other = district.actor(Role.BUREAU_CLERK)
    assert may_move(CORRECTION_MOVES["accept"], made, other).reason == "部门经办某正在核验。要接手，请先点“开始核验”。"
    domain.move_correction(actor=other, at=AT, correction=made, move=CORRECTION_MOVES["take"], version=made.version)
    assert may_move(CORRECTION_MOVES["accept"], made, other).allowed


REVIEWERS = {
    Role.BUREAU_CLERK: True,
    Role.DEPARTMENT_CLERK: True,
    Role.BUREAU_HEAD: False,
    Role.SUBDISTRICT_CLERK: False,
    Role.DISTRICT_LEADER: False,
    Role.AUDITOR: False,
    Role.FIRM_CLERK: False,
    Role.BANK_CLERK: False,
}


@pytest.mark.parametrize(("role", "may"), REVIEWERS.items())
def test_who_may_review_what_the_tax_office_owns(district: District, role: Role, may: bool) -> None:
    assert may_move(CORRECTION_MOVES["accept"], asked(district), district.actor(role)).allowed is may


def test_nobody_reviews_a_firm_of_which_they_are_a_member(district: District) -> None:
    made, clerk = asked(district), district.actor(Role.BUREAU_CLERK)
    member_too = Actor(clerk.user, clerk.name, (*clerk.posts, *cases.member(district, Role.FIRM_CLERK).posts))
    assert may_move(CORRECTION_MOVES["accept"], made, member_too).reason == "您是这家企业的人员，须回避。"


def test_every_move_is_offered_in_just_the_states_of_the_table(district: District) -> None:
    clerk, firm = district.actor(Role.BUREAU_CLERK), cases.member(district, Role.FIRM_CLERK)
    for table, make in ((CORRECTION_MOVES, cases.correction), (FILING_MOVES, cases.filing)):
        for number, state in enumerate(CaseState):
            more = {"fact": f"研发费用{number}"} if make is cases.correction else {"year": 2000 + number}
            case = make(district.jia, district.units["bureau"], state, **more)
            case.handler_id = clerk.user
            offered = {one.move.name for side, actor in ((OFFICE, clerk), (FIRM, firm)) for one in buttons(case, actor, side)}
            assert offered == {move.name for move in table.values() if state in move.before}


def test_every_move_says_something_and_every_state_has_a_public_name() -> None:
    told = [move.told for table in (CORRECTION_MOVES, FILING_MOVES) for move in table.values()]
    assert (all(told), set(PUBLIC)) == (True, set(CaseState))


def test_evidence_is_told_by_its_content_kept_and_read_back(district: District) -> None:
    made = asked(district, file=("审计\\报告.exe", cases.PDF))
    kept = made.files.get()
    assert (kept.name, kept.kind, kept.size) == ("报告.pdf", "pdf", len(cases.PDF))
    assert verify_chain()[1] == []


@pytest.mark.parametrize(("content", "code"), [(b"MZ\x90 program", "file-type"), (b"", "file-empty"), (b"PK\x03\x04 broken", "file-type")])
def test_a_file_of_another_kind_is_refused_and_with_it_the_whole_correction(district: District, content: bytes, code: str) -> None:
    with pytest.raises(TiduError) as error:
        asked(district, file=("报告.pdf", content))
    assert (error.value.code, Correction.objects.count()) == (code, 0)


def test_a_file_of_more_than_ten_megabytes_is_refused(district: District) -> None:
    with pytest.raises(TiduError, match="超过 10 MB"):
        asked(district, file=("报告.pdf", b"%PDF-" + b"0" * (10 * 2**20)))
