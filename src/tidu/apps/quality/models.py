"""Checks of the data with what they found, and requests for facts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.quality.enums import FindingKind, RequestState
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor

READ_ALL = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.AUDITOR, Role.DISTRICT_LEADER)


class QualityCheck(models.Model):
    """One look through the whole registry; findings of earlier ones are not kept."""

    at = models.DateTimeField("检查时间")
    law_date = models.DateField("政策日期")
    firms = models.IntegerField("企业数")

    class Meta:
        verbose_name = "数据检查"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """What one check found of one fact: ``rows`` are pairs of a firm's id and a period, ``counts`` how many lie in which unit.

    ``standards`` are those that wait for the fact; ``period`` is 0 where the rows differ in it.
    """

    check_of = models.ForeignKey(QualityCheck, models.CASCADE, related_name="findings", verbose_name="检查")
    kind = models.CharField("类别", max_length=10, choices=FindingKind)
    fact = models.CharField("项目", max_length=80)
    level = models.SmallIntegerField("层级", choices=Level)
    period = models.IntegerField("期间", default=0)
    source = models.CharField("来源", max_length=80, blank=True)
    standards: models.JSONField[list[str]] = models.JSONField("标准", default=list)
    rows: models.JSONField[list[list[int]]] = models.JSONField("企业", default=list)
    counts: models.JSONField[dict[str, int]] = models.JSONField("按街道", default=dict)

    class Meta:
        verbose_name = "数据检查结果"
        ordering = ("kind", "pk")
        indexes = (models.Index(fields=("check_of", "kind"), name="finding_kind"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.fact}"


class FactRequestQuerySet(models.QuerySet["FactRequest"]):
    """Ways to ask for requests."""

    def visible_to(self, actor: Actor) -> FactRequestQuerySet:
        """Bureau, leaders and auditors see all; a department those that go to it; a firm those that name it."""
        if actor.has(*READ_ALL):
            return self
        mine = Q(pk__in=())
        for post in actor.posts:
            if post.role in {Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK} and post.unit_path:
                mine |= Q(unit__path__startswith=post.unit_path)
        if actor.firms:
            mine |= Q(unit=None, pk__in=RequestedFirm.objects.filter(enterprise__in=actor.firms).values("request"))
        return self.filter(mine)


def key_texts(fact: str) -> tuple[str, str]:
    """A fact as the key of a stored JSON object reads, in both ways in which databases keep it."""
    return f'"{fact}": ', f"{json.dumps(fact)}: "


class FactRequest(models.Model):
    """A fact that some firms lack, asked of the unit that has it (``unit``), or of the firms themselves (None).

    ``plain`` and ``escaped`` are the fact as a key of stored JSON, so that one portable question tells who has answered.
    """

    fact = models.CharField("项目", max_length=80)
    level = models.SmallIntegerField("层级", choices=Level)
    plain = models.CharField(max_length=120)
    escaped = models.CharField(max_length=600)
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="fact_requests", verbose_name="向哪个单位")
    why = models.CharField("用途", max_length=300)
    due = models.DateField("期限", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=RequestState, default=RequestState.OPEN)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="提出人")
    created_by_name = models.CharField("提出人姓名", max_length=60)
    created_at = models.DateTimeField("提出时间")
    closed_by_name = models.CharField("了结人", max_length=60, blank=True)
    closed_at = models.DateTimeField("了结时间", null=True, blank=True)
    closing = models.CharField("了结理由", max_length=300, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = FactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "数据需求"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"需要“{self.fact}”"


class RequestedFirm(models.Model):
    """One firm and period of a request."""

    request = models.ForeignKey(FactRequest, models.CASCADE, related_name="firms", verbose_name="需求")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="fact_requests", verbose_name="企业")
    period = models.IntegerField("期间", default=0)

    class Meta:
        verbose_name = "需求里的企业"
        ordering = ("enterprise__code", "period")
        constraints = (models.UniqueConstraint(fields=("request", "enterprise", "period"), name="requested_once"),)

    def __str__(self) -> str:
        return f"{self.enterprise} {self.period}"
