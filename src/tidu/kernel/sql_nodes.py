"""The only place where SQL nodes are built: sqlglot ignores argument names it does not know, so each is checked here.

The three dialects differ only in what stands in ``Dialect``. Operands are put in parentheses where SQL needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from sqlglot import exp
from sqlglot.expressions import Expression as Node

__all__ = [
    "Dialect", "Node", "above", "absolute", "added", "alias", "all_of", "any_of", "at_most", "below", "boolean", "build", "case", "cast", "column", "comment_text", "decided",
    "filled", "greatest", "integer", "is_literal", "is_missing", "is_plain", "is_present", "is_zero", "least", "member", "names_in", "negated", "null", "query", "quotient", "text",
    "times", "wide",
]  # fmt: skip

Kind = TypeVar("Kind", bound=Node)


class Dialect(StrEnum):
    """The databases that SQL is written for."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


_WIDE = {Dialect.DUCKDB: "INT128", Dialect.POSTGRES: "DECIMAL", Dialect.SPARK: "DECIMAL(38, 0)"}
"""Exact integers beyond 64 bits."""


def build(kind: type[Kind], **arguments: object) -> Kind:
    """A node of ``kind``; raises TypeError for an argument it does not have or one it lacks."""
    unknown = sorted(set(arguments) - set(kind.arg_types))
    lacking = sorted(name for name, required in kind.arg_types.items() if required and arguments.get(name) is None)
    if unknown or lacking:
        raise TypeError(f"{kind.__name__}: unknown arguments {unknown}, missing arguments {lacking}")
    return kind(**arguments)


def _operand(node: Node) -> Node:
    """A node as an operand: compound ones in parentheses."""
    return build(exp.Paren, this=node) if isinstance(node, exp.Binary | exp.Unary | exp.In) and not isinstance(node, exp.Paren) else node


def column(name: str) -> Node:
    """A quoted column."""
    return build(exp.Column, this=build(exp.Identifier, this=name, quoted=True))


def integer(value: int) -> Node:
    """An integer literal."""
    literal = build(exp.Literal, this=str(abs(value)), is_string=False)
    return build(exp.Neg, this=literal) if value < 0 else literal


def text(value: str) -> Node:
    """A text literal."""
    return build(exp.Literal, this=value, is_string=True)


def boolean(value: bool) -> Node:
    """TRUE or FALSE."""
    return build(exp.Boolean, this=value)


def null() -> Node:
    """NULL."""
    return build(exp.Null)


def _chain(kind: type[exp.And | exp.Or], parts: Sequence[Node], loose: type[Node] | tuple[type[Node], ...]) -> Node:
    """``a op b op c``; parts of a kind in ``loose`` go into parentheses."""
    found, *rest = (build(exp.Paren, this=part) if isinstance(part, loose) else part for part in parts)
    for part in rest:
        found = build(kind, this=found, expression=part)
    return found


def all_of(parts: Sequence[Node]) -> Node:
    """Kleene AND, which SQL's own AND is; TRUE without parts."""
    return _chain(exp.And, parts, (exp.Or,)) if parts else boolean(True)


def any_of(parts: Sequence[Node]) -> Node:
    """Kleene OR, which SQL's own OR is; FALSE without parts."""
    return _chain(exp.Or, parts, (exp.And,)) if parts else boolean(False)


def negated(part: Node) -> Node:
    """Kleene NOT."""
    return build(exp.Not, this=_operand(part))


def above(left: Node, bound: int) -> Node:
    """``left >= bound``."""
    return build(exp.GTE, this=_compared(left), expression=integer(bound))


def at_most(left: Node, bound: int) -> Node:
    """``left <= bound``."""
    return build(exp.LTE, this=_compared(left), expression=integer(bound))


def below(left: Node, bound: int) -> Node:
    """``left < bound``."""
    return build(exp.LT, this=_compared(left), expression=integer(bound))


def _compared(node: Node) -> Node:
    arithmetic = exp.Add | exp.Sub | exp.Mul | exp.Mod | exp.Neg
    return node if isinstance(node, arithmetic) else _operand(node)


def is_missing(node: Node) -> Node:
    """``node IS NULL``."""
    return build(exp.Is, this=_operand(node), expression=null())


def is_present(node: Node) -> Node:
    """``NOT node IS NULL``."""
    return build(exp.Not, this=is_missing(node))


def added(parts: Sequence[Node], taken: Sequence[Node] = ()) -> Node:
    """The sum of integers, less those ``taken`` off; 0 without parts. Negative literals are taken off, since ``--`` begins a comment."""
    plus = [part for part in parts if not isinstance(part, exp.Neg)]
    less = [*taken, *(part.this for part in parts if isinstance(part, exp.Neg))]
    found, *rest = (_summand(part) for part in plus) if plus else (integer(0),)
    for part in rest:
        found = build(exp.Add, this=found, expression=part)
    for part in less:
        found = build(exp.Sub, this=found, expression=_summand(part))
    return found


def _summand(node: Node) -> Node:
    return node if isinstance(node, exp.Mul) else _operand(node)


def times(parts: Sequence[Node]) -> Node:
    """The product of integers."""
    found, *rest = (_operand(part) for part in parts)
    for part in rest:
        found = build(exp.Mul, this=found, expression=part)
    return found


def cast(node: Node, type_name: str) -> Node:
    """``CAST(node AS type)``."""
    return build(exp.Cast, this=node, to=exp.DataType.build(type_name))


def wide(node: Node, dialect: Dialect) -> Node:
    """An integer in the exact type beyond 64 bits."""
    return cast(node, _WIDE[dialect])


