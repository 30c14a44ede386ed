"""Users and their posts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import ADMINISTRATORS, FIRM_ROLES, Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.models import Unit


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no superuser, administration is three separate roles."""

    def create_user(self, username: str, name: str, password: str | None = None, **more: Any) -> User:
        """A user with a hashed password."""
        user = self.model(username=username, name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who may log in."""

    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("改密码时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name",)

    class Meta:
        verbose_name = "用户"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A role in a unit, or in a firm, from a day on."""

    user = models.ForeignKey(User, models.RESTRICT, related_name="posts", verbose_name="用户")
    role = models.CharField("岗位", max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="posts", verbose_name="单位")
    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, null=True, blank=True, related_name="posts", verbose_name="企业")
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "岗位"
        ordering = ("user", "role", "unit", "enterprise")
        constraints = (
            models.CheckConstraint(
                condition=Q(role__in=FIRM_ROLES, enterprise__isnull=False, unit__isnull=True)
                | (~Q(role__in=FIRM_ROLES) & Q(unit__isnull=False, enterprise__isnull=True)),
                name="post_in_unit_or_firm",
                violation_error_message="企业岗位须指定企业，其他岗位须指定单位。",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="post_ends_after_it_begins",
                violation_error_message="岗位的截止日须晚于起始日。",
            ),
            models.UniqueConstraint(
                fields=("user",), condition=Q(role__in=ADMINISTRATORS, until__isnull=True), name="one_administrator_role_each",
                violation_error_message="系统、安全、审计管理员须由不同的人担任。",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"
