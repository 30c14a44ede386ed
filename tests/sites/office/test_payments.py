"""资金兑现 in the office: from the cases that wait to the voucher, through the pages, with two persons and a returned payment."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.apps.fulfilment.ground import ACCOUNT, NOON, WAN, Ground, achieve, money_district, reread
from tests.apps.fulfilment.test_money_path import decided, listed
from tests.apps.people import small_district
from tests.sites.office.money_objects import made_batch, made_case
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.audit.models import AuditEvent
from tidu.apps.enterprises.models import Event, Source
from tidu.apps.fulfilment.domain.applying import confirm, mend_account
from tidu.apps.fulfilment.domain.budgeting import plan_budget
from tidu.apps.fulfilment.domain.differences import checks
from tidu.apps.fulfilment.domain.noticing import close_notice, draft_notice, publish_notice
from tidu.apps.fulfilment.enums import CaseState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models import Budget, Case, FeedbackFile, Payment, PaymentBatch, Voucher
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.models import Job

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def ground() -> Ground:
    found = money_district()
    achieve(found.district.jia, "认定", {"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2023, 7, 14)})
    return found


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def words(client: Client, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def clerk_of(ground: Ground) -> Client:
    return logged_in(User.objects.get(username="bureau-clerk"))


def cleared(ground: Ground) -> Case:
    """A case whose notice is over, ready to be paid."""
    case = confirm(actor=ground.firm, at=NOON, case=listed(ground), account=ACCOUNT, holder=ground.district.jia.name)
    plan_budget(actor=ground.head, at=NOON, year=2024, payer="区级", clause=case.clause, planned=80 * WAN)
    decided(ground, case)
    notice = draft_notice(actor=ground.clerk, at=NOON, title="公示", body="名单", contact="027-84940000", cases=[reread(case)])
    notice = publish_notice(actor=ground.head, at=NOON, notice=notice)
    close_notice(actor=ground.clerk, at=NOON + timedelta(days=9), notice=notice)
    return reread(case)


def ask_for_batch(client: Client, case: Case) -> str:
    data = {"payer": "区级", "row": [f"{case.pk}:{case.version}"]}
    summary = client.post(reverse("payment-new"), data).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', summary)
    assert seen is not None
    client.post(reverse("payment-new"), {**data, "sure": "yes", "seen": seen[1]})
    return summary


def report(payment: Payment, *, day: str = "", why: str = "") -> SimpleUploadedFile:
    text = f"拨付编号,金额（元）,到账日期,财政流水号,退票原因\n{payment.pk},{payment.amount / 100:.2f},{day},F{payment.pk},{why}\n"
    return SimpleUploadedFile("回执.csv", text.encode())


def take(client: Client, batch: PaymentBatch, file: SimpleUploadedFile) -> str:
    """Upload, look, take; the page of the file afterwards."""
    seen = client.post(reverse("payment-feedback", args=[batch.pk]), {"file": file})
    client.post(seen.headers["Location"].partition("?")[0])
    run_pending(timezone.now)
    return client.get(seen.headers["Location"]).content.decode()


def test_money_goes_out_through_two_persons_comes_back_once_and_arrives(ground: Ground) -> None:
    case, clerk, head = cleared(ground), clerk_of(ground), logged_in(ground.second)
    assert "500,000.00" in words(clerk, "payments")
    summary = ask_for_batch(clerk, case)
    assert "500,000.00 元（人民币伍拾万元整）" in summary
    run_pending(timezone.now)
    batch = PaymentBatch.objects.get()
    assert (Job.objects.get(kind="fulfilment.pay").href, Job.objects.get(kind="fulfilment.pay").result["done"]) == (
        reverse("payment-batch", args=[batch.pk]),
        1,
    )
    assert "这一步由牵头局负责人办理" in words(clerk, "payment-batch", batch.pk)
    head.post(reverse("payment-check", args=[batch.pk]), {"version": batch.version})
    batch.refresh_from_db()
    clerk.post(reverse("payment-send", args=[batch.pk]), {"version": batch.version})
    run_pending(timezone.now)
    batch.refresh_from_db()
    sheet = clerk.post(reverse("payment-allocation", args=[batch.pk]))
    assert (batch.state, len(batch.exported_digest)) == (PaymentBatchState.SENT, 64)
    assert ACCOUNT in [
        cell for row in CalamineWorkbook.from_filelike(BytesIO(sheet.content)).get_sheet_by_index(0).to_python() for cell in row
    ]

    first = batch.payments.get()
    told = take(clerk, batch, report(first, why="户名不符"))
    assert "新登记 1 笔" in told
    returned = words(clerk, "payments-returned")
    assert ("户名不符" in returned, "等企业更正账户" in returned, "户名须与企业名称一致" in returned) == (True, True, True)
    case = reread(case)
    assert case.state == CaseState.BOUNCED

    mend_account(actor=ground.firm, at=NOON, case=case, account="6217000000000000000", holder=case.enterprise.name)
    assert ("已更正，等待重新拨付" in words(clerk, "payments-returned"), "退票 1 次，账户已更正" in words(clerk, "payment-waiting")) == (
        True,
        True,
    )
    ask_for_batch(clerk, reread(case))
    run_pending(timezone.now)
    second = PaymentBatch.objects.exclude(pk=batch.pk).get()
    head.post(reverse("payment-check", args=[second.pk]), {"version": second.version})
    clerk.post(reverse("payment-send", args=[second.pk]), {"version": 2})
    run_pending(timezone.now)
    take(clerk, second, report(second.payments.get(), day=timezone.localdate().isoformat()))
    assert "已重新拨付到账" in words(clerk, "payments-returned")
    assert (reread(case).state, Voucher.objects.count(), [one.key for one in checks() if not one.agrees]) == (CaseState.PAID, 1, [])


def test_what_was_left_out_is_told_row_by_row(ground: Ground) -> None:
    case, clerk = cleared(ground), clerk_of(ground)
    barred = made_case(ground.district, CaseState.CLEARED)
    assert (case.pk, barred.payer) != (barred.pk, "")
    data = {"payer": "区级", "all": "1", "sure": "yes", "seen": f"2:{(case.amount or 0) + (barred.amount or 0)}"}
    asked = clerk.post(reverse("payment-new"), data)
    run_pending(timezone.now)
    page = clerk.get(asked.headers["Location"]).content.decode()
    assert ("办成 1 件，没有办成 1 件" in page, barred.number in page, "按现有数据已不是该事项的对象" in page) == (True, True, True)


def test_messages_tell_who_must_act_next(ground: Ground) -> None:
    clerk, batch = paid_batch(ground)
    inbox = words(logged_in(ground.second), "messages")
    assert (f"拨付批次 {batch.number} 待复核" in inbox, "1 条未读" in inbox) == (True, True)
    assert "没有消息" in words(clerk, "messages")


def paid_batch(ground: Ground) -> tuple[Client, PaymentBatch]:
    case, clerk = cleared(ground), clerk_of(ground)
    ask_for_batch(clerk, case)
    run_pending(timezone.now)
    batch = PaymentBatch.objects.get()
    logged_in(ground.second).post(reverse("payment-check", args=[batch.pk]), {"version": batch.version})
    clerk.post(reverse("payment-send", args=[batch.pk]), {"version": 2})
    run_pending(timezone.now)
    take(clerk, batch, report(batch.payments.get(), day=timezone.localdate().isoformat()))
    return clerk, batch


def test_the_same_report_twice_changes_nothing_and_says_so(ground: Ground) -> None:
    clerk, batch = paid_batch(ground)
    events, vouchers = AuditEvent.objects.count(), list(Voucher.objects.values_list("number", "amount"))
    again = clerk.post(
        reverse("payment-feedback", args=[batch.pk]), {"file": report(batch.payments.get(), day=timezone.localdate().isoformat())}
    )
    page = clerk.get(again.headers["Location"]).content.decode()
    assert "一字不差" in page
    assert "它已经登记过，没有任何改动" in page
    refused = clerk.post(again.headers["Location"].partition("?")[0])
    assert (refused.status_code, "没有再改动" in refused.content.decode()) == (400, True)
    assert (AuditEvent.objects.count(), list(Voucher.objects.values_list("number", "amount"))) == (events, vouchers)


def test_the_books_agree_and_the_voucher_is_a_pdf(ground: Ground) -> None:
    clerk, batch = paid_batch(ground)
    assert "7 项全部一致，没有一分钱的差额" in words(clerk, "reconciliation")
    voucher = Voucher.objects.get()
    assert "人民币伍拾万元整" in words(clerk, "vouchers")
    assert clerk.get(reverse("voucher-paper", args=[voucher.pk])).content.startswith(b"%PDF")
    Voucher.objects.filter(pk=voucher.pk).update(amount=voucher.amount - 1)
    page = words(clerk, "reconciliation")
    assert ("1 项不一致" in page, "0.01" in page, voucher.number in page) == (True, True, True)
    assert batch.number in words(clerk, "vouchers")


def test_every_difference_of_the_books_is_named(ground: Ground) -> None:
    clerk, batch = paid_batch(ground)
    payment = batch.payments.get()
    finance = Source.objects.get(name="财政")
    old = {"条款": "旧", "金额": 1, "日期": "2020-01-01", "资金来源": "区级"}
    Event.objects.create(
        enterprise=ground.district.yi, type="奖补发放", day=date(2020, 1, 1), fields=old, mark="old", source=finance, received_at=NOON
    )
    assert [one.key for one in checks() if not one.agrees] == []
    Event.objects.filter(enterprise=ground.district.jia, type="奖补发放").update(withdrawn_at=NOON)
    Budget.objects.update(committed=F("committed") + 100, planned=F("planned") + 100)
    AuditEvent.objects.filter(action="payment.accounts-revealed").update(detail={})
    found = {one.key: [(row.kind, row.left, row.right) for row in one.differences] for one in checks() if not one.agrees}
    amount = payment.amount
    assert found == {
        "bound": [("budget", amount + 100, amount)],
        "exports": [("batch", amount, 0)],
        "registry": [("payment", amount, 0)],
    }
    page = words(clerk, "reconciliation")
    assert ("3 项不一致" in page, "企业库里没有这一笔发放记录" in page, "没有找到与摘要相符的导出记录" in page) == (True, True, True)
    Case.objects.update(state=CaseState.CLEARED)
    assert [one.key for one in checks() if not one.agrees] == ["bound", "cases", "exports", "registry"]


def test_a_report_with_faults_names_each_cell_before_anything_is_taken() -> None:
    district = small_district()
    batch = made_batch(district, PaymentBatchState.SENT)
    clerk, payment = logged_in(User.objects.get(username="bureau-clerk")), batch.payments.get()
    text = f"拨付编号,金额（元）,到账日期,财政流水号,退票原因\n{payment.pk},1.00,2024-06-01,F1,\n999999,,2024-06-01,F2,\n"
    seen = clerk.post(reverse("payment-feedback", args=[batch.pk]), {"file": SimpleUploadedFile("回执.csv", text.encode())})
    page = clerk.get(seen.headers["Location"]).content.decode()
    assert ("B2" in page, "与拨付金额 10000.00 元不符" in page) == (True, True)
    assert ("A3" in page, "不是这个批次的拨付编号" in page) == (True, True)
    assert "没有可以登记的行" in page
    assert (Payment.objects.get().state, FeedbackFile.objects.get().taken_at) == (PaymentState.SENT, None)


def test_the_maker_reads_why_another_must_check() -> None:
    district = small_district()
    batch = made_batch(district, PaymentBatchState.MADE)
    PaymentBatch.objects.update(maker=User.objects.get(username="bureau-head"))
    head = logged_in(User.objects.get(username="bureau-head"))
    assert "制单人不能复核自己的批次，请另一人复核。" in words(head, "payment-batch", batch.pk)
    refused = head.post(reverse("payment-check", args=[batch.pk]), {"version": batch.version})
    assert (refused.status_code, PaymentBatch.objects.get().state) == (403, PaymentBatchState.MADE)


def test_an_account_is_shown_once_with_a_reason_and_noted_without_it() -> None:
    district = small_district()
    payment = made_batch(district, PaymentBatchState.SENT).payments.get()
    clerk, where = logged_in(User.objects.get(username="bureau-clerk")), reverse("payment-account", args=[payment.pk])
    assert ACCOUNT not in words(clerk, "payment-account", payment.pk)
    unsaid = clerk.post(where, {"reason": "看"})
    assert (unsaid.status_code, ACCOUNT in unsaid.content.decode()) == (400, False)
    shown = clerk.post(where, {"reason": "财政来电核对账号"})
    assert (ACCOUNT in shown.content.decode(), shown.headers["Cache-Control"]) == (True, "no-store")
    event = AuditEvent.objects.get(action="payment.account-revealed")
    assert (event.detail, ACCOUNT in str(event.detail)) == ({"reason": "财政来电核对账号"}, False)
    auditor = logged_in(User.objects.get(username="auditor"))
    assert auditor.post(where, {"reason": "财政来电核对账号"}).status_code == 403


def test_no_list_and_no_export_holds_an_account() -> None:
    district = small_district()
    batch = made_batch(district, PaymentBatchState.SENT)
    made_case(district, CaseState.CLEARED, number=77)
    clerk = logged_in(User.objects.get(username="bureau-clerk"))
    pages = [("payments", ()), ("payment-waiting", ()), ("payment-batches", ()), ("payment-batch", (batch.pk,)), ("payments-returned", ())]
    for name, args in pages:
        assert ACCOUNT not in words(clerk, name, *args)
        assert ACCOUNT.encode() not in clerk.get(reverse(name, args=args) + "?format=xlsx").content
    assert ">****5678<" in words(clerk, "payment-batch", batch.pk)


def test_all_that_the_filter_leaves_is_taken_and_a_changed_list_is_asked_again() -> None:
    district = small_district()
    cases = [made_case(district, CaseState.CLEARED, number=number) for number in range(1, 4)]
    made_case(district, CaseState.CLEARED, number=9, payer="市级")
    clerk = logged_in(User.objects.get(username="bureau-clerk"))
    data = {"payer": "区级", "all": "1", "q": "", "clause": "", "sure": "yes", "seen": f"2:{2 * 1_000_000}"}
    asked = clerk.post(reverse("payment-new"), data)
    assert (asked.status_code, "名单在您核对期间有变化" in asked.content.decode()) == (400, True)
    clerk.post(reverse("payment-new"), {**data, "seen": f"3:{3 * 1_000_000}"})
    assert Job.objects.get().parameters["cases"] == [case.pk for case in cases]
    page = words(clerk, "payment-waiting", query="?payer=市级")
    assert ("上级转拨，不占本区资金" in page, "SL2024-000009" in page, "SL2024-000001" in page) == (True, True, False)


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["payment-waiting", "payment-batch", "vouchers", "payments-returned"])
def test_a_list_asks_as_many_questions_whatever_its_length(name: str) -> None:
    district = small_district()
    clerk = logged_in(User.objects.get(username="bureau-clerk"))
    batch = made_batch(district, PaymentBatchState.CLOSED)
    address = reverse(name, args=[batch.pk] if name == "payment-batch" else [])
    counts, made = [], 1
    for target in (1, 3, 300):
        for number in range(made, target):
            case = made_case(district, CaseState.PAID, number=100 + number)
            for attempt, state in ((1, PaymentState.RETURNED), (2, PaymentState.PAID)):
                payment = Payment.objects.create(
                    case=case, batch=batch, attempt=attempt, amount=1, account=case.account, account_holder="甲", state=state,
                    paid_on=NOON.date(), reference="F",
                )  # fmt: skip
            Voucher.objects.create(payment=payment, number=f"PZ-{number}", amount=1, capitals="人民币壹分", issued_on=NOON.date())
            made_case(district, CaseState.CLEARED, number=1000 + number)
        made = target
        counts.append(queries_of(clerk, address))
    assert (counts[0], counts[1]) == (counts[2], counts[2])


def test_a_stranger_opens_no_money(ground: Ground) -> None:
    stranger = ground.member_of(ground.district.yi)
    client = logged_in(User.objects.get(pk=stranger.user))
    assert [client.get(reverse(name)).status_code for name in ("payments", "payment-batches", "vouchers", "reconciliation")] == [403] * 4


def test_the_finance_department_sees_what_was_handed_to_it() -> None:
    ground = money_district()
    made, sent = made_batch(ground.district, PaymentBatchState.MADE), made_batch(ground.district, PaymentBatchState.SENT)
    finance = logged_in(ground.clerks["finance"])
    assert [finance.get(reverse("payment-batch", args=[one.pk])).status_code for one in (made, sent)] == [404, 200]
    listed_there = words(finance, "payment-batches")
    assert (made.number in listed_there, sent.number in listed_there) == (False, True)
    payment = sent.payments.get()
    to_case = f'href="{reverse("case", args=[payment.case_id])}"'
    page = finance.get(reverse("payment-batch", args=[sent.pk])).content.decode()
    assert (payment.case.enterprise.name in page, to_case in page) == (True, False), "a case the department was not asked about is no link"
    assert to_case in logged_in(ground.district.people[Role.BUREAU_CLERK]).get(reverse("payment-batch", args=[sent.pk])).content.decode()
    shown = finance.post(reverse("payment-account", args=[payment.pk]), {"reason": "核对收款账号"})
    assert (shown.status_code, ACCOUNT in shown.content.decode()) == (200, True)
    market = logged_in(ground.clerks["market"])
    assert market.get(reverse("payment-batch", args=[sent.pk])).status_code == 404
