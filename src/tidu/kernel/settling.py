"""One firm under one set of choices: candidates → what each is paid, with the reasons.

The order is fixed: who may not have it at all; what lies outside the policy's days, the award's limits or its once-only
rule; what is unknown; of one ground the highest (从高不重复); each item and each tier once; what was paid before; the
difference on rising a tier; caps in order of arrival.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tidu.kernel.awards import FIRST, PER_ITEM, REFUSE, STATED, Demand, Once, Rivals
from tidu.kernel.candidates import PAYMENT, Candidate, FirmCase, World, item_names
from tidu.kernel.eligibility import YES, Finding, Standing, counting_day, first_among_rivals, rival_ranks
from tidu.kernel.payments import Payment, Received, Worth, match_payments, payments_of
from tidu.kernel.quantities import round_half_up
from tidu.kernel.settlement_words import DROPPED, EXCLUDED, UNKNOWN, base_text, cap_text, formula_text, money

REFUSED = frozenset({DROPPED, EXCLUDED})


@dataclass(slots=True)
class Item:
    """A candidate on its way: ``entitled`` is what it is worth after its own cap, ``covered`` what others already took."""

    index: int
    candidate: Candidate
    raw: int | None
    entitled: int = 0
    covered: int = 0
    amount: int = 0
    state: str = ""
    why: str = ""
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Neither closed nor unknown so far."""
        return not self.state

    def close(self, state: str, why: str) -> None:
        """Decide the item; the first decision stands."""
        if not self.state or self.state == UNKNOWN:
            self.state, self.why = state, why

    def again(self) -> Item:
        """The item as it stands, on a way of its own."""
        return Item(
            self.index, self.candidate, self.raw, self.entitled, self.covered, self.amount, self.state, self.why, self.missing[:], self.notes[:]
        )  # fmt: skip

    @property
    def signature(self) -> tuple[object, ...]:
        """What counts as a different result; what an item that gets nothing would have been worth does not."""
        return self.state, self.amount, self.raw if self.amount or self.state == UNKNOWN else None


@dataclass(frozen=True, slots=True)
class Gated:
    """Items behind the gate, with the choices that it asked for: under the same choices they come out the same."""

    asked: Mapping[str, str]
    items: tuple[Item, ...]


@dataclass(slots=True)
class FirmGround:
    """What one firm brings, whatever is chosen: its case, standing, names of items, and payments."""

    case: FirmCase
    standing: Standing
    world: World
    standings: Mapping[str, Standing]
    names: list[str] = field(init=False)
    payments: tuple[Payment, ...] = field(init=False)
    any_payments: tuple[Payment, ...] = field(init=False)
    gated: list[Gated] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        world = self.world
        self.names = item_names(self.case.candidates)
        self.payments = self.any_payments = ()
        if self.case.firm.events.get(PAYMENT):
            self.payments, self.any_payments = payments_of(self.case.firm, world.awards, world.policy, world.as_of)


NOTHING = Received()
"""What firms without payments have received."""


