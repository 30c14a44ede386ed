"""The pages of the ladder and the pools: a constant number of queries, scope, buttons with reasons, results row by row."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.apps.cultivation.districts import DAY, recognised
from tests.apps.people import AT, District, firm, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.cultivation.domain.recognitions import refresh_holdings
from tidu.apps.cultivation.enums import MemberState, WarningState
from tidu.apps.cultivation.models import Computation, Finding, FirmWarning, Glance, Membership, RevenueLine
from tidu.apps.enterprises.models import Enterprise

pytestmark = pytest.mark.django_db
LISTS = {
    "ladder-firms": [],
    "ladder-expiring": [],
    "pool": ["zjtx"],
    "pool-candidates": ["rise"],
    "pool-exits": ["zjtx"],
    "pool-unknown": ["new"],
    "revenue": [],
    "warnings": [],
    "material": ["license"],
    "ladder": [],
    "pools": [],
    "materials": [],
}


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def fill(enterprise: Enterprise) -> None:
    """A row of everything for one firm."""
    Finding.objects.create(enterprise=enterprise, pool="zjtx", entry="met", exit="met", stage="reserve")
    Finding.objects.create(enterprise=enterprise, pool="rise", entry="met", exit="unmet", stage="lift")
    Finding.objects.create(enterprise=enterprise, pool="new", entry="unknown", exit="unmet", stage="reserve", missing=["成立日期"])
    Membership.objects.create(enterprise=enterprise, pool="zjtx", state=MemberState.MEMBER, by_name="某", at=AT, entered_on=DAY)
    FirmWarning.objects.create(enterprise=enterprise, rule="fall", period="2024", evidence=[], raised_on=DAY, due_on=DAY, at=AT)
    RevenueLine.objects.create(enterprise=enterprise, months={"202404": 1_000_000}, latest=1_000_000, why="3月没有数据，累计不明", gaps=1)
    Glance.objects.create(enterprise=enterprise, chain="智能家居", held=",license,", above_scale=True)


def computation() -> None:
    Computation.objects.create(
        day=DAY, through=202404, at=AT, asked_by="系统", digest="", counts={"materials": {"one": {"license": 1}}, "forecast": None}
    )


def queries_of(client: Client, name: str) -> int:
    """How many questions a page asks, the second time it is opened."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(reverse(name, args=LISTS[name]), {"day": DAY.isoformat(), "within": "3650"})
    assert answer.status_code == 200
    return sum(one["sql"].startswith("SELECT") for one in seen.captured_queries)


def test_a_list_of_any_length_takes_the_same_queries(district: District) -> None:
    computation()
    client = client_of(district, Role.BUREAU_CLERK)
    found: dict[str, list[int]] = {name: [] for name in LISTS}
    number = 0
    for size in (1, 3, 300):
        for place in range(number, size):
            one = firm(f"91420114MB{place:08d}", f"武汉第{place}企业有限公司", district.units["one"])
            fill(one)
            recognised(one, "高新技术企业", DAY)
        number = size
        refresh_holdings()
        for name in LISTS:
            found[name].append(queries_of(client, name))
    assert found == {name: [found[name][0]] * 3 for name in LISTS}
    assert max(counts[0] for name, counts in found.items() if name != "pools") <= 20


@pytest.mark.parametrize("name", [name for name in LISTS if name not in {"ladder", "pools", "materials"}])
def test_a_subdistrict_clerk_lists_only_own_firms(district: District, name: str) -> None:
    computation()
    for one in (district.jia, district.yi):
        fill(one)
        recognised(one, "高新技术企业", DAY)
    refresh_holdings()
    query = {"day": DAY.isoformat(), "within": "3650"}
    own = client_of(district, Role.SUBDISTRICT_CLERK).get(reverse(name, args=LISTS[name]), query).content.decode()
    every = client_of(district, Role.BUREAU_CLERK).get(reverse(name, args=LISTS[name]), query).content.decode()
    seen = [sorted(set(re.findall(r"武汉[甲乙]\w+有限公司", page))) for page in (own, every)]
    assert seen == [["武汉甲精密制造有限公司"], ["武汉乙软件有限公司", "武汉甲精密制造有限公司"]]


@pytest.mark.parametrize("name", [name for name in LISTS if name not in {"ladder", "pools", "materials"}])
def test_the_export_is_what_is_shown_and_in_the_audit(district: District, name: str) -> None:
    computation()
    fill(district.jia)
    recognised(district.jia, "高新技术企业", DAY)
    refresh_holdings()
    query = {"day": DAY.isoformat(), "within": "3650", "format": "xlsx", "q": "甲"}
    answer = client_of(district, Role.SUBDISTRICT_CLERK).get(reverse(name, args=LISTS[name]), query)
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert any("武汉甲精密制造有限公司" in row for row in book.get_sheet_by_name("名单").to_python())
    event = AuditEvent.objects.get(action="export")
    assert (event.detail["rows"], event.detail["filters"]["q"]) == (1, "甲")


def test_the_numbers_on_the_pool_page_reconcile_and_lead_to_their_rows(district: District) -> None:
    fill(district.jia)
    fill(district.yi)
    Membership.objects.filter(enterprise=district.yi).update(state=MemberState.REFUSED)
    page = client_of(district, Role.BUREAU_CLERK).get(reverse("pool", args=["zjtx"])).content.decode()
    plain = re.sub(r"<[^>]+>", "", page)
    assert "应入 2 ＝ 已在库 1 ＋ 不予入库 1 ＋ 待确认 0" in plain


