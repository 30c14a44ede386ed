"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class MaterialsConfig(AppConfig):
    """Materials."""

    name = "tidu.apps.materials"
    label = "materials"
    verbose_name = "材料"

    def ready(self) -> None:
        """The audit knows the acts of materials by name."""
        from tidu.apps.audit.words import ACTIONS  # noqa: PLC0415 - apps must be loaded first
        from tidu.apps.materials.words import ACTS  # noqa: PLC0415 - the same

        ACTIONS.update(ACTS)
