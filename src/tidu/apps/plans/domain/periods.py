"""The periods that a task is reported on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tidu.apps.plans.enums import PeriodKind

MONTHS = {PeriodKind.MONTHLY: 1, PeriodKind.QUARTERLY: 3, PeriodKind.YEARLY: 12}
ONCE = "once"


@dataclass(frozen=True, slots=True)
class Period:
    """One period: its key, its name, its first and last day (cut to the task's own)."""

    key: str
    label: str
    start: date
    end: date
    kind: PeriodKind


@lru_cache(maxsize=4096)
def periods_of(kind: PeriodKind, start: date, end: date) -> tuple[Period, ...]:
    """All periods of a task in order: calendar months, quarters or years that it touches, or the one up to its due date.

    >>> [one.key for one in periods_of(PeriodKind.QUARTERLY, date(2024, 2, 10), date(2024, 7, 5))]
    ['2024Q1', '2024Q2', '2024Q3']
    """
    if kind == PeriodKind.ONCE:
        return (Period(ONCE, f"{end.isoformat()} 前", start, end, kind),)
    step, found = MONTHS[kind], []
    place = (start.year * 12 + start.month - 1) // step * step
    while (first := _month(place)) <= end:
        last = _month(place + step) - timedelta(days=1)
        key, label = _named(kind, first)
        found.append(Period(key, label, max(first, start), min(last, end), kind))
        place += step
    return tuple(found)


def _month(place: int) -> date:
    return date(place // 12, place % 12 + 1, 1)


def _named(kind: PeriodKind, first: date) -> tuple[str, str]:
    if kind == PeriodKind.MONTHLY:
        return f"{first:%Y-%m}", f"{first.year}年{first.month}月"
    if kind == PeriodKind.QUARTERLY:
        quarter = (first.month + 2) // 3
        return f"{first.year}Q{quarter}", f"{first.year}年第{'一二三四'[quarter - 1]}季度"
    return str(first.year), f"{first.year}年"
