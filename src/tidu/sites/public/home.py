"""The first page, and the preference of type size."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from tidu.apps.policies.loaded import packs
from tidu.apps.policies.standing import ended_policy
from tidu.look.context import CARE

A_YEAR = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """首页."""
    known, day = packs(), timezone.localdate()
    ended = ended_policy(known, day)
    context = {
        "standards": len(known.names()),
        "awards": len(known.book.awards) if known.book else 0,
        "ended": ended,
        "last_day": ended.in_force.end - timedelta(days=1) if ended and ended.in_force.end else None,
    }
    return render(request, "public/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """隐私、无障碍与网站地图."""
    return render(request, "public/about.html")


@require_safe
def care(request: HttpRequest) -> HttpResponse:
    """Turn 关怀版 on or off and go back; the only cookie of the public pages."""
    back = request.META.get("HTTP_REFERER", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(CARE, "1" if request.GET.get("on") == "1" else "0", max_age=A_YEAR, samesite="Lax")
    return response
