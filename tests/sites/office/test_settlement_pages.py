"""Pages from settlement to the meeting: constant queries, own firms only, numbers that equal their lists, buttons that say why."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
import python_calamine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from tests.apps.people import District, firm, small_district
from tests.sites.office.settlement_objects import CLAUSE, WAN, made_batch, made_budget, made_candidate, made_case, made_effect, made_run
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models import (
    AdoptedRuling,
    Budget,
    Case,
    Payment,
    PaymentBatch,
    RulingEffect,
    RulingMove,
)
from tidu.apps.jobs.models import Job
from tidu.apps.policies.loaded import packs

pytestmark = pytest.mark.django_db
MOST_QUERIES = 18


@pytest.fixture
def district() -> District:
    return small_district()


def client_of(district: District, role: Role) -> Client:
    client = Client()
    client.force_login(district.people[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(district: District, role: Role, name: str, *args: object, **query: str) -> str:
    answer = client_of(district, role).get(f"{reverse(name, args=args)}?{urlencode(query)}")
    assert answer.status_code == 200
    return answer.content.decode()


def tables(text: str) -> str:
    """The page without its navigation."""
    return text[text.index("<h1>") :]


def fill(district: District, count: int) -> dict[str, list[object]]:
    """So many firms with a candidate, a case in a batch, one waiting, one bound and paid; the arguments of every list."""
    run, batch, budget, effect = made_run(), made_batch(), made_budget(count * 100 * WAN + 1), made_effect()
    paid_in = PaymentBatch.objects.create(
        number="BF1", payer="区级", state=PaymentBatchState.CLOSED, maker=district.people[Role.BUREAU_CLERK], made_at=timezone.now()
    )
    for number in range(count):
        one = firm(f"91420114ME{number:08d}", f"武汉第{number}企业有限公司", district.units["one"])
        made_candidate(run, one, state="unknown" if number % 3 == 2 else "granted", missing=("登记状态",) if number % 3 == 2 else ())
        made_case(one, item="列入", state=CaseState.PROPOSED, batch=batch)
        made_case(one, item="等待")
        bound = made_case(one, item="到账", state=CaseState.PAID, amount=WAN, budget=budget)
        Payment.objects.create(
            case=bound, batch=paid_in, attempt=1, amount=WAN, account="x", account_holder="x", state=PaymentState.PAID, paid_on=run.as_of
        )
        RulingMove.objects.create(
            effect=effect, enterprise=one, award="C3", clause=CLAUSE, title="t", item="i", payer="区级", before=0, after=WAN, why_before="",
            why_after="",
        )  # fmt: skip
    Budget.objects.filter(pk=budget.pk).update(committed=count * WAN, paid=count * WAN)
    return {
        "settlements": [], "settlement": [run.pk], "candidates": [run.pk], "no-application": [], "no-application-listed": [],
        "no-application-new": [run.pk, "C3"], "ruling": ["R1"], "ruling-effect": [effect.pk], "ruling-effect-firms": [effect.pk],
        "batches": [], "batch": [batch.pk], "batch-add": [batch.pk], "batch-decide": [batch.pk], "budgets": [], "budget": [budget.pk],
        "budget-cases": [budget.pk], "budget-payments": [budget.pk],
    }  # fmt: skip


def reads(client: Client, wanted: str) -> int:
    client.get(wanted)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(wanted)
    assert answer.status_code == 200
    return len([one for one in seen.captured_queries if one["sql"].startswith("SELECT")])


def test_lists_of_any_length_take_the_same_queries(district: District) -> None:
    found: dict[str, set[int]] = {}
    for count in (1, 3, 300):
        before = transaction.savepoint()
        client = client_of(district, Role.BUREAU_HEAD)
        for name, args in fill(district, count).items():
            found.setdefault(name, set()).add(reads(client, reverse(name, args=args)))
        transaction.savepoint_rollback(before)
    assert {name: counts for name, counts in found.items() if len(counts) > 1 or max(counts) > MOST_QUERIES} == {}


def test_every_number_of_a_settlement_equals_its_list(district: District) -> None:
    run = made_run()
    made_candidate(run, district.jia)
    made_candidate(run, district.yi, state="unknown", missing=("登记状态",))
    made_candidate(run, district.yi, state="granted", item="另一项", amount=0)
    made_candidate(run, district.jia, state="ruling needed", item="第三项")
    text = tables(page(district, Role.BUREAU_CLERK, "settlement", run.pk))
    links = re.findall(r'data-title="(?!金额)[^"]*"><a href="([^"]*/candidates/\?award=C3&(?:amp;)?kind=[a-z]+)">([\d,]+)</a>', text)
    client = client_of(district, Role.BUREAU_CLERK)
    counted = {}
    for href, number in links:
        listed = client.get(href.replace("&amp;", "&")).content.decode()
        counted[href.rpartition("=")[2]] = (int(number), int(re.findall(r"共 1 页，([\d,]+) 条", listed)[0]))
    assert counted == dict.fromkeys(("payable", "unknown", "zero", "ruling"), (1, 1))
    assert "登记状态" in text


def test_a_subdistrict_counts_and_opens_its_own_firms_only(district: District) -> None:
    run = made_run()
    mine, other = made_candidate(run, district.jia), made_candidate(run, district.yi)
    text = tables(page(district, Role.SUBDISTRICT_CLERK, "candidates", run.pk))
    assert (district.jia.name in text, district.yi.name in text) == (True, False)
    client = client_of(district, Role.SUBDISTRICT_CLERK)
    assert [client.get(reverse("candidate", args=[one.pk])).status_code for one in (mine, other)] == [200, 404]


def test_a_candidate_tells_every_step_and_what_exists(district: District) -> None:
    run = made_run()
    one = made_candidate(run, district.jia)
    made_case(district.jia, number="MS2024-000009")
    text = tables(page(district, Role.BUREAU_CLERK, "candidate", one.pk))
    for wanted in ("市级基数 50万元 × 100% = 50万元", "R1", "MS2024-000009", "500,000.00 元"):
        assert wanted in text


def test_the_list_exports_what_it_shows_and_the_audit_keeps_it(district: District) -> None:
    run = made_run()
    made_candidate(run, district.jia)
    made_candidate(run, district.yi, state="dropped")
    answer = client_of(district, Role.BUREAU_CLERK).get(f"{reverse('candidates', args=[run.pk])}?kind=payable&format=xlsx")
    book = python_calamine.load_workbook(BytesIO(answer.content))
    rows = [row for row in book.get_sheet_by_name("名单").to_python() if district.jia.name in row or district.yi.name in row]
    assert [(row[0], row[5]) for row in rows] == [(district.jia.name, "50")]
    assert AuditEvent.objects.filter(action="export").count() == 1


def test_a_clerk_settles_and_a_leader_reads_why_not(district: District) -> None:
    answer = client_of(district, Role.BUREAU_CLERK).post(reverse("settle"), {"law_date": "2024-06-01", "as_of": "2024-06-01"})
    job = Job.objects.get()
    assert (answer.headers["Location"], job.kind, job.parameters["page"]) == (
        reverse("job", args=[job.pk]), "fulfilment.settle", "/office/settlements/",
    )  # fmt: skip
    assert "您的岗位只能查看" in tables(page(district, Role.DISTRICT_LEADER, "settlements"))


@pytest.mark.parametrize(
    ("days", "code"),
    [({"law_date": "1999-01-01", "as_of": "2024-06-01"}, "no-rule-in-force"), ({"law_date": "x", "as_of": "2024-06-01"}, "bad-date"),
     ({"law_date": "2024-06-01", "as_of": "2999-01-01"}, "as-of-future")],
)  # fmt: skip
def test_days_that_cannot_be_settled_are_refused(district: District, days: dict[str, str], code: str) -> None:
    answer = client_of(district, Role.BUREAU_CLERK).post(reverse("settle"), days)
    assert (answer.status_code, code in answer.content.decode(), Job.objects.count()) == (400, True, 0)


def test_before_listing_it_says_how_many_how_much_and_what_is_left(district: District) -> None:
    run = made_run()
    made_candidate(run, district.jia)
    made_candidate(run, district.yi)
    made_case(district.yi, state=CaseState.LISTED, submission=0)
    Budget.objects.create(year=timezone.localdate().year, payer="区级", clause=CLAUSE, planned=20 * WAN)
    text = tables(page(district, Role.BUREAU_CLERK, "no-application-new", run.pk, "C3"))
    for wanted in ("2 项</a>", "1 项</a>不再列入", "这次列入", ">50</a></td>", ">20</a>", "不够"):
        assert wanted in text
    answer = client_of(district, Role.BUREAU_CLERK).post(reverse("no-application-new", args=[run.pk, "C3"]))
    assert (answer.status_code, Job.objects.get().parameters["award"]) == (302, "C3")


def test_who_has_not_answered_comes_with_the_days(district: District) -> None:
    made_case(district.jia, state=CaseState.LISTED, submission=0, created_at=timezone.now() - timedelta(days=9))
    made_case(district.yi, state=CaseState.WITHDRAWN, submission=0, item="甲")
    made_case(district.yi, state=CaseState.WITHDRAWN, submission=1, item="乙")
    text = tables(page(district, Role.BUREAU_CLERK, "no-application"))
    assert re.findall(r"answer=(\w+)\">(\d+)</a>", text) == [("waiting", "1"), ("confirmed", "1"), ("declined", "1")]
    listed = tables(page(district, Role.BUREAU_CLERK, "no-application-listed", answer="waiting"))
    assert (district.jia.name in listed, district.yi.name in listed, ">9 天（" in listed) == (True, False, True)


def test_a_question_shows_its_default_and_who_chose(district: District) -> None:
    assert "系统默认，还没有人确定" in tables(page(district, Role.DEPARTMENT_CLERK, "open-rulings"))
    AdoptedRuling.objects.create(ruling="R1", choice="全额", reason="局长办公会 3 号", adopted_by="负责人某", adopted_at=timezone.now())
    text = tables(page(district, Role.SUBDISTRICT_CLERK, "ruling", "R1"))
    assert ("局长办公会 3 号" in text, "负责人某" in text, text.count("系统默认</span>")) == (True, True, 1)


def test_a_ruling_is_adopted_with_a_reason_after_its_rehearsal_only(district: District) -> None:
    effect = made_effect(district.jia)
    head, where = client_of(district, Role.BUREAU_HEAD), reverse("ruling-effect", args=[effect.pk])
    stale = head.post(where, {"act": "adopt", "reason": "会议"})
    assert (stale.status_code, AdoptedRuling.objects.count()) == (403, 0)
    RulingEffect.objects.update(packs=dict(packs().digests), made_at=timezone.now())
    assert (head.post(where, {"act": "adopt", "reason": " "}).status_code, AdoptedRuling.objects.count()) == (400, 0)
    assert (head.post(where, {"act": "adopt", "reason": "会议"}).status_code, AdoptedRuling.objects.get().choice) == (302, "全额")
    assert client_of(district, Role.BUREAU_CLERK).post(where, {"act": "adopt", "reason": "会议"}).status_code == 403


def test_cases_go_into_a_batch_with_a_result_for_each(district: District) -> None:
    batch = made_batch()
    ready, not_ready = made_case(district.jia), made_case(district.yi, state=CaseState.REVIEWING)
    answer = client_of(district, Role.BUREAU_CLERK).post(reverse("batch-add", args=[batch.pk]), {"row": [ready.pk, not_ready.pk, 999_999]})
    text = tables(answer.content.decode())
    assert "列入 1 件，没有列入 2 件" in text
    assert "办件现在是“联审中”，不能列入会审。" in text
    batch.refresh_from_db()
    assert (Case.objects.get(pk=ready.pk).batch_id, batch.version) == (batch.pk, 2)


def test_the_meter_foretells_the_refusal(district: District) -> None:
    batch = made_batch()
    made_case(district.jia, state=CaseState.PROPOSED, batch=batch)
    text = tables(page(district, Role.BUREAU_HEAD, "batch-decide", batch.pk))
    assert f"没有编列“区级 {CLAUSE}”的预算，会审决定会被拒绝。请先编列预算。" in text
    made_budget(40 * WAN)
    text = tables(page(district, Role.BUREAU_HEAD, "batch-decide", batch.pk))
    assert "超出 10万元，会审决定会被拒绝。请移出办件或追加预算。" in text
    Budget.objects.update(planned=60 * WAN)
    assert "放得下" in tables(page(district, Role.BUREAU_HEAD, "batch", batch.pk))
    assert '登记会审决定</button><span class="button__why">这一步由牵头局负责人办理' in tables(
        page(district, Role.BUREAU_CLERK, "batch", batch.pk)
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [({"typed": "2"}, "count-differs"), ({"version": "7"}, "batch-changed"), ({"minutes": " "}, "minutes-missing"),
     ({"met_on": "2999-01-01"}, "met-in-future"), ({"met_on": ""}, "bad-date")],
)  # fmt: skip
def test_a_decision_without_its_ground_is_not_queued(district: District, given: dict[str, str], code: str) -> None:
    batch = made_batch()
    made_case(district.jia, state=CaseState.PROPOSED, batch=batch)
    sent = {"version": "1", "minutes": "同意。", "met_on": "2024-06-01", "typed": "1"} | given
    answer = client_of(district, Role.BUREAU_HEAD).post(reverse("batch-decide", args=[batch.pk]), sent)
    assert (answer.status_code, Job.objects.count()) == (400, 0), code


def test_a_row_leaves_a_batch_with_its_reason_on_the_page(district: District) -> None:
    batch = made_batch()
    case = made_case(district.jia, state=CaseState.PROPOSED, batch=batch)
    client, where = client_of(district, Role.BUREAU_CLERK), reverse("batch-take-out", args=[batch.pk, case.pk])
    assert (client.post(where, {"reason": ""}).status_code, Case.objects.get().state) == (400, CaseState.PROPOSED)
    assert client.post(where, {"reason": "合同存疑"}).status_code == 302
    text = tables(page(district, Role.BUREAU_CLERK, "batch", batch.pk))
    assert ("合同存疑" in text, Case.objects.get().state, Case.objects.get().batch_id) == (True, CaseState.REVIEWED, None)


def test_a_budget_is_changed_with_a_reason_and_never_below_what_is_bound(district: District) -> None:
    budget = made_budget(100 * WAN)
    Budget.objects.update(committed=80 * WAN)
    client, where = client_of(district, Role.BUREAU_HEAD), reverse("budget", args=[budget.pk])
    version = str(budget.version)
    refused = [
        client.post(where, {"planned": planned, "reason": reason, "version": seen}).status_code
        for planned, reason, seen in (("79.99", "调减", version), ("90", "", version), ("-1", "x", version), ("90", "x", "99"))
    ]
    assert (refused, Budget.objects.get().planned) == ([400] * 4, 100 * WAN)
    assert client.post(where, {"planned": "80.000001", "reason": "调减", "version": version}).status_code == 302
    assert Budget.objects.get().planned == 80 * WAN + 1


def test_a_department_reads_sums_without_the_firms_behind(district: District) -> None:
    made_budget()
    text = tables(page(district, Role.DEPARTMENT_CLERK, "budgets", year="2024"))
    assert ("区级 二（一）4" in text, "/cases/" in text) == (True, False)
