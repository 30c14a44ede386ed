"""What the pages of the portal say and do, by their forms."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.apps import cases
from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.audit.domain.chain import verify_chain
from tidu.apps.audit.models import AuditEvent
from tidu.apps.corrections.enums import CaseState
from tidu.apps.corrections.models import Correction, Evidence, Filing, FilingVersion
from tidu.apps.registry.domain.merging import confirm_merge, propose_merge
from tidu.apps.registry.models import GrowthPlan

pytestmark = pytest.mark.django_db
LAST = timezone.localdate().year - 1
LIST_QUERIES = 7
"""Session, user, posts, old codes, the firm, unread messages, count and rows; the first of a firm's pages asks for no more."""


@pytest.fixture
def district() -> District:
    made = small_district()
    cases.told(made.jia, cases.sources(made)["税务"], {cases.REVENUE: 100_000_000}, period=LAST)
    return made


def client_of(district: District, role: Role = Role.FIRM_CLERK) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, district: District, *more: Any) -> str:
    return reverse(name, args=[district.jia.code, *more])


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def fill(client: Client, district: District) -> HttpResponse:
    """A filing from its beginning to the receipt, by forms alone."""
    client.post(address("portal-filings", district), {"year": LAST})
    for section, fields in (("finance", {"f-rd_expense": "300"}), ("people", {}), ("product", {"f-main_product": "轴承"})):
        where = address("portal-filing-section", district, LAST, section)
        found = re.search(r'name="version" value="(\d+)"', said(client.get(where)))
        assert found is not None
        client.post(where, {**fields, "do": "done", "version": found[1]})
    where = address("portal-filing-check", district, LAST)
    found = re.search(r'name="version" value="(\d+)"', said(client.get(where)))
    assert found is not None
    return client.post(where, {"version": found[1]})


def test_one_firm_leads_straight_to_its_desk_and_several_to_a_choice(district: District) -> None:
    client = client_of(district)
    assert client.get(reverse("portal")).headers["Location"] == address("portal-desk", district)
    Post.objects.create(user=district.people[Role.FIRM_CLERK], role=Role.FIRM_AGENT, enterprise=district.yi)
    page = said(client.get(reverse("portal")))
    assert re.findall(r"武汉[甲乙]\w+", page) == ["武汉乙软件有限公司", "武汉甲精密制造有限公司"]


def test_a_member_who_comes_to_the_office_is_led_to_the_portal(district: District) -> None:
    assert client_of(district).get(reverse("desk")).headers["Location"] == reverse("portal")


def test_a_filing_by_its_forms_ends_with_a_receipt(district: District) -> None:
    answer = fill(client_of(district), district)
    version = FilingVersion.objects.get()
    assert answer.headers["Location"] == address("portal-filing-receipt", district, LAST, 1)
    assert (version.values, Filing.objects.get().state) == (
        {"firm": {"主导产品": "轴承"}, "year": {"研发费用": 300_000_000}},
        CaseState.SUBMITTED,
    )
    assert (version.receipt in said(client_of(district).get(answer.headers["Location"])), verify_chain()[1]) == (True, [])


def test_looking_at_years_begins_nothing(district: District) -> None:
    client = client_of(district)
    client.get(address("portal-filings", district))
    assert (client.get(address("portal-filing", district, LAST)).status_code, Filing.objects.count()) == (404, 0)


def test_a_wrong_figure_stays_in_its_field_with_the_reason_beside_it(district: District) -> None:
    client = client_of(district)
    client.post(address("portal-filings", district), {"year": LAST})
    answer = client.post(
        address("portal-filing-section", district, LAST, "finance"), {"f-rd_expense": "约三百万", "do": "done", "version": "1"}
    )
    page = said(answer)
    assert (answer.status_code, 'value="约三百万"' in page, 'id="f-rd_expense-error"' in page) == (400, True, True)


def test_an_agent_sees_why_the_filing_cannot_be_submitted(district: District) -> None:
    client = client_of(district)
    client.post(address("portal-filings", district), {"year": LAST})
    Filing.objects.update(finished=["finance", "people", "product"], drafts={"product": {"主导产品": "轴承"}})
    page = said(client_of(district, Role.FIRM_AGENT).get(address("portal-filing-check", district, LAST)))
    assert ("disabled" in page, "代办机构可以填写，提交须由" in page) == (True, True)


def test_a_correction_by_its_form_with_a_file(district: District) -> None:
    client = client_of(district)
    where = f"{address('portal-correction-new', district)}?fact=营业收入&period={LAST}"
    file = SimpleUploadedFile("报告.pdf", cases.PDF, "text/html")
    form = {"fact": cases.REVENUE, "period": LAST, "wanted": "200", "why": "误填为含税收入", "file": file}
    answer = client.post(where, form)
    made = Correction.objects.get()
    page = said(client.get(answer.headers["Location"]))
    assert (made.wanted, "更正申请已提交。" in page, made.receipt in page) == (200_000_000, True, True)
    got = client.get(address("portal-evidence", district, Evidence.objects.get().pk))
    assert (got.content, got.headers["Content-Type"], got.headers["Content-Disposition"][:10]) == (
        cases.PDF,
        "application/pdf",
        "attachment",
    )
    assert f"{made.public}" in said(client.get(address("portal-facts", district)))


