"""承诺与履约 as the firm sees it: its own duties, its declarations, samplings with proof, the hearing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.apps.duties.ground import STAYING, paid, tell
from tests.apps.materials.files import png
from tests.apps.people import District, small_district
from tests.sites.office.duty_objects import check_of, recovery_of, report_of
from tidu.apps.accounts.enums import Role
from tidu.apps.duties.enums import Answer, CheckState, Ground, ReportState
from tidu.apps.duties.models import ChangeReport, Check, Lead, SelfCheck, Statement
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.materials.domain.keeping import may_drop
from tidu.apps.materials.models import StoredFile

pytestmark = pytest.mark.django_db
YES = {"place-registered": "yes", "place-tax": "yes", "place-statistics": "yes"}


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role = Role.FIRM_CLERK) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("执照.png", png(), "image/png")


def test_the_ledger_holds_the_own_duties_only_and_asks_the_same_questions(district: District) -> None:
    tell(district.jia, STAYING)
    mine, other = paid(district.jia), paid(district.yi)
    client, counted = client_of(district), []
    for more in (0, 2, 40):
        for _ in range(more):
            paid(district.jia)
        with CaptureQueriesContext(connection) as seen:
            text = client.get(reverse("portal-duties", args=[district.jia.code])).content.decode()
        counted.append(sum(one["sql"].startswith("SELECT") for one in seen.captured_queries))
    assert (mine.case.number in text, other.case.number in text, len(set(counted))) == (True, False, 1)


def test_a_self_check_is_kept_and_what_is_gone_becomes_a_lead(district: District) -> None:
    paid(district.jia)
    client, year = client_of(district), timezone.localdate().year
    address = reverse("portal-self-check", args=[district.jia.code, year])
    gone = {**YES, "place-tax": "no"}
    answer = client.post(address, gone)
    assert (answer.status_code, "纳税已不在本区，请写明何时、迁往何处、为什么。" in answer.content.decode()) == (400, True)
    for told in ({**YES, "file": picture()}, {**gone, "note": "6 月迁到邻区"}):
        assert client.post(address, told).status_code == 302
    found = [(one.number, one.answers["纳税"], one.files.count()) for one in SelfCheck.objects.order_by("number")]
    assert found == [(1, True, 1), (2, False, 0)]
    assert [(one.ground, one.title) for one in Lead.objects.all()] == [(Ground.REPORTED, f"{year} 年度自查：纳税已不在本区。6 月迁到邻区")]
    closed = reverse("portal-self-check", args=[district.jia.code, year - 2])
    assert f"不能填写 {year - 2} 年度" in client.post(closed, YES).content.decode()


def test_who_owes_nothing_and_an_agent_read_why_they_cannot_declare(district: District) -> None:
    address = reverse("portal-self-check", args=[district.jia.code, timezone.localdate().year])
    assert "没有承诺义务，不用自查和报备" in client_of(district).get(address).content.decode()
    paid(district.jia)
    assert client_of(district, Role.FIRM_AGENT).post(address, YES).status_code == 403
    assert SelfCheck.objects.count() == 0


def test_a_change_is_reported_with_the_money_that_depends_on_it_and_can_be_taken_back(district: District) -> None:
    tell(district.jia, STAYING)
    paid(district.jia, on=timezone.localdate().replace(day=1))
    client = client_of(district, Role.FIRM_LEGAL)
    address = reverse("portal-change-report", args=[district.jia.code])
    assert "合计 500,000.00 元" in client.get(address).content.decode()
    told = {"relation": ["注册地", "纳税"], "to": "某市某区", "on": "2099-01-01", "reason": "扩建厂房"}
    assert "须在今天以后" in client.post(address, {**told, "on": "2024-01-01"}).content.decode()
    assert client.post(address, told).status_code == 302
    made = ChangeReport.objects.get()
    assert (made.relations, Lead.objects.get().ground) == (["注册地", "纳税"], Ground.REPORTED)
    client.post(reverse("portal-change-withdraw", args=[district.jia.code, made.pk]), {"version": "1"})
    made.refresh_from_db()
    assert made.state == ReportState.WITHDRAWN
    other = report_of(district.yi)
    assert client.post(reverse("portal-change-withdraw", args=[district.jia.code, other.pk]), {"version": "1"}).status_code == 404


def test_proof_of_a_sampling_is_kept_in_use_and_a_finding_can_be_answered(district: District) -> None:
    check = check_of(district.jia, CheckState.WAITING)
    client, address = client_of(district), reverse("portal-duty-check", args=[district.jia.code, check.pk])
    client.post(address, {"act": "hand-in", "version": "1", "words": "仍在本区", "file": picture()})
    check.refresh_from_db()
    file = StoredFile.objects.get()
    assert (check.state, list(check.files.all()), may_drop(district.actor(Role.FIRM_CLERK), file).code) == (
        CheckState.HANDED, [file], "material-in-use",
    )  # fmt: skip
    assert client.get(reverse("portal-duty-proof", args=[district.jia.code, file.pk])).status_code == 200
    Check.objects.update(state=CheckState.FOUND, answer=Answer.UNMET, why="执照过期")
    assert "拟定结论" in client.get(address).content.decode()
    assert client.post(address, {"act": "find", "version": "2", "words": "x", "answer": "met"}).status_code == 400
    client.post(address, {"act": "state", "version": "2", "words": "已换新照"})
    check.refresh_from_db()
    assert check.state == CheckState.STATED


def test_a_bad_file_is_refused_with_its_reason_and_nothing_is_kept(district: District) -> None:
    check = check_of(district.jia, CheckState.WAITING)
    address = reverse("portal-duty-check", args=[district.jia.code, check.pk])
    bad = SimpleUploadedFile("执照.pdf", b"MZ\x90 not a pdf", "application/pdf")
    answer = client_of(district).post(address, {"act": "hand-in", "version": "1", "words": "仍在本区", "file": bad})
    check.refresh_from_db()
    assert (answer.status_code, check.state, check.version, StoredFile.objects.count()) == (400, CheckState.WAITING, 1, 0)


def test_the_firm_states_its_case_while_it_may(district: District) -> None:
    recovery = recovery_of(district.jia, RecoveryState.NOTIFIED)
    client, address = client_of(district), reverse("portal-recovery", args=[district.jia.code, recovery.pk])
    assert client.post(address, {"words": "没有迁出", "file": picture()}).status_code == 302
    made = Statement.objects.get()
    assert (made.text, made.files.count()) == ("没有迁出", 1)
    recovery.state = RecoveryState.DEMANDED
    recovery.save()
    assert client.post(address, {"words": "再说"}).status_code == 403
    assert "收到告知后、作出决定前可以申辩" in client.get(address).content.decode()
    assert Statement.objects.count() == 1
