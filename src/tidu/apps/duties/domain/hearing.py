"""The course of a recovery beside its state: notice with a deadline, the firm's statement and how it was dealt with, the plan.

The steps themselves belong to ``fulfilment/domain/recovering.py``; here is what has to be true before each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.duties.domain.proofs import Upload, keep_proofs
from tidu.apps.duties.models import Instalment, Proceeding, Statement
from tidu.apps.fulfilment.domain.recovering import ORDER, advance_recovery
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.fulfilment.models import Recovery
from tidu.apps.messages.domain.telling import Note, tell_firms
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.settlement_words import money

HEAD = (Role.BUREAU_HEAD,)
CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
HEARING_WORKDAYS = 10
"""How many working days the firm has to state its case, from the day after the notice."""
MOST_INSTALMENTS = 36


def subject_of(recovery: Recovery) -> Subject:
    """A recovery as the audit names it: by its case."""
    return Subject("case", str(recovery.case_id), str(recovery.case))


def may_step(actor: Actor, recovery: Recovery, to: RecoveryState, day: date) -> Decision:
    """Whether the next step may be taken now, with the reason why not."""
    if recovery.state != ORDER.get(to):
        return no(f"追缴现在是“{recovery.get_state_display()}”，不能“{to.label}”。", "recovery-order")
    allowed = actor.may_write(*HEAD)
    if not allowed:
        return allowed
    if to != RecoveryState.HEARD:
        return YES
    if recovery.statements.filter(handled_at=None).exists():
        return no("企业的申辩还没有处理，处理后才能继续。", "statement-open")
    until = _hearing_until(recovery)
    if until is not None and day <= until and not recovery.statements.exists():
        return no(f"申辩期限到 {until.isoformat()} 止，企业还没有陈述，期满后才能继续。", "hearing-running")
    return YES


def _hearing_until(recovery: Recovery) -> date | None:
    found = Proceeding.objects.filter(recovery=recovery).first()
    return found.hearing_until if found is not None else None


def step_recovery(*, actor: Actor, at: datetime, recovery: Recovery, to: RecoveryState, version: int, text: str) -> Recovery:
    """Notice, hearing dealt with, demand: in this order, each after what it rests on. Tells the firm of notice and demand."""
    if recovery.version != version:
        raise TiduError("stale", f"这一追缴刚刚被别人办理，现在是“{recovery.get_state_display()}”。请刷新后再看。")
    day = legal_day(at)
    may_step(actor, recovery, to, day).require()
    with transaction.atomic():
        advance_recovery(actor=actor, at=at, recovery=recovery, to=to, text=text)
        if to == RecoveryState.NOTIFIED:
            until = calendar_in_force().add_workdays(day, HEARING_WORKDAYS)
            Proceeding.objects.update_or_create(recovery=recovery, defaults={"hearing_until": until})
            record_event(actor=actor, at=at, action="hearing.noticed", subject=subject_of(recovery), detail={"until": until.isoformat()})
            _tell(
                at, recovery, "拟追缴告知", f"拟追缴 {money(recovery.amount)}：{text.strip()}。您可以在 {until.isoformat()} 前陈述和申辩。"
            )
        elif to == RecoveryState.DEMANDED:
            _tell(at, recovery, "追缴决定", f"请退回 {money(recovery.amount)}：{text.strip()}。")
    return recovery


def _tell(at: datetime, recovery: Recovery, title: str, text: str) -> None:
    case = recovery.case
    href = f"/portal/{case.enterprise.code}/duties/recoveries/{recovery.pk}/"
    tell_firms(
        at=at, notes=[Note(case.enterprise_id, "recovery.step", f"{case.title}：{title}", f"“{case.title}”（{case.number}）{text}", href)]
    )


def may_state(actor: Actor, recovery: Recovery, day: date) -> Decision:
    """Whether the firm may still state its case."""
    if not actor.is_system and recovery.case.enterprise_id not in actor.firms:
        return no("这不是您企业的追缴。", "other-firm")
    allowed = actor.may_write(*FIRM_ROLES)
    if not allowed:
        return allowed
    if recovery.state != RecoveryState.NOTIFIED:
        return no(f"追缴现在是“{recovery.get_state_display()}”，收到告知后、作出决定前可以申辩。", "not-in-hearing")
    until = _hearing_until(recovery)
    if until is not None and day > until:
        return no(f"申辩期限已于 {until.isoformat()} 届满。请直接联系牵头局。", "hearing-over")
    return YES


def state_case(*, actor: Actor, at: datetime, recovery: Recovery, text: str, uploads: Sequence[Upload] = ()) -> Statement:
    """The firm states its case, with proof. What was said stays as it was said; more can be added until the deadline."""
    may_state(actor, recovery, legal_day(at)).require()
    if not text.strip():
        raise TiduError("text-missing", "请写明陈述和申辩的内容。")
    with transaction.atomic():
        files = keep_proofs(actor=actor, at=at, enterprise=recovery.case.enterprise, uploads=uploads)
        made = Statement.objects.create(recovery=recovery, text=text.strip(), by_name=actor.name, at=at)
        made.files.set(files)
        record_event(
            actor=actor, at=at, action="hearing.stated", subject=subject_of(recovery), detail={"text": text.strip(), "files": len(files)}
        )
    return made


def handle_statement(*, actor: Actor, at: datetime, statement: Statement, text: str) -> Statement:
    """How the bureau dealt with a statement: what was checked, what came of it."""
    actor.may_write(*CLERKS).require()
    if not text.strip():
        raise TiduError("reason-missing", "请写明申辩的核实和处理情况。")
    with transaction.atomic():
        mine = Statement.objects.filter(pk=statement.pk, handled_at=None)
        if not mine.update(handling=text.strip(), handled_by=actor.name, handled_at=at):
            statement.refresh_from_db()
            raise TiduError("stale", f"{statement.handled_by}已经处理了这份申辩。请刷新后再看。")
        statement.refresh_from_db()
        subject = subject_of(statement.recovery)
        record_event(actor=actor, at=at, action="hearing.handled", subject=subject, detail={"text": text.strip()})
    return statement


@dataclass(frozen=True, slots=True)
class Part:
    """One agreed instalment and how much of it has come in; money that came is set against the oldest first."""

    due: date
    amount: int
    received: int
    late: bool

    @property
    def left(self) -> int:
        """What is still to come, in fen."""
        return self.amount - self.received


def agree_plan(*, actor: Actor, at: datetime, recovery: Recovery, parts: Sequence[tuple[date, int]]) -> list[Instalment]:
    """Agree on instalments for all of what is to come back; an earlier plan stays on record, the last one holds."""
    actor.may_write(*CLERKS).require()
    if recovery.state != RecoveryState.DEMANDED:
        raise TiduError("recovery-order", f"追缴现在是“{recovery.get_state_display()}”，发出追缴决定后才约定分期。")
    days = [due for due, _ in parts]
    if not parts or len(parts) > MOST_INSTALMENTS or len(set(days)) < len(days) or any(amount <= 0 for _, amount in parts):
        raise TiduError("plan-not-valid", f"请填写 1 到 {MOST_INSTALMENTS} 期，每期日期不同、金额大于 0。")
    if min(days) < legal_day(at) and not recovery.received:
        raise TiduError("plan-in-past", f"第一期 {min(days).isoformat()} 已经过去。请从今天或以后的日期开始约定。")
    total = sum(amount for _, amount in parts)
    if total != recovery.amount:
        raise TiduError("plan-not-whole", f"各期合计 {money(total)}，应等于追缴全额 {money(recovery.amount)}。请调整。")
    with transaction.atomic():
        plan = (recovery.instalments.aggregate(last=Max("plan"))["last"] or 0) + 1
        made = Instalment.objects.bulk_create(
            [
                Instalment(recovery=recovery, plan=plan, due=due, amount=fen, agreed_by=actor.name, agreed_at=at)
                for due, fen in sorted(parts)
            ]
        )
        amounts = [f"{one.due.isoformat()} {one.amount}" for one in made]
        record_event(actor=actor, at=at, action="recovery.planned", subject=subject_of(recovery), detail={"amounts": amounts})
    return made


def plan_of(instalments: Sequence[Instalment], received: int, day: date) -> list[Part]:
    """The plan that holds, with what has come in set against its parts in order."""
    last = max((one.plan for one in instalments), default=0)
    left, found = received, []
    for one in sorted((one for one in instalments if one.plan == last), key=lambda one: one.due):
        taken = min(left, one.amount)
        left -= taken
        found.append(Part(one.due, one.amount, taken, late=one.due < day and taken < one.amount))
    return found
