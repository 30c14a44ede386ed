"""What firms declare themselves: the yearly self-check, and a change before it happens."""

from __future__ import annotations

from typing import Any

from django.db import models

from tidu.apps.duties.enums import ReportState
from tidu.apps.duties.models.scope import DeclaredQuerySet
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.materials.models import StoredFile


class SelfCheck(models.Model):
    """What a firm says of a year: whether each relation is still in the district. A later one of the same year holds."""

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="self_checks", verbose_name="企业")
    year = models.IntegerField("年度")
    number = models.IntegerField("第几次")
    answers: models.JSONField[dict[str, bool]] = models.JSONField("回答")
    note = models.TextField("说明", blank=True)
    files: models.ManyToManyField[StoredFile, Any] = models.ManyToManyField(StoredFile, related_name="self_checks", verbose_name="证明材料")
    by_name = models.CharField("提交人", max_length=60)
    at = models.DateTimeField("提交时间")

    objects = DeclaredQuerySet.as_manager()

    class Meta:
        verbose_name = "年度自查"
        ordering = ("enterprise", "-year", "-number")
        constraints = (models.UniqueConstraint(fields=("enterprise", "year", "number"), name="self_check_once"),)


class ChangeReport(models.Model):
    """A change of place that a firm intends, told before it happens, and what the bureau answered."""

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="change_reports", verbose_name="企业")
    relations: models.JSONField[list[str]] = models.JSONField("拟变更")
    to = models.CharField("拟迁往", max_length=120)
    planned_on = models.DateField("拟变更日期")
    reason = models.TextField("原因")
    files: models.ManyToManyField[StoredFile, Any] = models.ManyToManyField(StoredFile, related_name="change_reports", verbose_name="材料")
    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.FILED)
    by_name = models.CharField("提交人", max_length=60)
    at = models.DateTimeField("提交时间")
    answer = models.TextField("答复", blank=True)
    answered_by = models.CharField("答复人", max_length=60, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = DeclaredQuerySet.as_manager()

    class Meta:
        verbose_name = "变更报备"
        ordering = ("-at", "-pk")
