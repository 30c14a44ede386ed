"""OpenFisca-Core: the rules as a tiny tax-benefit system with one entity and dated parameters.

As shipped it holds numbers in 32 bits, which cannot hold every yuan above 16,777,216. ``TIDU_BENCH_WIDE=1`` patches the two
dtypes to 64 bits, so that the price of exactness is seen as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import YEAR
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from openfisca_core.variables.config import VALUE_TYPES

from benchmarks import shape
from benchmarks.paced import Contender, serve
from benchmarks.shape import Columns

WIDE = os.environ.get("TIDU_BENCH_WIDE") == "1"
PERIOD, SINCE = "2026", "2020-01-01"
FLOOR = -(10**12)
"""Below every value: the scales of the engine pay nothing under their first threshold, ours pay 0 points there."""

firm_entity = build_entity(key="firm", plural="firms", label="firm", is_person=True)


def dated(value: int) -> dict[str, Any]:
    return {"values": {SINCE: {"value": value}}}


def scale(table: shape.PointTable) -> dict[str, Any]:
    """Thresholds must rise and are lower bounds, so a table where smaller is better is read over the negative value."""
    rows = [(bound if table.better == "larger" else -bound, earned) for bound, earned in table.rows]
    brackets = [
        {"threshold": {SINCE: {"value": bound}}, "amount": {SINCE: {"value": earned}}} for bound, earned in [(FLOOR, 0), *sorted(rows)]
    ]
    return {"metadata": {"type": "single_amount"}, "brackets": brackets}


PARAMETERS: dict[str, Any] = {
    "points": {table.output: scale(table) for table in shape.TABLES},
    "pass_mark": dated(shape.PASS_MARK),
    "tier_award": {f"rung{rung}": dated(award) for rung, award in enumerate(shape.TIER_AWARD)},
    "high_tech": dated(shape.HIGH_TECH_AWARD),
    "equipment": {
        "at_least": dated(shape.EQUIPMENT_FROM),
        "percent": dated(shape.EQUIPMENT_PERCENT),
        "cap": dated(shape.EQUIPMENT_CAP),
    },
    "interest": {"percent": dated(shape.INTEREST_PERCENT), "cap": dated(shape.INTEREST_CAP)},
    "rent": {"percent": dated(shape.RENT_PERCENT), "cap": dated(shape.RENT_CAP)},
    "year_cap": dated(shape.YEAR_CAP),
    "clean_years": dated(shape.CLEAN_YEARS),
}


def table_formula(table: shape.PointTable) -> Callable[..., Any]:
    def formula(firm: Any, period: Any, parameters: Any) -> Any:
        value = firm(table.of, period)
        earned = getattr(parameters(period).points, table.output).calc(value if table.better == "larger" else -value)
        if table.output != "p_ip":
            return earned
        second_class = (firm("ip2", period) >= 1) * shape.SECOND_CLASS_IP_POINTS
        return np.where(earned > 0, earned, second_class)

    return formula


def score(firm: Any, period: Any, _parameters: Any) -> Any:
    return sum(firm(name, period) for name in shape.POINTS)


def innovative(firm: Any, period: Any, parameters: Any) -> Any:
    return firm("score", period) >= parameters(period).pass_mark


def special(firm: Any, period: Any, _parameters: Any) -> Any:
    return (
        firm("innovative", period)
        * (firm("years", period) >= shape.SPECIAL_YEARS)
        * (firm("rd_expense", period) >= shape.SPECIAL_RD)
        * (firm("rd_bp", period) >= shape.SPECIAL_RD_BP)
        * ((firm("revenue", period) >= shape.SPECIAL_REVENUE) + (firm("financing", period) >= shape.SPECIAL_FINANCING))
    )


def giant(firm: Any, period: Any, _parameters: Any) -> Any:
    revenue = firm("revenue", period)
    large = revenue >= shape.GIANT_REVENUE
    medium = (revenue >= shape.GIANT_SMALLER_REVENUE) * (revenue < shape.GIANT_REVENUE)
    small = revenue < shape.GIANT_SMALLER_REVENUE
    return (
        firm("special", period)
        * (firm("years", period) >= shape.GIANT_YEARS)
        * (
            large
            + medium * (firm("rd_bp", period) >= shape.GIANT_SMALLER_RD_BP)
            + small * (firm("financing", period) >= shape.GIANT_FINANCING) * (firm("staff_bp", period) >= shape.GIANT_STAFF_BP)
        )
    )


def level(firm: Any, period: Any, _parameters: Any) -> Any:
    return firm("innovative", period).astype(int) + firm("special", period) + firm("giant", period)


def best_recognition(firm: Any, period: Any, parameters: Any) -> Any:
    law = parameters(period)
    rung = firm("level", period)
    awards = [law.tier_award.rung1, law.tier_award.rung2, law.tier_award.rung3]
    matched = np.select([rung == 1, rung == 2, rung == 3], awards, 0) * firm("match_pct", period) / 100
    return np.maximum(matched, (firm("hightech", period) == 1) * law.high_tech)


def best_investment(firm: Any, period: Any, parameters: Any) -> Any:
    law, basis = parameters(period), firm("equip", period)
    equipment = np.minimum(law.equipment.cap, basis * law.equipment.percent / 100)
    interest = np.minimum(law.interest.cap, firm("interest", period) * law.interest.percent / 100)
    return np.maximum((basis >= law.equipment.at_least) * equipment, interest)


def rent(firm: Any, period: Any, parameters: Any) -> Any:
    law = parameters(period).rent
    return (firm("level", period) >= 1) * np.minimum(law.cap, firm("rent", period) * law.percent / 100)


def total(firm: Any, period: Any, parameters: Any) -> Any:
    law = parameters(period)
    due = np.minimum(law.year_cap, firm("a", period) + firm("b", period) + firm("c", period))
    return (firm("viol_years", period) >= law.clean_years) * due


def variable(name: str, kind: type, formula: Callable[..., Any] | None = None) -> type[Variable]:
    body = {"value_type": kind, "entity": firm_entity, "definition_period": YEAR, "label": name}
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def tax_benefit_system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([firm_entity])
    system.parameters = ParameterNode("", data=PARAMETERS)
    system.add_variables(
        *(variable(name, float) for name in shape.INPUTS),
        *(variable(table.output, float, table_formula(table)) for table in shape.TABLES),
        *(variable(rule.__name__, bool, rule) for rule in (innovative, special, giant)),
        variable("score", float, score),
        variable("level", int, level),
        variable("a", float, best_recognition),
        variable("b", float, best_investment),
        variable("c", float, rent),
        variable("total", float, total),
    )
    return system


def contender(firms: Columns) -> Contender:
    if WIDE:
        VALUE_TYPES[float]["dtype"] = np.float64
        VALUE_TYPES[int]["dtype"] = np.int64
    system = tax_benefit_system()
    number = np.float64 if WIDE else np.float32
    count = len(firms["years"])

    def run() -> dict[str, Any]:
        simulation = SimulationBuilder().build_default_simulation(system, count=count)
        for name in shape.INPUTS:
            simulation.set_input(name, PERIOD, firms[name].astype(number))
        return {name: simulation.calculate(name, PERIOD) for name in shape.OUTPUTS}

    width = "patched to 64 bits" if WIDE else "as shipped, 32 bits"
    return Contender(
        name=f"OpenFisca-Core ({width})",
        run=run,
        columns=lambda result: result,
        note=f"openfisca-core {version('openfisca-core')}",
    )


if __name__ == "__main__":
    serve(contender)
