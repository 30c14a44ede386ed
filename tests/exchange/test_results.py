"""Documents of a whole population are those of the interpreter, firm by firm."""

from __future__ import annotations

from datetime import date

import pytest

import tidu.exchange.results as results
from tidu.demo import make_district
from tidu.exchange.results import Assessing, result_of, standards_named
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess
from tidu.kernel.population import population_of
from tidu.kernel.reading import load_packs


@pytest.mark.parametrize("application", ["new", "review"])
@pytest.mark.parametrize("year", [2024, 2026])
def test_document_of_a_district_is_what_the_interpreter_says_of_each_firm(year: int, application: str) -> None:
    packs, moment = load_packs(), Moment(date(year, 6, 1), date(year, 6, 1))
    population = make_district(60, (year - 3, year - 2, year - 1), seed=year)
    standards = standards_named(packs, None, moment, application)

    document = Assessing(population, packs, moment, standards, application).document()

    expected = []
    for firm in population.each_firm():
        inputs = FirmInputs(firm, moment, packs)
        expected += [result_of(assess(inputs, standard), firm.name) for standard in standards]
    assert document["results"] == expected
    assert sum(len(result["unmet"]) for result in expected) > 500


def test_batches_are_cut_without_changing_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    packs, moment = load_packs(), Moment(date(2024, 6, 1), date(2024, 6, 1))
    assessing = Assessing(make_district(25), packs, moment, standards_named(packs, ["创新型中小企业", "中小企业划型"], moment, "new"))
    whole = assessing.document()["results"]
    steps: list[tuple[int, int]] = []

    monkeypatch.setattr(results, "BATCH", 10)
    batches = list(assessing.batches(lambda done, of: steps.append((done, of))))

    assert [result for batch in batches for result in batch] == whole
    assert [len(batch) for batch in batches] == [20, 20, 10]
    assert steps == [(1, 4), (2, 4), (35, 50), (45, 50), (50, 50)]


def test_no_firms_have_no_results() -> None:
    packs, moment = load_packs(), Moment(date(2024, 6, 1), date(2024, 6, 1))

    assert Assessing(population_of([]), packs, moment, standards_named(packs, None, moment, "new")).document()["results"] == []


def test_a_standard_named_twice_is_assessed_once() -> None:
    packs, moment = load_packs(), Moment(date(2024, 6, 1), date(2024, 6, 1))

    found = standards_named(packs, ["高新技术企业", "创新型中小企业", "高新技术企业"], moment, "new")

    assert [standard.name for standard in found] == ["高新技术企业", "创新型中小企业"]
