"""The matrix: what each person sees, counts that add up, any day, a constant number of queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.apps.people import stranger
from tests.apps.plans.ground import NOON, TODAY, Ground, plan_district
from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.queries import actor_of
from tidu.apps.plans.domain.making import PlanDraft, TaskDraft, add_tasks, make_plan
from tidu.apps.plans.domain.moving import issue_plan
from tidu.apps.plans.enums import Colour, PeriodKind
from tidu.apps.plans.queries.matrix import Matrix, MatrixFilter, matrix
from tidu.kernel.errors import TiduError

pytestmark = pytest.mark.django_db
LATER = date(2024, 5, 20)


@pytest.fixture
def ground() -> Ground:
    found = plan_district()
    found.signed()
    found.report(date(2024, 2, 2), "2024-01")
    found.report(date(2024, 3, 20), "2024-02")
    return found


def shown(found: Matrix) -> list[tuple[str, str, str]]:
    letters = {Colour.RED: "R", Colour.YELLOW: "Y", Colour.GREEN: "G", Colour.NONE: "."}
    return [(row.task_title, row.unit_name, "".join(letters[cell.colour] for cell in row.cells)) for row in found.rows]


def test_the_matrix_as_of_a_day(ground: Ground) -> None:
    assert shown(matrix(ground.head, LATER)) == [
        ("推动小进规", "税务局", "GYRR........"), ("推动小进规", "第一街道", "RRRR........"), ("银企对接", "科经局", "."),
    ]  # fmt: skip
    assert shown(matrix(ground.head, date(2024, 3, 11)))[0][2] == "GR.........."
    assert shown(matrix(ground.head, date(2024, 1, 1))) == []  # nothing was issued yet
    assert shown(matrix(ground.head, date(2024, 7, 2)))[2][2] == "R"  # 30 June is a Sunday: due on Monday


def test_counts_add_up(ground: Ground) -> None:
    found = matrix(ground.head, LATER)
    units = ground.district.units
    assert found.by_colour == {Colour.RED: 6, Colour.YELLOW: 1, Colour.GREEN: 1, Colour.NONE: 17}
    assert found.by_unit[units["tax"].pk] == {Colour.RED: 2, Colour.YELLOW: 1, Colour.GREEN: 1, Colour.NONE: 8}
    assert found.by_unit[units["bureau"].pk] == {Colour.RED: 0, Colour.YELLOW: 0, Colour.GREEN: 0, Colour.NONE: 1}
    cells = sum(len(row.cells) for row in found.rows)
    for counts in (found.by_unit, found.by_task):
        assert {colour: sum(one[colour] for one in counts.values()) for colour in Colour} == found.by_colour
    assert sum(found.by_colour.values()) == cells
    one = matrix(ground.head, LATER, MatrixFilter(plan=ground.plan.pk, unit=units["tax"].pk, task=found.rows[0].task))
    assert shown(one) == shown(found)[:1]


def test_what_each_person_sees(ground: Ground) -> None:
    def units(actor: Actor) -> list[str]:
        return [row.unit_name for row in matrix(actor, LATER).rows]

    everything = ["税务局", "第一街道", "科经局"]
    for role in (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DISTRICT_LEADER, Role.AUDITOR):
        assert units(ground.actor(role)) == everything
    assert units(ground.tax) == ["税务局", "第一街道"]  # it leads the task
    assert units(ground.actor(Role.SUBDISTRICT_CLERK)) == ["第一街道"]
    nobody = [
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDIT_ADMIN,
        Role.FIRM_LEGAL,
        Role.FIRM_AGENT,
        Role.BANK_CLERK,
        Role.PROVIDER_CLERK,
    ]
    for actor in (ground.neighbour, actor_of(stranger(), TODAY), *map(ground.actor, nobody)):
        assert units(actor) == []


def test_the_number_of_queries_does_not_grow(ground: Ground) -> None:
    head = ground.head

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            matrix(head, LATER)
        return len(seen)

    few = asked()
    units = ground.district.units
    drafts = [
        TaskDraft(f"三.{number}", f"任务{number}", (units["tax"],), (units["one"], units["two"]), PeriodKind.QUARTERLY, TODAY, LATER)
        for number in range(40)
    ]
    add_tasks(actor=ground.clerk, at=NOON, plan=ground.plan, tasks=drafts)
    issue_plan(actor=ground.clerk, at=NOON, plan=ground.plan)
    assert (few, asked(), len(matrix(ground.head, LATER).rows)) == (3, 3, 123)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"leads": ()}, "没有牵头单位"),
        ({"end": date(2025, 1, 1)}, "起止日期要在计划的 2024-01-01 至 2024-12-31 以内"),
        ({"title": " "}, "没有任务名称"),
        ({"twice": True}, "同一单位列了两次"),
    ],
)
def test_a_task_that_cannot_be_is_refused_with_all_others(ground: Ground, change: dict[str, object], said: str) -> None:
    tax = ground.district.units["tax"]
    given = {"path": "一", "title": "新任务", "leads": (tax,), "helps": (), "period": PeriodKind.ONCE, "start": TODAY, "end": LATER}
    good = TaskDraft(**given)  # type: ignore[arg-type]
    twice = {"helps": (tax,)} if change.pop("twice", False) else {}
    bad = TaskDraft(**{**given, **change, **twice})  # type: ignore[arg-type]
    with pytest.raises(TiduError, match=said):
        add_tasks(actor=ground.clerk, at=NOON, plan=ground.plan, tasks=[good, bad])
    assert ground.plan.tasks.count() == 2
    with pytest.raises(TiduError, match="结束日期不能早于开始日期"):
        make_plan(actor=ground.clerk, at=NOON, draft=PlanDraft("计划", LATER, TODAY), tasks=[good])
