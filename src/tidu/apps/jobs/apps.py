"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work."""

    name = "tidu.apps.jobs"
    label = "jobs"
    verbose_name = "后台任务"
