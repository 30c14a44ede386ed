"""The meeting: a batch of cases, its weight on the budgets, and the decision that binds the money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.budgeting import budget_of, commit, release
from tidu.apps.fulfilment.domain.entitled import entitlements
from tidu.apps.fulfilment.domain.moving import AT_ONCE, Move, may_move, move, move_together
from tidu.apps.fulfilment.domain.settling import PAYABLE
from tidu.apps.fulfilment.enums import BatchState, CaseState
from tidu.apps.fulfilment.models import Case, DecisionBatch
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.packs import PackSet
from tidu.kernel.settle import Entitlement


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row of a bulk act: done, or why not."""

    case: Case
    done: bool
    sentence: str = ""


def make_batch(*, actor: Actor, at: datetime, title: str, year: int) -> DecisionBatch:
    """A new batch for a meeting; ``year`` is the budget year."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    if not title.strip():
        raise TiduError("title-missing", "请填写批次名称。")
    with transaction.atomic():
        batch = DecisionBatch.objects.create(title=title.strip(), year=year, created_at=at)
        record_event(actor=actor, at=at, action="batch.made", subject=Subject("batch", str(batch.pk), batch.title))
    return batch


def propose(*, actor: Actor, at: datetime, batch: DecisionBatch, cases: Iterable[Case]) -> list[RowResult]:
    """Put cases into a batch; each row says whether it went in or why not."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    if batch.state != BatchState.OPEN:
        raise TiduError("batch-closed", f"批次“{batch.title}”已会审，不能再加。请另建批次。")
    listed = list(cases)
    reasons = {case.pk: decision.reason for case in listed if not (decision := may_move(case, actor, "propose", legal_day(at)))}
    ready = [case for case in listed if case.pk not in reasons]
    if ready:
        with transaction.atomic():
            _touch(batch)
            move_together(actor=actor, at=at, cases=ready, name="propose", what=Move(changes={"batch": batch}))
    return [RowResult(case, case.pk not in reasons, reasons.get(case.pk, "")) for case in listed]


def _touch(batch: DecisionBatch) -> None:
    """The batch is another one now: who was about to decide on what it held before is told to look again."""
    if not DecisionBatch.objects.filter(pk=batch.pk, state=BatchState.OPEN).update(version=F("version") + 1):
        raise TiduError("batch-closed", f"批次“{batch.title}”已会审，不能再改。请另建批次。")
    batch.refresh_from_db()


def may_set_aside(actor: Actor, batch: DecisionBatch) -> Decision:
    """Whether rows may be taken out of a batch."""
    allowed = actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD)
    if allowed and batch.state != BatchState.OPEN:
        return no(f"批次“{batch.title}”已会审，不能再移出。需要取消支持的，请在办件里办理。", "batch-closed")
    return allowed


def set_aside(*, actor: Actor, at: datetime, case: Case, text: str) -> Case:
    """Take one case out of its batch with the reason; it waits for another meeting."""
    batch = case.batch
    if batch is not None:
        may_set_aside(actor, batch).require()
    with transaction.atomic():
        if batch is not None:
            _touch(batch)
        return move(actor=actor, at=at, case=case, name="set-aside", what=_out(batch, text.strip()))


def _out(batch: DecisionBatch | None, text: str) -> Move:
    """Out of the batch; the timeline keeps of which."""
    return Move(text=text, changes={"batch": None}, detail={"batch": batch.pk} if batch is not None else {})


def may_decide(actor: Actor, batch: DecisionBatch) -> Decision:
    """Whether the meeting's decision on a batch may be entered now. Whether the money suffices is known when every case has
    been computed anew; ``budget_meter`` foretells it.
    """
    allowed = actor.may_write(Role.BUREAU_HEAD)
    if not allowed:
        return allowed
    if batch.state != BatchState.OPEN:
        return no(f"批次“{batch.title}”已会审。", "batch-closed")
    if not batch.cases.filter(state=CaseState.PROPOSED).exists():
        return no("批次里没有办件。请先列入要会审的办件。", "batch-empty")
    return YES


