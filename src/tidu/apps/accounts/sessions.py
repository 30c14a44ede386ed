"""Sessions in the database whose idle time-out is the one of the login policy at the time of the login."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as InDatabase

IDLE = "idle-seconds"
"""Where the session keeps its own time-out: a page costs no query for it."""


class SessionStore(InDatabase):
    """As Django's, with a time-out of its own."""

    def get_session_cookie_age(self) -> int:
        """Seconds without a request after which the session is over."""
        own: Any = self.get(IDLE)
        return own if isinstance(own, int) else settings.SESSION_COOKIE_AGE
