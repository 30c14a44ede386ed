"""Passwords: rules of the login policy, history, age, and a reset that takes two people."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.apps.people import AT, PASSWORD, District, small_district, stranger
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.accounts import open_account, switch_off, switch_on
from tidu.apps.accounts.domain.passwords import (
    ask_reset,
    change_password,
    check_new_password,
    decide_reset,
    expire_password,
    is_due,
    reset_powerless,
)
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import PasswordReset, SessionRecord, User
from tidu.apps.accounts.passwords import first_password
from tidu.apps.accounts.queries import actor_of
from tidu.apps.administration.domain.dictionaries import install_dictionaries
from tidu.apps.administration.domain.parameters import set_parameter
from tidu.apps.audit.models import AuditEvent
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    install_dictionaries(actor=SYSTEM, at=AT)
    return small_district()


def policy(district: District, key: str, value: int) -> None:
    set_parameter(actor=district.actor(Role.SECURITY_ADMIN), at=AT, key=key, given=[str(value)], version=0)


def opened() -> User:
    return open_account(actor=SYSTEM, at=AT, username="zhang", name="张某", password=PASSWORD, must_change=False)


def changed(user: User, old: str, new: str) -> None:
    change_password(actor=actor_of(user, AT.date()), at=AT, user=user, old=old, new=new)


def refusal(act: object) -> str:
    with pytest.raises(TiduError) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize("length", [8, 10, 20, 32])
def test_a_first_password_keeps_every_rule_that_can_be_set(district: District, length: int) -> None:
    if length != 10:
        policy(district, "login.password-length", length)
    policy(district, "login.password-kinds", 4)
    made = {first_password() for _ in range(20)}
    for one in made:
        check_new_password(one, User(username="zhang", name="张某"))
    assert (len(made), min(len(one) for one in made) >= length) == (20, True)


def test_the_last_passwords_do_not_come_back(district: District) -> None:
    user = opened()
    passwords = [PASSWORD, "Yi-2024-mima", "Er-2024-mima", "San-2024-mima"]
    for old, new in pairwise(passwords):
        changed(user, old, new)
    assert [refusal(lambda again=again: changed(user, "San-2024-mima", again)) for again in passwords[1:3]] == ["weak-password"] * 2
    changed(user, "San-2024-mima", PASSWORD)
    assert user.check_password(PASSWORD)


def test_the_policy_says_how_many_do_not_come_back(district: District) -> None:
    policy(district, "login.password-history", 0)
    user = opened()
    changed(user, PASSWORD, "Yi-2024-mima")
    changed(user, "Yi-2024-mima", PASSWORD)
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(("days", "age", "due"), [(90, 90, False), (90, 91, True), (0, 4000, False), (365, 91, False)])
def test_an_old_password_is_due(district: District, days: int, age: int, due: bool) -> None:
    if days != 90:
        policy(district, "login.password-days", days)
    user = opened()
    assert is_due(user, AT + timedelta(days=age)) is due


def test_a_password_that_is_due_is_noted_once(district: District) -> None:
    user = opened()
    for _ in range(2):
        expire_password(actor=actor_of(user, AT.date()), at=AT, user=user)
    assert (User.objects.get(pk=user.pk).must_change_password, AuditEvent.objects.filter(action="account.password-expired").count()) == (
        True,
        1,
    )


def test_a_change_of_password_ends_the_other_sessions(district: District) -> None:
    user = opened()
    for key in ("this", "other"):
        SessionRecord.objects.create(user=user, key=key, way="password", began_at=AT, seen_at=AT)
    change_password(actor=actor_of(user, AT.date()), at=AT, user=user, old=PASSWORD, new="Yi-2024-mima", session="this")
    assert dict(SessionRecord.objects.values_list("key", "end")) == {"this": "", "": "password"}


def test_a_reset_takes_two_people_and_shows_the_password_to_the_second_only(district: District) -> None:
    clerk = district.people[Role.BUREAU_CLERK]
    asked = ask_reset(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=clerk, reason="forgotten")
    assert not isinstance(asked, str)
    password = decide_reset(actor=district.actor(Role.SECURITY_ADMIN), at=AT, asked=asked, grant=True)
    clerk.refresh_from_db()
    assert (clerk.check_password(password), clerk.must_change_password) == (True, True)
    assert all(password not in str(event.detail) for event in AuditEvent.objects.all())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMIN])
def test_only_the_security_administrator_decides_a_reset(district: District, role: Role) -> None:
    asked = ask_reset(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=district.people[Role.BUREAU_HEAD], reason="forgotten")
    assert refusal(lambda: decide_reset(actor=district.actor(role), at=AT, asked=asked, grant=True)) != ""
    assert PasswordReset.objects.get().state == "asked"


def test_the_audit_administrator_decides_about_a_security_administrator(district: District) -> None:
    security = district.people[Role.SECURITY_ADMIN]
    asked = ask_reset(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=security, reason="forgotten")
    assert refusal(lambda: decide_reset(actor=district.actor(Role.SECURITY_ADMIN), at=AT, asked=asked, grant=True)) == "own-proposal"
    assert decide_reset(actor=district.actor(Role.AUDIT_ADMIN), at=AT, asked=asked, grant=True) != ""


def test_an_account_that_opens_something_is_not_reset_alone(district: District) -> None:
    system = district.actor(Role.SYSTEM_ADMIN)
    assert refusal(lambda: reset_powerless(actor=system, at=AT, user=district.people[Role.BANK_CLERK])) == "needs-review"
    assert stranger().check_password(reset_powerless(actor=system, at=AT, user=stranger())) is False
    assert User.objects.get(username="stranger").must_change_password is True


def test_one_reset_waits_at_a_time(district: District) -> None:
    def ask() -> PasswordReset:
        return ask_reset(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=district.people[Role.BANK_CLERK], reason="forgotten")

    ask()
    assert refusal(ask) == "reset-asked"


def test_a_switched_off_account_keeps_its_posts_and_opens_nothing(district: District) -> None:
    clerk, system = district.people[Role.BUREAU_CLERK], district.actor(Role.SYSTEM_ADMIN)
    switch_off(actor=system, at=AT, user=clerk, reason="left")
    assert actor_of(User.objects.get(pk=clerk.pk), AT.date()).roles == frozenset()
    switch_on(actor=system, at=AT, user=clerk)
    assert actor_of(User.objects.get(pk=clerk.pk), AT.date()).roles == {Role.BUREAU_CLERK}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_no_administration_is_left_without_a_person(district: District, role: Role) -> None:
    code = refusal(lambda: switch_off(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, user=district.people[role], reason="left"))
    assert code == ("own-account" if role == Role.SYSTEM_ADMIN else "last-administrator")


@pytest.mark.parametrize(
    ("username", "name", "email", "code"),
    [
        ("zhang", "某", "", "username-taken"), ("ZHANG", "某", "", "username-taken"), ("z", "某", "", "bad-username"),
        ("张", "某", "", "bad-username"), ("a b", "某", "", "bad-username"), ("li", "", "", "bad-name"), ("li", "某\n", "", "bad-name"),
        ("li", "某", "nonsense", "bad-email"),
    ],
)  # fmt: skip
def test_a_bad_account_is_refused(district: District, username: str, name: str, email: str, code: str) -> None:
    opened()
    actor = district.actor(Role.SYSTEM_ADMIN)
    assert refusal(lambda: open_account(actor=actor, at=AT, username=username, name=name, email=email, password=PASSWORD)) == code
