"""Words of messages."""

from __future__ import annotations

from django.db.models import TextChoices


class ChannelName(TextChoices):
    """A way to bring a message outside."""

    EMAIL = "email", "邮件"
    SMS = "sms", "短信"


class OutgoingState(TextChoices):
    """How far a message to one person by one way has come."""

    WAITING = "waiting", "等待发送"
    SENT = "sent", "已发出"
    GIVEN_UP = "given-up", "多次未成，不再发"
