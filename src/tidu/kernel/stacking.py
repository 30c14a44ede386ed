"""从高不重复 and caps: what candidates of one firm take from one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tidu.kernel.awards import BY_EVENT, DIFFERENCE, EVENT_YEAR, PER_FIRM_YEAR, PER_PROJECT, SEPARATE, Award, Cap, StackingRule
from tidu.kernel.candidates import Candidate
from tidu.kernel.settlement_words import CAPPED, DROPPED, GRANTED, UNKNOWN, cap_text, formula_text, money
from tidu.kernel.settling import FirmGround, Item, Run


@dataclass
class Side:
    """Items of one stacking group that are taken together."""

    items: list[Item] = field(default_factory=list)

    @property
    def sure(self) -> int:
        """What its live items are worth."""
        return sum(item.entitled for item in self.items if item.live)

    @property
    def possible(self) -> int | None:
        """What it may become worth with its unknown items; None has no bound."""
        return _most(self.sure, [item.candidate for item in self.items if item.state == UNKNOWN])


def _most(sure: int, unknown: Iterable[Candidate]) -> int | None:
    total = sure
    for candidate in unknown:
        if candidate.most is None:
            return None
        total += candidate.most
    return total


def settle_firm(ground: FirmGround, choices: Mapping[str, str]) -> Run:
    """All items of one firm, decided."""
    run = Run(ground, choices)
    run.gate()
    if run.closed:
        # nothing is worth anything, so there is nothing to share out
        run.settle_payments(run)
        return run
    if not ground.payments:
        return _shared_out(run)
    again = Run(ground, choices)
    again.gate()
    again.settle_payments(_shared_out(run))
    return _shared_out(again)


def _shared_out(run: Run) -> Run:
    """The run with stacking, once-only and caps applied to what is still live."""
    if len(run.items) > 1:
        for rule in run.policy.stacking:
            _stack(run, rule)
    run.once_per_tier()
    left: dict[int, int] = {}
    by_award: dict[str, list[Item]] = {}
    for item in run.items:
        by_award.setdefault(item.candidate.award.id, []).append(item)
    for items in by_award.values():
        _pay(run, items[0].candidate.award, items, left)
    return run


def _group_key(item: Item, rule: StackingRule) -> tuple[object, ...] | None:
    """What makes items one ground; None where a part of it is unknown."""
    known, day = item.candidate.known, item.candidate.day
    values = tuple((day.year if day else None) if name == EVENT_YEAR else known.get(name) for name in rule.by)
    return None if None in values else values


def _stack(run: Run, rule: StackingRule) -> None:
    groups: dict[tuple[object, ...], list[Item]] = {}
    anywhere: list[Item] = []
    for item in run.items:
        if item.candidate.award.id not in rule.awards or not (item.live or item.state == UNKNOWN or run.paid(item)):
            continue
        key = _group_key(item, rule)
        if key is not None:
            groups.setdefault(key, []).append(item)
        elif item.state == UNKNOWN:
            anywhere.append(item)
    for members in groups.values():
        if any(item.live for item in members) and len(members) + len(anywhere) > 1:
            _highest(run, rule, members, anywhere)


def _highest(run: Run, rule: StackingRule, members: list[Item], anywhere: list[Item]) -> None:
    """Keep the highest side of one group; where an unknown item could overturn it, all of the group is unknown."""
    sides: dict[object, Side] = {}
    for item in members:
        mark = item.candidate.known.get(rule.between) if rule.between else item.index
        sides.setdefault(mark if mark is not None else ("?", item.index), Side()).items.append(item)
    if len(sides) + len(anywhere) < 2 or (rule.ruling and run.effect(rule.ruling) == SEPARATE):
        return
    unplaced = [item for item in members if item.live and rule.between and item.candidate.known.get(rule.between) is None]
    if unplaced:
        _wait(rule, members, [f"{unplaced[0].candidate.award.event}.{rule.between}"], "")
        return
    listed = list(sides.values())
    best = max(listed, key=lambda side: side.sure)
    doubtful = [item for item in _overturning(best, listed, anywhere) if item.state == UNKNOWN]
    resting = f"，按{run.named(rule.ruling)}" if rule.ruling else ""
    if doubtful:
        missing = list(dict.fromkeys(name for item in doubtful for name in item.missing))
        for item in members:
            if item.live:
                item.missing = missing
                item.close(
                    UNKNOWN, f"{rule.title}从高不重复（{rule.clause}{resting}），缺少{'、'.join(missing)}，还不能确定哪一项较高，暂不兑现。"
                )
        return
    _keep(run, rule, best, listed, resting)


def _wait(rule: StackingRule, members: list[Item], missing: list[str], resting: str) -> None:
    """Nothing of a group is paid while it is open which side is the highest."""
    for item in members:
        if item.live:
            item.missing = missing
            item.close(
                UNKNOWN, f"{rule.title}从高不重复（{rule.clause}{resting}），缺少{'、'.join(missing)}，还不能确定哪一项较高，暂不兑现。"
            )


def _overturning(best: Side, sides: list[Side], anywhere: list[Item]) -> list[Item]:
    """Unknown items that could make another side the highest."""
    found: list[Item] = []
    place = sides.index(best)
    for index, side in enumerate(sides):
        extra = [item.candidate for item in anywhere]
        possible = _most(side.possible, extra) if side.possible is not None else None
        if side is not best and (possible is None or possible > best.sure or (possible == best.sure and index < place)):
            found += side.items + anywhere
    if len(sides) == 1:
        alone = _most(0, [item.candidate for item in anywhere])
        found += anywhere if alone is None or alone > best.sure else []
    return list({item.index: item for item in found}.values())


def _keep(run: Run, rule: StackingRule, best: Side, sides: list[Side], resting: str) -> None:
    name = "、".join(run.ground.names[item.index] for item in best.items if item.live)
    others = [item for side in sides if side is not best for item in side.items]
    for item in others:
        item.close(DROPPED, f"{rule.title}从高不重复（{rule.clause}{resting}），已按较高的“{name}”（{money(best.sure)}）计算，本项不再给。")
        item.missing = []
    taken = sum(run.paid(item) for item in others)
    for item in best.items:
        if item.live and taken:
            covered = min(taken, run.due(item))
            item.covered += covered
            taken -= covered
            item.notes.append(f"同一事由已兑现 {money(covered)}，只给差额")


def _net_loose_payments(run: Run, live: list[Item], left: dict[int, int]) -> None:
    """Payments that fit no item settle the oldest items first; ``left`` is what is left of each."""
    for index, payment in enumerate(run.received.loose):
        for item in live:
            day = item.candidate.day
            if item.candidate.award.id not in payment.awards or not day or not payment.day or day > payment.day:
                continue
            covered = min(left.setdefault(index, payment.fen or 0), run.due(item))
            if covered:
                item.covered += covered
                left[index] -= covered
                item.notes.append(f"{payment.day.isoformat()} 已按同一条款兑现 {money(covered)}，只给差额")


def _pay(run: Run, award: Award, items: list[Item], left: dict[int, int]) -> None:
    """Amounts of one award in order of arrival."""
    live = [item for item in items if item.live]
    if not live:
        return
    before = _paid_under(run, award)
    rises = bool(award.upgrade) and len(live) + bool(before) > 1 and run.effect(award.upgrade) == DIFFERENCE
    if award.cap is None and not rises:
        _net_loose_payments(run, live, left)
    for item in live:
        item.amount = run.due(item)
        if run.paid(item):
            item.notes.append(f"本项已于 {run.received.paid_on[item.index].isoformat()} 兑现 {money(run.paid(item))}")
    if rises:
        _pay_difference(run, award, live, before)
    if award.cap is not None and award.cap.per in {PER_FIRM_YEAR, PER_PROJECT}:
        _cap(run, award, award.cap, live)
    for item in live:
        _conclude(item)


def _pay_difference(run: Run, award: Award, live: list[Item], reached: int) -> None:
    """On rising a tier only what the higher tier adds is paid: all payments together reach the highest tier's amount."""
    for item in live:
        full = item.amount
        item.amount = max(0, min(full, item.entitled - reached))
        if item.amount < full:
            item.notes.append(f"按{run.named(award.upgrade)}，各档已得 {money(reached)}，只补 {money(item.amount)}")
        reached += item.amount


