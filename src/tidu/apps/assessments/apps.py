"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Assessment of everyone."""

    name = "tidu.apps.assessments"
    label = "assessments"
    verbose_name = "全员评估"
