"""Three engines, one meaning: the interpreter, Polars and SQL on DuckDB and PostgreSQL over every standard of every pack.

Firms are drawn from a seed: a fifth of their facts is missing, with zeros, negatives and ends of domains among the rest;
three firms stand on, one stored unit below and one above the bound of every comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import polars as pl
import psycopg
import pytest

from tests.kernel.engine_rows import said_by_engine, said_by_interpreter
from tests.kernel.generated_firms import FirmMaker, comparisons_of
from tests.kernel.test_award_engines import AWARDS, book, expected, outputs_of, table_of
from tidu.kernel.bulk import BulkEngine
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.population import Firm, Population, population_of
from tidu.kernel.reading import load_packs
from tidu.kernel.sql import Dialect, SqlAmounts, SqlEngine
from tidu.kernel.truth import answer

MOMENTS = (Moment(date(2026, 6, 1), date(2026, 6, 1)), Moment(date(2024, 2, 29), date(2024, 2, 29)))
RANDOM_FIRMS = 150
CASES = 10_000


@dataclass
class Cases:
    """Firms at one moment, and what the interpreter says of them under every standard."""

    moment: Moment
    firms: Sequence[Firm]

    @property
    def packs(self) -> PackSet:
        return load_packs()

    @property
    def standards(self) -> Sequence[Standard]:
        return self.packs.standards

    @cached_property
    def population(self) -> Population:
        return population_of(self.firms)

    @cached_property
    def frame(self) -> pl.DataFrame:
        return BulkEngine(self.packs, self.standards, self.moment).frame(self.population)

    @cached_property
    def expected(self) -> list[list[dict[str, Any]]]:
        found: list[list[dict[str, Any]]] = []
        for firm in self.firms:
            inputs = FirmInputs(firm, self.moment, self.packs)
            found.append([said_by_interpreter(assess(inputs, standard)) for standard in self.standards])
        return found

    def differences(self, said: list[list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
        """Where an engine says something else: firm, standard, what it says and what is right."""
        return [
            (self.firms[firm].code, standard.name, standard.version, found, right)
            for firm, (row, wanted) in enumerate(zip(said, self.expected, strict=True))
            for standard, found, right in zip(self.standards, row, wanted, strict=True)
            if found != right
        ]


def made(moment: Moment, seed: int) -> Cases:
    packs = load_packs()
    industries = [*packs.mappings["划型行业"][1], "9999", "C", "Z"]
    maker = FirmMaker(packs.standards, moment, seed, industries)
    return Cases(moment, [*maker.bound_firms(), *(maker.random_firm() for _ in range(RANDOM_FIRMS))])


@pytest.fixture(scope="module")
def cases() -> list[Cases]:
    return [made(moment, seed) for seed, moment in enumerate(MOMENTS, 1)]


def test_cases_are_many_and_varied(cases: list[Cases]) -> None:
    assert sum(len(found.firms) * len(found.standards) for found in cases) >= CASES
    verdicts = Counter(said["verdict"] for found in cases for row in found.expected for said in row)
    assert min(verdicts[word] for word in ("met", "unmet", "unknown", "manual")) > 500
    for found in cases:
        facts = found.population.firms.select(pl.exclude("统一社会信用代码", "企业名称", "Ⅱ类知识产权数（科技型口径）"))
        nulls = sum(facts.null_count().row(0)) / (facts.height * facts.width)
        assert 0.15 < nulls < 0.25
        money = found.population.years["净利润"]
        assert (money < 0).any()
        assert (money == 0).any()


def test_every_bound_is_met_exactly_and_missed_by_one(cases: list[Cases]) -> None:
    for found in cases:
        rows = found.frame.to_dicts()
        for node in comparisons_of(found.standards):
            values = {node.form.at(row) for row in rows if all(row[key] is not None for key in node.form.keys)}
            assert any(value >= 0 for value in values), node.left.text
            assert any(value < 0 for value in values), node.left.text
            # a strict bound is stored as "at least one more"
            assert values & {0, -1}, f"{node.left.text} {node.op} {node.right.text}"


def test_polars_says_what_the_interpreter_says(cases: list[Cases]) -> None:
    for found in cases:
        said = said_by_engine(BulkEngine(found.packs, found.standards, found.moment).run(found.population))
        assert found.differences(said) == []


def test_duckdb_says_what_the_interpreter_says(cases: list[Cases]) -> None:
    with duckdb.connect() as connection:
        for found in cases:
            engine = SqlEngine(found.packs, found.standards, found.moment, Dialect.DUCKDB)
            said = said_by_engine(engine.run(connection, found.frame, found.population))
            assert found.differences(said) == []


def test_postgresql_says_what_the_interpreter_says(cases: list[Cases], postgres_dsn: str) -> None:
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        for found in cases:
            engine = SqlEngine(found.packs, found.standards, found.moment, Dialect.POSTGRES)
            said = said_by_engine(engine.run(connection, found.frame, found.population))
            assert found.differences(said) == []


@pytest.mark.parametrize("dialect", [Dialect.DUCKDB, Dialect.POSTGRES])
def test_databases_answer_by_kleene_logic_and_add_up_points(cases: list[Cases], postgres_dsn: str, dialect: Dialect) -> None:
    found = cases[0]
    engine = SqlEngine(found.packs, found.standards, found.moment, dialect)
    with duckdb.connect() if dialect is Dialect.DUCKDB else psycopg.connect(postgres_dsn, autocommit=True) as connection:
        answers = engine.answers(connection, found.frame)
    inputs = found.frame.to_dicts()

    assert answers["code"].to_list() == [firm.code for firm in found.firms]
    for index, standard in enumerate(found.standards):
        for number, rule in enumerate([rule for _, rule in standard.classes] or [standard.requires]):
            assert answers[f"answer_{index}_{number}"].to_list() == [answer(rule, row) for row in inputs]
        rows = [row[index] for row in found.expected]
        sums = {"score_low": "low", "score_high": "high"} if standard.scores else {}
        for place, group in enumerate(standard.groups):
            sums |= {f"group_{place}_low": f"组低:{group}", f"group_{place}_high": f"组高:{group}"}
        for name, title in sums.items():
            kind, _, rest = name.partition("_")
            assert answers[f"{kind}_{index}_{rest}"].to_list() == [row[title] for row in rows]


@pytest.mark.parametrize("name", AWARDS)
def test_postgresql_computes_awards_as_the_interpreter_does(name: str, postgres_dsn: str) -> None:
    award = next(found for found in book().awards if found.id == name)
    outputs = outputs_of(award)
    frame, rows = table_of(award, 100 + int(name[1:]))
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        found = SqlAmounts(outputs, Dialect.POSTGRES).run(connection, frame)

    assert {title: found[title].to_list() for title in outputs} == {
        title: [expected(node, row) for row in rows] for title, node in outputs.items()
    }
