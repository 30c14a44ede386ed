"""Who stands in which pool, and every step there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.cultivation.enums import LIVE, MemberState, Stage
from tidu.apps.cultivation.models.scope import OfFirmQuerySet
from tidu.apps.enterprises.models import Enterprise


class Membership(models.Model):
    """A firm and a pool, from proposal to leaving; ``version`` grows with every step."""

    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, related_name="memberships", verbose_name="企业")
    pool = models.CharField("库", max_length=30)
    state = models.CharField("状态", max_length=10, choices=MemberState)
    stage = models.CharField("阶段", max_length=12, choices=Stage, default=Stage.RESERVE)
    guide = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="服务专员")
    entered_on = models.DateField("入库日期", null=True, blank=True)
    left_on = models.DateField("出库日期", null=True, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    by_name = models.CharField("最近办理人", max_length=60)
    at = models.DateTimeField("最近办理时间")
    version = models.IntegerField("版本", default=1)

    objects = OfFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "在库记录"
        ordering = ("enterprise__code", "pool", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise", "pool"), condition=Q(state__in=LIVE), name="one_live_membership",
                violation_error_message="这家企业在这个库里已有一条记录。",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("pool", "state", "stage"), name="membership_state"),)

    def __str__(self) -> str:
        return f"{self.pool} {self.get_state_display()}"


class MembershipStep(models.Model):
    """One step of a membership; never changed."""

    membership = models.ForeignKey(Membership, models.RESTRICT, related_name="steps", verbose_name="在库记录")
    action = models.CharField("动作", max_length=20)
    before = models.CharField("此前", max_length=10, blank=True)
    after = models.CharField("此后", max_length=10)
    note = models.CharField("说明", max_length=400, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, related_name="+", verbose_name="办理人")
    by_name = models.CharField("姓名", max_length=60)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "在库步骤"
        ordering = ("pk",)
