"""Announcements on everybody's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.enums import Audience
from tidu.apps.administration.models import Announcement
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.kernel.errors import TiduError


@dataclass(frozen=True)
class Notice:
    """What is announced, to whom, from when until when (the first day on which it no longer stands)."""

    title: str
    body: str
    audience: Audience
    since: date
    until: date | None = None


def announce(*, actor: Actor, at: datetime, notice: Notice) -> Announcement:
    """Publish an announcement. Raises ``bad-announcement``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    if not notice.title or len(notice.title) > 80 or not notice.body or len(notice.body) > 2000:
        raise TiduError("bad-announcement", "标题和内容都要填写，标题最多 80 字，内容最多 2,000 字。")
    if notice.until is not None and notice.until <= notice.since:
        raise TiduError("bad-announcement", f"截止日 {notice.until} 要晚于起始日 {notice.since}。")
    with transaction.atomic():
        made = Announcement.objects.create(
            title=notice.title, body=notice.body, audience=notice.audience, since=notice.since, until=notice.until,
            made_by_id=actor.user, made_by_name=actor.name, made_at=at,
        )  # fmt: skip
        detail = {"body": notice.body, "audience": notice.audience.value, "since": str(notice.since), "until": str(notice.until or "")}
        record_event(actor=actor, at=at, action="announcement.made", subject=_subject(made), detail=detail)
    return made


def withdraw_announcement(*, actor: Actor, at: datetime, announcement: Announcement) -> None:
    """Take an announcement down. Raises ``nothing-changed``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        if not Announcement.objects.filter(pk=announcement.pk, withdrawn_at=None).update(withdrawn_at=at):
            raise TiduError("nothing-changed", f"“{announcement.title}”已经撤下了。")
        record_event(actor=actor, at=at, action="announcement.withdrawn", subject=_subject(announcement))


def _subject(one: Announcement) -> Subject:
    return Subject("announcement", str(one.pk), one.title)
