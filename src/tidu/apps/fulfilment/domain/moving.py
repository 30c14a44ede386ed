"""The one way a case moves: guard, conditional update by state and version, timeline, audit, message, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.domain.deputies import signing
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.guards import GUARDS
from tidu.apps.fulfilment.domain.transitions import BY_NAME, SYSTEM_ONLY, Transition
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, CasePerson, Step
from tidu.apps.messages.domain.telling import Note, tell_firms, tell_person
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.settlement_words import money

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Move:
    """What goes with a move: the reason as typed, what else changes on the case, what the timeline keeps."""

    text: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)
    due: date | None = None
    follows: bool = False
    """Whether it is part of another act that has asked for its own right already."""


def may_move(case: Case, actor: Actor, name: str, day: date) -> Decision:
    """Whether a person may take this step now, with the reason why not: feeds button, page and guard alike."""
    row = BY_NAME[name]
    if case.state not in row.sources:
        return no(f"办件现在是“{case.get_state_display()}”，不能{row.label}。", "wrong-state")
    if row.roles == SYSTEM_ONLY:
        return no(f"“{row.label}”随相应的批量办理自动发生，不单独操作。", "follows-another-act")
    allowed = actor.may_write(*row.roles)
    if not allowed:
        return allowed
    if set(row.roles) <= FIRM_ROLES and not actor.is_system and case.enterprise_id not in actor.firms_as(*row.roles):
        return no("这不是您企业的办件。", "other-firm")
    return _guarded(case, actor, row, day)


def _guarded(case: Case, actor: Actor, row: Transition, day: date) -> Decision:
    for guard in GUARDS.get(row.name, ()):
        decision = guard(case, actor, day)
        if not decision:
            return decision
    return YES


def move(*, actor: Actor, at: datetime, case: Case, name: str, what: Move = Move()) -> Case:
    """Take one step from the version that ``case`` is. Raises ``NotAllowed`` with the reason, ``reason-missing``, or
    ``case-changed`` naming who was first.
    """
    row, day = BY_NAME[name], legal_day(at)
    if what.follows:
        decision = _guarded(case, actor, row, day) if case.state in row.sources else no(
            f"{case} 现在是“{case.get_state_display()}”，不能{row.label}。", "wrong-state"
        )  # fmt: skip
    else:
        decision = may_move(case, actor, name, day)
    decision.require()
    if row.reason and not what.text.strip():
        raise TiduError("reason-missing", f"请写明{row.label}的理由。")
    due = what.due or (calendar_in_force().add_workdays(day, row.clock) if row.clock else None)
    with transaction.atomic():
        mine = Case.objects.filter(pk=case.pk, version=case.version, state=case.state)
        if not mine.update(state=row.target, version=F("version") + 1, due=due, **what.changes):
            raise changed(case.pk)
        before = case.state
        signed = signing(actor, case.handler_id, day)  # whose case it was before the step
        case.refresh_from_db()
        _record(signed, at, case, row, before, what)
    return case


def _record(actor: Actor, at: datetime, case: Case, row: Transition, before: str, what: Move) -> None:
    _step(actor, at, case, row, before, what).save(force_insert=True)
    record_event(
        actor=actor, at=at, action=f"case.{row.name}", subject=Subject("case", str(case.pk), str(case)),
        detail={"before": before, "after": case.state, "text": what.text},
    )  # fmt: skip
    if row.message:
        _tell(at, [case], row, what.text)


def _step(actor: Actor, at: datetime, case: Case, row: Transition, before: str, what: Move) -> Step:
    return Step(
        case=case, at=at, actor_name=actor.name, actor_id_number=actor.user, act=row.name, before=before, after=case.state,
        public=bool(row.message), text=what.text, detail=dict(what.detail),
    )  # fmt: skip


def _note(case: Case, row: Transition, text: str) -> Note:
    return Note(
        case.enterprise_id, f"case.{row.name}", f"{case.title}：{case.public_state}", message_text(row, case, text), page_of_firm(case)
    )


def _tell(at: datetime, cases: Sequence[Case], row: Transition, text: str) -> None:
    """The firms hear of it, and the agents who were given the case: they read no other message to the firm."""
    notes = {case.pk: _note(case, row, text) for case in cases}
    tell_firms(at=at, notes=list(notes.values()))
    numbers = list(notes)
    for start in range(0, len(numbers), AT_ONCE):
        agents = CasePerson.objects.filter(
            case__in=numbers[start : start + AT_ONCE], user__posts__role=Role.FIRM_AGENT, user__posts__enterprise=F("case__enterprise")
        )
        for case, user in sorted(set(agents.order_by().values_list("case", "user"))):
            one = notes[case]
            tell_person(at=at, user=user, occasion=one.occasion, title=one.title, text=one.text, href=one.href)


def page_of_firm(case: Case) -> str:
    """The address under which the firm reads its case; it names no firm, so that it outlives a merge."""
    return f"/portal/cases/{case.pk}/"


def move_together(
    *,
    actor: Actor,
    at: datetime,
    cases: Sequence[Case],
    name: str,
    what: Move = Move(),
    details: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[Case]:
    """Take the same step with many cases as part of another act: all of them or, where one has changed meanwhile, none.

    One event of the audit names them all. ``what.text`` and ``what.changes`` are the same for all; ``details`` (by case) are
    what the timeline keeps of each.
    """
    row = BY_NAME[name]
    for case in cases:
        if case.state not in row.sources:
            raise TiduError("case-changed", f"{case} 现在是“{case.get_state_display()}”，不能{row.label}。请刷新后再办理。")
    before = {case.pk: case.state for case in cases}
    due = what.due or (calendar_in_force().add_workdays(legal_day(at), row.clock) if row.clock else None)
    with transaction.atomic():
        moved: list[Case] = []
        for start in range(0, len(cases), AT_ONCE):
            part = cases[start : start + AT_ONCE]
            seen = Q()
            for version in {case.version for case in part}:
                seen |= Q(pk__in=[case.pk for case in part if case.version == version], version=version)
            mine = Case.objects.filter(seen, state__in=row.sources)
            if mine.update(state=row.target, version=F("version") + 1, due=due, **what.changes) != len(part):
                raise TiduError("case-changed", f"有办件刚刚被别人办理，“{row.label}”没有进行。请刷新后再办理。")
            again = Case.objects.filter(pk__in=[case.pk for case in part]).select_related("enterprise").in_bulk()
            moved += [again[case.pk] for case in part]
        _record_together(actor, at, moved, row, before, what, details or {})
    return moved


def _record_together(
    actor: Actor, at: datetime, cases: Sequence[Case], row: Transition, before: Mapping[int, str], what: Move,
    details: Mapping[int, Mapping[str, Any]],
) -> None:  # fmt: skip
    steps = [_step(actor, at, case, row, before[case.pk], replace(what, detail=details.get(case.pk, what.detail))) for case in cases]
    Step.objects.bulk_create(steps, batch_size=AT_ONCE)
    if cases:
        record_event(
            actor=actor, at=at, action=f"case.{row.name}", subject=Subject("case", str(cases[0].pk), f"{cases[0]} 等 {len(cases)} 件"),
            detail={"after": row.target, "text": what.text, "cases": [case.pk for case in cases]},
        )  # fmt: skip
    if row.message:
        _tell(at, cases, row, what.text)


def message_text(row: Transition, case: Case, text: str) -> str:
    """What the firm reads of a step: it derives from the step, so that it can never speak of another."""
    amount = money(case.amount if case.amount is not None else case.computed)
    due = case.due.isoformat() if case.due else ""
    return row.message.format(title=case.title, number=case.number or "未编号", text=text, due=due, amount=amount)


def changed(pk: int) -> TiduError:
    """Who was first, in the words that the second reads."""
    last = Step.objects.filter(case=pk).order_by("-pk").first()
    if last is None:
        return TiduError("case-changed", "办件刚刚被改动。请刷新后再办理。")
    label = BY_NAME[last.act].label if last.act in BY_NAME else "改动"
    state = CaseState(last.after).label
    return TiduError("case-changed", f"{last.actor_name}已于 {last.at:%H:%M:%S} 办理“{label}”，办件现在是“{state}”。请刷新后再办理。")
