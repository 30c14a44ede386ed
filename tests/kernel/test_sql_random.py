"""Random standards and amounts over random firms: the interpreter, Polars, DuckDB and PostgreSQL say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import psycopg
import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from tests.kernel.engine_rows import said_by_engine, said_by_interpreter
from tests.kernel.rule_strategies import MOMENT, amounts, firms_of, frame_of, no_population, packs_of, rows, shown, standards
from tidu.kernel.bulk import BulkEngine
from tidu.kernel.compile_amounts import AmountCompiler
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.inputs import FirmInputs
from tidu.kernel.interpret import assess
from tidu.kernel.magnitudes import LARGEST_DECIMAL, LARGEST_WORD, rounding_reach
from tidu.kernel.packs import Standard
from tidu.kernel.quantities import round_half_up
from tidu.kernel.rules import Amount
from tidu.kernel.sql import Dialect, SqlAmounts, SqlEngine
from tidu.kernel.truth import amount


@pytest.fixture(scope="module")
def connections(postgres_dsn: str) -> Iterator[dict[Dialect, Any]]:
    with duckdb.connect() as duck, psycopg.connect(postgres_dsn, autocommit=True) as postgres:
        yield {Dialect.DUCKDB: duck, Dialect.POSTGRES: postgres}


@given(standard=standards(), listed=rows())
@settings(max_examples=150)
def test_random_standards_get_one_answer(connections: dict[Dialect, Any], standard: Standard, listed: list[dict[str, Any]]) -> None:
    note(shown(standard.requires))
    packs, frame, population = packs_of(standard), frame_of(listed), no_population()
    expected = [[said_by_interpreter(assess(FirmInputs(firm, MOMENT, packs), standard))] for firm in firms_of(listed)]

    assert said_by_engine(BulkEngine(packs, [standard], MOMENT).assess(frame, population)) == expected
    for dialect, connection in connections.items():
        assert said_by_engine(SqlEngine(packs, [standard], MOMENT, dialect).run(connection, frame, population)) == expected


@given(nodes=st.lists(amounts, min_size=1, max_size=3), listed=rows())
@settings(max_examples=150)
def test_random_amounts_are_equal_to_the_fen(connections: dict[Dialect, Any], nodes: list[Amount], listed: list[dict[str, Any]]) -> None:
    note(str([shown(node) for node in nodes]))
    assume(all(rounding_reach(node) < LARGEST_DECIMAL for node in nodes))
    outputs = {f"金额{index}": node for index, node in enumerate(nodes)}
    exact = [{name: amount(node, row) for name, node in outputs.items()} for row in listed]
    expected = [{name: None if value is None else round_half_up(value) for name, value in row.items()} for row in exact]
    assume(all(value is None or abs(value) <= LARGEST_WORD for row in expected for value in row.values()))
    frame = frame_of(listed)

    polars = AmountCompiler(Compiler())
    assert (
        frame.with_columns(**{name: polars.amount(node)[0].of for name, node in outputs.items()}).select(list(outputs)).to_dicts()
        == expected
    )
    for dialect, connection in connections.items():
        assert SqlAmounts(outputs, dialect).run(connection, frame).to_dicts() == expected
