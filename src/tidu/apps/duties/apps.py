"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """After payment."""

    name = "tidu.apps.duties"
    label = "duties"
    verbose_name = "履约"

    def ready(self) -> None:
        """The audit speaks of these acts in words; a file that a check, statement or declaration names is in use."""
        from tidu.apps.audit.words import ACTIONS, DETAILS, SUBJECTS  # noqa: PLC0415 - apps must be loaded first
        from tidu.apps.duties.domain.proofs import use_after_payment  # noqa: PLC0415 - the same
        from tidu.apps.duties.words import ACTS, OBJECTS, TOLD  # noqa: PLC0415 - the same
        from tidu.apps.materials.domain.uses import register_use  # noqa: PLC0415 - the same

        ACTIONS.update(ACTS)
        DETAILS.update(TOLD)
        SUBJECTS.update(OBJECTS)
        register_use("duties", use_after_payment)
