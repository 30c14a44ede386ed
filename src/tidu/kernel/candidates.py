"""Candidates: which events of which firms fit which awards, with everything about them that no ruling changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from tidu.kernel.awards import BASE_KEY, Award, AwardBook, Policy
from tidu.kernel.decisive import outlook
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, YEAR, Kind
from tidu.kernel.inputs import Moment, plain
from tidu.kernel.packs import EventTest, PackSet
from tidu.kernel.population import Firm, Population, Value
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


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class FirmCase:
    """One firm with its candidates in order of arrival: date of the event, clause, item."""

    firm: Firm
    candidates: tuple[Candidate, ...]


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


def make_candidate(award: Award, row: Mapping[str, Value]) -> Candidate | None:
    """The candidate that an event is for an award; None where it is not of the award's kind."""
    known: dict[str, Any] = {name: plain(value) for name, value in row.items()}
    fits = answer(award.when, known)
    if fits is False:
        return None
    missing = [] if fits else open_fields(award.when, known, award.event)
    failed = ""
    for limit in award.limits:
        met = answer(limit.rule, known)
        if met is False and not failed:
            failed = limit.label.text
        elif met is None:
            missing += open_fields(limit.rule, known, award.event)
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
    missing = [name if not name.endswith(".未定基数") else BASE_KEY for name in missing]
    name = _item_name(award, row, day)
    return Candidate(
        award, row, known, day, name, tuple(dict.fromkeys(missing)), failed, tier, base, ground, raw, _most(award, known, raw),
        (day or FAR, award.order, name),
    )  # fmt: skip


def computed_amount(award: Award, known: Mapping[str, Any], ground: int | None) -> int | None:
    """The amount before caps in whole fen, half up; None where a part of it is unknown.

    A rate of ``ground`` is taken in integers, which gives what the tree ``award.computed`` gives in fractions.
    """
    if not award.formula.of:
        found = amount(award.computed, known)
        return None if found is None else round_half_up(found)
    if ground is None:
        return None
    top, bottom = ground * award.formula.rate.numerator, award.formula.rate.denominator
    return (2 * top + bottom) // (2 * bottom) if top >= 0 else -((bottom - 2 * top) // (2 * bottom))


def _base_of(award: Award, known: Mapping[str, Any]) -> tuple[int | None, str]:
    if award.base is None:
        return None, ""
    found = amount(award.base.amount, known)
    tier = next((tier for tier, rule in award.base.tiers.items() if answer(rule, known)), "")
    return (None if found is None else int(found)), tier


def _most(award: Award, known: Mapping[str, Any], raw: int | None) -> int | None:
    if raw is not None:
        return raw
    if award.base is None:
        most = most_possible(award.computed, known)
    else:
        most = (
            max((Fraction(max(row.fen, award.stated.get(row.tier, 0))) for row in award.base.rows), default=Fraction(0))
            * award.formula.rate
        )
    return None if most is None else round_half_up(most)


def candidates_of(firm: Firm, awards: Sequence[Award]) -> tuple[Candidate, ...]:
    """All candidates of one firm in order of arrival; items of one name are numbered."""
    found = [
        candidate for award in awards for row in firm.events.get(award.event, ()) if (candidate := make_candidate(award, row)) is not None
    ]
    if len(found) > 1:
        found.sort(key=lambda candidate: (candidate.key, _canonical(candidate.row)))
    return tuple(found)


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


def _tests_of(world: World) -> dict[str, EventTest]:
    tests = dict(world.policy.tests)
    for award in world.awards:
        tests |= award.tests
    for ruling in world.book.rulings.values():
        tests |= ruling.tests
    return tests


def _rules_of(world: World) -> Iterable[Rule]:
    yield from world.policy.scope
    yield from (exclusion.rule for exclusion in world.policy.exclusions if exclusion.rule is not None)
    yield from (demand.rule for award in world.awards for demand in award.demands if demand.rule is not None)
    yield from (option.rule for ruling in world.book.rulings.values() for option in ruling.options if option.rule is not None)


def firms_with_events(source: Population | Iterable[Firm], world: World) -> list[Firm]:
    """The firms that have an event of an award or a payment, with only the facts and events that settling reads."""
    wanted = {award.event for award in world.awards} | {PAYMENT}
    if not isinstance(source, Population):
        return [firm for firm in source if any(firm.events.get(name) for name in wanted)]
    codes = pl.concat([source.events[name][FIRM_CODE] for name in sorted(wanted)]).unique().drop_nulls()
    if codes.is_empty():
        return []
    facts = world.packs.scope.catalogue.facts
    names = {split_key(key)[0] for rule in _rules_of(world) for key in keys_of(rule) if not key.startswith("事项:")}
    if any(name not in facts or name in world.packs.mappings for name in names):
        return source.each_firm(codes.to_list())
    chosen = codes.to_frame(FIRM_CODE)
    events = wanted | {RELOCATION} | {test.event for test in _tests_of(world).values()}
    firm_columns = sorted(name for name in names if facts[name].kind is Kind.FIRM and name not in {FIRM_CODE, FIRM_NAME})
    year_columns = sorted(name for name in names if facts[name].kind is Kind.YEAR)
    return _picked(source, chosen, firm_columns, year_columns, sorted(events))


def _picked(source: Population, chosen: pl.DataFrame, firm_columns: list[str], year_columns: list[str], events: list[str]) -> list[Firm]:
    years: dict[str, dict[int, dict[str, Value]]] = {}
    if year_columns:
        frame = source.years.select(FIRM_CODE, YEAR, *year_columns).join(chosen, on=FIRM_CODE, how="semi")
        for code, year, *values in frame.iter_rows():
            years.setdefault(code, {})[year] = dict(zip(year_columns, values, strict=True))
    found: dict[str, dict[str, list[dict[str, Value]]]] = {}
    for name in events:
        frame = source.events[name].join(chosen, on=FIRM_CODE, how="semi")
        columns = [column for column in frame.columns if column != FIRM_CODE]
        for code, *values in frame.select(FIRM_CODE, *columns).iter_rows():
            row = {column: value for column, value in zip(columns, values, strict=True) if value is not None}
            found.setdefault(code, {}).setdefault(name, []).append(row)
    rows = source.firms.select(FIRM_CODE, FIRM_NAME, *firm_columns).join(chosen, on=FIRM_CODE, how="semi").iter_rows()
    return [
        Firm(code, name or "", dict(zip(firm_columns, values, strict=True)), years.get(code, {}), {}, found.get(code, {}))
        for code, name, *values in rows
    ]
