"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units."""

    name = "tidu.apps.units"
    label = "units"
    verbose_name = "单位"
