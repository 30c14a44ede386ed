"""Campaigns of checks: everybody once a year, or some drawn at random."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.duties.enums import Answer, CampaignKind, CampaignState, CheckState
from tidu.apps.duties.models.scope import CampaignQuerySet, CheckQuerySet
from tidu.apps.fulfilment.models import Obligation
from tidu.apps.materials.models import StoredFile
from tidu.apps.units.models import Unit


class Campaign(models.Model):
    """One round of checks. ``population`` holds of a sampling who could be drawn (identity and tickets), so that the draw can be
    repeated from ``seed`` and ``digest`` by anyone; of a yearly one it is empty: everybody is checked.
    """

    kind = models.CharField("种类", max_length=10, choices=CampaignKind)
    title = models.CharField("名称", max_length=120)
    year = models.IntegerField("年度")
    state = models.CharField("状态", max_length=10, choices=CampaignState, default=CampaignState.OPEN)
    as_of = models.DateField("数据截至")
    due = models.DateField("完成期限")
    filters: models.JSONField[dict[str, str]] = models.JSONField("范围", default=dict)
    population: models.JSONField[list[list[Any]]] = models.JSONField("总体", default=list)
    size = models.IntegerField("总体数量")
    digest = models.CharField("总体摘要", max_length=64)
    seed = models.CharField("种子", max_length=64, blank=True)
    drawn = models.IntegerField("抽取数量", default=0)
    by_risk = models.BooleanField("按风险加权", default=False)
    made_by = models.CharField("发起人", max_length=60)
    made_at = models.DateTimeField("发起时间")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "核查"
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("year",), condition=Q(kind=CampaignKind.YEARLY), name="campaign_yearly_once",
                violation_error_message="这一年度的核查已经发起。",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Check(models.Model):
    """One obligation in one campaign. ``answer`` is what was found, ``by_data`` whether the registry alone decided it."""

    campaign = models.ForeignKey(Campaign, models.RESTRICT, related_name="checks", verbose_name="核查")
    obligation = models.ForeignKey(Obligation, models.RESTRICT, related_name="checks", verbose_name="承诺义务")
    state = models.CharField("状态", max_length=10, choices=CheckState)
    answer = models.CharField("结论", max_length=10, choices=Answer, blank=True)
    by_data = models.BooleanField("由数据判定", default=False)
    why = models.TextField("依据", blank=True)
    missing: models.JSONField[list[str]] = models.JSONField("缺少的数据", default=list)
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="duty_checks", verbose_name="办理单位")
    due = models.DateField("期限", null=True, blank=True)
    finder = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="核查人")
    files: models.ManyToManyField[StoredFile, Any] = models.ManyToManyField(StoredFile, related_name="duty_checks", verbose_name="材料")
    changed_by = models.CharField("最近办理人", max_length=60, blank=True)
    changed_at = models.DateTimeField("最近办理时间")
    version = models.IntegerField("版本", default=1)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = "核查任务"
        ordering = ("campaign", "pk")
        constraints = (
            models.UniqueConstraint(fields=("campaign", "obligation"), name="duty_check_once"),
            models.CheckConstraint(condition=~Q(state=CheckState.DONE) | ~Q(answer=""), name="duty_check_done_has_answer"),
        )
        indexes = (models.Index(fields=("campaign", "state"), name="duty_check_state"),)

    def __str__(self) -> str:
        return f"{self.campaign} {self.obligation.case}"
