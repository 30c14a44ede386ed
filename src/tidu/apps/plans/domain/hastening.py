"""Hastening a unit that has not signed or not reported: a line of the timeline and a message, moving nothing."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.plans.domain.colour_rules import Situation
from tidu.apps.plans.domain.guards import REPORTING
from tidu.apps.plans.domain.moving import share_subject, step_of
from tidu.apps.plans.domain.people import people_of, tell_all
from tidu.apps.plans.domain.standing import limits_now, records_of, situations_of
from tidu.apps.plans.domain.transitions import HASTEN
from tidu.apps.plans.enums import COORDINATORS, AssignmentState, ReportState
from tidu.apps.plans.models import Assignment, PlanStep
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day


def wanting(share: Assignment, day: date) -> str:
    """What a share lacks on a day, in words; empty where nothing."""
    if share.state == AssignmentState.ISSUED:
        return "签收"
    if share.state not in REPORTING:
        return ""
    stands = situations_of(share, records_of([share.pk], day), day, limits_now())
    returned = set(share.reports.filter(state=ReportState.RETURNED).values_list("period", flat=True))
    labels = [period.label for period, one in stands if one == Situation.MISSED or period.key in returned]
    return f"报送{'、'.join(labels)}的进展" if labels else ""


def may_hasten(actor: Actor, share: Assignment, day: date) -> Decision:
    """The bureau hastens who lacks something; nobody who lacks nothing is hastened."""
    allowed = actor.may_write(*COORDINATORS)
    if not allowed or wanting(share, day):
        return allowed
    return no(f"“{share}”没有逾期未报、退回待改或者没有签收的，不用催办。", "nothing-to-hasten")


def hasten(*, actor: Actor, at: datetime, share: Assignment, text: str = "") -> int:
    """Ask a unit again; returns how many people were told. Once a day per share (``hastened-today``)."""
    day = legal_day(at)
    may_hasten(actor, share, day).require()
    wanted = wanting(share, day)
    with transaction.atomic():
        Assignment.objects.select_for_update().get(pk=share.pk)  # two colleagues at once make one hastening
        if PlanStep.objects.filter(assignment=share, act=HASTEN, day=day).exists():
            raise TiduError("hastened-today", f"今天已经催过{share.unit.name}，一天催一次。急的请打电话。")
        said = f"请{share.unit.name}尽快{wanted}。{text.strip()}".strip()
        step_of(actor, at, share, HASTEN, before=share.state, after=share.state, text=said).save(force_insert=True)
        record_event(actor=actor, at=at, action="plan.hasten", subject=share_subject(share), detail={"text": said})
        users = people_of([share.unit_id], day).get(share.unit_id, [])
        return tell_all(
            at=at,
            users=users,
            but=actor.user,
            occasion="plan.hasten",
            title=f"催办：{share.task.title}",
            text=f"“{share.task.title}”：{said}",
        )
