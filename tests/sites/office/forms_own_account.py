"""Valid forms of logging in and of one's own account."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.urls import reverse
from django.utils import timezone

from tests.apps.people import PASSWORD, District
from tests.sites.office.forms import Sent, form
from tests.sites.office.objects import identity_object, session_object
from tidu.apps.accounts.domain.second_factor import begin_setup, confirm_setup
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import SecondFactor, User


def code_of(secret: str, at: float) -> str:
    """What an authenticator shows."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at)).decode()  # noqa: S303 - what authenticators know


def with_factor(district: District, role: Role) -> tuple[User, str]:
    """A person with a second step set up, and its secret; no code was used yet."""
    user, at = district.people[role], timezone.now()
    user.set_password(PASSWORD)
    user.password_changed_at = at
    user.save()
    secret = begin_setup(user=user, site="梯度").secret
    confirm_setup(actor=district.actor(role), at=at, user=user, code=code_of(secret, at.timestamp()))
    SecondFactor.objects.update(last_step=0)
    return user, secret


@form("second-step")
def second_step(district: District) -> Sent:
    user, secret = with_factor(district, Role.BUREAU_CLERK)
    told = {"username": user.username, "password": PASSWORD}
    return Sent(
        None, {"code": code_of(secret, timezone.now().timestamp())}, before=lambda client: client.post(reverse("login"), told)
    )  # fmt: skip


@form("second-factor")
def second_factor(district: District) -> Sent:
    secret = begin_setup(user=district.people[Role.BUREAU_CLERK], site="梯度").secret
    return Sent(Role.BUREAU_CLERK, {"code": code_of(secret, timezone.now().timestamp())})


@form("session-end")
def session_end(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, args=session_object(district, Role.BUREAU_CLERK, own=True), changes=False)


@form("outside-unbind")
def outside_unbind(district: District) -> Sent:
    return Sent(Role.BUREAU_CLERK, args=identity_object(district, Role.BUREAU_CLERK, own=True))
