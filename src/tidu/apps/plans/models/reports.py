"""Reports by period, every version as handed in, and the timeline from which colours are worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from tidu.apps.materials.models import StoredFile
from tidu.apps.plans.enums import ReportState
from tidu.apps.plans.models.tasks import Assignment

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class OfAssignmentQuerySet(models.QuerySet["models.Model"]):
    """What belongs to a unit's share of a task."""

    way = "assignment"

    def visible_to(self, actor: Actor) -> OfAssignmentQuerySet:
        """Whoever sees the share."""
        return self.filter(**{f"{self.way}__in": Assignment.objects.visible_to(actor).order_by()})


class OfReportQuerySet(OfAssignmentQuerySet):
    """What belongs to a report."""

    way = "report__assignment"


class PlanReport(models.Model):
    """The report of a unit on a task for one period (``2024-03``, ``2024Q1``, ``2024``, ``once``)."""

    assignment = models.ForeignKey(Assignment, models.RESTRICT, related_name="reports", verbose_name="任务分工")
    period = models.CharField("期", max_length=8)
    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.OPEN)
    version = models.IntegerField("版本", default=1)

    objects = OfAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "报送"
        ordering = ("assignment", "period")
        constraints = (models.UniqueConstraint(fields=("assignment", "period"), name="report_once"),)
        indexes = (models.Index(fields=("state",), name="report_state"),)

    def __str__(self) -> str:
        return f"{self.assignment} {self.period}"


class ReportVersion(models.Model):
    """What was handed in, once and for all: words, figures by measure (decimal numbers as text), files."""

    report = models.ForeignKey(PlanReport, models.RESTRICT, related_name="versions", verbose_name="报送")
    number = models.IntegerField("第几次")
    text = models.TextField("进展")
    figures: models.JSONField[dict[str, str]] = models.JSONField("数据", default=dict)
    files = models.ManyToManyField(StoredFile, related_name="plan_reports", verbose_name="附件")
    at = models.DateTimeField("报送时间")
    by = models.BigIntegerField("报送人编号", null=True)
    by_name = models.CharField("报送人", max_length=60)

    objects = OfReportQuerySet.as_manager()

    class Meta:
        verbose_name = "报送稿"
        ordering = ("report", "number")
        constraints = (models.UniqueConstraint(fields=("report", "number"), name="report_version_once"),)


class PlanStep(models.Model):
    """One line of the timeline of a share, never changed. ``period`` is empty where the line speaks of the share itself;
    ``day`` is the legal day of ``at``, ``turn`` the version of share or report that the step made, 0 where it moved nothing. The colours are worked out from these lines alone.
    """

    assignment = models.ForeignKey(Assignment, models.RESTRICT, related_name="steps", verbose_name="任务分工")
    period = models.CharField("期", max_length=8, blank=True)
    turn = models.IntegerField("版本", default=0)
    act = models.CharField("动作", max_length=20)
    at = models.DateTimeField("时间")
    day = models.DateField("日期")
    before = models.CharField("此前", max_length=10, blank=True)
    after = models.CharField("此后", max_length=10, blank=True)
    actor_name = models.CharField("办理人", max_length=60)
    actor_id_number = models.BigIntegerField("办理人编号", null=True)
    text = models.TextField("说明", blank=True)
    detail: models.JSONField[dict[str, Any]] = models.JSONField("内容", default=dict)

    objects = OfAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "任务办理记录"
        ordering = ("assignment", "at", "pk")
        indexes = (models.Index(fields=("act", "day"), name="plan_step_act_day"),)
