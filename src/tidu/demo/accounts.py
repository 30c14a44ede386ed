"""Sizes, quality and yearly figures of the fictional firms.

Each firm has a latent quality that lifts growth, margin, research and standing together, so that the ladder comes out plausible.
Floats are used to draw; what is kept are whole fen and whole persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from tidu.demo.draws import Draws
from tidu.demo.identity import COMPANY, COOPERATIVE, HOUSEHOLD
from tidu.kernel.facts import FIRM_CODE, YEAR, Catalogue, Kind
from tidu.kernel.population import year_schema

_LN10 = 2.302585092994046
_FEN_PER_WAN = 1_000_000.0
LARGEST_REVENUE = 2e11
"""Two billion yuan in fen: no firm of the district is larger."""


def with_latents(seed: int, base: pl.DataFrame) -> pl.DataFrame:
    """Add quality, size, revenue of the last year (fen), research, and flags of the traits that are drawn once per firm."""
    draws = Draws(seed, base["index"])
    quality = draws.normal("quality")
    scale = quality * 0.35 + draws.normal("scale") * 0.937
    spread = pl.select(pl.when(base["entity"] == HOUSEHOLD).then(0.35).otherwise(0.62)).to_series()
    lift = base["entity"].replace_strict({COMPANY: 0.0, HOUSEHOLD: -1.0, COOPERATIVE: -0.3}, return_dtype=pl.Float64)
    revenue = ((base["size"] + lift + scale * spread) * _LN10).exp() * _FEN_PER_WAN
    dormant = draws.chance("dormant", 0.018)
    researches = (draws.uniform("researches") < base["research"] + quality * 0.16 + scale * 0.06) & (base["entity"] == COMPANY)
    intensity = ((draws.normal("intensity") * 0.55 + quality * 0.22).exp() * 0.036).clip(0.004, 0.45)
    return base.with_columns(
        quality.alias("quality"),
        scale.alias("scale"),
        revenue.clip(0.0, LARGEST_REVENUE).alias("revenue"),
        dormant.alias("dormant"),
        (researches & (base["research"] > 0)).alias("researches"),
        intensity.alias("intensity"),
        (draws.normal("equity share") * 0.2 + 0.52 - quality * 0.06).clip(0.03, 1.35).alias("debt"),
        (draws.normal("asset turn") * 0.5).exp().alias("asset_turn"),
        ((draws.normal("productivity") * 0.4).exp() * base["productivity"] * _FEN_PER_WAN).alias("per_head"),
        ((1.0 - draws.uniform("side line") * 0.6).clip(0.5, 0.9) + 0.1).alias("main_share"),
        draws.chance("one line only", 0.3).alias("one_line"),
    )


def with_ambition(seed: int, base: pl.DataFrame) -> pl.DataFrame:
    """Firms that want titles run themselves by what the standards ask; most of them get there, some do not.

    Needs ``standing``; adds ``ambitious`` and lifts research to the share that goes with the size
    (5, 4 or 3 %, and 6 % on the way to 小巨人), and keeps the best firms to their main line.
    """
    draws = Draws(seed, base["index"])
    ambitious = (base["standing"] >= 0.5) & draws.chance("ambitious", 0.88)
    asked = (
        pl.when((pl.col("standing") >= 2.6) & (pl.col("revenue") < 1e10))
        .then(0.06)
        .when(pl.col("revenue") <= 5e9)
        .then(0.05)
        .when(pl.col("revenue") <= 2e10)
        .then(0.04)
        .otherwise(0.03)
    )
    margin = 1.06 + draws.uniform("above what is asked") * 0.6
    lifted = pl.max_horizontal("intensity", asked * pl.col("margin").cast(pl.Float64))
    frame = base.with_columns(ambitious.alias("ambitious"), margin.alias("margin"))
    focused = pl.when(pl.col("ambitious") & (pl.col("standing") >= 1.9)).then(pl.max_horizontal("main_share", pl.lit(0.76)))
    return frame.with_columns(
        pl.when("ambitious").then(lifted).otherwise("intensity").alias("intensity"),
        focused.otherwise("main_share").alias("main_share"),
    ).drop("margin")


def _floor(values: pl.Series, base: pl.DataFrame, lowest: float) -> pl.Series:
    """``values``, not below ``lowest`` for ambitious firms."""
    return pl.select(pl.when(base["ambitious"] & (values < lowest)).then(lowest).otherwise(values)).to_series()


def _money(values: pl.Series) -> pl.Series:
    """Fen rounded to ten yuan, as books in 万元 with three decimals have them."""
    return (values / 1000.0).round(0).cast(pl.Int64) * 1000


def _growth(draws: Draws, base: pl.DataFrame, year: int) -> pl.Series:
    return (base["quality"] * 0.055 + draws.normal(f"growth {year}") * 0.16 + 0.07).clip(-0.55, 1.2)


def _sales(draws: Draws, base: pl.DataFrame, revenue: pl.Series, year: int) -> dict[str, pl.Series]:
    """What follows from the revenue of one year (float fen in, whole fen out)."""
    nothing = revenue == 0
    turnover = revenue.round(0).cast(pl.Int64)
    share = (base["main_share"] + draws.normal(f"main {year}") * 0.015).clip(0.3, 1.0)
    main = _money(turnover * share).zip_with(~base["one_line"], turnover)
    margin = (base["quality"] * 0.03 + draws.normal(f"margin {year}") * 0.055 + 0.045).clip(-0.7, 0.38)
    idle = -_money(draws.uniform(f"idle loss {year}") * 4e7)
    profit = idle.zip_with(nothing, _money(turnover * margin))
    total = _money(turnover * (1.0 + draws.uniform(f"other income {year}") * 0.03))
    total = pl.DataFrame([total.alias("a"), turnover.alias("b")]).select(pl.max_horizontal("a", "b")).to_series()
    research = _money(turnover * (base["intensity"] * (draws.normal(f"research {year}") * 0.12).exp()).clip(0.0, 0.6))
    idle_research = _money(draws.uniform(f"idle research {year}") * 6e8)
    research = idle_research.zip_with(nothing, research)
    research = research * base["researches"].cast(pl.Int64)
    part = (base["quality"] * 0.06 + draws.normal(f"advanced {year}") * 0.12 + 0.68).clip(0.1, 0.98)
    advanced = _money(total * _floor(part, base, 0.61))
    return {
        "营业收入": turnover,
        "主营业务收入": pl.DataFrame([main.alias("a"), turnover.alias("b")]).select(pl.min_horizontal("a", "b")).to_series(),
        "净利润": profit,
        "总收入": total,
        "研发费用": research,
        "成本费用支出": _money((total - profit * 1.18).clip(0.0)),
        "高新技术产品收入": advanced * base["researches"].cast(pl.Int64),
        "上缴税金": _money(turnover * (draws.uniform(f"tax {year}") * 0.05 + 0.01)),
        "研发费用加计扣除": (research > 0) & draws.chance(f"super deduction {year}", 0.78),
    }


def _balance_and_staff(draws: Draws, base: pl.DataFrame, revenue: pl.Series, year: int) -> dict[str, pl.Series]:
    idle_assets = draws.uniform(f"idle assets {year}") * 8e8 + 1e7
    assets = _money(idle_assets.zip_with(revenue == 0, revenue * base["asset_turn"] + 1e7))
    debt = (base["debt"] + draws.normal(f"debt {year}") * 0.04).clip(0.0, 1.5)
    heads = (revenue / base["per_head"]).round(0).cast(pl.Int64).clip(1)
    heads = draws.integer(f"idle staff {year}", 0, 8).zip_with(revenue == 0, heads)
    share = ((base["quality"] * 0.22 + draws.normal(f"research staff {year}") * 0.3).exp() * 0.13).clip(0.0, 0.75)
    wide = _floor((share * (draws.uniform(f"technical staff {year}") * 0.5 + 1.0)).clip(0.0, 0.9), base, 0.12)
    active = base["researches"].cast(pl.Int64)
    raised = draws.chance(f"raised {year}", (base["quality"] * 0.012 + 0.014).clip(0.0, 1.0)) & base["researches"]
    amount = _money((draws.normal(f"raised amount {year}") * 1.0).exp() * 1.2e9)
    return {
        "资产总额": assets,
        "负债总额": _money(assets * debt),
        "从业人员": heads,
        "研发人员": (heads * share).round(0).cast(pl.Int64) * active,
        "科技人员": (heads * wide).ceil().cast(pl.Int64) * active,
        **_official_score(draws, base, year),
        "新增股权融资额": amount * raised.cast(pl.Int64),
    }


def _official_score(draws: Draws, base: pl.DataFrame, year: int) -> dict[str, pl.Series]:
    """The platform's score, entered for some of the firms on the upper rungs and unknown for everyone else."""
    entered = (base["standing"] >= 1.6) & draws.chance(f"score entered {year}", 0.55)
    score = (base["standing"] * 9.0 + draws.normal(f"score {year}") * 6.0 + 38.0).round(0).cast(pl.Int64).clip(0, 110)
    return {"专精特新发展评价得分": pl.select(pl.when(entered).then(score)).to_series()}


