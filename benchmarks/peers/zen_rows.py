"""The ZEN engine: one decision graph of six tables and two expression nodes, all firms in one batch."""

from __future__ import annotations

import json
from importlib.metadata import version
from itertools import pairwise
from typing import Any

import zen

from benchmarks import shape
from benchmarks.paced import Contender, serve
from benchmarks.shape import Columns

SPECIAL = (
    f"$.innovative and years >= {shape.SPECIAL_YEARS} and rd_expense >= {shape.SPECIAL_RD}"
    f" and rd_bp >= {shape.SPECIAL_RD_BP}"
    f" and (revenue >= {shape.SPECIAL_REVENUE} or financing >= {shape.SPECIAL_FINANCING})"
)
GIANT = (
    f"$.special and years >= {shape.GIANT_YEARS} and (revenue >= {shape.GIANT_REVENUE}"
    f" or (revenue >= {shape.GIANT_SMALLER_REVENUE} and revenue < {shape.GIANT_REVENUE}"
    f" and rd_bp >= {shape.GIANT_SMALLER_RD_BP})"
    f" or (revenue < {shape.GIANT_SMALLER_REVENUE} and financing >= {shape.GIANT_FINANCING}"
    f" and staff_bp >= {shape.GIANT_STAFF_BP}))"
)
TIERS = {
    "score": " + ".join(shape.POINTS),
    "innovative": f"$.score >= {shape.PASS_MARK}",
    "special": SPECIAL,
    "giant": GIANT,
    "level": "$.giant ? 3 : $.special ? 2 : $.innovative ? 1 : 0",
}
_, _AWARD1, _AWARD2, _AWARD3 = shape.TIER_AWARD


def rate(basis: str, percent: int, cap: int) -> str:
    return f"min([{cap}, {basis} * {percent} / 100])"


AMOUNTS = {
    "a": f"max([(level == 3 ? {_AWARD3} : level == 2 ? {_AWARD2} : level == 1 ? {_AWARD1} : 0) * match_pct / 100,"
    f" hightech == 1 ? {shape.HIGH_TECH_AWARD} : 0])",
    "b": f"max([equip >= {shape.EQUIPMENT_FROM} ? {rate('equip', shape.EQUIPMENT_PERCENT, shape.EQUIPMENT_CAP)} : 0,"
    f" {rate('interest', shape.INTEREST_PERCENT, shape.INTEREST_CAP)}])",
    "c": f"level >= 1 ? {rate('rent', shape.RENT_PERCENT, shape.RENT_CAP)} : 0",
    "total": f"viol_years >= {shape.CLEAN_YEARS} ? min([{shape.YEAR_CAP}, $.a + $.b + $.c]) : 0",
}


def node(name: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}


def table_node(table: shape.PointTable) -> dict[str, Any]:
    sign = ">=" if table.better == "larger" else "<="
    otherwise = f"ip2 >= 1 ? {shape.SECOND_CLASS_IP_POINTS} : 0" if table.output == "p_ip" else "0"
    rows = [(f"{sign} {bound}", str(earned)) for bound, earned in table.rows] + [("", otherwise)]
    content = {
        "hitPolicy": "first",
        "passThrough": True,
        "executionMode": "single",
        "inputs": [{"id": "when", "name": table.of, "field": table.of}],
        "outputs": [{"id": "then", "name": table.output, "field": table.output}],
        "rules": [{"_id": f"{table.output}-{i}", "when": when, "then": then} for i, (when, then) in enumerate(rows)],
    }
    return node(table.output, "decisionTableNode", content)


def expression_node(name: str, expressions: dict[str, str]) -> dict[str, Any]:
    steps = [{"id": f"{name}-{key}", "key": key, "value": value} for key, value in expressions.items()]
    return node(name, "expressionNode", {"passThrough": True, "executionMode": "single", "expressions": steps})


def graph() -> dict[str, Any]:
    """The nodes one after the other, each passing on what it received."""
    nodes = [
        node("firm", "inputNode", {"schema": ""}),
        *map(table_node, shape.TABLES),
        expression_node("tiers", TIERS),
        expression_node("amounts", AMOUNTS),
        node("answer", "outputNode", {"schema": ""}),
    ]
    names = [each["id"] for each in nodes]
    edges = [{"id": f"{source}>{target}", "sourceId": source, "targetId": target, "type": "edge"} for source, target in pairwise(names)]
    return {"nodes": nodes, "edges": edges}


def contender(firms: Columns) -> Contender:
    content = {"rules": json.loads(json.dumps(graph()))}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
    requests = [{"key": "rules", "context": firm} for firm in shape.rows_of(firms)]

    def columns(answers: list[dict[str, Any]]) -> dict[str, list[float]]:
        results = [answer["data"]["result"] for answer in answers]
        return {name: [float(result[name]) for result in results] for name in shape.OUTPUTS}

    return Contender(
        name="ZEN (evaluate_batch)",
        run=lambda: engine.evaluate_batch(requests),
        columns=columns,
        note=f"zen-engine {version('zen-engine')}, one graph of {len(content['rules']['nodes'])} nodes",
    )


if __name__ == "__main__":
    serve(contender)
