"""What every template may ask for: the site's own words and the reader's preference of type size."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

CARE = "care"


def site(request: HttpRequest) -> dict[str, Any]:
    """``site`` and ``care``."""
    return {"site": settings.SITE, "care": request.COOKIES.get(CARE) == "1"}
