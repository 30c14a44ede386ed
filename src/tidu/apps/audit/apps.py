"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit."""

    name = "tidu.apps.audit"
    label = "audit"
    verbose_name = "审计"
