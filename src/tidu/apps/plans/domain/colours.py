"""The colour of a unit, task and period on a day: worked out from the timeline up to that day, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tidu.apps.plans.domain.colour_rules import ColourRules, Situation
from tidu.apps.plans.domain.periods import Period
from tidu.kernel.workdays import Calendar, CalendarNotAnnounced

REPORT, RETURN = "report", "return"
"""The two acts on a report that change its colour; acceptance changes none."""


class Record(NamedTuple):
    """One act on the report of a period. ``turn`` is the version of the report that it made: the order in which they happened."""

    turn: int
    act: str
    day: date


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a unit has to report on a task; ``withdrawn`` where the share was taken back."""

    issued_on: date | None
    ended_on: date | None = None
    withdrawn: bool = False
    reports: bool = True


@dataclass
class Limits:
    """Last days for reports, each worked out once. None where the year's working days are not announced."""

    rules: ColourRules
    calendar: Calendar
    _known: dict[tuple[date, int], date | None] = field(default_factory=dict)

    def after(self, day: date, count: int) -> date | None:
        """The ``count``-th working day after a day; for 0 the day itself, or the next working day where it is free."""
        key = (day, count)
        if key not in self._known:
            try:
                free = count == 0 and not self.calendar.is_workday(day)
                self._known[key] = self.calendar.add_workdays(day, 1 if free else count)
            except CalendarNotAnnounced:
                self._known[key] = None
        return self._known[key]

    def of(self, period: Period) -> date | None:
        """The last day on which a report on a period is in time."""
        return self.after(period.end, self.rules.report_within[period.kind])


def situation_of(period: Period, span: Span, records: Sequence[Record], day: date, limits: Limits) -> Situation:
    """How a cell stands at the end of a day. Records after the day, and their order in the sequence, make no difference."""
    if span.issued_on is None or span.issued_on > day or period.end < span.issued_on or not span.reports:
        return Situation.NOT_OWED
    ended = span.ended_on is not None and span.ended_on <= day
    if not ended:
        return _reported(period, records, day, limits)
    if span.withdrawn or span.ended_on is None:
        return Situation.NOT_OWED
    found = _reported(period, records, span.ended_on, limits)
    return Situation.NOT_OWED if found in {Situation.NOT_DUE, Situation.NO_CALENDAR} else found


def _reported(period: Period, records: Sequence[Record], day: date, limits: Limits) -> Situation:
    if not records and day <= period.end:
        return Situation.NOT_DUE  # most cells: no working day need be counted
    limit, standing, late = limits.of(period), False, False
    for _, act, on in sorted(records) if len(records) > 1 else records:
        if on > day:
            continue
        if act == REPORT:
            if limit is None and on > period.end:
                return Situation.NO_CALENDAR
            standing, late = True, late or (limit is not None and on > limit)
        elif act == RETURN and standing:
            standing = False
            mended = limits.after(on, limits.rules.mend_within)
            limit = limit if late else None if mended is None or limit is None else max(limit, mended)
    if standing:
        return Situation.LATE if late else Situation.IN_TIME
    if late:
        return Situation.MISSED
    if day <= period.end:
        return Situation.NOT_DUE
    if limit is None:
        return Situation.NO_CALENDAR
    return Situation.NOT_DUE if day <= limit else Situation.MISSED


def reds_in_a_row(situations: Sequence[Situation]) -> int:
    """How many of the last due periods are missed, without a break; periods not due or not owed do not count."""
    count = 0
    for one in reversed(situations):
        if one == Situation.MISSED:
            count += 1
        elif one in {Situation.IN_TIME, Situation.LATE}:
            break
    return count
