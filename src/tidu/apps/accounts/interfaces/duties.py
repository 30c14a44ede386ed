"""What a person must do before anything else: change a password that is due, set up the second step that the policy asks for."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from tidu.apps.accounts.domain.sessions import see_session
from tidu.apps.accounts.models import User

RECORD, SEEN, FACTOR_DUE = "session-record", "session-seen", "second-factor-due"
SEEN_EVERY = 60
"""Seconds between two notes that a session is in use."""
View = Callable[..., HttpResponse]


def open_during_duties(view: View) -> View:
    """A page that opens although something must be done first: where it is done, and the way out."""
    view.open_during_duties = True  # type: ignore[attr-defined]
    return view


class Duties:
    """Stands before every page. It asks the database nothing that the page itself does not ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, named: Any) -> HttpResponse | None:
        """Where something is due, the way leads there."""
        del args, named
        if "_auth_user_id" not in request.session or getattr(view, "open_during_duties", False):
            return None
        _see(request)
        user = request.user
        if not isinstance(user, User):
            return None
        if user.must_change_password:
            return HttpResponseRedirect(f"{reverse('password')}?due=1")
        if request.session.get(FACTOR_DUE):
            return HttpResponseRedirect(f"{reverse('second-factor')}?due=1")
        return None


def _see(request: HttpRequest) -> None:
    record, seen = request.session.get(RECORD), request.session.get(SEEN)
    if isinstance(record, int) and (not isinstance(seen, int) or time() - seen >= SEEN_EVERY):
        request.session[SEEN] = int(time())
        see_session(record, timezone.now())
