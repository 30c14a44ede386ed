"""The ladder of one firm, from spans of validity: which rung on a day, and every change. Pure.

>>> a = Span(1, date(2021, 4, 28), date(2022, 4, 27))
>>> b = Span(4, date(2021, 5, 1), date(2024, 4, 30))
>>> [(step.day.isoformat(), step.before, step.after) for step in history([a, b])]
[('2021-04-28', 0, 1), ('2021-05-01', 1, 4), ('2024-05-01', 4, 0)]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A recognition of a rung from its day to its last day, both inside; None: without an end."""

    rung: int
    day: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.day <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Step:
    """A change of rung on a day."""

    day: date
    before: int
    after: int

    @property
    def word(self) -> str:
        """What the change is: 晋级, 降档, 到期退出, 登上梯度."""
        if self.before == 0:
            return "登上梯度"
        if self.after == 0:
            return "到期退出"
        return "晋级" if self.after > self.before else "降档"


def rung_on(spans: Iterable[Span], day: date) -> int:
    """The highest rung held on a day; 0 for none."""
    return max((span.rung for span in spans if span.holds(day)), default=0)


def history(spans: Sequence[Span]) -> list[Step]:
    """Every day on which the rung changes, in order."""
    days = {span.day for span in spans} | {
        span.until + timedelta(days=1) for span in spans if span.until is not None and span.until < date.max
    }
    steps, before = [], 0
    for day in sorted(days):
        after = rung_on(spans, day)
        if after != before:
            steps.append(Step(day, before, after))
            before = after
    return steps
