"""How a time limit stands on a day: 红黄绿, worked out and never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tidu.apps.administration.remembered import calendar
from tidu.apps.fulfilment.enums import CaseState
from tidu.kernel.workdays import CalendarNotAnnounced

SOON = 2
"""Working days before the limit from which the lamp is yellow."""

PERIODS = (CaseState.NOTICED, CaseState.OBJECTED)
"""States whose day is the end of a period that must run, not a limit that can be missed."""


@dataclass(frozen=True, slots=True)
class Lamp:
    """A colour (``red``, ``yellow``, ``green``, empty for none) and what it means."""

    colour: str
    text: str


def lamp(due: date | None, day: date, state: str = "") -> Lamp:
    """The lamp of a limit on a day, in working days; in calendar days where a year's holidays are not announced."""
    if due is None:
        return Lamp("", "")
    if state in PERIODS:
        return Lamp("", "期满，待办结" if due < day else "公示期最后一日")
    left, unit = _left(due, day)
    if due < day:
        return Lamp("red", f"超期 {left} {unit}" if left else "超期")
    if due == day:
        return Lamp("yellow", "今天到期")
    return Lamp("yellow" if left <= SOON else "green", f"还剩 {left} {unit}")


def _left(due: date, day: date) -> tuple[int, str]:
    try:
        return calendar().workdays_between(min(day, due), max(day, due)), "个工作日"
    except CalendarNotAnnounced:
        return abs((due - day).days), "天"
