"""What a settlement over the district found: candidates with the whole computation, frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class RunQuerySet(models.QuerySet["SettlementRun"]):
    """Ways to ask for settlements."""

    def visible_to(self, actor: Actor) -> RunQuerySet:
        """The bureau, leaders, auditors and subdistricts: that it was made; whose candidates each sees is a matter of these.

        A department hears of a firm's money when it is asked for an opinion on the case, not before.
        """
        return self if actor.has(*SEES_ALL_MONEY, Role.SUBDISTRICT_CLERK) else self.none()


class SettlementRun(models.Model):
    """One settlement of the whole registry: under which law, as things stood on which day, with which packs and choices."""

    law_date = models.DateField("政策日期")
    as_of = models.DateField("数据截至")
    packs: models.JSONField[dict[str, str]] = models.JSONField("规则摘要")
    choices: models.JSONField[dict[str, str]] = models.JSONField("口径")
    made_at = models.DateTimeField("测算时间")
    made_by = models.CharField("测算人", max_length=60)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "兑现测算"
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"第 {self.pk} 次兑现测算"


class CandidateQuerySet(models.QuerySet["Candidate"]):
    """Ways to ask for candidates."""

    def visible_to(self, actor: Actor) -> CandidateQuerySet:
        """The bureau, leaders and auditors see all, a subdistrict its firms', a firm its own."""
        if actor.has(*SEES_ALL_MONEY):
            return self
        seen = Q(pk__in=())
        for path in actor.paths(Role.SUBDISTRICT_CLERK):
            seen |= Q(enterprise__subdistrict__path__startswith=path)
        if actor.roles & FIRM_ROLES:
            seen |= Q(enterprise__in=actor.firms)
        return self.filter(seen)


class Candidate(models.Model):
    """One item of one firm as the settlement found it; ``computation`` holds every step, rulings and missing facts.

    ``missing`` repeats the missing facts, one a line between line ends, since databases do not filter alike within JSON.
    """

    run = models.ForeignKey(SettlementRun, models.CASCADE, related_name="candidates", verbose_name="测算")
    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="candidates", verbose_name="企业")
    policy = models.CharField("政策", max_length=120)
    award = models.CharField("事项", max_length=40)
    clause = models.CharField("条款", max_length=60)
    title = models.CharField("名称", max_length=120)
    item = models.CharField("对象", max_length=200)
    payer = models.CharField("资金来源", max_length=20)
    state = models.CharField("结论", max_length=20)
    amount = models.BigIntegerField("金额（分）")
    missing = models.TextField("缺少的数据", blank=True)
    computation: models.JSONField[dict[str, Any]] = models.JSONField("怎么算的")

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "兑现候选"
        ordering = ("award", "enterprise__code", "item")
        constraints = (models.UniqueConstraint(fields=("run", "enterprise", "award", "item"), name="candidate_once_per_run"),)
        indexes = (models.Index(fields=("run", "state", "award"), name="candidate_state"),)

    def __str__(self) -> str:
        return f"{self.title} {self.item}"


class Series(models.Model):
    """The last number drawn of a series in a year."""

    prefix = models.CharField("前缀", max_length=10)
    year = models.IntegerField("年度")
    last = models.IntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "编号"
        constraints = (models.UniqueConstraint(fields=("prefix", "year"), name="series_once"),)
