"""专家评审: who may sit on a panel, conflicts, scores that stand, and the guard of 联审完成."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.apps.fulfilment.expert_ground import SCAN, SHEET, again, expert, score, scored, seat, switch_on
from tests.apps.fulfilment.ground import LAW, NOON, Ground, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tests.apps.people import stranger
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.models import AuditEvent
from tidu.apps.fulfilment.domain.applying import keep_submission
from tidu.apps.fulfilment.domain.moving import may_move, move
from tidu.apps.fulfilment.domain.panel_results import result_of, result_text, results_of
from tidu.apps.fulfilment.domain.panels import declare, end_expert, keep_expert, name_expert
from tidu.apps.fulfilment.domain.scoring import record_score, void_score
from tidu.apps.fulfilment.enums import CaseState, Declaration
from tidu.apps.fulfilment.models import Case, Expert, ExpertScore, Panel, PanelMember, Step
from tidu.apps.fulfilment.queries.panels import firm_result, panel_view
from tidu.apps.materials.domain.keeping import may_drop
from tidu.apps.materials.models import StoredFile
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return money_district()


@pytest.fixture
def case(ground: Ground, settings: Any, tmp_path: Path) -> Case:
    """A case in review whose item asks for three experts and 60 points of 100."""
    switch_on(settings, tmp_path)
    found = case_in(ground, CaseState.REVIEWING)
    keep_submission(actor=ground.firm, at=NOON, case=found, content={})
    return reread(found)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(TiduError) as caught:
        act()
    return caught.value.code


def why_not(ground: Ground, case: Case) -> str:
    return may_move(reread(case), ground.clerk, "conclude", LAW).reason


def test_the_review_waits_for_enough_scores_and_the_mark(ground: Ground, case: Case) -> None:
    assert why_not(ground, case) == "这个事项要求专家评审，还没有组成评审组。请先确定评审专家。"
    scored(ground, case, [60, 60])
    assert why_not(ground, case) == "专家评审还没有完成：已有 2 位专家评分，至少要 3 位。"
    (last,) = scored(ground, case, [59], first=3)
    assert why_not(ground, case) == "专家评审平均 59.67 分，没有达到合格分 60 分，只能不予支持或退回补正。"
    with pytest.raises(NotAllowed, match="没有达到合格分"):
        move(actor=ground.clerk, at=NOON, case=reread(case), name="conclude")
    void(ground, last)
    score(ground, last.member, 60, 0)
    assert (why_not(ground, case), move(actor=ground.clerk, at=NOON, case=reread(case), name="conclude").state) == ("", CaseState.REVIEWED)


def void(ground: Ground, given: ExpertScore, reason: str = "抄录有误") -> ExpertScore:
    found = ExpertScore.objects.select_related("member__expert", "member__panel__case__enterprise").get(pk=given.pk)
    return void_score(actor=ground.clerk, at=NOON, score=found, reason=reason)


def test_an_item_that_asks_for_none_concludes_without(ground: Ground, case: Case, settings: Any, tmp_path: Path) -> None:
    switch_on(settings, tmp_path.joinpath("off") if tmp_path.joinpath("off").mkdir() is None else tmp_path, False)
    assert why_not(ground, case) == ""
    assert refused(lambda: name_expert(actor=ground.clerk, at=NOON, case=case, expert=expert(ground, 1))) == "no-experts"


def test_a_conflict_cannot_score_stands_and_another_is_named(ground: Ground, case: Case) -> None:
    partial = seat(ground, case, 1, Declaration.CONFLICT)
    assert refused(lambda: score(ground, partial, 60, 20)) == "conflict"
    assert refused(lambda: declare(actor=ground.clerk, at=NOON, member=again(partial), declared="none", reason="")) == "conflict-stands"
    scored(ground, case, [80, 80, 80], first=2)
    assert why_not(ground, case) == ""


def test_a_declaration_comes_before_the_score_and_a_conflict_has_a_reason(ground: Ground, case: Case) -> None:
    member = name_expert(actor=ground.clerk, at=NOON, case=case, expert=expert(ground, 1))
    assert refused(lambda: score(ground, member, 60, 20)) == "not-declared"
    for declared, reason, code in (
        ("", "", "declaration-missing"),
        ("conflict", " ", "reason-missing"),
        ("conflict", "长" * 301, "reason-missing"),
    ):
        assert refused(lambda declared=declared, reason=reason: declare(actor=ground.clerk, at=NOON, member=again(member), declared=declared, reason=reason)) == code  # fmt: skip
    declare(actor=ground.clerk, at=NOON, member=again(member), declared="none", reason="")
    given = score(ground, member, 60, 20)
    late = {"declared": "conflict", "reason": "事后发现参与过该项目"}
    assert refused(lambda: declare(actor=ground.clerk, at=NOON, member=again(member), **late)) == "score-given"
    void(ground, given)
    assert declare(actor=ground.clerk, at=NOON, member=again(member), **late).declared == "conflict"


@pytest.mark.parametrize("institution", ["武汉甲精密制造有限公司", "武汉甲精密制造有限公司 研究院", "武汉甲精密制造有限公司（本部）"])
def test_nobody_of_the_firms_own_institution_sits(ground: Ground, case: Case, institution: str) -> None:
    own = expert(ground, 1, institution)
    with pytest.raises(TiduError, match="的单位是申报企业武汉甲精密制造有限公司，不能评审这个办件"):
        name_expert(actor=ground.clerk, at=NOON, case=case, expert=own)
    assert (Panel.objects.count(), PanelMember.objects.count()) == (0, 0)


def test_nor_a_member_of_the_firm_and_who_became_one_scores_no_more(ground: Ground, case: Case) -> None:
    member = seat(ground, case, 1)
    user = ground.second
    user.name = "评审人1"
    user.save()
    Post.objects.create(user=user, role=Role.FIRM_FINANCE, enterprise=case.enterprise)
    assert refused(lambda: score(ground, member, 60, 20)) == "expert-own"
    other = keep_expert(actor=ground.clerk, at=NOON, name=user.name, institution="另一大学", field="材料")
    with pytest.raises(TiduError, match="评审人1与武汉甲精密制造有限公司的成员同名"):
        name_expert(actor=ground.clerk, at=NOON, case=reread(case), expert=other)


def test_an_expert_sits_once_and_not_when_ended(ground: Ground, case: Case) -> None:
    one, two = expert(ground, 1), expert(ground, 2)
    name_expert(actor=ground.clerk, at=NOON, case=case, expert=one)
    assert refused(lambda: name_expert(actor=ground.clerk, at=NOON, case=reread(case), expert=one)) == "expert-named"
    assert refused(lambda: expert(ground, 2)) == "expert-there"
    two = end_expert(actor=ground.clerk, at=NOON, expert=two, reason="退休")
    assert refused(lambda: name_expert(actor=ground.clerk, at=NOON, case=reread(case), expert=two)) == "expert-ended"
    assert refused(lambda: end_expert(actor=ground.clerk, at=NOON, expert=two, reason="退休")) == "expert-ended"


@pytest.mark.parametrize("points", [(61, 0), (0, 41), (-1, 0), (60,), (True, 1), (60, 40, 0)])
def test_points_beyond_the_sheet_are_refused(ground: Ground, case: Case, points: tuple[int, ...]) -> None:
    member = seat(ground, case, 1)
    assert (refused(lambda: score(ground, member, *points)), ExpertScore.objects.count()) == ("points-beyond", 0)


def test_a_score_needs_its_scan_and_stands(ground: Ground, case: Case) -> None:
    member = seat(ground, case, 1)
    assert refused(lambda: record_score(actor=ground.clerk, at=NOON, member=again(member), points=[60, 20], scan=None)) == "scan-missing"
    given = score(ground, member, 60, 20)
    assert refused(lambda: score(ground, member, 60, 40)) == "score-given"
    assert refused(lambda: void(ground, given, " ")) == "reason-missing"
    void(ground, given)
    assert refused(lambda: void(ground, given)) == "score-void"
    told = [(one.action, one.detail.get("points"), one.detail.get("reason")) for one in AuditEvent.objects.filter(action__in=("panel.scored", "panel.voided")).order_by("pk")]  # fmt: skip
    assert told == [("panel.scored", 80, None), ("panel.voided", 80, "抄录有误")]
    assert "评审人" not in "".join(Step.objects.filter(act="panel").values_list("text", flat=True))


def test_the_scan_is_the_bureaus_and_may_not_be_dropped(ground: Ground, case: Case) -> None:
    given = score(ground, seat(ground, case, 1), 60, 20)
    assert (given.file.unit, given.file.enterprise) == (ground.district.units["bureau"], None)
    assert not StoredFile.objects.visible_to(ground.firm).filter(pk=given.file_id).exists()
    assert may_drop(ground.clerk, given.file).reason == "“评分表.png”是办件 SL2024-000009 的专家评分表，不能删除。"


def test_a_correction_leaves_the_scores_to_the_version_they_were_of(ground: Ground, case: Case) -> None:
    scored(ground, case, [80, 80, 80])
    Case.objects.filter(pk=case.pk).update(submission=2)
    keep_submission(actor=ground.firm, at=NOON, case=reread(case), content={})
    Case.objects.filter(pk=case.pk).update(submission=2)
    assert why_not(ground, case) == "专家评审还没有完成：已有 0 位专家评分，至少要 3 位。"
    view = panel_view(ground.clerk, reread(case))
    assert view is not None
    assert [(one.score, len(one.old)) for one in view.seats] == [(None, 1)] * 3
    score(ground, PanelMember.objects.get(number=1), 60, 10)
    assert [one.total for one in ExpertScore.objects.standing()] == [70]


def test_the_sheet_is_frozen_with_the_panel(ground: Ground, case: Case, settings: Any, tmp_path: Path) -> None:
    scored(ground, case, [80, 80, 80])
    later = tmp_path / "later"
    later.mkdir()
    switch_on(settings, later, {**SHEET, "least": 7})
    assert why_not(ground, case) == ""


def test_who_acts_on_an_older_version_is_told(ground: Ground, case: Case) -> None:
    given = scored(ground, case, [80, 80, 80])
    seen = reread(case)
    void(ground, given[0])
    with pytest.raises(NotAllowed):
        move(actor=ground.clerk, at=NOON, case=seen, name="conclude")
    stale = again(given[0].member)
    score(ground, given[0].member, 60, 0)
    assert refused(lambda: void_score(actor=ground.clerk, at=NOON, score=_through(given[1], stale), reason="重复")) == "case-changed"


def _through(given: ExpertScore, stale: PanelMember) -> ExpertScore:
    """A score whose case was read before another act on it."""
    found = ExpertScore.objects.select_related("member__expert", "member__panel__case__enterprise").get(pk=given.pk)
    found.member.panel.case.version = stale.panel.case.version
    return found


def test_nobody_but_the_bureau_handles_a_panel_and_reads_names(ground: Ground, case: Case) -> None:
    one = expert(ground, 1)
    member = seat(ground, case, 2)
    given = score(ground, seat(ground, case, 3), 60, 20)
    given = ExpertScore.objects.select_related("member__expert", "member__panel__case__enterprise").get(pk=given.pk)
    nobody = actor_of(stranger(), LAW)
    for actor in (nobody, ground.firm, ground.department("tax"), ground.actor(Role.AUDITOR), ground.actor(Role.DISTRICT_LEADER)):
        acts = (
            lambda actor=actor: keep_expert(actor=actor, at=NOON, name="某", institution="某", field="某"),
            lambda actor=actor: end_expert(actor=actor, at=NOON, expert=one, reason="某"),
            lambda actor=actor: name_expert(actor=actor, at=NOON, case=reread(case), expert=one),
            lambda actor=actor: declare(actor=actor, at=NOON, member=again(member), declared="none", reason=""),
            lambda actor=actor: record_score(actor=actor, at=NOON, member=again(member), points=[1, 1], scan=SCAN),
            lambda actor=actor: void_score(actor=actor, at=NOON, score=given, reason="某"),
        )
        for act in acts:
            with pytest.raises(NotAllowed):
                act()
    sees = {
        actor.name: (Expert.objects.visible_to(actor).count(), PanelMember.objects.visible_to(actor).count(), ExpertScore.objects.visible_to(actor).count())
        for actor in (nobody, ground.firm, ground.actor(Role.DISTRICT_LEADER), ground.department("tax"), ground.clerk, ground.actor(Role.AUDITOR))
    }  # fmt: skip
    assert list(sees.values()) == [(0, 0, 0)] * 4 + [(3, 2, 1)] * 2


def test_leaders_read_seats_the_bureau_names_the_firm_nothing_before_the_decision(ground: Ground, case: Case) -> None:
    scored(ground, case, [80, 81, 80])
    told = {}
    for role in (Role.BUREAU_CLERK, Role.AUDITOR, Role.DISTRICT_LEADER):
        view = panel_view(ground.actor(role), reread(case))
        assert view is not None
        told[role] = [one.who for one in view.seats]
    names, seats = ["评审人1", "评审人2", "评审人3"], ["专家一", "专家二", "专家三"]
    assert told == {Role.BUREAU_CLERK: names, Role.AUDITOR: names, Role.DISTRICT_LEADER: seats}
    assert firm_result(reread(case)) is None
    Case.objects.filter(pk=case.pk).update(state=CaseState.REFUSED)
    found = firm_result(reread(case))
    assert found is not None
    assert (found.result.shown, found.seats) == ("80.33 分", (("专家一", 80), ("专家二", 81), ("专家三", 80)))


def test_the_meeting_reads_the_mean_and_no_names(ground: Ground, case: Case) -> None:
    scored(ground, case, [80, 81])
    assert result_text(*results_of([case.pk])[case.pk]) == "专家评审：未知，已有 2 位评分，至少要 3 位"
    scored(ground, case, [80], first=3)
    assert result_text(*results_of([case.pk])[case.pk]) == "专家评审：平均 80.33 分（专家一 80 分、专家二 81 分、专家三 80 分）"
    scored(ground, case, [0, 100], first=4)
    found = result_of(case)
    assert found is not None
    assert (found.shown, found.how) == (
        "80.33 分",
        "5 位专家评分，去掉一个最高分和一个最低分后取平均，准确值 241/3，四舍五入到两位小数；满分 100 分。",
    )


def test_outside_the_review_nothing_is_handled(ground: Ground, case: Case) -> None:
    member = seat(ground, case, 1)
    Case.objects.filter(pk=case.pk).update(state=CaseState.REVIEWED)
    assert refused(lambda: score(ground, member, 60, 0)) == "wrong-state"
    assert refused(lambda: name_expert(actor=ground.clerk, at=NOON, case=reread(case), expert=expert(ground, 2))) == "wrong-state"
