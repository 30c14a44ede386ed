"""The fictional district: believable firms, figures and registers from a seed; nobody in it exists."""

from __future__ import annotations

from tidu.demo.boundary import BoundaryCase, boundary_cases, boundary_positions
from tidu.demo.district import DEFAULT_SEED, DEFAULT_YEARS, assessment_day, make_district
from tidu.demo.gaps import UNDELIVERED
from tidu.demo.summary import DistrictSummary, district_summary, section_of

__all__ = [
    "DEFAULT_SEED",
    "DEFAULT_YEARS",
    "UNDELIVERED",
    "BoundaryCase",
    "DistrictSummary",
    "assessment_day",
    "boundary_cases",
    "boundary_positions",
    "district_summary",
    "make_district",
    "section_of",
]
