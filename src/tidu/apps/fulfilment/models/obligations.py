"""What a paid firm owes for years, and money that has to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.fulfilment.models.cases import Case
from tidu.apps.fulfilment.models.money import Payment

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class OfCaseQuerySet(models.QuerySet[Any]):
    """Rows that belong to a case."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see the case."""
        if actor.has(Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR):
            return self
        return self.filter(case__in=Case.objects.visible_to(actor).order_by().values("pk"))


class Obligation(models.Model):
    """The years in which a paid firm may not move away; how it stands today is worked out, never stored."""

    payment = models.ForeignKey(Payment, models.RESTRICT, related_name="obligations", verbose_name="拨付")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="obligations", verbose_name="办件")
    rule = models.CharField("规则", max_length=20)
    clause = models.CharField("条款", max_length=60)
    starts = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "承诺义务"
        ordering = ("until", "pk")
        constraints = (models.UniqueConstraint(fields=("payment", "rule"), name="obligation_once"),)


class Recovery(models.Model):
    """The recovery of one payment in full: why, and how much of it has come back."""

    payment = models.ForeignKey(Payment, models.RESTRICT, related_name="recoveries", verbose_name="拨付")
    case = models.ForeignKey(Case, models.RESTRICT, related_name="recoveries", verbose_name="办件")
    state = models.CharField("状态", max_length=10, choices=RecoveryState, default=RecoveryState.OPENED)
    amount = models.BigIntegerField("应追缴（分）")
    received = models.BigIntegerField("已收回（分）", default=0)
    reason = models.TextField("事由")
    evidence: models.JSONField[dict[str, Any]] = models.JSONField("依据", default=dict)
    hearing = models.TextField("申辩与处理", blank=True)
    opened_at = models.DateTimeField("立案时间")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "追缴"
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("payment",), condition=~Q(state=RecoveryState.DROPPED), name="recovered_once"),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("amount")) & Q(amount__gt=0), name="received_within_amount"
            ),
        )


class Receipt(models.Model):
    """One instalment that came back; the same reference twice is one instalment."""

    recovery = models.ForeignKey(Recovery, models.RESTRICT, related_name="receipts", verbose_name="追缴")
    amount = models.BigIntegerField("金额（分）")
    reference = models.CharField("流水号", max_length=60)
    received_on = models.DateField("到账日期")

    class Meta:
        verbose_name = "追缴到账"
        ordering = ("recovery", "pk")
        constraints = (
            models.UniqueConstraint(fields=("recovery", "reference"), name="receipt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_is_positive"),
        )
