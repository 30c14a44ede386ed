"""Records of plans at work."""

from __future__ import annotations

from tidu.apps.plans.models.documents import Correction, Extraction, PlanDocument
from tidu.apps.plans.models.names import NameMeaning
from tidu.apps.plans.models.reports import PlanReport, PlanStep, ReportVersion
from tidu.apps.plans.models.tasks import Assignment, Plan, Task

__all__ = [
    "Assignment",
    "Correction",
    "Extraction",
    "NameMeaning",
    "Plan",
    "PlanDocument",
    "PlanReport",
    "PlanStep",
    "ReportVersion",
    "Task",
]
