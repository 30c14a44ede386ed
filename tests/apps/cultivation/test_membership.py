"""Every transition of a pool: who may, from which state, with what reason; two who press at once; the audit."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.cultivation.domain.membership import TRANSITIONS, Act, act_on_many, act_on_membership, may
from tidu.apps.cultivation.enums import LIVE, MemberState, Stage
from tidu.apps.cultivation.models import Finding, Membership, MembershipStep
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
POOL = "zjtx"
STATES = ("", *MemberState.values)


@dataclass
class Case:
    district: District

    def finding(self, entry: str = "met") -> Finding:
        found, _ = Finding.objects.update_or_create(
            enterprise=self.district.jia, pool=POOL, defaults={"entry": entry, "exit": "unmet", "stage": Stage.CULTIVATE}
        )
        return found

    def row(self, state: str) -> Membership | None:
        if not state:
            return None
        return Membership.objects.create(enterprise=self.district.jia, pool=POOL, state=state, by_name="某人", at=AT, entered_on=AT.date())

    def act(self, key: str, role: Role, version: int = 1, reason: str = "走访核实") -> Membership:
        guide = self.district.people[Role.SUBDISTRICT_CLERK] if key == "guide" else None
        act = Act(key, version, reason, Stage.LIFT, guide)
        return act_on_membership(actor=self.district.actor(role), at=AT, enterprise=self.district.jia, pool=POOL, act=act)


@pytest.fixture
def case() -> Case:
    return Case(small_district())


@pytest.mark.parametrize("key", TRANSITIONS)
def test_a_transition_is_open_to_its_roles_from_its_states_and_to_nobody_else(case: Case, key: str) -> None:
    finding, wanted = case.finding(), TRANSITIONS[key]
    pairs = [(role, state) for role in Role for state in STATES]
    found = {(role, state) for role, state in pairs if may(case.district.actor(role), key, state, finding)}
    assert found == {(role, state) for role, state in pairs if role in wanted.roles and state in wanted.sources}


@pytest.mark.parametrize(("key", "state"), [(key, state) for key, one in TRANSITIONS.items() for state in one.sources])
def test_a_transition_changes_the_row_leaves_a_step_and_an_event(case: Case, key: str, state: str) -> None:
    case.finding()
    before = case.row(state)
    row = case.act(key, Role.BUREAU_CLERK, before.version if before else 0)
    wanted = TRANSITIONS[key]
    step, event = MembershipStep.objects.get(), AuditEvent.objects.get(action=f"pool.{key}")
    assert (row.state, row.version) == (wanted.target or state, 2 if before else 1)
    assert (step.action, step.before, step.after, step.by_name) == (wanted.name, state, row.state, "牵头局经办某")
    assert (event.detail["before"], event.detail["after"], event.subject_name) == (
        state,
        row.state,
        "武汉甲精密制造有限公司 · 专精特新培育库",
    )
    assert verify_chain() == (1, [])


@pytest.mark.parametrize(
    ("key", "state"), [(key, state) for key, one in TRANSITIONS.items() for state in ("", *LIVE) if state not in one.sources]
)
def test_a_forbidden_state_changes_nothing(case: Case, key: str, state: str) -> None:
    case.finding()
    before = case.row(state)
    with pytest.raises(NotAllowed) as refused:
        case.act(key, Role.BUREAU_HEAD, before.version if before else 0)
    assert refused.value.code == "wrong-state"
    assert (MembershipStep.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", TRANSITIONS)
@pytest.mark.parametrize("role", [Role.DISTRICT_LEADER, Role.AUDITOR, Role.DEPARTMENT_CLERK, Role.SYSTEM_ADMIN])
def test_a_forbidden_role_changes_nothing(case: Case, key: str, role: Role) -> None:
    case.finding()
    state = TRANSITIONS[key].sources[0]
    before = case.row(state)
    with pytest.raises(NotAllowed):
        case.act(key, role, before.version if before else 0)
    assert (MembershipStep.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_the_second_of_two_reads_who_was_first(case: Case) -> None:
    case.finding()
    case.act("enter", Role.BUREAU_CLERK, 0)
    with pytest.raises(TiduError) as refused:
        case.act("refuse", Role.BUREAU_HEAD, 0)
    assert (refused.value.code, refused.value.message) == ("stale", "牵头局经办某已于 2024-06-01 10:00 办理，现在是“在库”。请刷新后再看。")
    assert (Membership.objects.get().state, AuditEvent.objects.count()) == (MemberState.MEMBER, 1)


def test_an_old_version_changes_nothing(case: Case) -> None:
    case.finding()
    case.row(MemberState.MEMBER)
    case.act("stage", Role.BUREAU_CLERK, 1)
    with pytest.raises(TiduError) as refused:
        case.act("leave", Role.BUREAU_HEAD, 1)
    assert (refused.value.code, Membership.objects.get().state) == ("stale", MemberState.MEMBER)


@pytest.mark.parametrize("key", [key for key, one in TRANSITIONS.items() if one.reason])
def test_where_a_reason_is_wanted_a_blank_is_none(case: Case, key: str) -> None:
    case.finding()
    before = case.row(TRANSITIONS[key].sources[0])
    with pytest.raises(NotAllowed) as refused:
        case.act(key, Role.BUREAU_CLERK, before.version if before else 0, "  ")
    assert refused.value.code == "reason-missing"


@pytest.mark.parametrize("entry", ["unmet", "unknown", "manual", None])
def test_who_does_not_meet_the_rule_enters_only_by_the_head_and_with_a_reason(case: Case, entry: str | None) -> None:
    if entry:
        case.finding(entry)
    for role, reason, code in ((Role.BUREAU_CLERK, "走访", "entry-not-met"), (Role.BUREAU_HEAD, "", "reason-missing")):
        with pytest.raises(NotAllowed) as refused:
            case.act("enter", role, 0, reason)
        assert refused.value.code == code
    assert case.act("enter", Role.BUREAU_HEAD, 0, "区重点项目").state == MemberState.MEMBER


def test_a_subdistrict_proposes_own_firms_and_a_strangers_firm_is_not_there(case: Case) -> None:
    case.finding()
    assert case.act("propose", Role.SUBDISTRICT_CLERK, 0).state == MemberState.PROPOSED
    clerk = case.district.actor(Role.SUBDISTRICT_CLERK)
    with pytest.raises(NotAllowed) as refused:
        act_on_membership(actor=clerk, at=AT, enterprise=case.district.yi, pool=POOL, act=Act("propose"))
    assert refused.value.code == "out-of-scope"


def test_entering_takes_the_stage_of_the_rules_and_the_day(case: Case) -> None:
    case.finding()
    row = case.act("enter", Role.BUREAU_CLERK, 0)
    assert (row.stage, row.entered_on) == (Stage.CULTIVATE, AT.date())


def test_a_subdistrict_assigns_guides_of_its_own_only(case: Case) -> None:
    case.finding()
    case.row(MemberState.MEMBER)
    act = Act("guide", 1, guide=case.district.people[Role.BUREAU_CLERK])
    clerk = case.district.actor(Role.SUBDISTRICT_CLERK)
    with pytest.raises(NotAllowed) as refused:
        act_on_membership(actor=clerk, at=AT, enterprise=case.district.jia, pool=POOL, act=act)
    assert refused.value.code == "guide-out-of-scope"
    assert case.act("guide", Role.SUBDISTRICT_CLERK).guide == case.district.people[Role.SUBDISTRICT_CLERK]


def test_who_left_may_come_back_in_a_row_of_its_own(case: Case) -> None:
    case.finding()
    case.row(MemberState.MEMBER)
    case.act("leave", Role.BUREAU_CLERK)
    case.act("enter", Role.BUREAU_CLERK, 0)
    assert sorted(Membership.objects.values_list("state", flat=True)) == [MemberState.LEFT, MemberState.MEMBER]


def test_of_many_the_refused_do_not_stop_the_others(case: Case) -> None:
    for firm in (case.district.jia, case.district.yi):
        Finding.objects.create(enterprise=firm, pool=POOL, entry="met", exit="unmet", stage=Stage.RESERVE)
    clerk = case.district.actor(Role.SUBDISTRICT_CLERK)
    rows = [(case.district.yi, 0), (case.district.jia, 0), (case.district.jia, 0)]
    found = act_on_many(actor=clerk, at=AT, pool=POOL, rows=rows, act=Act("propose"))
    assert [one.done for one in found] == [False, True, False]
    assert "不在您的管辖范围内" in found[0].sentence
    assert "街道经办某已于" in found[2].sentence


def test_an_unknown_stage_or_pool_is_said(case: Case) -> None:
    case.row(MemberState.MEMBER)
    actor = case.district.actor(Role.BUREAU_CLERK)
    for pool, act, code in ((POOL, Act("stage", 1, stage="top"), "no-such-stage"), ("nowhere", Act("enter"), "no-such-pool")):
        with pytest.raises(TiduError) as refused:
            act_on_membership(actor=actor, at=AT, enterprise=case.district.jia, pool=pool, act=act)
        assert refused.value.code == code
