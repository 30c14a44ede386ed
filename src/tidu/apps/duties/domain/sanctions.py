"""What follows from a lead that holds: recovery in full, and for fraud also cancelling what is under way and barring the firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.duties.domain.handling import handle_lead
from tidu.apps.duties.models import Lead, Proceeding
from tidu.apps.enterprises.domain.registering import event_mark
from tidu.apps.enterprises.models import Event, Source
from tidu.apps.fulfilment.domain.deciding import revoke
from tidu.apps.fulfilment.domain.moving import Move, move
from tidu.apps.fulfilment.domain.recovering import open_recovery
from tidu.apps.fulfilment.domain.transitions import BY_NAME
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Recovery
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue
from tidu.kernel.legal_days import legal_day
from tidu.kernel.settlement_words import money

FRAUD = "弄虚作假认定"
"""The event that a policy's exclusion reads."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What becomes of one case; ``fen`` is the full amount to come back, 0 where nothing was paid."""

    case: Case
    act: str
    sentence: str
    fen: int = 0


def recoverable(lead: Lead) -> list[Case]:
    """Cases of the firm that were paid and are not being recovered yet."""
    return list(Case.objects.filter(enterprise=lead.enterprise_id, state=CaseState.PAID).select_related("enterprise").order_by("pk"))


def recover_from_lead(*, actor: Actor, at: datetime, lead: Lead, version: int, cases: Sequence[Case], reason: str) -> list[Recovery]:
    """Open the recovery of the full amount of each case named; all of them or none."""
    allowed = {case.pk for case in recoverable(lead)}
    if not cases:
        raise TiduError("nothing-chosen", "没有选中任何一笔。请勾选要追缴的拨付。")
    for case in cases:
        if case.pk not in allowed:
            raise TiduError("not-recoverable", f"{case} 现在是“{case.get_state_display()}”，不能立案追缴。请刷新后再看。")
    with transaction.atomic():
        handle_lead(
            actor=actor, at=at, lead=lead, key="recover", version=version, words=reason, detail={"cases": [case.pk for case in cases]}
        )
        return [_recover(actor, at, lead, case, reason) for case in cases]


def _recover(actor: Actor, at: datetime, lead: Lead, case: Case, reason: str) -> Recovery:
    evidence = {f"{row['name']}（{row['source']} {row['day']}）": row["text"] for row in lead.evidence}
    recovery = open_recovery(
        actor=actor, at=at, case=case, reason=reason, evidence=evidence | ({"核实情况": lead.finding} if lead.finding else {})
    )
    Proceeding.objects.create(recovery=recovery, lead=lead)
    return recovery


def consequences(lead: Lead) -> list[Consequence]:
    """What a finding of fraud does to each case of the firm: said before it is done."""
    found = []
    for case in Case.objects.filter(enterprise=lead.enterprise_id).select_related("enterprise").order_by("pk"):
        if case.state == CaseState.PAID:
            fen = case.amount or 0
            found.append(Consequence(case, "recover", f"立案追缴全额 {money(fen)}", fen))
        elif case.state in BY_NAME["revoke"].sources:
            found.append(Consequence(case, "revoke", "取消支持，退回预算"))
        elif case.state in BY_NAME["refuse"].sources:
            found.append(Consequence(case, "refuse", "不予支持"))
        elif case.state == CaseState.PAYING:
            found.append(Consequence(case, "", "正在拨付：批次还没有送财政的会被拦下；已经送出的，到账后另行追缴"))
    return found


def sanction_fraud(
    *, actor: Actor, at: datetime, lead: Lead, version: int, found_on: date, reason: str
) -> list[Consequence]:  # fmt: skip
    """Find fraud: an event in the registry, which the exclusions of the packs read at decision and payment; every case of the
    firm is cancelled or recovered. All of it or nothing.
    """
    day = legal_day(at)
    if found_on > day:
        raise TiduError("day-in-future", f"认定日期 {found_on.isoformat()} 在将来。请填写认定书上的日期。")
    with transaction.atomic():
        handle_lead(actor=actor, at=at, lead=lead, key="sanction", version=version, words=reason)
        _bar(lead, found_on, reason.strip(), at)
        done = consequences(lead)
        for one in done:
            if one.act == "recover":
                _recover(actor, at, lead, one.case, reason)
            elif one.act == "revoke":
                revoke(actor=actor, at=at, case=one.case, text=reason)
            elif one.act:
                move(actor=actor, at=at, case=one.case, name=one.act, what=Move(text=reason))
    return done


def _bar(lead: Lead, found_on: date, reason: str, at: datetime) -> None:
    """The event in the registry; one that a register told already stands."""
    fields = {"日期": found_on.isoformat(), "事由": reason}
    source = Source.objects.get(name=catalogue().event(FRAUD).source.split("|")[0])
    same_day = Event.objects.filter(enterprise=lead.enterprise_id, type=FRAUD, day=found_on, withdrawn_at=None)
    if not same_day.exists():
        Event.objects.create(
            enterprise_id=lead.enterprise_id, type=FRAUD, day=found_on, fields=fields, mark=event_mark(FRAUD, fields), source=source,
            received_at=at,
        )  # fmt: skip
