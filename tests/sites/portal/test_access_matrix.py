"""Every address of the portal for every role, with the own firm and a stranger's, against the table beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.apps import cases
from tests.apps.people import District, small_district
from tests.sites.portal import application_objects, duty_objects
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.accounts.models import Post
from tidu.apps.corrections.enums import CaseState
from tidu.apps.enterprises.models import Enterprise
from tidu.sites.portal.urls import urlpatterns

pytestmark = pytest.mark.django_db
TABLE: dict[str, dict[str, Any]] = {
    name: row or {}
    for path in sorted((Path(__file__).parent / "access").glob("*.yaml"))
    for name, row in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
MAKERS = {**application_objects.MAKERS, **duty_objects.MAKERS}
BACKEND = "django.contrib.auth.backends.ModelBackend"
LAST = timezone.localdate().year - 1


@pytest.fixture
def district() -> District:
    made = small_district()
    cases.sources(made)
    return made


def arguments(name: str, district: District, firm: Enterprise) -> list[Any]:
    """The arguments of an address: the firm and the object that the row names."""
    if TABLE[name].get("object") in MAKERS:
        return MAKERS[TABLE[name]["object"]](district, firm)
    if TABLE[name].get("firm") is False:
        return []
    match TABLE[name].get("object"):
        case "filing":
            state = CaseState(TABLE[name].get("state", CaseState.SUBMITTED))
            return [firm.code, cases.filing(firm, district.units["bureau"], state).year]
        case "section":
            return [firm.code, cases.filing(firm, district.units["bureau"]).year, "finance"]
        case "duty-year":
            return [firm.code, LAST]
        case "receipt":
            return [firm.code, cases.filing(firm, district.units["bureau"]).year, 1]
        case "correction":
            return [firm.code, cases.correction(firm, district.units["tax"]).pk]
        case "evidence":
            return [firm.code, cases.evidence(cases.correction(firm, district.units["tax"])).pk]
        case "member":
            post = Post.objects.create(user=district.people[Role.PROVIDER_CLERK], role=Role.FIRM_AGENT, enterprise=firm)
            return [firm.code, post.pk]
    return [firm.code]


def knock(client: Client, name: str, district: District, firm: Enterprise) -> HttpResponse:
    wanted = reverse(name, args=arguments(name, district, firm)) + TABLE[name].get("query", "")
    return client.post(wanted) if TABLE[name].get("method") == "post" else client.get(wanted)


def outcome(answer: HttpResponse) -> str:
    to_login = answer.status_code == 302 and "/login/" in answer.headers["Location"]
    if answer.status_code in {200, 302, 400} and not to_login:
        return "opened"
    return {403: "refused", 404: "not there"}.get(answer.status_code, f"{answer.status_code}")


def test_every_address_has_one_row_and_every_row_an_address() -> None:
    assert sorted(TABLE) == sorted(str(pattern.name) for pattern in urlpatterns)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", TABLE)
def test_a_role_opens_what_the_table_says(district: District, name: str, role: Role) -> None:
    client, row = Client(), TABLE[name]
    found = {}
    for firm in (district.jia,) if row.get("firm") is False else (district.jia, district.yi):
        client.force_login(district.people[role], backend=BACKEND)
        found[firm.name] = outcome(knock(client, name, district, firm))
    own = "opened" if role in FIRM_ROLES and role.value in row.get("own", [one.value for one in FIRM_ROLES]) else "refused"
    expected = {district.jia.name: own}
    if row.get("firm") is not False:
        expected[district.yi.name] = "not there" if role in FIRM_ROLES else "refused"
    assert found == expected


@pytest.mark.parametrize("name", TABLE)
def test_who_is_not_logged_in_is_sent_to_the_login_page(district: District, name: str) -> None:
    assert knock(Client(), name, district, district.jia).headers["Location"].startswith("/office/login/?next=")


@pytest.mark.parametrize("name", TABLE)
def test_an_object_of_another_firm_is_not_reached_through_the_own_firms_address(district: District, name: str) -> None:
    given = arguments(name, district, district.yi)
    if TABLE[name].get("object") not in {"correction", "evidence", "member", *MAKERS} or TABLE[name].get("firm") is False:
        return
    client = Client()
    client.force_login(district.people[Role.FIRM_LEGAL], backend=BACKEND)
    wanted = reverse(name, args=[district.jia.code, *given[1:]])
    answer = client.post(wanted) if TABLE[name].get("method") == "post" else client.get(wanted)
    assert answer.status_code == 404


def test_a_post_that_ran_out_opens_nothing(district: District) -> None:
    Post.objects.filter(role=Role.FIRM_AGENT).update(since=None, until=timezone.localdate())
    client = Client()
    client.force_login(district.people[Role.FIRM_AGENT], backend=BACKEND)
    assert client.get(reverse("portal-facts", args=[district.jia.code])).status_code == 403
