"""Filings with their immutable versions, corrections, evidence, and the steps each of them went through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import Role
from tidu.apps.corrections.enums import OPEN, PUBLIC, CaseState
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Enterprise
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor

READ_ALL = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.AUDITOR, Role.DISTRICT_LEADER)
OF_UNIT = (Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)


def scope_of(actor: Actor) -> Q:
    """The one rule of who sees which case: the firm its own, the unit in charge those of its own, a subdistrict also those of
    the firms that lie in it, bureau, leaders and auditors all."""
    if actor.has(*READ_ALL):
        return Q()
    mine = Q(enterprise__in=actor.firms)
    for post in actor.posts:
        if post.role in OF_UNIT and post.unit_path:
            mine |= Q(unit__path__startswith=post.unit_path)
        if post.role is Role.SUBDISTRICT_CLERK and post.unit_path:
            mine |= Q(enterprise__subdistrict__path__startswith=post.unit_path)
    return mine


class CaseQuerySet(models.QuerySet[Any]):
    """Ways to ask for filings and corrections."""

    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """See ``scope_of``; an official reads no drafts, they are the firm's own paper until they are submitted."""
        found = self.filter(scope_of(actor))
        return found if actor.firms else found.exclude(state=CaseState.DRAFT)


class Case(models.Model):
    """What filings and corrections share: a state, who is in charge, who moved it last, and the decision.

    ``items`` are the facts that a return asks to mend; ``handler`` is the person to whom a mended case comes back.
    """

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="%(class)ss", verbose_name="企业")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="+", verbose_name="审核单位")
    state = models.CharField("状态", max_length=12, choices=CaseState)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="经办人")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="填写人")
    created_at = models.DateTimeField("建立时间")
    submitted_at = models.DateTimeField("首次提交时间", null=True, blank=True)
    decided_at = models.DateTimeField("审结时间", null=True, blank=True)
    reason = models.TextField("理由", blank=True)
    items: models.JSONField[list[str]] = models.JSONField("须补充的项目", default=list)
    changed_by_name = models.CharField("最近办理人", max_length=60)
    changed_at = models.DateTimeField("最近办理时间")
    sheet = models.ForeignKey(DataSheet, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="入库的数据表")
    version = models.IntegerField("版本", default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def public(self) -> str:
        """The state as the firm reads it."""
        return PUBLIC[CaseState(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether it is on its way through the office."""
        return self.state in OPEN


class Filing(Case):
    """The yearly data of a firm. ``drafts`` holds texts as typed, by section and field; ``finished`` the sections told complete."""

    year = models.IntegerField("年度")
    drafts: models.JSONField[dict[str, dict[str, str]]] = models.JSONField("填写内容", default=dict)
    finished: models.JSONField[list[str]] = models.JSONField("已填完的节", default=list)

    class Meta:
        verbose_name = "年度数据填报"
        ordering = ("-year", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "year"), name="filing_once_a_year", violation_error_message="这一年度已经有填报。"
            ),
        )
        indexes = (models.Index(fields=("state", "unit"), name="filing_state"),)

    def __str__(self) -> str:
        return f"{self.year} 年度数据填报"


class FilingVersion(models.Model):
    """What was submitted at one time, for good: stored values by level, the texts as typed, where a text came from, warnings."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="versions", verbose_name="填报")
    number = models.IntegerField("第几次")
    receipt = models.CharField("受理编号", max_length=40, unique=True)
    values: models.JSONField[dict[str, dict[str, Any]]] = models.JSONField("数值")
    texts: models.JSONField[dict[str, str]] = models.JSONField("填写内容")
    warnings: models.JSONField[list[str]] = models.JSONField("提示", default=list)
    submitted_by = models.CharField("提交人", max_length=60)
    submitted_at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = "填报版本"
        ordering = ("filing", "-number")
        constraints = (models.UniqueConstraint(fields=("filing", "number"), name="filing_version_once"),)

    def __str__(self) -> str:
        return self.receipt


class Correction(Case):
    """A firm says that a fact is wrong: what it is said to be, what it should be, and why.

    ``said`` is the stored value that held when the firm asked (null: none), ``said_source`` who had said it.
    """

    receipt = models.CharField("受理编号", max_length=40, unique=True)
    fact = models.CharField("项目", max_length=60)
    level = models.SmallIntegerField("层级", choices=Level)
    period = models.IntegerField("期间", default=0)
    said: models.JSONField[Any] = models.JSONField("现值", null=True)
    said_source = models.CharField("现值来源", max_length=40, blank=True)
    wanted: models.JSONField[Any] = models.JSONField("应为")
    wanted_text = models.CharField("应为（填写内容）", max_length=200)
    why = models.TextField("说明")

    class Meta:
        verbose_name = "更正申请"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "fact", "level", "period"), condition=Q(state__in=OPEN), name="correction_open_once",
                violation_error_message="这一项的更正正在审核。",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("state", "unit"), name="correction_state"),)

    def __str__(self) -> str:
        return f"{self.fact}更正"


class Step(models.Model):
    """One move of a case: from where to where, by whom, and the reason given; ``inner`` is not shown to the firm."""

    filing = models.ForeignKey(Filing, models.CASCADE, null=True, blank=True, related_name="steps", verbose_name="填报")
    correction = models.ForeignKey(Correction, models.CASCADE, null=True, blank=True, related_name="steps", verbose_name="更正")
    move = models.CharField("办理", max_length=20)
    state = models.CharField("到", max_length=12, choices=CaseState)
    actor_name = models.CharField("办理人", max_length=60)
    at = models.DateTimeField("时间")
    reason = models.TextField("理由", blank=True)
    inner = models.BooleanField("只供内部", default=False)

    class Meta:
        verbose_name = "办理记录"
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(filing__isnull=False, correction__isnull=True) | Q(filing__isnull=True, correction__isnull=False),
                name="step_of_one_case",
                violation_error_message="一条办理记录只属于一件。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.move} {self.at:%Y-%m-%d}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Ways to ask for files."""

    def visible_to(self, actor: Actor) -> EvidenceQuerySet:
        """Who sees the case sees its files; files of a draft only the firm."""
        corrections, filings = Correction.objects.visible_to(actor).order_by(), Filing.objects.visible_to(actor).order_by()
        return self.filter(Q(correction__in=corrections.values("pk")) | Q(filing__in=filings.values("pk")))


class Evidence(models.Model):
    """A file handed in with a case; its content lies under the home, outside of what the web server serves."""

    filing = models.ForeignKey(Filing, models.CASCADE, null=True, blank=True, related_name="files", verbose_name="填报")
    correction = models.ForeignKey(Correction, models.CASCADE, null=True, blank=True, related_name="files", verbose_name="更正")
    name = models.CharField("文件名", max_length=120)
    kind = models.CharField("类型", max_length=10)
    size = models.IntegerField("字节数")
    digest = models.CharField("摘要", max_length=64)
    place = models.CharField("存放处", max_length=200)
    uploaded_by = models.CharField("上传人", max_length=60)
    uploaded_at = models.DateTimeField("上传时间")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "证明材料"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name
