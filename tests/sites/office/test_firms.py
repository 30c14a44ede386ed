"""The list of firms and the page of one firm."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.apps.people import District, firm, small_district
from tests.exchange.formulas import formulas_in
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
LIST_QUERIES = 8
"""Session, user, posts, count, rows, subdistricts, tags, saved views."""


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("count", [1, 3, 300])
def test_a_list_of_any_length_takes_the_same_queries(district: District, count: int) -> None:
    for number in range(count):
        firm(f"91420114MB{number:08d}", f"武汉第{number}企业有限公司", district.units["one"])
    client = client_of(district, Role.BUREAU_CLERK)
    client.get(reverse("firms"))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        client.get(reverse("firms"))
    reads = [one["sql"] for one in seen.captured_queries if one["sql"].startswith("SELECT")]
    assert len(reads) == LIST_QUERIES


def test_a_subdistrict_clerk_lists_only_own_firms(district: District) -> None:
    page = client_of(district, Role.SUBDISTRICT_CLERK).get(reverse("firms")).content.decode()
    assert re.findall(r"武汉[甲乙]\w+", page) == ["武汉甲精密制造有限公司"]


def test_the_export_holds_exactly_what_the_filter_leaves_and_is_in_the_audit(district: District) -> None:
    firm("91420114MC00000001", "=cmd|' /C calc'!A0", district.units["one"])
    answer = client_of(district, Role.BUREAU_CLERK).get(reverse("firms"), {"street": "one", "format": "xlsx"})
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = book.get_sheet_by_name("名单").to_python()[4:]
    assert [row[:2] for row in rows] == [
        ["武汉甲精密制造有限公司", "91420114MA4KAAAA01"],
        ["=cmd|' /C calc'!A0", "91420114MC00000001"],
    ]
    event = AuditEvent.objects.get(action="export")
    assert (event.actor_name, event.detail) == ("牵头局经办某", {"filters": {"q": "", "street": "one"}, "rows": 2})


def test_an_inert_formula_is_a_text_cell_in_the_file(district: District) -> None:
    firm("91420114MC00000001", "=1+1", district.units["one"])
    answer = client_of(district, Role.BUREAU_CLERK).get(reverse("firms"), {"q": "=1+1", "format": "xlsx"})
    assert formulas_in(answer.content) == []


@pytest.mark.parametrize("page", ["0", "-1", "99", "abc", "１", "9" * 50])
def test_a_page_that_is_not_there_is_the_nearest_one(district: District, page: str) -> None:
    answer = client_of(district, Role.BUREAU_CLERK).get(reverse("firms"), {"page": page})
    assert (answer.status_code, "第 1 页，共 1 页，2 条" in answer.content.decode()) == (200, True)


def test_no_firm_found_says_what_to_do(district: District) -> None:
    page = client_of(district, Role.BUREAU_CLERK).get(reverse("firms"), {"q": "没有这家"}).content.decode()
    assert "没有找到企业。" in page


def test_a_strangers_firm_is_not_there_and_the_page_says_why(district: District) -> None:
    answer = client_of(district, Role.SUBDISTRICT_CLERK).get(reverse("firm", args=[district.yi.code]))
    assert (answer.status_code, "不在您的管辖范围内" in answer.content.decode()) == (404, True)


def test_a_firm_without_data_says_so(district: District) -> None:
    page = client_of(district, Role.BUREAU_CLERK).get(reverse("firm", args=[district.jia.code])).content.decode()
    assert ("还没有数据" in page, "没有登记的事项" in page) == (True, True)
