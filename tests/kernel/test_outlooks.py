"""What the bulk engine works out once for many firms is what each firm is told alone: no marks, no signatures, no combination."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from tidu.demo import make_district
from tidu.kernel import enumeration
from tidu.kernel.bulk import BulkEngine, Resolver, Solved
from tidu.kernel.decisive import outlook
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import standard_keys
from tidu.kernel.population import Population
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import Rule

FIRMS = 300


def one_by_one(resolver: Resolver, rule: Rule, answer: pl.Series) -> Solved:
    """Every open row solved by itself."""
    rows = answer.is_null().arg_true().to_numpy()
    known = resolver.whole.select(standard_keys(resolver.standard))[rows].iter_rows(named=True)
    return rows, np.arange(len(rows)), [outlook(rule, row) for row in known]


def said_both_ways(engine: BulkEngine, frame: pl.DataFrame, population: Population) -> list[tuple[str, pl.DataFrame, pl.DataFrame]]:
    """Each standard by name, with what the engine says and what it says where every row is solved alone and without marks."""
    together = engine.assess(frame, population)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Resolver, "_solved", one_by_one)
        patch.setattr(enumeration, "mark_of", lambda *_, **__: None)
        alone = engine.assess(frame, population)
    return [(one.standard.name, one.rows, other.rows) for one, other in zip(together, alone, strict=True)]


@pytest.mark.parametrize(("seed", "day"), [(1, date(2024, 6, 1)), (2, date(2024, 6, 1)), (3, date(2026, 6, 1)), (4, date(2025, 6, 1))])
def test_a_district_is_told_what_its_firms_are_told_alone(seed: int, day: date) -> None:
    packs = load_packs()
    population = make_district(FIRMS, seed=seed)
    engine = BulkEngine(packs, packs.in_force(law_date=day), Moment(day, day))
    opened = 0
    for name, together, alone in said_both_ways(engine, engine.frame(population), population):
        opened += together.filter(pl.col("missing").list.len() > 0).height
        assert together.equals(alone), name

    assert opened > FIRMS


def test_small_numbers_of_employees_leave_out_brackets() -> None:
    """Of three employees none, a third, two thirds or all are technicians: never the eighth that a bracket of 10 to 15 % asks for."""
    day = date(2024, 6, 1)
    packs = load_packs()
    standard = packs.select("科技型中小企业", law_date=day)
    engine = BulkEngine(packs, [standard], Moment(day, day))
    population = make_district(3, seed=1)
    facts: dict[str, Any] = {
        "Ⅰ类知识产权数": None,
        "Ⅱ类知识产权数（科技型口径）": 0,
        "产品属禁止限制淘汰类": False,
        "列入严重失信主体名单": False,
        "列入经营异常名录": False,
        "市场主体类型": "企业",
        "成本费用支出": 278_446_000,
        "研发机构级别": "无",
        "研发费用": 15_759_000,
        "科技人员": None,
        "营业收入": 276_145_220,
        "资产总额": 177_675_000,
    }
    frame = engine.frame(population)
    frame = frame.with_columns(
        [pl.lit(value, frame.schema[name]).alias(name) for name, value in facts.items()]
        + [pl.lit(False).alias(name) for name in frame.columns if name.startswith("事项:")]
        + [pl.Series("从业人员", [300, 3, 24], frame.schema["从业人员"])]
    )
    ((_, together, alone),) = said_both_ways(engine, frame, population)

    assert together["missing"].to_list() == alone["missing"].to_list()
    assert together["missing"].to_list()[:2] == [["Ⅰ类知识产权数", "科技人员"], ["科技人员"]]
