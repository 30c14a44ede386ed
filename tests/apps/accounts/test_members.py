"""The people of a firm: who gives and ends posts, to whom, until when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.apps import cases
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.decisions import NotAllowed
from tidu.apps.accounts.domain.members import end_member, grant_member, may_end, members
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.audit.models import AuditEvent
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def district() -> District:
    made = small_district()
    user = User(username="xinren", name="新人")
    user.set_unusable_password()
    user.save()
    return made


def grant(
    district: District, *, username: str = "xinren", role: Role = Role.FIRM_CLERK, until: date | None = None, by: Role = Role.FIRM_LEGAL
) -> Post:
    return grant_member(
        actor=district.actor(by), at=AT, today=TODAY, enterprise=district.jia, username=username, role=role, until=until
    )  # fmt: skip


def test_the_legal_representative_gives_a_post_from_today_on(district: District) -> None:
    post = grant(district)
    assert (post.role, post.since, actor_of(post.user, TODAY).firms) == (Role.FIRM_CLERK, TODAY, frozenset({district.jia.pk}))
    assert AuditEvent.objects.get(action="account.member-granted").detail["firm"] == district.jia.code


@pytest.mark.parametrize("role", [Role.FIRM_CLERK, Role.FIRM_FINANCE, Role.FIRM_AGENT, Role.BUREAU_CLERK, Role.SECURITY_ADMIN])
def test_nobody_else_gives_posts_in_a_firm(district: District, role: Role) -> None:
    with pytest.raises(NotAllowed, match="由本企业的法定代表人"):
        grant(district, by=role)


def test_the_legal_representative_of_another_firm_is_a_stranger(district: District) -> None:
    stranger = cases.member(district, Role.FIRM_LEGAL, district.yi)
    with pytest.raises(NotAllowed):
        grant_member(actor=stranger, at=AT, today=TODAY, enterprise=district.jia, username="xinren", role=Role.FIRM_CLERK, until=None)
    assert may_end(Post.objects.get(role=Role.FIRM_CLERK), stranger).allowed is False


@pytest.mark.parametrize(
    ("role", "until", "code"),
    [
        (Role.FIRM_AGENT, None, "until-needed"),
        (Role.FIRM_AGENT, TODAY, "until-wrong"),
        (Role.FIRM_AGENT, TODAY + timedelta(days=367), "until-wrong"),
        (Role.FIRM_LEGAL, None, "role-not-granted"),
        (Role.BUREAU_CLERK, None, "role-not-granted"),
    ],
)
def test_what_cannot_be_given_is_said(district: District, role: Role, until: date | None, code: str) -> None:
    with pytest.raises(TiduError) as error:
        grant(district, role=role, until=until)
    assert (error.value.code, Post.objects.filter(user__username="xinren").count()) == (code, 0)


def test_an_official_and_an_unknown_name_get_the_same_answer(district: District) -> None:
    answers = []
    for username in ("niemand", Role.BUREAU_CLERK.value):
        with pytest.raises(TiduError) as error:
            grant(district, username=username)
        answers.append((error.value.code, error.value.message))
    assert answers[0] == answers[1]


def test_an_agent_is_out_on_the_day_of_the_end(district: District) -> None:
    until = TODAY + timedelta(days=30)
    post = grant(district, role=Role.FIRM_AGENT, until=until)
    assert (actor_of(post.user, until - timedelta(days=1)).firms, actor_of(post.user, until).firms) == (
        frozenset({district.jia.pk}),
        frozenset(),
    )


def test_a_post_is_given_once(district: District) -> None:
    grant(district)
    with pytest.raises(TiduError, match="已经是本企业的企业经办"):
        grant(district)


def test_a_post_that_was_ended_opens_nothing_more(district: District) -> None:
    legal, post = district.actor(Role.FIRM_LEGAL), Post.objects.get(role=Role.FIRM_CLERK)
    end_member(actor=legal, at=AT, today=TODAY, post=post)
    assert (actor_of(post.user, TODAY).firms, post in members(district.jia, TODAY)) == (frozenset(), False)
    end_member(actor=legal, at=AT, today=TODAY, post=post)
    assert AuditEvent.objects.filter(action="account.member-ended").count() == 1


def test_a_post_given_and_ended_on_one_day_leaves_only_its_events(district: District) -> None:
    post = grant(district)
    end_member(actor=district.actor(Role.FIRM_LEGAL), at=AT, today=TODAY, post=post)
    acts = list(AuditEvent.objects.order_by("number").values_list("action", flat=True))
    assert (Post.objects.filter(user__username="xinren").exists(), acts) == (False, ["account.member-granted", "account.member-ended"])


def test_the_post_of_the_legal_representative_is_not_ended_here(district: District) -> None:
    post = Post.objects.get(role=Role.FIRM_LEGAL)
    assert may_end(post, district.actor(Role.FIRM_LEGAL)).reason == "法定代表人的变更请到牵头局办理。"
