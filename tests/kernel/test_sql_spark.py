"""The generated text on Spark (script/test-spark): the same answers, points, missing facts and amounts."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.kernel.engine_rows import said_by_engine
from tests.kernel.generated_firms import FirmMaker
from tests.kernel.rule_strategies import MOMENT, frame_of, packs_of, standard_of
from tests.kernel.test_award_engines import AWARDS, book, expected, outputs_of, table_of
from tests.kernel.test_sql_operators import (
    AMOUNTS,
    COMPARISONS,
    PARABOLAS,
    QUESTIONS,
    QUOTIENTS,
    TABLES,
    WORD_ROWS,
    Rows,
    amount_rows,
    fen,
    number_rows,
    parabola_rows,
    quotient_rows,
    rule,
)
from tidu.kernel.bulk import BulkEngine
from tidu.kernel.inputs import Moment
from tidu.kernel.population import population_of
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import Amount, ScoreAtLeast, ScoreItem
from tidu.kernel.sql import Dialect, SqlAmounts, SqlEngine
from tidu.kernel.truth import answer, points

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    pyspark = pytest.importorskip("pyspark.sql")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of pyspark are not ours
        options = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "Asia/Shanghai"}
        found = pyspark.SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
        yield found
        found.stop()


def test_comparisons_answer_as_they_mean(session: Any) -> None:
    rows = [*number_rows(600), *parabola_rows()[::7]]
    nodes = {text: rule(text) for text in (*COMPARISONS, *PARABOLAS)}
    found = SqlAmounts(nodes, Dialect.SPARK).run(session, frame_of(rows))

    assert {text: found[text].to_list() for text in nodes} == {text: [answer(node, row) for row in rows] for text, node in nodes.items()}


def test_questions_answer_as_they_mean(session: Any) -> None:
    found = SqlAmounts(QUESTIONS, Dialect.SPARK).run(session, frame_of(WORD_ROWS))

    assert {name: found[name].to_list() for name in QUESTIONS} == {
        name: [answer(node, row) for row in WORD_ROWS] for name, node in QUESTIONS.items()
    }


def test_points_are_the_intervals_they_mean(session: Any) -> None:
    rows = [
        {"数甲": value, "数丁": value, "是甲": yes, "专家甲": given}
        for value in (None, -1, 0, 1, 2, 5, 9, 10, 11)
        for yes in (None, True, False)
        for given in (None, 0, 3)
    ]
    items = tuple(ScoreItem(f"S{index}", "组", name, "一", node, -9, 99) for index, (name, node) in enumerate(TABLES.items()))
    standard = standard_of(ScoreAtLeast("总分", items, 20), items)
    found = SqlEngine(packs_of(standard), [standard], MOMENT, Dialect.SPARK).answers(session, frame_of(rows))

    for index, node in enumerate(TABLES.values()):
        assert list(zip(found[f"low_{index}"], found[f"high_{index}"], strict=True)) == [points(node, row) for row in rows]


@pytest.mark.parametrize(("nodes", "rows"), [(AMOUNTS, amount_rows()), (QUOTIENTS, quotient_rows())], ids=["amounts", "quotients"])
def test_amounts_are_exact_and_rounded_once(session: Any, nodes: dict[str, Amount], rows: Rows) -> None:
    found = SqlAmounts(nodes, Dialect.SPARK).run(session, frame_of(rows))

    assert {name: found[name].to_list() for name in nodes} == {name: [fen(node, row) for row in rows] for name, node in nodes.items()}


@pytest.mark.parametrize("name", AWARDS)
def test_awards_are_computed_as_the_interpreter_does(session: Any, name: str) -> None:
    award = next(found for found in book().awards if found.id == name)
    outputs = outputs_of(award)
    frame, rows = table_of(award, 200 + int(name[1:]))
    found = SqlAmounts(outputs, Dialect.SPARK).run(session, frame)

    assert {title: found[title].to_list() for title in outputs} == {
        title: [expected(node, row) for row in rows] for title, node in outputs.items()
    }


def test_standards_say_what_polars_says(session: Any) -> None:
    packs, moment = load_packs(), Moment(date(2026, 6, 1), date(2026, 6, 1))
    maker = FirmMaker(packs.standards, moment, 5, ["39", "C", "9999"])
    population = population_of([maker.random_firm() for _ in range(200)])
    bulk = BulkEngine(packs, packs.standards, moment)
    frame = bulk.frame(population)
    found = SqlEngine(packs, packs.standards, moment, Dialect.SPARK).run(session, frame, population)

    assert said_by_engine(found) == said_by_engine(bulk.assess(frame, population))
