"""What every request passes: headers, the bound on its size, and a sentence in place of a bare failure."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

from tidu.config.errors import problem_page
from tidu.config.security import LARGEST_REQUEST, PERMISSIONS
from tidu.config.uploads import upload_too_large
from tidu.kernel.errors import TiduError

Handler = Callable[[HttpRequest], HttpResponse]
DRAINED = 256 * 1024 * 1024
PIECE = 1 << 20

failures = logging.getLogger("tidu.failures")


def response_headers(get_response: Handler) -> Handler:
    """Headers that Django does not set itself; what visitors entered is kept by no cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.method == "POST":
            response.headers["Cache-Control"] = "no-store"
        return response

    return handle


def body_limit(get_response: Handler) -> Handler:
    """Refuse a body beyond the bound with a sentence instead of a broken connection.

    A browser shows an answer only after it has sent everything, so the body is read and thrown away, piece by piece.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length <= LARGEST_REQUEST:
            return get_response(request)
        left = min(length, DRAINED)
        while left > 0 and (piece := request.read(min(PIECE, left))):
            left -= len(piece)
        response = problem_page(request, upload_too_large(), status=413)
        response.headers["Connection"] = "close"
        return response

    return handle


class sentences_for_bad_input:  # noqa: N801 - named like its neighbours in the list of middleware
    """A ``TiduError`` that a page lets through becomes a page that says it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of the error, or None for a failure of our own."""
        if isinstance(exception, TiduError):
            return problem_page(request, exception, status=400)
        if not isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
            # the text of an exception may quote what a visitor typed: kind and place are enough to find the fault
            place = "".join(traceback.format_tb(exception.__traceback__))
            failures.error("%s in %s %s\n%s", type(exception).__name__, request.method, request.path, place)
        return None
