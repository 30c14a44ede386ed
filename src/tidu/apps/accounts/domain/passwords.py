"""Passwords: setting one's own, and a new first password that one administrator asks for and another decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.domain.sessions import end_sessions
from tidu.apps.accounts.enums import ReviewState, Role, SessionEnd
from tidu.apps.accounts.models import PasswordRecord, PasswordReset, Post, PostProposal, SecondFactor, User
from tidu.apps.accounts.passwords import first_password
from tidu.apps.administration.queries import value_of, words
from tidu.apps.audit.domain.chain import record_event
from tidu.kernel.errors import TiduError


def check_new_password(password: str, user: User) -> None:
    """Raise ``weak-password`` with everything that is wrong with a password."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise TiduError("weak-password", "".join(error.messages)) from error


def note_password(user: User, at: datetime) -> None:
    """Keep the hash of the password just set, so that it is not used again too soon."""
    PasswordRecord.objects.create(user=user, hash=user.password, set_at=at)


def change_password(*, actor: Actor, at: datetime, user: User, old: str, new: str, session: str = "") -> None:
    """A person changes the own password; other sessions end, ``session`` (its key) goes on.

    Raises ``wrong-password``, ``weak-password`` or ``same-password``.
    """
    if actor.user != user.pk:
        raise TiduError("not-own-password", "只能修改自己的密码。")
    if not user.check_password(old):
        raise TiduError("wrong-password", "原密码不对。请重新输入。")
    if old == new:
        raise TiduError("same-password", "新密码与原密码相同。请换一个。")
    check_new_password(new, user)
    with transaction.atomic():
        _set(user, new, at, must_change=False)
        end_sessions(user, at, SessionEnd.PASSWORD, but=session)
        record_event(actor=actor, at=at, action="account.password-changed", subject=subject_of(user))


def is_due(user: User, at: datetime) -> bool:
    """Whether the password is older than the login policy allows; a password of unknown age is not judged."""
    days = value_of("login.password-days")
    return bool(days) and user.password_changed_at is not None and at - user.password_changed_at > timedelta(days=days)


def expire_password(*, actor: Actor, at: datetime, user: User) -> None:
    """The password is too old: the person must change it before anything else."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, must_change_password=False).update(must_change_password=True):
            record_event(actor=actor, at=at, action="account.password-expired", subject=subject_of(user))
    user.must_change_password = True


def has_rights(user: User, day: date) -> bool:
    """Whether the account opens anything, now or later: a post that is not over, or one that is proposed."""
    return Post.objects.filter(user=user).not_over(day).exists() or PostProposal.objects.filter(user=user, state=ReviewState.ASKED).exists()


def may_ask_reset(actor: Actor, user: User) -> Decision:
    """The system administrator asks, but not for the own account."""
    if actor.user == user.pk and not actor.is_system:
        return no("自己的密码请在“我的账号”里修改。", "own-account")
    if not user.is_active:
        return no("账号已停用。要用时请先启用。", "account-off")
    return actor.may_write(Role.SYSTEM_ADMIN)


def ask_reset(*, actor: Actor, at: datetime, user: User, reason: str, factor_too: bool = False) -> PasswordReset:
    """Ask for a new first password. Somebody else decides, for whoever knows it could act with that person's rights.

    Raises ``reason-needed``, ``reset-asked``.
    """
    may_ask_reset(actor, user).require()
    text = words("reset-reasons", [reason]).get(reason)
    if text is None:
        raise TiduError("reason-needed", "请从列出的原因里选一个。")
    try:
        with transaction.atomic():
            asked = PasswordReset.objects.create(
                user=user, reason=reason, factor_too=factor_too, asked_by_id=actor.user, asked_by_name=actor.name, asked_at=at
            )
            detail = {"reason": text, "factor_too": factor_too}
            record_event(actor=actor, at=at, action="account.reset-asked", subject=subject_of(user), detail=detail)
    except IntegrityError as error:
        raise TiduError("reset-asked", f"{user.name}已有一份重置申请等待复核。") from error
    return asked


def may_decide_reset(actor: Actor, asked: PasswordReset, day: date) -> Decision:
    """The security administrator decides; about a security administrator's account the audit administrator does."""
    if asked.state != ReviewState.ASKED:
        return no(f"这份申请{asked.get_state_display()}，不用再复核。", "already-decided")
    if actor.is_system:
        return no("密码重置须由人复核。", "wrong-role")
    if actor.user in {asked.asked_by_id, asked.user_id}:
        return no("申请人和账号本人都不能复核。", "own-proposal")
    is_security = Post.objects.filter(user_id=asked.user_id, role=Role.SECURITY_ADMIN).not_over(day).exists()
    return actor.may_write(Role.AUDIT_ADMIN if is_security else Role.SECURITY_ADMIN)


def decide_reset(*, actor: Actor, at: datetime, asked: PasswordReset, grant: bool, note: str = "") -> str:
    """Grant (returns the new first password, shown once) or refuse (returns nothing). Sessions of the account end."""
    may_decide_reset(actor, asked, localdate(at)).require()
    if not grant and not note:
        raise TiduError("note-needed", "退回须写明原因。")
    state, password = (ReviewState.GRANTED, first_password()) if grant else (ReviewState.REFUSED, "")
    user = asked.user
    with transaction.atomic():
        mine = PasswordReset.objects.filter(pk=asked.pk, state=ReviewState.ASKED)
        if not mine.update(state=state, decided_by_id=actor.user, decided_by_name=actor.name, decided_at=at, note=note[:200]):
            raise TiduError("already-decided", "别人刚刚复核过这份申请。请刷新页面。")
        if grant:
            _set(user, password, at, must_change=True)
            if asked.factor_too:
                SecondFactor.objects.filter(user=user).delete()
            end_sessions(user, at, SessionEnd.PASSWORD)
        detail = {"note": note, "asked_by": asked.asked_by_name, "factor_too": asked.factor_too}
        record_event(actor=actor, at=at, action=f"account.reset-{state.value}", subject=subject_of(user), detail=detail)
    return password


def reset_powerless(*, actor: Actor, at: datetime, user: User) -> str:
    """A new first password for an account that opens nothing: no second person is needed. Raises ``needs-review``."""
    may_ask_reset(actor, user).require()
    if has_rights(user, localdate(at)):
        raise TiduError("needs-review", f"{user.name}担任着岗位，重置密码须由另一位管理员复核。请改为提交申请。")
    password = first_password()
    with transaction.atomic():
        _set(user, password, at, must_change=True)
        end_sessions(user, at, SessionEnd.PASSWORD)
        record_event(actor=actor, at=at, action="account.reset-granted", subject=subject_of(user), detail={"note": "没有岗位的账号"})
    return password


def _set(user: User, password: str, at: datetime, *, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password, user.password_changed_at = must_change, at
    user.save(update_fields=("password", "must_change_password", "password_changed_at"))
    note_password(user, at)
