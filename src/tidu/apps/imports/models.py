"""What an import keeps beside its batch (``enterprises.Batch``): its sheets and how they are read, what checking found, and
what was learnt for next time: mappings, codes, names, old numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from tidu.apps.enterprises.models import Batch, Enterprise, Event, NameRecord, Source
from tidu.apps.imports.enums import Choice, Found, Grade, Outcome
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class OfBatchQuerySet(models.QuerySet[Any]):
    """Parts of batches."""

    def visible_to(self, actor: Actor) -> OfBatchQuerySet:
        """Whoever sees the batch sees its parts."""
        return self.filter(batch__in=Batch.objects.visible_to(actor))


class ImportSheet(models.Model):
    """One sheet of a file: what was seen of its columns, and the plan by which it is read."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="import_sheets", verbose_name="批次")
    position = models.IntegerField("位置")
    name = models.CharField("名称", max_length=60)
    source = models.ForeignKey(Source, models.RESTRICT, related_name="+", verbose_name="来源")
    rows = models.IntegerField("数据行", default=0)
    shape = models.CharField("表头摘要", max_length=64, blank=True)
    seen: models.JSONField[dict[str, Any]] = models.JSONField("列的情况", default=dict)
    plan: models.JSONField[dict[str, Any]] = models.JSONField("列的对应", default=dict)
    looked_at = models.BooleanField("已看过", default=False)
    from_memory = models.BooleanField("按上次的对应", default=False)

    objects = OfBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "工作表"
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("batch", "position"), name="sheet_once_per_batch"),)

    def __str__(self) -> str:
        return self.name

    @property
    def included(self) -> bool:
        """Whether anything of it is imported."""
        return bool(self.plan) and bool(self.plan["include"])


class RememberedMapping(models.Model):
    """How a unit read sheets of one source with these headings last time."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name="单位")
    source = models.ForeignKey(Source, models.CASCADE, related_name="+", verbose_name="来源")
    shape = models.CharField("表头摘要", max_length=64)
    plan: models.JSONField[dict[str, Any]] = models.JSONField("列的对应")
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "记住的对应"
        constraints = (models.UniqueConstraint(fields=("unit", "source", "shape"), name="mapping_once"),)


class CodeMeaning(models.Model):
    """What a code in the files of one source means: 1130 in 市场主体类型 is 企业."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", verbose_name="来源")
    identifier = models.CharField("项目", max_length=60)
    code = models.CharField("代码", max_length=100)
    meaning = models.CharField("含义", max_length=60)
    learnt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="说明人")
    learnt_at = models.DateTimeField("说明时间")

    class Meta:
        verbose_name = "代码对照"
        ordering = ("source", "identifier", "code")
        constraints = (models.UniqueConstraint(fields=("source", "identifier", "code"), name="code_means_one_thing"),)

    def __str__(self) -> str:
        return f"{self.code} {self.meaning}"


class PreviewRow(models.Model):
    """One row of a checked file and whose it is."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="preview_rows", verbose_name="批次")
    sheet = models.CharField("工作表", max_length=60)
    row = models.IntegerField("行")
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    name = models.CharField("文件中的名称", max_length=200, blank=True)

    objects = OfBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "逐行结果"
        ordering = ("pk",)
        indexes = (models.Index(fields=("batch", "outcome"), name="preview_outcome"),)


class RowProblem(models.Model):
    """One remark on a checked file: where, which value, which rule, what to do."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="row_problems", verbose_name="批次")
    grade = models.CharField("程度", max_length=12, choices=Grade)
    sheet = models.CharField("工作表", max_length=60, blank=True)
    row = models.IntegerField("行", null=True, blank=True)
    letter = models.CharField("列", max_length=4, blank=True)
    column = models.CharField("列标题", max_length=200, blank=True)
    value = models.CharField("值", max_length=200, blank=True)
    rule = models.CharField("规则", max_length=40)
    message = models.TextField("问题")
    advice = models.TextField("怎么办", blank=True)

    objects = OfBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "检查问题"
        ordering = ("pk",)
        indexes = (models.Index(fields=("batch", "grade"), name="problem_grade"),)


class Disagreement(models.Model):
    """A fact that the file states otherwise than another source whose word is in force."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="disagreements", verbose_name="批次")
    sheet = models.CharField("工作表", max_length=60)
    row = models.IntegerField("行")
    code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("企业名称", max_length=200)
    fact = models.CharField("项目", max_length=60)
    period = models.IntegerField("期间")
    held = models.CharField("现行值", max_length=200)
    held_source = models.CharField("现行来源", max_length=40)
    told = models.CharField("文件中的值", max_length=200)
    wins = models.BooleanField("采用文件中的值")

    objects = OfBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "与现行数据不同"
        ordering = ("pk",)


class NameMatch(models.Model):
    """A name by which rows were looked for, what was found under it, and what a person decided."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="name_matches", verbose_name="批次")
    folded = models.CharField("比对用名", max_length=200)
    name = models.CharField("文件中的名称", max_length=200)
    found = models.CharField("查找结果", max_length=10, choices=Found)
    candidates: models.JSONField[list[dict[str, str]]] = models.JSONField("可能的企业", default=list)
    rows = models.IntegerField("行数", default=0)
    choice = models.CharField("决定", max_length=10, choices=Choice, default=Choice.OPEN, blank=True)
    chosen = models.ForeignKey(Enterprise, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="选定的企业")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    objects = OfBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "名称比对"
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("batch", "folded"), name="name_once_per_batch"),)

    def __str__(self) -> str:
        return self.name


class RegisteredFirm(models.Model):
    """A firm that a batch brought into the registry; it goes with the batch, unless something else has come to rest on it."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="registered_firms", verbose_name="批次")
    enterprise = models.OneToOneField(Enterprise, models.CASCADE, related_name="registered_by", verbose_name="企业")

    class Meta:
        verbose_name = "随批次登记的企业"


class LearntName(models.Model):
    """A name that a batch brought into the registry; it goes when the batch is undone."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="learnt_names", verbose_name="批次")
    record = models.OneToOneField(NameRecord, models.CASCADE, related_name="+", verbose_name="名称")

    class Meta:
        verbose_name = "随批次记下的名称"


class OldNumber(models.Model):
    """The registration number (15 digits, some 13) that a firm had before the unified code."""

    number = models.CharField("注册号", max_length=15, unique=True)
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="old_numbers", verbose_name="企业")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="old_numbers", verbose_name="批次")

    class Meta:
        verbose_name = "注册号"

    def __str__(self) -> str:
        return self.number


class ReplacedEvent(models.Model):
    """An entry of a register that a newer delivery of the same entry replaced; it comes back when that batch is undone."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="replaced_events", verbose_name="批次")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+", verbose_name="事项")

    class Meta:
        verbose_name = "被更新的登记"
        constraints = (models.UniqueConstraint(fields=("batch", "event"), name="event_replaced_once"),)
