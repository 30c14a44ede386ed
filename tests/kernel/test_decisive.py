"""Verdict and missing facts are exact: equal to trying every completion of what is missing, on random rules and on the standards."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.brute_force import UNDEFINED, Grid, anything, missing_of
from tests.kernel.drawn_rules import REACH, Rules, described
from tidu.kernel import completions, enumeration
from tidu.kernel.decisive import facts_named, outlook

LARGEST_GRID = 200_000
MOST_ENDLESS = 2


@pytest.fixture(scope="module")
def enough_budget() -> Iterator[None]:
    """No component is too large to enumerate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(enumeration, "BUDGET", 10**9)
        yield


def domains_of(rules: Rules, rule: Any, known: dict[str, Any]) -> dict[str, list[Any]]:
    return {key: anything(rule, known, key) if key.startswith(UNDEFINED) else rules.domain(key) for key in missing_of(rule, known)}


def endless(domains: dict[str, list[Any]]) -> int:
    return sum(len(values) >= REACH for values in domains.values())


def check(rules: Rules) -> bool:
    """One random rule over one random firm; whether it was open."""
    rule, known = rules.rule(), rules.known(rules.random.choice((0.3, 0.5, 0.7)))
    domains = domains_of(rules, rule, known)
    grid = Grid(known, domains)
    if grid.size > LARGEST_GRID or endless(domains) > MOST_ENDLESS:
        return False
    expected = grid.outlook(rule)
    found = outlook(rule, known)

    assert (found.can_meet, found.can_fail, found.decisive) == expected, f"{described(rule)}\n{known}"
    return found.answer is None


@pytest.mark.usefixtures("enough_budget")
@given(seed=st.integers(0, 2**32))
def test_outlook_equals_all_completions_of_short_domains(seed: int) -> None:
    check(Rules(Random(seed)))


@pytest.mark.usefixtures("enough_budget")
@pytest.mark.parametrize("block", range(3))
def test_outlook_equals_all_completions_on_seeded_rules(block: int) -> None:
    opened = [check(Rules(Random(seed))) for seed in range(1000 * block, 1000 * block + 1000)]

    assert opened.count(True) > 280


@pytest.mark.usefixtures("enough_budget")
@pytest.mark.parametrize("block", range(3))
def test_outlook_equals_all_completions_of_two_endless_facts(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completions, "INTERIOR", 0)  # the numbers here are small, so that nothing may be left out near zero

    opened = [check(Rules(Random(seed), endless=True)) for seed in range(1000 * block, 1000 * block + 1000)]

    assert opened.count(True) > 280


def test_beyond_the_budget_an_open_verdict_may_be_too_cautious_but_met_and_unmet_are_never_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enumeration, "BUDGET", 20)
    too_cautious = 0
    for seed in range(1500):
        rules = Rules(Random(seed))
        rule, known = rules.rule(), rules.known(0.3)
        grid = Grid(known, domains_of(rules, rule, known))
        if grid.size > LARGEST_GRID:
            continue
        can_meet, can_fail, deciding = grid.outlook(rule)
        found = outlook(rule, known)

        assert (found.can_meet or not can_meet, found.can_fail or not can_fail, deciding - found.decisive) == (True, True, frozenset())
        too_cautious += found.decisive != deciding
    assert 0 < too_cautious < 75


def test_facts_named_drops_the_year_and_names_each_once() -> None:
    assert facts_named(["营业收入", "营业收入@1", "负债总额@2"]) == ["营业收入", "负债总额"]
