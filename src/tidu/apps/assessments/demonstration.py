"""The fictional district, assessed once."""

from __future__ import annotations

from datetime import datetime

from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.assessments.domain.assessing import ask_for_assessment
from tidu.apps.jobs.domain.running import run_pending


def prepare_assessment(at: datetime) -> None:
    """Assess everyone, as the night would do."""
    ask_for_assessment(actor=SYSTEM, at=at)
    run_pending(lambda: at)
