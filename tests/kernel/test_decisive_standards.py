"""On the standards themselves: facts of the worked examples are taken away, and every value that could matter is put in their place."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.kernel.brute_force import Grid, missing_of
from tests.kernel.critical_values import critical_values
from tests.packs.worked_examples import Example, read_examples
from tidu.kernel.criteria import INDUSTRY_CLASS, NOT_COVERED
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.inputs import EVENT_PREFIX, FirmInputs, Moment
from tidu.kernel.interpret import MANUAL, MET, UNKNOWN, UNMET, assess, standard_keys
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.population import Firm
from tidu.kernel.reading import load_packs
from tidu.kernel.residual import FREE, faulty_divisors
from tidu.kernel.rules import AnyOf
from tidu.kernel.traces import is_manual

EXAMPLES = [example for example in read_examples() if "error" not in example.expect]
LARGEST_GRID = 300_000
MOST_MISSING = 4


def without(firm: Firm, names: list[tuple[int | None, str]]) -> Firm:
    """The firm without some facts (with a year: of that year)."""
    facts = {name: value for name, value in firm.facts.items() if (None, name) not in names}
    years = {year: {name: value for name, value in row.items() if (year, name) not in names} for year, row in firm.years.items()}
    return replace(firm, facts=facts, years=years)


def facts_of(firm: Firm) -> list[tuple[int | None, str]]:
    """Everything that can be taken away."""
    return [(None, name) for name in firm.facts if name != FIRM_CODE] + [(year, name) for year, row in firm.years.items() for name in row]


def names_of(keys: frozenset[str], packs: PackSet) -> list[str]:
    """Facts behind inputs: a derived class is asked for by its source, an undefined quotient by its divisors."""
    found: set[str] = set()
    for key in keys:
        if is_manual(key):
            continue
        for name in faulty_divisors(key) if key.startswith(FREE) else [key]:
            plain = name.partition("@")[0]
            found.add(packs.mappings[plain][0] if plain in packs.mappings else plain)
    return sorted(found)


def expected(standard: Standard, known: dict[str, Any], packs: PackSet) -> tuple[str, list[str]] | None:
    """Verdict and missing facts by trying everything; None where that would be too much."""
    missing = missing_of(standard.requires, known)
    if len(missing) > MOST_MISSING or any(key.startswith(EVENT_PREFIX) for key in missing):
        return None  # which field of an event is open has its own test
    grid = Grid(known, critical_values(standard.requires, known, missing))
    if grid.size > LARGEST_GRID:
        return None
    can_meet, can_fail, deciding = grid.outlook(standard.requires)
    names = names_of(deciding, packs)
    if can_meet and can_fail:
        return UNKNOWN if names else MANUAL, names
    return MET if can_meet else UNMET, []


def expected_class(standard: Standard, known: dict[str, Any], packs: PackSet) -> tuple[str, list[str]]:
    """The size class, or what decides it, by trying everything."""
    rule = AnyOf(tuple(rule for _, rule in standard.classes))
    missing = missing_of(rule, known)
    grid = Grid(known, critical_values(rule, known, missing))
    number = np.full(grid.shape, len(standard.classes))
    for index, (_, floors) in reversed(list(enumerate(standard.classes))):
        number = np.where(grid.holds(floors), index, number)
    number = np.where(np.asarray(grid.value(INDUSTRY_CLASS)) == NOT_COVERED, -1, number)
    if number.min() == number.max():
        return [*(name for name, _ in standard.classes), standard.rest, NOT_COVERED][int(number.min())], []
    return "", names_of(frozenset(key for axis, key in enumerate(grid.keys) if (number.min(axis) != number.max(axis)).any()), packs)


def check(example: Example, random: Random) -> str:
    """One example with one to three facts taken away; the verdict, empty where it was not tried."""
    packs = load_packs()
    standard = packs.select(example.standard, law_date=example.law_date, application=example.application)
    present = facts_of(example.firm)
    taken = random.sample(present, min(len(present), random.randint(1, 3)))
    inputs = FirmInputs(without(example.firm, taken), Moment(example.law_date, example.facts_as_of), packs)
    wanted = None if standard.classes else expected(standard, dict(inputs.fill(standard_keys(standard), standard.tests)), packs)
    if wanted is None:
        return ""
    found = assess(inputs, standard)

    assert (found.verdict, sorted(found.missing)) == wanted, f"{example.title} without {taken}"
    return found.verdict


@pytest.mark.parametrize("seed", range(2))
def test_size_class_and_missing_equal_every_value_of_what_was_taken_away(seed: int) -> None:
    packs, random, opened = load_packs(), Random(seed), 0
    examples = [example for example in EXAMPLES if example.standard == "中小企业划型"]
    for _ in range(50):
        example = random.choice(examples)
        standard = packs.select(example.standard, law_date=example.law_date)
        present = facts_of(example.firm)
        taken = random.sample(present, random.randint(1, min(3, len(present))))
        inputs = FirmInputs(without(example.firm, taken), Moment(example.law_date, example.facts_as_of), packs)
        wanted = expected_class(standard, dict(inputs.fill(standard_keys(standard), standard.tests)), packs)
        found = assess(inputs, standard)

        assert (found.value or "", sorted(found.missing)) == wanted, f"{example.title} without {taken}"
        opened += found.value is None
    assert opened > 15


@pytest.mark.parametrize("block", range(4))
def test_verdict_and_missing_equal_every_value_of_what_was_taken_away(block: int) -> None:
    random = Random(block)
    verdicts = [check(random.choice(EXAMPLES), random) for _ in range(1500)]

    assert verdicts.count(UNKNOWN) > 120
    assert set(verdicts) >= {MET, UNMET, UNKNOWN, MANUAL}
