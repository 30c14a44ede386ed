"""rule-engine: the rules as a list of expressions per firm, each seeing the answers of those before."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import rule_engine

from benchmarks import shape
from benchmarks.paced import Contender, serve
from benchmarks.shape import Columns


def points(table: shape.PointTable) -> str:
    sign = ">=" if table.better == "larger" else "<="
    text = f"ip2 >= 1 ? {shape.SECOND_CLASS_IP_POINTS} : 0" if table.output == "p_ip" else "0"
    for bound, earned in reversed(table.rows):
        text = f"{table.of} {sign} {bound} ? {earned} : ({text})"
    return text


def rate(basis: str, percent: int, cap: int) -> str:
    return f"$min([{cap}, {basis} * {percent} / 100])"


def expressions() -> dict[str, str]:
    s = shape
    _, first, second, third = s.TIER_AWARD
    return {
        **{table.output: points(table) for table in s.TABLES},
        "score": " + ".join(s.POINTS),
        "special": f"score >= {s.PASS_MARK} and years >= {s.SPECIAL_YEARS} and rd_expense >= {s.SPECIAL_RD}"
        f" and rd_bp >= {s.SPECIAL_RD_BP} and (revenue >= {s.SPECIAL_REVENUE} or financing >= {s.SPECIAL_FINANCING})",
        "giant": f"special and years >= {s.GIANT_YEARS} and (revenue >= {s.GIANT_REVENUE}"
        f" or (revenue >= {s.GIANT_SMALLER_REVENUE} and revenue < {s.GIANT_REVENUE} and rd_bp >= {s.GIANT_SMALLER_RD_BP})"
        f" or (revenue < {s.GIANT_SMALLER_REVENUE} and financing >= {s.GIANT_FINANCING}"
        f" and staff_bp >= {s.GIANT_STAFF_BP}))",
        "level": f"giant ? 3 : (special ? 2 : (score >= {s.PASS_MARK} ? 1 : 0))",
        "award": f"level == 3 ? {third} : (level == 2 ? {second} : (level == 1 ? {first} : 0))",
        "a": f"$max([award * match_pct / 100, hightech == 1 ? {s.HIGH_TECH_AWARD} : 0])",
        "b": f"$max([equip >= {s.EQUIPMENT_FROM} ? {rate('equip', s.EQUIPMENT_PERCENT, s.EQUIPMENT_CAP)} : 0,"
        f" {rate('interest', s.INTEREST_PERCENT, s.INTEREST_CAP)}])",
        "c": f"level >= 1 ? {rate('rent', s.RENT_PERCENT, s.RENT_CAP)} : 0",
        "total": f"viol_years >= {s.CLEAN_YEARS} ? $min([{s.YEAR_CAP}, a + b + c]) : 0",
    }


def contender(firms: Columns) -> Contender:
    rules = [(name, rule_engine.Rule(text)) for name, text in expressions().items()]
    rows = shape.rows_of(firms)

    def run() -> list[dict[str, Any]]:
        answers = []
        for row in rows:
            known: dict[str, Any] = dict(row)
            for name, rule in rules:
                known[name] = rule.evaluate(known)
            answers.append(known)
        return answers

    return Contender(
        name="rule-engine",
        run=run,
        columns=lambda answers: {name: [float(each[name]) for each in answers] for name in shape.OUTPUTS},
        note=f"rule-engine {version('rule-engine')}, decimal arithmetic",
    )


if __name__ == "__main__":
    serve(contender)
