"""What is worked out from the registry, anew every day or on demand; nobody types any of it in.

All rows of ``Finding``, ``Glance`` and ``RevenueLine`` come from the newest ``Computation``; ``Holding`` mirrors the
recognition events. Dropping all of them and computing again gives the same rows.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from tidu.apps.cultivation.enums import Crossing
from tidu.apps.cultivation.models.scope import OfFirmQuerySet
from tidu.apps.enterprises.models import Enterprise


class Computation(models.Model):
    """One run over the whole registry: for which day, up to which month, under which rules, with which counts."""

    day = models.DateField("数据截至")
    through = models.IntegerField("应税收入截至月份", null=True)
    at = models.DateTimeField("计算时间")
    asked_by = models.CharField("提出人", max_length=60)
    digest = models.CharField("规则摘要", max_length=80)
    counts: models.JSONField[dict[str, Any]] = models.JSONField("数量")

    class Meta:
        verbose_name = "培育计算"
        ordering = ("-pk",)


class HoldingQuerySet(OfFirmQuerySet):
    """Ways to ask for recognitions."""

    def valid_on(self, day: date) -> Self:
        """Those in force on a day; the last day of validity is inside."""
        return self.filter(Q(until=None) | Q(until__gte=day), day__lte=day)


class Holding(models.Model):
    """A recognition as the ladder reads it: the event under its present name, with its rung and its last day.

    ``kind`` is the canonical name (aliases resolved), ``told`` the name in the register; ``rung`` is 0 beside the ladder;
    ``assumed`` marks a last day that follows from the usual years of validity and not from the register;
    ``renewed`` that a later recognition of the same kind runs on.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="holdings", verbose_name="企业")
    event = models.OneToOneField("enterprises.Event", models.CASCADE, related_name="+", verbose_name="事项")
    kind = models.CharField("认定", max_length=40)
    told = models.CharField("登记名称", max_length=60)
    level = models.CharField("级别", max_length=20, blank=True)
    number = models.CharField("文号", max_length=80, blank=True)
    rung = models.SmallIntegerField("档次")
    day = models.DateField("认定日期")
    until = models.DateField("有效期至", null=True)
    assumed = models.BooleanField("推定", default=False)
    renewed = models.BooleanField("已延续", default=False)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = "认定"
        ordering = ("-rung", "-day", "-pk")
        indexes = (
            models.Index(fields=("day", "until", "rung"), name="holding_days"),
            models.Index(fields=("kind", "until"), name="holding_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class Glance(models.Model):
    """What lists are grouped and filtered by; None is unknown and shown as such.

    ``held`` are the keys of the materials that the system holds, each between commas, so that one comparison finds one.
    """

    enterprise = models.OneToOneField(Enterprise, models.CASCADE, related_name="glance", verbose_name="企业")
    chain = models.CharField("主导产业", max_length=40, blank=True)
    division = models.CharField("行业大类", max_length=4, blank=True)
    status = models.CharField("登记状态", max_length=20, blank=True)
    above_scale = models.BooleanField("规上", null=True)
    research_body = models.BooleanField("有研发机构", null=True)
    held = models.TextField("已掌握的材料", blank=True)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "概览"
        indexes = (models.Index(fields=("chain",), name="glance_chain"), models.Index(fields=("above_scale",), name="glance_scale"))


class Finding(models.Model):
    """What the rules of one pool say of one firm: may it enter, must it leave, which facts are missing, which stage fits.

    Only firms that meet the entry rule, cannot be judged by it, or stand in the pool have a row.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="findings", verbose_name="企业")
    pool = models.CharField("库", max_length=30)
    entry = models.CharField("入库条件", max_length=10)
    exit = models.CharField("出库条件", max_length=10)
    stage = models.CharField("建议阶段", max_length=12)
    missing: models.JSONField[list[str]] = models.JSONField("缺少的数据", default=list)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "入库判断"
        constraints = (models.UniqueConstraint(fields=("enterprise", "pool"), name="finding_once"),)
        indexes = (models.Index(fields=("pool", "entry"), name="finding_entry"), models.Index(fields=("pool", "exit"), name="finding_exit"))


class RevenueLine(models.Model):
    """One firm of the 企业应税收入统计表: months in fen, sums, growth, forecast. A figure that cannot be known is None.

    ``growth`` is in millionths. ``why`` says why there is no forecast.
    """

    enterprise = models.OneToOneField(Enterprise, models.CASCADE, related_name="revenue_line", verbose_name="企业")
    months: models.JSONField[dict[str, int]] = models.JSONField("各月")
    latest = models.BigIntegerField("本月", null=True)
    to_date = models.BigIntegerField("本年累计", null=True)
    before = models.BigIntegerField("上年同期", null=True)
    growth = models.BigIntegerField("同比", null=True)
    last_year = models.BigIntegerField("上年全年", null=True)
    gaps = models.SmallIntegerField("本年缺报月数", default=0)
    on_roster = models.BooleanField("进过规上名录", default=False)
    low = models.BigIntegerField("预计下限", null=True)
    middle = models.BigIntegerField("预计全年", null=True)
    high = models.BigIntegerField("预计上限", null=True)
    basis = models.CharField("推算依据", max_length=40, blank=True)
    crossing = models.CharField("预测", max_length=12, choices=Crossing, default=Crossing.NONE)
    why = models.CharField("不作预测的原因", max_length=200, blank=True)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "应税收入"
        indexes = (models.Index(fields=("crossing",), name="revenue_crossing"), models.Index(fields=("gaps",), name="revenue_gaps"))
