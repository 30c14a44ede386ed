"""Logging in by an identity provider, against one that runs on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse

from tests.apps.accounts.issuer import Issuer, running_issuer
from tests.apps.people import AT, District, small_district
from tests.sites.office.forms_own_account import with_factor
from tidu.apps.accounts.domain.identities import bind_identity
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.interfaces.outside import forget
from tidu.apps.accounts.models import OutsideIdentity, SessionRecord
from tidu.apps.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def district() -> District:
    return small_district()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    forget()
    with running_issuer() as found, override_settings(
        OIDC={"issuer": found.address, "client": found.client, "secret": found.secret, "name": "市统一身份认证"}
    ):  # fmt: skip
        yield found
    forget()


def leave_for(client: Client, **query: str) -> dict[str, str]:
    """What the provider is asked when somebody goes there."""
    return dict(parse_qsl(urlsplit(client.get(reverse("outside-begin"), query).headers["Location"]).query))


def come_back(client: Client, code: str, state: str) -> HttpResponse:
    return client.get(reverse("outside-return"), {"code": code, "state": state})


def bind(district: District, issuer: Issuer, role: Role, subject: str) -> None:
    bind_identity(actor=district.actor(role), at=AT, user=district.people[role], issuer=issuer.address, subject=subject)


def test_without_a_provider_there_is_no_such_login() -> None:
    client = Client()
    pages = [client.get(reverse(name)).status_code for name in ("outside-begin", "outside-return")]
    assert (pages, "统一身份认证" in client.get(reverse("login")).content.decode()) == ([404, 404], False)


def test_the_login_page_offers_it_by_name(issuer: Issuer) -> None:
    assert "用市统一身份认证登录" in Client().get(reverse("login")).content.decode()


def test_a_bound_identity_logs_in_and_gets_the_accounts_own_rights(district: District, issuer: Issuer) -> None:
    bind(district, issuer, Role.SUBDISTRICT_CLERK, "u-1")
    client = Client()
    asked = leave_for(client, next="/office/firms/")
    assert (asked["code_challenge_method"], asked["scope"], asked["redirect_uri"]) == (
        "S256", "openid", "http://testserver/office/login/outside/return/",
    )  # fmt: skip
    answer = come_back(client, issuer.permit(asked, "u-1"), asked["state"])
    assert (answer.status_code, answer.headers["Location"]) == (302, "/office/firms/")
    codes = [client.get(reverse("firm", args=[code])).status_code for code in (district.jia.code, district.yi.code)]
    assert (codes, SessionRecord.objects.get().way) == ([200, 404], "outside")


def test_an_unbound_identity_opens_nothing_and_makes_no_account(district: District, issuer: Issuer) -> None:
    client = Client()
    asked = leave_for(client)
    answer = come_back(client, issuer.permit(asked, "somebody"), asked["state"])
    assert (answer.status_code, "还没有绑定" in answer.content.decode()) == (400, True)
    assert client.get(reverse("desk")).status_code == 302
    assert (OutsideIdentity.objects.count(), AuditEvent.objects.filter(action="account.login-failed").count()) == (0, 1)


def test_a_person_who_is_logged_in_binds_the_own_account_only(district: District, issuer: Issuer) -> None:
    client = Client()
    client.force_login(district.people[Role.BUREAU_CLERK], backend=BACKEND)
    asked = leave_for(client, bind="1")
    come_back(client, issuer.permit(asked, "u-2"), asked["state"])
    bound = OutsideIdentity.objects.get()
    assert (bound.user, bound.subject) == (district.people[Role.BUREAU_CLERK], "u-2")


def test_binding_without_being_logged_in_is_a_login(district: District, issuer: Issuer) -> None:
    client = Client()
    asked = leave_for(client, bind="1")
    assert come_back(client, issuer.permit(asked, "u-3"), asked["state"]).status_code == 400
    assert OutsideIdentity.objects.count() == 0


@pytest.mark.parametrize("state", ["", "falsch"])
def test_an_answer_that_was_not_asked_for_is_refused(district: District, issuer: Issuer, state: str) -> None:
    bind(district, issuer, Role.BUREAU_CLERK, "u-1")
    client = Client()
    asked = leave_for(client)
    assert come_back(client, issuer.permit(asked, "u-1"), state).status_code == 400
    assert client.get(reverse("desk")).status_code == 302


def test_an_answer_works_once(district: District, issuer: Issuer) -> None:
    bind(district, issuer, Role.BUREAU_CLERK, "u-1")
    client = Client()
    asked = leave_for(client)
    come_back(client, issuer.permit(asked, "u-1"), asked["state"])
    assert come_back(client, issuer.permit(asked, "u-1"), asked["state"]).status_code == 400


def test_a_code_of_another_browser_does_not_fit(district: District, issuer: Issuer) -> None:
    bind(district, issuer, Role.BUREAU_CLERK, "u-1")
    mine, other = Client(), Client()
    theirs = leave_for(other)
    asked = leave_for(mine)
    assert come_back(mine, issuer.permit(theirs, "u-1"), asked["state"]).status_code == 400
    assert mine.get(reverse("desk")).status_code == 302


@pytest.mark.parametrize("wrong", [{"nonce": "x"}, {"aud": "other"}, {"iss": "http://127.0.0.1:1"}, {"exp": 1}])
def test_a_token_that_does_not_fit_opens_nothing(district: District, issuer: Issuer, wrong: dict[str, object]) -> None:
    bind(district, issuer, Role.BUREAU_CLERK, "u-1")
    issuer.spoil = wrong
    client = Client()
    asked = leave_for(client)
    answer = come_back(client, issuer.permit(asked, "u-1"), asked["state"])
    assert (answer.status_code, "没有通过校验" in answer.content.decode(), client.get(reverse("desk")).status_code) == (400, True, 302)


def test_a_switched_off_account_is_not_opened(district: District, issuer: Issuer) -> None:
    bind(district, issuer, Role.BUREAU_CLERK, "u-1")
    type(district.people[Role.BUREAU_CLERK]).objects.update(is_active=False)
    client = Client()
    asked = leave_for(client)
    assert come_back(client, issuer.permit(asked, "u-1"), asked["state"]).status_code == 400


def test_the_second_step_is_asked_for_all_the_same(district: District, issuer: Issuer) -> None:
    with_factor(district, Role.BUREAU_CLERK)
    bind(district, issuer, Role.BUREAU_CLERK, "u-1")
    client = Client()
    asked = leave_for(client)
    answer = come_back(client, issuer.permit(asked, "u-1"), asked["state"])
    assert (answer.headers["Location"], client.get(reverse("desk")).status_code) == (reverse("second-step"), 302)


def test_keys_are_asked_for_once(district: District, issuer: Issuer) -> None:
    bind(district, issuer, Role.BUREAU_CLERK, "u-1")
    for _ in range(3):
        client = Client()
        asked = leave_for(client)
        come_back(client, issuer.permit(asked, "u-1"), asked["state"])
    assert sorted(issuer.asked) == ["/.well-known/openid-configuration", "/keys"]


def test_a_provider_without_tls_elsewhere_is_refused() -> None:
    told = {"issuer": "http://id.example", "client": "tidu", "secret": "", "name": "x"}
    with override_settings(OIDC=told):
        answer = Client().get(reverse("outside-begin"))
    assert (answer.status_code, "必须是 https" in answer.content.decode()) == (400, True)


def test_a_provider_that_does_not_answer_is_said_so(issuer: Issuer) -> None:
    with override_settings(OIDC={"issuer": "http://127.0.0.1:9", "client": "tidu", "secret": "", "name": "x"}):
        answer = Client().get(reverse("outside-begin"))
    assert (answer.status_code, "暂时不可用" in answer.content.decode()) == (400, True)
