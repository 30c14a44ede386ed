from __future__ import annotations

import numpy as np
import pytest

from benchmarks import shape, tidu_shape
from benchmarks.paced import Contender, differences
from benchmarks.peers import duckdb_by_hand, polars_by_hand

FULL = dict.fromkeys(shape.INPUTS, 0) | {
    "ip1": 3,
    "rd_bp": 500,
    "growth_bp": 1500,
    "debt_bp": 5500,
    "main_bp": 7000,
    "industry": 2,
    "years": 3,
    "rd_expense": 1_000_000,
    "revenue": 100_000_000,
    "match_pct": 100,
    "rent": 100_000,
    "viol_years": 3,
}


def with_every_bound(count: int) -> shape.Columns:
    """`count` drawn firms, and for every bound a full firm just below, on and just above it."""
    bounds = {
        "ip1": [1, 2, 3],
        "ip2": [1],
        "rd_bp": [100, 200, 300, 500, 600],
        "growth_bp": [0, 500, 1000, 1500],
        "debt_bp": [5500, 7500],
        "main_bp": [5000, 5500, 6000, 7000],
        "industry": [1, 2],
        "years": [2, 3],
        "rd_expense": [1_000_000],
        "revenue": [10_000_000, 50_000_000, 100_000_000],
        "financing": [20_000_000, 80_000_000],
        "staff_bp": [5000],
        "equip": [1_000_000, 50_000_000],
        "interest": [1_000_000],
        "rent": [600_000, 700_000],
        "viol_years": [3],
    }
    rows = []
    for name, values in bounds.items():
        step = 100 if name in shape.MONEY_INPUTS else 1
        rows += [FULL | {name: value + shift} for value in values for shift in (-step, 0, step)]
    drawn = shape.make_firms(count)
    return {name: np.concatenate([drawn[name], np.array([row[name] for row in rows], dtype=np.int64)]) for name in shape.INPUTS}


def test_firm_that_earns_everything() -> None:
    assert shape.judge(FULL) == {
        "p_ip": 20,
        "p_rd": 20,
        "p_growth": 20,
        "p_debt": 10,
        "p_main": 20,
        "p_ind": 10,
        "score": 100,
        "level": 3,
        "a": 500_000,
        "b": 0,
        "c": 30_000,
        "total": 530_000,
    }


def test_recent_violation_pays_nothing() -> None:
    result = shape.judge(FULL | {"viol_years": 2})

    assert (result["a"], result["total"]) == (500_000, 0)


def test_yearly_total_is_capped() -> None:
    result = shape.judge(FULL | {"equip": 60_000_000})

    assert (result["b"], result["total"]) == (5_000_000, 3_000_000)


def test_firms_are_the_same_for_the_same_seed() -> None:
    first, again, other = shape.make_firms(50), shape.make_firms(50), shape.make_firms(50, seed=1)

    assert all((first[name] == again[name]).all() for name in shape.INPUTS)
    assert not all((first[name] == other[name]).all() for name in shape.INPUTS)


def test_money_is_in_hundreds_of_yuan() -> None:
    firms = shape.make_firms(500)

    assert {name: int((firms[name] % 100).max()) for name in shape.MONEY_INPUTS} == dict.fromkeys(shape.MONEY_INPUTS, 0)


@pytest.mark.parametrize("engine", [tidu_shape, polars_by_hand, duckdb_by_hand])
def test_engine_agrees_with_the_reference_on_every_bound(engine: object) -> None:
    firms = with_every_bound(300)
    contender: Contender = engine.contender(firms)  # type: ignore[attr-defined]
    assert contender.columns is not None

    assert differences(contender.columns(contender.run()), shape.judge_all(firms)) == {}


def test_difference_is_counted_and_measured() -> None:
    right = {"a": np.array([1, 2, 3]), "b": np.array([1, 2, 3])}
    found = {"a": np.array([1.0, 2.5, np.nan]), "b": [1, 2, 3]}

    assert differences(found, right) == {"a": {"firms": 2, "largest": 0.5}}
