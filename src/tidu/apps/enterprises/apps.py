"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """The registry of firms."""

    name = "tidu.apps.enterprises"
    label = "enterprises"
    verbose_name = "企业"
