"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Imports."""

    name = "tidu.apps.imports"
    label = "imports"
    verbose_name = "数据导入"
