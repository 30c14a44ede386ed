"""Candidates: which events of which firms fit which awards, with everything about them that no ruling changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any

from tidu.kernel.awards import BASE_KEY, Award, AwardBook, Base, Exclusion, Policy
from tidu.kernel.decisive import outlook
from tidu.kernel.expressions import split_key
from tidu.kernel.inputs import Moment, plain
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Firm, Value
from tidu.kernel.quantities import round_half_up
from tidu.kernel.rules import Amount, Choose, Largest, Measure, Named, Number, Rule, Smallest, Sum, Times, keys_of
from tidu.kernel.truth import amount, answer, quantity_value

PAYMENT, RELOCATION = "奖补发放", "迁移"
FAR = date.max


@dataclass(frozen=True, slots=True)
class EventMoment(Moment):
    """The day of an event, with the year that its year facts are read of (0: not known)."""

    fact_year: int = 0

    @property
    def year(self) -> int:
        """The year of the facts."""
        return self.fact_year


@dataclass(slots=True, eq=False)
class Candidate:
    """One event that fits, or may fit, one award.

    ``open`` names the fields that keep it from being known whether it fits; ``failed`` is the text of a limit it
    breaks; ``ground`` is the money a rate is taken of, ``raw`` the amount before caps and ``most`` the largest it can
    become (None: no bound), all in fen.
    """

    award: Award
    row: Mapping[str, Value]
    known: Mapping[str, Any]
    day: date | None
    name: str
    open: tuple[str, ...]
    failed: str
    tier: str
    base: int | None
    ground: int | None
    raw: int | None
    most: int | None
    key: tuple[Any, ...]


@dataclass(slots=True, eq=False)
class FirmCase:
    """One firm with its candidates in order of arrival: date of the event, clause, item."""

    firm: Firm
    candidates: tuple[Candidate, ...]


ExclusionKinds = tuple[tuple[tuple[tuple[int, Exclusion], frozenset[str] | None], ...], frozenset[str] | None]
"""Numbered exclusions with the kinds of events each rests on, and the kinds of all together; None: on more than events."""


@dataclass
class World:
    """What all firms of one settlement share."""

    packs: PackSet
    book: AwardBook
    policy: Policy
    awards: tuple[Award, ...]
    as_of: date
    claims: dict[tuple[str, str], list[tuple[str, int | None]]] = field(default_factory=dict)
    scopes: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    scope_facts: tuple[tuple[str, ...] | None] | None = None
    exclusions: ExclusionKinds | None = None


def open_fields(rule: Rule, known: Mapping[str, Any], event: str) -> list[str]:
    """Fields of an event whose absence keeps a rule open, as ``技术合同.成交额``."""
    return sorted(f"{event}.{split_key(key)[0]}" for key in outlook(rule, known).decisive)


def open_amount(node: Amount | Rule, known: Mapping[str, Any], event: str) -> list[str]:
    """Fields that keep an amount open."""
    match node:
        case Choose(cases, otherwise):
            found: list[str] = []
            for rule, part in cases:
                met = answer(rule, known)
                if met is None:
                    found += open_fields(rule, known, event)
                if met is not False:
                    found += open_amount(part, known, event)
                if met:
                    return found
            return found + (open_amount(otherwise, known, event) if not found else [])
        case Times(part) | Named(_, part):
            return open_amount(part, known, event)
        case Sum(parts) | Largest(parts) | Smallest(parts):
            return [name for part in parts for name in open_amount(part, known, event)]
        case Measure(quantity):
            return [f"{event}.{split_key(key)[0]}" for key in sorted(quantity.keys) if known.get(key) is None]
        case _:
            return []


def most_possible(node: Amount | Rule, known: Mapping[str, Any]) -> Fraction | None:
    """The largest amount over all values of what is missing; None where there is no bound."""
    match node:
        case Number(value):
            return value
        case Measure(quantity):
            return quantity_value(quantity, known)
        case Times(part, rate):
            inner = most_possible(part, known)
            return None if inner is None else inner * rate
        case Choose(cases, otherwise):
            found: list[Fraction | None] = []
            for rule, part in cases:
                met = answer(rule, known)
                if met is not False:
                    found.append(most_possible(part, known))
                if met:
                    break
            else:
                found.append(most_possible(otherwise, known))
            return None if None in found else max(value for value in found if value is not None)
        case _:
            return None


def _item_name(award: Award, row: Mapping[str, Value], day: date | None) -> str:
    """``技术合同 2023-05-04``; titles stand in for the word 认定."""
    dated = day.isoformat() if day else "日期未填"
    if not award.item:
        return f"{award.event} {dated}"
    words = [str(row[name]) for name in award.item if row.get(name) is not None]
    lead = [] if words and award.item[0] == "名称" else [award.event]
    return " ".join([*lead, *words, dated])


def _canonical(row: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in row.items() if value is not None))


@lru_cache(maxsize=1 << 12)
def _fits(award: Award, values: tuple[Value, ...]) -> bool | None:
    """Whether an event with these values of the fields that ``when`` reads is of the award's kind: few of them differ."""
    return answer(award.when, {key: plain(value) for key, value in zip(_kind_fields(award), values, strict=True)})


