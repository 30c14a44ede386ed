"""Who was let in and who was not, in the audit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.domain.sessions import Browser
from tidu.apps.accounts.models import User
from tidu.apps.audit.domain.chain import Subject, record_event

NOBODY = Subject("user", "", "（没有这个用户名）")
"""What was typed as a username may be a password typed into the wrong field, so an unknown one is never written down."""


def record_failure(*, at: datetime, username: str, browser: Browser, why: str) -> None:
    """A login that failed: ``password``, ``code``, ``off`` (the account is switched off), ``outside``."""
    user = User.objects.filter(username=username).first() if username else None
    with transaction.atomic():
        subject = NOBODY if user is None else subject_of(user)
        detail = {"why": why, "address": browser.address[:45]}
        record_event(actor=SYSTEM, at=at, action="account.login-failed", subject=subject, detail=detail)


def record_lock(*, at: datetime, username: str, browser: Browser) -> None:
    """Too many failures: the account is locked for a while."""
    user = User.objects.filter(username=username).first()
    with transaction.atomic():
        subject = NOBODY if user is None else subject_of(user)
        record_event(actor=SYSTEM, at=at, action="account.locked", subject=subject, detail={"address": browser.address[:45]})
