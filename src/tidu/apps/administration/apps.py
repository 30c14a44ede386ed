"""Registers the app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from tidu.look.figures import Shown


class AdministrationConfig(AppConfig):
    """What administrators keep."""

    name = "tidu.apps.administration"
    label = "administration"
    verbose_name = "系统管理"

    def ready(self) -> None:
        """Pages count working days by the calendar that administrators keep."""
        remembered = import_module("tidu.apps.administration.remembered")
        Shown.calendar = staticmethod(remembered.calendar)
