"""What one administrator asks for and another decides: posts, and passwords of people who hold posts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import FIRM_ROLES, ReviewState, Role
from tidu.apps.accounts.models.people import User
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.models import Unit


class Review(models.Model):
    """Asked by one, decided by another."""

    reason = models.CharField("事由", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=ReviewState, default=ReviewState.ASKED)
    asked_by = models.ForeignKey(User, models.RESTRICT, null=True, related_name="+", verbose_name="申请人")
    asked_by_name = models.CharField("申请人姓名", max_length=60)
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(User, models.RESTRICT, null=True, related_name="+", verbose_name="复核人")
    decided_by_name = models.CharField("复核人姓名", max_length=60, blank=True)
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    note = models.CharField("复核意见", max_length=200, blank=True)

    class Meta:
        abstract = True


class PostProposal(Review):
    """A post that the system administrator proposes and the security administrator grants."""

    user = models.ForeignKey(User, models.RESTRICT, related_name="proposals", verbose_name="用户")
    role = models.CharField("岗位", max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="单位")
    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="企业")
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "岗位申请"
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(role__in=FIRM_ROLES, enterprise__isnull=False, unit__isnull=True)
                | (~Q(role__in=FIRM_ROLES) & Q(unit__isnull=False, enterprise__isnull=True)),
                name="proposal_in_unit_or_firm", violation_error_message="企业岗位须指定企业，其他岗位须指定单位。",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="proposal_ends_after_it_begins", violation_error_message="岗位的截止日须晚于起始日。",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "unit"), condition=Q(state=ReviewState.ASKED, enterprise__isnull=True),
                name="proposal_in_unit_once", violation_error_message="同样的岗位申请正在等待复核。",
            ),
            models.UniqueConstraint(
                fields=("user", "role", "enterprise"), condition=Q(state=ReviewState.ASKED, unit__isnull=True),
                name="proposal_in_firm_once", violation_error_message="同样的岗位申请正在等待复核。",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"

    @property
    def place_name(self) -> str:
        """The unit or the firm."""
        return self.unit.name if self.unit else self.enterprise.name if self.enterprise else ""


class PasswordReset(Review):
    """A new first password for who holds posts; ``factor_too`` also takes the second factor away."""

    user = models.ForeignKey(User, models.RESTRICT, related_name="resets", verbose_name="用户")
    factor_too = models.BooleanField("同时解除二次验证", default=False)

    class Meta:
        verbose_name = "密码重置申请"
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user",), condition=Q(state=ReviewState.ASKED), name="reset_asked_once",
                violation_error_message="这个账号已有一份重置申请等待复核。",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user}"
