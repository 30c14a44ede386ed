"""The table of firms: from latents to the facts of the catalogue, nothing missing yet."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tidu.demo.draws import Draws
from tidu.demo.identity import COMPANY, constant, tax_and_statistics
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, Catalogue
from tidu.kernel.population import firm_schema


def _industry_codes(draws: Draws, base: pl.DataFrame) -> pl.Series:
    """Mostly 4 digits; some departments keep 2 digits, a few 3, hardly any the letter C alone."""
    shape = draws.uniform("shape of the industry code")
    frame = base.select("industry_code", shape.alias("shape"))
    code = pl.col("industry_code")
    manufacturing = code.str.slice(0, 2).is_between(pl.lit("13"), pl.lit("43"))
    cut = pl.when(pl.col("shape") < 0.03).then(code.str.slice(0, 2)).when(pl.col("shape") < 0.04).then(code.str.slice(0, 3))
    return frame.select(cut.when((pl.col("shape") > 0.997) & manufacturing).then(pl.lit("C")).otherwise(code).alias("code")).to_series()


def _status(draws: Draws, base: pl.DataFrame, moves: pl.DataFrame) -> pl.Series:
    """Firms whose registration moved are 迁出; a few of those without standing are closed or revoked."""
    closed = draws.choose("status", {"存续": 978, "注销": 15, "吊销": 7}).zip_with(base["standing"] < 1.0, constant("存续", base["index"]))
    left = base["index"].is_in(moves.filter(pl.col("关系") == "注册地")["index"].implode())
    return constant("迁出", base["index"]).zip_with(left, closed)


def _taxed_in(base: pl.DataFrame, tax: pl.Series, moves: pl.DataFrame) -> pl.Series:
    """The division of tax after the last move of it."""
    last = moves.filter(pl.col("关系") == "纳税").sort("日期").group_by("index").last().select("index", "迁往")
    return base.select("index").join(last, on="index", how="left", maintain_order="left")["迁往"].fill_null(tax)


def _standing_facts(draws: Draws, base: pl.DataFrame) -> dict[str, pl.Series]:
    """What a firm is known for; all of it likelier the better it stands."""
    standing = base["standing"].clip(-1.5)
    pull = (standing + 1.5) / 5.0
    best = (base["standing"] >= 1.9) & base["ambitious"]
    likely = best & draws.chance("one of the best", 0.85)
    blank = constant("其他", base["index"])
    field = draws.choose("product field", {"补短板锻长板填空白": 35, "六基或关键配套": 65}).zip_with(
        draws.chance("in a field", pull * 0.7) | likely, blank
    )
    body = draws.choose("research body", {"国家级": 1, "省级": 14, "市级": 30, "市级以下": 55})
    none = constant("无", base["index"])
    researches = base["researches"]
    share = ((standing * 0.75 + draws.normal("market share") * 0.9).exp() * 12).round(0).cast(pl.Int64) * 1000
    return {
        "主导产品属战略性新兴产业": draws.chance("strategic", pull * 0.5 + 0.05) & researches,
        "主导产品所属领域": field,
        "数字化水平": draws.position("digital level", [30, 40, 22, 8]) + 1,
        "管理体系认证": draws.chance("management certificate", pull * 0.75 + 0.12) | likely,
        "产品认证": draws.chance("product certificate", pull * 0.3 + 0.01),
        "自主品牌": draws.chance("own brand", pull * 0.7 + 0.12) | likely,
        "研发机构级别": body.zip_with((draws.chance("has a research body", pull * 1.05) | likely) & researches, none),
        "核心业务采用信息系统": draws.chance("information system", pull * 0.7 + 0.25) | likely,
        "主导产品全国细分市场占有率": share.clip(1000, 900_000),
        "主导产品国内细分市场排名": ((1.0 - draws.uniform("market rank")).log() * -40.0 / (pull * 6.0 + 0.4).exp() + 1.0)
        .round(0)
        .cast(pl.Int64)
        .clip(1, 500),
        "产业链关键环节": draws.chance("key link", pull * 0.6) | likely,
        "重点领域": (draws.chance("priority field", pull * 0.6 + 0.05) | likely) & researches,
        "地方特色化得分": draws.integer("local points", 0, 15),
    }


def _niche_since(draws: Draws, base: pl.DataFrame, last_year: int) -> pl.Series:
    founded = base["established"].dt.year().cast(pl.Int64)
    span = (last_year - founded - 3).clip(0).cast(pl.Float64)
    return founded + (draws.uniform("niche found") * 0.4 * span).round(0).cast(pl.Int64)


def firm_table(
    seed: int, base: pl.DataFrame, counts: pl.DataFrame, events: Mapping[str, pl.DataFrame], last_year: int, facts: Catalogue
) -> pl.DataFrame:
    """One row per firm with every firm fact of the catalogue, led by ``index``; counts are empty where the register has rows.

    质量奖 and 标准 agree with their registers: a firm with a row has the fact, one without has it now and then by older papers.
    """
    draws = Draws(seed, base["index"])
    tax, statistics = tax_and_statistics(draws, base)
    awarded = base["index"].is_in(
        events["质量奖"].filter(pl.col("名称").is_in(["中国质量奖", "长江质量奖"]), 结果="获奖")["index"].implode()
    )
    drafting = base["index"].is_in(events["标准"]["index"].implode())
    columns = {
        FIRM_NAME: base["name"],
        "市场主体类型": base["entity"],
        "成立日期": base["established"],
        "登记状态": _status(draws, base, events["迁移"]),
        "所属街道": base["subdistrict"],
        "纳税关系所在区": _taxed_in(base, tax, events["迁移"]),
        "统计关系所在区": statistics,
        "国民经济行业代码": _industry_codes(draws, base),
        "主导产业": base["chain"],
        "主导产品": base["product"],
        "从事特定细分市场起始年份": _niche_since(draws, base, last_year),
        "列入经营异常名录": draws.chance("abnormal list", 0.02),
        "列入严重失信主体名单": draws.chance("dishonest list", 0.006),
        "产品属禁止限制淘汰类": draws.chance("banned product", 0.008),
        "省级以上质量奖": awarded,
        "参与制修订标准": drafting | draws.chance("older standard", 0.015),
        **_standing_facts(draws, base),
    }
    plain = ~counts["registered"]
    for name in counts.columns:
        if name in facts.facts:
            values = pl.DataFrame([counts[name].alias("value"), plain.alias("plain")])
            columns[name] = values.select(pl.when("plain").then("value")).to_series()
    schema = firm_schema(facts)
    frame = base.select("index", FIRM_CODE).with_columns(column.alias(name) for name, column in columns.items() if name in schema)
    blank = [pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in frame.columns]
    frame = frame.with_columns(blank)
    households = base["entity"] != COMPANY
    frame = frame.with_columns(pl.when(~households).then("从事特定细分市场起始年份").alias("从事特定细分市场起始年份"))
    return frame.select("index", *(pl.col(name).cast(kind) for name, kind in schema.items()))
