"""Repeated red is told upwards: once for every missed period of a share, to whom the rules name."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.plans.domain.colour_rules import Escalation, Situation
from tidu.apps.plans.domain.colours import reds_in_a_row
from tidu.apps.plans.domain.guards import REPORTING
from tidu.apps.plans.domain.moving import share_subject, step_of
from tidu.apps.plans.domain.people import holders_of, people_of, tell_all
from tidu.apps.plans.domain.standing import limits_now, records_of, situations_of
from tidu.apps.plans.domain.transitions import ESCALATE
from tidu.apps.plans.enums import AssignmentState
from tidu.apps.plans.models import Assignment, PlanStep
from tidu.kernel.legal_days import legal_day

WATCHED = (AssignmentState.ISSUED, *REPORTING)
"""A unit that does not even sign is late as well."""


def escalate(*, actor: Actor, at: datetime) -> int:
    """Tell of every share whose last due period is missed and that was not told of for that period; returns how many shares.

    Rights are not asked: the night job calls it, and nothing is changed but the timeline.
    """
    day, limits = legal_day(at), limits_now()
    shares = list(Assignment.objects.filter(state__in=WATCHED).select_related("task", "unit").order_by("pk"))
    records = records_of([one.pk for one in shares], day)
    told_of = set(PlanStep.objects.filter(act=ESCALATE).values_list("assignment_id", "period"))
    count = 0
    for share in shares:
        stands = situations_of(share, records, day, limits)
        reds = reds_in_a_row([one for _, one in stands])
        if not reds:
            continue
        last = next(period for period, one in reversed(stands) if one == Situation.MISSED)
        row = limits.rules.told_at(reds)
        if row is not None and (share.pk, last.key) not in told_of:
            count += _tell(actor, at, share, row, reds, last.key, last.label)
    return count


def _tell(actor: Actor, at: datetime, share: Assignment, row: Escalation, reds: int, period: str, label: str) -> int:
    day = legal_day(at)
    text = f"{share.unit.name}的“{share.task.title}”到{label}已连续 {reds} 期逾期未报。"
    with transaction.atomic():
        Assignment.objects.select_for_update().get(pk=share.pk)
        if PlanStep.objects.filter(assignment=share, act=ESCALATE, period=period).exists():
            return 0  # another worker was first
        users = _users(share, row, day)
        told = tell_all(
            at=at, users=users, but=actor.user, occasion="plan.escalate", title=f"红灯 {reds} 期：{share.task.title}", text=text
        )
        step_of(actor, at, share, ESCALATE, before=share.state, after=share.state, text=text, period=period, detail={"reds": reds}).save(
            force_insert=True
        )
        record_event(actor=actor, at=at, action="plan.escalate", subject=share_subject(share), detail={"reds": reds, "told": told})
    return 1


def _users(share: Assignment, row: Escalation, day: date) -> list[int]:
    own = people_of([share.unit_id], day).get(share.unit_id, []) if row.unit else []
    return [*own, *(holders_of(row.roles, day) if row.roles else [])]
