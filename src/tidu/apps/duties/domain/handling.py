"""Handling a lead: take over, verify, dismiss; then recover or leave it at that. One table of moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.duties.domain.raising import WORKDAYS, due_after
from tidu.apps.duties.enums import LEADS_UNDONE, Ground, LeadState
from tidu.apps.duties.models import DutyStep, Lead
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.models import Obligation
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
HEAD = (Role.BUREAU_HEAD,)


@dataclass(frozen=True, slots=True)
class LeadMove:
    """One act on a lead; ``words`` asks for a reason, ``second`` for somebody other than who verified it."""

    key: str
    name: str
    sources: tuple[LeadState, ...]
    target: LeadState
    roles: tuple[Role, ...] = CLERKS
    words: bool = True
    second: bool = False
    by_button: bool = True


MOVES: Mapping[str, LeadMove] = {
    one.key: one
    for one in (
        LeadMove("take", "接手", (LeadState.OPEN,), LeadState.OPEN, words=False),
        LeadMove("verify", "核实属实", (LeadState.OPEN,), LeadState.VERIFIED),
        LeadMove("dismiss", "线索不成立", LEADS_UNDONE, LeadState.DISMISSED),
        LeadMove("watch", "属实，无须追缴", (LeadState.VERIFIED,), LeadState.WATCHED, HEAD, second=True),
        LeadMove("recover", "立案追缴", (LeadState.VERIFIED,), LeadState.RECOVERING, HEAD, second=True, by_button=False),
        LeadMove("sanction", "按弄虚作假处理", (LeadState.VERIFIED,), LeadState.SANCTIONED, HEAD, second=True, by_button=False),
    )
}


def may_tell(actor: Actor) -> Decision:
    """Who may register a lead by hand."""
    return actor.may_write(*CLERKS)


def may_handle(actor: Actor, key: str, lead: Lead) -> Decision:
    """Whether somebody may do this now, with the reason that a disabled button shows."""
    wanted = MOVES[key]
    if lead.state not in wanted.sources:
        return no(f"这条线索现在是“{lead.get_state_display()}”，不能“{wanted.name}”。", "wrong-state")
    allowed = actor.may_write(*wanted.roles)
    if not allowed:
        return allowed
    if key == "take" and lead.handler_id == actor.user:
        return no("这条线索已经由您经办。", "already-yours")
    if wanted.second and lead.verifier_id is not None and lead.verifier_id == actor.user:
        return no("线索是您自己核实的，须由另一位负责人决定。", "second-person")
    return YES


def handle_lead(
    *, actor: Actor, at: datetime, lead: Lead, key: str, version: int, words: str = "", detail: Mapping[str, Any] | None = None
) -> Lead:  # fmt: skip
    """Take one move from the version looked at. Raises ``NotAllowed``, ``reason-missing``, or ``stale`` naming who was first."""
    wanted, text = MOVES[key], words.strip()
    if lead.version != version:
        raise _stale(lead)
    may_handle(actor, key, lead).require()
    if wanted.words and not text:
        raise TiduError("reason-missing", f"请写明“{wanted.name}”的情况或理由。")
    changes: dict[str, Any] = {"state": wanted.target, "changed_by": actor.name, "changed_at": at}
    if key == "take":
        changes["handler_id"] = actor.user
    elif key in {"verify", "dismiss"}:
        changes |= {"verifier_id": actor.user, "finding": text}
    with transaction.atomic():
        before = lead.state
        if not Lead.objects.filter(pk=lead.pk, version=version, state=before).update(version=F("version") + 1, **changes):
            raise _stale(Lead.objects.get(pk=lead.pk))
        lead.refresh_from_db()
        DutyStep.objects.create(lead=lead, act=wanted.name, text=text, by_name=actor.name, at=at)
        record_event(
            actor=actor, at=at, action=f"lead.{key}", subject=subject_of(lead),
            detail={"before": before, "after": lead.state, "text": text, **(detail or {})},
        )  # fmt: skip
    return lead


def tell_lead(*, actor: Actor, at: datetime, enterprise: Enterprise, text: str, ground: Ground = Ground.TOLD) -> Lead:
    """Register a lead that no register told: a report by telephone, a visit, a check. The firm must owe something."""
    may_tell(actor).require()
    if not text.strip():
        raise TiduError("text-missing", "请写明线索的内容：什么时间、什么情况、从哪里得知。")
    return keep_lead(actor=actor, at=at, enterprise=enterprise, ground=ground, mark=f"told:{uuid4().hex}", text=text.strip())


def keep_lead(*, actor: Actor, at: datetime, enterprise: Enterprise, ground: Ground, mark: str, text: str) -> Lead:
    """A lead that follows from another act (a check, a declaration); the same ``mark`` twice is one lead."""
    if not Obligation.objects.filter(case__enterprise=enterprise).exists():
        raise TiduError("no-obligation", f"{enterprise.name}没有到账的奖补资金，没有承诺义务，不能登记履约线索。")
    day = legal_day(at)
    with transaction.atomic():
        lead, fresh = Lead.objects.get_or_create(
            enterprise=enterprise, mark=mark, occurrence=1,
            defaults={
                "ground": ground, "title": text[:200], "raised_on": day, "due": due_after(day, WORKDAYS), "changed_at": at,
                "evidence": [{"name": ground.label, "text": text, "source": actor.name, "day": day.isoformat()}],
                "handler_id": actor.user if actor.has(Role.BUREAU_CLERK) else None,
            },
        )  # fmt: skip
        if fresh:
            DutyStep.objects.create(lead=lead, act=ground.label, text=text, by_name=actor.name, at=at)
            record_event(actor=actor, at=at, action="lead.told", subject=subject_of(lead), detail={"ground": ground.label, "text": text})
    return lead


def subject_of(lead: Lead) -> Subject:
    """A lead as the audit names it."""
    return Subject("lead", str(lead.pk), lead.title[:120])


def _stale(lead: Lead) -> TiduError:
    when = f"{timezone.localtime(lead.changed_at):%Y-%m-%d %H:%M}"
    who = lead.changed_by or "系统"
    return TiduError("stale", f"{who}已于 {when} 办理，现在是“{lead.get_state_display()}”。请刷新后再看。", by=who)