def test_a_correction_without_a_value_says_what_is_missing_and_keeps_what_was_typed(district: District) -> None:
    where = f"{address('portal-correction-new', district)}?fact=营业收入&period={LAST}"
    answer = client_of(district).post(where, {"fact": cases.REVENUE, "period": LAST, "wanted": "", "why": "写得很清楚的理由"})
    assert (answer.status_code, "请填写“营业收入”应当是多少" in said(answer), "写得很清楚的理由" in said(answer)) == (400, True, True)


@pytest.mark.parametrize("query", ["", "?fact=没有的", "?fact=营业收入", "?fact=主导产品&period=2023", "?fact=企业名称"])
def test_what_is_no_fact_of_a_period_cannot_be_corrected(district: District, query: str) -> None:
    assert client_of(district).get(address("portal-correction-new", district) + query).status_code == 404


def test_a_returned_correction_is_sent_in_again_by_its_form(district: District) -> None:
    made = cases.correction(district.jia, district.units["tax"], CaseState.RETURNED, reason="请附报告", period=LAST)
    client = client_of(district)
    client.post(
        address("portal-correction", district, made.pk),
        {"move": "resubmit", "wanted": "210", "why": "已附审计报告", "version": made.version},
    )
    made.refresh_from_db()
    assert (made.state, made.wanted) == (CaseState.RESUBMITTED, 210_000_000)


def test_an_office_move_is_none_for_the_firm(district: District) -> None:
    made = cases.correction(district.jia, district.units["tax"])
    answer = client_of(district).post(address("portal-correction", district, made.pk), {"move": "accept", "version": made.version})
    assert (answer.status_code, Correction.objects.get().state) == (400, CaseState.SUBMITTED)


def test_the_list_of_gaps_tells_value_source_and_distance_of_every_fact(district: District) -> None:
    cases.told(district.jia, cases.sources(district)["审计报告"], {"研发费用": 50_000_000}, period=LAST)
    page = said(client_of(district).get(address("portal-gaps", district) + "?standard=专精特新中小企业"))
    assert ("研发费用" in page, "数据有误" in page, "审计报告，2024-06-01 收到" in page) == (True, True, True)


def test_a_way_up_is_kept_as_the_plan_and_a_new_one_puts_the_old_aside(district: District) -> None:
    client = client_of(district)
    for note in ("先做研发", "再想想"):
        client.post(address("portal-way", district), {"standard": "科技型中小企业", "note": note})
    kept = list(GrowthPlan.objects.filter(put_aside_at=None).values_list("note", flat=True))
    assert (kept, GrowthPlan.objects.count(), AuditEvent.objects.filter(action="firm.plan-saved").count()) == (["再想想"], 2, 2)


def test_members_are_granted_and_ended_by_forms(district: District) -> None:
    client, provider = client_of(district, Role.FIRM_LEGAL), district.people[Role.PROVIDER_CLERK]
    until = timezone.localdate().replace(day=1).replace(year=timezone.localdate().year + 1).isoformat()
    client.post(address("portal-members", district), {"username": provider.username, "role": "firm-agent", "until": until})
    post = Post.objects.get(user=provider, role=Role.FIRM_AGENT)
    client.post(address("portal-member-end", district, post.pk))
    assert Post.objects.filter(pk=post.pk).exists() is False


def test_the_code_of_a_merged_firm_leads_to_the_same_page_of_the_one_it_became(district: District) -> None:
    merge = propose_merge(actor=district.actor(Role.BUREAU_HEAD), at=AT, kept=district.jia, gone=district.yi, reason="重复登记")
    confirm_merge(actor=district.actor(Role.BUREAU_CLERK), at=AT, merge=merge, version=merge.version)
    answer = client_of(district).get(reverse("portal-facts", args=[district.yi.code]))
    assert answer.headers["Location"] == address("portal-facts", district)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_a_list_of_any_length_takes_the_same_queries(district: District, count: int) -> None:
    for number in range(count):
        cases.correction(district.jia, district.units["tax"], CaseState.REFUSED, period=2000 + number)
    client = client_of(district)
    client.get(address("portal-corrections", district))
    with CaptureQueriesContext(connection) as seen:
        client.get(address("portal-corrections", district))
    assert len([one for one in seen.captured_queries if one["sql"].startswith("SELECT")]) == LIST_QUERIES + 1


@pytest.mark.parametrize("name", ["portal-desk", "portal-facts", "portal-titles", "portal-filings", "portal-corrections", "portal-ladder", "portal-gaps", "portal-way", "portal-members", "portal-log", "portal-offers", "portal-cases", "portal-payments", "portal-messages"])  # fmt: skip
def test_every_page_stands_for_a_firm_of_which_nothing_is_known(district: District, name: str) -> None:
    Post.objects.create(user=district.people[Role.FIRM_CLERK], role=Role.FIRM_CLERK, enterprise=district.yi)
    assert client_of(district).get(reverse(name, args=[district.yi.code])).status_code == 200
