"""Reports: handed in, returned, handed in again, accepted; every version stays; hastening and escalation."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.apps.materials.files import PDF
from tests.apps.people import stranger
from tests.apps.plans.ground import NOON, TODAY, Ground, noon, plan_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.materials.domain.keeping import Owner, keep_file, may_drop
from tidu.apps.messages.models import Message
from tidu.apps.plans.domain.escalating import escalate
from tidu.apps.plans.domain.guards import may_judge, may_report
from tidu.apps.plans.domain.hastening import hasten, may_hasten
from tidu.apps.plans.domain.moving import issue_plan, move_share
from tidu.apps.plans.domain.reporting import Handed, hand_in, judge_report
from tidu.apps.plans.enums import Colour, ReportState
from tidu.apps.plans.models import Assignment, PlanReport, PlanStep, ReportVersion
from tidu.apps.plans.queries.matrix import MatrixFilter, matrix
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
DONE = Handed("完成", {"m1": "5"})


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setitem(settings.MATERIALS, "folder", tmp_path / "materials")
    return plan_district()


def colour(ground: Ground, period: str, day: date) -> Colour:
    found = matrix(ground.head, day, MatrixFilter(unit=ground.district.units["tax"].pk))
    return next(cell.colour for cell in found.rows[0].cells if cell.period.key == period)


def test_a_report_goes_in_comes_back_and_is_accepted(ground: Ground) -> None:
    ground.signed()
    report = ground.report(date(2024, 2, 2), "2024-01")
    report = judge_report(actor=ground.clerk, at=noon(date(2024, 2, 5)), report=report, name="return", text="数字与税务系统不一致。")
    hand_in(actor=ground.tax, at=noon(date(2024, 2, 6)), share=ground.share(), period="2024-01", handed=Handed("已核对", {"m1": "4"}))
    report = PlanReport.objects.select_related("assignment__task", "assignment__unit").get(pk=report.pk)
    report = judge_report(actor=ground.clerk, at=noon(date(2024, 2, 7)), report=report, name="accept")
    assert (report.state, report.version) == (ReportState.ACCEPTED, 5)
    assert [(one.number, one.text, one.figures) for one in report.versions.all()] == [(1, "完成", {"m1": "5"}), (2, "已核对", {"m1": "4"})]
    steps = PlanStep.objects.filter(period="2024-01").order_by("turn")
    assert [(one.act, one.turn, one.after) for one in steps] == [
        ("report", 2, "submitted"), ("return", 3, "returned"), ("report", 4, "submitted"), ("accept", 5, "accepted"),
    ]  # fmt: skip
    back = Message.objects.get(occasion="plan.return")
    assert (back.user_id, back.text) == (
        ground.district.people[Role.DEPARTMENT_CLERK].pk,
        "“推动小进规”2024年1月的报送被退回：数字与税务系统不一致。请修改后重报。",
    )
    assert colour(ground, "2024-01", date(2024, 12, 31)) == Colour.GREEN
    assert verify_chain()[1] == []


def test_who_may_not_report(ground: Ground) -> None:
    issue_plan(actor=ground.clerk, at=NOON, plan=ground.plan)
    assert may_report(ground.share(), ground.tax, "2024-01", TODAY, "open").reason == "请先签收，不能报送进展。"
    share = ground.signed()
    for other in (ground.neighbour, ground.actor(Role.SUBDISTRICT_CLERK), ground.clerk):
        assert may_report(share, other, "2024-01", TODAY, "open").reason == "这是税务局的任务，由该单位办理。"
    for other in (ground.head, ground.actor(Role.FIRM_CLERK), actor_of(stranger(), TODAY)):
        assert may_report(share, other, "2024-01", TODAY, "open").code == "wrong-role"
    for role in (Role.AUDITOR, Role.DISTRICT_LEADER):
        assert may_report(share, ground.actor(role), "2024-01", TODAY, "open").code == "reads-only"
    assert may_report(share, ground.tax, "2024-02", TODAY, "open").reason == "2024年2月还没有开始，2024-02-01 起才能报送。"
    assert may_report(share, ground.tax, "2025-01", TODAY, "open").code == "no-such-period"


@pytest.mark.parametrize(
    ("handed", "code", "said"),
    [
        (Handed(" ", {"m1": "5"}), "text-missing", "请写明本期进展"),
        (Handed("完成"), "bad-figures", "新增家数没有填"),
        (Handed("完成", {"m1": "五"}), "bad-figures", "新增家数“五”不是数字"),
        (Handed("完成", {"m1": "5", "m9": "1"}), "bad-figures", "没有“m9”这个指标"),
    ],
)
def test_a_report_that_lacks_something_is_refused(ground: Ground, handed: Handed, code: str, said: str) -> None:
    share = ground.signed()
    with pytest.raises(TiduError, match=said) as refused:
        hand_in(actor=ground.tax, at=NOON, share=share, period="2024-01", handed=handed)
    assert (refused.value.code, PlanReport.objects.count()) == (code, 0)


def test_files_go_with_a_report_and_stay(ground: Ground) -> None:
    share = ground.signed()
    file = keep_file(actor=ground.tax, at=NOON, owner=Owner(unit=share.unit), kind="进展附件", name="清单.pdf", content=PDF)
    other = keep_file(
        actor=ground.clerk, at=NOON, owner=Owner(unit=ground.district.units["bureau"]), kind="进展附件", name="别的.pdf", content=PDF
    )
    with pytest.raises(TiduError, match=r"“别的.pdf”不是税务局在存的附件"):
        hand_in(actor=ground.tax, at=NOON, share=share, period="2024-01", handed=Handed("完成", {"m1": "5"}, (other,)))
    hand_in(actor=ground.tax, at=NOON, share=share, period="2024-01", handed=Handed("完成", {"m1": "5"}, (file,)))
    assert list(ReportVersion.objects.get().files.all()) == [file]
    assert may_drop(ground.tax, file).reason == "“清单.pdf”已随 推动小进规（税务局） 2024-01 报送，不能删除。"
    assert may_drop(ground.clerk, other).allowed


def test_two_people_judge_at_once(ground: Ground) -> None:
    ground.signed()
    one = ground.report(date(2024, 2, 2), "2024-01")
    two = PlanReport.objects.select_related("assignment__task", "assignment__unit").get(pk=one.pk)
    judge_report(actor=ground.clerk, at=noon(date(2024, 2, 5)), report=one, name="accept")
    with pytest.raises(TiduError) as refused:
        judge_report(actor=ground.head, at=noon(date(2024, 2, 5)), report=two, name="return", text="不对")
    assert refused.value.message == f"{ground.clerk.name}已于 04:00:00 办理“认可报送”，报送现在是“已认可”。请刷新后再办理。"
    assert two.state == ReportState.SUBMITTED  # the second person's copy is as it was


def test_nobody_accepts_the_own_report(ground: Ground) -> None:
    issue_plan(actor=ground.clerk, at=NOON, plan=ground.plan)
    share = Assignment.objects.select_related("task", "unit").get(unit=ground.district.units["bureau"])
    share = move_share(actor=ground.clerk, at=NOON, share=share, name="sign")
    report = hand_in(actor=ground.clerk, at=NOON, share=share, period="once", handed=Handed("已办"))
    assert may_judge(report, ground.clerk, "accept").code == "own-report"
    assert may_judge(report, ground.head, "accept").allowed
    for other in (ground.tax, ground.neighbour, actor_of(stranger(), TODAY)):
        assert not may_judge(report, other, "accept").allowed


def test_a_unit_that_lacks_nothing_is_not_hastened(ground: Ground) -> None:
    share = ground.signed()
    assert may_hasten(ground.clerk, share, TODAY).code == "nothing-to-hasten"
    missed = date(2024, 2, 8)
    assert may_hasten(ground.clerk, share, missed).allowed
    for other in (ground.tax, ground.neighbour, ground.actor(Role.AUDITOR), actor_of(stranger(), TODAY)):
        assert not may_hasten(other, share, missed).allowed
        with pytest.raises(NotAllowed):
            hasten(actor=other, at=noon(missed), share=share)


def test_hastening_leaves_a_line_and_a_message_once_a_day(ground: Ground) -> None:
    share, missed = ground.signed(), date(2024, 2, 8)
    before = share.version
    assert hasten(actor=ground.clerk, at=noon(missed), share=share, text="区里周五调度。") == 1
    step, message = PlanStep.objects.get(act="hasten"), Message.objects.get(occasion="plan.hasten")
    assert (step.text, step.before, step.after) == ("请税务局尽快报送2024年1月的进展。区里周五调度。", "signed", "signed")
    assert (message.user_id, message.text) == (ground.district.people[Role.DEPARTMENT_CLERK].pk, f"“推动小进规”：{step.text}")
    with pytest.raises(TiduError, match="今天已经催过税务局"):
        hasten(actor=ground.head, at=noon(missed), share=share)
    assert hasten(actor=ground.head, at=noon(missed + timedelta(days=1)), share=share) == 1
    assert ground.share().version == before


def test_repeated_red_is_told_upwards_once_for_each_period(ground: Ground) -> None:
    ground.signed()
    ground.signed("one")
    Assignment.objects.filter(pk=ground.share("one").pk).update(ended_on=TODAY, state="closed")
    people = ground.district.people
    unit, bureau = {people[Role.DEPARTMENT_CLERK].pk}, {people[Role.BUREAU_CLERK].pk, people[Role.BUREAU_HEAD].pk, ground.second.pk}
    expected = [unit, unit | bureau, unit | bureau | {people[Role.DISTRICT_LEADER].pk}]
    for month, told in zip((2, 3, 4), expected, strict=True):
        Message.objects.all().delete()
        at = noon(date(2024, month, 20))
        assert (escalate(actor=SYSTEM, at=at), escalate(actor=SYSTEM, at=at + timedelta(days=1))) == (1, 0)
        assert {one.user_id for one in Message.objects.all()} == told
    assert Message.objects.first().text == "税务局的“推动小进规”到2024年3月已连续 3 期逾期未报。"
    for period in ("2024-01", "2024-02", "2024-03"):
        ground.report(date(2024, 4, 22), period)
    assert escalate(actor=SYSTEM, at=noon(date(2024, 4, 23))) == 0
    assert colour(ground, "2024-03", date(2024, 4, 23)) == Colour.YELLOW
    assert colour(ground, "2024-03", date(2024, 4, 21)) == Colour.RED  # as it was known then
