"""What a good engineer writes in Polars for these rules alone: the floor that a general engine is measured against."""

from __future__ import annotations

import polars as pl

from benchmarks import shape
from benchmarks.paced import Contender, serve
from benchmarks.shape import Columns


def whole(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.Int64)


def yuan(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.Float64)


def points(table: shape.PointTable, otherwise: pl.Expr) -> pl.Expr:
    value = pl.col(table.of)
    chosen = otherwise
    for bound, earned in reversed(table.rows):
        holds = value >= bound if table.better == "larger" else value <= bound
        chosen = pl.when(holds).then(whole(earned)).otherwise(chosen)
    return chosen


def tier() -> pl.Expr:
    rd_bp, revenue, financing = pl.col("rd_bp"), pl.col("revenue"), pl.col("financing")
    innovative = pl.col("score") >= shape.PASS_MARK
    special = (
        innovative
        & (pl.col("years") >= shape.SPECIAL_YEARS)
        & (pl.col("rd_expense") >= shape.SPECIAL_RD)
        & (rd_bp >= shape.SPECIAL_RD_BP)
        & ((revenue >= shape.SPECIAL_REVENUE) | (financing >= shape.SPECIAL_FINANCING))
    )
    smaller = (revenue >= shape.GIANT_SMALLER_REVENUE) & (revenue < shape.GIANT_REVENUE)
    giant = (
        special
        & (pl.col("years") >= shape.GIANT_YEARS)
        & (
            (revenue >= shape.GIANT_REVENUE)
            | (smaller & (rd_bp >= shape.GIANT_SMALLER_RD_BP))
            | (
                (revenue < shape.GIANT_SMALLER_REVENUE)
                & (financing >= shape.GIANT_FINANCING)
                & (pl.col("staff_bp") >= shape.GIANT_STAFF_BP)
            )
        )
    )
    return pl.when(giant).then(whole(3)).when(special).then(whole(2)).when(innovative).then(whole(1)).otherwise(whole(0))


def rate(basis: str, percent: int, cap: int) -> pl.Expr:
    return pl.min_horizontal(yuan(cap), pl.col(basis) * percent / 100)


def amounts() -> list[pl.Expr]:
    level = pl.col("level")
    tier_award = yuan(0)
    for rung, award in enumerate(shape.TIER_AWARD[1:], start=1):
        tier_award = pl.when(level == rung).then(yuan(award)).otherwise(tier_award)
    high_tech = pl.when(pl.col("hightech") == 1).then(yuan(shape.HIGH_TECH_AWARD)).otherwise(yuan(0))
    equipment = rate("equip", shape.EQUIPMENT_PERCENT, shape.EQUIPMENT_CAP)
    large_enough = pl.col("equip") >= shape.EQUIPMENT_FROM
    rent = rate("rent", shape.RENT_PERCENT, shape.RENT_CAP)
    return [
        pl.max_horizontal(tier_award * pl.col("match_pct") / 100, high_tech).alias("a"),
        pl.max_horizontal(
            pl.when(large_enough).then(equipment).otherwise(yuan(0)),
            rate("interest", shape.INTEREST_PERCENT, shape.INTEREST_CAP),
        ).alias("b"),
        pl.when(level >= 1).then(rent).otherwise(yuan(0)).alias("c"),
    ]


def outputs(firms: pl.LazyFrame) -> pl.LazyFrame:
    """The 12 outputs of firms given as 18 integer columns, money in yuan."""
    nothing = whole(0)
    second_class = pl.when(pl.col("ip2") >= 1).then(whole(shape.SECOND_CLASS_IP_POINTS)).otherwise(nothing)
    otherwise = {"p_ip": second_class}
    total = pl.min_horizontal(yuan(shape.YEAR_CAP), pl.col("a") + pl.col("b") + pl.col("c"))
    return (
        firms.with_columns(points(t, otherwise.get(t.output, nothing)).alias(t.output) for t in shape.TABLES)
        .with_columns(score=pl.sum_horizontal(shape.POINTS))
        .with_columns(level=tier())
        .with_columns(amounts())
        .with_columns(total=pl.when(pl.col("viol_years") >= shape.CLEAN_YEARS).then(total).otherwise(yuan(0)))
        .select(shape.OUTPUTS)
    )


def contender(firms: Columns) -> Contender:
    frame = pl.DataFrame(firms)
    return Contender(
        name="Polars by hand",
        run=lambda: outputs(frame.lazy()).collect(),
        columns=lambda result: {name: result[name].to_numpy() for name in shape.OUTPUTS},
        note=f"polars {pl.__version__}, {pl.thread_pool_size()} threads",
    )


if __name__ == "__main__":
    serve(contender)
