"""Pages of the registry in the office: reviews, data quality, the page of a firm, merges; constant queries of the lists."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.apps import cases
from tests.apps.people import AT, District, firm, small_district
from tests.sites.office.objects_registry import finding_of, request_of
from tidu.apps.accounts.enums import Role
from tidu.apps.corrections.enums import CaseState
from tidu.apps.corrections.models import Correction
from tidu.apps.cultivation.models import Glance, Holding, Membership
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Event, FactsInForce
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.quality.models import FactRequest, QualityCheck
from tidu.apps.registry.domain.merging import confirm_merge, propose_merge
from tidu.apps.registry.domain.upkeep import correct_code
from tidu.apps.registry.models import DuplicatePair

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> District:
    made = small_district()
    cases.told(made.jia, cases.sources(made)["税务"], {cases.REVENUE: 100_000_000})
    return made


def client_of(district: District, role: Role = Role.BUREAU_CLERK) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def reads(client: Client, where: str) -> int:
    client.get(where)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(where).status_code == 200
    return len([one for one in seen.captured_queries if one["sql"].startswith("SELECT")])


def some_corrections(district: District, count: int) -> str:
    for number in range(count):
        cases.correction(district.jia, district.units["tax"], period=1000 + number)
    return reverse("review-corrections")


def some_filings(district: District, count: int) -> str:
    for number in range(count):
        cases.filing(district.jia, district.units["bureau"], year=1000 + number)
    return reverse("review-filings")


def some_requests(district: District, count: int) -> str:
    for _ in range(count):
        request_of(district, district.units["tax"])
    return reverse("fact-requests")


def some_requested(district: District, count: int) -> str:
    request = request_of(district, district.units["tax"])
    for number in range(count):
        request.firms.create(enterprise=firm(f"91420114MB{number:08d}", f"武汉第{number}企业", district.units["one"]), period=cases.YEAR)
    return reverse("fact-request", args=[request.pk])


def some_pairs(district: District, count: int) -> str:
    for number in range(count):
        other = firm(f"91420114MB{number:08d}", f"武汉第{number}企业", district.units["one"])
        DuplicatePair.objects.create(first=district.jia, second=other, reasons=["名称相同"], found_at=AT)
    return reverse("quality-duplicates")


def some_found(district: District, count: int) -> str:
    finding = finding_of(district)
    made = [firm(f"91420114MB{number:08d}", f"武汉第{number}企业", district.units["one"]) for number in range(count)]
    finding.rows = [[one.pk, cases.YEAR] for one in made]
    finding.save()
    return reverse("quality-finding", args=[finding.pk])


@pytest.mark.parametrize("make", [some_corrections, some_filings, some_requests, some_requested, some_pairs, some_found])
def test_a_list_of_any_length_takes_the_same_queries(make: object) -> None:
    found = set()
    for count in (1, 3, 300):
        from django.db import transaction  # noqa: PLC0415 - each length stands in a registry of its own

        with transaction.atomic():
            district = small_district()
            cases.sources(district)
            found.add(reads(client_of(district), make(district, count)))  # type: ignore[operator]
            transaction.set_rollback(True)
    assert len(found) == 1


def test_a_correction_is_accepted_by_its_form_and_the_message_is_that_of_the_move(district: District) -> None:
    made = cases.correction(district.jia, district.units["tax"])
    client = client_of(district, Role.DEPARTMENT_CLERK)
    answer = client.post(reverse("review-correction", args=[made.pk]), {"move": "accept", "version": made.version})
    page = client.get(answer.headers["Location"]).content.decode()
    assert ("已采纳，数据已入库" in page, FactsInForce.objects.get().values) == (True, {cases.REVENUE: 200_000_000})


def test_a_button_that_may_not_be_pressed_says_why(district: District) -> None:
    made = cases.correction(district.jia, district.units["tax"])
    page = client_of(district, Role.BUREAU_HEAD).get(reverse("review-correction", args=[made.pk])).content.decode()
    assert page.count("这一件由税务局审核。") == 4


def test_a_clerk_of_another_unit_does_not_find_it(district: District) -> None:
    made = cases.correction(district.yi, district.units["bureau"])
    assert client_of(district, Role.DEPARTMENT_CLERK).get(reverse("review-correction", args=[made.pk])).status_code == 404
    assert Correction.objects.visible_to(district.actor(Role.SUBDISTRICT_CLERK)).count() == 0


def test_the_list_shows_what_waits_first_and_exports_the_same(district: District) -> None:
    cases.correction(district.jia, district.units["tax"], CaseState.REFUSED)
    cases.correction(district.yi, district.units["tax"])
    client = client_of(district)
    assert "武汉甲" not in client.get(reverse("review-corrections")).content.decode()
    answer = client.get(reverse("review-corrections"), {"state": "all", "format": "xlsx"})
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("名单").to_python()[4:]
    assert sorted(row[0] for row in rows) == ["武汉乙软件有限公司", "武汉甲精密制造有限公司"]


def test_a_draft_is_no_paper_of_the_office(district: District) -> None:
    made = cases.filing(district.jia, district.units["bureau"], CaseState.DRAFT)
    client = client_of(district)
    assert client.get(reverse("review-filing", args=[made.pk])).status_code == 404
    assert district.jia.name not in client.get(reverse("review-filings"), {"state": "all"}).content.decode()


def test_the_check_runs_in_the_background_and_one_click_makes_the_request(district: District) -> None:
    client = client_of(district)
    assert "还没有检查过" in client.get(reverse("quality")).content.decode()
    client.post(reverse("quality-check"))
    assert run_pending(timezone.now) == 1
    finding = QualityCheck.objects.get().findings.filter(fact=cases.REVENUE, kind="missing").first()
    assert finding is not None
    client.post(reverse("quality-finding", args=[finding.pk]), {"to": str(district.units["tax"].pk), "why": "判断标准"})
    request = FactRequest.objects.get()
    assert (request.unit, request.firms.count()) == (district.units["tax"], len(finding.rows))
    page = client_of(district, Role.DEPARTMENT_CLERK).get(reverse("fact-requests")).content.decode()
    assert cases.REVENUE in page


def test_the_history_of_a_fact_answers_as_of_a_day(district: District) -> None:
    where = reverse("firm-fact", args=[district.jia.code, cases.REVENUE])
    client = client_of(district)
    before = client.get(where, {"date": "2024-05-31"}).content.decode()
    after = client.get(where, {"date": "2024-06-01"}).content.decode()
    assert ("那一天还没有这项数据" in before, "那一天还没有这项数据" in after, "当日有效" in after) == (True, False, True)


def test_an_old_code_leads_to_the_firm_with_a_sentence(district: District) -> None:
    old = district.jia.code
    correct_code(
        actor=district.actor(Role.BUREAU_CLERK), at=AT, firm=district.jia, code="91110000600037341L", reason="录入有误",
        version=district.jia.version,
    )  # fmt: skip
    page = client_of(district).get(reverse("firm", args=[old]), follow=True)
    assert (page.redirect_chain[0][0], f"您打开的代码 {old}" in page.content.decode()) == (
        f"/office/firms/91110000600037341L/?from={old}",
        True,
    )


def test_the_code_of_a_merged_firm_leads_to_the_one_that_is_kept(district: District) -> None:
    merge = propose_merge(actor=district.actor(Role.BUREAU_HEAD), at=AT, kept=district.jia, gone=district.yi, reason="重复登记")
    confirm_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=merge, version=merge.version)
    answer = client_of(district).get(reverse("firm", args=[district.yi.code]))
    assert answer.headers["Location"] == f"/office/firms/{district.jia.code}/?from={district.yi.code}"


def test_a_stranger_is_not_led_anywhere_by_an_old_code(district: District) -> None:
    merge = propose_merge(actor=district.actor(Role.BUREAU_HEAD), at=AT, kept=district.yi, gone=district.jia, reason="重复登记")
    confirm_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=merge, version=merge.version)
    assert client_of(district, Role.SUBDISTRICT_CLERK).get(reverse("firm", args=[district.jia.code])).status_code == 404


def test_a_saved_view_keeps_the_filters_of_the_list(district: District) -> None:
    client = client_of(district)
    answer = client.post(reverse("view-save"), {"name": "一街", "query": "street=one&page=2"})
    page = client.get(answer.headers["Location"]).content.decode()
    assert (answer.headers["Location"], "一街" in page, "武汉乙" in page) == ("/office/firms/?street=one", True, False)


def test_the_timeline_tells_sheets_and_cases_of_the_firm(district: District) -> None:
    made = cases.correction(district.jia, district.units["tax"])
    page = client_of(district).get(reverse("firm", args=[district.jia.code])).content.decode()
    assert ("税务：2023 年" in page, made.receipt in page) == (True, True)
    only = client_of(district).get(reverse("firm", args=[district.jia.code]), {"kind": "sheets"}).content.decode()
    assert (made.receipt in only, Level.YEAR.label) == (False, "年度")


def test_the_list_of_firms_is_narrowed_by_title_pool_and_chain(district: District) -> None:
    day = timezone.localdate()
    for one, until in ((district.jia, None), (district.yi, day.replace(year=day.year - 1))):
        fields = {"名称": "高新技术企业"}
        event = Event.objects.create(
            enterprise=one, type="认定", fields=fields, mark=one.code, source=cases.sources(district)["自报"], received_at=AT
        )
        Holding.objects.create(enterprise=one, event=event, kind="高新技术企业", told="高新技术企业", rung=2, day=AT.date(), until=until)
    Membership.objects.create(enterprise=district.yi, pool="zjtx", state="member", by_name="某人", at=AT)
    Membership.objects.create(enterprise=district.jia, pool="zjtx", state="proposed", by_name="某人", at=AT)
    Glance.objects.create(enterprise=district.jia, chain="电子信息")
    client = client_of(district)
    shown = {
        query: sorted(set(re.findall(r"武汉[甲乙]", client.get(f"{reverse('firms')}?{query}").content.decode())))
        for query in ("title=高新技术企业", "pool=zjtx", "chain=电子信息", "chain=装备制造")
    }
    assert shown == {"title=高新技术企业": ["武汉甲"], "pool=zjtx": ["武汉乙"], "chain=电子信息": ["武汉甲"], "chain=装备制造": []}
