"""Putting a document to work: tasks and each unit's share of them, as drafts until they are issued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.plans.enums import COORDINATORS, Part, PeriodKind
from tidu.apps.plans.models import Assignment, Extraction, Plan, PlanDocument, Task
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that every report holds."""

    id: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task as a person confirmed it. For a single delivery ``end`` is the day it is due."""

    path: str
    title: str
    leads: tuple[Unit, ...]
    helps: tuple[Unit, ...]
    period: PeriodKind
    start: date
    end: date
    measures: tuple[Measure, ...] = ()
    text: str = ""
    clause: Extraction | None = None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan: its title and days, and the document it comes from (none for one made by hand)."""

    title: str
    start: date
    end: date
    document: PlanDocument | None = None


def may_make_plan(actor: Actor) -> Decision:
    """The bureau makes plans."""
    return actor.may_write(*COORDINATORS)


def make_plan(*, actor: Actor, at: datetime, draft: PlanDraft, tasks: Sequence[TaskDraft]) -> Plan:
    """A plan with its tasks, all or none. Raises ``bad-plan``, ``plan-there``, and what ``add_tasks`` raises."""
    may_make_plan(actor).require()
    if not draft.title.strip() or draft.end < draft.start:
        raise TiduError("bad-plan", "计划要有名称，结束日期不能早于开始日期。")
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                document=draft.document,
                title=draft.title.strip()[:300],
                start=draft.start,
                end=draft.end,
                made_at=at,
                maker_name=actor.name,
            )
            add_tasks(actor=actor, at=at, plan=plan, tasks=tasks)
    except IntegrityError as error:
        raise TiduError("plan-there", "这份文件已经建立了计划。请打开原计划，在里面添任务。") from error
    return plan


def add_tasks(*, actor: Actor, at: datetime, plan: Plan, tasks: Sequence[TaskDraft]) -> list[Task]:
    """More tasks, all or none. Raises ``bad-task`` naming the task and what is wrong with it."""
    may_make_plan(actor).require()
    if not tasks:
        raise TiduError("bad-task", "没有选中任何任务。")
    for one in tasks:
        _check(plan, one)
    with transaction.atomic():
        held = Plan.objects.select_for_update().get(pk=plan.pk)  # numbers of tasks are given one after the other
        last = held.tasks.aggregate(last=Max("number"))["last"] or 0
        made = Task.objects.bulk_create([_task(held, last + place, one) for place, one in enumerate(tasks, start=1)], batch_size=200)
        shares = [share for task, one in zip(made, tasks, strict=True) for share in _shares(task, one)]
        Assignment.objects.bulk_create(shares, batch_size=500)
        detail = {"tasks": len(made), "units": len(shares)}
        record_event(actor=actor, at=at, action="plan.made", subject=Subject("plan", str(held.pk), held.title), detail=detail)
    return made


def _check(plan: Plan, one: TaskDraft) -> None:
    wrong = []
    if not one.title.strip():
        wrong.append("没有任务名称")
    if not one.leads:
        wrong.append("没有牵头单位")
    if one.end < one.start or one.start < plan.start or one.end > plan.end:
        wrong.append(f"起止日期要在计划的 {plan.start.isoformat()} 至 {plan.end.isoformat()} 以内，且先起后止")
    units = [*one.leads, *one.helps]
    off = [unit.name for unit in units if not unit.active]
    if off:
        wrong.append(f"{'、'.join(off)}已停用")
    if len({unit.pk for unit in units}) != len(units):
        wrong.append("同一单位列了两次")
    ids = [measure.id for measure in one.measures]
    if len(set(ids)) != len(ids) or not all(measure.id and measure.name for measure in one.measures):
        wrong.append("指标要有编号和名称，编号不能重复")
    if wrong:
        raise TiduError("bad-task", f"任务“{one.title or one.path}”不能建立：{'；'.join(wrong)}。请改正后再建立。")


def _task(plan: Plan, number: int, one: TaskDraft) -> Task:
    measures = [{"id": measure.id, "name": measure.name, "unit": measure.unit} for measure in one.measures]
    return Task(
        plan=plan, number=number, clause=one.clause, path=one.path, title=one.title.strip()[:200], text=one.text, period=one.period,
        start=one.start, end=one.end, measures=measures,
    )  # fmt: skip


def _shares(task: Task, one: TaskDraft) -> list[Assignment]:
    parts = [(unit, Part.LEAD) for unit in one.leads] + [(unit, Part.COOPERATE) for unit in one.helps]
    return [Assignment(task=task, unit=unit, part=part) for unit, part in parts]
