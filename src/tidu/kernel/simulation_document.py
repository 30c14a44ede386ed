"""A simulation as JSON: money in 元, groups by subdistrict, industry and leading chain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tidu.kernel.awards import Award
from tidu.kernel.packs import Standard
from tidu.kernel.quantities import yuan
from tidu.kernel.settle import Entitlement, Settlement, natural
from tidu.kernel.simulate import CHAIN, INDUSTRY, SUBDISTRICT, ItemChange, MoneyChange, Moved, Payment, Simulation, StandardChange

Entry = dict[str, Any]
BY = {"by_subdistrict": SUBDISTRICT, "by_industry": INDUSTRY, "by_chain": CHAIN}


def simulation_document(found: Simulation) -> Entry:
    """The whole comparison as JSON."""
    writer = Writer(found)
    return {
        "law_date": found.moment.law_date.isoformat(),
        "facts_as_of": found.moment.facts_as_of.isoformat(),
        "application": found.application,
        "packs": {"before": dict(found.digests_before), "after": dict(found.digests_after)},
        "changes": [asdict(one) for one in found.changes],
        "standards": [writer.standard(one) for one in found.standards],
        "awards": None if found.money is None else writer.money(found.money),
    }


def _text(standard: Standard | None, counts: Any) -> Entry | None:
    if standard is None:
        return None
    return {"version": standard.version, "rule_set": standard.reference.text(), "confidence": standard.confidence, "counts": dict(counts)}


def _sums(before: int, after: int) -> Entry:
    return {"before": yuan(before), "after": yuan(after), "change": yuan(after - before)}


class Writer:
    """Writes the parts of one simulation."""

    def __init__(self, found: Simulation) -> None:
        self.found = found

    def firm(self, code: str) -> Entry:
        """A firm with its groups."""
        groups = self.found.groups[code]
        return {
            "firm": code,
            "name": self.found.names[code] or None,
            "subdistrict": groups[SUBDISTRICT],
            "industry": groups[INDUSTRY],
            "chain": groups[CHAIN],
        }

    def standard(self, change: StandardChange) -> Entry:
        """One standard: both texts with their counts, who moves, and where."""
        return {
            "standard": change.name,
            "before": _text(change.before, change.counts_before),
            "after": _text(change.after, change.counts_after),
            "gained": sum(one.gains for one in change.moved),
            "lost": sum(one.loses for one in change.moved),
            "moved": [self.moved(one) for one in change.moved],
            **{key: self.moves_by(grouping, change.moved) for key, grouping in BY.items()},
        }

    def moved(self, one: Moved) -> Entry:
        """One firm whose answer differs."""
        effect = "gained" if one.gains else "lost" if one.loses else "moved"
        scores = {
            side: None if score is None else {"low": score[0], "high": score[1]}
            for side, score in (("score_before", one.score_before), ("score_after", one.score_after))
        }
        return {**self.firm(one.firm), "before": one.before, "after": one.after, "effect": effect, **scores}

    def moves_by(self, grouping: str, moved: Iterable[Moved]) -> list[Entry]:
        """Who gains and loses, group by group, the most moved first."""
        gained: Counter[str] = Counter()
        lost: Counter[str] = Counter()
        for one in moved:
            group = self.found.groups[one.firm][grouping]
            gained[group] += one.gains
            lost[group] += one.loses
        names = sorted(gained, key=lambda name: (-gained[name] - lost[name], name))
        return [{"name": name, "gained": gained[name], "lost": lost[name]} for name in names if gained[name] or lost[name]]

    def money(self, change: MoneyChange) -> Entry:
        """What is paid before and after: in all, by payer, clause, firm, place and industry, and item by item."""
        old, new = change.before, change.after
        winners = [one for one in change.payments if one.after > one.before]
        return {
            "cost": _sums(_whole(old), _whole(new)),
            "totals": [{"payer": name, **_sums(_by_payer(old, name), _by_payer(new, name))} for name in _payers(old, new)],
            "awards": [self.award(one, old, new) for one in _awards(old, new)],
            "winners": len(winners),
            "losers": len(change.payments) - len(winners),
            "firms": [{**self.firm(one.firm), **_sums(one.before, one.after)} for one in _by_size(change.payments)],
            **{key: self.payments_by(grouping, change.payments) for key, grouping in BY.items()},
            "items": [self.item(one) for one in change.items],
        }

    def award(self, award: Award, old: Settlement | None, new: Settlement | None) -> Entry:
        """One clause before and after."""
        before, after = _of_award(old, award), _of_award(new, award)
        return {
            "award": award.id,
            "clause": award.clause,
            "title": award.title,
            "payer": award.payer,
            **_sums(sum(one.amount for one in before), sum(one.amount for one in after)),
            "firms_before": len({one.firm for one in before if one.amount}),
            "firms_after": len({one.firm for one in after if one.amount}),
        }

    def payments_by(self, grouping: str, payments: Iterable[Payment]) -> list[Entry]:
        """Change, winners and losers, group by group, the largest change first."""
        amounts: Counter[str] = Counter()
        winners: Counter[str] = Counter()
        losers: Counter[str] = Counter()
        for one in payments:
            group = self.found.groups[one.firm][grouping]
            amounts[group] += one.after - one.before
            winners[group] += one.after > one.before
            losers[group] += one.after < one.before
        names = sorted(amounts, key=lambda name: (-abs(amounts[name]), name))
        return [{"name": name, "change": yuan(amounts[name]), "winners": winners[name], "losers": losers[name]} for name in names]

    def item(self, change: ItemChange) -> Entry:
        """One item on both sides."""
        one = change.either
        return {
            **self.firm(one.firm),
            "award": one.award.id,
            "clause": one.award.clause,
            "title": one.award.title,
            "item": one.item,
            "before": _side(change.before),
            "after": _side(change.after),
        }


def _side(result: Entitlement | None) -> Entry | None:
    return (
        None if result is None else {"amount": yuan(result.amount), "state": result.state, "payer": result.award.payer, "why": result.why}
    )


def _whole(settlement: Settlement | None) -> int:
    return sum(settlement.totals.values()) if settlement else 0


def _by_payer(settlement: Settlement | None, payer: str) -> int:
    return settlement.totals.get(payer, 0) if settlement else 0


def _payers(*settlements: Settlement | None) -> list[str]:
    return list(dict.fromkeys(payer for one in settlements if one for payer in one.totals))


def _awards(*settlements: Settlement | None) -> list[Award]:
    """Every award with a candidate on either side, as it stands after the change, in order of clauses."""
    found: dict[tuple[str, str], Award] = {}
    for settlement in settlements:
        for result in settlement.results if settlement else ():
            found[result.award.policy, result.award.id] = result.award
    return sorted(found.values(), key=lambda award: natural(award.id))


def _of_award(settlement: Settlement | None, award: Award) -> list[Entitlement]:
    return [one for one in settlement.results if (one.award.policy, one.award.id) == (award.policy, award.id)] if settlement else []


def _by_size(payments: Iterable[Payment]) -> list[Payment]:
    return sorted(payments, key=lambda one: (-abs(one.after - one.before), one.firm))
