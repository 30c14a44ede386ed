"""Conditions of a step beyond state and role; each answers with the reason that a blocked button shows."""

from __future__ import annotations

from datetime import date

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.plans.domain.colour_rules import Situation
from tidu.apps.plans.domain.people import of_unit
from tidu.apps.plans.domain.standing import limits_now, periods_of_task, records_of, situations_of
from tidu.apps.plans.domain.transitions import BY_NAME, Transition
from tidu.apps.plans.enums import AssignmentState, ReportState
from tidu.apps.plans.models import Assignment, PlanReport, PlanStep

REPORTING = (AssignmentState.SIGNED, AssignmentState.CLOSING)


def may_move_share(share: Assignment, actor: Actor, name: str, day: date) -> Decision:
    """Whether a person may take this step with a unit's share now."""
    row = BY_NAME[name]
    if share.state not in row.sources:
        return no(f"“{share}”现在是“{share.get_state_display()}”，不能{row.label}。", "wrong-state")
    allowed = _rights(row, share, actor)
    if not allowed:
        return allowed
    if name == "ask-closing":
        return _nothing_open(share, day)
    if name == "close":
        return _second_person(share, actor)
    return YES


def may_report(share: Assignment, actor: Actor, period: str, day: date, state: str) -> Decision:
    """Whether a unit may hand in its report on a period; ``state`` is that of the report there is."""
    row = BY_NAME["report"]
    if share.state not in REPORTING:
        said = "请先签收" if share.state == AssignmentState.ISSUED else f"任务现在是“{share.get_state_display()}”"
        return no(f"{said}，不能{row.label}。", "not-reporting")
    if state not in row.sources:
        return no(f"这一期的报送现在是“{ReportState(state).label}”，不能再报。", "wrong-state")
    allowed = _rights(row, share, actor)
    if not allowed:
        return allowed
    found = next((one for one in periods_of_task(share.task) if one.key == period), None)
    if found is None or share.issued_on is None or found.end < share.issued_on:
        return no(f"“{share.task.title}”没有要报送的这一期（{period}）。", "no-such-period")
    if found.start > day:
        return no(f"{found.label}还没有开始，{found.start.isoformat()} 起才能报送。", "not-begun")
    return YES


def may_judge(report: PlanReport, actor: Actor, name: str) -> Decision:
    """Whether a person may accept or return a report now; nobody accepts a report of the own hand."""
    row = BY_NAME[name]
    if report.state not in row.sources:
        return no(f"这一期的报送现在是“{report.get_state_display()}”，不能{row.label}。", "wrong-state")
    allowed = _rights(row, report.assignment, actor)
    if not allowed or name != "accept" or actor.is_system:
        return allowed
    last = report.versions.order_by("-number").first()
    return no("这份报送是您本人交的，请另一位同事审核。", "own-report") if last is not None and last.by == actor.user else YES


def _rights(row: Transition, share: Assignment, actor: Actor) -> Decision:
    allowed = actor.may_write(*row.roles)
    if not allowed:
        return allowed
    if row.own and not of_unit(actor, share.unit):
        return no(f"这是{share.unit.name}的任务，由该单位办理。", "other-unit")
    return YES


def _nothing_open(share: Assignment, day: date) -> Decision:
    stands = situations_of(share, records_of([share.pk], day), day, limits_now())
    missed = [period.label for period, one in stands if one == Situation.MISSED]
    if missed:
        return no(f"还有 {len(missed)} 期没有报送：{'、'.join(missed)}。补报以后才能申请销号。", "reports-missing")
    waiting = share.reports.filter(state__in=(ReportState.SUBMITTED, ReportState.RETURNED)).count()
    return no(f"还有 {waiting} 期报送没有认可，认可以后才能申请销号。", "reports-waiting") if waiting else YES


def _second_person(share: Assignment, actor: Actor) -> Decision:
    asked = PlanStep.objects.filter(assignment=share, act="ask-closing").order_by("-at", "-pk").first()
    if asked is not None and asked.actor_id_number == actor.user and not actor.is_system:
        return no("销号是您本人申请的，请另一位同事办理。", "own-closing")
    return YES
