"""Accounts as the audit names them."""

from __future__ import annotations

from tidu.apps.accounts.models import User
from tidu.apps.audit.domain.chain import Subject


def subject_of(user: User) -> Subject:
    """A user as the audit names it."""
    return Subject("user", str(user.pk), f"{user.name}（{user.username}）")
