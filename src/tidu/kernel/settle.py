"""Settling: the events of firms → what each is owed under every policy in force, to the fen, with the reason.

Pure: the dates and the choices of rulings are given. A result names a ruling if and only if another option of that
ruling would change its state or amount, which is found by settling the firm under every option that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Any

from tidu.kernel.awards import PENDING, Award, AwardBook, Policy, Ruling
from tidu.kernel.candidates import FirmCase, World, candidates_of
from tidu.kernel.claimants import claimants
from tidu.kernel.collecting import without_collections
from tidu.kernel.eligibility import Standing
from tidu.kernel.errors import TiduError
from tidu.kernel.obligations import Bond, bonds_of
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Firm, Population
from tidu.kernel.quantities import yuan
from tidu.kernel.rules import Rule
from tidu.kernel.settlement_words import CAPPED, DROPPED, EXCLUDED, GRANTED, RULING_NEEDED, UNKNOWN, money
from tidu.kernel.settling import FirmGround, Item, Run
from tidu.kernel.stacking import settle_firm
from tidu.kernel.truth import answer

__all__ = [
    "CAPPED",
    "DROPPED",
    "EXCLUDED",
    "GRANTED",
    "RULING_NEEDED",
    "UNKNOWN",
    "Entitlement",
    "Settlement",
    "settle",
    "settlement_document",
]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What became of one candidate; money in fen, ``computed`` and ``base`` None where unknown or not applicable."""

    firm: str
    name: str
    award: Award
    item: str
    amount: int
    computed: int | None
    state: str
    why: str
    missing: tuple[str, ...]
    rulings: tuple[str, ...]
    base: int | None
    how: tuple[str, ...]


@dataclass(frozen=True)
class Settlement:
    """All entitlements of one settlement, by firm and order of arrival."""

    law_date: date
    as_of: date
    policies: tuple[Policy, ...]
    results: tuple[Entitlement, ...]
    bonds: tuple[Bond, ...]
    rulings: tuple[tuple[Ruling, str], ...]
    choices: Mapping[str, str]
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def totals(self) -> dict[str, int]:
        """What each payer is to pay, in fen; every payer of the policies is named."""
        totals = {payer: 0 for policy in self.policies for payer in policy.payers}
        for result in self.results:
            totals[result.award.payer] += result.amount
        return totals


@lru_cache(maxsize=256)
def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key under which R2 comes before R10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name))


def settle(
    source: Population | Iterable[Firm],
    packs: PackSet,
    *,
    law_date: date,
    as_of: date,
    choices: Mapping[str, str] | None = None,
) -> Settlement:
    """Settle all firms under the policies in force on ``law_date``, as things stand on ``as_of``.

    ``choices`` overrides rulings by id. Raises ``no-rule-in-force``, ``unknown-ruling`` or ``unknown-choice``.
    """
    book = packs.book
    if book is None:
        raise TiduError("no-awards", "读入的政策里没有奖补。请检查政策文件夹。")
    policies, chosen = book.in_force(law_date), book.checked_choices(choices or {})
    listed = source if isinstance(source, Population) else list(source)
    pending = frozenset(name for name in book.rulings if book.choice(name, chosen) == PENDING)
    results: list[Entitlement] = []
    bonds: list[Bond] = []
    with without_collections():
        for policy in policies:
            found, owed = _settled(listed, World(packs, book, policy, book.awards_of(policy), as_of), chosen, pending)
            results += found
            bonds += owed
        results.sort(key=lambda result: result.firm)
    names = {policy.name for policy in policies}
    rulings = tuple((ruling, book.choice(ruling.id, chosen)) for ruling in book.rulings.values() if ruling.policy in names)
    return Settlement(law_date, as_of, tuple(policies), tuple(results), tuple(bonds), rulings, chosen, packs.digests)


def _settled(
    source: Population | Sequence[Firm], world: World, choices: Mapping[str, str], pending: frozenset[str]
) -> tuple[list[Entitlement], list[Bond]]:
    """What every firm is owed under one policy, and what it owes."""
    results: list[Entitlement] = []
    bonds: list[Bond] = []
    for ground in _grounds(source, world):
        run, found = Decider(ground, world.book, choices, pending).decide()
        results += found
        if ground.payments:
            bonds += bonds_of(ground, run, choices)
    return results, bonds