def test_a_button_that_is_not_ones_own_is_shown_with_the_reason(district: District) -> None:
    fill(district.jia)
    page = client_of(district, Role.SUBDISTRICT_CLERK).get(reverse("pool-candidates", args=["rise"])).content.decode()
    assert re.search(
        r'value="enter"[^>]*disabled[^>]*>确认入库</button><span class="button__why">这一步由牵头局经办、牵头局负责人办理', page
    )
    assert re.search(r'value="propose"[^>]*>提出入库</button>', page)


def test_many_are_confirmed_at_once_with_a_result_for_each_row(district: District) -> None:
    fill(district.jia)
    fill(district.yi)
    rows = [f"{district.jia.code}:0", f"{district.yi.code}:0", "91420114NOBODY0000:0"]
    data = {"row": rows, "act": "propose", "back": "pool-candidates"}
    page = client_of(district, Role.SUBDISTRICT_CLERK).post(reverse("pool-act", args=["rise"]), data).content.decode()
    assert "成功 1 条，没有办成 2 条" in page
    assert Membership.objects.get(pool="rise").enterprise == district.jia


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "nothing-ticked"),
        ({"row": "x:y"}, "nothing-ticked"),
        ({"row": "x:1"}, "no-such-act"),
        ({"row": "x:1", "act": "fly"}, "no-such-act"),
        ({"row": [f"{number}:0" for number in range(501)], "act": "enter"}, "too-many"),
    ],
)
def test_a_form_that_makes_no_sense_is_answered_with_a_sentence(district: District, data: dict[str, object], code: str) -> None:
    answer = client_of(district, Role.BUREAU_CLERK).post(reverse("pool-act", args=["zjtx"]), data)
    assert (answer.status_code, code in answer.content.decode()) == (400, True)


def test_a_warning_is_handled_from_its_page_to_the_end(district: District) -> None:
    made = FirmWarning.objects.create(enterprise=district.jia, rule="expiry", period="x", evidence=[], raised_on=DAY, at=AT)
    client, address = client_of(district, Role.SUBDISTRICT_CLERK), reverse("warning-act", args=[made.pk])
    for version, act in enumerate(("claim", "confirm", "close"), start=1):
        answer = client.post(address, {"act": act, "version": str(version), "words": "已联系企业"})
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("warning", args=[made.pk]))
    page = client.get(reverse("warning", args=[made.pk])).content.decode()
    assert ("已销号" in page, "已联系企业" in page, FirmWarning.objects.get().state) == (True, True, WarningState.CLOSED)


def test_the_second_to_press_reads_who_was_first(district: District) -> None:
    made = FirmWarning.objects.create(enterprise=district.jia, rule="expiry", period="x", evidence=[], raised_on=DAY, at=AT)
    data = {"act": "claim", "version": "1"}
    client_of(district, Role.BUREAU_CLERK).post(reverse("warning-act", args=[made.pk]), data)
    answer = client_of(district, Role.SUBDISTRICT_CLERK).post(reverse("warning-act", args=[made.pk]), data)
    assert (answer.status_code, "牵头局经办某已于" in answer.content.decode()) == (400, True)


def test_a_missing_month_is_unknown_on_the_page_and_never_nothing(district: District) -> None:
    computation()
    fill(district.jia)
    page = client_of(district, Role.BUREAU_CLERK).get(reverse("revenue")).content.decode()
    cells = re.findall(r'data-title="(本年累计（万元）|本月（万元）|同比)">([^<]*)<', page)
    assert cells == [("本月（万元）", "1"), ("本年累计（万元）", "未知"), ("同比", "未知")]
    own = client_of(district, Role.BUREAU_CLERK).get(reverse("firm-ladder", args=[district.jia.code])).content.decode()
    rows = re.findall(
        r'<th scope="row">(\d+月)</th><td class="num" data-value="([^"]+)">([^<]+)</td><td class="num" data-value="([^"]+)">([^<]+)<', own
    )
    assert rows[2:5] == [("3月", "NaN", "未知", "NaN", "未知"), ("4月", "NaN", "未知", "1", "1"), ("5月", "NaN", "未知", "NaN", "未到")]


def test_the_page_of_a_firm_says_what_may_be_done_now(district: District) -> None:
    fill(district.jia)
    page = client_of(district, Role.BUREAU_CLERK).get(reverse("firm-ladder", args=[district.jia.code])).content.decode()
    assert re.findall(r'name="act" value="([^"]+)"', page)[:2] == ["propose-exit", "leave"]


def test_the_desk_leads_to_the_lists_of_what_waits(district: District) -> None:
    fill(district.jia)
    fill(district.yi)
    page = client_of(district, Role.SUBDISTRICT_CLERK).get(reverse("desk")).content.decode()
    found = dict(re.findall(r'<a class="key" href="([^"]+)"><span>(?:[^<]+)</span><b>(\d+)</b>', page))
    assert {href: found[href] for href in found if "street" not in href and href != reverse("firms")} == {
        f"{reverse('warnings')}?state=open": "1", f"{reverse('warnings')}?late=yes": "1", reverse("pool-candidates", args=["rise"]): "1",
        reverse("pool-exits", args=["zjtx"]): "1",
    }  # fmt: skip
    for href in found:
        assert client_of(district, Role.SUBDISTRICT_CLERK).get(href).status_code == 200


@pytest.mark.parametrize(
    "address", ["/office/pools/nowhere/", "/office/materials/nothing/", "/office/warnings/999/", "/office/firms/none/ladder/"]
)
def test_what_is_not_there_is_said(district: District, address: str) -> None:
    assert client_of(district, Role.BUREAU_CLERK).get(address).status_code == 404