def _activity(draws: Draws, base: pl.DataFrame, year: int, last: bool) -> pl.Series:
    """Share of the year in which the firm sold anything: none while dormant, a part in the year of its founding."""
    lasting = draws.chance("long dormant", 0.5)
    active = ~(base["dormant"] & (lasting | last))
    frame = base.select((pl.lit(date(year, 12, 31)) - pl.col("established")).dt.total_days().clip(0, 365).alias("days"))
    return (frame["days"].cast(pl.Float64) / 365.0) * active.cast(pl.Float64)


def make_years(seed: int, base: pl.DataFrame, years: Sequence[int], facts: Catalogue) -> pl.DataFrame:
    """Firm-years, one row for each year in which the firm existed, with nothing missing yet; ``index`` leads the columns."""
    draws = Draws(seed, base["index"])
    underlying = base["revenue"]
    order = [name for name in year_schema(facts) if name not in {FIRM_CODE, YEAR}]
    known = {fact.name for fact in facts.of_kind(Kind.YEAR)}
    frames: list[pl.DataFrame] = []
    for year in range(max(years), min(years) - 1, -1):
        if year in years:
            revenue = underlying * _activity(draws, base, year, year == max(years))
            columns = _sales(draws, base, revenue, year) | _balance_and_staff(draws, base, revenue, year)
            frame = base.select("index", FIRM_CODE, pl.lit(year, dtype=pl.Int64).alias(YEAR), "established")
            frame = frame.with_columns(column.alias(name) for name, column in columns.items() if name in known)
            frames.append(frame.filter(pl.col("established") <= date(year, 12, 31)).drop("established"))
        underlying = underlying / (1.0 + _growth(draws, base, year))
    rows = pl.concat(frames).sort("index", YEAR)
    missing = [pl.lit(None, dtype=year_schema(facts)[name]).alias(name) for name in order if name not in rows.columns]
    return rows.with_columns(missing).select("index", FIRM_CODE, YEAR, *order)
