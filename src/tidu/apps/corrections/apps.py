"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    """Filings and corrections."""

    name = "tidu.apps.corrections"
    label = "corrections"
    verbose_name = "填报与更正"
