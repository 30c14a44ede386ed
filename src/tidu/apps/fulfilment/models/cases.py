"""Cases: one item of one firm on its way to being paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import FIRM_ROLES, FIRM_SIGNERS, Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.enums import COMMITTED, ENDED, PUBLIC_NAMES, CaseState, Route

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class CaseQuerySet(models.QuerySet["Case"]):
    """Ways to ask for cases."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """The bureau, leaders and auditors see all; a department what it was asked about; a subdistrict its firms'; a firm its own,
        an agent those of them that it began or was given.

        Nobody but the firm sees its drafts.
        """
        if actor.is_system:
            return self
        seen = Q(pk__in=())
        if actor.has(Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR):
            seen |= ~Q(state=CaseState.DRAFT)
        for path in actor.paths(Role.DEPARTMENT_CLERK):
            asked = Case.objects.filter(opinions__unit__path__startswith=path)
            seen |= Q(pk__in=asked.order_by().values("pk"))  # no join: every row once, without DISTINCT over wide rows
        for path in actor.paths(Role.SUBDISTRICT_CLERK):
            seen |= Q(enterprise__subdistrict__path__startswith=path) & ~Q(state=CaseState.DRAFT)
        if actor.roles & FIRM_ROLES:
            given = Case.objects.filter(enterprise__in=actor.firms_as(Role.FIRM_AGENT), people__user=actor.user)
            seen |= Q(enterprise__in=actor.firms_as(*FIRM_SIGNERS)) | Q(pk__in=given.order_by().values("pk"))
        return self.filter(seen)

    def alive(self) -> CaseQuerySet:
        """Cases that were neither refused nor withdrawn."""
        return self.exclude(state__in=ENDED)

    def committed(self) -> CaseQuerySet:
        """Cases whose amount stands against a budget."""
        return self.filter(state__in=COMMITTED)


class Case(models.Model):
    """One item (``award`` + ``item``, as the kernel names it) of one firm.

    ``computed`` is what the settlement gave when it was last asked, ``amount`` what the meeting decided, in fen. ``version``
    counts every change: who acts says which version was seen. ``submission`` is the number of the version in review.
    """

    number = models.CharField("受理编号", max_length=30, blank=True)
    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="cases", verbose_name="企业")
    policy = models.CharField("政策", max_length=120)
    award = models.CharField("事项", max_length=40)
    clause = models.CharField("条款", max_length=60)
    title = models.CharField("名称", max_length=120)
    item = models.CharField("对象", max_length=200)
    payer = models.CharField("资金来源", max_length=20)
    route = models.CharField("方式", max_length=20, choices=Route)
    law_date = models.DateField("政策日期")
    state = models.CharField("状态", max_length=20, choices=CaseState)
    computed = models.BigIntegerField("测算金额（分）", default=0)
    amount = models.BigIntegerField("决定金额（分）", null=True, blank=True)
    budget = models.ForeignKey("fulfilment.Budget", models.RESTRICT, null=True, blank=True, related_name="cases", verbose_name="预算")
    batch = models.ForeignKey(
        "fulfilment.DecisionBatch", models.RESTRICT, null=True, blank=True, related_name="cases", verbose_name="会审批次"
    )
    notice = models.ForeignKey("fulfilment.Notice", models.RESTRICT, null=True, blank=True, related_name="cases", verbose_name="公示")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="经办人")
    due = models.DateField("办理期限", null=True, blank=True)
    account = models.CharField("收款账户（加密）", max_length=400, blank=True)
    account_holder = models.CharField("户名", max_length=200, blank=True)
    draft: models.JSONField[dict[str, Any]] = models.JSONField("草稿", default=dict)
    submission = models.IntegerField("提交次数", default=0)
    created_at = models.DateTimeField("建立时间")
    submitted_at = models.DateTimeField("首次提交时间", null=True, blank=True)
    released_by = models.CharField("放行理由", max_length=200, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "办件"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "policy", "award", "item"), condition=~Q(state__in=ENDED), name="case_alive_once",
                violation_error_message="这家企业的同一事项已有办件。",
            ),
            models.UniqueConstraint(fields=("number",), condition=~Q(number=""), name="case_number_once"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="case_amount_is_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=COMMITTED) | Q(amount__isnull=False, budget__isnull=False), name="committed_case_has_budget"
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("state", "due"), name="case_state_due"), models.Index(fields=("award", "state"), name="case_award"))

    def __str__(self) -> str:
        return self.number or f"{self.title} {self.item}"

    @property
    def public_state(self) -> str:
        """The state in the firm's words."""
        return PUBLIC_NAMES[CaseState(self.state)]


class Submission(models.Model):
    """What was handed in, once and for all: the facts with their sources, the answers, the materials, the computation."""

    case = models.ForeignKey(Case, models.RESTRICT, related_name="submissions", verbose_name="办件")
    number = models.IntegerField("第几次")
    content: models.JSONField[dict[str, Any]] = models.JSONField("内容")
    computation: models.JSONField[dict[str, Any]] = models.JSONField("测算")
    digest = models.CharField("摘要", max_length=64)
    submitted_at = models.DateTimeField("提交时间")
    submitted_by = models.CharField("提交人", max_length=60)

    class Meta:
        verbose_name = "提交件"
        ordering = ("case", "number")
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="submission_once"),)


class Step(models.Model):
    """One line of a case's timeline; the firm sees the ``public`` ones."""

    case = models.ForeignKey(Case, models.RESTRICT, related_name="steps", verbose_name="办件")
    at = models.DateTimeField("时间")
    actor_name = models.CharField("办理人", max_length=60)
    actor_id_number = models.BigIntegerField("办理人编号", null=True)
    act = models.CharField("动作", max_length=30)
    before = models.CharField("此前", max_length=20, choices=CaseState)
    after = models.CharField("此后", max_length=20, choices=CaseState)
    public = models.BooleanField("对企业公开")
    text = models.TextField("说明", blank=True)
    detail: models.JSONField[dict[str, Any]] = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = "办理记录"
        ordering = ("case", "pk")
