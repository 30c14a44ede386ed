"""Addresses of the whole site."""

from __future__ import annotations

from django.urls import include, path

from tidu.config import health

handler400 = "tidu.config.errors.bad_request"
handler403 = "tidu.config.errors.permission_denied"
handler404 = "tidu.config.errors.page_not_found"
handler500 = "tidu.config.errors.server_error"

urlpatterns = [
    path("health/", health.health, name="health"),
    path("look/", include("tidu.look.urls")),
    path("office/", include("tidu.sites.office.urls")),
    path("portal/", include("tidu.sites.portal.urls")),
    path("", include("tidu.sites.public.urls")),
]
