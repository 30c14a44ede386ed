"""Messages read by the person they are for, or by one of the firm's people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.messages.models import Message, MessageQuerySet
from tidu.kernel.errors import TiduError


def mark_read(*, actor: Actor, at: datetime, numbers: Sequence[int] | None, among: MessageQuerySet | None = None) -> int:
    """Mark messages as read, those named or (None) all: the own ones, or those ``among`` that may be seen; raises ``nothing-unread``."""
    with transaction.atomic():
        mine = Message.objects.visible_to(actor).filter(user=actor.user) if among is None else among.visible_to(actor)
        fresh = mine.unread()
        if numbers is not None:
            fresh = fresh.filter(pk__in=list(numbers))
        count = fresh.update(read_at=at)
        if not count:
            raise TiduError("nothing-unread", "没有选中未读的消息。")
        record_event(actor=actor, at=at, action="message.read", subject=Subject("message", "", "我的消息"), detail={"rows": count})
    return count
