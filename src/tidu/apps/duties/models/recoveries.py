"""What goes with a recovery: where it came from, the hearing, the plan of instalments."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from tidu.apps.duties.models.leads import Lead
from tidu.apps.duties.models.scope import ProceedingQuerySet
from tidu.apps.fulfilment.models import Recovery
from tidu.apps.materials.models import StoredFile


class Proceeding(models.Model):
    """The course of one recovery beside its state: the lead, how long the firm may state its case."""

    recovery = models.OneToOneField(Recovery, models.RESTRICT, related_name="proceeding", verbose_name="追缴")
    lead = models.ForeignKey(Lead, models.RESTRICT, null=True, blank=True, related_name="proceedings", verbose_name="线索")
    hearing_until = models.DateField("申辩期限", null=True, blank=True)

    objects = ProceedingQuerySet.as_manager()

    class Meta:
        verbose_name = "追缴经过"


class Statement(models.Model):
    """What the firm says in its defence, and how it was dealt with. What was said is never changed."""

    recovery = models.ForeignKey(Recovery, models.RESTRICT, related_name="statements", verbose_name="追缴")
    text = models.TextField("陈述和申辩")
    files: models.ManyToManyField[StoredFile, Any] = models.ManyToManyField(StoredFile, related_name="duty_statements", verbose_name="材料")
    by_name = models.CharField("提交人", max_length=60)
    at = models.DateTimeField("提交时间")
    handling = models.TextField("处理情况", blank=True)
    handled_by = models.CharField("处理人", max_length=60, blank=True)
    handled_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = "申辩"
        ordering = ("pk",)


class Instalment(models.Model):
    """One agreed part of a recovery; of several plans the last one holds."""

    recovery = models.ForeignKey(Recovery, models.RESTRICT, related_name="instalments", verbose_name="追缴")
    plan = models.IntegerField("第几次约定")
    due = models.DateField("约定日期")
    amount = models.BigIntegerField("金额（分）")
    agreed_by = models.CharField("登记人", max_length=60)
    agreed_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "分期约定"
        ordering = ("recovery", "plan", "due")
        constraints = (
            models.UniqueConstraint(fields=("recovery", "plan", "due"), name="instalment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_positive"),
        )
