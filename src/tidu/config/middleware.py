"""What every request passes: headers, the bound on its size, and a sentence in place of a bare failure."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Protocol

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse

from tidu.apps.accounts.decisions import NotAllowed
from tidu.config.errors import problem_page
from tidu.config.security import LARGEST_REQUEST, PERMISSIONS
from tidu.config.uploads import upload_too_large
from tidu.kernel.errors import TiduError

Handler = Callable[[HttpRequest], HttpResponse]


class Readable(Protocol):
    """What a body can be read from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, none at the end."""


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

    A browser shows an answer only after it has sent everything, so whatever was not read is thrown away, piece by piece.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            # Django reads no body without a length: the form would look empty, and the visitor would be told to fill it in.
            response = problem_page(request, TiduError("length-required", "提交的内容没有注明长度，没有读取。请用浏览器提交。"), status=411)
            drain(request.META["wsgi.input"])
            return response
        response = get_response(request) if length <= LARGEST_REQUEST else problem_page(request, upload_too_large(), status=413)
        drain(request)
        return response

    return handle


def drain(body: Readable) -> None:
    """Throw away what is left of a body; a visitor who has gone meanwhile is no failure."""
    left = DRAINED
    with suppress(OSError):
        while left > 0 and (piece := body.read(PIECE)):
            left -= len(piece)


class sentences_for_bad_input:  # noqa: N801 - named like its neighbours in the list of middleware
    """A ``TiduError`` that a page lets through becomes a page that says it, and so does a refused method."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; Django answers a refused method with an empty page."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            allowed = response.headers["Allow"]
            response = problem_page(
                request, TiduError("method-not-allowed", "请从页面上的链接或按钮进入，不要直接打开这个网址。"), status=405
            )
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of the error, or None for a failure of our own."""
        if isinstance(exception, TiduError):
            return problem_page(request, exception, status=403 if isinstance(exception, NotAllowed) else 400)
        if isinstance(exception, ValueError | DataError) and "NUL" in str(exception):
            return problem_page(
                request, TiduError("control-character", "填写的内容里有看不见的控制字符，没有处理。请删去后重新填写。"), status=400
            )
        if not isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
            # the text of an exception may quote what a visitor typed: kind and place are enough to find the fault
            place = "".join(traceback.format_tb(exception.__traceback__))
            failures.error("%s in %s %s\n%s", type(exception).__name__, request.method, request.path, place)
        return None
