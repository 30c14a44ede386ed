"""Packs before and after a change, over one population: whose verdict changes, who gets more or less, what it costs.

Pure: both sets of packs, the dates and the choices of rulings are given. Only standards whose text differs are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tidu.kernel.bulk import BulkResult, assess_population
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME
from tidu.kernel.inputs import Moment, derived_class
from tidu.kernel.interpret import MET
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.population import Population
from tidu.kernel.reading import identity_of
from tidu.kernel.settle import Entitlement, Settlement, settle

Progress = Callable[[str, float], None]

NOT_GIVEN = "未填写"
SUBDISTRICT, INDUSTRY, CHAIN = "所属街道", "划型行业", "主导产业"
GROUPINGS = (SUBDISTRICT, INDUSTRY, CHAIN)
REPLACED, ADDED, CHOSEN = "replaced", "added", "chosen"
_MONEY_KINDS = frozenset({"award", "ruling", "base", "policy"})
_SHARED_KINDS = frozenset({"indicator", "mapping"})


@dataclass(frozen=True, slots=True)
class Change:
    """One document of the change: its kind, name and title, and whether it replaces one or is new."""

    kind: str
    name: str
    version: str
    title: str
    what: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A firm whose answer differs; an answer is None where no text was in force, scores are (low, high)."""

    firm: str
    before: str | None
    after: str | None
    score_before: tuple[int, int] | None
    score_after: tuple[int, int] | None

    @property
    def gains(self) -> bool:
        """Whether the firm meets the standard only after the change."""
        return self.after == MET and self.before != MET

    @property
    def loses(self) -> bool:
        """Whether the firm meets the standard only before the change."""
        return self.before == MET and self.after != MET


@dataclass(frozen=True)
class StandardChange:
    """One standard whose text differs; either text is None where none is in force."""

    name: str
    before: Standard | None
    after: Standard | None
    counts_before: Mapping[str, int]
    counts_after: Mapping[str, int]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """What one firm gets before and after, in fen."""

    firm: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item whose state or amount differs; a side is None where the item is no candidate."""

    before: Entitlement | None
    after: Entitlement | None

    @property
    def either(self) -> Entitlement:
        """The item on a side where it is."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - an item change has a side by construction
        return found


@dataclass(frozen=True)
class MoneyChange:
    """Two settlements beside each other; a side is None where no policy is in force."""

    before: Settlement | None
    after: Settlement | None
    payments: tuple[Payment, ...]
    items: tuple[ItemChange, ...]


@dataclass(frozen=True)
class Simulation:
    """Everything a change brings about; ``groups`` gives each firm's subdistrict, industry and leading chain."""

    moment: Moment
    application: str
    changes: tuple[Change, ...]
    standards: tuple[StandardChange, ...]
    money: MoneyChange | None
    names: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    choices: Mapping[str, str] = field(default_factory=dict)
    digests_before: Mapping[str, str] = field(default_factory=dict)
    digests_after: Mapping[str, str] = field(default_factory=dict)


def changes_between(before: PackSet, after: PackSet) -> tuple[Change, ...]:
    """Documents of ``after`` that are new or differ from those of the same identity in ``before``."""
    found: list[Change] = []
    for kind, sections in after.documents.items():
        known = {identity_of(kind, section): section for section in before.documents.get(kind, ())}
        for section in sections:
            identity = identity_of(kind, section)
            if known.get(identity) != section:
                what = REPLACED if identity in known else ADDED
                title = str(section.get("title") or section.get("question") or "")
                found.append(Change(kind, identity[1], "".join(identity[2:]), title, what, section.path, section.line))
    return tuple(found)


