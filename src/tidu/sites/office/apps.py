"""Registers the site."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The back office."""

    name = "tidu.sites.office"
    label = "office"
