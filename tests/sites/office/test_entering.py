"""Logging in, the lock after wrong passwords, leaving, changing the password."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.apps.people import PASSWORD, District, small_district
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.accounts import open_account
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    return small_district()


@pytest.fixture
def clerk(district: District) -> User:
    user = open_account(actor=SYSTEM, at=timezone.now(), username="zhang", name="张某", password=PASSWORD, must_change=False)
    Post.objects.create(user=user, role=Role.BUREAU_CLERK, unit=district.units["bureau"])
    return user


def enter(client: Client, password: str, **more: str) -> int:
    return client.post(reverse("login"), {"username": "zhang", "password": password, **more}).status_code


def test_the_right_password_leads_where_one_wanted_to_go(clerk: User) -> None:
    answer = Client().post(reverse("login"), {"username": "zhang", "password": PASSWORD, "next": "/office/firms/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/office/firms/")


@pytest.mark.parametrize("wanted", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_it_leads_nowhere_else(clerk: User, wanted: str) -> None:
    answer = Client().post(reverse("login"), {"username": "zhang", "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == "/office/"


def test_after_five_wrong_passwords_the_right_one_does_not_help(clerk: User) -> None:
    client = Client()
    wrong = [enter(client, "falsch") for _ in range(5)]
    assert (wrong, enter(client, PASSWORD)) == ([400, 400, 400, 400, 403], 403)


def test_a_lock_is_of_one_account(clerk: User, district: District) -> None:
    client = Client()
    for _ in range(5):
        enter(client, "falsch")
    other = open_account(actor=SYSTEM, at=timezone.now(), username="li", name="李某", password=PASSWORD, must_change=False)
    answer = client.post(reverse("login"), {"username": "li", "password": PASSWORD})
    assert (answer.status_code, other.pk is not None) == (302, True)


def test_what_was_typed_wrongly_is_not_kept(clerk: User) -> None:
    enter(Client(), "geheim-marker")
    assert all("geheim-marker" not in f"{attempt.post_data}{attempt.get_data}" for attempt in AccessAttempt.objects.all())


def test_login_and_logout_are_in_the_audit(clerk: User) -> None:
    client = Client()
    enter(client, PASSWORD)
    client.post(reverse("logout"))
    acts = list(AuditEvent.objects.filter(actor=clerk).order_by("number").values_list("action", flat=True))
    assert (acts, client.get(reverse("desk")).status_code) == (["account.login", "account.logout"], 302)


def test_the_session_ends_with_idleness_and_with_the_browser(clerk: User) -> None:
    client = Client()
    enter(client, PASSWORD)
    assert (client.session.get_expiry_age(), client.session.get_expire_at_browser_close()) == (1800, True)


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("falsch", "Neu-2024-passt", "Neu-2024-passt", "原密码不对"),
        (PASSWORD, "Neu-2024-passt", "anders", "两次输入的新密码不一样"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码与原密码相同"),
        (PASSWORD, "kurz1A!", "kurz1A!", "至少 10 位"),
        (PASSWORD, "nurkleinbuchstaben", "nurkleinbuchstaben", "四类中的至少三类"),
    ],
)
def test_a_bad_change_of_password_says_why(clerk: User, old: str, new: str, again: str, said: str) -> None:
    client = Client()
    enter(client, PASSWORD)
    page = client.post(reverse("password"), {"old": old, "new": new, "again": again})
    assert (page.status_code, said in page.content.decode()) == (400, True)


def test_a_good_change_of_password_keeps_one_logged_in(clerk: User) -> None:
    client = Client()
    enter(client, PASSWORD)
    changed = client.post(reverse("password"), {"old": PASSWORD, "new": "Neu-2024-passt", "again": "Neu-2024-passt"})
    assert (changed.status_code, client.get(reverse("desk")).status_code, enter(Client(), "Neu-2024-passt")) == (302, 200, 302)
