"""Every address of the back office for every role, with an own object and a stranger's, against the tables beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.apps.people import District, small_district
from tests.sites.office.objects import OBJECTS
from tidu.apps.accounts.enums import Role
from tidu.sites.office.urls import urlpatterns

pytestmark = pytest.mark.django_db

FILES = sorted(Path(__file__).with_name("access").glob("*.yaml"))
ROWS = [(name, row) for file in FILES for name, row in yaml.safe_load(file.read_text(encoding="utf-8")).items()]
TABLE: dict[str, dict[str, Any]] = dict(ROWS)
GATED = [name for name, row in TABLE.items() if not row.get("open")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
OPENED = {200, 302, 400}
"""A form sent empty is answered with what is missing, or taken where nothing is needed."""


@pytest.fixture
def district() -> District:
    return small_district()


def address(name: str, district: District, role: Role, *, own: bool) -> str:
    kind = TABLE[name].get("object")
    return reverse(name, args=OBJECTS[kind](district, role, own) if kind else [])


def knock(client: Client, name: str, wanted: str) -> HttpResponse:
    """Send what the address takes."""
    return client.post(wanted) if TABLE[name].get("method") == "post" else client.get(wanted)


def allowed(row: dict[str, Any], key: str, role: Role) -> bool:
    return row[key] == "all" or role.value in row[key]


def expected(name: str, role: Role, *, own: bool) -> str:
    row = TABLE[name]
    if not allowed(row, "roles", role):
        return "refused"
    return "opened" if "object" not in row or allowed(row, "own" if own else "other", role) else "not there"


def outcome(answer: HttpResponse) -> str:
    to_login = answer.status_code == 302 and "/login/" in answer.headers["Location"]
    if answer.status_code in OPENED and not to_login:
        return "opened"
    return {403: "refused", 404: "not there"}.get(answer.status_code, f"{answer.status_code}")


def test_every_address_has_one_row_and_every_row_an_address() -> None:
    assert sorted(name for name, _ in ROWS) == sorted(str(pattern.name) for pattern in urlpatterns)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", GATED)
def test_a_role_opens_what_the_table_says(district: District, name: str, role: Role) -> None:
    client = Client()
    found = {}
    for own in (True, False) if "object" in TABLE[name] else (True,):
        wanted = address(name, district, role, own=own)
        client.force_login(district.people[role], backend=BACKEND)
        found[own] = outcome(knock(client, name, wanted))
    assert found == {own: expected(name, role, own=own) for own in found}


@pytest.mark.parametrize("name", GATED)
def test_who_is_not_logged_in_is_sent_to_the_login_page(district: District, name: str) -> None:
    wanted = address(name, district, Role.BUREAU_CLERK, own=True)
    answer = knock(Client(), name, wanted)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/office/login/?next={quote(wanted, safe='')}")


@pytest.mark.parametrize("name", GATED)
def test_who_was_switched_off_opens_nothing(district: District, name: str) -> None:
    user = district.people[Role.BUREAU_CLERK]
    wanted = address(name, district, Role.BUREAU_CLERK, own=True)
    client = Client()
    client.force_login(user, backend=BACKEND)
    user.is_active = False
    user.save()
    assert knock(client, name, wanted).status_code == 302


@pytest.mark.parametrize("name", [name for name in GATED if TABLE[name].get("method") == "post"])
def test_an_address_that_takes_a_form_changes_nothing_when_it_is_only_opened(district: District, name: str) -> None:
    client = Client()
    client.force_login(district.people[Role.BUREAU_CLERK], backend=BACKEND)
    assert client.get(address(name, district, Role.BUREAU_CLERK, own=True)).status_code in {403, 404, 405}


def test_a_refusal_says_for_whom_the_page_is(district: District) -> None:
    client = Client()
    client.force_login(district.people[Role.BANK_CLERK], backend=BACKEND)
    text = client.get(reverse("firms")).content.decode()
    assert "您没有这样的岗位" in text
    assert "wrong-role" in text
