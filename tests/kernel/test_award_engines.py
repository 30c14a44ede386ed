"""Awards in the three engines: eligibility, bases and amounts agree over thousands of candidates, nulls and bounds included."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel.awards import BASE_KEY, Award, AwardBook
from tidu.kernel.candidates import computed_amount
from tidu.kernel.compile_amounts import AmountCompiler
from tidu.kernel.compile_polars import Compiler
from tidu.kernel.facts import Fact, Store, catalogue
from tidu.kernel.quantities import round_half_up
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import Amount, Flag, Rule, keys_of, walk
from tidu.kernel.sql import SqlAmounts
from tidu.kernel.truth import amount, answer

ROWS = 1500
EDGES = [date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1)]
TYPES: dict[str, type[pl.DataType]] = {"text": pl.String, "number": pl.Int64, "answer": pl.Boolean}
AWARDS = [f"C{number}" for number in range(1, 10)]


def book() -> AwardBook:
    found = load_packs().book
    assert found is not None
    return found


def outputs_of(award: Award) -> dict[str, Rule | Amount]:
    """What the engines compute for an award."""
    firm = {f"企业 {choice}": award.firm_rule(book(), {"R9": choice}) for choice in ("市级入库起", "省级起")}
    base: dict[str, Rule | Amount] = {"上级基数": award.base.amount} if award.base is not None else {}
    return {"是否符合": award.fits, **firm, **base, "计算金额": award.computed}


def kind_of(key: str, field: Fact | None) -> str:
    if key.startswith("事项:") or (field is not None and field.store is Store.BOOLEAN):
        return "answer"
    return "text" if field is not None and field.store is Store.TEXT else "number"


def draw(key: str, field: Fact | None, rng: random.Random) -> Any:
    """A value of an input: a fifth missing, dates and sums on every bound and one beside it."""
    if rng.random() < 0.2 or key == "未定基数":
        return None
    if kind_of(key, field) == "answer":
        return rng.random() < 0.5
    if field is not None and field.store is Store.TEXT:
        return rng.choice(field.values or ("甲", "乙"))
    if field is not None and field.store is Store.DATE:
        return (rng.choice(EDGES) + timedelta(days=rng.randint(-1, 1))).toordinal()
    if field is not None and field.unit.symbol == "":
        return rng.randint(1, 4)
    return rng.choice((rng.randint(0, 30), rng.randint(0, 3 * 10**9), rng.choice((10**9, 2 * 10**8)) + rng.randint(-1, 1)))


def table_of(award: Award, seed: int) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    rng = random.Random(seed)
    fields = catalogue().events[award.event].fields
    keys = sorted(frozenset().union(*(keys_of(node) for node in outputs_of(award).values())) | {BASE_KEY})
    known = {key: fields.get(key) or catalogue().facts.get(key) for key in keys}
    rows = [{key: draw(key, known[key], rng) for key in keys} for _ in range(ROWS)]
    return pl.DataFrame(rows, schema={key: TYPES[kind_of(key, known[key])] for key in keys}), rows


def expected(node: Rule | Amount, row: dict[str, Any]) -> Any:
    if isinstance(node, Rule):
        return answer(node, row)
    found = amount(node, row)
    return None if found is None else round_half_up(found)


@pytest.mark.parametrize("name", AWARDS)
def test_polars_and_duckdb_agree_with_the_interpreter(name: str) -> None:
    award = next(found for found in book().awards if found.id == name)
    outputs = outputs_of(award)
    frame, rows = table_of(award, int(name[1:]))
    wanted = {title: [expected(node, row) for row in rows] for title, node in outputs.items()}

    rules = Compiler()
    amounts = AmountCompiler(rules)
    columns = [
        (rules.answer(node) if isinstance(node, Rule) else amounts.amount(node)[0].of).alias(title) for title, node in outputs.items()
    ]
    polars = frame.select(columns)
    assert {title: _filled(polars[title], len(rows)) for title in outputs} == wanted
    sql = SqlAmounts(outputs).run(duckdb.connect(), frame)
    assert {title: sql[title].to_list() for title in outputs} == wanted
    assert len({tuple(found) for found in zip(*wanted.values(), strict=True)}) > 3


def _filled(column: pl.Series, rows: int) -> list[Any]:
    """A column of a constant stands for all rows."""
    values = column.to_list()
    return values * rows if len(values) == 1 else values


def test_the_rules_of_awards_read_nothing_but_inputs() -> None:
    for award in book().awards:
        fields = catalogue().events[award.event].fields
        assert keys_of(award.fits) <= set(fields)
        assert keys_of(award.computed) <= {*fields, BASE_KEY}
        flags = {node.key for node in walk(award.firm_rule(book(), {})) if isinstance(node, Flag)}
        assert all(key.startswith("事项:") or key in catalogue().facts for key in flags)


@given(st.integers(-(10**12), 10**12), st.sampled_from([name for name in AWARDS if name in {"C1", "C3", "C4", "C5", "C9"}]))
def test_rates_in_integers_are_rates_in_fractions(ground: int, name: str) -> None:
    award = next(found for found in book().awards if found.id == name)
    exact = amount(award.computed, {award.formula.of: ground, BASE_KEY: ground})
    assert exact is not None

    assert computed_amount(award, {}, ground) == round_half_up(exact)