@lru_cache(maxsize=256)
def _kind_fields(award: Award) -> tuple[str, ...]:
    return tuple(sorted(keys_of(award.when)))


@lru_cache(maxsize=64)
def _by_event(awards: tuple[Award, ...]) -> Mapping[str, tuple[tuple[Award, tuple[str, ...]], ...]]:
    """The awards for each type of event, with the fields that tell whether an event is of an award's kind."""
    events = dict.fromkeys(award.event for award in awards)
    return {event: tuple((award, _kind_fields(award)) for award in awards if award.event == event) for event in events}


def make_candidate(award: Award, row: Mapping[str, Value], fits: bool | None) -> Candidate:
    """The candidate that an event is for an award; ``fits`` is whether it is of the award's kind (None: open)."""
    known: dict[str, Any] = {name: value.toordinal() if isinstance(value, date) else value for name, value in row.items()}
    missing = [] if fits else open_fields(award.when, known, award.event)
    failed = ""
    if award.limits:
        failed, unclear = _limits_at(award, tuple(map(known.get, _limit_fields(award))))
        missing += unclear
    dated = row.get(award.date_field)
    day = dated if isinstance(dated, date) else None
    if day is None:
        missing.append(f"{award.event}.{award.date_field}")
    base, tier = _base_of(award, known)
    if base is None and award.base is not None:
        missing += open_amount(award.base.amount, known, award.event)
    known[BASE_KEY] = base
    ground = base if award.base is not None else known.get(award.formula.of) if award.formula.of else None
    raw = computed_amount(award, known, ground)
    if raw is None and award.base is None:
        missing += open_amount(award.computed, known, award.event)
    lacking = tuple(dict.fromkeys([name if not name.endswith(".未定基数") else BASE_KEY for name in missing])) if missing else ()
    name = _item_name(award, row, day)
    most = raw if raw is not None else _most(award, known)
    return Candidate(award, row, known, day, name, lacking, failed, tier, base, ground, raw, most, (day or FAR, award.order, name))


def computed_amount(award: Award, known: Mapping[str, Any], ground: int | None) -> int | None:
    """The amount before caps in whole fen, half up; None where a part of it is unknown.

    A rate of ``ground`` is taken in integers, which gives what the tree ``award.computed`` gives in fractions.
    """
    if not award.formula.of:
        return _amount_at(award, tuple(map(known.get, _amount_fields(award))))
    if ground is None:
        return None
    top, bottom = ground * award.formula.rate.numerator, award.formula.rate.denominator
    return (2 * top + bottom) // (2 * bottom) if top >= 0 else -((bottom - 2 * top) // (2 * bottom))


@lru_cache(maxsize=256)
def _limit_fields(award: Award) -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*(keys_of(limit.rule) for limit in award.limits))))


