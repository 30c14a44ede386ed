"""Registers the site."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The enterprise portal."""

    name = "tidu.sites.portal"
    label = "portal"
