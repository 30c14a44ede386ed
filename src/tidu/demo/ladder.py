"""Rungs of the ladder that the fictional firms hold: recognitions with level, dates and number, fewer on every rung."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from tidu.demo.draws import Draws
from tidu.kernel.facts import FIRM_CODE, Catalogue
from tidu.kernel.population import event_schema

RECOGNITION = "认定"


@dataclass(frozen=True, slots=True)
class Rung:
    """A title: firms whose standing is at least ``standing`` hold it with probability ``held``.

    ``month`` and ``day`` are those of the yearly list, ``valid`` its years, ``least_revenue`` is in 万元,
    ``least_age`` in years at the day of the title.
    """

    name: str
    level: str
    standing: float
    held: float
    month: int
    day: int
    valid: int | None
    least_revenue: int = 0
    issuer: str = ""
    least_age: int = 0


RUNGS: tuple[Rung, ...] = (
    Rung("科技型中小企业", "国家级", 0.55, 0.90, 4, 28, 1, 0, "示例科"),
    Rung("高新技术企业", "国家级", 0.85, 0.90, 11, 15, 3, 100, "示例高", 1),
    Rung("创新型中小企业", "省级", 1.15, 0.92, 6, 20, 3, 200, "示例创"),
    Rung("专精特新培育企业", "市级", 1.62, 0.95, 3, 10, None, 500, "示例市"),
    Rung("专精特新中小企业", "省级", 1.9, 0.97, 5, 1, 3, 1000, "示例省", 2),
    Rung("专精特新小巨人", "国家级", 2.5, 0.9, 7, 1, 3, 5000, "示例国", 4),
    Rung("制造业单项冠军", "国家级", 2.25, 0.8, 11, 20, 3, 6000, "示例冠", 11),
    Rung("知识产权优势企业", "国家级", 2.30, 0.35, 9, 28, 3, 2000, "示例知"),
    Rung("知识产权示范企业", "国家级", 2.60, 0.20, 9, 28, 3, 5000, "示例知"),
    Rung("技术创新示范企业", "国家级", 2.60, 0.20, 10, 18, 3, 5000, "示例技"),
)
_ALIAS_BEFORE = 2023
"""Until the end of 2022 the provincial title was called 小巨人 too; the registers keep the name of the day."""


def with_standing(seed: int, base: pl.DataFrame) -> pl.DataFrame:
    """Add ``standing``, the latent that decides on titles; firms without research stand at -9."""
    draws = Draws(seed, base["index"])
    standing = base["quality"] * 0.75 + base["scale"] * 0.4 + draws.normal("standing") * 0.45
    return base.with_columns(pl.when("researches").then(standing).otherwise(-9.0).alias("standing"))


def _day_in(year: pl.Expr, rung: Rung) -> pl.Expr:
    return pl.date(year, rung.month, rung.day)


def _numbers(draws: Draws, rung: Rung, count: int) -> pl.Series:
    serials = draws.integer(f"number of {rung.name}", 1, 480)
    frame = pl.DataFrame({"serial": serials})
    return (
        frame.select(pl.lit(rung.issuer) + pl.lit("{}-") + pl.col("serial").cast(pl.String)).to_series()
        if count
        else serials.cast(pl.String)
    )


def _title_rows(draws: Draws, base: pl.DataFrame, rung: Rung, assessed_on: date) -> pl.DataFrame:
    """Rows of one title: the year of the last list or one of the three before; short titles are renewed every year."""
    back = draws.integer(f"year of {rung.name}", 0, 3 if rung.valid != 1 else 1)
    latest = assessed_on.year if (rung.month, rung.day) <= (assessed_on.month, assessed_on.day) else assessed_on.year - 1
    holds = (base["standing"] >= rung.standing) & draws.chance(f"holds {rung.name}", rung.held)
    frame = base.select("index", FIRM_CODE, "revenue", "established").with_columns(
        (latest - back).alias("year"), _numbers(draws, rung, len(base)).alias("文号")
    )
    frame = frame.filter(holds & (base["revenue"] >= rung.least_revenue * 1_000_000.0)).with_columns(
        _day_in(pl.col("year"), rung).alias("日期")
    )
    end = pl.lit(None, dtype=pl.Date)
    if rung.valid is not None:
        end = pl.date(pl.col("year") + rung.valid, rung.month, rung.day) - pl.duration(days=1)
    name = pl.lit(rung.name)
    if rung.name == "专精特新中小企业":
        name = pl.when(pl.col("year") < _ALIAS_BEFORE).then(pl.lit("专精特新小巨人")).otherwise(name)
    return frame.filter(pl.col("日期") > pl.col("established").dt.offset_by(f"{rung.least_age}y")).select(
        "index",
        FIRM_CODE,
        name.alias("名称"),
        pl.lit(rung.level).alias("级别"),
        "日期",
        end.cast(pl.Date).alias("有效期至"),
        pl.col("文号").str.replace("{}", pl.concat_str(pl.lit("〔"), "year", pl.lit("〕")), literal=True),
    )


def _bases(draws: Draws, base: pl.DataFrame, assessed_on: date) -> pl.DataFrame:
    """Innovation bases (双创示范基地): a few service firms."""
    few = base["industry_code"].is_in(["7320", "7452", "6513", "7020", "5920"]) & draws.chance("base", 0.035)
    level = draws.choose("level of the base", {"国家级": 1, "省级": 3, "市级": 6})
    days = draws.integer("day of the base", 30, 1100)
    frame = base.select("index", FIRM_CODE).with_columns(level.alias("级别"), days.alias("days")).filter(few)
    return frame.select(
        "index",
        FIRM_CODE,
        pl.lit("双创示范基地").alias("名称"),
        "级别",
        (pl.lit(assessed_on) - pl.duration(days="days")).cast(pl.Date).alias("日期"),
        pl.lit(None, dtype=pl.Date).alias("有效期至"),
        pl.lit(None, dtype=pl.String).alias("文号"),
    )


def make_recognitions(seed: int, base: pl.DataFrame, assessed_on: date, facts: Catalogue) -> pl.DataFrame:
    """All recognitions in order of firm and date; ``index`` leads the columns."""
    draws = Draws(seed, base["index"])
    parts = [_title_rows(draws, base, rung, assessed_on) for rung in RUNGS]
    rows = pl.concat([*parts, _bases(draws, base, assessed_on)]).sort("index", "日期", "名称")
    return rows.select("index", *event_schema(facts, RECOGNITION))
