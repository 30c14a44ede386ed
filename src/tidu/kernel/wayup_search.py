"""The search for the cheapest plan: least effort, then fewest facts, then the order of the catalogue; checked, never trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from tidu.kernel.decisive import outlook
from tidu.kernel.effort import Effort, Lever
from tidu.kernel.errors import TiduError
from tidu.kernel.rules import All, AnyOf, AtLeast, Constant, Named, Not, Rule, ScoreAtLeast, walk
from tidu.kernel.truth import answer
from tidu.kernel.wayup_model import BLOCKED, EVENT, WEIGHTS, Assumption, Model

ATTEMPTS = 12
EXACT = 10**10
"""Efforts and ranks share one objective only while its numbers are small enough for the solver to tell apart."""


@dataclass(frozen=True)
class Move:
    """One lever put to use: stored values before (None: unknown) and after, and what moved along.

    ``amount`` is what this lever contributes in stored integers; ``after`` may be further where other levers move the fact too.
    """

    lever: Lever
    key: str
    before: Any
    after: Any
    effort: Fraction
    told: bool
    amount: int = 0
    along: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True)
class Plan:
    """The cheapest plan: its moves, the inputs as they end up, and what had to be assumed."""

    moves: tuple[Move, ...]
    changes: Mapping[str, Any]
    effort: Fraction
    assumptions: tuple[Assumption, ...] = ()
    most_points: Mapping[str, int] = field(default_factory=dict)


def cheapest(rule: Rule, known: Mapping[str, Any], effort: Effort) -> Plan:
    """The cheapest plan after which ``rule`` is met; with the fewest, mildest assumptions where none does without.

    Raises ``way-up-unproved`` where the proposals do not stand up to the rule tree.
    """
    plan = _sure(rule, known, effort)
    return plan if plan is not None else _assuming(rule, known, effort)


def _sure(rule: Rule, known: Mapping[str, Any], effort: Effort) -> Plan | None:
    """The cheapest plan without assumptions; None where there is none."""
    budget: Fraction | None = None
    plan: Plan | None = None
    for _ in range(2):
        model = Model(rule, known, effort, budget=budget)
        model.demand(rule)
        values = _ranked(model)
        if values is None:
            break
        plan = _plan(model, values, known, effort)
        if answer(rule, {**known, **plan.changes}) is True:
            return plan
        # the solver let a hair through; with a budget the programme's numbers, and so its slack, get smaller
        budget = 2 * plan.effort + 1
    if plan is None:
        return None
    raise _unproved(plan)


def _assuming(rule: Rule, known: Mapping[str, Any], effort: Effort) -> Plan:
    """The cheapest plan with the fewest, mildest assumptions that do not contradict each other."""
    refused: list[set[tuple[str, int, bool, str]]] = []
    plan: Plan | None = None
    for _ in range(ATTEMPTS):
        model = Model(rule, known, effort, assuming=True, contrary=bool(refused))
        model.demand(rule)
        for identities in refused:
            columns = [assumption.column for assumption in model.assumptions if assumption.identity in identities]
            model.programme.row(dict.fromkeys(columns, 1), high=len(columns) - 1)
        weights = {assumption.column: WEIGHTS[assumption.kind] for assumption in model.assumptions}
        values = model.programme.minimise(weights)
        if values is None:
            break
        model.programme.row(weights, high=sum(weight * values[column] for column, weight in weights.items()))
        values = _ranked(model)
        if values is None:
            break
        taken = tuple(assumption for assumption in model.assumptions if values[assumption.column])
        plan = replace(_plan(model, values, known, effort), assumptions=_once(taken))
        if outlook(assumed_rule(rule, plan.assumptions), {**known, **plan.changes}).can_meet:
            return replace(plan, most_points=_most_points(rule, plan, known, effort))
        # these contradict each other: any plan has to do without one of them
        refused.append({assumption.identity for assumption in taken})
    raise _unproved(plan)


def _once(taken: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    return tuple({(id(assumption.node), assumption.sign): assumption for assumption in taken}.values())


def _unproved(plan: Plan | None) -> TiduError:
    changes = {key: str(value) for key, value in plan.changes.items()} if plan else {}
    return TiduError("way-up-unproved", "算出的提升路径代入后没有通过复核，不予采用。请报告企业代码与标准。", changes=changes)


def _ranked(model: Model) -> list[int] | None:
    """The least effort, among equals the fewest levers, among those the levers first in the catalogue (least sum of places)."""
    programme, costs = model.programme, model.moves.costs()
    used = [model.moves.used(key) for key in model.moves.in_order()]
    ranks = {column: len(used) ** 2 + place for place, column in enumerate(used)}
    weight = sum(ranks.values()) + 1
    if weight * sum(costs.values()) < EXACT:
        return programme.minimise({**{column: cost * weight for column, cost in costs.items()}, **ranks})
    values = programme.minimise(costs)
    if values is None:
        return None
    programme.row(costs, high=sum(cost * values[column] for column, cost in costs.items()))
    return programme.minimise(ranks)


def _plan(model: Model, values: list[int], known: Mapping[str, Any], effort: Effort) -> Plan:
    """The moves a solution stands for, in the order of the catalogue."""
    found: dict[str, Move] = {}
    changes: dict[str, Any] = {}
    for key, steps in model.moves.steps.items():
        count = values[steps.column]
        if count:
            changes[key] = steps.base + count * steps.pace
            found[key] = Move(steps.lever, key, known.get(key), changes[key], steps.lever.effort * count, steps.told, count * steps.pace)
    for name, movers in model.moves.movers.items():
        if known.get(name) is not None and any(values[steps.column] for steps in movers):
            changes[name] = known[name] + sum(steps.pace * values[steps.column] for steps in movers)
    for key, choice in model.moves.choices.items():
        for word, column in choice.columns.items():
            if values[column]:
                changes[key] = word
                found[key] = Move(choice.lever, key, known.get(key), word, choice.efforts[word], known.get(key) is None)
    moves = tuple(_with_along(found[key], known, changes) for key in effort.levers if key in found)
    return Plan(moves, changes, sum((move.effort for move in moves), Fraction(0)))


def _with_along(move: Move, known: Mapping[str, Any], changes: Mapping[str, Any]) -> Move:
    along = (
        ()
        if move.told
        else tuple((fact.name, known[fact.name], changes[fact.name]) for fact in move.lever.also if known.get(fact.name) is not None)
    )
    return replace(move, after=changes[move.key], along=along)


def _most_points(rule: Rule, plan: Plan, known: Mapping[str, Any], effort: Effort) -> dict[str, int]:
    """For each score bound still missed under a plan that needs an event or the impossible, the most points the levers ensure."""
    if not any(assumption.kind in {EVENT, BLOCKED} for assumption in plan.assumptions):
        return {}
    found: dict[str, int] = {}
    then = {**known, **plan.changes}
    for node in walk(rule):
        if isinstance(node, ScoreAtLeast) and node.name not in found and answer(node, then) is not True:
            model = Model(node, known, effort)
            total = model.total(node.items)
            values = model.programme.minimise({column: -factor for column, factor in total.terms.items()})
            if values is not None:
                found[node.name] = total.constant + sum(factor * values[column] for column, factor in total.terms.items())
    return found


def assumed_rule(rule: Rule, assumptions: tuple[Assumption, ...]) -> Rule:
    """The rule with what was assumed of events and unchangeable facts put in; what is yet to be told stays open."""
    put = frozenset((id(taken.node), taken.sign) for taken in assumptions if taken.kind in {EVENT, BLOCKED})
    return _put(rule, put, True) if put else rule


def _put(node: Any, put: frozenset[tuple[int, bool]], sign: bool) -> Any:
    """``sign`` is the answer that helps where the node stands: it turns under every ``Not``."""
    if (id(node), sign) in put:
        return Constant(sign, node.label)
    match node:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            return replace(node, parts=tuple(_put(part, put, sign) for part in parts))
        case Not(part):
            return replace(node, part=_put(part, put, not sign))
        case Named(_, inner):
            return replace(node, node=_put(inner, put, sign))
        case _:
            # within a score nothing but what is missing is ever assumed
            return node
