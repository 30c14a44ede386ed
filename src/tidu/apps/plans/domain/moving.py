"""How a unit's share of a task moves: guard, conditional update by state and version, timeline, audit, message, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.plans.domain.guards import may_move_share
from tidu.apps.plans.domain.people import holders_of, people_of, tell_all
from tidu.apps.plans.domain.standing import AT_ONCE, limits_now
from tidu.apps.plans.domain.transitions import BY_NAME, Told, Transition, step_label
from tidu.apps.plans.enums import AssignmentState
from tidu.apps.plans.models import Assignment, Plan, PlanStep
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

ENDS = (AssignmentState.CLOSED, AssignmentState.WITHDRAWN)


def share_subject(share: Assignment) -> Subject:
    """A unit's share as the audit names it."""
    return Subject("plan-task", str(share.pk), str(share))


def move_share(*, actor: Actor, at: datetime, share: Assignment, name: str, text: str = "") -> Assignment:
    """Take one step from the version that ``share`` is. Raises ``NotAllowed`` with the reason, ``reason-missing``, or
    ``share-changed`` naming who was first.
    """
    row, day = BY_NAME[name], legal_day(at)
    may_move_share(share, actor, name, day).require()
    require_reason(row, text)
    with transaction.atomic():
        before = share.state
        mine = Assignment.objects.filter(pk=share.pk, version=share.version, state=share.state)
        if not mine.update(state=row.target, version=F("version") + 1, **_days(row, day)):
            raise share_changed(share)
        share.refresh_from_db(fields=("state", "version", "issued_on", "ended_on"))
        step_of(actor, at, share, row.name, before=before, after=row.target, turn=share.version, text=text).save(force_insert=True)
        detail = {"before": before, "after": share.state, "text": text}
        record_event(actor=actor, at=at, action=f"plan.{row.name}", subject=share_subject(share), detail=detail)
        if before != AssignmentState.DRAFT or row.name == "issue":  # of a draft nobody has heard
            tell(actor, at, share, row, text=text)
    return share


def issue_plan(*, actor: Actor, at: datetime, plan: Plan) -> int:
    """Issue all drafts of a plan at once; each unit reads one message. Returns how many. Raises ``nothing-to-issue``, ``share-changed``."""
    row, day = BY_NAME["issue"], legal_day(at)
    actor.may_write(*row.roles).require()
    shares = list(Assignment.objects.filter(task__plan=plan, state=AssignmentState.DRAFT).select_related("task", "unit").order_by("pk"))
    if not shares:
        raise TiduError("nothing-to-issue", f"“{plan.title}”没有待下达的任务。")
    with transaction.atomic():
        for start in range(0, len(shares), AT_ONCE):
            part = shares[start : start + AT_ONCE]
            seen = Q()
            for version in {one.version for one in part}:
                seen |= Q(pk__in=[one.pk for one in part if one.version == version], version=version)
            mine = Assignment.objects.filter(seen, state=AssignmentState.DRAFT)
            if mine.update(state=row.target, version=F("version") + 1, issued_on=day) != len(part):
                raise TiduError("share-changed", "有任务刚刚被别人办理，这次没有下达。请刷新后再下达。")
        steps = [step_of(actor, at, one, row.name, before=one.state, after=row.target, turn=one.version + 1) for one in shares]
        PlanStep.objects.bulk_create(steps, batch_size=AT_ONCE)
        detail = {"tasks": len(shares), "after": row.target}
        record_event(actor=actor, at=at, action="plan.issue", subject=Subject("plan", str(plan.pk), plan.title), detail=detail)
        _tell_units(actor, at, plan, shares)
    return len(shares)


def _tell_units(actor: Actor, at: datetime, plan: Plan, shares: Sequence[Assignment]) -> None:
    people = people_of({one.unit_id for one in shares}, legal_day(at))
    due = sign_by(legal_day(at))
    for unit, users in people.items():
        own = [one.task.title for one in shares if one.unit_id == unit]
        text = f"“{plan.title}”下达给您单位 {len(own)} 项任务，请在 {due} 前签收：{'；'.join(own)}。"
        tell_all(at=at, users=users, but=actor.user, occasion="plan.issue", title=f"新任务 {len(own)} 项待签收", text=text)


def sign_by(day: date) -> str:
    """The last day to sign what was issued on a day; empty where the calendar is not announced."""
    limits = limits_now()
    found = limits.after(day, limits.rules.sign_within)
    return found.isoformat() if found else "规定期限"


def require_reason(row: Transition, text: str) -> None:
    """Raises ``reason-missing`` where a step asks for words and there are none."""
    if row.reason and not text.strip():
        raise TiduError("reason-missing", f"请写明{row.label}的理由。")


def _days(row: Transition, day: date) -> dict[str, Any]:
    if row.name == "issue":
        return {"issued_on": day}
    return {"ended_on": day} if row.target in ENDS else {}


def step_of(
    actor: Actor, at: datetime, share: Assignment, act: str, *, before: str = "", after: str = "", turn: int = 0, text: str = "",
    period: str = "", detail: Mapping[str, Any] | None = None,
) -> PlanStep:  # fmt: skip
    """A line of the timeline, not yet stored."""
    return PlanStep(
        assignment=share, period=period, turn=turn, act=act, at=at, day=legal_day(at), before=before, after=after, actor_name=actor.name,
        actor_id_number=actor.user, text=text, detail=dict(detail or {}),
    )  # fmt: skip


def tell(actor: Actor, at: datetime, share: Assignment, row: Transition, *, text: str, period: str = "") -> int:
    """The message of a step to whom the table names; returns how many were told."""
    if row.told == Told.NOBODY:
        return 0
    day = legal_day(at)
    users = people_of([share.unit_id], day).get(share.unit_id, []) if row.told == Told.UNIT else holders_of((Role.BUREAU_CLERK,), day)
    due = sign_by(day) if "{due}" in row.message else ""
    said = row.message.format(
        task=share.task.title,
        unit=share.unit.short_name,
        part=share.get_part_display(),
        text=text.strip().rstrip("。"),
        due=due,
        period=period,
    )
    return tell_all(at=at, users=users, but=actor.user, occasion=f"plan.{row.name}", title=f"{row.label}：{share.task.title}", text=said)


def share_changed(share: Assignment) -> TiduError:
    """Who was first, in the words that the second reads."""
    last = PlanStep.objects.filter(assignment=share, period="").order_by("-turn").first()
    if last is None:
        return TiduError("share-changed", "任务刚刚被改动。请刷新后再办理。")
    state = AssignmentState(last.after).label if last.after else ""
    return TiduError(
        "share-changed", f"{last.actor_name}已于 {last.at:%H:%M:%S} 办理“{step_label(last.act)}”，任务现在是“{state}”。请刷新后再办理。"
    )
