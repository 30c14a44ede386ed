"""The first page, and the preference of type size."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from tidu.look.context import CARE

A_YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """首页."""
    return render(request, "public/home.html")


@require_safe
def care(request: HttpRequest) -> HttpResponse:
    """Turn 关怀版 on or off and go back; the only cookie of the public pages."""
    back = request.META.get("HTTP_REFERER", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(CARE, "1" if request.GET.get("on") == "1" else "0", max_age=A_YEAR, samesite="Lax")
    return response
