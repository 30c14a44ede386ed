"""SQL nodes: arguments are checked, operands are put in parentheses, and no text leaves its quotes."""

from __future__ import annotations

import duckdb
import pytest
from sqlglot import exp

from tidu.kernel import sql_nodes as sql
from tidu.kernel.sql_nodes import Dialect

A, B = sql.column("甲"), sql.column("乙")


def text_of(node: sql.Node, dialect: Dialect = Dialect.DUCKDB) -> str:
    return node.sql(dialect=dialect.value)


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(TypeError, match="Case: unknown arguments \\['otherwise'\\]"):
        sql.build(exp.Case, ifs=[], otherwise=sql.null())


def test_a_missing_argument_is_refused() -> None:
    with pytest.raises(TypeError, match="GTE: unknown arguments \\[\\], missing arguments \\['expression'\\]"):
        sql.build(exp.GTE, this=A)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (sql.all_of([A, sql.any_of([A, B])]), '"甲" AND ("甲" OR "乙")'),
        (sql.any_of([sql.all_of([A, B]), sql.negated(B)]), '("甲" AND "乙") OR NOT "乙"'),
        (sql.negated(sql.all_of([A, B])), 'NOT ("甲" AND "乙")'),
        (sql.all_of([]), "TRUE"),
        (sql.any_of([]), "FALSE"),
        (sql.above(sql.added([A, sql.times([sql.integer(3), B])], [sql.integer(5)]), -7), '"甲" + 3 * "乙" - 5 >= -7'),
        (sql.added([A, sql.integer(-5)], [B]), '"甲" - "乙" - 5'),
        (sql.added([], [A]), '0 - "甲"'),
        (sql.times([sql.integer(2), sql.added([A, B])]), '2 * ("甲" + "乙")'),
        (sql.times([sql.integer(-2), A]), '(-2) * "甲"'),
        (sql.is_missing(sql.above(A, 1)), '("甲" >= 1) IS NULL'),
        (sql.member(A, ["it's", "二"]), "\"甲\" IN ('it''s', '二')"),
        (sql.greatest([A, B]), 'GREATEST("甲", "乙")'),
        (sql.least([A]), '"甲"'),
        (sql.column('a"b'), '"a""b"'),
    ],
)
def test_nodes_read_as_they_are_meant(node: sql.Node, expected: str) -> None:
    assert text_of(node) == expected


@pytest.mark.parametrize("dialect", list(Dialect))
def test_extremes_skip_nulls_by_the_same_words_everywhere(dialect: Dialect) -> None:
    assert text_of(sql.least([A, B]), dialect).startswith("LEAST(")


@pytest.mark.parametrize(("top", "bottom", "expected"), [(7, 2, 3), (-7, 2, -3), (0, 5, 0), (10**30, 3, 10**30 // 3)])
def test_quotients_are_whole(top: int, bottom: int, expected: int) -> None:
    node = sql.quotient(sql.wide(sql.integer(top), Dialect.DUCKDB), sql.integer(bottom), Dialect.DUCKDB)

    assert duckdb.sql(f"SELECT {text_of(node)}").fetchall() == [(expected,)]


def test_a_quotient_by_zero_is_null() -> None:
    zero = sql.cast(sql.integer(0), "BIGINT")

    assert duckdb.sql(f"SELECT {text_of(sql.quotient(sql.integer(1), zero, Dialect.DUCKDB))}").fetchall() == [(None,)]


def test_a_comment_cannot_end_itself() -> None:
    assert text_of(sql.alias(A, "a", "x */ y /* z\n-- w")) == '"甲" AS "a" /* x * / y / * z -- w */'


def test_columns_of_a_node_are_named() -> None:
    assert sql.names_in(sql.all_of([A, sql.above(sql.added([B, A]), 3)])) == {"甲", "乙"}
