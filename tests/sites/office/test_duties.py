"""Pages of what comes after payment: constant questions, figures that lead to their rows, exports, refusals on the page."""

from __future__ import annotations

from io import BytesIO

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.apps.duties.ground import STAYING, happen, paid, tell
from tests.apps.people import District, firm, small_district
from tests.sites.office.duty_objects import lead_of, recovery_of
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.duties.enums import LeadState
from tidu.apps.duties.models import Instalment, Lead
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.fulfilment.models import Recovery

pytestmark = pytest.mark.django_db
LISTS = ("obligations", "leads", "recoveries")


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def fill(district: District, count: int) -> None:
    """Obligations, leads and recoveries with instalments of so many firms more."""
    for number in range(count):
        one = firm(f"91420114MA4KC{Recovery.objects.count():05d}", f"武汉履约{number}有限公司", district.units["one"])
        lead_of(one)
        recovery = recovery_of(one, RecoveryState.DEMANDED)
        Instalment.objects.create(
            recovery=recovery, plan=1, due="2024-01-01", amount=recovery.amount, agreed_by="某", agreed_at=recovery.opened_at
        )


def queries_of(client: Client, name: str) -> int:
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(reverse(name))
    assert answer.status_code == 200
    return sum(one["sql"].startswith("SELECT") for one in seen.captured_queries)


def test_a_list_of_any_length_takes_the_same_queries(district: District) -> None:
    client = client_of(district, Role.BUREAU_CLERK)
    found: dict[int, dict[str, int]] = {}
    for total, more in ((1, 1), (3, 2), (300, 297)):
        fill(district, more)
        found[total] = {name: queries_of(client, name) for name in LISTS}
    assert found[1] == found[3] == found[300]


def test_the_ledger_counts_lead_to_their_rows_and_the_file_holds_the_same(district: District) -> None:
    tell(district.jia, STAYING)
    paid(district.jia)
    paid(district.yi)
    client = client_of(district, Role.BUREAU_CLERK)
    assert '<a class="key" href="?stand=unknown"><span>不明</span><b>1</b>' in client.get(reverse("obligations")).content.decode()
    answer = client.get(reverse("obligations"), {"stand": "unknown", "format": "xlsx"})
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("名单").to_python()
    firms = [row[0] for row in rows if "有限公司" in str(row[0])] or [row[1] for row in rows if "有限公司" in str(row[1])]
    assert firms == [district.yi.name]
    assert AuditEvent.objects.get(action="export").detail == {"filters": {"stand": "unknown"}, "rows": 1}


def test_one_obligation_shows_facts_with_source_and_says_what_is_missing(district: District) -> None:
    tell(district.jia, {"登记状态": "存续"})
    obligation = paid(district.jia)
    happen(district.jia, "迁移", {"关系": "纳税", "迁往": "420115", "日期": "2023-09-01"})
    text = client_of(district, Role.BUREAU_CLERK).get(reverse("obligation", args=[obligation.pk])).content.decode()
    for wanted in ("纳税关系于 2023-09-01 迁往 420115", "应由税务提供", "500,000.00 元", "第 5 年"):
        assert wanted in text


def test_a_blocked_button_says_why_and_a_refusal_is_said_on_the_page(district: District) -> None:
    lead = lead_of(district.jia, LeadState.VERIFIED)
    Lead.objects.update(verifier=district.people[Role.BUREAU_HEAD])
    head = client_of(district, Role.BUREAU_HEAD)
    assert "线索是您自己核实的，须由另一位负责人决定。" in head.get(reverse("lead", args=[lead.pk])).content.decode()
    recovery = recovery_of(district.yi, RecoveryState.DEMANDED)
    sent = {"act": "receipt", "amount": "600000", "reference": "L1", "on": "2024-05-01"}
    answer = head.post(reverse("recovery-act", args=[recovery.pk]), sent)
    assert (answer.status_code, "还差 50万元，登记的 60万元 多了" in answer.content.decode()) == (400, True)
    plan = head.post(reverse("recovery-act", args=[recovery.pk]), {"act": "plan", "plan": "2026-13-01 5"})
    assert "第 1 行“2026-13-01 5”应为" in plan.content.decode()
    assert Recovery.objects.get().received == 0


def test_the_paper_of_a_recovery_is_word_and_in_the_audit(district: District) -> None:
    recovery = recovery_of(district.jia)
    answer = client_of(district, Role.BUREAU_CLERK).get(reverse("recovery-paper", args=[recovery.pk]))
    assert (answer.status_code, answer.content[:2], AuditEvent.objects.filter(action="paper.made").count()) == (200, b"PK", 1)
