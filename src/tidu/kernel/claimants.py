"""Claimants: the firms that a settlement concerns, with only the facts and events that settling reads."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import polars as pl

from tidu.kernel.awards import Award, Demand
from tidu.kernel.candidates import PAYMENT, RELOCATION, World
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, YEAR, Kind
from tidu.kernel.packs import EventTest
from tidu.kernel.population import Firm, Population, Value
from tidu.kernel.rules import Constant, Rule, keys_of
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
    firms = source.firms.select(FIRM_CODE, FIRM_NAME, *columns).join(chosen, on=FIRM_CODE, how="semi")
    named = zip(
        firms[FIRM_CODE].to_list(), firms[FIRM_NAME].to_list(), firms.select(columns).rows() if columns else repeat(()), strict=False
    )
    shared: dict[tuple[Value, ...], dict[str, Value]] = {}
    return [
        Firm(
            code,
            name or "",
            shared.get(values) or shared.setdefault(values, dict(zip(columns, values, strict=True))),
            years.get(code, {}),
            {},
            events.get(code, {}),
        )
        for code, name, values in named
    ]


def _codes(source: Population, world: World) -> pl.Series:
    """Codes of the claimants, once each."""
    whens: dict[str, list[Rule]] = {}
    for award in world.awards:
        whens.setdefault(award.event, []).append(award.when)
    found = [source.events[PAYMENT], *(_possible(source.events[event], rules) for event, rules in whens.items())]
    return pl.concat([frame[FIRM_CODE] for frame in found]).unique().drop_nulls()


def _possible(events: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """The events of which one of the rules may hold, whatever their days and figures: asked once per kind of event."""
    words = {name for name, kind in events.schema.items() if kind in {pl.String, pl.Boolean}}
    keys = sorted(frozenset().union(*map(keys_of, rules)) & words)
    if not keys:
        return events.clear() if all(answer(rule, {}) is False for rule in rules) else events
    kinds = events.select(keys).unique()
    kept = [any(answer(rule, row) is not False for rule in rules) for row in kinds.iter_rows(named=True)]
    return events.join(kinds.filter(pl.Series(kept, dtype=pl.Boolean)), on=keys, how="semi", nulls_equal=True)


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
    """Events by firm and type, in the order of the tables; those that no award and no test can count are left out."""
    asked: dict[str, list[Rule]] = {name: [Constant(True)] for name in (PAYMENT, RELOCATION)}
    for award in world.awards:
        asked.setdefault(award.event, []).append(award.when)
    for test in _tests_of(world).values():
        asked.setdefault(test.event, []).append(Constant(True) if test.where is None else test.where)
    found: dict[str, dict[str, list[dict[str, Value]]]] = {}
    for name in sorted(asked):
        frame = _possible(source.events[name], asked[name]).join(chosen, on=FIRM_CODE, how="semi")
        for code, row in zip(frame[FIRM_CODE].to_list(), _rows(frame.drop(FIRM_CODE)), strict=True):
            found.setdefault(code, {}).setdefault(name, []).append(row)
    return found


def _rows(frame: pl.DataFrame) -> Iterable[dict[str, Value]]:
    """The rows by column, without what is unknown."""
    columns = frame.columns
    if not sum(frame.null_count().row(0)):
        return (dict(zip(columns, values, strict=True)) for values in frame.rows())
    return ({column: value for column, value in zip(columns, values, strict=True) if value is not None} for values in frame.rows())
