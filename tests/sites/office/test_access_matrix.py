"""Every address of the back office for every role, with an own object and a stranger's, against the table beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from tests.apps.people import District, small_district
from tidu.apps.accounts.enums import Role
from tidu.sites.office.urls import urlpatterns

pytestmark = pytest.mark.django_db

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("access.yaml").read_text(encoding="utf-8"))
GATED = [name for name, row in TABLE.items() if not row.get("open")]
WITH_OBJECT = {"firm"}


@pytest.fixture
def district() -> District:
    return small_district()


def address(name: str, code: str) -> str:
    return reverse(name, args=[code]) if name in WITH_OBJECT else reverse(name)


def allowed(row: dict[str, Any], key: str, role: Role) -> bool:
    return row[key] == "all" or role.value in row[key]


def expected(name: str, role: Role, *, own: bool) -> int:
    row = TABLE[name]
    if not allowed(row, "roles", role):
        return 403
    return 200 if name not in WITH_OBJECT or allowed(row, "own" if own else "other", role) else 404


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(TABLE) == sorted(str(pattern.name) for pattern in urlpatterns)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", GATED)
def test_a_role_opens_what_the_table_says(district: District, name: str, role: Role) -> None:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    codes = {True: district.jia.code, False: district.yi.code}
    found = {own: client.get(address(name, code)).status_code for own, code in codes.items()}
    assert found == {own: expected(name, role, own=own) for own in codes}


@pytest.mark.parametrize("name", GATED)
def test_who_is_not_logged_in_is_sent_to_the_login_page(district: District, name: str) -> None:
    wanted = address(name, district.jia.code)
    answer = Client().get(wanted)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/office/login/?next={wanted.replace('/', '%2F')}")


@pytest.mark.parametrize("name", GATED)
def test_who_was_switched_off_opens_nothing(district: District, name: str) -> None:
    user = district.people[Role.BUREAU_CLERK]
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    user.is_active = False
    user.save()
    assert client.get(address(name, district.jia.code)).status_code == 302


def test_a_refusal_says_for_whom_the_page_is(district: District) -> None:
    client = Client()
    client.force_login(district.people[Role.BANK_CLERK], backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(reverse("firms")).content.decode()
    assert "您没有这样的岗位" in text
    assert "wrong-role" in text