class Run:
    """One evaluation of one firm; ``touched`` collects the rulings that were asked."""

    def __init__(self, ground: FirmGround, choices: Mapping[str, str]) -> None:
        self.ground, self.choices = ground, choices
        self.world, self.firm = ground.world, ground.case.firm
        self.book, self.policy, self.as_of = self.world.book, self.world.policy, self.world.as_of
        self.touched: set[str] = set()
        self.items = [Item(index, candidate, candidate.raw) for index, candidate in enumerate(ground.case.candidates)]
        self.received = NOTHING

    def choice(self, ruling: str) -> str:
        """The choice of a ruling, noted as asked."""
        self.touched.add(ruling)
        return self.book.choice(ruling, self.choices)

    def effect(self, ruling: str) -> str:
        """What the choice of a ruling does."""
        return self.book.rulings[ruling].option(self.choice(ruling)).effect

    def named(self, ruling: str) -> str:
        """A ruling with its choice, for a sentence."""
        return f"口径 {ruling}（{self.book.choice(ruling, self.choices)}）"

    def gate(self) -> None:
        """Everything that concerns one item alone, up to its worth; what another run found is taken over where it holds."""
        for before in self.ground.gated:
            if all(self.book.choice(ruling, self.choices) == choice for ruling, choice in before.asked.items()):
                self.touched.update(before.asked)
                self.items = [item.again() for item in before.items]
                return
        self._pass_gate()
        if self.touched or (self.ground.payments and not self.closed):
            asked = {ruling: self.book.choice(ruling, self.choices) for ruling in self.touched}
            self.ground.gated.append(Gated(asked, tuple([item.again() for item in self.items])))

    @property
    def closed(self) -> bool:
        """Whether every item is refused, whatever else becomes known."""
        return all(item.state in REFUSED for item in self.items)

    def _pass_gate(self) -> None:
        standing = self.ground.standing
        questioned = standing.scope()[0] is not YES or bool(standing.exclusions)
        end, payments = self.policy.in_force.end, self.ground.payments
        late = bool(self.policy.late) and end is not None and self.as_of >= end
        for item in self.items:
            candidate, award = item.candidate, item.candidate.award
            if candidate.base == 0:
                self._zero_base(item)
            if questioned:
                self._standing(item)
            self._days(item)
            if candidate.failed:
                item.close(DROPPED, f"不符合{award.clause}的限制：{candidate.failed}。")
            if award.demands:
                self._demands(item)
            if late:
                self._late(item)
            if award.once is not None and award.once.per == "firm":
                self._once_per_firm(item, award.once)
            if award.rivals is not None and award.rivals.ruling:
                self._rivals(item, award.rivals)
            item.missing += candidate.open
            if payments:
                self._payments_known(item)
            self._worth(item)

    def _zero_base(self, item: Item) -> None:
        award, tier = item.candidate.award, item.candidate.tier
        if not award.zero_base:
            return
        if self.effect(award.zero_base) == STATED:
            item.raw = round_half_up(award.stated[tier] * award.formula.rate)
            item.notes.append(f"市级基数为零，按{self.named(award.zero_base)}以计划写的 {money(award.stated[tier])} 为基数")
        else:
            item.notes.append(f"市级基数为零，按{self.named(award.zero_base)}零的 1:1 仍是零，须由人确认")

    def _standing(self, item: Item) -> None:
        standing = self.ground.standing
        found, clause, text = standing.scope()
        if found.answer is False:
            item.close(EXCLUDED, f"不在适用范围：不符合“{text}”（{clause}）。")
        item.missing += found.missing
        for index, exclusion in standing.exclusions:
            day, ruling = self.as_of, exclusion.counted_from
            finding = standing.barred(index, exclusion, day)
            if (
                ruling
                and item.candidate.day is not None
                and standing.barred(index, exclusion, item.candidate.day).answer is not finding.answer
            ):
                finding = standing.barred(index, exclusion, counting_day(self.effect(ruling), item.candidate, day))
            if finding.answer:
                resting = f"，按{self.named(ruling)}" if ruling and ruling in self.touched else ""
                detail = f"：{finding.detail}" if finding.detail else ""
                item.close(EXCLUDED, f"{exclusion.label.text}（{exclusion.label.clause}{resting}）{detail}，不得享受。")
            item.missing += finding.missing

    def _days(self, item: Item) -> None:
        day, in_force = item.candidate.day, self.policy.in_force
        if day is None:
            return
        if day > self.as_of:
            item.close(DROPPED, f"事项日期 {day.isoformat()} 晚于核定日 {self.as_of.isoformat()}，尚未发生。")
        elif day < in_force.start:
            item.close(DROPPED, f"事项日期 {day.isoformat()} 早于政策生效日 {in_force.start.isoformat()}。")
        elif in_force.end is not None and day >= in_force.end:
            item.close(DROPPED, f"事项日期 {day.isoformat()} 已过政策有效期（{in_force.end.isoformat()} 起失效）。")

    def _demands(self, item: Item) -> None:
        for demand in item.candidate.award.demands:
            if item.state and demand.rule is not None:
                continue
            finding = self._demand(item.candidate, demand)
            if finding.answer is False:
                resting = f"，按{self.named(demand.ruling)}" if demand.ruling in self.touched else ""
                item.close(EXCLUDED, f"不符合{item.candidate.award.clause}对企业的要求：{demand.label.text}{resting}。")
            item.missing += finding.missing

    def _demand(self, candidate: Candidate, demand: Demand) -> Finding:
        standing, award = self.ground.standing, candidate.award
        if demand.rule is not None:
            return standing.demand(candidate, demand, demand.rule, award.tests)
        ruling = self.book.rulings[demand.ruling]
        found = {
            option.choice: standing.demand(candidate, demand, option.rule, ruling.tests)
            for option in ruling.options
            if option.rule is not None
        }
        if len({finding.answer for finding in found.values()}) == 1:
            return next(iter(found.values()))
        return found[self.choice(demand.ruling)]

    def _late(self, item: Item) -> None:
        if self.effect(self.policy.late) == REFUSE:
            item.close(DROPPED, f"核定日 {self.as_of.isoformat()} 已过政策有效期，按{self.named(self.policy.late)}不予兑现。")

    def _once_per_firm(self, item: Item, once: Once) -> None:
        candidate = item.candidate
        award = candidate.award.id
        for other in self.items:
            if other is item or other.candidate.award.id != award or not once.history:
                continue
            if other.candidate.day is None:
                item.missing.append(f"{candidate.award.event}.{candidate.award.date_field}")
            elif candidate.day is not None and (other.candidate.day, other.index) < (candidate.day, item.index):
                item.close(DROPPED, f"不是首次：{other.candidate.day.isoformat()} 已有{candidate.award.event}，只给一次。")
        for payment in self.ground.payments:
            if award in payment.awards and payment.has_clause:
                item.close(DROPPED, f"只给一次，已{_paid_text([payment])}。")
        for payment in self.ground.any_payments:
            if award in payment.awards and payment.has_clause and payment.day and candidate.day and payment.day < candidate.day:
                item.close(DROPPED, f"不是首次：{payment.day.isoformat()} 已领过同类奖励。")

    def _rivals(self, item: Item, rivals: Rivals) -> None:
        if item.state in REFUSED:
            return
        ranks = rival_ranks(item.candidate, self.firm, self.world, self.ground.standings)
        if not ranks:
            return
        own = item.candidate.known.get(rivals.rank)
        first = first_among_rivals(own, ranks)
        if first or self.effect(rivals.ruling) != FIRST:
            return
        if first is None:
            item.missing.append(f"{item.candidate.award.event}.{rivals.rank}")
            return
        item.close(DROPPED, f"同一{rivals.same}区内另有企业排名更前，按{self.named(rivals.ruling)}只给最前的一家。")

    def _payments_known(self, item: Item) -> None:
        for payment in self.ground.payments:
            if item.candidate.award.id in payment.awards:
                item.missing += payment.missing

    def _worth(self, item: Item) -> None:
        award = item.candidate.award
        if item.missing:
            item.missing = list(dict.fromkeys(item.missing))
        cap = award.cap
        if item.raw is not None:
            item.entitled = max(0, item.raw)
            if cap is not None and cap.per == PER_ITEM and item.raw > cap.fen:
                item.entitled = cap.fen
                item.notes.append(f"超过{cap_text(cap)}")
        if item.state:
            item.missing = []
        elif item.missing or item.raw is None:
            item.close(UNKNOWN, f"缺少{'、'.join(item.missing)}，不能确定给不给、给多少，暂不兑现。")
        elif item.raw <= 0:
            item.close(DROPPED, f"{'；'.join(item.notes) or '计算金额为零或为负，请核对数据'}，不予兑现。")

    def settle_payments(self, fresh: Run) -> None:
        """Set the payments of the past against the items; ``fresh`` is the run in which nothing had been paid."""
        self.touched |= fresh.touched
        if not self.ground.payments:
            return
        worth = [
            Worth(item.index, item.candidate, other.amount, self._full(item)) for item, other in zip(self.items, fresh.items, strict=True)
        ]
        self.received = match_payments(self.ground.payments, worth, self.ground.names)

    def _full(self, item: Item) -> int:
        cap = item.candidate.award.cap
        return 0 if item.candidate.failed else min(item.entitled, cap.fen) if cap is not None else item.entitled

    def paid(self, item: Item) -> int:
        """What was already paid for an item."""
        return self.received.by_item.get(item.index, 0)

    def due(self, item: Item) -> int:
        """What is still open of an item's worth."""
        return max(0, item.entitled - self.paid(item) - item.covered)

    def once_per_tier(self) -> None:
        """One item of each tier: the first in order of arrival, or the one that was paid before."""
        taken: dict[tuple[str, str], str] = {}
        for item in self.items:
            award = item.candidate.award
            if award.once is None or award.once.per != "tier" or not (item.live or self.paid(item)):
                continue
            key = (award.id, item.candidate.tier)
            if key in taken:
                item.close(DROPPED, f"{item.candidate.tier}只给一次，已由“{taken[key]}”取得。")
            else:
                taken[key] = self.ground.names[item.index]

    def explain(self, item: Item) -> list[str]:
        """The steps of the computation, with figures."""
        candidate = item.candidate
        steps: list[str] = []
        if candidate.base is not None:
            steps.append(base_text(candidate.award, candidate.tier, candidate.base))
        if item.raw is not None and candidate.raw == item.raw:
            steps.append(formula_text(candidate.award, candidate.ground, item.raw))
        return [*steps, *item.notes] if item.notes else steps


def _paid_text(payments: Sequence[Payment]) -> str:
    return "、".join(f"于 {_day(payment.day)} 兑现 {money(payment.fen or 0)}" for payment in payments)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "日期不明之日"
