"""Working days of the calendar that the State Council announces each year.

Weekends are worked where the announcement says so (调休上班) and weekdays are free on public holidays, so no
formula gives them: a year that is not announced has no working days yet, and asking for it raises.

A period is counted from the day after its start (民法典 第二百零一条): the first working day after ``day`` is 1.

>>> from datetime import date
>>> is_workday(date(2024, 2, 4))  # a Sunday worked in exchange for the Spring Festival
True
>>> add_workdays(date(2024, 4, 30), 6)  # 1 to 5 May are free, Saturday 11 May is worked
datetime.date(2024, 5, 11)
>>> workdays_between(date(2024, 4, 30), date(2024, 5, 11))
6
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar import holidays, workdays

from tidu.kernel.errors import TiduError

ANNOUNCED_YEARS = range(min(holidays).year, max(holidays).year + 1)
"""The years whose calendar the installed ``chinesecalendar`` holds."""

_DAY = timedelta(days=1)


class CalendarNotAnnounced(TiduError):
    """The working days of the year are not known; ``data`` holds ``year``, ``first`` and ``last`` known year."""

    def __init__(self, year: int, first: int = ANNOUNCED_YEARS[0], last: int = ANNOUNCED_YEARS[-1]) -> None:
        super().__init__(
            "calendar_not_announced",
            f"{year}年的工作日尚无法计算：放假安排只载入了{first}年至{last}年。"
            f"请在国务院办公厅公布{year}年放假安排后，在“工作日历”中登记并复核，或者升级 chinesecalendar。",
            year=year,
            first=first,
            last=last,
        )


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced for one year: days that are free, and days that are worked, whatever the day of the week."""

    free: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The announced years; a day of any other year has no answer."""

    years: Mapping[int, Announced]

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is a working day; raises CalendarNotAnnounced outside the announced years."""
        year = self.years.get(day.year)
        if year is None:
            raise CalendarNotAnnounced(day.year, min(self.years, default=0), max(self.years, default=0))
        return day in year.worked or (day.weekday() < 5 and day not in year.free)

    def add_workdays(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, or before it where ``count`` is negative; ``day`` itself for 0."""
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """The working days after ``start`` up to and including ``end``; negative where ``end`` is the earlier one.

        It undoes ``add_workdays``: the answer for ``add_workdays(start, n)`` is ``n``.
        """
        if end < start:
            return -sum(self.is_workday(end + _DAY * offset) for offset in range((start - end).days))
        return sum(self.is_workday(start + _DAY * offset) for offset in range(1, (end - start).days + 1))


def _state_council() -> Calendar:
    years = {}
    for year in ANNOUNCED_YEARS:
        free, worked = (frozenset(day for day in days if day.year == year) for days in (holidays, workdays))
        years[year] = Announced(free, worked)
    return Calendar(years)


STATE_COUNCIL = _state_council()
"""The years that come with the installed ``chinesecalendar``."""


def is_workday(day: date) -> bool:
    """Whether ``day`` is a working day of the State Council's calendar; raises CalendarNotAnnounced outside its years."""
    return STATE_COUNCIL.is_workday(day)


def add_workdays(day: date, count: int) -> date:
    """The ``count``-th working day after ``day`` in the State Council's calendar, or before it where ``count`` is negative."""
    return STATE_COUNCIL.add_workdays(day, count)


def workdays_between(start: date, end: date) -> int:
    """The working days after ``start`` up to and including ``end`` in the State Council's calendar."""
    return STATE_COUNCIL.workdays_between(start, end)
