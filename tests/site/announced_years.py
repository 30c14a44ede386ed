"""The working days of this year and the next, entered as an office enters them where the installed calendar does not hold them yet.

Journeys run on the machine's day, and a hearing begun in December ends in a year that may not be announced.
"""

from __future__ import annotations

from datetime import date, datetime

from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.administration.domain.calendar import Day, decide_year, propose_year
from tidu.kernel.workdays import ANNOUNCED_YEARS


def announce(at: datetime) -> list[int]:
    """Enter and confirm what is missing, New Year's Day as the only free one; returns the years."""
    missing = [year for year in (at.year, at.year + 1) if year not in ANNOUNCED_YEARS]
    for year in missing:
        days = [Day(date(year, 1, 1), False, "元旦")]
        proposed = propose_year(actor=SYSTEM, at=at, year=year, citation="虚构的安排", days=days)
        decide_year(actor=SYSTEM, at=at, proposed=proposed, confirm=True)
    return missing
