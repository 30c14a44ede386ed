"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    """Fulfilment."""

    name = "tidu.apps.fulfilment"
    label = "fulfilment"
    verbose_name = "兑现"

    def ready(self) -> None:
        """The audit calls the steps of a case what the buttons call them; a material that was handed in is in use."""
        from tidu.apps.audit.words import ACTIONS, DETAILS  # noqa: PLC0415 - apps must be loaded first
        from tidu.apps.fulfilment.domain.attached import use_in_submissions  # noqa: PLC0415 - the same
        from tidu.apps.fulfilment.domain.panel_results import use_in_scores  # noqa: PLC0415 - the same
        from tidu.apps.fulfilment.domain.transitions import TABLE  # noqa: PLC0415 - the same
        from tidu.apps.fulfilment.words import ACTS  # noqa: PLC0415 - the same
        from tidu.apps.fulfilment.words import DETAILS as TOLD  # noqa: PLC0415 - the same
        from tidu.apps.materials.domain.uses import register_use  # noqa: PLC0415 - the same

        register_use("submissions", use_in_submissions)
        register_use("expert scores", use_in_scores)
        ACTIONS.update({f"case.{row.name}": f"办件：{row.label}" for row in TABLE} | ACTS)
        DETAILS.update({name: text for name, text in TOLD.items() if name not in DETAILS})
