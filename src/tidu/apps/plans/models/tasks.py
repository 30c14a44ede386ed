"""Plans, their tasks, and each unit's share of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q

from tidu.apps.plans.enums import REPORTERS, SEES_ALL_PLANS, AssignmentState, Part, PeriodKind
from tidu.apps.plans.models.documents import Extraction, PlanDocument
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


def _own(actor: Actor, way: str) -> Q:
    """Rows whose unit is the actor's or below it."""
    seen = Q(pk__in=())
    for path in actor.paths(*REPORTERS):
        seen |= Q(**{f"{way}unit__path__startswith": path})
    return seen


class PlanQuerySet(models.QuerySet["Plan"]):
    """Ways to ask for plans."""

    def visible_to(self, actor: Actor) -> PlanQuerySet:
        """The bureau, leaders and auditors see all, a unit those it has a share in."""
        if actor.has(*SEES_ALL_PLANS):
            return self
        return self.filter(pk__in=Assignment.objects.visible_to(actor).order_by().values("task__plan"))


class Plan(models.Model):
    """A document put to work, from its first to its last day."""

    document = models.OneToOneField(PlanDocument, models.RESTRICT, null=True, blank=True, related_name="plan", verbose_name="文件")
    title = models.CharField("名称", max_length=300)
    start = models.DateField("开始")
    end = models.DateField("结束")
    made_at = models.DateTimeField("建立时间")
    maker_name = models.CharField("建立人", max_length=60)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "计划"
        ordering = ("-start", "-pk")
        constraints = (models.CheckConstraint(condition=Q(end__gte=F("start")), name="plan_ends_after_start"),)

    def __str__(self) -> str:
        return self.title


class TaskQuerySet(models.QuerySet["Task"]):
    """Ways to ask for tasks."""

    def visible_to(self, actor: Actor) -> TaskQuerySet:
        """The bureau, leaders and auditors see all, a unit those it has a share in."""
        if actor.has(*SEES_ALL_PLANS):
            return self
        return self.filter(pk__in=Assignment.objects.visible_to(actor).order_by().values("task"))


class Task(models.Model):
    """What is to be done by a clause: how often it is reported on, from when to when, and what is measured.

    ``measures``: id, name and unit of every figure that a report must hold.
    """

    plan = models.ForeignKey(Plan, models.RESTRICT, related_name="tasks", verbose_name="计划")
    number = models.IntegerField("序号")
    clause = models.ForeignKey(Extraction, models.RESTRICT, null=True, blank=True, related_name="tasks", verbose_name="条款")
    path = models.CharField("条款号", max_length=80)
    title = models.CharField("任务", max_length=200)
    text = models.TextField("内容", blank=True)
    period = models.CharField("报送周期", max_length=10, choices=PeriodKind)
    start = models.DateField("开始")
    end = models.DateField("结束或完成期限")
    measures: models.JSONField[list[dict[str, Any]]] = models.JSONField("指标", default=list)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        ordering = ("plan", "number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="task_number_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="task_ends_after_start"),
        )

    def __str__(self) -> str:
        return self.title


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Ways to ask for shares of tasks."""

    def visible_to(self, actor: Actor) -> AssignmentQuerySet:
        """The bureau, leaders and auditors see all; a unit its own, and all shares of tasks that it leads. Drafts are the bureau's."""
        if actor.has(*SEES_ALL_PLANS):
            return self
        issued = self.exclude(state=AssignmentState.DRAFT)
        led = Assignment.objects.filter(_own(actor, ""), part=Part.LEAD).exclude(state=AssignmentState.DRAFT)
        return issued.filter(_own(actor, "") | Q(task__in=led.order_by().values("task")))


class Assignment(models.Model):
    """One unit's share of a task. ``version`` counts every change; the days are legal days and are set once."""

    task = models.ForeignKey(Task, models.RESTRICT, related_name="assignments", verbose_name="任务")
    unit = models.ForeignKey(Unit, models.RESTRICT, related_name="assignments", verbose_name="单位")
    part = models.CharField("职责", max_length=10, choices=Part)
    state = models.CharField("状态", max_length=10, choices=AssignmentState, default=AssignmentState.DRAFT)
    issued_on = models.DateField("下达日", null=True, blank=True)
    ended_on = models.DateField("销号或撤销日", null=True, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "任务分工"
        ordering = ("task", "pk")
        constraints = (models.UniqueConstraint(fields=("task", "unit"), name="assignment_once"),)
        indexes = (models.Index(fields=("unit", "state"), name="assignment_unit_state"),)

    def __str__(self) -> str:
        return f"{self.task.title}（{self.unit.short_name}）"
