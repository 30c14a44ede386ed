"""The monthly table of taxable revenue, insured staff and electricity of industrial firms around the 20-million line."""

from __future__ import annotations

import polars as pl

from tidu.demo.draws import Draws
from tidu.demo.identity import COMPANY
from tidu.demo.registers import expanded
from tidu.kernel.facts import MONTH, Catalogue
from tidu.kernel.population import month_schema

LOWEST_FEN, HIGHEST_FEN = 1_000_000_000, 3_600_000_000
"""Revenue of the last year, in fen, between which a firm is watched month by month (10 to 36 million yuan)."""
LAST_MONTH = 4
"""The table ends with April of the year after the last: May is not declared by 1 June."""
_SEASON = {1: 0.86, 2: 0.66, 3: 1.02, 4: 1.0, 5: 1.02, 6: 1.08, 7: 0.98, 8: 0.97, 9: 1.05, 10: 1.02, 11: 1.1, 12: 1.24}


def watched(base: pl.DataFrame) -> pl.Series:
    """Which firms the table covers: industrial companies near the line, active in the last year."""
    division = base["industry_code"].str.slice(0, 2)
    near = base["revenue"].is_between(LOWEST_FEN, HIGHEST_FEN)
    return near & division.is_between(pl.lit("06"), pl.lit("46")) & (base["entity"] == COMPANY) & ~base["dormant"]


def make_months(seed: int, base: pl.DataFrame, last_year: int, facts: Catalogue) -> pl.DataFrame:
    """12 to 24 months for each watched firm, led by ``index``; a month in fifty is missing, one in a hundred is zero."""
    length = Draws(seed, base["index"]).integer("months on file", 12, 24)
    rows = expanded(base, length * watched(base).cast(pl.Int64))
    draws = Draws(seed, rows["key"])
    back = pl.col("count") - 1 - pl.col("number")
    end = pl.lit((last_year + 1) * 12 + LAST_MONTH - 1) - back
    rows = rows.with_columns(
        pl.date(end // 12, end % 12 + 1, 1).alias(MONTH),
        (end - (last_year * 12 + 5)).cast(pl.Float64).alias("distance"),
        (draws.normal("monthly noise") * 0.12 + 1.0).clip(0.3, 2.0).alias("noise"),
        draws.uniform("monthly trait").alias("trait"),
        draws.uniform("power").alias("power"),
    )
    season = pl.col(MONTH).dt.month().replace_strict(_SEASON, return_dtype=pl.Float64)
    trend = (pl.col("distance") * (pl.col("quality") * 0.004 + 0.005) + 1.0).clip(0.2, 3.0)
    amount = (pl.col("revenue") / 12.0 * season * pl.col("noise") * trend).round(0).cast(pl.Int64)
    staff = (pl.col("revenue") / pl.col("per_head") * trend).round(0).cast(pl.Int64).clip(1)
    rows = rows.with_columns(
        pl.when(pl.col("trait") < 0.02).then(None).when(pl.col("trait") > 0.99).then(0).otherwise(amount).alias("应税收入"),
        pl.when(pl.col("trait") > 0.05).then(staff).alias("社保人数"),
        (amount.cast(pl.Float64) / 1e6 * (pl.col("power") * 240.0 + 160.0)).round(0).cast(pl.Int64).alias("用电量"),
    )
    schema = month_schema(facts)
    blank = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in rows.columns]
    return rows.with_columns(blank).select("index", *(pl.col(name).cast(kind) for name, kind in schema.items())).sort("index", MONTH)
