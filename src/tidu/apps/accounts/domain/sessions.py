"""Sessions: begun by a login, seen now and then, ended by their owner, by an administrator, or with the account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.enums import LoginWay, Role, SessionEnd
from tidu.apps.accounts.models import SessionRecord, User
from tidu.apps.audit.domain.chain import record_event


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody came: network address and what the browser says of itself."""

    address: str = ""
    agent: str = ""


def begin_session(*, actor: Actor, at: datetime, user: User, key: str, way: LoginWay, browser: Browser) -> SessionRecord:
    """A login: the session is noted, and an event tells how and from where."""
    with transaction.atomic():
        record = SessionRecord.objects.create(
            user=user, key=key, way=way, address=browser.address[:45], agent=browser.agent[:200], began_at=at, seen_at=at
        )
        detail = {"way": way.value, "address": record.address, "session": record.pk}
        record_event(actor=actor, at=at, action="account.login", subject=subject_of(user), detail=detail)
    return record


def see_session(record: int, at: datetime) -> None:
    """The session is in use. No act, so no event."""
    SessionRecord.objects.filter(pk=record, ended_at=None).update(seen_at=at)


def move_session(record: int, key: str) -> None:
    """The session goes on under another key (after a change of password)."""
    SessionRecord.objects.filter(pk=record, ended_at=None).update(key=key)


def leave_session(*, actor: Actor, at: datetime, user: User, record: int | None) -> None:
    """A logout."""
    with transaction.atomic():
        if record is not None:
            SessionRecord.objects.filter(pk=record, ended_at=None).update(ended_at=at, end=SessionEnd.LEFT, key="")
        record_event(actor=actor, at=at, action="account.logout", subject=subject_of(user))


def may_end(actor: Actor, record: SessionRecord) -> Decision:
    """One's own sessions, and as security administrator anybody's."""
    if record.ended_at is not None:
        return no("这次会话已经结束。", "already-ended")
    if actor.user == record.user_id:
        return Decision(True)
    return actor.may_write(Role.SECURITY_ADMIN)


def end_session(*, actor: Actor, at: datetime, record: SessionRecord) -> None:
    """End one session: whoever uses it is logged out with the next click."""
    may_end(actor, record).require()
    with transaction.atomic():
        Session.objects.filter(session_key=record.key).delete()
        SessionRecord.objects.filter(pk=record.pk, ended_at=None).update(ended_at=at, end=SessionEnd.ENDED, key="")
        detail = {"session": record.pk, "address": record.address}
        record_event(actor=actor, at=at, action="account.session-ended", subject=subject_of(record.user), detail=detail)


def end_sessions(user: User, at: datetime, end: SessionEnd, *, but: str = "") -> int:
    """End all sessions of an account except the one with a key; part of another act, which leaves the event."""
    found = SessionRecord.objects.filter(user=user, ended_at=None).exclude(key=but) if but else SessionRecord.objects.filter(
        user=user, ended_at=None
    )  # fmt: skip
    keys = list(found.values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return found.update(ended_at=at, end=end, key="")