@lru_cache(maxsize=1 << 12)
def _limits_at(award: Award, values: tuple[Any, ...]) -> tuple[str, tuple[str, ...]]:
    """For these values of the fields that limits read: the text of the first that is broken, and the fields that keep one open."""
    known = dict(zip(_limit_fields(award), values, strict=True))
    failed, unclear = "", []
    for limit in award.limits:
        met = answer(limit.rule, known)
        if met is False and not failed:
            failed = limit.label.text
        elif met is None:
            unclear += open_fields(limit.rule, known, award.event)
    return failed, tuple(unclear)


@lru_cache(maxsize=256)
def _amount_fields(award: Award) -> tuple[str, ...]:
    return tuple(sorted(keys_of(award.computed)))


@lru_cache(maxsize=1 << 12)
def _amount_at(award: Award, values: tuple[Any, ...]) -> int | None:
    """The amount before caps for these values of the fields that it rests on: a table has few rows."""
    found = amount(award.computed, dict(zip(_amount_fields(award), values, strict=True)))
    return None if found is None else round_half_up(found)


def _base_of(award: Award, known: Mapping[str, Any]) -> tuple[int | None, str]:
    if award.base is None:
        return None, ""
    return _base_at(award.base, tuple(map(known.get, _base_keys(award.base))))


@lru_cache(maxsize=256)
def _base_keys(base: Base) -> tuple[str, ...]:
    """The fields that an amount and a tier of a base rest on."""
    return tuple(sorted(keys_of(base.amount).union(*(keys_of(rule) for rule in base.tiers.values()))))


@lru_cache(maxsize=1 << 14)
def _base_at(base: Base, values: tuple[Any, ...]) -> tuple[int | None, str]:
    """Amount and tier for these values of its fields: thousands of events share a day and a level."""
    known = dict(zip(_base_keys(base), values, strict=True))
    found = amount(base.amount, known)
    tier = next((tier for tier, rule in base.tiers.items() if answer(rule, known)), "")
    return (None if found is None else int(found)), tier


def _most(award: Award, known: Mapping[str, Any]) -> int | None:
    """The largest amount that an open one can become, in fen."""
    if award.base is None:
        most = most_possible(award.computed, known)
    else:
        most = (
            max((Fraction(max(row.fen, award.stated.get(row.tier, 0))) for row in award.base.rows), default=Fraction(0))
            * award.formula.rate
        )
    return None if most is None else round_half_up(most)


def candidates_of(firm: Firm, awards: tuple[Award, ...]) -> tuple[Candidate, ...]:
    """All candidates of one firm in order of arrival; items of one name are numbered."""
    found: list[Candidate] = []
    by_event = _by_event(awards)
    for event, rows in firm.events.items():
        for award, fields in by_event.get(event, ()):
            for row in rows:
                fits = _fits(award, tuple([row.get(name) for name in fields]))
                if fits is not False:
                    found.append(make_candidate(award, row, fits))
    if len(found) > 1:
        alike = len({candidate.key for candidate in found}) < len(found)
        found.sort(key=_arrival_by_content if alike else _arrival)
    return tuple(found)


def candidate_of(award: Award, row: Mapping[str, Value]) -> Candidate | None:
    """The candidate that one event is for an award, or None where it is not of the award's kind."""
    ((_, fields),) = _by_event((award,))[award.event]
    fits = _fits(award, tuple([row.get(name) for name in fields]))
    return None if fits is False else make_candidate(award, row, fits)


def _arrival_by_content(candidate: Candidate) -> tuple[Any, ...]:
    return candidate.key, _canonical(candidate.row)


_arrival = attrgetter("key")


def item_names(candidates: Sequence[Candidate]) -> list[str]:
    """The names of items, a repeated one with its number: ``技术合同 2023-05-04（2）``."""
    if len(candidates) == 1:
        return [candidates[0].name]
    seen: dict[tuple[str, str], int] = {}
    names: list[str] = []
    for candidate in candidates:
        key = (candidate.award.id, candidate.name)
        seen[key] = seen.get(key, 0) + 1
        names.append(candidate.name if seen[key] == 1 else f"{candidate.name}（{seen[key]}）")
    return names
