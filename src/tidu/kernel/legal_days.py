"""The legal day of a moment: the date in China, whatever clock the machine has.

Between midnight and eight in the morning in China it is still yesterday in UTC; a period counted from there would end a day early.

>>> from datetime import datetime, timezone
>>> legal_day(datetime(2024, 6, 3, 22, 30, tzinfo=timezone.utc))
datetime.date(2024, 6, 4)
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")
"""China has one zone and no summer time since 1992, so no table of zones is needed."""


def legal_day(at: datetime) -> date:
    """The date in China at a moment; a moment without a zone is a defect of the caller and raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("a moment without a time zone has no legal day")
    return at.astimezone(CHINA).date()
