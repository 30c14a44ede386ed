"""Which words of the dictionaries accounts carry."""

from __future__ import annotations

from tidu.apps.accounts.models import PasswordReset, Post, User
from tidu.apps.administration.uses import used_by


@used_by("account-off-reasons", "停用的账号")
def accounts_off(code: str) -> int:
    """Accounts that were switched off for this reason."""
    return User.objects.filter(off_reason=code).count()


@used_by("post-end-reasons", "结束的岗位")
def posts_ended(code: str) -> int:
    """Posts that ended for this reason."""
    return Post.objects.filter(end_reason=code).count()


@used_by("reset-reasons", "密码重置申请")
def resets(code: str) -> int:
    """Resets that were asked for with this reason."""
    return PasswordReset.objects.filter(reason=code).count()
