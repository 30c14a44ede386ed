"""One assessment of everyone, and all that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class RunQuerySet(models.QuerySet["Run"]):
    """Ways to ask for runs."""

    def visible_to(self, actor: Actor) -> RunQuerySet:
        """That an assessment was made is known to every official; whom it concerns is asked of the firms."""
        return self if actor.is_official else self.none()


class Run(models.Model):
    """One assessment of everyone.

    ``number`` counts from 1 without a gap and is unique: of two assessments made at the same time one is refused. The
    facts are frozen in ``inputs`` (what the rules read of every firm), the results in ``results``; both are files under
    the home, named here with their digests. ``counts`` has one entry a standard, in the order of the packs.
    """

    number = models.PositiveIntegerField("次数", unique=True)
    law_date = models.DateField("政策日期")
    facts_as_of = models.DateField("数据日期")
    packs: models.JSONField[dict[str, str]] = models.JSONField("规则文件摘要")
    pack_digest = models.CharField("规则摘要", max_length=64)
    population_digest = models.CharField("数据摘要", max_length=64)
    firms = models.PositiveIntegerField("企业数")
    counts: models.JSONField[list[dict[str, Any]]] = models.JSONField("结果数")
    changed = models.PositiveIntegerField("结论改变", default=0)
    results_file = models.CharField("结果文件", max_length=120)
    results_digest = models.CharField("结果摘要", max_length=64)
    inputs_file = models.CharField("输入文件", max_length=120)
    inputs_digest = models.CharField("输入摘要", max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="提出人")
    actor_name = models.CharField("姓名", max_length=60)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间")

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "全员评估"
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"第 {self.number} 次全员评估"
