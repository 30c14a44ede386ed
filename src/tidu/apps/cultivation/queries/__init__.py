"""Questions to the ladder, the pools, the monthly table and the warnings; every one goes through what the actor may see."""

from __future__ import annotations

from tidu.apps.cultivation.models import Computation
from tidu.apps.cultivation.queries.desk import ToDo, to_dos

__all__ = ["ToDo", "latest_computation", "to_dos"]


def latest_computation() -> Computation | None:
    """The newest run; None before the first."""
    return Computation.objects.order_by("-pk").first()
