"""Where every firm stands now against every standard, and how that came about.

Firms share *outcomes*: everything that a standard says of a firm, once. A standing only names the outcome, so that a
hundred thousand firms and ten standards are a million narrow rows, of which a night changes few.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from tidu.apps.assessments.enums import Verdict, Why
from tidu.apps.assessments.models.runs import Run
from tidu.apps.enterprises.models import Enterprise

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class OfFirms(models.QuerySet[Any]):
    """Rows that belong to a firm each."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the firms that the actor may see."""
        if actor.sees_all_firms:
            return self
        return self.filter(enterprise__in=Enterprise.objects.visible_to(actor).order_by().values("pk"))


class StandardName(models.Model):
    """A standard, whatever its text; ``place`` is its place in the packs."""

    name = models.CharField("标准", max_length=60, unique=True)
    place = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        verbose_name = "标准"
        ordering = ("place", "pk")

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    """Everything that one text of a standard says of a firm; never changed, named by ``digest``.

    ``failing`` are the criteria not met (id and words), ``missing`` the facts that can still change the verdict,
    ``lone_fact`` the one of them where it alone decides and nothing is left to a person. ``value`` is the class of a
    classification, or why the standard does not apply. ``held`` is the title in force that makes reporting needless.
    """

    digest = models.CharField("摘要", max_length=64, unique=True)
    standard = models.ForeignKey(StandardName, models.RESTRICT, related_name="outcomes", verbose_name="标准")
    version = models.CharField("文本", max_length=60)
    verdict = models.CharField("结论", max_length=8, choices=Verdict)
    value = models.CharField("类别", max_length=40, blank=True)
    low = models.SmallIntegerField("最低得分", null=True)
    high = models.SmallIntegerField("最高得分", null=True)
    passing = models.SmallIntegerField("合格分", null=True)
    failing: models.JSONField[list[list[str]]] = models.JSONField("不符合的条件", default=list)
    missing: models.JSONField[list[str]] = models.JSONField("缺少的数据", default=list)
    manual: models.JSONField[list[str]] = models.JSONField("待人判断", default=list)
    lone_fact = models.CharField("只差的数据", max_length=60, blank=True)
    held = models.CharField("已有认定", max_length=60, blank=True)

    class Meta:
        verbose_name = "结果"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("standard", "verdict", "held"), name="outcome_of_standard"),
            models.Index(fields=("lone_fact",), name="outcome_lone_fact"),
        )

    def __str__(self) -> str:
        return f"{self.standard_id} {self.verdict}"


class Lack(models.Model):
    """A fact that an outcome misses; ``alone`` where it alone decides."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="lacks", verbose_name="结果")
    fact = models.CharField("数据", max_length=60, db_index=True)
    alone = models.BooleanField("单独决定")

    class Meta:
        verbose_name = "缺少的数据"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("outcome", "fact"), name="lack_once"),)


class Standing(models.Model):
    """Where one firm stands now against one standard.

    The key of the standard is told by the outcome too and stands here so that there is one row a firm and standard; the
    database does not check it a second time, which a million rows would feel.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="standings", db_index=False, verbose_name="企业")
    standard = models.ForeignKey(StandardName, models.RESTRICT, related_name="+", db_index=False, db_constraint=False, verbose_name="标准")
    outcome = models.ForeignKey(Outcome, models.RESTRICT, related_name="standings", verbose_name="结果")

    objects = OfFirms.as_manager()

    class Meta:
        verbose_name = "现状"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("enterprise", "standard"), name="standing_once"),)


class Step(models.Model):
    """The one change that would bring a firm over the line: ``fact`` by ``by`` (stored integer) or to the word ``to``."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="steps", db_index=False, verbose_name="企业")
    standard = models.ForeignKey(StandardName, models.RESTRICT, related_name="+", verbose_name="标准")
    fact = models.CharField("指标", max_length=60)
    by = models.BigIntegerField("改变", null=True)
    to = models.CharField("改为", max_length=40, blank=True)
    text = models.CharField("说明", max_length=200)

    objects = OfFirms.as_manager()

    class Meta:
        verbose_name = "差一步"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("enterprise", "standard"), name="step_once"),)


class Change(models.Model):
    """An outcome that is not what it was in the run before. ``facts`` are the inputs that differ: name, before, after.

    ``turned`` is a verdict that is another one, and a firm that came or went; a standard that came or went for everybody is none.
    """

    run = models.ForeignKey(Run, models.RESTRICT, related_name="changes", db_index=False, verbose_name="评估")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="changes", db_index=False, verbose_name="企业")
    standard = models.ForeignKey(StandardName, models.RESTRICT, related_name="+", db_index=False, verbose_name="标准")
    before = models.ForeignKey(Outcome, models.RESTRICT, null=True, related_name="+", db_index=False, verbose_name="此前")
    after = models.ForeignKey(Outcome, models.RESTRICT, null=True, related_name="+", db_index=False, verbose_name="现在")
    turned = models.BooleanField("结论改变")
    why = models.CharField("原因", max_length=14, choices=Why)
    facts: models.JSONField[list[list[Any]]] = models.JSONField("改变的数据", default=list)

    objects = OfFirms.as_manager()

    class Meta:
        verbose_name = "变化"
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("enterprise", "standard", "run"), name="change_once"),)
        indexes = (models.Index(fields=("run", "turned", "standard"), name="change_of_run"),)
