"""The rule set that ships, over the fictional district: all firms at once, one at a time, and the reading of the packs.

``python -m benchmarks.tidu_rules district|standards|settlement|one-standard|all-standards|packs``; the district is made outside
the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from benchmarks.paced import Contender, command_line, measure
from tidu.demo import make_district
from tidu.kernel.bulk import BulkEngine, BulkResult
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess, assess_firm
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Firm, Population
from tidu.kernel.reading import read_packs
from tidu.kernel.settle import Settlement, settle

DAY = date(2024, 6, 1)
MOMENT = Moment(DAY, DAY)
EXPLAINED = "专精特新中小企业"
ONE_BY_ONE = 100
"""Firms that go through one at a time in one repetition."""
WARM_UP = 1000
"""Firms of another district that go through first, so that libraries are loaded and threads run."""


def prepared(firms: int) -> tuple[PackSet, Population]:
    """The packs and the district, after another, smaller district went through both bulk paths."""
    packs = read_packs([])
    first = make_district(WARM_UP, seed=1)
    verdicts(first, packs)
    awards(first, packs)
    return packs, make_district(firms)


def verdicts(population: Population, packs: PackSet) -> list[BulkResult]:
    """Verdicts, score intervals, missing and manual sets of every standard in force, for every firm."""
    return BulkEngine(packs, packs.in_force(law_date=DAY), MOMENT).run(population)


def awards(population: Population | list[Firm], packs: PackSet) -> Settlement:
    """Every award in force, settled with caps, stacking and rulings, each amount with its reasons."""
    return settle(population, packs, law_date=DAY, as_of=DAY)


def district(firms: int) -> Contender:
    """Both: the whole rule set."""
    packs, population = prepared(firms)
    return Contender(
        "Tidu, all standards and awards over a district",
        lambda: (verdicts(population, packs), awards(population, packs)),
        note=standards_in(packs),
        rows=firms,
    )


def standards(firms: int) -> Contender:
    packs, population = prepared(firms)
    return Contender("Tidu, all standards over a district", lambda: verdicts(population, packs), note=standards_in(packs), rows=firms)


def settlement(firms: int) -> Contender:
    packs, population = prepared(firms)
    return Contender("Tidu, all awards over a district", lambda: awards(population, packs), note="with reasons", rows=firms)


def standards_in(packs: PackSet) -> str:
    return f"{len(packs.in_force(law_date=DAY))} standards, polars {pl.__version__}"


def one_standard(firms: int) -> Contender:
    """One firm after the other against one standard, with the full trace."""
    packs = read_packs([])
    standard = packs.select(EXPLAINED, law_date=DAY)
    listed = make_district(firms).each_firm()
    return Contender(
        "Tidu, one standard explained",
        lambda: [assess(FirmInputs(firm, MOMENT, packs), standard, with_trace=True) for firm in listed],
        note=f"{standard.name} {standard.version}, every leaf traced",
        rows=firms,
    )


def all_standards(firms: int) -> Contender:
    """One firm after the other against every standard, and its awards settled."""
    packs = read_packs([])
    listed = make_district(firms).each_firm()

    def run() -> list[Any]:
        return [(assess_firm(firm, packs, MOMENT), awards([firm], packs)) for firm in listed]

    return Contender("Tidu, all standards and awards of one firm", run, note=standards_in(packs), rows=firms)


def packs_read(_firms: int) -> Contender:
    """Reading and compiling every pack that ships; the first run of a fresh process is the figure."""
    return Contender("Tidu, all packs", lambda: read_packs([]), note="read, checked and compiled", rows=1)


PARTS: dict[str, tuple[Callable[[int], Contender], int]] = {
    "district": (district, 100_000),
    "standards": (standards, 100_000),
    "settlement": (settlement, 100_000),
    "one-standard": (one_standard, ONE_BY_ONE),
    "all-standards": (all_standards, ONE_BY_ONE),
    "packs": (packs_read, 1),
}


def main() -> None:
    parser = command_line()
    parser.add_argument("part", choices=list(PARTS))
    parser.add_argument("--firms", type=int)
    wanted = parser.parse_args()
    make, usual = PARTS[wanted.part]
    contender = make(usual if wanted.firms is None else wanted.firms)
    measure(contender, rows=contender.rows or 0, reference=None, repetitions=wanted.repetitions, paced=wanted.paced)


if __name__ == "__main__":
    main()
