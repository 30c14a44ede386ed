"""Users, their posts, and what belongs to logging in."""

from __future__ import annotations

from tidu.apps.accounts.models.deputies import Deputy
from tidu.apps.accounts.models.entering import OutsideIdentity, PasswordRecord, RecoveryCode, SecondFactor, SessionRecord
from tidu.apps.accounts.models.people import Post, User, UserManager
from tidu.apps.accounts.models.review import PasswordReset, PostProposal

__all__ = [
    "Deputy", "OutsideIdentity", "PasswordRecord", "PasswordReset", "Post", "PostProposal", "RecoveryCode", "SecondFactor", "SessionRecord", "User",
    "UserManager",
]  # fmt: skip
