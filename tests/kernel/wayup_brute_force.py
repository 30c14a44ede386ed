"""The cheapest plan by trying every set of changes on the grid of the levers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from tidu.kernel.effort import Effort, Lever
from tidu.kernel.inputs import Known
from tidu.kernel.rules import Rule
from tidu.kernel.truth import answer
from tidu.kernel.wayup_search import cheapest


def combinations(effort: Effort, known: Mapping[str, Any]) -> Iterator[tuple[Fraction, int, dict[str, Any]]]:
    """Every set of changes on the grid of the levers: effort, number of facts changed, inputs afterwards."""
    ways: list[list[tuple[Lever, Any, Fraction]]] = []
    for lever in effort.levers.values():
        here = known.get(lever.key)
        if lever.by_steps:
            assert lever.limit is not None
            ways.append([(lever, count, lever.effort * count) for count in range(lever.limit // lever.step + 1)])
        else:
            done = lever.options.get(here, Fraction(0)) if here is not None else Fraction(0)
            ways.append(
                [
                    (lever, None, Fraction(0)),
                    *((lever, word, cost - done) for word, cost in lever.options.items() if cost > done and word != here),
                ]
            )
    for chosen in product(*ways):
        then = dict(known)
        for lever, amount, _ in chosen:
            if lever.by_steps:
                for fact in lever.moved:
                    if then.get(fact.name) is not None:
                        then[fact.name] += lever.direction * lever.step * amount
            elif amount is not None:
                then[lever.key] = amount
        if allowed(effort, known, then):
            yield sum((cost for _, _, cost in chosen), Fraction(0)), sum(1 for _, _, cost in chosen if cost), then


def allowed(effort: Effort, known: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Values stay in their domain, and relations that hold now are kept."""
    for lever in effort.levers.values():
        for fact in lever.moved if lever.by_steps else ():
            value = then.get(fact.name)
            if (
                value is not None
                and value != known[fact.name]
                and not (fact.lowest or 0) <= value <= (fact.highest if fact.highest is not None else value)
            ):
                return False
    return all(answer(relation, then) is not False for relation in effort.keep if answer(relation, known) is True)


def least(rule: Rule, effort: Effort, known: Mapping[str, Any]) -> tuple[Fraction, int] | None:
    """The least effort that passes with the fewest facts changed; None where nothing passes."""
    return min(((cost, count) for cost, count, then in combinations(effort, known) if answer(rule, then) is True), default=None)


def agrees_with_brute_force(rule: Rule, effort: Effort, known: Known) -> None:
    expected = least(rule, effort, known)
    plan = cheapest(rule, known, effort)
    if expected is None:
        assert plan.assumptions
    else:
        assert (plan.effort, len(plan.moves)) == expected
        assert answer(rule, {**known, **plan.changes}) is True
        assert plan.assumptions == ()
