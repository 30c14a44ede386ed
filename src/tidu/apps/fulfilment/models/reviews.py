"""Joint review, meeting, public notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import BatchState, CaseState, NoticeState, ObjectionState, Verdict
from tidu.apps.fulfilment.models.cases import Case, Submission
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class OpinionQuerySet(models.QuerySet["Opinion"]):
    """Ways to ask for opinions."""

    def visible_to(self, actor: Actor) -> OpinionQuerySet:
        """Who sees the case sees all opinions on it; a firm sees none."""
        if actor.is_system:
            return self
        if not actor.is_official:
            return self.none()
        return self.filter(case__in=Case.objects.visible_to(actor).order_by().values("pk"))

    def waiting(self) -> OpinionQuerySet:
        """Opinions that were asked for and not given yet."""
        return self.filter(void=False, verdict="", case__state=CaseState.REVIEWING)


class Opinion(models.Model):
    """What one department says of one version of a case; empty until given, void where the case changed since."""

    case = models.ForeignKey(Case, models.RESTRICT, related_name="opinions", verbose_name="办件")
    submission = models.ForeignKey(Submission, models.RESTRICT, related_name="opinions", verbose_name="提交件")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="opinions", verbose_name="部门")
    may_veto = models.BooleanField("一票否决", default=False)
    verdict = models.CharField("意见", max_length=20, choices=Verdict, blank=True)
    reason = models.TextField("理由", blank=True)
    due = models.DateField("反馈期限")
    asked_at = models.DateTimeField("送审时间")
    given_at = models.DateTimeField("反馈时间", null=True, blank=True)
    given_by = models.CharField("反馈人", max_length=60, blank=True)
    void = models.BooleanField("已失效", default=False)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "部门意见"
        ordering = ("case", "submission", "unit__path")
        constraints = (models.UniqueConstraint(fields=("submission", "unit"), name="one_opinion_per_unit_and_version"),)


class DecisionBatchQuerySet(models.QuerySet["DecisionBatch"]):
    """Ways to ask for batches."""

    def visible_to(self, actor: Actor) -> DecisionBatchQuerySet:
        """The bureau, leaders and auditors: what the meeting has before it."""
        return self if actor.has(*SEES_ALL_MONEY) else self.none()


class DecisionBatch(models.Model):
    """Cases that one meeting decides on."""

    title = models.CharField("名称", max_length=120)
    year = models.IntegerField("预算年度")
    state = models.CharField("状态", max_length=10, choices=BatchState, default=BatchState.OPEN)
    minutes = models.TextField("会议纪要", blank=True)
    met_on = models.DateField("会议日期", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = DecisionBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "会审批次"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


SEES_DRAFTS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR)


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Ways to ask for notices."""

    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        """Drafts are for the bureau, leaders and auditors; what was published is for everybody."""
        return self if actor.has(*SEES_DRAFTS) else self.public()

    def public(self) -> NoticeQuerySet:
        """What stands or stood on the public pages."""
        return self.filter(state__in=(NoticeState.PUBLISHED, NoticeState.CLOSED))


class Notice(models.Model):
    """A public notice of decided cases: firm, item, amount; never an account, a telephone or an identity number."""

    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    rows: models.JSONField[list[dict[str, Any]]] = models.JSONField("名单", default=list)
    days = models.IntegerField("公示工作日", default=5)
    state = models.CharField("状态", max_length=10, choices=NoticeState, default=NoticeState.DRAFT)
    contact = models.CharField("联系方式", max_length=200)
    published_on = models.DateField("公示开始", null=True, blank=True)
    until = models.DateField("公示最后一日", null=True, blank=True)
    closed_at = models.DateTimeField("期满办结时间", null=True, blank=True)
    digest = models.CharField("摘要", max_length=64, blank=True)
    created_at = models.DateTimeField("起草时间")
    version = models.IntegerField("版本", default=1)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "公示"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("published_on")), name="notice_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return self.title


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Ways to ask for objections."""

    def visible_to(self, actor: Actor) -> ObjectionQuerySet:
        """The bureau, leaders and auditors; nobody else reads who objected to whom."""
        return self if actor.has(*SEES_DRAFTS) else self.none()


class Objection(models.Model):
    """An objection to one row of a notice; while it is open, that row waits and the others go on."""

    notice = models.ForeignKey(Notice, models.RESTRICT, related_name="objections", verbose_name="公示")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="objections", verbose_name="办件")
    text = models.TextField("异议内容")
    raised_by = models.CharField("提出人（加密）", max_length=400, blank=True)
    state = models.CharField("状态", max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    answer = models.TextField("答复", blank=True)
    received_at = models.DateTimeField("收到时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = "异议"
        ordering = ("notice", "pk")
