"""The rules as one hand-written SQL query, table in memory to Arrow."""

from __future__ import annotations

import duckdb
import numpy as np

from benchmarks import shape
from benchmarks.paced import Contender, serve
from benchmarks.shape import Columns


def points(table: shape.PointTable) -> str:
    sign = ">=" if table.better == "larger" else "<="
    steps = " ".join(f"WHEN {table.of} {sign} {bound} THEN {earned}" for bound, earned in table.rows)
    if table.output == "p_ip":
        steps += f" WHEN ip2 >= 1 THEN {shape.SECOND_CLASS_IP_POINTS}"
    return f"CASE {steps} ELSE 0 END AS {table.output}"


def rate(basis: str, percent: int, cap: int) -> str:
    return f"least({cap}, {basis}::DOUBLE * {percent} / 100)"


def query(source: str) -> str:
    """The 12 outputs over `source`, a table or anything else that DuckDB can read from."""
    s = shape
    tiers = " ".join(f"WHEN {rung} THEN {award}" for rung, award in enumerate(s.TIER_AWARD))
    return f"""
    WITH pointed AS (SELECT *, {", ".join(map(points, s.TABLES))} FROM {source}),
    scored AS (SELECT *, {" + ".join(s.POINTS)} AS score FROM pointed),
    judged AS (SELECT *, score >= {s.PASS_MARK} AND years >= {s.SPECIAL_YEARS} AND rd_expense >= {s.SPECIAL_RD}
        AND rd_bp >= {s.SPECIAL_RD_BP} AND (revenue >= {s.SPECIAL_REVENUE} OR financing >= {s.SPECIAL_FINANCING})
        AS special FROM scored),
    tiered AS (SELECT *, CASE
        WHEN special AND years >= {s.GIANT_YEARS} AND (revenue >= {s.GIANT_REVENUE}
            OR (revenue >= {s.GIANT_SMALLER_REVENUE} AND revenue < {s.GIANT_REVENUE} AND rd_bp >= {s.GIANT_SMALLER_RD_BP})
            OR (revenue < {s.GIANT_SMALLER_REVENUE} AND financing >= {s.GIANT_FINANCING} AND staff_bp >= {s.GIANT_STAFF_BP}))
        THEN 3 WHEN special THEN 2 WHEN score >= {s.PASS_MARK} THEN 1 ELSE 0 END AS level FROM judged),
    paid AS (SELECT *,
        greatest(CASE level {tiers} END * match_pct::DOUBLE / 100,
            CASE WHEN hightech = 1 THEN {s.HIGH_TECH_AWARD} ELSE 0 END) AS a,
        greatest(CASE WHEN equip >= {s.EQUIPMENT_FROM} THEN {rate("equip", s.EQUIPMENT_PERCENT, s.EQUIPMENT_CAP)} ELSE 0 END,
            {rate("interest", s.INTEREST_PERCENT, s.INTEREST_CAP)}) AS b,
        CASE WHEN level >= 1 THEN {rate("rent", s.RENT_PERCENT, s.RENT_CAP)} ELSE 0 END AS c FROM tiered)
    SELECT {", ".join(s.OUTPUTS[:-1])},
        CASE WHEN viol_years >= {s.CLEAN_YEARS} THEN least({s.YEAR_CAP}, a + b + c) ELSE 0 END AS total FROM paid"""


def contender(firms: Columns) -> Contender:
    connection = duckdb.connect()
    connection.register("incoming", {name: np.asarray(values) for name, values in firms.items()})
    connection.execute("CREATE TABLE firms AS SELECT * FROM incoming")
    connection.unregister("incoming")
    text = query("firms")
    return Contender(
        name="DuckDB by hand",
        run=lambda: connection.sql(text).to_arrow_table(),
        columns=lambda result: {name: result.column(name).to_numpy() for name in shape.OUTPUTS},
        note=f"duckdb {duckdb.__version__}",
    )


if __name__ == "__main__":
    serve(contender)
