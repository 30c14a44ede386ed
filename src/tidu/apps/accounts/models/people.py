"""Users and their posts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import ADMINISTRATORS, FIRM_ROLES, Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.models import Unit

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class UserQuerySet(models.QuerySet["User"]):
    """Ways to ask for users."""

    def visible_to(self, actor: Actor) -> UserQuerySet:
        """The three administrators and auditors see all accounts, everybody else the own one."""
        if actor.has(*ADMINISTRATORS, Role.AUDITOR):
            return self
        return self.filter(pk=actor.user)


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no superuser, administration is three separate roles."""

    def create_user(self, username: str, name: str, password: str | None = None, **more: Any) -> User:
        """A user with a hashed password."""
        user = self.model(username=username, name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_queryset(self) -> UserQuerySet:
        """All users."""
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> UserQuerySet:
        """The accounts that a person may see."""
        return self.get_queryset().visible_to(actor)


class User(AbstractBaseUser):
    """A person who may log in."""

    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    email = models.EmailField("电子邮箱", blank=True)
    phone = models.CharField("手机号（加密）", max_length=400, blank=True)
    tell_by_email = models.BooleanField("消息也发到邮箱", default=False)
    tell_by_sms = models.BooleanField("消息也发短信", default=False)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    password_changed_at = models.DateTimeField("改密码时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    off_reason = models.CharField("停用原因", max_length=40, blank=True)
    off_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ("name",)

    class Meta:
        verbose_name = "用户"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Ways to ask for posts."""

    def visible_to(self, actor: Actor) -> PostQuerySet:
        """The three administrators and auditors see all posts, everybody else the own ones."""
        if actor.has(*ADMINISTRATORS, Role.AUDITOR):
            return self
        return self.filter(user=actor.user)

    def held_on(self, day: date) -> PostQuerySet:
        """Posts held on a day."""
        return self.filter(Q(since=None) | Q(since__lte=day)).filter(Q(until=None) | Q(until__gt=day))

    def not_over(self, day: date) -> PostQuerySet:
        """Posts held on a day or later."""
        return self.filter(Q(until=None) | Q(until__gt=day))


class Post(models.Model):
    """A role in a unit, or in a firm, from a day on."""

    user = models.ForeignKey(User, models.RESTRICT, related_name="posts", verbose_name="用户")
    role = models.CharField("岗位", max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.RESTRICT, null=True, blank=True, related_name="posts", verbose_name="单位")
    enterprise = models.ForeignKey(Enterprise, models.RESTRICT, null=True, blank=True, related_name="posts", verbose_name="企业")
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止（不含）", null=True, blank=True)
    end_reason = models.CharField("结束原因", max_length=40, blank=True)

    objects = PostQuerySet.as_manager()

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