def _grounds(source: Population | Sequence[Firm], world: World) -> list[FirmGround]:
    """Every firm with candidates or payments, by code; claims on shared matters are gathered on the way."""
    firms = sorted(claimants(source, world), key=lambda firm: firm.code)
    standings = {firm.code: Standing(firm, world) for firm in firms}
    grounds: list[FirmGround] = []
    for firm in firms:
        case = FirmCase(firm, candidates_of(firm, world.awards))
        _gather_claims(case, world)
        grounds.append(FirmGround(case, standings[firm.code], world, standings))
    return grounds


def _gather_claims(case: FirmCase, world: World) -> None:
    for candidate in case.candidates:
        rivals = candidate.award.rivals
        if rivals is None or candidate.day is None or candidate.day > world.as_of:
            continue
        mark = candidate.known.get(rivals.same)
        if mark is not None and _is_claim(candidate.award.when, candidate.known):
            world.claims.setdefault((candidate.award.id, str(mark)), []).append((case.firm.code, candidate.known.get(rivals.rank)))


def _is_claim(when: Rule, known: Mapping[str, Any]) -> bool:
    return answer(when, known) is True


class Decider:
    """Settles one firm, and again under other options of the rulings it asked for."""

    def __init__(self, ground: FirmGround, book: AwardBook, choices: Mapping[str, str], pending: frozenset[str]) -> None:
        self.ground, self.book, self.choices, self.pending = ground, book, choices, pending

    def decide(self) -> tuple[Run, list[Entitlement]]:
        """The run under the choices in force, and its entitlements with the rulings each rests on."""
        if not self.pending:
            run = settle_firm(self.ground, self.choices)
            rests = self.resting(run, self.choices) if run.touched else {}
            return run, [self.entitlement(run, item, rests.get(item.index, ()), (), {}) for item in run.items]
        runs = self.pending_runs()
        picked, run = next(iter(runs.items()))
        open_rulings = self.differing(runs)
        rests = self.resting(run, {**self.choices, **self.unasked(dict(picked)), **dict(picked)})
        return run, [self.entitlement(run, item, rests[item.index], open_rulings[item.index], runs) for item in run.items]

    def pending_runs(self) -> dict[tuple[tuple[str, str], ...], Run]:
        """One run per combination of options of the rulings that are still open and were asked for."""
        asked: set[str] = set()
        while True:
            pending = sorted(asked, key=natural)
            options = [[option.choice for option in self.book.rulings[name].options] for name in pending]
            runs: dict[tuple[tuple[str, str], ...], Run] = {}
            for combination in product(*options):
                picked = dict(zip(pending, combination, strict=True))
                runs[tuple(picked.items())] = settle_firm(self.ground, {**self.choices, **self.unasked(picked), **picked})
            found = {name for run in runs.values() for name in run.touched} & self.pending
            if found <= asked:
                return runs
            asked |= found

    def unasked(self, picked: Mapping[str, str]) -> dict[str, str]:
        """Any option for the open rulings that nothing asked for, since a run needs one."""
        return {name: self.book.rulings[name].options[0].choice for name in self.pending if name not in picked}

    def differing(self, runs: Mapping[tuple[tuple[str, str], ...], Run]) -> dict[int, list[str]]:
        """For each item the open rulings that change it."""
        found: dict[int, list[str]] = {index: [] for index in range(len(self.ground.case.candidates))}
        for picked, run in runs.items():
            for place, (name, _) in enumerate(picked):
                rest = picked[:place] + picked[place + 1 :]
                for other, other_run in runs.items():
                    if other[:place] + other[place + 1 :] == rest:
                        for item, alternative in zip(run.items, other_run.items, strict=True):
                            if item.signature != alternative.signature and name not in found[item.index]:
                                found[item.index].append(name)
        return found

    def resting(self, run: Run, choices: Mapping[str, str]) -> dict[int, list[str]]:
        """For each item the rulings in force whose other options would change it."""
        found: dict[int, list[str]] = {item.index: [] for item in run.items}
        for name in sorted(run.touched - self.pending, key=natural):
            chosen = self.book.choice(name, choices)
            for option in self.book.rulings[name].options:
                if option.choice == chosen:
                    continue
                other = settle_firm(self.ground, {**choices, name: option.choice})
                for item, alternative in zip(run.items, other.items, strict=True):
                    if item.signature != alternative.signature and name not in found[item.index]:
                        found[item.index].append(name)
        return found

    def entitlement(
        self, run: Run, item: Item, rests: Sequence[str], waiting: Sequence[str], runs: Mapping[tuple[tuple[str, str], ...], Run]
    ) -> Entitlement:
        """One result."""
        candidate, firm = item.candidate, self.ground.case.firm
        one_raw = len({other.items[item.index].raw for other in runs.values()}) < 2
        computed, amount, state, why, missing = item.raw if one_raw else None, item.amount, item.state, item.why, tuple(item.missing)
        if waiting:
            amount, state, missing = 0, RULING_NEEDED, ()
            why = self._waiting_text(item, waiting, runs)
        return Entitlement(
            firm.code,
            firm.name,
            candidate.award,
            self.ground.names[item.index],
            amount,
            computed,
            state,
            why,
            missing,
            tuple(sorted({*rests, *waiting}, key=natural)) if rests or waiting else (),
            candidate.base if candidate.base is not None else candidate.ground if candidate.award.formula.form == "match" else None,
            tuple(run.explain(item)),
        )

    def _waiting_text(self, item: Item, waiting: Sequence[str], runs: Mapping[tuple[tuple[str, str], ...], Run]) -> str:
        outcomes: dict[str, str] = {}
        for picked, run in runs.items():
            words = "、".join(choice for name, choice in picked if name in waiting)
            other = run.items[item.index]
            outcomes.setdefault(words, money(other.amount) if other.amount else "不给")
        listed = "；".join(f"{words}：{outcome}" for words, outcome in outcomes.items())
        return f"口径 {'、'.join(waiting)} 尚未确定（{listed}），须先由主管部门确定。"


