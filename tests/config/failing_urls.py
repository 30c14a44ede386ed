"""Addresses that fail in every way there is, beside those of the site."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tidu.config.urls import handler400, handler403, handler404, handler500, urlpatterns
from tidu.kernel.errors import Problems, TiduError

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

ERRORS = {
    "suspicious": SuspiciousOperation,
    "forbidden": PermissionDenied,
    "broken": RuntimeError,
}


NOT_FOUND = "没有这份政策。"


@csrf_exempt
def fail(request: HttpRequest, how: str) -> HttpResponse:
    """Raise what is asked for, with what the visitor entered in its text."""
    entered = request.POST.get("words") or request.GET.get("words", "")
    if how == "refused":
        raise TiduError("no-file", "没有收到文件。")
    if how == "problems":
        raise Problems("bad-form", [TiduError("no-name", "没有填写名称。"), TiduError("no-code", "没有填写代码。")])
    if how == "missing":
        raise Http404(NOT_FOUND)
    raise ERRORS[how](f"failed over {entered}")


def guarded(request: HttpRequest) -> HttpResponse:
    """A form that needs its token."""
    return HttpResponse("sent")


urlpatterns = [*urlpatterns, path("fail/guarded/", guarded), path("fail/<str:how>/", fail)]
