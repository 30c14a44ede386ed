"""Opening accounts, giving posts, changing passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post, User
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post is: in a unit or in a firm."""

    unit: Unit | None = None
    enterprise: Enterprise | None = None


def subject_of(user: User) -> Subject:
    """A user as the audit names it."""
    return Subject("user", str(user.pk), f"{user.name}（{user.username}）")


def open_account(*, actor: Actor, at: datetime, username: str, name: str, password: str, must_change: bool = True) -> User:
    """A new account. The system administrator opens it, the security administrator gives posts. Raises ``username-taken``."""
    actor.may_write(Role.SYSTEM_ADMIN).require()
    if User.objects.filter(username=username).exists():
        raise TiduError("username-taken", f"用户名“{username}”已经有人用了。请换一个。", username=username)
    _checked(password, User(username=username, name=name))
    with transaction.atomic():
        user = User.objects.create_user(username, name, password, must_change_password=must_change, password_changed_at=at)
        record_event(actor=actor, at=at, action="account.opened", subject=subject_of(user), detail={"username": username, "name": name})
    return user


def give_post(*, actor: Actor, at: datetime, user: User, role: Role, place: Place, since: date | None = None) -> Post:
    """Give a user a post. Raises ``post-not-allowed`` where the rules of posts forbid it."""
    actor.may_write(Role.SECURITY_ADMIN).require()
    post = Post(user=user, role=role, unit=place.unit, enterprise=place.enterprise, since=since)
    try:
        post.full_clean()
    except ValidationError as error:
        raise TiduError("post-not-allowed", "；".join(error.messages), role=role.value) from error
    with transaction.atomic():
        post.save(force_insert=True)
        where = place.unit.name if place.unit else place.enterprise.name if place.enterprise else ""
        record_event(actor=actor, at=at, action="account.post-given", subject=subject_of(user), detail={"role": role.value, "where": where})
    return post


def change_password(*, actor: Actor, at: datetime, user: User, old: str, new: str) -> None:
    """A person changes the own password. Raises ``wrong-password``, ``weak-password`` or ``same-password``."""
    if actor.user != user.pk:
        raise TiduError("not-own-password", "只能修改自己的密码。")
    if not user.check_password(old):
        raise TiduError("wrong-password", "原密码不对。请重新输入。")
    if old == new:
        raise TiduError("same-password", "新密码与原密码相同。请换一个。")
    _checked(new, user)
    with transaction.atomic():
        user.set_password(new)
        user.must_change_password = False
        user.password_changed_at = at
        user.save(update_fields=("password", "must_change_password", "password_changed_at"))
        record_event(actor=actor, at=at, action="account.password-changed", subject=subject_of(user))


def _checked(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise TiduError("weak-password", "".join(error.messages)) from error
