"""Claimants: the firms that a settlement concerns, with only the facts and events that settling reads."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from tidu.kernel.awards import Award, Demand
from tidu.kernel.candidates import PAYMENT, RELOCATION, World
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, YEAR, Kind
from tidu.kernel.inputs import plain
from tidu.kernel.packs import EventTest
from tidu.kernel.population import Firm, Population, Value
from tidu.kernel.rules import Rule, keys_of
from tidu.kernel.truth import answer


def claimants(source: Population | Iterable[Firm], world: World) -> list[Firm]:
    """The firms that have an event which may be of an award's kind, or a payment."""
    if not isinstance(source, Population):
        wanted = {award.event for award in world.awards} | {PAYMENT}
        return [firm for firm in source if any(firm.events.get(name) for name in wanted)]
    codes = _codes(source, world)
    if codes.is_empty():
        return []
    facts = world.packs.scope.catalogue.facts
    names = frozenset().union(*map(_facts_of, _rules_of(world)))
    if any(name not in facts or name in world.packs.mappings for name in names):
        return source.each_firm(codes.to_list())
    columns = sorted(name for name in names if facts[name].kind is Kind.FIRM and name not in {FIRM_CODE, FIRM_NAME})
    chosen = codes.to_frame(FIRM_CODE)
    years = _years(source, world, chosen)
    events = _events(source, world, chosen)
    rows = source.firms.select(FIRM_CODE, FIRM_NAME, *columns).join(chosen, on=FIRM_CODE, how="semi").iter_rows()
    return [
        Firm(code, name or "", dict(zip(columns, values, strict=True)), years.get(code, {}), {}, events.get(code, {}))
        for code, name, *values in rows
    ]


def _codes(source: Population, world: World) -> pl.Series:
    """Codes of the claimants, once each."""
    found = [source.events[PAYMENT], *(_fitting(source.events[award.event], award.when) for award in world.awards)]
    return pl.concat([frame[FIRM_CODE] for frame in found]).unique().drop_nulls()


def _fitting(events: pl.DataFrame, when: Rule) -> pl.DataFrame:
    """The events of which a rule over their fields is not known to fail; asked once per combination of these fields."""
    keys = sorted(keys_of(when) & set(events.columns))
    if not keys:
        return events.clear() if answer(when, {}) is False else events
    kinds = events.select(keys).unique()
    fits = [answer(when, {key: plain(value) for key, value in row.items()}) is not False for row in kinds.iter_rows(named=True)]
    return events.join(kinds.filter(pl.Series(fits, dtype=pl.Boolean)), on=keys, how="semi", nulls_equal=True)


def _tests_of(world: World) -> dict[str, EventTest]:
    tests = dict(world.policy.tests)
    for award in world.awards:
        tests |= award.tests
    for ruling in world.book.rulings.values():
        tests |= ruling.tests
    return tests


def _rules_of(world: World) -> Iterable[Rule]:
    yield from _rules_for_all(world)
    yield from (rule for award in world.awards for demand in award.demands for rule in _rules_of_demand(demand, world))


def _rules_for_all(world: World) -> Iterable[Rule]:
    """What is asked of every firm, whatever it claims."""
    yield from world.policy.scope
    yield from (exclusion.rule for exclusion in world.policy.exclusions if exclusion.rule is not None)


def _rules_of_demand(demand: Demand, world: World) -> Iterable[Rule]:
    if demand.rule is not None:
        yield demand.rule
    elif demand.ruling:
        yield from (option.rule for option in world.book.rulings[demand.ruling].options if option.rule is not None)


def _facts_of(rule: Rule) -> frozenset[str]:
    return frozenset(split_key(key)[0] for key in keys_of(rule) if not key.startswith("事项:"))


def _year_facts(rules: Iterable[Rule], world: World) -> list[str]:
    facts = world.packs.scope.catalogue.facts
    return sorted(name for name in frozenset().union(*map(_facts_of, rules)) if facts[name].kind is Kind.YEAR)


def _years(source: Population, world: World, chosen: pl.DataFrame) -> dict[str, dict[int, dict[str, Value]]]:
    """The year facts that rules read, of the firms that claim what these rules are asked for."""
    columns = _year_facts(_rules_of(world), world)
    if not columns:
        return {}
    if not _year_facts(_rules_for_all(world), world):
        asking = {award.event for award in world.awards if _asks_for_years(award, world)}
        chosen = pl.concat([source.events[name].select(FIRM_CODE) for name in sorted(asking)]).unique()
    years: dict[str, dict[int, dict[str, Value]]] = {}
    frame = source.years.select(FIRM_CODE, YEAR, *columns).join(chosen, on=FIRM_CODE, how="semi")
    for code, year, *values in frame.iter_rows():
        years.setdefault(code, {})[year] = dict(zip(columns, values, strict=True))
    return years


def _asks_for_years(award: Award, world: World) -> bool:
    return bool(_year_facts((rule for demand in award.demands for rule in _rules_of_demand(demand, world)), world))


def _events(source: Population, world: World, chosen: pl.DataFrame) -> dict[str, dict[str, list[dict[str, Value]]]]:
    """Events by firm and type, in the order of the tables."""
    names = {award.event for award in world.awards} | {PAYMENT, RELOCATION} | {test.event for test in _tests_of(world).values()}
    found: dict[str, dict[str, list[dict[str, Value]]]] = {}
    for name in sorted(names):
        frame = source.events[name].join(chosen, on=FIRM_CODE, how="semi")
        columns = [column for column in frame.columns if column != FIRM_CODE]
        for code, *values in frame.select(FIRM_CODE, *columns).iter_rows():
            row = {column: value for column, value in zip(columns, values, strict=True) if value is not None}
            found.setdefault(code, {}).setdefault(name, []).append(row)
    return found
