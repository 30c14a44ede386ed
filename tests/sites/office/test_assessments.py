"""The pages of 评估认定: constant numbers of queries, own firms only, buttons that say why, files that hold what is shown."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode

from tests.apps.assessments.districts import DAY, assess_all, seeded
from tests.apps.people import District, firm, small_district
from tests.sites.office.assessment_objects import COUNTS, STANDARD, made_run, recommended
from tidu.apps.accounts.enums import Role
from tidu.apps.assessments.models import Change, Outcome, Recommendation, RecommendationList, Run, StandardName, Standing, Step
from tidu.apps.audit.models import AuditEvent
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.jobs.models import Job

pytestmark = pytest.mark.django_db
INNOVATIVE = "创新型中小企业"
LISTS = {
    "met": ("assessment-firms", {"standard": STANDARD, "kind": "met"}),
    "steps": ("assessment-firms", {"standard": STANDARD, "kind": "steps"}),
    "changes": ("assessment-changes", {}),
    "to-report": ("to-report-firms", {"standard": STANDARD}),
}
MOST_QUERIES = 14


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, query: dict[str, str], number: int = 1) -> str:
    numbered = name in {"assessment-firms", "assessment-changes"}
    return f"{reverse(name, args=[number] if numbered else [])}?{urlencode(query)}"


def fill(district: District, count: int) -> None:
    """A run in which so many firms meet a standard, lie one step away, and changed."""
    run = made_run()
    Run.objects.update(counts=[{**COUNTS, "met": count}], firms=count)
    standard = StandardName.objects.get(name=STANDARD)
    outcome = Outcome.objects.create(digest="2" * 64, standard=standard, version="2022版", verdict="met")
    before = Outcome.objects.create(digest="3" * 64, standard=standard, version="2022版", verdict="unmet")
    firms = [firm(f"91420114ME{number:08d}", f"武汉第{number}企业有限公司", district.units["one"]) for number in range(count)]
    Standing.objects.bulk_create(Standing(enterprise=one, standard=standard, outcome=outcome) for one in firms)
    Step.objects.bulk_create(Step(enterprise=one, standard=standard, fact="研发费用", by=1, text="研发费用再增加1万元") for one in firms)
    Change.objects.bulk_create(
        Change(
            run=run, enterprise=one, standard=standard, before=before, after=outcome, turned=True, why="facts", facts=[["研发费用", 1, 2]]
        )
        for one in firms
    )


def reads(client: Client, wanted: str) -> int:
    client.get(wanted)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(wanted)
    assert answer.status_code == 200
    return len([one for one in seen.captured_queries if one["sql"].startswith("SELECT")])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_any_length_takes_the_same_queries(name: str) -> None:
    district, counts = small_district(), set()
    for count in (1, 3, 300):
        fill(district, count)
        counts.add(reads(client_of(district, Role.BUREAU_CLERK), address(*LISTS[name])))
        for model in (Change, Step, Standing, Outcome):
            model.objects.all().delete()
        NameRecord.objects.filter(enterprise__code__startswith="91420114ME").delete()
        Enterprise.objects.filter(code__startswith="91420114ME").delete()
    assert len(counts) == 1
    assert counts.pop() <= MOST_QUERIES


@pytest.mark.parametrize(("name", "most"), [("assessments", 12), ("to-report", 9), ("recommendations", 9)])
def test_an_overview_takes_few_queries(district: District, name: str, most: int) -> None:
    fill(district, 3)
    assert reads(client_of(district, Role.BUREAU_CLERK), reverse(name)) <= most


@pytest.mark.parametrize("name", LISTS)
def test_a_subdistrict_lists_its_own_firms_only(district: District, name: str) -> None:
    fill(district, 2)
    Enterprise.objects.filter(code="91420114ME00000001").update(subdistrict=district.units["two"])
    page = client_of(district, Role.SUBDISTRICT_CLERK).get(address(*LISTS[name])).content.decode()
    assert re.findall(r"武汉第\d企业有限公司</a>", page) == ["武汉第0企业有限公司</a>"]
    assert "共 1 页，1 条" in page


def test_a_list_of_recommendations_shows_own_firms_only(district: District) -> None:
    row = recommended(district.yi)
    found = {
        role: district.yi.name in client_of(district, role).get(reverse("recommendation-list", args=[row.list_id])).content.decode()
        for role in (Role.BUREAU_CLERK, Role.SUBDISTRICT_CLERK)
    }
    assert found == {Role.BUREAU_CLERK: True, Role.SUBDISTRICT_CLERK: False}


@pytest.mark.parametrize("name", LISTS)
def test_the_export_holds_what_is_shown_and_is_in_the_audit(district: District, name: str) -> None:
    fill(district, 3)
    place, query = LISTS[name]
    answer = client_of(district, Role.BUREAU_CLERK).get(address(place, {**query, "format": "xlsx", "q": "第1企业"}))
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("名单").to_python()[4:]
    assert [row[:2] for row in rows] == [["武汉第1企业有限公司", "91420114ME00000001"]]
    assert AuditEvent.objects.get(action="export").detail["rows"] == 1


def test_every_number_of_a_run_leads_to_as_many_firms() -> None:
    district, _ = seeded()
    assess_all()
    client = client_of(district, Role.SUBDISTRICT_CLERK)
    page = client.get(reverse("assessment", args=[1])).content.decode()
    links = re.findall(r'<a href="(/office/assessments/1/firms/\?[^"]+)">([\d,]+)</a>', page)
    assert len(links) > 20
    for link, number in links:
        listed = client.get(link.replace("&amp;", "&")).content.decode()
        assert f"，{number} 条" in listed
    assert "只计您管辖的 31 家企业" in page
    assert "＝ 31" in page


def test_whoever_may_not_act_reads_why_beside_the_button(district: District) -> None:
    fill(district, 1)
    for name in ("assessments", "to-report-firms"):
        wanted = address("to-report-firms", {"standard": STANDARD}) if name == "to-report-firms" else reverse(name)
        page = client_of(district, Role.SUBDISTRICT_CLERK).get(wanted).content.decode()
        assert "这一步由牵头局经办、牵头局负责人办理，您没有这个岗位。" in page
        assert "aria-disabled" in page


def test_the_button_queues_the_work_and_leads_to_its_progress(district: District) -> None:
    client = client_of(district, Role.BUREAU_CLERK)
    answer = client.post(reverse("assess-everyone"), {"law_date": "2024-06-01", "facts_as_of": ""})
    job = Job.objects.get()
    assert (answer.headers["Location"], job.parameters) == (f"/office/jobs/{job.pk}/", {"law_date": "2024-06-01"})
    again = client.post(reverse("assess-everyone"))
    assert (again.status_code, "已由牵头局经办某提出" in again.content.decode()) == (400, True)
    bad = client.post(reverse("assess-everyone"), {"law_date": "明天"})
    assert (bad.status_code, "不是日期" in bad.content.decode()) == (400, True)


def test_ticked_firms_go_on_a_list_that_is_exported_in_the_form_that_goes_up() -> None:
    district, _ = seeded()
    assess_all(DAY, DAY)
    client = client_of(district, Role.BUREAU_CLERK)
    listing = client.get(address("to-report-firms", {"standard": INNOVATIVE})).content.decode()
    keys = re.findall(r'name="firm" id="firm-\d+" value="(\d+)"', listing)
    assert keys
    page = client.post(reverse("recommend"), {"standard": INNOVATIVE, "firm": keys[:2]}).content.decode()
    made = RecommendationList.objects.get()
    assert (f'已生成<a href="/office/recommendations/{made.pk}/">' in page, Recommendation.objects.count()) == (True, 2)
    answer = client.get(reverse("recommendation-list", args=[made.pk]), {"format": "xlsx"})
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    names = list(Recommendation.objects.order_by("pk").values_list("enterprise__name", flat=True))
    assert (rows[0][0], [row[1] for row in rows[3:5]]) == (made.title, names)
    everybody = client.post(reverse("recommend"), {"standard": INNOVATIVE, "which": "all"})
    assert everybody.status_code == 200
    rest = client.get(address("to-report-firms", {"standard": INNOVATIVE, "verdict": "met"})).content.decode()
    assert "没有应报未报的企业。" in rest


def test_nobody_ticked_is_said(district: District) -> None:
    fill(district, 1)
    answer = client_of(district, Role.BUREAU_CLERK).post(reverse("recommend"), {"standard": STANDARD})
    assert (answer.status_code, "没有选中企业" in answer.content.decode()) == (400, True)


def test_before_the_first_run_every_page_says_what_to_do(district: District) -> None:
    client = client_of(district, Role.BUREAU_CLERK)
    told = {
        name: client.get(reverse(name)).content.decode() for name in ("assessments", "to-report", "assessments-compare", "recommendations")
    }
    assert "还没有做过全员评估。" in told["assessments"]
    assert "还没有做过全员评估" in told["to-report"]
    assert "还没有做过全员评估" in told["assessments-compare"]
    assert "还没有推荐汇总表。" in told["recommendations"]
    assert client.get(reverse("assessment", args=[1])).status_code == 404


@pytest.mark.parametrize("query", ["?kind=nonsense", "?standard=没有这项", "?kind=to-report", "?page=-3", "?page=%00"])
def test_a_bad_address_is_answered_with_a_sentence(district: District, query: str) -> None:
    fill(district, 1)
    assert client_of(district, Role.BUREAU_CLERK).get(reverse("assessment-firms", args=[1]) + query).status_code in {200, 400, 404}


def test_a_lost_file_is_told(district: District) -> None:
    fill(district, 1)
    second = Run.objects.get()
    second.pk, second.number = None, 2
    second.save(force_insert=True)
    answer = client_of(district, Role.BUREAU_CLERK).get(address("assessment-firms", {"standard": STANDARD, "kind": "met"}, number=1))
    assert (answer.status_code, "结果文件已不在" in answer.content.decode()) == (400, True)
