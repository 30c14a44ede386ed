"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class PaperConfig(AppConfig):
    """Paper."""

    name = "tidu.apps.paper"
    label = "paper"
    verbose_name = "文书"

    def ready(self) -> None:
        """The audit knows the acts of paper by name."""
        from tidu.apps.audit.words import ACTIONS  # noqa: PLC0415 - apps must be loaded first
        from tidu.apps.paper.words import ACTS  # noqa: PLC0415 - the same

        ACTIONS.update(ACTS)
