"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class CultivationConfig(AppConfig):
    """The ladder and the pools."""

    name = "tidu.apps.cultivation"
    label = "cultivation"
    verbose_name = "培育"
