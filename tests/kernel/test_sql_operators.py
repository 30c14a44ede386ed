"""Every operator of the rule tree on Polars, DuckDB and PostgreSQL against its meaning, with nulls, zeros, negatives and bounds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import duckdb
import psycopg
import pytest

from tests.kernel.rule_strategies import EXPERT, JUDGED, MOMENT, SCOPE, WORDS, frame_of, packs_of, standard_of
from tidu.kernel.algebra import ONE, Polynomial
from tidu.kernel.compile_amounts import AmountCompiler
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.conditions import parse_condition
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import parse_quantity
from tidu.kernel.quantities import LARGEST_STORED, round_half_up
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Constant,
    Expert,
    Judged,
    Largest,
    Measure,
    Named,
    Not,
    Number,
    OneOf,
    Quantity,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Share,
    Smallest,
    Sum,
    Times,
)
from tidu.kernel.sql import Dialect, SqlAmounts, SqlEngine
from tidu.kernel.truth import amount, answer, points

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def connections(postgres_dsn: str) -> Iterator[Mapping[Dialect, Any]]:
    with duckdb.connect() as duck, psycopg.connect(postgres_dsn, autocommit=True) as postgres:
        yield {Dialect.DUCKDB: duck, Dialect.POSTGRES: postgres}


def rule(text: str) -> Rule:
    return parse_condition(text, SCOPE)


def measure(text: str, most: int = 6) -> Measure:
    quantity = parse_quantity(text, SCOPE)
    return Measure(quantity, dict.fromkeys(quantity.keys, (0, most)))


def number(value: int | Fraction) -> Number:
    return Number(Fraction(value))


COMPARISONS = [
    "数甲 >= 5", "数甲 > 5", "数甲 <= 5", "数甲 < 5", "数甲 = 5", "数甲 != 5", "数丙 >= 0", "数丙 < 0",
    "数甲 >= 0", "数丁 <= 12", "数丁 < 0", "数戊 > 7", "数己 >= 1",
    "数甲 + 数乙 >= 5", "2 * 数甲 - 数丁 >= 3", "数甲 - 数丙 < 5", "数丁 + 数丁 <= 24", "数丁 - 数戊 >= 0",
    "数甲 / 数乙 >= 0.5", "数甲 / 数乙 < 0.5", "(数甲 - 数丁) / (数乙 - 数丁) >= 1", "数甲 / (数乙 + 数己) > 1.25",
    "数甲 / 数乙 >= 99.9999", "数丙 / 数己 <= 0.000001",
    "数甲 / 数己 - 1 + 数己 / 数乙 - 1 >= 0.5", "数甲 / 数己 - 1 + 数己 / 数乙 - 1 < 0", "数丙 * 数戊 - 数己 >= 3", "数戊 * 数戊 >= 5",
    "数丁 * 数丁 - 数甲 < 5", "数丙 * 数丙 > 6", "0 - 数丁 * 数丁 + 数戊 >= 0",
]  # fmt: skip
EDGES = [None, -LARGEST_STORED, -6, -1, 0, 1, 4, 5, 6, 7, 12, 13, 10_000, LARGEST_STORED - 1, LARGEST_STORED]


def number_rows(count: int = 2500) -> Rows:
    """Numbers of all signs and sizes; every pair of edges for two inputs, the rest drawn."""
    draw = random.Random(7)
    names = ["数甲", "数乙", "数丙", "数丁", "数戊", "数己"]
    drawn = [{name: draw.choice([*EDGES, draw.randint(-20, 20)]) for name in names} for _ in range(count)]
    crossed = [{"数甲": left, "数乙": right, "数丙": right, "数丁": left, "数戊": 1, "数己": 2} for left in EDGES for right in EDGES]
    squares = [{"数丙": value, "数戊": value, "数丁": value} for value in range(-8, 14)]
    return drawn + crossed + squares


def test_comparisons_answer_as_they_mean(connections: Mapping[Dialect, Any]) -> None:
    rows = number_rows()
    frame = frame_of(rows)
    nodes = {text: rule(text) for text in COMPARISONS}
    for text, node in nodes.items():
        wanted = [answer(node, row) for row in rows]
        assert len(set(wanted)) > 1, text
        assert frame.select(Compiler().answer(node).alias("a"))["a"].to_list() == wanted, text
    for dialect, connection in connections.items():
        found = SqlAmounts(nodes, dialect).run(connection, frame)
        for text, node in nodes.items():
            assert found[text].to_list() == [answer(node, row) for row in rows], (dialect, text)


PARABOLAS = [
    f"{sign} * {missing} * {missing} - 数乙 * {missing} + 数甲 {op} 0"
    for sign in ("3", "(0 - 3)")
    for missing in ("数丙", "数丁", "数戊", "数己")
    for op in (">=", "<")
]


def parabola_rows() -> Rows:
    """Everything known but the squared input, so that the answer hangs on integers beside the vertex."""
    return [
        {"数乙": slope, "数甲": height}
        for slope in range(-40, 41)
        for height in (*range(-4, 5), *range(20, 30), *range(124, 136), -150, 500)
    ]


def test_parabolas_are_decided_at_the_integers_beside_their_vertex(connections: Mapping[Dialect, Any]) -> None:
    rows = parabola_rows()
    frame = frame_of(rows)
    nodes = {text: rule(text) for text in PARABOLAS}
    wanted = {text: [answer(node, row) for row in rows] for text, node in nodes.items()}
    assert {text for text in nodes if None not in wanted[text] or len(set(wanted[text])) < 2} == set()
    polars = frame.with_columns(**{text: Compiler().answer(node) for text, node in nodes.items()})
    assert {text: polars[text].to_list() for text in nodes} == wanted
    for dialect, connection in connections.items():
        found = SqlAmounts(nodes, dialect).run(connection, frame)
        assert {text: found[text].to_list() for text in nodes} == wanted


WORD_ROWS: Rows = [
    {"是甲": yes, "是乙": no, "词甲": word, "词乙": free, JUDGED: judged}
    for yes in (None, True, False)
    for no in (None, True, False)
    for word in (None, *WORDS)
    for free in (None, "", "NULL", "别处")
    for judged in (None, True, False)
]
A, B = rule("是甲 = 是"), rule("是乙 = 是")
QUESTIONS: dict[str, Rule] = {
    "yes": A,
    "no": rule("是甲 = 否"),
    "one word": OneOf("词甲", ("二'",), WORDS),
    "words": OneOf("词甲", ("一", "三\\"), WORDS),
    "not a word": rule("词甲 != 一"),
    "empty text": OneOf("词乙", ("",)),
    "text": OneOf("词乙", ("NULL",)),
    "judged": Judged(JUDGED, "由人判断"),
    "always": Constant(True),
    "never": Constant(False),
    "all": All((A, B)),
    "all of none": All(()),
    "any": AnyOf((A, B)),
    "any of none": AnyOf(()),
    "not": Not(A),
    "nested": Not(All((A, AnyOf((Not(B), Judged(JUDGED, "由人判断")))))),
    **{f"at least {count}": AtLeast(count, (A, B, Judged(JUDGED, "由人判断"))) for count in range(5)},
    "at least in at least": AtLeast(1, (AtLeast(2, (A, B)), Not(AtLeast(1, (A, Judged(JUDGED, "由人判断")))))),
}


def test_questions_answer_as_they_mean(connections: Mapping[Dialect, Any]) -> None:
    frame = frame_of(WORD_ROWS)
    wanted = {name: [answer(node, row) for row in WORD_ROWS] for name, node in QUESTIONS.items()}
    polars = frame.with_columns(**{f"答{name}": Compiler().answer(node) for name, node in QUESTIONS.items()})
    assert {name: polars[f"答{name}"].to_list() for name in QUESTIONS} == wanted
    for dialect, connection in connections.items():
        found = SqlAmounts(QUESTIONS, dialect).run(connection, frame)
        assert {name: found[name].to_list() for name in QUESTIONS} == wanted


BIG = rule("数甲 >= 5")
TABLES: dict[str, Amount] = {
    "falling table": Choose(((rule("数甲 >= 10"), number(5)), (BIG, number(3)), (rule("数甲 >= 1"), number(1))), number(0)),
    "rising table": Choose(((rule("数甲 <= 1"), number(0)), (rule("数甲 <= 5"), number(2))), number(4)),
    "unordered table": Choose(((BIG, number(1)), (A, number(5)), (B, number(-2))), number(3)),
    "only else": Choose((), number(3)),
    "table in a table": Choose(((A, Choose(((BIG, number(4)),), number(1))), (B, Expert(EXPERT, "专家", 0, 5))), number(2)),
    "best of": Largest((Choose(((BIG, number(4)),), number(1)), Choose(((A, number(3)),), number(0)))),
    "count": Smallest((Sum(tuple(Choose(((node, number(2)),), number(0)) for node in (A, B, BIG))), number(5))),
    "value": Smallest((measure("数丁", 12), number(10))),
    "part of a value": measure("数丁 / 5", 12),
    "sum of values": Smallest((measure("数丁 - 数甲 * 3 + 5", 12), number(8))),
    "value per input": measure("数丁 / (数甲 - 2)", 12),
    "expert": Expert(EXPERT, "专家", 1, 5),
}


def test_points_are_the_intervals_they_mean(connections: Mapping[Dialect, Any]) -> None:
    rows = [
        {"数甲": value, "数丁": value, "是甲": yes, "是乙": no, EXPERT: points_given}
        for value in (None, -1, 0, 1, 2, 4, 5, 6, 9, 10, 11)
        for yes in (None, True, False)
        for no in (None, True, False)
        for points_given in (None, 0, 3)
    ]
    items = tuple(ScoreItem(f"S{index}", "组", name, "一", node, -9, 99) for index, (name, node) in enumerate(TABLES.items()))
    standard = standard_of(ScoreAtLeast("总分", items, 20), items)
    wanted = [[points(node, row) for row in rows] for node in TABLES.values()]
    sure = [answer(standard.requires, row) for row in rows]
    assert {True, False, None} == set(sure)
    for name, node, expected in zip(TABLES, TABLES.values(), wanted, strict=True):
        low, high = Compiler().points(node)
        found = frame_of(rows).with_columns(low=low, high=high)
        assert list(zip(found["low"], found["high"], strict=True)) == expected, name
    for dialect, connection in connections.items():
        found = SqlEngine(packs_of(standard), [standard], MOMENT, dialect).answers(connection, frame_of(rows))
        for index, expected in enumerate(wanted):
            assert list(zip(found[f"low_{index}"], found[f"high_{index}"], strict=True)) == expected, list(TABLES)[index]
        assert found["answer_0_0"].to_list() == sure


AMOUNTS: dict[str, Amount] = {
    "fixed": number(500_000),
    "rate": Times(measure("数甲"), Fraction(1, 10)),
    "third": Times(measure("数丙"), Fraction(1, 3)),
    "odd rate": Times(measure("数甲"), Fraction(33333, 1_000_000)),
    "negative rate": Times(measure("数丙"), Fraction(-1, 8)),
    "nothing of it": Times(measure("数甲"), Fraction(0)),
    "capped rate": Smallest((Times(measure("数甲"), Fraction(1, 10)), number(1000))),
    "floor": Largest((Times(measure("数丙"), Fraction(1, 2)), number(-3))),
    "sum": Sum((Times(measure("数甲"), Fraction(1, 7)), Times(measure("数乙"), Fraction(1, 11)), number(Fraction(1, 2)))),
    "table": Choose(((BIG, Times(measure("数乙"), Fraction(1, 4))), (A, number(7))), measure("数丙 - 数丁")),
    "share": Share(measure("数甲"), parse_quantity("数丁 / 100", SCOPE)),
    "cap of a share": Smallest((Share(number(100_000), parse_quantity("数丁 / 30", SCOPE)), measure("数甲"))),
}


def amount_rows() -> Rows:
    draw = random.Random(11)
    names = ["数甲", "数乙", "数丙", "数丁"]
    values = [None, -5, -1, 0, 1, 3, 4, 5, 9_999, 10_000, 10_001, 10_004, 10_005, 10_006, LARGEST_STORED]
    listed = [{**{name: draw.choice(values) for name in names}, "是甲": draw.choice([None, True, False])} for _ in range(1500)]
    return [{**row, "数丁": 7 if row["数丁"] == LARGEST_STORED else row["数丁"]} for row in listed]


def fen(node: Amount, row: Mapping[str, Any]) -> int | None:
    exact = amount(node, row)
    return None if exact is None else round_half_up(exact)


def test_amounts_are_exact_and_rounded_once(connections: Mapping[Dialect, Any]) -> None:
    rows = amount_rows()
    frame = frame_of(rows)
    wanted = {name: [fen(node, row) for row in rows] for name, node in AMOUNTS.items()}
    polars = frame.with_columns(**{name: AmountCompiler(Compiler()).amount(node)[0].of for name, node in AMOUNTS.items()})
    assert {name: polars[name].to_list() for name in AMOUNTS} == wanted
    for dialect, connection in connections.items():
        found = SqlAmounts(AMOUNTS, dialect).run(connection, frame)
        assert {name: found[name].to_list() for name in AMOUNTS} == wanted


QUOTIENTS: dict[str, Amount] = {
    "quotient": measure("数甲 / 数乙"),
    "best quotient": Largest((measure("数甲 / 数乙"), measure("数丙 / 数己"), number(Fraction(3, 2)))),
    "sum of quotients": Sum((measure("数甲 / 数乙"), Times(measure("数丙 / 数己"), Fraction(1, 3)))),
    "chosen quotient": Choose(((A, measure("数甲 / 数乙")),), measure("数丙 / 数己")),
    "share of a quotient": Share(measure("数甲 / 数乙"), parse_quantity("数丙 / 数己", SCOPE)),
}


def quotient_rows() -> Rows:
    draw = random.Random(13)
    names = ["数甲", "数乙", "数丙", "数己"]
    values = [None, -3, -1, 0, 1, 2, 3, 7, 10**9 + 1]
    return [{**{name: draw.choice(values) for name in names}, "是甲": draw.choice([None, True, False])} for _ in range(1200)]


def test_databases_divide_exactly_too(connections: Mapping[Dialect, Any]) -> None:
    rows = quotient_rows()
    wanted = {name: [fen(node, row) for row in rows] for name, node in QUOTIENTS.items()}
    for dialect, connection in connections.items():
        found = SqlAmounts(QUOTIENTS, dialect).run(connection, frame_of(rows))
        assert {name: found[name].to_list() for name in QUOTIENTS} == wanted


@pytest.mark.parametrize(("value", "expected"), [(None, None), (4, 0), (5, 1), (-5, -1), (-4, 0), (15, 2), (9_999_999, 1000)])
def test_a_missing_basis_is_no_amount_and_never_the_cap(
    connections: Mapping[Dialect, Any], value: int | None, expected: int | None
) -> None:
    capped = Smallest((Times(measure("数丙"), Fraction(1, 10)), number(1000)))
    for dialect, connection in connections.items():
        assert SqlAmounts({"金额": capped}, dialect).run(connection, frame_of([{"数丙": value}])).to_dicts() == [{"金额": expected}]


def test_an_output_reads_the_outputs_before_it(connections: Mapping[Dialect, Any]) -> None:
    half = Measure(Quantity("一半", Polynomial.variable("一半"), ONE, (), "number", ""), {"一半": (0, None)})
    outputs = {"一半": Times(measure("数丙"), Fraction(1, 2)), "两半": Sum((half, half))}
    for dialect, connection in connections.items():
        found = SqlAmounts(outputs, dialect).run(connection, frame_of([{"数丙": 5}, {"数丙": None}]))
        assert found.to_dicts() == [{"一半": 3, "两半": 6}, {"一半": None, "两半": None}]


def test_a_name_for_a_node_is_the_node(connections: Mapping[Dialect, Any]) -> None:
    outputs = {"别名": Named("名", BIG), "金额": Choose(((A, Named("名", number(2))),), number(1))}
    for dialect, connection in connections.items():
        found = SqlAmounts(outputs, dialect).run(connection, frame_of([{"数甲": 5, "是甲": True}]))
        assert found.to_dicts() == [{"别名": True, "金额": 2}]


CUBIC = rule("数甲 / 数乙 + 数丙 / 数己 >= 数丁")


@pytest.mark.parametrize("dialect", [Dialect.DUCKDB, Dialect.SPARK])
def test_products_beyond_the_exact_integers_are_refused(dialect: Dialect) -> None:
    with pytest.raises(TiduError) as caught:
        SqlAmounts({"条件": CUBIC}, dialect)

    assert caught.value.code == "too-wide"
    assert "数丁" in caught.value.message


def test_postgresql_holds_products_of_any_size(connections: Mapping[Dialect, Any]) -> None:
    most = LARGEST_STORED
    rows: Rows = [{"数甲": top + step, "数乙": most, "数丙": most, "数己": most, "数丁": 2} for top in (most - 1, 0) for step in (-1, 0, 1)]
    rows += [{"数甲": 1, "数乙": None, "数丙": 1, "数己": 1, "数丁": 2}, {"数甲": 1, "数乙": 0, "数丙": 1, "数己": 1, "数丁": 2}]
    found = SqlAmounts({"条件": CUBIC}, Dialect.POSTGRES).run(connections[Dialect.POSTGRES], frame_of(rows))

    assert found["条件"].to_list() == [False, False, True, False, False, False, None, None]
