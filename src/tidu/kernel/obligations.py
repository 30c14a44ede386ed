"""What paid firms owe: not to move away for some years, counted as the ruling on it says; else the money is recovered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tidu.kernel.awards import BY_EVENT, OBLIGATION_STARTS, PENDING, AwardBook, Obligation
from tidu.kernel.eligibility import moved_away
from tidu.kernel.payments import Payment
from tidu.kernel.population import Firm
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


@dataclass(frozen=True, slots=True)
class Term:
    """One obligation from one payment as it stands: state, last anniversary, sentence, missing facts, rulings it rests on."""

    state: str
    until: date | None
    why: str
    missing: tuple[str, ...] = ()
    rulings: tuple[str, ...] = ()


def term_of(
    firm: Firm, obligation: Obligation, book: AwardBook, choices: Mapping[str, str], *, paid_on: date, event_day: date | None, as_of: date
) -> Term:  # fmt: skip
    """How an obligation stands on ``as_of`` under the ruling in force; only the firm's relocations are read."""
    ruling = book.rulings[obligation.ruling]
    found = {option.choice: _under(firm, obligation, option.effect, paid_on, event_day, as_of) for option in ruling.options}
    choice = book.choice(ruling.id, choices)
    rests = (ruling.id,) if len({(term.state, term.until) for term in found.values()}) > 1 else ()
    if choice == PENDING and rests:
        return Term(WAITING, None, f"口径 {ruling.id} 尚未确定，不能算出义务期。", (), rests)
    return replace(found.get(choice) or next(iter(found.values())), rulings=rests)


def _under(firm: Firm, obligation: Obligation, effect: str, paid_on: date | None, event_day: date | None, as_of: date) -> Term:
    """How an obligation stands under one choice."""
    start_of, inside = OBLIGATION_STARTS[effect]
    start = event_day if start_of == BY_EVENT else paid_on
    if start is None:
        return Term(OPEN, None, "发放记录对应不到事项，事项日期不明，不能从认定之日起算。", ("奖补发放.条款",))
    end, last = _term(start, obligation.years, inside)
    found = moved_away(firm, obligation.home, paid_on, min(last, as_of))
    if found.answer:
        return Term(BREACHED, end, f"{found.detail}，在 {end.isoformat()} 期满{'（含当日）' if inside else '（不含当日）'}之前，应收回。")
    if found.answer is None:
        return Term(OPEN, end, f"迁移记录缺少{'、'.join(found.missing)}，不能确定是否迁离本区。", found.missing)
    if as_of <= last:
        return Term(RUNNING, end, "义务期内没有迁离本区。")
    return Term(ENDED, end, "义务期已满，期内没有迁离本区。")


def _bond(ground: FirmGround, obligation: Obligation, payment: Payment, event_day: date | None, choices: Mapping[str, str]) -> Bond:
    if payment.day is None:
        raise ValueError("an undated payment starts no obligation")
    world, paid_on = ground.world, payment.day
    term = term_of(ground.case.firm, obligation, world.book, choices, paid_on=paid_on, event_day=event_day, as_of=world.as_of)
    return Bond(
        ground.case.firm.code, obligation.label.id, obligation.label.clause, payment.awards, payment.fen or 0, paid_on, term.until,
        term.state, term.why, term.missing, term.rulings,
    )  # fmt: skip
