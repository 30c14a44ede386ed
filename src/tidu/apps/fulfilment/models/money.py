"""Budgets, payment batches, payments, vouchers. All money is integer fen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import PaymentBatchState, PaymentState
from tidu.apps.fulfilment.models.cases import Case
from tidu.apps.fulfilment.models.scopes import HANDED_TO_FINANCE, SEES_ALL_MONEY, of_finance, sees_all_money

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class BudgetQuerySet(models.QuerySet["Budget"]):
    """Ways to ask for budgets."""

    def visible_to(self, actor: Actor) -> BudgetQuerySet:
        """The bureau, departments (finance among them), leaders and auditors: sums of the district, no firm's money."""
        return self if actor.has(*SEES_ALL_MONEY, Role.DEPARTMENT_CLERK) else self.none()


class Budget(models.Model):
    """What a payer plans for a clause in a year, and how much of it is bound and paid.

    ``committed`` and ``paid`` are kept here so that one conditional update can refuse what goes beyond; they always equal
    the sums over the cases and payments (``domain/reconciling.py``).
    """

    year = models.IntegerField("年度")
    payer = models.CharField("资金来源", max_length=20)
    clause = models.CharField("条款", max_length=60)
    planned = models.BigIntegerField("预算（分）")
    committed = models.BigIntegerField("已承诺（分）", default=0)
    paid = models.BigIntegerField("已拨付（分）", default=0)
    version = models.IntegerField("版本", default=1)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "预算"
        ordering = ("-year", "payer", "clause")
        constraints = (
            models.UniqueConstraint(fields=("year", "payer", "clause"), name="budget_once"),
            models.CheckConstraint(condition=Q(paid__gte=0) & Q(paid__lte=F("committed")), name="paid_within_committed"),
            models.CheckConstraint(condition=Q(committed__lte=F("planned")), name="committed_within_planned"),
        )

    def __str__(self) -> str:
        return f"{self.year} 年 {self.payer} {self.clause}"

    @property
    def left(self) -> int:
        """What can still be committed, in fen."""
        return self.planned - self.committed


class PaymentBatchQuerySet(models.QuerySet["PaymentBatch"]):
    """Ways to ask for payment batches."""

    def visible_to(self, actor: Actor) -> PaymentBatchQuerySet:
        """The bureau, leaders and auditors see all; the finance department what was checked and handed to it."""
        if sees_all_money(actor):
            return self
        return self.filter(state__in=HANDED_TO_FINANCE) if of_finance(actor) else self.none()


class PaymentBatch(models.Model):
    """Payments of one payer handed to finance together: one person makes the batch, another checks it."""

    number = models.CharField("批次号", max_length=30, unique=True)
    payer = models.CharField("资金来源", max_length=20)
    state = models.CharField("状态", max_length=10, choices=PaymentBatchState, default=PaymentBatchState.MADE)
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, related_name="+", verbose_name="制单人")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="复核人")
    made_at = models.DateTimeField("制单时间")
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    sent_at = models.DateTimeField("送出时间", null=True, blank=True)
    exported_digest = models.CharField("导出文件摘要", max_length=64, blank=True)
    version = models.IntegerField("版本", default=1)

    objects = PaymentBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "拨付批次"
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(checker__isnull=True) | ~Q(checker=F("maker")), name="checked_by_a_second_person"),
        )

    def __str__(self) -> str:
        return self.number


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Ways to ask for payments."""

    def visible_to(self, actor: Actor) -> PaymentQuerySet:
        """Who sees all money sees all; the finance department those of the batches handed to it; everybody those of the own cases."""
        if sees_all_money(actor):
            return self
        seen = Q(case__in=Case.objects.visible_to(actor).order_by().values("pk"))
        return self.filter(seen | Q(batch__state__in=HANDED_TO_FINANCE) if of_finance(actor) else seen)


class Payment(models.Model):
    """One try to pay one case; at most one of a case is under way or done."""

    case = models.ForeignKey(Case, models.RESTRICT, related_name="payments", verbose_name="办件")
    batch = models.ForeignKey(PaymentBatch, models.RESTRICT, related_name="payments", verbose_name="批次")
    attempt = models.IntegerField("第几次")
    amount = models.BigIntegerField("金额（分）")
    account = models.CharField("收款账户（加密）", max_length=400)
    account_holder = models.CharField("户名", max_length=200)
    state = models.CharField("状态", max_length=10, choices=PaymentState, default=PaymentState.PLANNED)
    reference = models.CharField("财政流水号", max_length=60, blank=True)
    paid_on = models.DateField("到账日期", null=True, blank=True)
    returned_why = models.CharField("退票原因", max_length=200, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "拨付"
        ordering = ("batch", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(state__in=(PaymentState.PLANNED, PaymentState.SENT, PaymentState.PAID)), name="paid_once"
            ),
            models.UniqueConstraint(fields=("case", "attempt"), name="payment_attempt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(condition=~Q(state=PaymentState.PAID) | Q(paid_on__isnull=False), name="paid_has_a_day"),
        )


class FeedbackFileQuerySet(models.QuerySet["FeedbackFile"]):
    """Ways to ask for files of finance."""

    def visible_to(self, actor: Actor) -> FeedbackFileQuerySet:
        """Those of the batches that may be seen."""
        return self.filter(batch__in=PaymentBatch.objects.visible_to(actor))


class FeedbackFile(models.Model):
    """What finance handed back on one batch, as it was read; the same file of the same batch is one record.

    ``rows`` are those that can be taken, ``problems`` those that cannot, each with its place in the sheet; ``open`` counts
    payments that the file says nothing of. ``result`` tells what taking it came to.
    """

    batch = models.ForeignKey(PaymentBatch, models.RESTRICT, related_name="feedback_files", verbose_name="批次")
    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("摘要", max_length=64)
    rows: models.JSONField[list[dict[str, Any]]] = models.JSONField("可登记的行", default=list)
    problems: models.JSONField[list[dict[str, Any]]] = models.JSONField("有问题的行", default=list)
    open = models.IntegerField("没有结果的行", default=0)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.CharField("上传人", max_length=60)
    taken_at = models.DateTimeField("登记时间", null=True, blank=True)
    taken_by = models.CharField("登记人", max_length=60, blank=True)
    result: models.JSONField[dict[str, Any]] = models.JSONField("登记结果", default=dict)

    objects = FeedbackFileQuerySet.as_manager()

    class Meta:
        verbose_name = "财政回执文件"
        ordering = ("-uploaded_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("batch", "digest"), name="feedback_file_once"),)

    def __str__(self) -> str:
        return self.name


class VoucherQuerySet(models.QuerySet["Voucher"]):
    """Ways to ask for vouchers."""

    def visible_to(self, actor: Actor) -> VoucherQuerySet:
        """Those of the payments that may be seen."""
        return self.filter(payment__in=Payment.objects.visible_to(actor))


class Voucher(models.Model):
    """The paper of one payment that arrived, the amount also in capitals (人民币大写)."""

    payment = models.OneToOneField(Payment, models.RESTRICT, related_name="voucher", verbose_name="拨付")
    number = models.CharField("凭证号", max_length=30, unique=True)
    amount = models.BigIntegerField("金额（分）")
    capitals = models.CharField("大写金额", max_length=120)
    issued_on = models.DateField("日期")

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = "凭证"
        ordering = ("number",)
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_is_positive"),)
