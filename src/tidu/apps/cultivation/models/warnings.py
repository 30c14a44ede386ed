"""Warnings with their evidence, and every step of their handling."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from tidu.apps.cultivation.enums import WarningState
from tidu.apps.cultivation.models.scope import OfFirmQuerySet
from tidu.apps.enterprises.models import Enterprise


class FirmWarning(models.Model):
    """One ground for one firm and period; raised once, however often the rules are asked.

    ``evidence`` are rows of name, value and origin as they stood when it was raised; ``vanished_on`` is the day on which
    the ground was first found gone, None while it stands.
    """

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="warnings", verbose_name="企业")
    rule = models.CharField("规则", max_length=30)
    period = models.CharField("期间", max_length=80)
    state = models.CharField("状态", max_length=10, choices=WarningState, default=WarningState.OPEN)
    evidence: models.JSONField[list[dict[str, Any]]] = models.JSONField("依据")
    raised_on = models.DateField("发出日期")
    due_on = models.DateField("办结期限", null=True)
    vanished_on = models.DateField("依据消失日期", null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="认领人")
    owner_name = models.CharField("认领人姓名", max_length=60, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="提请销号"
    )
    note = models.CharField("核实情况", max_length=400, blank=True)
    closing = models.CharField("销号理由", max_length=400, blank=True)
    by_name = models.CharField("最近办理人", max_length=60, blank=True)
    at = models.DateTimeField("最近办理时间")
    version = models.IntegerField("版本", default=1)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "预警"
        ordering = ("-raised_on", "-pk")
        constraints = (models.UniqueConstraint(fields=("enterprise", "rule", "period"), name="warning_once"),)
        indexes = (
            models.Index(fields=("state", "due_on"), name="warning_state"),
            models.Index(fields=("owner", "state"), name="warning_owner"),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.period}"


class WarningStep(models.Model):
    """One step of a warning; never changed."""

    warning = models.ForeignKey(FirmWarning, models.RESTRICT, related_name="steps", verbose_name="预警")
    action = models.CharField("动作", max_length=20)
    before = models.CharField("此前", max_length=10, blank=True)
    after = models.CharField("此后", max_length=10)
    note = models.CharField("说明", max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="办理人")
    by_name = models.CharField("姓名", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "预警步骤"
        ordering = ("pk",)
