"""Identities of an outside provider: each person binds the own one, so that nobody can bind an identity to another's account."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import OutsideIdentity, User
from tidu.apps.audit.domain.chain import record_event
from tidu.kernel.errors import TiduError


def user_behind(issuer: str, subject: str) -> User | None:
    """The active account that an identity is bound to."""
    found = OutsideIdentity.objects.select_related("user").filter(issuer=issuer, subject=subject, user__is_active=True).first()
    return None if found is None else found.user


def bind_identity(*, actor: Actor, at: datetime, user: User, issuer: str, subject: str) -> OutsideIdentity:
    """A person who is logged in binds the identity just proved to the own account. Raises ``identity-bound``."""
    if actor.user != user.pk:
        raise TiduError("not-own-account", "只能绑定自己的账号。")
    try:
        with transaction.atomic():
            bound = OutsideIdentity.objects.create(user=user, issuer=issuer, subject=subject, bound_at=at)
            record_event(actor=actor, at=at, action="account.identity-bound", subject=subject_of(user), detail={"issuer": issuer})
    except IntegrityError as error:
        raise TiduError("identity-bound", "这个统一身份已绑定别的账号，或者您的账号已绑定别的身份。请先解除。") from error
    return bound


def may_unbind(actor: Actor, identity: OutsideIdentity) -> Decision:
    """The person, or the system administrator: taking a way in away gives nobody anything."""
    return Decision(True) if actor.user == identity.user_id else actor.may_write(Role.SYSTEM_ADMIN)


def unbind_identity(*, actor: Actor, at: datetime, identity: OutsideIdentity) -> None:
    """The identity no longer logs in."""
    may_unbind(actor, identity).require()
    with transaction.atomic():
        OutsideIdentity.objects.filter(pk=identity.pk).delete()
        record_event(
            actor=actor, at=at, action="account.identity-unbound", subject=subject_of(identity.user), detail={"issuer": identity.issuer}
        )
