"""Standards and amounts as one SQL statement each, for DuckDB, PostgreSQL and Spark: the third engine.

The database gives the answers of leaves, items and criteria; which facts decide an open verdict is solved by the
resolver that the Polars engine uses too, on the rows that stay open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tidu.kernel import sql_nodes as sql
from tidu.kernel.bulk import BulkEngine, BulkResult, Resolver
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.compile_sql import SqlCompiler
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.population import Population
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Compare,
    Constant,
    Flag,
    Judged,
    Named,
    Not,
    OneOf,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    walk,
)
from tidu.kernel.sql_nodes import Dialect
from tidu.kernel.sql_plan import ROW, InputType, Plan, column_names, input_types
from tidu.kernel.sql_tables import CODE, STORED, checked_inputs, drop_table, fetch, stored_table, write_table

INPUTS = "tidu_inputs"
RULES = (Compare, Flag, OneOf, Judged, Constant, All, AnyOf, AtLeast, Not, ScoreAtLeast)


@contextmanager
def _table(connection: Any, inputs: pl.DataFrame | str, stored: pl.DataFrame | None, dialect: Dialect) -> Iterator[str]:
    """The name of the table to read: the given one, or one written for as long as it is needed."""
    if isinstance(inputs, str) or stored is None:
        yield str(inputs)
        return
    write_table(connection, INPUTS, stored, dialect)
    try:
        yield INPUTS
    finally:
        drop_table(connection, INPUTS, dialect)


@dataclass
class SqlEngine:
    """Compiled standards over a table of inputs in a database.

    ``table`` has the columns ``row_no``, ``code`` and one per input, named by ``columns`` (``stored`` makes it of a
    frame). A connection is one of duckdb or psycopg, or a SparkSession.
    """

    packs: PackSet
    standards: Sequence[Standard]
    moment: Moment
    dialect: Dialect = Dialect.DUCKDB
    types: dict[str, InputType] = field(init=False)
    columns: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.dialect = Dialect(self.dialect)
        self.bulk = BulkEngine(self.packs, self.standards, self.moment)
        self.types = input_types(node for standard in self.standards for node in _roots(standard))
        self.columns = column_names(self.types)
        self.plan = Plan(self.dialect, self.columns)
        self.compiler = SqlCompiler(self.plan)
        self.results: dict[str, type[pl.DataType]] = {}
        self._compile()

    def _compile(self) -> None:
        """Leaves once each, then score items, then answers and sums."""
        self.plan.begin("leaves")
        for standard in self.standards:
            for root in (*_questions(standard), *(item.points for item in standard.scores)):
                for node in walk(root):
                    if isinstance(node, Compare | Flag | OneOf | Judged):
                        self.compiler.leaf(node)
        self.plan.begin("items")
        for standard in self.standards:
            for item in standard.scores:
                self.compiler.item(item)
        self.plan.begin("answers")
        for index, standard in enumerate(self.standards):
            self._answers(index, standard)
        self.results |= dict.fromkeys(self.compiler.leaves.values(), pl.Boolean)
        self.results |= {name: pl.Int64 for pair in self.compiler.items.values() for name in pair}

    def _answers(self, index: int, standard: Standard) -> None:
        for number, rule in enumerate(_questions(standard)):
            name = f"answer_{index}_{number}"
            word = standard.classes[number][0] if standard.classes else ""
            self.plan.add(name, self.compiler.answer(rule), f"{standard.name} {standard.version} {word}")
            self.results[name] = pl.Boolean
        if standard.scores:
            self._sums(f"score_{index}", standard.scores, "总分")
            for number, (group, items) in enumerate(standard.groups.items()):
                self._sums(f"group_{index}_{number}", items, group)

    def _sums(self, name: str, items: Sequence[ScoreItem], comment: str) -> None:
        for end, node in zip(("low", "high"), self.compiler.sums(items), strict=True):
            self.plan.add(f"{name}_{end}", node, comment)
            self.results[f"{name}_{end}"] = pl.Int64

    def query(self, table: str = INPUTS) -> str:
        """One statement over a table of inputs: a row per firm with all answers, sums, leaves and items."""
        return self.plan.query(table, (ROW, CODE), self.results)

    def stored(self, inputs: pl.DataFrame) -> pl.DataFrame:
        """A frame of inputs as the table that ``query`` reads; refuses floats and wrong types by column."""
        return stored_table(inputs, self.types, self.columns)

    def answers(self, connection: Any, inputs: pl.DataFrame | str) -> pl.DataFrame:
        """The rows of ``query`` over a frame, or over a table that the database holds already."""
        stored = None if isinstance(inputs, str) else self.stored(inputs)
        schema: dict[str, type[pl.DataType]] = {ROW: pl.Int64, CODE: pl.String, **self.results}
        with _table(connection, inputs, stored, self.dialect) as table:
            return fetch(connection, self.query(table), schema, self.dialect)

    def inputs_of(self, connection: Any, table: str) -> pl.DataFrame:
        """The inputs that a table of the database holds, in the order of its rows."""
        schema: dict[str, type[pl.DataType]] = {ROW: pl.Int64, CODE: pl.String}
        schema |= {self.columns[key]: STORED[kind] for key, kind in self.types.items()}
        statement = sql.query(table, [], [sql.column(name) for name in schema], ROW, self.dialect)
        found = fetch(connection, statement, schema, self.dialect)
        return found.drop(ROW).rename({CODE: FIRM_CODE} | {name: key for key, name in self.columns.items()})

    def run(self, connection: Any, inputs: pl.DataFrame | str, population: Population) -> list[BulkResult]:
        """Every standard over a frame of inputs or a table; ``population`` is only asked for names of open event fields."""
        answered = self.answers(connection, inputs)
        frame = self.inputs_of(connection, inputs) if isinstance(inputs, str) else inputs
        known = frame.select(FIRM_CODE).hstack(checked_inputs(frame, self.types).get_columns())
        renamed = {
            f"answer_{index}_{number}": f"答{index}.{number}"
            for index, standard in enumerate(self.standards)
            for number in range(len(_questions(standard)))
        }
        whole = pl.concat([known, answered.drop(ROW, CODE).rename(renamed)], how="horizontal")
        names = self._names()
        return [Resolver(self.bulk, standard, index, whole, names, population).result() for index, standard in enumerate(self.standards)]

    def _names(self) -> Compiler:
        """What the resolver asks a compiler for: the columns of leaves and items."""
        return Compiler(
            leaves={identity: (name, pl.col(name)) for identity, name in self.compiler.leaves.items()},
            items={key: (low, pl.col(low), high, pl.col(high)) for key, (low, high) in self.compiler.items.items()},
        )


def _questions(standard: Standard) -> list[Rule]:
    return [rule for _, rule in standard.classes] if standard.classes else [standard.requires]


def _roots(standard: Standard) -> list[Rule | Amount]:
    return [*_questions(standard), *standard.prerequisites, *(item.points for item in standard.scores)]


def _is_rule(node: Rule | Amount) -> bool:
    return _is_rule(node.node) if isinstance(node, Named) else isinstance(node, RULES)


@dataclass
class SqlAmounts:
    """Named amounts (fen, rounded once each) and answers over a table of inputs: what awards and calculations compute.

    An output may read the outputs before it by their names.
    """

    outputs: Mapping[str, Amount | Rule]
    dialect: Dialect = Dialect.DUCKDB

    def __post_init__(self) -> None:
        self.dialect = Dialect(self.dialect)
        kinds = input_types(self.outputs.values())
        self.types = {key: kind for key, kind in kinds.items() if key not in self.outputs}
        self.columns = column_names(self.types)
        computed = {name: f"output_{number}" for number, name in enumerate(self.outputs)}
        self.plan = Plan(self.dialect, {**self.columns, **computed})
        self.plan.begin("outputs")
        compiler = SqlCompiler(self.plan)
        self.results: dict[str, type[pl.DataType]] = {}
        for name, node in self.outputs.items():
            rule = _is_rule(node)
            self.plan.add(computed[name], compiler.answer(node) if rule else compiler.amount(node), name)
            self.results[computed[name]] = pl.Boolean if rule else pl.Int64

    def query(self, table: str = INPUTS) -> str:
        """One statement over a table with ``row_no`` and the inputs under the names of ``columns``."""
        return self.plan.query(table, (ROW,), self.results)

    def run(self, connection: Any, inputs: pl.DataFrame | str) -> pl.DataFrame:
        """A column per output, a row per row of ``inputs``, in their order."""
        stored = None if isinstance(inputs, str) else stored_table(inputs, self.types, self.columns)
        schema: dict[str, type[pl.DataType]] = {ROW: pl.Int64, **self.results}
        with _table(connection, inputs, stored, self.dialect) as table:
            found = fetch(connection, self.query(table), schema, self.dialect)
        return found.drop(ROW).rename(dict(zip(self.results, self.outputs, strict=True)))
