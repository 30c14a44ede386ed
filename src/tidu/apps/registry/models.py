"""Former codes, places over time, merges, pairs that look like one firm, tags, saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.registry.enums import MergeState, PairState
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor

KEEPERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
READERS = (*KEEPERS, Role.AUDITOR)


class FormerCode(models.Model):
    """A code under which a firm was entered and that was corrected; it leads to the firm for good."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="former_codes", verbose_name="企业")
    code = models.CharField("原代码", max_length=18, unique=True)
    corrected_at = models.DateTimeField("更正时间")
    reason = models.CharField("理由", max_length=200)

    class Meta:
        verbose_name = "原代码"

    def __str__(self) -> str:
        return self.code


class Place(models.Model):
    """In which subdistrict a firm lay from a day on; the last one is the present one."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="places", verbose_name="企业")
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="街道")
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止（不含）", null=True, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "所属街道沿革"
        ordering = ("enterprise", "-since")
        constraints = (
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
                name="place_ends_after_it_begins",
                violation_error_message="截止日须晚于起始日。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.since}"


class MergeQuerySet(models.QuerySet["Merge"]):
    """Ways to ask for merges."""

    def visible_to(self, actor: Actor) -> MergeQuerySet:
        """Those who keep the registry, and auditors."""
        return self if actor.has(*READERS) else self.none()


class Merge(models.Model):
    """Two entries that are one firm: ``gone`` becomes part of ``kept``. Proposed by one person, confirmed by another.

    ``moved`` says which rows were moved or made, by relation, so that it can be taken back exactly.
    """

    kept = models.ForeignKey(Enterprise, models.RESTRICT, related_name="merges_kept", verbose_name="保留")
    gone = models.ForeignKey(Enterprise, models.RESTRICT, related_name="merges_gone", verbose_name="并入")
    state = models.CharField("状态", max_length=12, choices=MergeState, default=MergeState.PROPOSED)
    reason = models.TextField("理由")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="复核人"
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    decision = models.TextField("复核意见", blank=True)
    moved: models.JSONField[dict[str, Any]] = models.JSONField("移动的内容", default=dict)
    changed_by_name = models.CharField("最近办理人", max_length=60)
    changed_at = models.DateTimeField("最近办理时间")
    version = models.IntegerField("版本", default=1)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = "企业合并"
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two", violation_error_message="不能与自己合并。"),
            models.UniqueConstraint(
                fields=("gone",), condition=Q(state=MergeState.PROPOSED), name="merge_proposed_once", violation_error_message="这家企业已有待复核的合并。"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.gone}并入{self.kept}"


class PairQuerySet(models.QuerySet["DuplicatePair"]):
    """Ways to ask for pairs."""

    def visible_to(self, actor: Actor) -> PairQuerySet:
        """Pairs of which the actor sees both firms."""
        if actor.sees_all_firms:
            return self
        mine = Enterprise.objects.visible_to(actor).order_by().values("pk")
        return self.filter(first__in=mine, second__in=mine)


class DuplicatePair(models.Model):
    """Two firms that may be one, with what speaks for it; dismissed pairs stay so that they are not found again."""

    first = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name="企业一")
    second = models.ForeignKey(Enterprise, models.CASCADE, related_name="+", verbose_name="企业二")
    reasons: models.JSONField[list[str]] = models.JSONField("理由", default=list)
    weight = models.IntegerField("把握", default=0)
    state = models.CharField("状态", max_length=12, choices=PairState, default=PairState.OPEN)
    found_at = models.DateTimeField("发现时间")
    decided_by_name = models.CharField("核对人", max_length=60, blank=True)
    decided_at = models.DateTimeField("核对时间", null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = "疑似重复"
        ordering = ("-weight", "pk")
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="pair_once"),)

    def __str__(self) -> str:
        return f"{self.first}、{self.second}"


class GrowthPlan(models.Model):
    """A way up that a firm took for its plan: the document of the kernel, as it was worked out that day."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="plans", verbose_name="企业")
    standard = models.CharField("标准", max_length=60)
    version = models.CharField("文本", max_length=60)
    document: models.JSONField[dict[str, Any]] = models.JSONField("内容")
    note = models.CharField("说明", max_length=500, blank=True)
    made_by_name = models.CharField("制定人", max_length=60)
    made_at = models.DateTimeField("制定时间")
    put_aside_at = models.DateTimeField("搁置时间", null=True, blank=True)

    class Meta:
        verbose_name = "提升计划"
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("enterprise", "standard"), condition=Q(put_aside_at=None), name="plan_once_per_standard"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.standard}提升计划"


class FirmTag(models.Model):
    """A word that officials put on a firm to find it again."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="tags", verbose_name="企业")
    text = models.CharField("标签", max_length=20, db_index=True)
    set_by_name = models.CharField("添加人", max_length=60)
    set_at = models.DateTimeField("添加时间")

    class Meta:
        verbose_name = "标签"
        ordering = ("text",)
        constraints = (
            models.UniqueConstraint(fields=("enterprise", "text"), name="tag_once", violation_error_message="已经有这个标签。"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.text


class SavedView(models.Model):
    """Filters of a list under a name, for one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views", verbose_name="用户")
    page = models.CharField("页面", max_length=40)
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=600)

    class Meta:
        verbose_name = "保存的视图"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("user", "page", "name"), name="view_named_once", violation_error_message="已经有同名的视图。"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name
