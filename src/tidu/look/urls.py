"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from tidu.look import gallery

urlpatterns = [
    path("", gallery.gallery, name="look"),
    path("guidance/", gallery.guidance, name="guidance"),
]
