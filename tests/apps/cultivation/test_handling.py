"""Every transition of a warning: who may, from which state, whose it is, the second look, the audit."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.cultivation.domain.handling import HANDLERS, TRANSITIONS, claim_many, handle_warning, may
from tidu.apps.cultivation.enums import WarningState
from tidu.apps.cultivation.models import FirmWarning, WarningStep
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@dataclass
class Case:
    district: District

    def warning(self, state: str = WarningState.OPEN, rule: str = "expiry", owner: Role | None = Role.SUBDISTRICT_CLERK) -> FirmWarning:
        person = self.district.people[owner] if owner and state != WarningState.OPEN else None
        asked = person if state == WarningState.CLOSING else None
        return FirmWarning.objects.create(
            enterprise=self.district.jia, rule=rule, period=f"{rule}{state}{owner}", state=state, evidence=[], raised_on=AT.date(), at=AT,
            owner=person, owner_name=person.name if person else "", asked_by=asked,
        )  # fmt: skip

    def handle(self, warning: FirmWarning, key: str, role: Role, words: str = "已核实") -> FirmWarning:
        return handle_warning(actor=self.district.actor(role), at=AT, warning=warning, key=key, version=warning.version, words=words)


@pytest.fixture
def case() -> Case:
    return Case(small_district())


@pytest.mark.parametrize("key", TRANSITIONS)
def test_a_transition_is_open_to_its_roles_from_its_states_to_its_owner(case: Case, key: str) -> None:
    wanted, found, expected = TRANSITIONS[key], set(), set()
    for owner in HANDLERS:
        for state in WarningState:
            warning = case.warning(state, owner=owner)
            for role in Role:
                mine = warning.owner_id == case.district.people[role].pk
                second = key not in {"approve", "return"} or warning.asked_by_id != case.district.people[role].pk
                if may(case.district.actor(role), key, warning):
                    found.add((owner, state, role))
                if role in wanted.roles and state in wanted.sources and (mine or not wanted.own) and second:
                    expected.add((owner, state, role))
    assert found == expected


@pytest.mark.parametrize(("key", "state"), [(key, state) for key, one in TRANSITIONS.items() for state in one.sources])
def test_a_transition_changes_the_row_leaves_a_step_and_an_event(case: Case, key: str, state: str) -> None:
    warning = case.warning(state)
    role = Role.BUREAU_HEAD if key in {"approve", "return"} else Role.SUBDISTRICT_CLERK
    done = case.handle(warning, key, role)
    step, event = WarningStep.objects.get(), AuditEvent.objects.get(action=f"warning.{key}")
    assert (done.state, done.version) == (TRANSITIONS[key].target, 2)
    assert (step.before, step.after, step.note) == (state, done.state, "已核实")
    assert (event.detail["before"], event.detail["after"], event.detail["rule"]) == (state, done.state, "expiry")
    assert verify_chain() == (1, [])


@pytest.mark.parametrize("key", TRANSITIONS)
def test_a_forbidden_state_changes_nothing(case: Case, key: str) -> None:
    for state in WarningState:
        if state in TRANSITIONS[key].sources:
            continue
        with pytest.raises(NotAllowed) as refused:
            case.handle(case.warning(state, owner=Role.BUREAU_HEAD), key, Role.BUREAU_HEAD)
        assert refused.value.code == "wrong-state"
    assert (WarningStep.objects.count(), AuditEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("key", [key for key, one in TRANSITIONS.items() if one.own])
def test_who_did_not_claim_it_reads_whose_it_is(case: Case, key: str) -> None:
    warning = case.warning(TRANSITIONS[key].sources[0])
    with pytest.raises(NotAllowed) as refused:
        case.handle(warning, key, Role.BUREAU_CLERK)
    assert (refused.value.code, refused.value.message) == ("not-the-owner", "由认领人街道经办某办理。")


@pytest.mark.parametrize("key", [key for key, one in TRANSITIONS.items() if one.words])
def test_where_words_are_wanted_a_blank_is_none(case: Case, key: str) -> None:
    warning = case.warning(TRANSITIONS[key].sources[0])
    role = Role.BUREAU_HEAD if key == "return" else Role.SUBDISTRICT_CLERK
    with pytest.raises(NotAllowed) as refused:
        case.handle(warning, key, role, " ")
    assert refused.value.code == "words-missing"


def test_the_second_of_two_reads_who_was_first(case: Case) -> None:
    warning = case.warning()
    case.handle(warning, "claim", Role.BUREAU_CLERK)
    with pytest.raises(TiduError) as refused:
        case.handle(warning, "claim", Role.SUBDISTRICT_CLERK)
    assert (refused.value.code, refused.value.message) == (
        "stale",
        "牵头局经办某已于 2024-06-01 10:00 办理，现在是“核实中”。请刷新后再看。",
    )


def second_head(case: Case) -> Actor:
    user = User(username="other-head", name="另一负责人")
    user.set_unusable_password()
    user.save()
    Post.objects.create(user=user, role=Role.BUREAU_HEAD, unit=case.district.units["bureau"])
    return actor_of(user, AT.date())


def test_a_rule_with_a_second_look_is_closed_by_another_head_than_who_asked(case: Case) -> None:
    warning = case.warning(WarningState.CONFIRMED, rule="fall", owner=Role.BUREAU_HEAD)
    asked = case.handle(warning, "close", Role.BUREAU_HEAD, "产值已恢复")
    assert (asked.state, asked.closing) == (WarningState.CLOSING, "产值已恢复")
    with pytest.raises(NotAllowed) as refused:
        case.handle(asked, "approve", Role.BUREAU_HEAD)
    assert refused.value.code == "second-person"
    closed = handle_warning(actor=second_head(case), at=AT, warning=asked, key="approve", version=asked.version)
    assert (closed.state, list(WarningStep.objects.values_list("action", flat=True))) == (WarningState.CLOSED, ["提请销号", "同意销号"])


def test_a_rule_without_a_second_look_is_closed_at_once(case: Case) -> None:
    warning = case.warning(WarningState.UNFOUNDED)
    assert case.handle(warning, "close", Role.SUBDISTRICT_CLERK).state == WarningState.CLOSED


def test_a_strangers_warning_is_not_there(case: Case) -> None:
    stranger = FirmWarning.objects.create(enterprise=case.district.yi, rule="fall", period="2024", evidence=[], raised_on=AT.date(), at=AT)
    with pytest.raises(NotAllowed) as refused:
        case.handle(stranger, "claim", Role.SUBDISTRICT_CLERK)
    assert refused.value.code == "out-of-scope"


def test_of_many_the_refused_do_not_stop_the_others(case: Case) -> None:
    first, taken = case.warning(), case.warning(WarningState.CLAIMED)
    found = claim_many(actor=case.district.actor(Role.BUREAU_CLERK), at=AT, rows=[(taken, 1), (first, 1)])
    assert [(one.done, one.sentence) for one in found] == [
        (False, "这条预警现在是“核实中”，不能“认领”。"), (True, "已认领"),
    ]  # fmt: skip
