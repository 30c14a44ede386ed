"""公示公告 for the public: what runs, what stood, where the money went, and never a number that is private."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.apps.people import District, small_district
from tests.sites.office.money_objects import ACCOUNT, made_batch, made_notice, made_objection
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.domain.guards import working_days_left
from tidu.apps.fulfilment.enums import CaseState, NoticeState, PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models import Case, Notice, Payment
from tidu.kernel.workdays import add_workdays

pytestmark = pytest.mark.django_db
PHONE, IDENTITY = "13800138000", "420114199001011234"
PAGES = ("/notices/", "/notices/announcements/", "/notices/payments/")


@pytest.fixture
def district() -> District:
    return small_district()


def page(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert (answer.status_code, answer.cookies.output()) == (status, "")
    return answer.content.decode()


def test_empty_pages_say_so() -> None:
    assert "现在没有正在公示的名单。" in page("/notices/")
    assert "还没有公告。" in page("/notices/announcements/")
    assert "没有符合条件的兑付记录。" in page("/notices/payments/")


def test_a_running_notice_shows_rows_countdown_and_where_to_object(district: District) -> None:
    notice = made_notice(district, NoticeState.PUBLISHED)
    last = add_workdays(timezone.localdate(), 2)
    Notice.objects.update(published_on=timezone.localdate(), until=last)
    assert "还剩 2 个工作日" in page("/notices/")
    text = page(f"/notices/{notice.pk}/")
    for wanted in (
        "武汉甲精密制造有限公司",
        "91420114MA4KAAAA01",
        "技术合同奖励",
        "1万元",
        "还剩 2 个工作日",
        "027-84940000",
        "怎样提出异议",
    ):
        assert wanted in text
    Notice.objects.update(until=timezone.localdate())
    assert "今天是最后一天" in page(f"/notices/{notice.pk}/")


def test_the_countdown_never_counts_more_days_than_the_notice_has(district: District) -> None:
    notice = made_notice(district, NoticeState.PUBLISHED)
    notice.published_on = timezone.localdate()
    notice.until = add_workdays(notice.published_on, 5)
    days = [notice.published_on + timedelta(days=number) for number in range((notice.until - notice.published_on).days + 1)]
    counted = [working_days_left(notice, day) for day in days]
    assert (counted[0], counted[-1], counted) == (5, 1, sorted(counted, reverse=True))


def test_drafts_and_dropped_notices_are_nowhere(district: District) -> None:
    draft, dropped = made_notice(district, NoticeState.DRAFT), made_notice(district, NoticeState.DROPPED)
    assert "第一批拟支持名单公示" not in page("/notices/") + page("/notices/announcements/")
    for one in (draft, dropped):
        page(f"/notices/{one.pk}/", 404)
        page(f"/notices/announcements/{one.pk}/", 404)


def test_an_announcement_holds_what_stood_only(district: District) -> None:
    notice = made_notice(district, NoticeState.CLOSED, cases=3)
    refused = Case.objects.filter(notice=notice).order_by("pk").first()
    assert refused is not None
    Case.objects.filter(pk=refused.pk).update(state=CaseState.REFUSED)
    text = page(f"/notices/announcements/{notice.pk}/")
    assert "公示的 3 项中，2 项没有异议或者异议不成立，予以支持；其余 1 项不在本公告之列" in text
    assert [item in text for item in (f"{refused.item}<", "第一批拟支持名单公告")] == [False, True]
    assert "第一批拟支持名单公告" in page("/notices/announcements/")
    page(f"/notices/{notice.pk}/", 404)


def test_paid_money_is_public_by_year_and_item(district: District) -> None:
    batch = made_batch(district, PaymentBatchState.CLOSED)
    made_batch(district, PaymentBatchState.SENT)
    text = page("/notices/payments/")
    for wanted in ("武汉甲精密制造有限公司", "10,000.00", "区级", "2024-06-01", "二（三）3", "1 条"):
        assert wanted in text
    assert "武汉甲精密制造有限公司" in page("/notices/payments/?year=2024&clause=二（三）3&q=甲精密")
    assert "没有符合条件" in page("/notices/payments/?q=乙软件")
    page("/notices/payments/?year=1999", 400)
    Case.objects.filter(payments__batch=batch).update(state=CaseState.RECOVERED)
    assert "已退回" in page("/notices/payments/")


def test_the_file_holds_exactly_the_rows_of_the_page(district: District) -> None:
    made_batch(district, PaymentBatchState.CLOSED)
    content = Client().get("/notices/payments/?format=xlsx&year=2024").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("名单").to_python()
    assert [[str(cell) for cell in row[1:8]] for row in rows if "武汉甲精密制造有限公司" in row] == [
        ["91420114MA4KAAAA01", "技术合同奖励（技术合同 1）", "二（三）3", "10,000.00", "区级", "2024-06-01", ""]
    ]


def test_no_public_page_holds_a_private_number(district: District) -> None:
    for state in (NoticeState.PUBLISHED, NoticeState.CLOSED):
        notice = made_notice(district, state)
        for row in notice.rows:
            row["item"] = f"合同 {ACCOUNT} 联系 {PHONE}"
        notice.title = f"公示 {IDENTITY}"
        notice.body = f"账号 {ACCOUNT}，电话 {PHONE}，身份证 {IDENTITY}"
        notice.save()
    made_objection(district)
    batch = made_batch(district, PaymentBatchState.CLOSED)
    Case.objects.filter(payments__batch=batch).update(item=f"合同 {ACCOUNT} {PHONE} {IDENTITY}")
    Payment.objects.update(account_holder=f"甲 {ACCOUNT}", reference=ACCOUNT)
    paths = [*PAGES, *(f"/notices/{one.pk}/" for one in Notice.objects.filter(state="published"))]
    paths += [f"/notices/announcements/{one.pk}/" for one in Notice.objects.filter(state="closed")]
    for path in paths:
        text = page(path)
        assert [marker for marker in (ACCOUNT, ACCOUNT[-8:], PHONE, IDENTITY, "李某", "139000", "5678") if marker in text] == []
    content = Client().get("/notices/payments/?format=xlsx").content
    cells = str(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("名单").to_python())
    assert [marker for marker in (ACCOUNT, PHONE, IDENTITY) if marker in cells] == []


@pytest.mark.parametrize("path", PAGES)
def test_lists_ask_as_many_questions_whatever_their_length(district: District, path: str) -> None:
    counts, batch = [], made_batch(district, PaymentBatchState.CLOSED)
    for more in (1, 2, 60):
        for _ in range(more):
            made_notice(district, NoticeState.PUBLISHED)
            notice = made_notice(district, NoticeState.CLOSED)
            case = Case.objects.get(notice=notice)
            Payment.objects.create(
                case=case, batch=batch, attempt=1, amount=1, account="", account_holder="甲", state=PaymentState.PAID, paid_on=timezone.localdate()
            )  # fmt: skip
        with CaptureQueriesContext(connection) as caught:
            page(path)
        counts.append(len(caught))
    assert (counts[0], counts[1]) == (counts[2], counts[2])


def test_a_long_notice_is_read_by_pages(district: District) -> None:
    notice = made_notice(district, NoticeState.PUBLISHED)
    Notice.objects.filter(pk=notice.pk).update(rows=[{**notice.rows[0], "item": f"合同乙{number:03d}号"} for number in range(250)])
    second = page(f"/notices/{notice.pk}/?page=2")
    assert [f"合同乙{number:03d}号" in second for number in (99, 100, 199, 200)] == [False, True, True, False]
    assert "第 2 页，共 3 页，250 项" in second
    assert Enterprise.objects.count() == 2


def test_the_same_addresses_give_json(district: District) -> None:
    running, closed = made_notice(district, NoticeState.PUBLISHED), made_notice(district, NoticeState.CLOSED, cases=2)
    refused = Case.objects.filter(notice=closed).order_by("pk").first()
    assert refused is not None
    Case.objects.filter(pk=refused.pk).update(state=CaseState.REFUSED, item=f"{PHONE}")
    made_batch(district, PaymentBatchState.CLOSED)
    notice = Client().get(f"/notices/{running.pk}/?format=json").json()
    assert (notice["rows"][0]["firm"], notice["rows"][0]["amount"], notice["count"]) == ("武汉甲精密制造有限公司", "1万元", 1)
    announced = Client().get(f"/notices/announcements/{closed.pk}/?format=json").json()
    assert (announced["title"], announced["count"], announced["left_out"]) == ("第一批拟支持名单公告", 1, 1)
    Case.objects.filter(state=CaseState.PAID).update(item=f"合同 {ACCOUNT}")
    (paid,) = Client().get("/notices/payments/?format=json&year=2024").json()["payments"]
    assert (paid["amount"], paid["day"], paid["returned"], ACCOUNT in str(paid)) == (1_000_000, "2024-06-01", False, False)
