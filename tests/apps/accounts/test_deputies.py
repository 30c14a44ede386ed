"""AB角: who may stand in for whom, from when to when; the cases come along, rights do not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps.fulfilment.ground import LAW, NOON, Ground, money_district, reread
from tests.apps.fulfilment.test_transitions import case_in
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.domain.deputies import absent_colleagues, candidates, end_deputy, name_deputy, signing
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Deputy, Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.models import AuditEvent
from tidu.apps.fulfilment.domain.applying import keep_submission
from tidu.apps.fulfilment.domain.reviewing import resume
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Step
from tidu.apps.fulfilment.queries.cases import MINE, CaseFilter, found_cases
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
WEEK = LAW + timedelta(days=6)


@pytest.fixture
def ground() -> Ground:
    return money_district()


def colleague(ground: Ground, name: str = "经办乙", unit: str = "bureau", role: Role = Role.BUREAU_CLERK) -> User:
    user = User.objects.create(username=name, name=name)
    Post.objects.create(user=user, role=role, unit=ground.district.units[unit])
    return user


def named(ground: Ground, deputy: User, actor: Actor | None = None, since: date = LAW, last: date = WEEK) -> Deputy:
    return name_deputy(actor=actor or ground.clerk, at=NOON, deputy=deputy, since=since, last=last, reason="出差")


def stood_in_for(deputy: User, day: date) -> list[int]:
    return [row["absent"] for row in absent_colleagues(actor_of(deputy, day), day)]


def refused_with(code: str, act: object, *args: object, **more: object) -> None:
    with pytest.raises(TiduError) as caught:
        act(*args, **more)  # type: ignore[operator]
    assert caught.value.code == code


def test_only_colleagues_of_the_same_unit_who_may_do_as_much(ground: Ground) -> None:
    same = colleague(ground)
    elsewhere = colleague(ground, "税务乙", "tax", Role.DEPARTMENT_CLERK)
    heads = {ground.district.people[Role.BUREAU_HEAD], ground.second}
    assert set(candidates(ground.clerk, LAW)) == {same, *heads}
    assert candidates(ground.head, LAW) == [ground.second]
    assert candidates(ground.department("tax"), LAW) == [elsewhere]
    assert candidates(ground.actor(Role.AUDITOR), LAW) == []
    refused_with("deputy-not-able", named, ground, same, ground.head)
    with pytest.raises(NotAllowed):
        named(ground, same, ground.firm)


def test_it_holds_from_the_first_day_to_the_last_and_is_in_the_audit(ground: Ground) -> None:
    deputy = colleague(ground)
    named(ground, deputy, since=LAW + timedelta(days=1))
    absent = ground.district.people[Role.BUREAU_CLERK].pk
    days = [LAW, LAW + timedelta(days=1), WEEK, WEEK + timedelta(days=1)]
    assert [stood_in_for(deputy, day) for day in days] == [[], [absent], [absent], []]
    assert AuditEvent.objects.get(action="deputy.named").detail["deputy"] == "经办乙"


def test_no_right_comes_of_it(ground: Ground) -> None:
    deputy = ground.district.people[Role.BUREAU_HEAD]
    before = actor_of(deputy, LAW)
    named(ground, deputy)
    after = actor_of(deputy, LAW)
    assert after == before


def test_the_cases_of_the_absent_one_come_along_and_acts_say_so(ground: Ground) -> None:
    deputy, absent = colleague(ground), ground.district.people[Role.BUREAU_CLERK]
    case = case_in(ground, CaseState.RETURNED)
    keep_submission(actor=ground.firm, at=NOON, case=case, content={})
    Case.objects.filter(pk=case.pk).update(handler=absent)
    assert found_cases(actor_of(deputy, LAW), LAW, CaseFilter(group=MINE)).count() == 0
    named(ground, deputy)
    standing_in = actor_of(deputy, LAW)
    assert list(found_cases(standing_in, LAW, CaseFilter(group=MINE))) == [case]
    resume(actor=standing_in, at=NOON, case=reread(case))
    step = Step.objects.get(act="resume")
    assert (step.actor_name, step.actor_id_number) == ("经办乙（代 牵头局经办某）", deputy.pk)
    assert AuditEvent.objects.get(action="case.resume").actor_name == "经办乙（代 牵头局经办某）"
    assert reread(case).handler == absent


def test_what_is_not_the_absent_ones_is_signed_with_the_own_name(ground: Ground) -> None:
    deputy = colleague(ground)
    named(ground, deputy)
    standing_in = actor_of(deputy, LAW)
    assert [signing(standing_in, handler, LAW).name for handler in (None, deputy.pk, ground.second.pk)] == ["经办乙"] * 3


def test_days_reasons_and_overlaps_are_checked(ground: Ground) -> None:
    first, second = colleague(ground), colleague(ground, "经办丙")
    for since, last in ((LAW - timedelta(days=1), WEEK), (WEEK, LAW), (LAW, LAW + timedelta(days=92))):
        refused_with("bad-days", named, ground, first, since=since, last=last)
    refused_with("reason-missing", name_deputy, actor=ground.clerk, at=NOON, deputy=first, since=LAW, last=WEEK, reason=" ")
    named(ground, first)
    refused_with("deputy-overlaps", named, ground, second, since=WEEK, last=WEEK)
    refused_with("deputy-away", named, ground, ground.district.people[Role.BUREAU_CLERK], actor_of(second, LAW))
    named(ground, second, since=WEEK + timedelta(days=1), last=WEEK + timedelta(days=2))


def test_only_the_absent_one_ends_it_early_and_only_once(ground: Ground) -> None:
    deputy = colleague(ground)
    made = named(ground, deputy)
    for actor in (actor_of(deputy, LAW), ground.head):
        with pytest.raises(NotAllowed):
            end_deputy(actor=actor, at=NOON, deputy=made)
    end_deputy(actor=ground.clerk, at=NOON, deputy=made)
    assert stood_in_for(deputy, LAW) == []
    refused_with("already-ended", end_deputy, actor=ground.clerk, at=NOON, deputy=made)


def test_strangers_see_nothing_of_it(ground: Ground) -> None:
    made = named(ground, colleague(ground))
    seen = {role: made in Deputy.objects.visible_to(ground.actor(role)) for role in (Role.BUREAU_CLERK, Role.AUDITOR, Role.BUREAU_HEAD)}
    assert seen == {Role.BUREAU_CLERK: True, Role.AUDITOR: True, Role.BUREAU_HEAD: False}