def quotient(top: Node, bottom: Node, dialect: Dialect) -> Node:
    """The quotient of wide integers without its remainder (towards zero); NULL where the divisor is 0."""
    if not isinstance(bottom, exp.Literal):
        bottom = build(exp.Nullif, this=bottom, expression=integer(0))
    if dialect is not Dialect.SPARK:
        return build(exp.IntDiv, this=_operand(top), expression=_operand(bottom))
    # Spark's DIV answers in 64 bits and its / rounds, so that the remainder is taken off first
    left, right = top if isinstance(top, exp.Cast) else wide(top, dialect), _operand(bottom)
    even = build(exp.Sub, this=left, expression=build(exp.Mod, this=left.copy(), expression=right))
    return wide(build(exp.Div, this=_operand(even), expression=right.copy()), dialect)


def case(pairs: Sequence[tuple[Node, Node]], otherwise: Node | None = None) -> Node:
    """``CASE WHEN … THEN … ELSE … END``; NULL where nothing holds and there is no else."""
    branches = [build(exp.If, this=condition, true=value) for condition, value in pairs]
    return build(exp.Case, ifs=branches, default=otherwise)


def guarded(undefined: Node, found: Node) -> Node:
    """NULL where ``undefined`` holds, else ``found``."""
    branch = build(exp.If, this=undefined, true=null())
    if isinstance(found, exp.Case):
        return build(exp.Case, ifs=[branch, *found.args["ifs"]], default=found.args.get("default"))
    return build(exp.Case, ifs=[branch], default=found)


def filled(node: Node, value: Node) -> Node:
    """``COALESCE(node, value)``."""
    return build(exp.Coalesce, this=node, expressions=[value])


def decided(node: Node) -> Node:
    """TRUE where an answer is not no."""
    return filled(node, boolean(True))


def least(parts: Sequence[Node]) -> Node:
    """The least of the parts that are not NULL, as LEAST reads on all three databases."""
    return _extreme(exp.Least, parts)


def greatest(parts: Sequence[Node]) -> Node:
    """The greatest of the parts that are not NULL, as GREATEST reads on all three databases."""
    return _extreme(exp.Greatest, parts)


def _extreme(kind: type[Node], parts: Sequence[Node]) -> Node:
    # without ignore_nulls sqlglot guards against NULL for DuckDB only, so that the dialects would differ
    first, *rest = parts
    return build(kind, this=first, expressions=rest, ignore_nulls=True) if rest else first


def member(node: Node, words: Sequence[str]) -> Node:
    """``node IN ('甲', '乙')``; NULL where the input is."""
    if len(words) == 1:
        return build(exp.EQ, this=node, expression=text(words[0]))
    return build(exp.In, this=node, expressions=[text(word) for word in words])


def alias(node: Node, name: str, comment: str = "") -> Node:
    """``node AS "name"``, with a comment behind it."""
    found = build(exp.Alias, this=node, alias=build(exp.Identifier, this=name, quoted=True))
    if comment:
        found.add_comments([comment_text(comment)])
    return found


def comment_text(words: str) -> str:
    """Words on one line that cannot end the comment they stand in."""
    return " ".join(words.replace("*/", "* /").replace("/*", "/ *").split())


def is_plain(node: Node) -> bool:
    """Whether repeating a node costs nothing: a column or a literal."""
    plain = isinstance(node, exp.Column | exp.Literal | exp.Boolean | exp.Null)
    return plain or (isinstance(node, exp.Neg | exp.Not | exp.Cast) and is_plain(node.this))


def is_literal(node: Node) -> bool:
    """Whether a node is a number that stands in the text, and so is never NULL."""
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Neg | exp.Cast) and is_literal(node.this))


def absolute(node: Node) -> Node:
    """``ABS(node)``."""
    return build(exp.Abs, this=node)


def is_zero(node: Node) -> bool:
    """Whether a node is the literal 0."""
    return isinstance(node, exp.Literal) and node.name == "0"


def names_in(node: Node) -> set[str]:
    """Columns that a node reads."""
    return {found.name for found in node.find_all(exp.Column)}


def query(
    table: str,
    steps: Sequence[tuple[str, Sequence[Node]]],
    columns: Sequence[Node],
    order: str,
    dialect: Dialect,
    legend: Sequence[str] = (),
) -> str:
    """One statement: each step is a CTE that adds columns to all of the one before; the rows ordered by ``order``.

    ``legend`` stands in comments before it.
    """
    ctes: list[Node] = []
    source = table
    for name, nodes in steps:
        select = _select([build(exp.Star), *nodes], source)
        # PostgreSQL would put the text of a step wherever its columns are used
        materialized = True if dialect is Dialect.POSTGRES else None
        ctes.append(build(exp.CTE, this=select, alias=build(exp.TableAlias, this=_identifier(name)), materialized=materialized))
        source = name
    ordered = build(exp.Order, expressions=[build(exp.Ordered, this=column(order), nulls_first=dialect is Dialect.SPARK)])
    last = _select(columns, source, ctes, ordered)
    return "".join([*(f"/* {comment_text(line)} */\n" for line in legend), last.sql(dialect=dialect.value, pretty=True)])


def _identifier(name: str) -> Node:
    return build(exp.Identifier, this=name, quoted=True)


def _select(nodes: Sequence[Node], source: str, ctes: Sequence[Node] = (), order: Node | None = None) -> Node:
    return build(
        exp.Select,
        with_=build(exp.With, expressions=list(ctes)) if ctes else None,
        expressions=list(nodes),
        from_=build(exp.From, this=build(exp.Table, this=_identifier(source))),
        order=order,
    )
