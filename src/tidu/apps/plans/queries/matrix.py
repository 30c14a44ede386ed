"""The matrix of units × tasks × periods, as of any day, in a number of queries that does not grow with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from tidu.apps.accounts.actors import Actor
from tidu.apps.plans.domain.colour_rules import Situation
from tidu.apps.plans.domain.colours import Span, situation_of
from tidu.apps.plans.domain.periods import Period, periods_of
from tidu.apps.plans.domain.standing import Records, gather, limits_now
from tidu.apps.plans.enums import AssignmentState, Colour, Part, PeriodKind
from tidu.apps.plans.models import Assignment, PlanStep


class Cell(NamedTuple):
    """One cell: its period, how it stands, its colour."""

    period: Period
    situation: Situation
    colour: Colour


@dataclass(frozen=True, slots=True)
class Row:
    """One unit's share of a task with its cells, in the order of the periods; ``state_now`` is today's, whatever the day asked."""

    share: int
    task: int
    task_title: str
    path: str
    unit: int
    unit_name: str
    part: str
    state_now: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """The rows that a person may see, as of ``day``. Counts are of all cells, by colour."""

    day: date
    rows: list[Row]
    _tallies: list[Counter[Colour]] = field(repr=False)

    @cached_property
    def by_colour(self) -> Mapping[Colour, int]:
        """How many cells have each colour; every colour is there."""
        return _summed(self._tallies)

    @cached_property
    def by_unit(self) -> Mapping[int, Mapping[Colour, int]]:
        """The same for each unit."""
        return self._grouped(row.unit for row in self.rows)

    @cached_property
    def by_task(self) -> Mapping[int, Mapping[Colour, int]]:
        """The same for each task."""
        return self._grouped(row.task for row in self.rows)

    def _grouped(self, keys: Iterable[int]) -> dict[int, Mapping[Colour, int]]:
        found: dict[int, list[Counter[Colour]]] = {}
        for key, tally in zip(keys, self._tallies, strict=True):
            found.setdefault(key, []).append(tally)
        return {key: _summed(tallies) for key, tallies in found.items()}


def _summed(tallies: Iterable[Counter[Colour]]) -> dict[Colour, int]:
    total: Counter[Colour] = Counter()
    for one in tallies:
        total.update(one)
    return {colour: total[colour] for colour in Colour}


@dataclass(frozen=True, slots=True)
class MatrixFilter:
    """Which part of it: a plan, a unit, a task; None for all."""

    plan: int | None = None
    unit: int | None = None
    task: int | None = None


COLUMNS = (
    "pk", "task_id", "task__title", "task__path", "unit_id", "unit__short_name", "part", "state", "issued_on", "ended_on", "task__period",
    "task__start", "task__end",
)  # fmt: skip


def matrix(actor: Actor, day: date, chosen: MatrixFilter = MatrixFilter()) -> Matrix:
    """The matrix at the end of a day; three queries. A share that was not issued by then has no row."""
    shares = Assignment.objects.visible_to(actor).filter(issued_on__lte=day)
    for name, value in (("task__plan", chosen.plan), ("unit", chosen.unit), ("task", chosen.task)):
        shares = shares.filter(**{name: value}) if value is not None else shares
    records, limits = Records(), limits_now()
    gather(records, PlanStep.objects.filter(assignment__in=shares.order_by().values("pk"), day__lte=day))
    rules = limits.rules
    made: dict[tuple[Period, Situation], Cell] = {}
    rows, tallies = [], []
    for one in shares.order_by("task__plan", "task__number", "pk").values_list(*COLUMNS):
        pk, task, title, path, unit, name, part, state, issued, ended, kind, start, end = one
        span = Span(issued, ended, state == AssignmentState.WITHDRAWN, Part(part) in rules.parts)
        cells, tally = [], Counter[Colour]()
        for period in periods_of(PeriodKind(kind), start, end):
            situation = situation_of(period, span, records.get((pk, period.key), ()), day, limits)
            key = (period, situation)
            cell = made.get(key)
            if cell is None:
                cell = made[key] = Cell(period, situation, rules.colours[situation])
            cells.append(cell)
        tally.update([cell.colour for cell in cells])
        rows.append(Row(pk, task, title, path, unit, name, part, state, tuple(cells)))
        tallies.append(tally)
    return Matrix(day, rows, tallies)