def settlement_document(settlement: Settlement) -> dict[str, Any]:
    """The settlement in the form of the command line's JSON: amounts in 元."""
    return {
        "law_date": settlement.law_date.isoformat(),
        "as_of": settlement.as_of.isoformat(),
        "packs": dict(settlement.digests),
        "policies": [_policy_entry(policy) for policy in settlement.policies],
        "results": [_result_entry(result) for result in settlement.results],
        "totals": {payer: yuan(fen) for payer, fen in settlement.totals.items()},
        "rulings": [_ruling_entry(ruling, choice, settlement.choices) for ruling, choice in settlement.rulings],
        "obligations": [_bond_entry(bond) for bond in settlement.bonds],
    }


def _policy_entry(policy: Policy) -> dict[str, Any]:
    return {
        "policy": policy.name,
        "version": policy.version,
        "document": policy.reference.text(),
        "from": policy.in_force.start.isoformat(),
        "to": policy.in_force.end.isoformat() if policy.in_force.end else None,
        "confidence": policy.confidence,
    }


def _result_entry(result: Entitlement) -> dict[str, Any]:
    return {
        "firm": result.firm,
        "award": result.award.id,
        "clause": result.award.clause,
        "title": result.award.title,
        "item": result.item,
        "amount": yuan(result.amount),
        "unit": "元",
        "payer": result.award.payer,
        "computed": None if result.computed is None else yuan(result.computed),
        "state": result.state,
        "why": result.why,
        "missing": list(result.missing),
        "rulings": list(result.rulings),
        "municipal_base": None if result.base is None else yuan(result.base),
        "how": list(result.how),
        "name": result.name,
    }


def _ruling_entry(ruling: Ruling, choice: str, choices: Mapping[str, str]) -> dict[str, Any]:
    given = ruling.id in choices
    adopted = ruling.in_force if not given else None
    text = next((option.text for option in ruling.options if option.choice == choice), "尚未确定")
    return {
        "id": ruling.id,
        "clause": ruling.clause,
        "question": ruling.question,
        "choice": choice,
        "choice_text": f"{choice}：{text}",
        "default": adopted is None and not given,
        "by": adopted.by if adopted else "本次指定" if given else None,
        "on": adopted.on.isoformat() if adopted and adopted.on else None,
        "options": [{"choice": option.choice, "text": option.text} for option in ruling.options],
    }


def _bond_entry(bond: Bond) -> dict[str, Any]:
    return {
        "firm": bond.firm,
        "obligation": bond.obligation,
        "clause": bond.clause,
        "awards": list(bond.awards),
        "amount": yuan(bond.fen),
        "unit": "元",
        "paid_on": bond.paid_on.isoformat(),
        "until": bond.until.isoformat() if bond.until else None,
        "state": bond.state,
        "why": bond.why,
        "missing": list(bond.missing),
        "rulings": list(bond.rulings),
    }
