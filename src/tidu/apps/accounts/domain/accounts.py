"""Opening accounts, describing them, switching them off and on."""

from __future__ import annotations

import re
from datetime import date, datetime

from axes.utils import reset
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.domain.passwords import change_password, check_new_password, note_password
from tidu.apps.accounts.domain.posts import Place, give_post, last_of
from tidu.apps.accounts.domain.sessions import end_sessions
from tidu.apps.accounts.enums import Role, SessionEnd
from tidu.apps.accounts.models import User
from tidu.apps.administration.queries import words
from tidu.apps.audit.domain.chain import record_event
from tidu.kernel.errors import TiduError

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}")


def open_account(
    *, actor: Actor, at: datetime, username: str, name: str, password: str, must_change: bool = True, email: str = ""
) -> User:  # fmt: skip
    """A new account without any right. The system administrator opens it; posts are proposed and granted by two people.

    Raises ``username-taken``, ``bad-username``, ``bad-name``, ``bad-email``, ``weak-password``.
    """
    actor.may_write(Role.SYSTEM_ADMIN).require()
    if not USERNAME.fullmatch(username):
        raise TiduError("bad-username", f"用户名“{username}”要用 2～60 个字母、数字、点、横线，以字母或数字开头。", username=username)
    _check_description(name, email)
    if User.objects.filter(username__iexact=username).exists():
        raise TiduError("username-taken", f"用户名“{username}”已经有人用了。请换一个。", username=username)
    check_new_password(password, User(username=username, name=name))
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, name, password, email=email, must_change_password=must_change, password_changed_at=at)
            note_password(user, at)
            detail = {"username": username, "name": name, "email": email}
            record_event(actor=actor, at=at, action="account.opened", subject=subject_of(user), detail=detail)
    except IntegrityError as error:
        raise TiduError("username-taken", f"用户名“{username}”已经有人用了。请换一个。", username=username) from error
    return user


def describe_account(*, actor: Actor, at: datetime, user: User, name: str, email: str) -> None:
    """Another name or address; the username stays. Raises ``nothing-changed``, ``changed-meanwhile``, ``bad-name``, ``bad-email``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    _check_description(name, email)
    before, after = {"姓名": user.name, "电子邮箱": user.email}, {"姓名": name, "电子邮箱": email}
    if before == after:
        raise TiduError("nothing-changed", f"{user.name}的资料没有改动。")
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, name=user.name, email=user.email).update(name=name, email=email):
            raise TiduError("changed-meanwhile", "您打开页面以后，别人改过这个账号。请核对后再改。")
        user.name, user.email = name, email
        record_event(actor=actor, at=at, action="account.described", subject=subject_of(user), detail={"before": before, "after": after})


def may_switch(actor: Actor, user: User, day: date) -> Decision:
    """The system administrator, not the own account, and never the last one of an administrator's role."""
    if actor.user == user.pk and not actor.is_system:
        return no("不能停用自己的账号。请由另一位系统管理员办理。", "own-account")
    allowed = actor.may_write(Role.SYSTEM_ADMIN)
    if not allowed or not user.is_active:
        return allowed
    role = last_of(user, day)
    return no(f"{user.name}是唯一的{role.label}，停用后无人能办理。请先授予另一人这个岗位。", "last-administrator") if role else YES


def switch_off(*, actor: Actor, at: datetime, user: User, reason: str) -> None:
    """Nobody logs in with the account any more, and its sessions end. Raises ``reason-needed``, ``nothing-changed``."""
    may_switch(actor, user, localdate(at)).require()
    text = words("account-off-reasons", [reason]).get(reason)
    if text is None:
        raise TiduError("reason-needed", "请从列出的原因里选一个。")
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, off_reason=reason, off_at=at):
            raise TiduError("nothing-changed", f"{user.name}的账号已经停用。")
        user.is_active, user.off_reason, user.off_at = False, reason, at
        end_sessions(user, at, SessionEnd.OFF)
        detail = {"reason": text, "before": {"启用": "是"}, "after": {"启用": "否"}}
        record_event(actor=actor, at=at, action="account.switched-off", subject=subject_of(user), detail=detail)


def switch_on(*, actor: Actor, at: datetime, user: User) -> None:
    """The account works again, with its old password. Raises ``nothing-changed``."""
    may_switch(actor, user, localdate(at)).require()
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, off_reason="", off_at=None):
            raise TiduError("nothing-changed", f"{user.name}的账号已经启用。")
        user.is_active, user.off_reason, user.off_at = True, "", None
        detail = {"before": {"启用": "否"}, "after": {"启用": "是"}}
        record_event(actor=actor, at=at, action="account.switched-on", subject=subject_of(user), detail=detail)


def unlock_account(*, actor: Actor, at: datetime, user: User) -> None:
    """Forget the wrong passwords before the lock runs out by itself. Raises ``not-locked``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    with transaction.atomic():
        count = reset(username=user.username)
        if not count:
            raise TiduError("not-locked", f"{user.name}的账号没有锁定，也没有输错的记录。")
        record_event(actor=actor, at=at, action="account.unlocked", subject=subject_of(user))


def _check_description(name: str, email: str) -> None:
    if not name or len(name) > 60 or not name.isprintable():
        raise TiduError("bad-name", "姓名须填写，最多 60 字。")
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise TiduError("bad-email", f"电子邮箱“{email}”写得不对，例如 name@example.com。") from error


__all__ = [
    "Place", "change_password", "describe_account", "give_post", "may_switch", "open_account", "subject_of", "switch_off", "switch_on",
    "unlock_account",
]  # fmt: skip
