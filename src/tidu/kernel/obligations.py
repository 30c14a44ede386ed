"""What paid firms owe: not to move away for some years, counted as the ruling on it says; else the money is recovered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tidu.kernel.awards import BY_EVENT, OBLIGATION_STARTS, PENDING, Obligation
from tidu.kernel.eligibility import moved_away
from tidu.kernel.payments import Payment
from tidu.kernel.settling import FirmGround, Run

RUNNING, ENDED, BREACHED, OPEN, WAITING = "running", "ended", "breached", "unknown", "ruling needed"


@dataclass(frozen=True, slots=True)
class Bond:
    """One payment with the obligation it carries: until which day, and how it stands; ``fen`` to recover if breached."""

    firm: str
    obligation: str
    clause: str
    awards: tuple[str, ...]
    fen: int
    paid_on: date
    until: date | None
    state: str
    why: str
    missing: tuple[str, ...]
    rulings: tuple[str, ...]


def years_after(day: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@lru_cache(maxsize=1 << 14)
def _term(start: date, years: int, inside: bool) -> tuple[date, date]:
    """The anniversary on which an obligation ends, and its last day."""
    end = years_after(start, years)
    return end, end if inside else date.fromordinal(end.toordinal() - 1)


def bonds_of(ground: FirmGround, run: Run, choices: Mapping[str, str]) -> list[Bond]:
    """Obligations from all payments of one firm under the policy, oldest first."""
    return [
        _bond(ground, obligation, payment, _event_day(payment, run), choices)
        for obligation in ground.world.policy.obligations
        for payment in ground.payments
        if payment.has_clause and payment.fen is not None and payment.day is not None
    ]


def _event_day(payment: Payment, run: Run) -> date | None:
    """The day of the item that a payment settled."""
    for item in run.items:
        same = run.received.paid_on.get(item.index) == payment.day and run.paid(item) == payment.fen
        if same and item.candidate.award.id in payment.awards:
            return item.candidate.day
    return None


def _standing(
    ground: FirmGround, obligation: Obligation, payment: Payment, event_day: date | None, effect: str
) -> tuple[str, date | None, str, tuple[str, ...]]:
    """How an obligation stands under one choice: state, its last anniversary, sentence, missing facts."""
    start_of, inside = OBLIGATION_STARTS[effect]
    as_of, paid_on = ground.world.as_of, payment.day
    start = event_day if start_of == BY_EVENT else paid_on
    if start is None or paid_on is None:
        return OPEN, None, "发放记录对应不到事项，事项日期不明，不能从认定之日起算。", ("奖补发放.条款",)
    end, last = _term(start, obligation.years, inside)
    found = moved_away(ground.case.firm, obligation.home, paid_on, min(last, as_of))
    if found.answer:
        return BREACHED, end, f"{found.detail}，在 {end.isoformat()} 期满{'（含当日）' if inside else '（不含当日）'}之前，应收回。", ()
    if found.answer is None:
        return OPEN, end, f"迁移记录缺少{'、'.join(found.missing)}，不能确定是否迁离本区。", found.missing
    state = RUNNING if as_of <= last else ENDED
    return state, end, "义务期内没有迁离本区。" if state == RUNNING else "义务期已满，期内没有迁离本区。", ()


def _bond(ground: FirmGround, obligation: Obligation, payment: Payment, event_day: date | None, choices: Mapping[str, str]) -> Bond:
    ruling = ground.world.book.rulings[obligation.ruling]
    found = {option.choice: _standing(ground, obligation, payment, event_day, option.effect) for option in ruling.options}
    choice = ground.world.book.choice(ruling.id, choices)
    rests = (ruling.id,) if len({standing[:2] for standing in found.values()}) > 1 else ()
    state, until, why, missing = found.get(choice) or next(iter(found.values()))
    if choice == PENDING and rests:
        state, until, why, missing = WAITING, None, f"口径 {ruling.id} 尚未确定，不能算出义务期。", ()
    return Bond(
        ground.case.firm.code,
        obligation.label.id,
        obligation.label.clause,
        payment.awards,
        payment.fen or 0,
        payment.day or date.min,
        until,
        state,
        why,
        missing,
        rests,
    )
