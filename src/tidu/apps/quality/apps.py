"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Data quality."""

    name = "tidu.apps.quality"
    label = "quality"
    verbose_name = "数据质量"
