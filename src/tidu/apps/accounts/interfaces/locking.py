"""The lock after wrong passwords, by the login policy; and its traces in the audit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import axes.signals  # noqa: F401 - its receivers are connected before ours
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from tidu.apps.accounts.domain.entering import record_failure, record_lock
from tidu.apps.accounts.domain.sessions import Browser
from tidu.apps.administration.queries import value_of


def failure_limit(*given: Any) -> int:
    """How often a password may be wrong; axes hands over what it likes."""
    del given
    return int(value_of("login.lock-after"))


def lock_time(*given: Any) -> timedelta:
    """How long a lock lasts."""
    del given
    return timedelta(minutes=int(value_of("login.lock-minutes")))


def lock_sentence() -> str:
    """What becomes of somebody who goes on guessing."""
    return f"连续输错 {failure_limit()} 次，账号会锁定 {value_of('login.lock-minutes')} 分钟。"


def browser_of(request: HttpRequest) -> Browser:
    """From where a request comes. The address is the one the web server saw; no header that a visitor can write is believed."""
    return Browser(str(request.META.get("REMOTE_ADDR") or ""), str(request.META.get("HTTP_USER_AGENT") or ""))


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether too many failures stand against a username from here."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def failed(request: HttpRequest, username: str, why: str) -> None:
    """Count a failure that Django's own check of passwords knows nothing of (a wrong code)."""
    request.tidu_failure = why  # type: ignore[attr-defined]
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


@receiver(user_login_failed)
def _note_failure(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    """Runs after the receiver of axes, whose module is imported first: what it found out stands on the request.

    Who knocks at a locked account again and again is not counted, and not written down each time.
    """
    del sender, more
    locked = getattr(request, "axes_locked_out", None)
    if request is None or (locked and getattr(request, "axes_failures_since_start", None) is None):
        return
    at, username, browser = timezone.now(), str(credentials.get("username") or ""), browser_of(request)
    record_failure(at=at, username=username, browser=browser, why=getattr(request, "tidu_failure", "password"))
    if locked:
        record_lock(at=at, username=username, browser=browser)
