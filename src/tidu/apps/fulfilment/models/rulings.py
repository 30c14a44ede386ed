"""Rulings adopted in this installation, and what a change of one would move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class AdoptedRuling(models.Model):
    """One adoption: which reading of an open question holds, since when, by whom, and why; the one not ended holds."""

    ruling = models.CharField("口径编号", max_length=40)
    choice = models.CharField("选项", max_length=80)
    reason = models.TextField("理由")
    adopted_by = models.CharField("采用人", max_length=60)
    adopted_at = models.DateTimeField("采用时间")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_by = models.CharField("停用人", max_length=60, blank=True)
    ended_why = models.TextField("停用理由", blank=True)

    class Meta:
        verbose_name = "采用的口径"
        ordering = ("ruling", "-adopted_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("ruling",), condition=Q(ended_at__isnull=True), name="one_choice_per_ruling"),)


class EffectQuerySet(models.QuerySet["RulingEffect"]):
    """Ways to ask for rehearsals."""

    def visible_to(self, actor: Actor) -> EffectQuerySet:
        """The bureau, leaders and auditors: it tells what firms would get."""
        return self if actor.has(*SEES_ALL_MONEY) else self.none()


class RulingEffect(models.Model):
    """A rehearsal: what the district would be owed if another choice of one ruling held, all else as it was then.

    ``choices`` are the rulings adopted at that moment and ``packs`` the digests of the rules: a rehearsal on another ground
    does not carry an adoption.
    """

    ruling = models.CharField("口径编号", max_length=40)
    choice = models.CharField("选项", max_length=80)
    before = models.CharField("此前的选项", max_length=80)
    law_date = models.DateField("政策日期")
    as_of = models.DateField("数据截至")
    choices: models.JSONField[dict[str, str]] = models.JSONField("当时采用的口径")
    packs: models.JSONField[dict[str, str]] = models.JSONField("规则摘要")
    made_at = models.DateTimeField("试算时间")
    made_by = models.CharField("试算人", max_length=60)

    objects = EffectQuerySet.as_manager()

    class Meta:
        verbose_name = "口径试算"
        ordering = ("-made_at", "-pk")
        indexes = (models.Index(fields=("ruling", "made_at"), name="effect_of_ruling"),)


class MoveQuerySet(models.QuerySet["RulingMove"]):
    """Ways to ask for the items a rehearsal moves."""

    def visible_to(self, actor: Actor) -> MoveQuerySet:
        """As the rehearsals themselves."""
        return self if actor.has(*SEES_ALL_MONEY) else self.none()


class RulingMove(models.Model):
    """One item of one firm that the change moves; amounts in fen."""

    effect = models.ForeignKey(RulingEffect, models.CASCADE, related_name="moves", verbose_name="试算")
    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="+", verbose_name="企业")
    award = models.CharField("事项", max_length=40)
    clause = models.CharField("条款", max_length=60)
    title = models.CharField("名称", max_length=120)
    item = models.CharField("对象", max_length=200)
    payer = models.CharField("资金来源", max_length=20)
    before = models.BigIntegerField("现在（分）")
    after = models.BigIntegerField("改后（分）")
    why_before = models.TextField("现在的理由")
    why_after = models.TextField("改后的理由")

    objects = MoveQuerySet.as_manager()

    class Meta:
        verbose_name = "口径变动"
        ordering = ("award", "enterprise__code", "item", "pk")
