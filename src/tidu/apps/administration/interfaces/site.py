"""The site's own words for templates, as administrators set them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tidu.apps.administration.remembered import site_words


def site(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """``site``; where nothing is read (``ADMINISTRATION_AGE``), the words of the environment stand."""
    return {"site": site_words()} if settings.ADMINISTRATION_AGE else {}
