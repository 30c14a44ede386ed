"""The population engine says of all worked examples what the interpreter says of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from _pytest.mark.structures import ParameterSet

from tests.packs.worked_examples import Example, read_examples
from tidu.kernel.bulk import assess_population
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess
from tidu.kernel.population import population_of
from tidu.kernel.reading import load_packs

Key = tuple[str, str, date, date]


def together() -> dict[Key, list[Example]]:
    """Examples that one run over a population can answer: same standard, application and dates."""
    found: dict[Key, list[Example]] = {}
    for example in read_examples():
        if "error" not in example.expect:
            found.setdefault((example.standard, example.application, example.law_date, example.facts_as_of), []).append(example)
    return found


GROUPS = together()
# Known defects of the population engine; the strict mark makes the repair show itself.


def parameter(key: Key) -> ParameterSet:
    """One group as a test parameter."""
    name, application, law_date, facts_as_of = key
    return pytest.param(key, id=f"{name} {application} {law_date} {facts_as_of}")


@pytest.mark.parametrize("key", [parameter(key) for key in GROUPS])
def test_population_engine_agrees_with_the_interpreter(key: Key) -> None:
    name, application, law_date, facts_as_of = key
    packs, moment = load_packs(), Moment(law_date, facts_as_of)
    standard = packs.select(name, law_date=law_date, application=application)
    firms = [replace(example.firm, code=f"91420114{number:010}") for number, example in enumerate(GROUPS[key])]
    (result,) = assess_population(population_of(firms), packs, moment, [standard])
    scored = ("low", "high") if standard.scores else ()
    columns = ["统一社会信用代码", "verdict", "value", *scored]
    rows = [(*row[: len(columns)], sorted(row[-1])) for row in result.rows.select([*columns, "missing"]).iter_rows()]
    expected = []
    for firm in firms:
        one = assess(FirmInputs(firm, moment, packs), standard)
        score = (one.score.low, one.score.high) if one.score else ()
        expected.append((firm.code, one.verdict, one.value, *score, sorted(one.missing)))
    assert rows == expected
