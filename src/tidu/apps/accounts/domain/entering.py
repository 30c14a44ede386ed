"""Logins and logouts in the audit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.accounts import subject_of
from tidu.apps.accounts.models import User
from tidu.apps.audit.domain.chain import record_event


def record_login(*, actor: Actor, at: datetime, user: User) -> None:
    """A login leaves an event."""
    with transaction.atomic():
        record_event(actor=actor, at=at, action="account.login", subject=subject_of(user))


def record_logout(*, actor: Actor, at: datetime, user: User) -> None:
    """A logout leaves an event."""
    with transaction.atomic():
        record_event(actor=actor, at=at, action="account.logout", subject=subject_of(user))
