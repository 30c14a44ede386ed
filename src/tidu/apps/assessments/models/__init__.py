"""Runs of the assessment, where every firm stands now, what changed, and recommendations."""

from __future__ import annotations

from tidu.apps.assessments.models.recommendations import Recommendation, RecommendationList
from tidu.apps.assessments.models.runs import Run
from tidu.apps.assessments.models.standings import Change, Lack, Outcome, StandardName, Standing, Step

__all__ = ["Change", "Lack", "Outcome", "Recommendation", "RecommendationList", "Run", "StandardName", "Standing", "Step"]
