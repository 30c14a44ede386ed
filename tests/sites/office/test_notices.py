"""公示管理 in the office: from the decided batch over the draft to the announcement, with an objection to one row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.apps.people import District, small_district
from tests.sites.office.money_objects import made_notice, made_objection, notice_batch_object
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.models import AuditEvent
from tidu.apps.fulfilment.domain.noticing import drop_notice, publish_notice, reword_notice
from tidu.apps.fulfilment.enums import CaseState, NoticeState, ObjectionState
from tidu.apps.fulfilment.models import Budget, Case, DecisionBatch, Notice, Objection
from tidu.apps.jobs.domain.running import run_pending
from tidu.apps.jobs.models import Job
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def district() -> District:
    return small_district()


def person(district: District, role: Role) -> Client:
    client = Client()
    client.force_login(district.people[role], backend=BACKEND)
    return client


def words(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_from_the_decided_batch_to_the_announcement(district: District) -> None:
    clerk, head = person(district, Role.BUREAU_CLERK), person(district, Role.BUREAU_HEAD)
    (number,) = notice_batch_object(district, Role.BUREAU_CLERK, True)
    assert DecisionBatch.objects.get(pk=number).title in words(clerk, "notice-new")
    form = words(clerk, "notice-draft", number)
    assert ("第一批拟支持名单公示" in form, "名单共 1 项，合计 10,000.00 元，公示 5 个工作日。" in form) == (True, True)
    given = {"title": "第一批公示", "body": "现予公示。", "contact": "科经局 027-84940000"}
    preview = clerk.post(reverse("notice-draft", args=[number]), {**given, "preview": "1"}).content.decode()
    assert ("武汉甲精密制造有限公司" in preview, "怎样提出异议" in preview, Notice.objects.count()) == (True, True, 0)
    clerk.post(reverse("notice-draft", args=[number]), given)
    run_pending(timezone.now)
    notice = Notice.objects.get()
    assert Job.objects.get(kind="fulfilment.notice").href == reverse("notice", args=[notice.pk])
    assert "这一步由牵头局负责人办理" in words(clerk, "notice", notice.pk)
    head.post(reverse("notice-publish", args=[notice.pk]), {"version": notice.version})
    run_pending(timezone.now)
    page = words(clerk, "notice", notice.pk)
    assert ("还剩 5 个工作日" in page, "期满无异议才能拨付" in page, "登记异议" in page) == (True, True, True)
    today = timezone.localdate()
    Notice.objects.update(published_on=today - timedelta(days=9), until=today - timedelta(days=1))
    clerk.post(reverse("notice-close", args=[notice.pk]))
    run_pending(timezone.now)
    assert (Notice.objects.get().state, Case.objects.get().state) == (NoticeState.CLOSED, CaseState.CLEARED)
    papers = [
        clerk.get(reverse("notice-paper", args=[notice.pk, kind, form])) for kind in ("notice", "announcement") for form in ("docx", "pdf")
    ]
    assert [one.status_code for one in papers] == [200] * 4


def test_the_preview_is_what_the_public_sees(district: District) -> None:
    notice = made_notice(district, NoticeState.PUBLISHED)
    inside, outside = words(person(district, Role.BUREAU_CLERK), "notice-preview", notice.pk), Client().get(f"/notices/{notice.pk}/")
    begin, end = '<div class="panel prose-lines">', "</table>"
    public = outside.content.decode()
    assert inside[inside.index(begin) : inside.index(end)] == public[public.index(begin) : public.index(end)]


def test_an_objection_stops_its_row_and_names_nobody(district: District) -> None:
    clerk, head = person(district, Role.BUREAU_CLERK), person(district, Role.BUREAU_HEAD)
    notice = made_notice(district, NoticeState.PUBLISHED, cases=2)
    case = Case.objects.order_by("pk").first()
    assert case is not None
    clerk.post(reverse("objection-new", args=[notice.pk, case.pk]), {"text": "金额有疑问", "who": "李某 13900001111"})
    made = Objection.objects.get()
    assert ("李某" in made.raised_by, made.raised_by.startswith("sm4:")) == (False, True)
    assert sorted(Case.objects.values_list("state", flat=True)) == [CaseState.NOTICED, CaseState.OBJECTED]
    pages = words(clerk, "objections") + words(clerk, "objection", made.pk) + words(clerk, "notice", notice.pk)
    assert ("金额有疑问" in pages, "李某" in pages, "13900001111" in pages) == (True, False, False)
    assert "这一步由牵头局负责人办理" in words(clerk, "objection", made.pk)
    unsaid = head.post(reverse("objection", args=[made.pk]), {"verdict": "", "answer": "已核"})
    assert (unsaid.status_code, "请选择异议成立还是不成立" in unsaid.content.decode()) == (400, True)
    budget = Budget.objects.get()
    head.post(reverse("objection", args=[made.pk]), {"verdict": "upheld", "answer": "经核不符"})
    made.refresh_from_db()
    case.refresh_from_db()
    freed = budget.committed - Budget.objects.get().committed
    assert (made.state, case.state, freed) == (ObjectionState.UPHELD, CaseState.REFUSED, case.amount)


def test_who_objected_is_shown_once_to_the_head_with_a_reason(district: District) -> None:
    made = made_objection(district)
    head = person(district, Role.BUREAU_HEAD)
    shown = head.post(reverse("objection-who", args=[made.pk]), {"reason": "需要核实情况"})
    event = AuditEvent.objects.get(action="objection.revealed")
    assert ("李某 13900001111" in shown.content.decode(), event.detail) == (True, {"reason": "需要核实情况"})
    assert person(district, Role.BUREAU_CLERK).post(reverse("objection-who", args=[made.pk]), {"reason": "需要核实情况"}).status_code == 403


def test_a_draft_is_worded_anew_from_the_version_seen(district: District) -> None:
    notice, actor, at = made_notice(district, NoticeState.DRAFT), district.actor(Role.BUREAU_CLERK), timezone.now()
    stale = Notice.objects.get()
    reword_notice(actor=actor, at=at, notice=notice, title="新标题", body="新正文", contact="科经局")
    with pytest.raises(TiduError, match="已由别人发布或改动"):
        reword_notice(actor=actor, at=at, notice=stale, title="旧标题", body="旧正文", contact="科经局")
    with pytest.raises(TiduError, match="请填写公示的标题、联系方式"):
        reword_notice(actor=actor, at=at, notice=notice, title=" ", body="正文", contact="")
    assert (Notice.objects.get().title, AuditEvent.objects.filter(action="notice.reworded").count()) == ("新标题", 1)


def test_a_dropped_draft_frees_its_cases_for_another(district: District) -> None:
    notice, actor = made_notice(district, NoticeState.DRAFT), district.actor(Role.BUREAU_CLERK)
    with pytest.raises(TiduError, match="请写明作废公示稿的理由"):
        drop_notice(actor=actor, at=timezone.now(), notice=notice, reason=" ")
    drop_notice(actor=actor, at=timezone.now(), notice=notice, reason="名单有误")
    assert (Notice.objects.get().state, Case.objects.get().notice_id, Case.objects.get().state) == (
        NoticeState.DROPPED,
        None,
        CaseState.DECIDED,
    )


def test_who_was_taken_back_since_the_draft_is_not_published(district: District) -> None:
    notice, head = made_notice(district, NoticeState.DRAFT, cases=2), district.actor(Role.BUREAU_HEAD)
    gone = Case.objects.order_by("pk").first()
    assert gone is not None
    Case.objects.filter(pk=gone.pk).update(state=CaseState.REFUSED)
    assert "有 1 项起草后取消了支持" in words(person(district, Role.BUREAU_HEAD), "notice-publish", notice.pk)
    published = publish_notice(actor=head, at=timezone.now(), notice=notice)
    assert [row["case"] for row in published.rows] == list(Case.objects.exclude(pk=gone.pk).values_list("pk", flat=True))
    Case.objects.update(state=CaseState.REFUSED)
    other = made_notice(district, NoticeState.DRAFT)
    Case.objects.filter(notice=other).update(state=CaseState.REFUSED)
    with pytest.raises(TiduError, match="没有可以公示的"):
        publish_notice(actor=head, at=timezone.now(), notice=other)
    other.refresh_from_db()
    assert other.state == NoticeState.DRAFT


def test_departments_read_what_is_public_and_no_drafts(district: District) -> None:
    shown, draft = made_notice(district, NoticeState.PUBLISHED), made_notice(district, NoticeState.DRAFT)
    client = person(district, Role.DEPARTMENT_CLERK)
    assert [client.get(reverse("notice", args=[one.pk])).status_code for one in (shown, draft)] == [200, 404]
    assert client.get(reverse("objections")).status_code == 403