def verdict_on(found: Entitlement | None) -> tuple[int, str]:
    """What a case may be paid on the day asked, in fen, and where that is nothing, why."""
    if found is None:
        return 0, "按现有数据已不是该事项的对象，请核对事项登记。"
    if found.state not in PAYABLE or found.amount <= 0:
        return 0, found.why
    return found.amount, ""


def decide_batch(
    *, actor: Actor, at: datetime, batch: DecisionBatch, packs: PackSet, minutes: str, met_on: date
) -> list[RowResult]:  # fmt: skip
    """The meeting agrees: every case is computed once more, its amount bound to a budget and fixed.

    All or none of the budget: where one row does not fit, the batch stays open (``budget-exceeded``). A row that is no
    longer entitled is left out with its reason and goes back to those waiting for a meeting.
    """
    actor.may_write(Role.BUREAU_HEAD).require()
    if not minutes.strip():
        raise TiduError("minutes-missing", "请填写会议纪要后再决定。")
    with transaction.atomic():
        mine = DecisionBatch.objects.filter(pk=batch.pk, version=batch.version, state=BatchState.OPEN)
        if not mine.update(state=BatchState.DECIDED, decided_at=at, met_on=met_on, minutes=minutes.strip(), version=F("version") + 1):
            raise TiduError("batch-changed", f"批次“{batch.title}”已被别人改动或会审。请刷新后再办理。")
        cases = list(Case.objects.filter(batch=batch, state=CaseState.PROPOSED).select_related("enterprise").order_by("pk"))
        if not cases:
            raise TiduError("batch-empty", "批次里没有办件。请先列入要会审的办件。")
        results = _decide(actor, at, batch, cases, entitlements(cases, packs, legal_day(at)))
        record_event(
            actor=actor, at=at, action="batch.decided", subject=Subject("batch", str(batch.pk), batch.title),
            detail={"agreed": sum(one.done for one in results), "left_out": sum(not one.done for one in results)},
        )  # fmt: skip
    batch.refresh_from_db()
    return results


def _decide(
    actor: Actor, at: datetime, batch: DecisionBatch, cases: Sequence[Case], granted: Mapping[int, Entitlement | None]
) -> list[RowResult]:
    agreed: list[Case] = []
    details: dict[int, dict[str, Any]] = {}
    results: list[RowResult] = []
    weights: dict[tuple[str, str], int] = {}
    for case in cases:
        found = granted.get(case.pk)
        fen, why = verdict_on(found)
        if not fen or found is None:
            move(actor=actor, at=at, case=case, name="set-aside", what=_out(batch, why))
            results.append(RowResult(case, False, why))
            continue
        case.amount = case.computed = fen
        weights[case.payer, case.clause] = weights.get((case.payer, case.clause), 0) + fen
        details[case.pk] = {"how": list(found.how), "rulings": list(found.rulings)}
        agreed.append(case)
    budgets = {key: budget_of(batch.year, *key) for key in sorted(weights)}
    for key, budget in budgets.items():
        commit(budget, weights[key])
    for case in agreed:
        case.budget = budgets[case.payer, case.clause]
    Case.objects.bulk_update(agreed, ("amount", "computed", "budget"), batch_size=AT_ONCE)
    move_together(actor=actor, at=at, cases=agreed, name="decide", details=details)
    return [*results, *(RowResult(case, True) for case in agreed)]


def revoke(*, actor: Actor, at: datetime, case: Case, text: str) -> Case:
    """Take back a decision before the money has gone; the amount is free again."""
    with transaction.atomic():
        moved = move(actor=actor, at=at, case=case, name="revoke", what=Move(text=text))
        free(moved)
    return moved


def free(case: Case) -> None:
    """Give back what a case had bound."""
    if case.budget_id is not None and case.amount is not None:
        release(case.budget_id, case.amount)


def weight(cases: Sequence[Case]) -> dict[tuple[str, str], int]:
    """What a batch would bind, by payer and clause, as computed when the cases came in."""
    found: dict[tuple[str, str], int] = {}
    for case in cases:
        found[case.payer, case.clause] = found.get((case.payer, case.clause), 0) + case.computed
    return found
