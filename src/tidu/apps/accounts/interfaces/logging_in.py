"""The last step of every way to log in, and the first step of a login in two steps."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.timezone import localdate

from tidu.apps.accounts.domain.passwords import expire_password, is_due
from tidu.apps.accounts.domain.second_factor import has_factor
from tidu.apps.accounts.domain.sessions import begin_session
from tidu.apps.accounts.enums import LoginWay
from tidu.apps.accounts.interfaces.duties import FACTOR_DUE, RECORD
from tidu.apps.accounts.interfaces.locking import browser_of
from tidu.apps.accounts.models import User
from tidu.apps.accounts.queries import actor_of
from tidu.apps.accounts.sessions import IDLE
from tidu.apps.administration.queries import values_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
FIRST_STEP = "first-step"
FIRST_STEP_GOOD = timedelta(minutes=5)


def remember_first_step(request: HttpRequest, user: User, at: datetime, wanted: str) -> None:
    """The password was right; the code is still to come. Nobody is logged in yet."""
    request.session.cycle_key()
    request.session[FIRST_STEP] = {"user": user.pk, "at": at.timestamp(), "next": wanted, "hash": user.get_session_auth_hash()}


def after_first_step(request: HttpRequest, at: datetime) -> tuple[User, str] | None:
    """Who is in between, and where they wanted to go; None where it was too long ago or the password was changed since."""
    kept = request.session.get(FIRST_STEP)
    if not isinstance(kept, dict) or at.timestamp() - kept["at"] > FIRST_STEP_GOOD.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return None if user is None or user.get_session_auth_hash() != kept["hash"] else (user, str(kept["next"]))


def complete_login(request: HttpRequest, user: User, at: datetime, way: LoginWay) -> None:
    """Log in: the session begins, with its time-out; what is due first (an old password, a second step) is noted."""
    policy = values_of(("login.idle-minutes", "login.second-factor-roles"))
    request.session.pop(FIRST_STEP, None)
    login(request, user, backend=BACKEND)
    request.session[IDLE] = 60 * int(policy["login.idle-minutes"])
    actor = actor_of(user, localdate(at))
    record = begin_session(actor=actor, at=at, user=user, key=request.session.session_key or "", way=way, browser=browser_of(request))
    request.session[RECORD] = record.pk
    asked = {role.value for role in actor.roles} & set(policy["login.second-factor-roles"])
    # whoever comes from outside has passed that provider's own steps
    if asked and way == LoginWay.PASSWORD and not has_factor(user):
        request.session[FACTOR_DUE] = True
    if way != LoginWay.OUTSIDE and not user.must_change_password and is_due(user, at):
        expire_password(actor=actor, at=at, user=user)
