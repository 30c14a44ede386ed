"""Whether the site can do its work: the database answers and the packs are read. For monitors, without figures of the district."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from tidu.apps.policies.loaded import packs
from tidu.kernel.errors import TiduError


@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """200 with ``{"status": "ok"}``, else 503 with what does not work."""
    found: dict[str, str] = {}
    # a connection of its own: one that is kept open answers from a file that is not there any more
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = "ok"
    except DatabaseError:
        found["database"] = "unavailable"
    finally:
        fresh.close()
    try:
        packs()
        found["packs"] = "ok"
    except TiduError as error:
        found["packs"] = error.code
    well = set(found.values()) == {"ok"}
    return JsonResponse({"status": "ok" if well else "failing", **found}, status=200 if well else 503)
