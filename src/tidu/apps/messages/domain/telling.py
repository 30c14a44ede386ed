"""Telling a firm or a person; part of the transaction of what is told about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tidu.apps.messages.models import Message

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Note:
    """What a firm is to be told."""

    enterprise: int
    occasion: str
    title: str
    text: str
    href: str = ""


def tell_firms(*, at: datetime, notes: Sequence[Note]) -> None:
    """Messages that all members of the firms read."""
    Message.objects.bulk_create(
        [
            Message(enterprise_id=one.enterprise, occasion=one.occasion, title=one.title[:120], text=one.text, href=one.href, sent_at=at)
            for one in notes
        ],
        batch_size=AT_ONCE,
    )


def tell_person(*, at: datetime, user: int, occasion: str, title: str, text: str, href: str = "") -> Message:
    """A message to one person."""
    return Message.objects.create(user_id=user, occasion=occasion, title=title[:120], text=text, href=href, sent_at=at)
