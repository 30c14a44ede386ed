"""What belongs to logging in: earlier passwords, the second factor, sessions, identities of other systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from tidu.apps.accounts.enums import LoginWay, Role, SessionEnd
from tidu.apps.accounts.models.people import User

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


BROWSERS = (
    ("MicroMessenger", "微信"), ("QQBrowser", "QQ 浏览器"), ("360", "360 浏览器"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("Trident", "IE"), ("MSIE", "IE"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("UOS", "统信 UOS"), ("Linux", "Linux"),
)  # fmt: skip
"""Marks in what a browser says of itself, the more particular first."""


class PasswordRecord(models.Model):
    """A password that was used: its hash, so that it is not used again too soon."""

    user = models.ForeignKey(User, models.CASCADE, related_name="passwords", verbose_name="用户")
    hash = models.CharField("摘要", max_length=128)
    set_at = models.DateTimeField("设置时间")

    class Meta:
        verbose_name = "用过的密码"
        ordering = ("-set_at", "-pk")

    def __str__(self) -> str:
        return f"{self.user} {self.set_at}"


class SecondFactor(models.Model):
    """One-time codes by time (RFC 6238). ``sealed`` is the shared secret, sealed at rest; ``last_step`` bars a second use of a code."""

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor", verbose_name="用户")
    sealed = models.CharField("密钥（加密）", max_length=200)
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    last_step = models.BigIntegerField("用过的最后一步", default=0)

    class Meta:
        verbose_name = "二次验证"

    def __str__(self) -> str:
        return f"{self.user}"


class RecoveryCode(models.Model):
    """A code for who has lost the device; it works once."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="codes", verbose_name="二次验证")
    hash = models.CharField("摘要", max_length=128)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "备用码"

    def __str__(self) -> str:
        return f"{self.factor}"


class SessionRecordQuerySet(models.QuerySet["SessionRecord"]):
    """Ways to ask for sessions."""

    def visible_to(self, actor: Actor) -> SessionRecordQuerySet:
        """The security administrator sees all, everybody else the own ones."""
        if actor.has(Role.SECURITY_ADMIN):
            return self
        return self.filter(user=actor.user)


class SessionRecord(models.Model):
    """One login: from where, until when. ``key`` is the key of the session while it lives, emptied when it ends."""

    user = models.ForeignKey(User, models.RESTRICT, related_name="session_records", verbose_name="用户")
    key = models.CharField("会话", max_length=40, blank=True, db_index=True)
    way = models.CharField("方式", max_length=20, choices=LoginWay)
    address = models.CharField("网络地址", max_length=45, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    began_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近操作")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    end = models.CharField("怎样结束", max_length=20, choices=SessionEnd, blank=True)

    objects = SessionRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "会话"
        ordering = ("-began_at", "-pk")
        indexes = (models.Index(fields=("ended_at", "seen_at"), name="session_open"),)

    def __str__(self) -> str:
        return f"{self.user} {self.began_at}"

    @property
    def agent_text(self) -> str:
        """Browser and system in words, as far as the browser tells."""
        browser = next((name for mark, name in BROWSERS if mark in self.agent), "其他程序")
        system = next((name for mark, name in SYSTEMS if mark in self.agent), "")
        return f"{browser}，{system}" if system else browser


class OutsideIdentity(models.Model):
    """Who a person is at an identity provider: bound by that person while logged in, never by an administrator."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities", verbose_name="用户")
    issuer = models.CharField("身份提供方", max_length=200)
    subject = models.CharField("标识", max_length=255)
    bound_at = models.DateTimeField("绑定时间")

    class Meta:
        verbose_name = "外部身份"
        constraints = (
            models.UniqueConstraint(
                fields=("issuer", "subject"), name="outside_identity_once", violation_error_message="这个身份已绑定账号。"
            ),
            models.UniqueConstraint(
                fields=("issuer", "user"), name="outside_identity_one_each", violation_error_message="账号已绑定身份。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.issuer}"
