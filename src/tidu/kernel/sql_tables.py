"""Tables of inputs in a database: checked, written and read back. No float ever enters, and no driver is imported here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.frames import without_floats
from tidu.kernel.quantities import LARGEST_STORED
from tidu.kernel.sql_nodes import Dialect
from tidu.kernel.sql_plan import ROW, InputType

STORED: Mapping[InputType, type[pl.DataType]] = {
    InputType.INTEGER: pl.Int64,
    InputType.BOOLEAN: pl.Boolean,
    InputType.TEXT: pl.String,
}
CODE = "code"
"""Column of an input table that holds 统一社会信用代码, where the rows are firms."""


def checked_inputs(inputs: pl.DataFrame, types: Mapping[str, InputType]) -> pl.DataFrame:
    """The columns that rules read, in the types they read; raises an error that names the column otherwise."""
    for name in types:
        if name not in inputs.columns:
            raise TiduError("missing-column", f"输入表缺少“{name}”一列。请补上这一列，未知的值留空。", name=name)
    found = without_floats(inputs.select(list(types))).select(_as(inputs, name, kind) for name, kind in types.items())
    integers = [name for name, kind in types.items() if kind is InputType.INTEGER]
    largest = found.select(pl.max_horizontal(pl.col(name).min().abs(), pl.col(name).max().abs()).alias(name) for name in integers)
    for name in integers:
        value = largest[name].item() if found.height else None
        if value is not None and value > LARGEST_STORED:
            raise TiduError(
                "too-large", f"“{name}”中有 {value}，超出可接受的范围（{LARGEST_STORED}）。请核对单位。", name=name, value=value
            )
    return found


def _as(inputs: pl.DataFrame, name: str, kind: InputType) -> pl.Expr:
    own = inputs.schema[name]
    fits = {
        InputType.INTEGER: own.is_integer(),
        InputType.BOOLEAN: own == pl.Boolean,
        InputType.TEXT: own == pl.String,
    }[kind]
    if not fits and inputs[name].null_count() < inputs.height:
        raise TiduError("wrong-column-type", f"输入表的“{name}”应为 {kind}，实际是 {own}。请换成目录规定的类型。", name=name, type=str(own))
    return pl.col(name).cast(STORED[kind]) if fits else pl.lit(None, STORED[kind]).alias(name)


def stored_table(inputs: pl.DataFrame, types: Mapping[str, InputType], names: Mapping[str, str]) -> pl.DataFrame:
    """Inputs under the names of their columns, numbered, with the firm's code where there is one."""
    code = pl.col(FIRM_CODE).cast(pl.String) if FIRM_CODE in inputs.columns else pl.lit(None, pl.String)
    rows = inputs.select(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW), code.alias(CODE))
    return rows.hstack(checked_inputs(inputs, types).rename(dict(names)).get_columns())


def write_table(connection: Any, table: str, stored: pl.DataFrame, dialect: Dialect) -> None:
    """Write a table of inputs for this connection only, replacing one of the same name."""
    match dialect:
        case Dialect.DUCKDB:
            connection.register(table, stored.to_arrow())
        case Dialect.SPARK:
            connection.createDataFrame(stored.to_arrow(compat_level=pl.CompatLevel.oldest())).createOrReplaceTempView(table)
        case Dialect.POSTGRES:
            _copy_in(connection, table, stored)


def drop_table(connection: Any, table: str, dialect: Dialect) -> None:
    """Remove what ``write_table`` wrote."""
    match dialect:
        case Dialect.DUCKDB:
            connection.unregister(table)
        case Dialect.SPARK:
            connection.catalog.dropTempView(table)
        case Dialect.POSTGRES:
            connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")


def quoted(name: str) -> str:
    """An identifier of PostgreSQL."""
    return '"' + name.replace('"', '""') + '"'


def _copy_in(connection: Any, table: str, stored: pl.DataFrame) -> None:
    kinds = {pl.Int64: "bigint", pl.Boolean: "boolean", pl.String: "text"}
    columns = ", ".join(f"{quoted(name)} {kinds[kind.base_type()]}" for name, kind in stored.schema.items())
    connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}")
    connection.execute(f"CREATE TEMPORARY TABLE {quoted(table)} ({columns})")
    with connection.cursor() as cursor, cursor.copy(f"COPY {quoted(table)} FROM STDIN (FORMAT csv)") as copy:
        # texts in quotation marks and NULL as nothing at all, so that an empty text stays one
        copy.write(stored.write_csv(include_header=False, quote_style="non_numeric").encode())
    connection.execute(f"ANALYZE {quoted(table)}")


def fetch(connection: Any, statement: str, schema: Mapping[str, type[pl.DataType]], dialect: Dialect) -> pl.DataFrame:
    """The rows of a query as a frame of the given columns."""
    match dialect:
        case Dialect.DUCKDB:
            found = pl.from_arrow(connection.sql(statement).to_arrow_table())
        case Dialect.SPARK:
            found = pl.from_arrow(connection.sql(statement).toArrow())
        case Dialect.POSTGRES:
            return _copy_out(connection, statement, schema)
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - for the type checker: a table has columns
    return found.with_columns(pl.col(name).cast(kind) for name, kind in schema.items())


def _copy_out(connection: Any, statement: str, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """By COPY, which is many times faster than rows of Python values."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as copy:
        content = b"".join(copy)
    texts = {name: pl.String if kind == pl.Boolean else kind for name, kind in schema.items()}
    if not content:
        return pl.DataFrame(schema=dict(schema))
    found = pl.read_csv(content, has_header=False, schema=texts)
    return found.with_columns((pl.col(name) == "t").alias(name) for name, kind in schema.items() if kind == pl.Boolean)
