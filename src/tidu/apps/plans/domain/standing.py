"""How one share stands period by period, from the timeline: asked by guards, hastening and escalation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.plans.domain.colour_rules import ColourRules, Situation, colour_rules
from tidu.apps.plans.domain.colours import REPORT, RETURN, Limits, Record, Span, situation_of
from tidu.apps.plans.domain.periods import Period, periods_of
from tidu.apps.plans.enums import AssignmentState, Part, PeriodKind
from tidu.apps.plans.models import Assignment, PlanStep, Task

AT_ONCE = 500
Records = dict[tuple[int, str], list[Record]]
"""Acts on reports by share and period."""


def limits_now() -> Limits:
    """The rules and the calendar in force; one query."""
    return Limits(colour_rules(), calendar_in_force())


def periods_of_task(task: Task) -> tuple[Period, ...]:
    """The periods of a task."""
    return periods_of(PeriodKind(task.period), task.start, task.end)


def span_of(share: Assignment, rules: ColourRules) -> Span:
    """From when to when a share has to be reported on."""
    withdrawn = share.state == AssignmentState.WITHDRAWN
    return Span(share.issued_on, share.ended_on, withdrawn, Part(share.part) in rules.parts)


def records_of(shares: Collection[int], day: date) -> Records:
    """What happened to the reports of these shares up to a day."""
    numbers, found = list(shares), Records()
    for start in range(0, len(numbers), AT_ONCE):
        gather(found, PlanStep.objects.filter(assignment__in=numbers[start : start + AT_ONCE]).filter(day__lte=day))
    return found


def gather(found: Records, steps: Iterable[PlanStep] | object) -> None:
    """Add the steps of a query that change colours."""
    rows = steps.filter(act__in=(REPORT, RETURN)).order_by().values_list("assignment_id", "period", "turn", "act", "day")  # type: ignore[attr-defined]
    for share, period, turn, act, on in rows.iterator(chunk_size=5000):
        key = (share, period)
        record = Record(turn, act, on)
        if key in found:
            found[key].append(record)
        else:
            found[key] = [record]


def situations_of(share: Assignment, records: Records, day: date, limits: Limits) -> list[tuple[Period, Situation]]:
    """Every period of a share with how it stands."""
    span = span_of(share, limits.rules)
    return [(one, situation_of(one, span, records.get((share.pk, one.key), ()), day, limits)) for one in periods_of_task(share.task)]
