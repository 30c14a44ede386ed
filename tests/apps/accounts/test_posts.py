"""Posts: proposed by one, granted by another, ended with a day; administrators separate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps.people import AT, District, small_district, stranger
from tidu.apps.accounts.actors import SYSTEM, Actor
from tidu.apps.accounts.domain.posts import (
    Place,
    Wanted,
    decide_post,
    end_post,
    give_post,
    may_decide_post,
    may_end_post,
    propose_post,
    withdraw_proposal,
)
from tidu.apps.accounts.enums import ReviewState, Role
from tidu.apps.accounts.models import Post, PostProposal, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.administration.domain.dictionaries import install_dictionaries
from tidu.apps.audit.models import AuditEvent
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def district() -> District:
    install_dictionaries(actor=SYSTEM, at=AT)
    return small_district()


def proposed(district: District, user: User, role: Role = Role.DEPARTMENT_CLERK, unit: str = "tax", **days: date) -> PostProposal:
    wanted = Wanted(role, Place(unit=district.units[unit]), **days)
    return propose_post(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=user, wanted=wanted, reason="来函")


def granted(district: District, proposal: PostProposal) -> Post | None:
    return decide_post(actor=district.actor(Role.SECURITY_ADMIN), at=AT, proposal=proposal, grant=True)


def refused_with(code: str, act: object, *args: object, **named: object) -> None:
    with pytest.raises(TiduError) as caught:
        act(*args, **named)  # type: ignore[operator]
    assert caught.value.code == code


def test_a_post_takes_two_people_and_both_are_in_the_audit(district: District) -> None:
    person = stranger()
    assert actor_of(person, TODAY).roles == frozenset()
    proposal = proposed(district, person)
    assert actor_of(person, TODAY).roles == frozenset()
    granted(district, proposal)
    assert actor_of(person, TODAY).roles == {Role.DEPARTMENT_CLERK}
    acts = AuditEvent.objects.filter(subject_id=str(person.pk)).order_by("number").values_list("action", "actor_name")
    assert list(acts) == [("account.post-proposed", "系统管理员某"), ("account.post-given", "安全管理员某")]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_only_the_system_administrator_proposes(district: District, role: Role) -> None:
    wanted = Wanted(Role.DEPARTMENT_CLERK, Place(unit=district.units["tax"]))
    with pytest.raises(TiduError):
        propose_post(actor=district.actor(role), at=AT, user=stranger(), wanted=wanted, reason="来函")
    assert PostProposal.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMIN])
def test_only_the_security_administrator_grants(district: District, role: Role) -> None:
    proposal = proposed(district, stranger())
    with pytest.raises(TiduError):
        decide_post(actor=district.actor(role), at=AT, proposal=proposal, grant=True)
    assert not Post.objects.filter(user=stranger()).exists()


def test_nobody_grants_to_himself(district: District) -> None:
    security = district.people[Role.SECURITY_ADMIN]
    Post.objects.filter(user=security).update(until=TODAY + timedelta(days=1))
    proposal = proposed(district, security, since=TODAY + timedelta(days=1))
    decision = may_decide_post(district.actor(Role.SECURITY_ADMIN), proposal)
    assert (decision.allowed, decision.reason) == (False, "不能给自己授予岗位。请由另一位安全管理员复核。")


def test_who_proposed_does_not_grant_even_with_both_posts(district: District) -> None:
    system = district.people[Role.SYSTEM_ADMIN]
    proposal = proposed(district, stranger())
    both = Actor(system.pk, system.name, (*actor_of(system, TODAY).posts, *district.actor(Role.SECURITY_ADMIN).posts))
    assert may_decide_post(both, proposal).reason == "申请人不能复核自己的申请。"


def test_a_person_cannot_give_a_post_alone(district: District) -> None:
    for role in Role:
        refused_with(
            "needs-review", give_post, actor=district.actor(role), at=AT, user=stranger(), role=Role.BUREAU_CLERK,
            place=Place(unit=district.units["bureau"]),
        )  # fmt: skip


def test_a_decision_is_made_once(district: District) -> None:
    proposal = proposed(district, stranger())
    granted(district, proposal)
    refused_with("already-decided", decide_post, actor=district.actor(Role.SECURITY_ADMIN), at=AT, proposal=proposal, grant=True)
    assert Post.objects.filter(user=stranger()).count() == 1


def test_a_refusal_needs_a_reason_and_gives_nothing(district: District) -> None:
    proposal = proposed(district, stranger())
    refused_with("note-needed", decide_post, actor=district.actor(Role.SECURITY_ADMIN), at=AT, proposal=proposal, grant=False)
    decide_post(actor=district.actor(Role.SECURITY_ADMIN), at=AT, proposal=proposal, grant=False, note="单位不符")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.note, Post.objects.filter(user=stranger()).exists()) == (ReviewState.REFUSED, "单位不符", False)


def test_a_withdrawn_proposal_is_not_granted(district: District) -> None:
    proposal = proposed(district, stranger())
    withdraw_proposal(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, proposal=proposal)
    refused_with("already-decided", decide_post, actor=district.actor(Role.SECURITY_ADMIN), at=AT, proposal=proposal, grant=True)


def test_the_same_proposal_waits_once(district: District) -> None:
    proposed(district, stranger())
    refused_with("post-proposed", proposed, district, stranger())


@pytest.mark.parametrize("first", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
@pytest.mark.parametrize(
    "second", [role for role in Role if role not in {Role.FIRM_LEGAL, Role.FIRM_CLERK, Role.FIRM_FINANCE, Role.FIRM_AGENT}]
)
def test_an_administrator_holds_no_other_post(district: District, first: Role, second: Role) -> None:
    code = "post-held" if first == second else "post-not-allowed"
    refused_with(code, proposed, district, district.people[first], second, "bureau")


def test_who_speaks_for_a_firm_does_not_review_it(district: District) -> None:
    refused_with("post-not-allowed", proposed, district, district.people[Role.FIRM_FINANCE])
    wanted = Wanted(Role.FIRM_LEGAL, Place(enterprise=district.jia))
    refused_with(
        "post-not-allowed", propose_post, actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=district.people[Role.SUBDISTRICT_CLERK],
        wanted=wanted, reason="来函",
    )  # fmt: skip


def test_an_administrator_may_follow_on_another_post_that_ends_before(district: District) -> None:
    clerk = district.people[Role.BUREAU_CLERK]
    Post.objects.filter(user=clerk).update(until=TODAY + timedelta(days=10))
    refused_with("post-not-allowed", proposed, district, clerk, Role.SYSTEM_ADMIN, "bureau")
    proposal = proposed(district, clerk, Role.SYSTEM_ADMIN, "bureau", since=TODAY + timedelta(days=10))
    granted(district, proposal)
    days = [actor_of(clerk, TODAY + timedelta(days=offset)).roles for offset in (9, 10)]
    assert days == [{Role.BUREAU_CLERK}, {Role.SYSTEM_ADMIN}]


def test_rules_are_asked_again_when_a_proposal_is_granted(district: District) -> None:
    proposal = proposed(district, stranger(), Role.BUREAU_CLERK, "bureau")
    granted(district, proposed(district, stranger(), Role.AUDIT_ADMIN, "bureau"))
    refused_with("post-not-allowed", granted, district, proposal)
    proposal.refresh_from_db()
    assert (proposal.state, Post.objects.filter(user=stranger()).count()) == (ReviewState.ASKED, 1)


def test_a_post_ends_on_a_day_and_not_before(district: District) -> None:
    clerk = district.people[Role.BUREAU_CLERK]
    post = Post.objects.get(user=clerk)
    end_post(actor=district.actor(Role.SECURITY_ADMIN), at=AT, post=post, until=TODAY + timedelta(days=3), reason="moved")
    days = [actor_of(clerk, TODAY + timedelta(days=offset)).roles for offset in (2, 3)]
    assert days == [{Role.BUREAU_CLERK}, frozenset()]


@pytest.mark.parametrize(
    ("until", "reason", "code"), [(-1, "moved", "bad-until"), (0, "", "reason-needed"), (0, "nonsense", "reason-needed")]
)
def test_a_bad_end_of_a_post_is_refused(district: District, until: int, reason: str, code: str) -> None:
    post = Post.objects.get(user=district.people[Role.BUREAU_CLERK])
    day = TODAY + timedelta(days=until)
    refused_with(code, end_post, actor=district.actor(Role.SECURITY_ADMIN), at=AT, post=post, until=day, reason=reason)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_the_last_administrator_of_a_kind_stays(district: District, role: Role) -> None:
    post = Post.objects.select_related("user").get(user=district.people[role])
    assert may_end_post(district.actor(Role.SECURITY_ADMIN), post, TODAY).code == "last-administrator"
    granted(district, proposed(district, stranger(), role, "bureau"))
    assert may_end_post(district.actor(Role.SECURITY_ADMIN), post, TODAY).allowed
