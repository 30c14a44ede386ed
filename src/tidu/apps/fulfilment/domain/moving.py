"""The one way a case moves: guard, conditional update by state and version, timeline, audit, message, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.guards import GUARDS
from tidu.apps.fulfilment.domain.transitions import BY_NAME, SYSTEM_ONLY, Transition
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Step
from tidu.apps.messages.domain.telling import tell_firm
from tidu.kernel.errors import TiduError
from tidu.kernel.settlement_words import money
from tidu.kernel.workdays import add_workdays


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
    if set(row.roles) <= FIRM_ROLES and not actor.is_system and case.enterprise_id not in actor.firms:
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
    row, day = BY_NAME[name], at.date()
    if what.follows:
        decision = _guarded(case, actor, row, day) if case.state in row.sources else no(
            f"{case} 现在是“{case.get_state_display()}”，不能{row.label}。", "wrong-state"
        )  # fmt: skip
    else:
        decision = may_move(case, actor, name, day)
    decision.require()
    if row.reason and not what.text.strip():
        raise TiduError("reason-missing", f"请写明{row.label}的理由。")
    due = what.due or (add_workdays(day, row.clock) if row.clock else None)
    with transaction.atomic():
        mine = Case.objects.filter(pk=case.pk, version=case.version, state=case.state)
        if not mine.update(state=row.target, version=F("version") + 1, due=due, **what.changes):
            raise changed(case.pk)
        before = case.state
        case.refresh_from_db()
        _record(actor, at, case, row, before, what)
    return case


def _record(actor: Actor, at: datetime, case: Case, row: Transition, before: str, what: Move) -> None:
    Step.objects.create(
        case=case, at=at, actor_name=actor.name, actor_id_number=actor.user, act=row.name, before=before, after=case.state,
        public=bool(row.message), text=what.text, detail=dict(what.detail),
    )  # fmt: skip
    record_event(
        actor=actor, at=at, action=f"case.{row.name}", subject=Subject("case", str(case.pk), str(case)),
        detail={"before": before, "after": case.state, "text": what.text},
    )  # fmt: skip
    if row.message:
        tell_firm(
            at=at, enterprise=case.enterprise_id, occasion=f"case.{row.name}", title=f"{case.title}：{case.public_state}",
            text=message_text(row, case, what.text),
        )  # fmt: skip


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
