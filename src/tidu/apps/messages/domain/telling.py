"""Telling a firm or a person; part of the transaction of what is told about."""

from __future__ import annotations

from datetime import datetime

from tidu.apps.messages.models import Message


def tell_firm(*, at: datetime, enterprise: int, occasion: str, title: str, text: str, href: str = "") -> Message:
    """A message that all members of a firm read."""
    return Message.objects.create(enterprise_id=enterprise, occasion=occasion, title=title[:120], text=text, href=href, sent_at=at)


def tell_person(*, at: datetime, user: int, occasion: str, title: str, text: str, href: str = "") -> Message:
    """A message to one person."""
    return Message.objects.create(user_id=user, occasion=occasion, title=title[:120], text=text, href=href, sent_at=at)
