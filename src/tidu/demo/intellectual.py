"""Intellectual property: a register for a part of the firms, four typed counts for the others."""

from __future__ import annotations

from datetime import date

import polars as pl

from tidu.demo.draws import Draws
from tidu.demo.identity import constant
from tidu.demo.registers import expanded
from tidu.kernel.facts import FIRM_CODE, Catalogue
from tidu.kernel.population import event_schema

PROPERTY = "知识产权"
REGISTERED_SHARE = 0.35
"""Share of the firms with property whose rows are in the register; for the others only counts were delivered."""
_KINDS = {
    "发明专利": 17.0,
    "国防专利": 0.15,
    "植物新品种": 0.1,
    "集成电路布图设计专有权": 0.5,
    "国家新药": 0.05,
    "实用新型": 46.0,
    "外观设计": 9.0,
    "软件著作权": 27.0,
}
_HIGH_VALUE = {"海外同族": 1.0, "维持十年以上": 2.0, "质押融资": 1.0, "国家科学技术奖或中国专利奖": 0.2}


def property_counts(seed: int, base: pl.DataFrame) -> pl.DataFrame:
    """How many items each firm holds by class, drawn from its standing; columns of facts plus ``registered`` and ``items``."""
    draws = Draws(seed, base["index"])
    standing = (base["standing"] + 1.6).clip(0.0)
    holds = (base["standing"] > -9.0) & draws.chance("has property", (standing * 0.3 + 0.25).clip(0.0, 0.97))
    items = ((standing * (draws.normal("items") * 0.5).exp()) * 4.0).round(0).cast(pl.Int64).clip(1, 120) * holds.cast(pl.Int64)
    first = (items * (draws.uniform("first class") * 0.28)).round(0).cast(pl.Int64)
    own = (first * (draws.uniform("own") * 0.5 + 0.5)).round(0).cast(pl.Int64)
    high = (own * (draws.uniform("high value") * 0.4)).round(0).cast(pl.Int64)
    second = items - first
    mature = (second * (draws.uniform("mature") * 0.4 + 0.6)).round(0).cast(pl.Int64)
    return pl.DataFrame(
        [
            (draws.chance("in the register", REGISTERED_SHARE) & (items > 0)).alias("registered"),
            items.alias("items"),
            high.alias("Ⅰ类高价值知识产权数"),
            own.alias("自主研发Ⅰ类知识产权数"),
            first.alias("Ⅰ类知识产权数"),
            mature.alias("Ⅱ类知识产权数"),
            second.alias("Ⅱ类知识产权数（科技型口径）"),
        ]
    )


def _before(assessed_on: date, days: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"days": days})
    return frame.select((pl.lit(assessed_on) - pl.duration(days="days")).cast(pl.Date)).to_series()


def make_register(seed: int, base: pl.DataFrame, counts: pl.DataFrame, assessed_on: date, facts: Catalogue) -> pl.DataFrame:
    """Rows of the register: kinds, dates, origin (some transferred within the last year), rank among holders, relation, validity."""
    rows = expanded(base, counts["items"] * counts["registered"].cast(pl.Int64))
    draws = Draws(seed, rows["key"])
    kind = draws.choose("kind of property", _KINDS)
    age = draws.integer("granted days ago", 20, 4600)
    granted = _before(assessed_on, age)
    bought = draws.chance("transferred", 0.12)
    days = (draws.uniform("transferred days ago") * age).cast(pl.Int64)
    invention = kind.is_in(["发明专利", "国防专利"])
    valued = invention & draws.chance("of high value", 0.16)
    serial = draws.integer("serial", 10_000, 9_999_999).cast(pl.String).str.zfill(7)
    columns = {
        "类型": kind,
        "编号": constant("示例", rows["index"]) + granted.dt.year().cast(pl.String) + "-" + serial,
        "申请日期": _before(assessed_on, age + draws.integer("examined for", 60, 900)),
        "授权日期": granted,
        "取得方式": constant("受让", rows["index"]).zip_with(bought, constant("自主", rows["index"])),
        "受让日期": _before(assessed_on, days),
        "权利人排名": draws.position("holder", [88, 8, 3, 1]) + 1,
        "与主导产品相关": draws.chance("related", 0.82),
        "高价值依据": draws.choose("high-value ground", _HIGH_VALUE),
        "有效": draws.chance("in force", 0.91),
    }
    schema = event_schema(facts, PROPERTY)
    frame = rows.select("index", FIRM_CODE).with_columns(column.alias(name) for name, column in columns.items())
    frame = frame.with_columns(bought.alias("bought"), valued.alias("valued")).with_columns(
        pl.when("bought").then("受让日期").alias("受让日期"), pl.when("valued").then("高价值依据").alias("高价值依据")
    )
    return frame.select("index", *(pl.col(name).cast(kind) for name, kind in schema.items())).sort("index", "授权日期", "编号")
