"""Messages to firms and to persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from tidu.apps.accounts.enums import FIRM_SIGNERS, Role
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.messages.enums import ChannelName, OutgoingState

if TYPE_CHECKING:
    from tidu.apps.accounts.actors import Actor


class MessageQuerySet(models.QuerySet["Message"]):
    """Ways to ask for messages."""

    def visible_to(self, actor: Actor) -> MessageQuerySet:
        """A person reads the own messages and, as one of its people, those to a firm; an agent reads what is sent to it alone."""
        return self.filter(Q(user=actor.user, user__isnull=False) | Q(enterprise__in=actor.firms_as(*FIRM_SIGNERS)))

    def unread(self) -> MessageQuerySet:
        """Messages that nobody they are for has read."""
        return self.filter(read_at=None)


class Message(models.Model):
    """One message, to a firm (all its members read it) or to a person."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name="企业")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name="收件人"
    )
    occasion = models.CharField("事由", max_length=60)
    title = models.CharField("标题", max_length=120)
    text = models.TextField("正文")
    href = models.CharField("链接", max_length=200, blank=True)
    sent_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    spread_at = models.DateTimeField("排入外发的时间", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "消息"
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, user__isnull=True) | Q(enterprise__isnull=True, user__isnull=False),
                name="message_to_firm_or_person",
            ),
        )
        indexes = (models.Index(fields=("spread_at", "sent_at"), name="message_spread"),)

    def __str__(self) -> str:
        return self.title


class OutsideQuerySet(models.QuerySet["models.Model"]):
    """Ways to ask for what goes outside."""

    def visible_to(self, actor: Actor) -> OutsideQuerySet:
        """The system administrator and auditors; texts are not shown to them, addresses are masked."""
        return self if actor.has(Role.SYSTEM_ADMIN, Role.AUDITOR, Role.AUDIT_ADMIN) else self.none()


class Outgoing(models.Model):
    """One message to one person by one way: how often it was tried, and when it is tried next."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="outgoing", verbose_name="消息")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="收件人")
    channel = models.CharField("渠道", max_length=20, choices=ChannelName)
    state = models.CharField("状态", max_length=10, choices=OutgoingState, default=OutgoingState.WAITING)
    tries = models.IntegerField("次数", default=0)
    next_at = models.DateTimeField("下次发送时间")

    objects = OutsideQuerySet.as_manager()

    class Meta:
        verbose_name = "外发消息"
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("message", "user", "channel"), name="outgoing_once"),)
        indexes = (models.Index(fields=("state", "next_at"), name="outgoing_due"),)


class Delivery(models.Model):
    """One try to bring a message outside: by which channel, to which masked address, and what came of it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name="消息")
    outgoing = models.ForeignKey(Outgoing, models.CASCADE, null=True, blank=True, related_name="deliveries", verbose_name="外发消息")
    channel = models.CharField("渠道", max_length=20, choices=ChannelName)
    address = models.CharField("地址（掩码）", max_length=120)
    tried_at = models.DateTimeField("发送时间")
    outcome = models.CharField("结果", max_length=200)
    done = models.BooleanField("成功")

    objects = OutsideQuerySet.as_manager()

    class Meta:
        verbose_name = "外发记录"
        ordering = ("pk",)
