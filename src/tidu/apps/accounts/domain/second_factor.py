"""One-time codes by time (RFC 6238: SHA-1, six digits, 30 seconds) as a second step of the login.

The secret is sealed at rest; a code works once; a code of the neighbouring step is taken, for clocks differ; recovery codes
are kept as hashes and work once each.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.domain.naming import subject_of
from tidu.apps.accounts.models import RecoveryCode, SecondFactor, User
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.sealing import seal, unseal
from tidu.kernel.errors import TiduError

PURPOSE = "second-factor"
SECRET_BYTES, DIGITS, STEP, DRIFT = 20, 6, 30, 1
CODES = 8
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
WRONG = "动态码不对，或者已经用过。请等验证器显示下一个再输入；手机时间要与北京时间一致。"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator needs: the secret in groups to type, and as an address."""

    secret: str
    address: str

    @property
    def groups(self) -> str:
        """The secret in groups of four."""
        return " ".join(self.secret[place : place + 4] for place in range(0, len(self.secret), 4))


def has_factor(user: User) -> bool:
    """Whether logging in takes a second step."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin_setup(*, user: User, site: str) -> Setup:
    """A secret to be put into an authenticator; the same until it is confirmed. Raises ``factor-set`` where one is in use.

    Nothing is in force yet, so there is no event.
    """
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is not None and factor.confirmed_at is not None:
        raise TiduError("factor-set", "二次验证已经启用。要更换设备，请先关闭再重新启用。")
    if factor is None:
        factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"sealed": seal(_new_secret(), PURPOSE)})
    secret = unseal(factor.sealed, PURPOSE)
    label = quote(f"{site}:{user.username}")
    terms = urlencode({"secret": secret, "issuer": site, "algorithm": "SHA1", "digits": DIGITS, "period": STEP}, quote_via=quote)
    return Setup(secret, f"otpauth://totp/{label}?{terms}")


def confirm_setup(*, actor: Actor, at: datetime, user: User, code: str) -> list[str]:
    """The first code puts the second step in force; returns the recovery codes, shown once. Raises ``wrong-code``."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    step = None if factor is None else matching_step(unseal(factor.sealed, PURPOSE), code, at)
    if factor is None or step is None:
        raise TiduError("wrong-code", WRONG)
    codes = ["-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]
    with transaction.atomic():
        if not SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=at, last_step=step):
            raise TiduError("factor-set", "二次验证已经启用。")
        RecoveryCode.objects.filter(factor=factor).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, hash=make_password(one)) for one in codes)
        record_event(actor=actor, at=at, action="account.factor-set", subject=subject_of(user))
    return codes


def remove_factor(*, actor: Actor, at: datetime, user: User, code: str) -> None:
    """A person takes the own second step away, with a code of it. Raises ``wrong-code``."""
    if actor.user != user.pk:
        raise TiduError("not-own-account", "只能关闭自己的二次验证。设备丢失时请系统管理员申请重置。")
    with transaction.atomic():
        take_code(user=user, at=at, code=code)
        SecondFactor.objects.filter(user=user).delete()
        record_event(actor=actor, at=at, action="account.factor-removed", subject=subject_of(user))


def take_code(*, user: User, at: datetime, code: str) -> bool:
    """Use up a code; whether it was a recovery code. Raises ``wrong-code``: wrong, or used before."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        raise TiduError("no-factor", "这个账号没有启用二次验证。")
    tidy = code.replace(" ", "").strip().lower()
    if tidy.isascii() and tidy.isdigit() and len(tidy) == DIGITS:
        step = matching_step(unseal(factor.sealed, PURPOSE), tidy, at)
        # conditional, so that of two who send the same code at once one gets in
        if step is not None and SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step):
            return False
        raise TiduError("wrong-code", WRONG)
    for one in RecoveryCode.objects.filter(factor=factor, used_at=None):
        if check_password(tidy, one.hash) and RecoveryCode.objects.filter(pk=one.pk, used_at=None).update(used_at=at):
            return True
    raise TiduError("wrong-code", WRONG)


def codes_left(user: User) -> int:
    """How many recovery codes are not used yet."""
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is: the present one or a neighbour; None where it is no code of these."""
    tidy = code.replace(" ", "").strip()
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) == DIGITS):
        return None
    machine = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 - RFC 6238 asks for it; authenticators know no other
    now = int(at.timestamp()) // STEP
    return next((step for step in range(now - DRIFT, now + DRIFT + 1) if bytes_eq(machine.generate(step * STEP), tidy.encode())), None)


def _new_secret() -> str:
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
