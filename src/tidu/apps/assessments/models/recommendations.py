"""Recommendations: which firms go up for a title, on what ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.assessments.models.runs import Run
from tidu.apps.assessments.models.standings import OfFirms, Outcome, StandardName
from tidu.apps.enterprises.models import Enterprise

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class RecommendationListQuerySet(models.QuerySet["RecommendationList"]):
    """Ways to ask for lists."""

    def visible_to(self, actor: Actor) -> RecommendationListQuerySet:
        """Every official sees that a list was made; which firms stand on it is asked of the firms."""
        return self if actor.is_official else self.none()


class RecommendationList(models.Model):
    """One 推荐汇总表: the firms recommended together for one standard."""

    standard = models.ForeignKey(StandardName, models.RESTRICT, related_name="lists", verbose_name="标准")
    version = models.CharField("文本", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=120)
    run = models.ForeignKey(Run, models.RESTRICT, related_name="lists", verbose_name="依据的评估")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="制表人")
    actor_name = models.CharField("姓名", max_length=60)
    created_at = models.DateTimeField("制表时间")

    objects = RecommendationListQuerySet.as_manager()

    class Meta:
        verbose_name = "推荐汇总表"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


class Recommendation(models.Model):
    """One firm on a list, with the ground frozen: verdict, score, the inputs the rules read, the digest of the packs.

    ``judgement`` is what the clerk decided where the standard leaves something to a person.
    """

    list = models.ForeignKey(RecommendationList, models.RESTRICT, related_name="rows", verbose_name="汇总表")
    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="recommendations", verbose_name="企业")
    standard = models.ForeignKey(StandardName, models.RESTRICT, related_name="+", verbose_name="标准")
    year = models.PositiveSmallIntegerField("年度")
    outcome = models.ForeignKey(Outcome, models.RESTRICT, related_name="+", verbose_name="结果")
    facts: models.JSONField[dict[str, Any]] = models.JSONField("所依据的数据")
    pack_digest = models.CharField("规则摘要", max_length=64)
    judgement = models.CharField("人工判断", max_length=300, blank=True)
    reason = models.CharField("推荐理由", max_length=600)
    recommended_at = models.DateTimeField("推荐时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_by = models.CharField("撤回人", max_length=60, blank=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=300, blank=True)

    objects = OfFirms.as_manager()

    class Meta:
        verbose_name = "推荐"
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("standard", "year", "enterprise"), condition=Q(withdrawn_at__isnull=True), name="recommended_once",
                violation_error_message="这家企业本年度已经推荐过。",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.standard_id}"
