"""Leads: something happened to a paid firm that should be looked at."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.duties.enums import Ground, LeadState
from tidu.apps.duties.models.campaigns import Check
from tidu.apps.duties.models.scope import InternalQuerySet
from tidu.apps.enterprises.models import Enterprise


class Lead(models.Model):
    """One happening of one firm, told once however often it is delivered (``mark``).

    ``occurrence`` counts the same ground coming back after it was gone; ``evidence`` are rows of name, text, source and day.
    """

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="leads", verbose_name="企业")
    ground = models.CharField("缘由", max_length=12, choices=Ground)
    mark = models.CharField("标记", max_length=80)
    occurrence = models.IntegerField("第几次", default=1)
    title = models.CharField("内容", max_length=200)
    evidence: models.JSONField[list[dict[str, Any]]] = models.JSONField("依据")
    state = models.CharField("状态", max_length=12, choices=LeadState, default=LeadState.OPEN)
    raised_on = models.DateField("发现日期")
    due = models.DateField("核实期限", null=True, blank=True)
    vanished_on = models.DateField("依据消失日期", null=True, blank=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="经办人")
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="核实人")
    finding = models.TextField("核实情况", blank=True)
    changed_by = models.CharField("最近办理人", max_length=60, blank=True)
    changed_at = models.DateTimeField("最近办理时间")
    version = models.IntegerField("版本", default=1)

    objects = InternalQuerySet.as_manager()

    class Meta:
        verbose_name = "履约线索"
        ordering = ("-raised_on", "-pk")
        constraints = (models.UniqueConstraint(fields=("enterprise", "mark", "occurrence"), name="lead_once"),)
        indexes = (models.Index(fields=("state", "due"), name="lead_state"),)

    def __str__(self) -> str:
        return self.title


class DutyStep(models.Model):
    """One line in the course of a lead or of a check; never changed. The firm sees the ``public`` ones."""

    lead = models.ForeignKey(Lead, models.RESTRICT, null=True, blank=True, related_name="steps", verbose_name="线索")
    check_of = models.ForeignKey(Check, models.RESTRICT, null=True, blank=True, related_name="steps", verbose_name="核查任务")
    act = models.CharField("动作", max_length=40)
    text = models.TextField("说明", blank=True)
    public = models.BooleanField("对企业公开", default=False)
    by_name = models.CharField("办理人", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "办理记录"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(lead__isnull=False, check_of__isnull=True) | Q(lead__isnull=True, check_of__isnull=False),
                name="duty_step_of_one",
            ),
        )
