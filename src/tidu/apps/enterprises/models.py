"""Firms, their names, the sheets that sources delivered, the facts in force, and events.

A sheet is what one source said of one firm for one period. Sheets are never changed; ``FactsInForce`` is worked out from
them (``domain/facts_in_force.py``) and can be worked out anew at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import OFFICIALS, Role
from tidu.apps.enterprises.enums import BatchState, Level, NameKind
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


LOCAL_ROLES = frozenset({Role.SUBDISTRICT_CLERK})
"""Roles that see the firms which lie in their unit."""


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    """Ways to ask for firms."""

    def visible_to(self, actor: Actor) -> EnterpriseQuerySet:
        """The one rule of who sees which firm: all for bureau, departments, leaders and auditors; a subdistrict or zone its
        own; a firm itself; nobody else any."""
        if actor.sees_all_firms:
            return self
        mine = Q(pk__in=actor.firms)
        for post in actor.posts:
            if post.role in LOCAL_ROLES and post.unit_path:
                mine |= Q(subdistrict__path__startswith=post.unit_path)
        return self.filter(mine)

    def in_registry(self) -> EnterpriseQuerySet:
        """Firms that were not merged into another."""
        return self.filter(merged_into=None)


class Enterprise(models.Model):
    """One firm. ``name``, ``subdistrict`` and ``initials`` are kept here to search and scope by; all else are facts."""

    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("企业名称", max_length=200, db_index=True)
    initials = models.CharField("拼音首字母", max_length=200, blank=True, db_index=True)
    subdistrict = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="enterprises", verbose_name="所属街道")
    merged_into = models.ForeignKey("self", models.RESTRICT, null=True, blank=True, related_name="merged", verbose_name="并入")
    created_at = models.DateTimeField("登记时间")
    version = models.IntegerField("版本", default=1)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = "企业"
        ordering = ("code",)
        # hardly any firm is merged: an index over all would be taken for useless, and the firms behind one found by reading everybody
        indexes = (models.Index(fields=("merged_into",), name="merged_firms", condition=models.Q(merged_into__isnull=False)),)

    def __str__(self) -> str:
        return self.name


class NameRecord(models.Model):
    """A name a firm has or had; ``folded`` is what names are compared by (brackets, blanks and letters made alike)."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="names", verbose_name="企业")
    name = models.CharField("名称", max_length=200)
    folded = models.CharField("比对用名", max_length=200, db_index=True)
    kind = models.CharField("类别", max_length=10, choices=NameKind)
    since = models.DateField("起", null=True, blank=True)

    class Meta:
        verbose_name = "企业名称"
        constraints = (models.UniqueConstraint(fields=("enterprise", "folded"), name="name_once_per_firm"),)

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where facts come from: a department's register, a report, the firm itself.

    ``name`` is the word of the catalogue of facts (税务, 统计, 自报 …). For a fact, the source that the catalogue names
    comes first; among the others the lower ``rank`` does.
    """

    name = models.CharField("名称", max_length=40, unique=True)
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="sources", verbose_name="单位")
    rank = models.IntegerField("次序", default=50)

    class Meta:
        verbose_name = "数据来源"
        ordering = ("rank", "name")

    def __str__(self) -> str:
        return self.name


class BatchQuerySet(models.QuerySet["Batch"]):
    """Ways to ask for imports."""

    def visible_to(self, actor: Actor) -> BatchQuerySet:
        """The bureau and auditors see all imports, everybody else those of their own units."""
        if actor.has(Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.AUDITOR, Role.AUDIT_ADMIN, Role.DISTRICT_LEADER):
            return self
        mine = Q(pk__in=())
        for post in actor.posts:
            if post.unit_path and post.role in OFFICIALS:
                mine |= Q(unit__path__startswith=post.unit_path)
        return self.filter(mine)


class Batch(models.Model):
    """One import: a file of one source, from upload to the register, and back out as a whole."""

    source = models.ForeignKey(Source, models.RESTRICT, related_name="batches", verbose_name="来源")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="batches", verbose_name="导入单位")
    file_name = models.CharField("文件名", max_length=200)
    file_digest = models.CharField("文件摘要", max_length=64)
    state = models.CharField("状态", max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    plan: models.JSONField[dict[str, Any]] = models.JSONField("列的对应", default=dict)
    counts: models.JSONField[dict[str, Any]] = models.JSONField("数量", default=dict)
    created_by = models.ForeignKey("accounts.User", models.RESTRICT, related_name="+", verbose_name="导入人")
    created_at = models.DateTimeField("上传时间")
    committed_at = models.DateTimeField("入库时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "导入批次"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.file_name


class DataSheet(models.Model):
    """What one source said of one firm for one period: values in stored integers, booleans, words and ISO days.

    ``period`` is 0 for the firm itself, 2023 for a year, 202403 for a month. ``withdrawn_at`` is set where the batch was undone.
    """

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="sheets", verbose_name="企业")
    source = models.ForeignKey(Source, models.RESTRICT, related_name="sheets", verbose_name="来源")
    level = models.SmallIntegerField("层级", choices=Level)
    period = models.IntegerField("期间", default=0)
    values: models.JSONField[dict[str, Any]] = models.JSONField("数值")
    batch = models.ForeignKey(Batch, models.RESTRICT, null=True, blank=True, related_name="sheets", verbose_name="批次")
    received_at = models.DateTimeField("收到时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "数据表"
        ordering = ("pk",)
        indexes = (models.Index(fields=("enterprise", "level", "period"), name="sheet_of_period"),)


class FactsInForce(models.Model):
    """The facts of one firm and period that hold now, each with the sheet it comes from; worked out, never typed in.

    ``origins`` maps a fact to its sheet, ``conflicts`` a fact to the sheets that say otherwise.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="facts", verbose_name="企业")
    level = models.SmallIntegerField("层级", choices=Level)
    period = models.IntegerField("期间", default=0)
    values: models.JSONField[dict[str, Any]] = models.JSONField("数值")
    origins: models.JSONField[dict[str, int]] = models.JSONField("出处")
    conflicts: models.JSONField[dict[str, list[int]]] = models.JSONField("冲突", default=dict)

    class Meta:
        verbose_name = "现行事实"
        constraints = (models.UniqueConstraint(fields=("enterprise", "level", "period"), name="facts_once_per_period"),)


class Event(models.Model):
    """A dated happening of a firm: recognition, contract, award, violation …; ``fields`` as the catalogue names them.

    ``mark`` tells the same happening told twice (by two files, or one file twice): a digest of type and fields.
    """

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="events", verbose_name="企业")
    type = models.CharField("类型", max_length=20)
    day = models.DateField("日期", null=True, blank=True)
    fields: models.JSONField[dict[str, Any]] = models.JSONField("内容")
    mark = models.CharField("标记", max_length=64)
    source = models.ForeignKey(Source, models.RESTRICT, related_name="events", verbose_name="来源")
    batch = models.ForeignKey(Batch, models.RESTRICT, null=True, blank=True, related_name="events", verbose_name="批次")
    received_at = models.DateTimeField("收到时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "事项"
        ordering = ("-day", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "mark"),
                condition=Q(withdrawn_at__isnull=True),
                name="event_once",
                violation_error_message="这件事已经登记过。",
            ),
        )
        indexes = (models.Index(fields=("type", "day"), name="event_type_day"),)

    def __str__(self) -> str:
        return f"{self.type} {self.day or ''}"
