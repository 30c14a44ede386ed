"""Tables of inputs: no float enters, texts survive, names fit every database, and one statement reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import duckdb
import polars as pl
import psycopg
import pytest
import sqlglot

from tests.kernel.engine_rows import said_by_engine
from tests.kernel.rule_strategies import EXPERT, MOMENT, SCOPE, frame_of, no_population, packs_of, standard_of
from tidu.kernel.bulk import BulkEngine
from tidu.kernel.conditions import parse_condition
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.inputs import Moment
from tidu.kernel.population import Firm, Population, population_of
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import All, AnyOf, Expert, Flag, OneOf, ScoreAtLeast, ScoreItem
from tidu.kernel.sql import Dialect, SqlAmounts, SqlEngine
from tidu.kernel.sql_plan import InputType, Plan, column_names, input_types
from tidu.kernel.sql_tables import fetch, write_table

DIALECTS = [Dialect.DUCKDB, Dialect.POSTGRES]
TEXTS = ["奓山街道", "", None, "NULL", "\\N", "a,b", 'a"b', "a'b", "两\n行", "回\r\n车", "制\t表", " 空 格 ", "\\", "𠮷", "{}", "t"]


@pytest.fixture(scope="module")
def connections(postgres_dsn: str) -> Iterator[Mapping[Dialect, Any]]:
    with duckdb.connect() as duck, psycopg.connect(postgres_dsn, autocommit=True) as postgres:
        yield {Dialect.DUCKDB: duck, Dialect.POSTGRES: postgres}


def engine(dialect: Dialect = Dialect.DUCKDB) -> SqlEngine:
    """A small standard that reads numbers, an answer and a text."""
    item = ScoreItem("S1", "组", "专家", "一", Expert(EXPERT, "专家", 0, 5), 0, 5)
    rule = All((parse_condition("数甲 >= 3", SCOPE), AnyOf((Flag("是甲"), OneOf("词乙", ("", "a'b")))), ScoreAtLeast("总分", (item,), 2)))
    standard = standard_of(rule, (item,))
    return SqlEngine(packs_of(standard), [standard], MOMENT, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_texts_come_back_as_they_were(connections: Mapping[Dialect, Any], dialect: Dialect) -> None:
    found = engine(dialect)
    frame = frame_of([{"数甲": number, "词乙": text, "是甲": number % 2 == 0} for number, text in enumerate(TEXTS)])
    write_table(connections[dialect], "文本表", found.stored(frame), dialect)

    back = found.inputs_of(connections[dialect], "文本表")
    assert back.to_dicts() == frame.select(FIRM_CODE, *sorted(found.types)).to_dicts()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_table_of_the_database_gives_what_a_frame_gives(connections: Mapping[Dialect, Any], dialect: Dialect) -> None:
    found, connection = engine(dialect), connections[dialect]
    frame = frame_of([{"数甲": number, "词乙": text, EXPERT: 3 if number % 3 else None} for number, text in enumerate(TEXTS)])
    write_table(connection, "企业输入", found.stored(frame), dialect)

    by_name = said_by_engine(found.run(connection, "企业输入", no_population()))
    assert by_name == said_by_engine(found.run(connection, frame, no_population()))
    assert {row[0]["verdict"] for row in by_name} == {"unmet", "unknown", "met"}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_is_left_behind(connections: Mapping[Dialect, Any], dialect: Dialect) -> None:
    found, connection = engine(dialect), connections[dialect]
    found.answers(connection, frame_of([{"数甲": 1}]))

    with pytest.raises((duckdb.CatalogException, psycopg.errors.UndefinedTable), match="tidu_inputs"):
        connection.execute("SELECT * FROM tidu_inputs")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_rows_give_no_rows(connections: Mapping[Dialect, Any], dialect: Dialect) -> None:
    assert said_by_engine(engine(dialect).run(connections[dialect], frame_of([]), no_population())) == []
    assert SqlAmounts({"答": Flag("是甲")}, dialect).run(connections[dialect], frame_of([])).height == 0


@pytest.mark.parametrize("values", [[1.0, None], [float("nan"), 2.0], [None, float("inf")]])
def test_a_column_of_floats_is_refused_by_name(values: list[float | None]) -> None:
    frame = frame_of([{}, {}]).with_columns(pl.Series("数甲", values, pl.Float64))
    small = engine()

    for refused in (lambda: small.stored(frame), lambda: small.bulk.assess(frame, no_population())):
        with pytest.raises(TiduError, match="“数甲”是浮点数列") as caught:
            refused()
        assert caught.value.code == "float-column"
        assert caught.value.data == {"name": "数甲"}


def test_a_population_with_floats_is_refused_when_its_inputs_are_read() -> None:
    packs, moment = load_packs(), Moment(date(2025, 6, 1), date(2025, 6, 1))
    whole = population_of([Firm("91420114MA0000001X", years={2024: {"营业收入": 100}})])
    nan = whole.years.with_columns(pl.lit(float("nan")).alias("营业收入"))
    engine = BulkEngine(packs, [packs.select("科技型中小企业", law_date=moment.law_date)], moment)

    with pytest.raises(TiduError) as caught:
        engine.frame(Population(whole.firms, nan, whole.months, whole.events))
    assert (caught.value.code, caught.value.data) == ("float-column", {"name": "营业收入"})


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (pl.Series("数甲", ["1", "2"]), "wrong-column-type"),
        (pl.Series("数甲", [True, False]), "wrong-column-type"),
        (pl.Series("是甲", [1, 0]), "wrong-column-type"),
        (pl.Series("词乙", [1, 0]), "wrong-column-type"),
        (pl.Series("数甲", [0, 10**14 + 1]), "too-large"),
        (pl.Series("数甲", [0, -(10**14) - 1]), "too-large"),
    ],
)
def test_a_column_of_the_wrong_kind_is_refused_by_name(column: pl.Series, code: str) -> None:
    with pytest.raises(TiduError) as caught:
        engine().stored(frame_of([{}, {}]).with_columns(column))

    assert (caught.value.code, caught.value.data["name"]) == (code, column.name)


def test_a_missing_column_is_refused_by_name() -> None:
    with pytest.raises(TiduError) as caught:
        engine().stored(frame_of([{}]).drop("词乙"))

    assert (caught.value.code, caught.value.data) == ("missing-column", {"name": "词乙"})


@pytest.mark.parametrize("kind", [pl.Null, pl.Boolean, pl.Int32, pl.UInt8])
def test_whole_numbers_of_any_width_and_unknown_columns_are_taken(kind: type[pl.DataType]) -> None:
    known = 7 if kind.is_integer() else None
    stored = engine().stored(frame_of([{}, {}]).with_columns(pl.Series("数甲", [known, None], kind)))

    assert stored["数甲"].dtype == pl.Int64
    assert stored["数甲"].to_list() == [known, None]


def test_column_names_fit_postgresql_and_stay_apart() -> None:
    long = "事项:" + "很长的名称" * 10
    names = column_names(["营业收入", "营业收入@1", long, long + "二", "leaf_0", "ROW_NO", "甲a", "甲A"])

    assert names["营业收入@1"] == "营业收入@1"
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert all(len(name.encode()) <= 63 for name in names.values())
    assert not {"leaf_0", "ROW_NO"} & set(names.values())
    assert names[long].startswith("c0")


def test_every_input_of_the_packs_has_a_name_of_its_own() -> None:
    packs = load_packs()
    found = SqlEngine(packs, packs.standards, MOMENT, Dialect.POSTGRES)

    assert len(set(found.columns.values())) == len(found.types)
    assert found.types["营业收入"] is InputType.INTEGER
    assert found.types["划型行业"] is InputType.TEXT
    assert found.types["列入经营异常名录"] is InputType.BOOLEAN


def test_an_input_read_as_two_kinds_is_refused() -> None:
    with pytest.raises(TiduError) as caught:
        input_types([Flag("数甲"), parse_condition("数甲 >= 1", SCOPE)])

    assert caught.value.code == "mixed-input"


def test_more_columns_than_postgresql_holds_are_refused() -> None:
    plan = Plan(Dialect.POSTGRES, {f"列{number}": f"列{number}" for number in range(1600)})
    plan.begin("leaves")

    with pytest.raises(TiduError) as caught:
        plan.query("t", ("row_no",), ())
    assert caught.value.code == "too-many-columns"


@pytest.mark.parametrize("dialect", list(Dialect))
def test_the_text_is_one_readable_statement_and_always_the_same(dialect: Dialect) -> None:
    packs = load_packs()
    texts = [SqlEngine(packs, packs.standards, MOMENT, dialect).query("企业") for _ in range(2)]

    assert texts[0] == texts[1]
    assert len(sqlglot.parse(texts[0], read=dialect.value)) == 1
    assert "/* 研发费用占比 ≥ 3% */" in texts[0]
    assert "1 AS DOUBLE" not in texts[0]
    assert "FLOAT" not in texts[0]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_and_words_cannot_leave_their_quotes(connections: Mapping[Dialect, Any], dialect: Dialect) -> None:
    key = "x*/ \"; DROP TABLE firms; --\n'甲"
    words = ("*/ '; DROP TABLE firms; --", '"')
    outputs = {f"问{key}": OneOf(key, words), "二": Flag(f"{key}二")}
    frame = pl.DataFrame({key: [words[0], words[1], "别", None], f"{key}二": [True, None, False, True]})

    assert SqlAmounts(outputs, dialect).run(connections[dialect], frame).rows() == [
        (True, True),
        (True, None),
        (False, False),
        (None, True),
    ]


def test_rows_come_in_the_order_of_the_table(connections: Mapping[Dialect, Any]) -> None:
    for dialect, connection in connections.items():
        found = engine(dialect)
        frame = frame_of([{"数甲": number % 7} for number in range(3000)])
        write_table(connection, "乱序", found.stored(frame).sample(fraction=1, shuffle=True, seed=3), dialect)
        codes = fetch(connection, found.query("乱序"), {"row_no": pl.Int64, "code": pl.String, **found.results}, dialect)["code"]
        assert codes.to_list() == frame[FIRM_CODE].to_list()
