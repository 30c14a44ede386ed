"""What was already paid: the rows of 奖补发放, which award each belongs to, and which item it settled.

A payment names a clause, seldom an item. It settles the item it names, else the oldest item of that clause for which
it is the right sum, else all open items for which it is; what fits nothing counts against the caps of its year and, in
awards without a cap, against the oldest items, so that no item is paid twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from tidu.kernel.awards import Award, Policy
from tidu.kernel.candidates import PAYMENT, Candidate
from tidu.kernel.population import Firm

_DROPPED = str.maketrans({"（": "(", "）": ")", "．": None, ".": None, "、": None, "第": None, "条": None, "款": None, "\u3000": " "})


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: the awards it may belong to, the item it names ("" for none), fen and day (None: unknown).

    A payment whose clause is not recorded may belong to any award.
    """

    awards: tuple[str, ...]
    item: str
    fen: int | None
    day: date | None
    has_clause: bool = True

    @property
    def missing(self) -> tuple[str, ...]:
        """What the record lacks for it to be counted."""
        known = [("条款", self.has_clause), ("金额", self.fen is not None), ("日期", self.day is not None)]
        return tuple(f"{PAYMENT}.{name}" for name, there in known if not there)


def clause_key(text: str) -> str:
    """A clause as it is compared: brackets of one width, no dots and no spaces (二.（三）.3 is 二（三）3)."""
    return text.translate(_DROPPED).replace(" ", "")


def _paid_by(payer: str, source: object) -> bool:
    """Whether money of ``source`` is the payer's; a source that is not recorded counts, so that nothing is paid twice."""
    if not isinstance(source, str) or not source.strip():
        return True
    level = next((mark for mark in "区县市省国中" if mark in source), payer[0])
    return level == payer[0]


@lru_cache(maxsize=64)
def _awards_by_clause(awards: tuple[Award, ...]) -> Mapping[str, tuple[str, ...]]:
    """Ids of awards by their own id and by their clause, both as they are compared."""
    found: dict[str, dict[str, None]] = {}
    for award in awards:
        for key in (clause_key(award.id), clause_key(award.clause)):
            found.setdefault(key, {})[award.id] = None
    return {key: tuple(ids) for key, ids in found.items()}


@lru_cache(maxsize=1 << 10)
def _awards_paid(
    clause: object, source: object, awards: tuple[Award, ...], policy: Policy
) -> tuple[tuple[str, ...], tuple[str, ...], str, bool]:
    """The awards that a payment may belong to, those of them whose payer ``source`` is, the item it names, and whether a clause is there."""
    found = _awards_named(clause, awards, policy)
    named, item = found if found is not None else (tuple(award.id for award in awards), "")
    own = tuple(award.id for award in awards if award.id in named and _paid_by(award.payer, source))
    return named, own, item, found is not None


def _awards_named(clause: object, awards: tuple[Award, ...], policy: Policy) -> tuple[tuple[str, ...], str] | None:
    """The awards of a clause text, with the item behind it; None where the clause is not recorded at all."""
    if not isinstance(clause, str) or not clause.strip():
        return None
    text = clause.strip().removeprefix(policy.name).strip()
    head, _, item = text.partition(" ")
    by_clause = _awards_by_clause(awards)
    for tried, rest in ((text, ""), (head, item.strip())):
        found = by_clause.get(clause_key(tried))
        if found:
            return found, rest
    return (), ""


def payments_of(firm: Firm, awards: tuple[Award, ...], policy: Policy, as_of: date) -> tuple[tuple[Payment, ...], tuple[Payment, ...]]:
    """Payments under the policy up to ``as_of``, by day: those by the awards' own payers, and those by any payer."""
    own: list[Payment] = []
    by_any: list[Payment] = []
    for row in firm.events.get(PAYMENT, ()):
        day, fen, source = row.get("日期"), row.get("金额"), row.get("资金来源")
        paid_on = day if isinstance(day, date) else None
        if paid_on is not None and paid_on > as_of:
            continue
        named, own_named, item, has_clause = _awards_paid(row.get("条款"), source, awards, policy)
        if not named:
            continue
        payment = Payment(named, item, fen if isinstance(fen, int) else None, paid_on, has_clause)
        by_any.append(payment)
        if own_named:
            own.append(payment if own_named == named else replace(payment, awards=own_named))
    return _by_day(own), _by_day(by_any)


def _by_day(payments: list[Payment]) -> tuple[Payment, ...]:
    if len(payments) > 1:
        payments.sort(key=lambda payment: (payment.day or date.max, payment.awards, payment.item, payment.fen or -1))
    return tuple(payments)


@dataclass
class Received:
    """Payments set against the items of one firm: fen per item, and the days they were paid on."""

    by_item: dict[int, int] = field(default_factory=dict)
    paid_on: dict[int, date] = field(default_factory=dict)
    loose: list[Payment] = field(default_factory=list)

    def of_award(self, award: str, items: Sequence[tuple[int, Candidate]]) -> int:
        """All that was paid under an award, matched or not."""
        matched = sum(self.by_item.get(index, 0) for index, candidate in items if candidate.award.id == award)
        return matched + sum(payment.fen or 0 for payment in self.loose if award in payment.awards)

    def settle(self, index: int, fen: int, day: date) -> None:
        """Note a payment for an item."""
        self.by_item[index] = self.by_item.get(index, 0) + fen
        self.paid_on[index] = max(day, self.paid_on.get(index, day))


@dataclass(frozen=True, slots=True)
class Worth:
    """What a payment for an item would be: ``fresh`` as if nothing had been paid yet, ``full`` by the item alone."""

    index: int
    candidate: Candidate
    fresh: int
    full: int


def match_payments(payments: Iterable[Payment], items: Sequence[Worth], names: Sequence[str]) -> Received:
    """Set payments against items in order of arrival; what fits none stays loose."""
    received = Received()
    for payment in payments:
        if payment.missing or payment.fen is None or payment.day is None:
            continue
        mine = [item for item in items if item.candidate.award.id in payment.awards]
        named = [item for item in mine if payment.item and names[item.index] == payment.item]
        free = [
            item
            for item in mine
            if item.index not in received.by_item and item.candidate.day is not None and item.candidate.day <= payment.day
        ]
        fresh = [item for item in free if item.fresh]
        full = [item for item in free if item.full]
        equal = [item for item in fresh if item.fresh == payment.fen] or [item for item in full if item.full == payment.fen]
        if named or equal:
            received.settle((named or equal)[0].index, payment.fen, payment.day)
        elif sum(item.fresh for item in fresh) == payment.fen:
            for item in fresh:
                received.settle(item.index, item.fresh, payment.day)
        elif sum(item.full for item in full) == payment.fen:
            for item in full:
                received.settle(item.index, item.full, payment.day)
        else:
            received.loose.append(payment)
    return received