def _paid_under(run: Run, award: Award) -> int:
    if not run.received.by_item and not run.received.loose:
        return 0
    return run.received.of_award(award.id, [(item.index, item.candidate) for item in run.items])


def _cap(run: Run, award: Award, cap: Cap, live: list[Item]) -> None:
    """Room in a yearly or project cap is taken in order of arrival; what was paid before has taken its part."""
    before = _paid_under(run, award)
    if sum(item.amount for item in live) + before <= cap.fen:
        return
    by_event = True
    if cap.per == PER_FIRM_YEAR and len(live) + bool(before) > 1:
        by_event = run.effect(cap.year) == BY_EVENT
    used = _used(run, award, cap, by_event)
    for item in live:
        year = _year(run, item.candidate, cap, by_event)
        taken = used.get(year, 0)
        room = max(0, cap.fen - taken)
        if item.amount > room:
            earlier = f"，已用 {money(taken)}" if taken else ""
            when = f"{year} 年" if cap.per == PER_FIRM_YEAR else ""
            item.notes.append(f"超过{cap_text(cap)}（{when}可用 {money(room)}{earlier}）")
            item.amount = room
        used[year] = taken + item.amount


def _year(run: Run, candidate: Candidate, cap: Cap, by_event: bool) -> int:
    """The year whose cap an item falls under; 0 for a project."""
    if cap.per != PER_FIRM_YEAR:
        return 0
    return candidate.day.year if by_event and candidate.day else run.as_of.year


def _used(run: Run, award: Award, cap: Cap, by_event: bool) -> dict[int, int]:
    """What payments of the past have taken of each year's cap."""
    used: dict[int, int] = {}
    for item in run.items:
        if item.candidate.award is award and run.paid(item):
            paid_on = run.received.paid_on[item.index]
            year = 0 if cap.per != PER_FIRM_YEAR else item.candidate.day.year if by_event and item.candidate.day else paid_on.year
            used[year] = used.get(year, 0) + run.paid(item)
    for payment in run.received.loose:
        if award.id in payment.awards and payment.day:
            year = payment.day.year if cap.per == PER_FIRM_YEAR else 0
            used[year] = used.get(year, 0) + (payment.fen or 0)
    return used


def _conclude(item: Item) -> None:
    candidate = item.candidate
    raw = item.raw or 0
    formula = formula_text(candidate.award, candidate.ground, raw) if raw == candidate.raw else f"计算 {money(raw)}"
    item.state = GRANTED if item.amount == raw else CAPPED if item.amount else DROPPED
    notes = "".join(f"，{note}" for note in item.notes)
    outcome = f"兑现 {money(item.amount)}" if item.amount else "不再兑现"
    item.why = f"依{candidate.award.clause}，{formula}{notes}，{outcome}。"
