"""Budgets: planned, committed, paid. What goes beyond is refused by one conditional update, however many press at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.models import Budget
from tidu.kernel.errors import TiduError
from tidu.kernel.settlement_words import money


def plan_budget(
    *, actor: Actor, at: datetime, year: int, payer: str, clause: str, planned: int, reason: str = "", version: int | None = None
) -> Budget:  # fmt: skip
    """Set what a payer plans for a clause in a year, in fen; never below what is bound already.

    A planned budget is changed with a reason only; ``version`` is the one that was looked at, None where none was.
    """
    actor.may_write(Role.BUREAU_HEAD).require()
    if planned < 0:
        raise TiduError("budget-negative", "预算不能为负。")
    with transaction.atomic():
        budget, fresh = Budget.objects.get_or_create(year=year, payer=payer, clause=clause, defaults={"planned": 0})
        if not fresh and not reason.strip():
            raise TiduError("reason-missing", f"{budget}已编列 {money(budget.planned)}。调整预算请写明理由和依据。")
        before, seen = "" if fresh else money(budget.planned), budget.version if version is None else version
        if not Budget.objects.filter(pk=budget.pk, version=seen, committed__lte=planned).update(planned=planned, version=F("version") + 1):
            budget.refresh_from_db()
            raise _not_planned(budget, planned)
        record_event(
            actor=actor, at=at, action="budget.planned", subject=Subject("budget", str(budget.pk), str(budget)),
            detail={"before": before, "after": money(planned), "reason": reason.strip()},
        )  # fmt: skip
    budget.refresh_from_db()
    return budget


def _not_planned(budget: Budget, planned: int) -> TiduError:
    if budget.committed > planned:
        return TiduError("budget-below-committed", f"{budget}已承诺 {money(budget.committed)}，预算不能低于这个数。")
    return TiduError("budget-changed", f"{budget}刚刚被别人调整为 {money(budget.planned)}。请刷新后再办理。")


def budget_of(year: int, payer: str, clause: str) -> Budget:
    """The budget that an amount is taken from; raises ``no-budget``."""
    found = Budget.objects.filter(year=year, payer=payer, clause=clause).first()
    if found is None:
        raise TiduError("no-budget", f"{year} 年没有编列“{payer} {clause}”的预算。请先编列预算。")
    return found


def commit(budget: Budget, fen: int) -> None:
    """Bind an amount; raises ``budget-exceeded`` with what is left."""
    if not Budget.objects.filter(pk=budget.pk, planned__gte=F("committed") + fen).update(committed=F("committed") + fen):
        budget.refresh_from_db()
        raise TiduError(
            "budget-exceeded", f"{budget}只剩 {money(budget.left)}，不够 {money(fen)}。请调整批次或追加预算。", budget=budget.pk
        )


def release(budget_id: int, fen: int) -> None:
    """Give back an amount that will not be paid."""
    if not Budget.objects.filter(pk=budget_id, committed__gte=F("paid") + fen).update(committed=F("committed") - fen):
        raise TiduError("budget-inconsistent", "预算的承诺数与办件不符，没有改动。请联系系统管理员核对台账。")


def pay_out(budget_id: int, fen: int) -> None:
    """Note that a bound amount was paid."""
    if not Budget.objects.filter(pk=budget_id, committed__gte=F("paid") + fen).update(paid=F("paid") + fen):
        raise TiduError("budget-inconsistent", "预算的拨付数将超过承诺数，没有改动。请联系系统管理员核对台账。")
