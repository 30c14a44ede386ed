"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans at work."""

    name = "tidu.apps.plans"
    label = "plans"
    verbose_name = "计划督办"

    def ready(self) -> None:
        """The audit calls the steps of a task what the buttons call them; a file of a document or of a report is in use."""
        from tidu.apps.audit.words import ACTIONS, DETAILS, SUBJECTS  # noqa: PLC0415 - apps must be loaded first
        from tidu.apps.materials.domain.uses import register_use  # noqa: PLC0415 - the same
        from tidu.apps.plans.domain.attached import use_in_plans  # noqa: PLC0415 - the same
        from tidu.apps.plans.domain.transitions import TABLE  # noqa: PLC0415 - the same
        from tidu.apps.plans.words import ACTS, OBJECTS, TOLD  # noqa: PLC0415 - the same

        ACTIONS.update({f"plan.{row.name}": f"任务：{row.label}" for row in TABLE} | ACTS)
        DETAILS.update({name: text for name, text in TOLD.items() if name not in DETAILS})
        SUBJECTS.update(OBJECTS)
        register_use("plans", use_in_plans)
