"""The benchmark shape: fictional firms of 18 numbers, and what the rules make of one of them.

The rules are those of a typical district programme: six point tables and a pass mark, three rungs with
thresholds and alternatives, an award matched by tier, capped rates on equipment, loan interest and rent,
the better of two within a group, a cap per year, an exclusion after a violation.

All money is whole yuan in hundreds and every percentage is a whole number. ``basis * percent / 100`` is then a
whole yuan, so integers, decimals and 64-bit floats all have one right answer and an engine that differs by
anything at all is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


class PointTable(NamedTuple):
    """Points by bracket: the first row whose bound holds wins, none gives 0."""

    output: str
    of: str
    better: str
    """``larger``: value >= bound, bounds falling; ``smaller``: value <= bound, bounds rising."""
    rows: tuple[tuple[int, int], ...]


TABLES = (
    PointTable("p_ip", "ip1", "larger", ((3, 20), (2, 15), (1, 10))),
    PointTable("p_rd", "rd_bp", "larger", ((500, 20), (300, 15), (200, 10), (100, 5))),
    PointTable("p_growth", "growth_bp", "larger", ((1500, 20), (1000, 15), (500, 10), (0, 5))),
    PointTable("p_debt", "debt_bp", "smaller", ((5500, 10), (7500, 5))),
    PointTable("p_main", "main_bp", "larger", ((7000, 20), (6000, 15), (5500, 10), (5000, 5))),
    PointTable("p_ind", "industry", "larger", ((2, 10), (1, 5))),
)
SECOND_CLASS_IP_POINTS = 5
"""Given where no first-class right earns points but at least one second-class right exists."""
PASS_MARK = 60

SPECIAL_YEARS, SPECIAL_RD, SPECIAL_RD_BP = 2, 1_000_000, 300
SPECIAL_REVENUE, SPECIAL_FINANCING = 10_000_000, 20_000_000
GIANT_YEARS, GIANT_REVENUE = 3, 100_000_000
GIANT_SMALLER_REVENUE, GIANT_SMALLER_RD_BP = 50_000_000, 600
GIANT_FINANCING, GIANT_STAFF_BP = 80_000_000, 5000

TIER_AWARD = (0, 100_000, 200_000, 500_000)
HIGH_TECH_AWARD = 150_000
EQUIPMENT_FROM, EQUIPMENT_PERCENT, EQUIPMENT_CAP = 1_000_000, 10, 5_000_000
INTEREST_PERCENT, INTEREST_CAP = 50, 500_000
RENT_PERCENT, RENT_CAP = 30, 200_000
YEAR_CAP = 3_000_000
CLEAN_YEARS = 3

INPUTS = (
    "ip1", "ip2", "rd_bp", "growth_bp", "debt_bp", "main_bp", "industry", "years", "rd_expense",
    "revenue", "financing", "staff_bp", "hightech", "match_pct", "equip", "interest", "rent", "viol_years",
)  # fmt: skip
MONEY_INPUTS = ("rd_expense", "revenue", "financing", "equip", "interest", "rent")
POINTS = tuple(table.output for table in TABLES)
AMOUNTS = ("a", "b", "c", "total")
OUTPUTS = (*POINTS, "score", "level", *AMOUNTS)


def make_firms(count: int, *, seed: int = 20261) -> Columns:
    """`count` firms as int64 columns: money in yuan, `_bp` in basis points, `_pct` in percent, years whole.

    Skewed as real registers are: log-normal revenue and research, few firms with financing or equipment.
    """
    draw = np.random.default_rng(seed)

    def money(mean: float, spread: float, share: float = 1.0) -> NDArray[Any]:
        hundreds = np.floor(np.exp(draw.normal(mean, spread, count)) / 100)
        return np.where(draw.random(count) < share, hundreds * 100, 0)

    revenue = money(16.5, 1.8)
    rd_bp = np.minimum(np.floor(np.exp(draw.normal(5.6, 0.9, count))), 6000)
    firms = {
        "ip1": draw.poisson(1.2, count),
        "ip2": draw.poisson(2.0, count),
        "rd_bp": rd_bp,
        "growth_bp": np.trunc(draw.normal(700, 1500, count)),
        "debt_bp": draw.integers(1000, 9500, count),
        "main_bp": draw.integers(3500, 10_000, count),
        "industry": draw.integers(0, 3, count),
        "years": draw.integers(0, 15, count),
        "rd_expense": np.floor(revenue * rd_bp / 1_000_000) * 100,
        "revenue": revenue,
        "financing": money(17.0, 1.2, share=0.1),
        "staff_bp": draw.integers(0, 9000, count),
        "hightech": draw.random(count) < 0.15,
        "match_pct": np.where(draw.random(count) < 0.5, 50, 100),
        "equip": money(14.5, 1.5, share=0.3),
        "interest": money(12.0, 1.2, share=0.3),
        "rent": money(12.0, 1.0),
        "viol_years": draw.integers(0, 60, count),
    }
    return {name: np.ascontiguousarray(firms[name], dtype=np.int64) for name in INPUTS}


def points_of(table: PointTable, value: int) -> int:
    for bound, points in table.rows:
        if value >= bound if table.better == "larger" else value <= bound:
            return points
    return 0


def tier_of(firm: Mapping[str, int], score: int) -> int:
    """0 none, 1 innovative, 2 special, 3 giant; each rung needs the one below."""
    if score < PASS_MARK:
        return 0
    special = (
        firm["years"] >= SPECIAL_YEARS
        and firm["rd_expense"] >= SPECIAL_RD
        and firm["rd_bp"] >= SPECIAL_RD_BP
        and (firm["revenue"] >= SPECIAL_REVENUE or firm["financing"] >= SPECIAL_FINANCING)
    )
    if not special:
        return 1
    revenue = firm["revenue"]
    giant = firm["years"] >= GIANT_YEARS and (
        revenue >= GIANT_REVENUE
        or (GIANT_SMALLER_REVENUE <= revenue < GIANT_REVENUE and firm["rd_bp"] >= GIANT_SMALLER_RD_BP)
        or (revenue < GIANT_SMALLER_REVENUE and firm["financing"] >= GIANT_FINANCING and firm["staff_bp"] >= GIANT_STAFF_BP)
    )
    return 3 if giant else 2


def judge(firm: Mapping[str, int]) -> dict[str, int]:
    """The reference: the 12 outputs of one firm in plain integers."""
    out = {table.output: points_of(table, firm[table.of]) for table in TABLES}
    if out["p_ip"] == 0 and firm["ip2"] >= 1:
        out["p_ip"] = SECOND_CLASS_IP_POINTS
    out["score"] = sum(out[name] for name in POINTS)
    level = out["level"] = tier_of(firm, out["score"])

    matched = TIER_AWARD[level] * firm["match_pct"] // 100
    out["a"] = max(matched, HIGH_TECH_AWARD if firm["hightech"] == 1 else 0)
    equipment = min(EQUIPMENT_CAP, firm["equip"] * EQUIPMENT_PERCENT // 100)
    interest = min(INTEREST_CAP, firm["interest"] * INTEREST_PERCENT // 100)
    out["b"] = max(equipment if firm["equip"] >= EQUIPMENT_FROM else 0, interest)
    out["c"] = min(RENT_CAP, firm["rent"] * RENT_PERCENT // 100) if level >= 1 else 0
    due = min(YEAR_CAP, out["a"] + out["b"] + out["c"])
    out["total"] = due if firm["viol_years"] >= CLEAN_YEARS else 0
    return out


def judge_all(firms: Columns) -> Columns:
    """The reference over all firms, one at a time on purpose: it shares nothing with any engine measured."""
    count = len(firms[INPUTS[0]])
    results = {name: np.empty(count, dtype=np.int64) for name in OUTPUTS}
    for index, firm in enumerate(rows_of(firms)):
        for name, value in judge(firm).items():
            results[name][index] = value
    return results


def rows_of(firms: Columns) -> list[dict[str, int]]:
    """The firms as one mapping each, in plain Python integers."""
    columns = [firms[name].tolist() for name in INPUTS]
    return [dict(zip(INPUTS, values, strict=True)) for values in zip(*columns, strict=True)]