def simulate(
    population: Population,
    before: PackSet,
    after: PackSet,
    moment: Moment,
    *,
    application: str = "new",
    choices: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Compare ``after``, with ``choices`` of rulings, with ``before``, over a population.

    Raises ``nothing-changed`` where both say the same, and what settling raises about choices.
    """
    step = progress or (lambda _what, _share: None)
    chosen = dict(choices or {})
    changes = changes_between(before, after)
    if not changes and not chosen:
        raise TiduError("nothing-changed", "修改文件与现行规则一字不差，没有可比较的。请核对要修改的内容。")
    chosen_rulings = tuple(Change("ruling", name, choice, "", CHOSEN, "", 0) for name, choice in chosen.items())
    step("比较标准", 0.1)
    standards = _standards(population, before, after, moment, application, changes)
    step("比较奖补", 0.6)
    kinds = {change.kind for change in changes}
    money = None
    if chosen or kinds & (_MONEY_KINDS | _SHARED_KINDS) or any(change.after and change.after.classes for change in standards):
        money = _money(population, before, after, moment, chosen)
    step("", 1.0)
    firms = population.firms
    return Simulation(
        moment,
        application,
        (*changes, *chosen_rulings),
        standards,
        money,
        dict(firms.select(FIRM_CODE, pl.col(FIRM_NAME).fill_null("")).iter_rows()),
        _groups(population, after),
        chosen,
        before.digests,
        after.digests,
    )


def _groups(population: Population, packs: PackSet) -> dict[str, dict[str, str]]:
    """Subdistrict, industry and leading chain of every firm."""
    source, prefixes = packs.mappings[INDUSTRY]
    columns = population.firms.select(FIRM_CODE, SUBDISTRICT, source, CHAIN).iter_rows()
    return {
        code: {
            SUBDISTRICT: place or NOT_GIVEN,
            INDUSTRY: derived_class(industry, prefixes) or NOT_GIVEN,
            CHAIN: chain or NOT_GIVEN,
        }
        for code, place, industry, chain in columns
    }


def _selected(packs: PackSet, moment: Moment, application: str) -> dict[str, Standard]:
    return {standard.name: standard for standard in reversed(packs.in_force(law_date=moment.law_date, application=application))}


def _standards(
    population: Population, before: PackSet, after: PackSet, moment: Moment, application: str, changes: Iterable[Change]
) -> tuple[StandardChange, ...]:
    old, new = _selected(before, moment, application), _selected(after, moment, application)
    classes = {standard.name for standard in (*before.standards, *after.standards) if standard.classes}
    all_differ = any(change.kind in _SHARED_KINDS or (change.kind == "standard" and change.name in classes) for change in changes)
    names = [name for name in dict.fromkeys((*old, *new)) if all_differ or not _same_text(old.get(name), new.get(name))]
    assessed_before = _assessed(population, before, moment, [old[name] for name in names if name in old])
    assessed_after = _assessed(population, after, moment, [new[name] for name in names if name in new])
    compared = [_compared(name, assessed_before.get(name), assessed_after.get(name), population.codes) for name in names]
    return tuple(change for change in compared if change.moved or not all_differ)


def _same_text(one: Standard | None, other: Standard | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.source == other.source and one.version == other.version and one.reference == other.reference


def _assessed(population: Population, packs: PackSet, moment: Moment, standards: Sequence[Standard]) -> dict[str, BulkResult]:
    found = assess_population(population, packs, moment, standards) if standards else []
    return {result.standard.name: result for result in found}


Answer = tuple[str | None, tuple[int, int] | None]


def _answers(result: BulkResult | None, codes: Sequence[str]) -> list[Answer]:
    """Verdict (or class) and score of every firm, in the order of the input."""
    if result is None:
        return [(None, None)] * len(codes)
    column = "value" if result.standard.classes else "verdict"
    rows = result.rows.select(column, "low", "high").iter_rows()
    return [(word, None if low is None else (low, high)) for word, low, high in rows]


def _compared(name: str, before: BulkResult | None, after: BulkResult | None, codes: Sequence[str]) -> StandardChange:
    old, new = _answers(before, codes), _answers(after, codes)
    moved = [
        Moved(code, old_word, new_word, old_score, new_score)
        for code, (old_word, old_score), (new_word, new_score) in zip(codes, old, new, strict=True)
        if old_word != new_word
    ]
    return StandardChange(
        name,
        before.standard if before else None,
        after.standard if after else None,
        _counted(before, old),
        _counted(after, new),
        tuple(moved),
    )


def _counted(result: BulkResult | None, answers: Iterable[Answer]) -> dict[str, int]:
    if result is None:
        return {}
    return dict(Counter(word if word is not None else "unknown" for word, _ in answers))


def _money(population: Population, before: PackSet, after: PackSet, moment: Moment, choices: Mapping[str, str]) -> MoneyChange | None:
    """Both settlements; None where neither set has a policy in force on the day."""
    old = _settled(population, before, moment, {})
    new = _settled(population, after, moment, choices)
    if old is None and new is None:
        return None
    old_items, new_items = _items(old), _items(new)
    items = [
        ItemChange(old_items.get(key), new_items.get(key))
        for key in dict.fromkeys((*old_items, *new_items))
        if _outcome(old_items.get(key)) != _outcome(new_items.get(key))
    ]
    paid_before, paid_after = _paid(old), _paid(new)
    payments = [Payment(code, paid_before[code], paid_after[code]) for code in sorted({*paid_before, *paid_after})]
    return MoneyChange(old, new, tuple(one for one in payments if one.before != one.after), tuple(items))


def _settled(population: Population, packs: PackSet, moment: Moment, choices: Mapping[str, str]) -> Settlement | None:
    try:
        return settle(population, packs, law_date=moment.law_date, as_of=moment.facts_as_of, choices=choices)
    except TiduError as error:
        if error.code == "no-rule-in-force":
            return None
        raise


def _items(settlement: Settlement | None) -> dict[tuple[Any, ...], Entitlement]:
    """Entitlements by firm, award and item; equal items are told apart by their order."""
    found: dict[tuple[Any, ...], Entitlement] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    for result in settlement.results if settlement else ():
        key = (result.firm, result.award.policy, result.award.id, result.item)
        found[(*key, seen[key])] = result
        seen[key] += 1
    return found


def _outcome(result: Entitlement | None) -> tuple[Any, ...] | None:
    return None if result is None else (result.state, result.amount, result.award.payer)


def _paid(settlement: Settlement | None) -> Counter[str]:
    paid: Counter[str] = Counter()
    for result in settlement.results if settlement else ():
        paid[result.firm] += result.amount
    return paid
