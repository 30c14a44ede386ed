"""Missing facts as a district has them: by source, not by cell.

Without an audit report all audited figures of a year are missing together; what firms report themselves is often missing;
a bureau that did not deliver a column for one subdistrict leaves it empty for all its firms.
"""

from __future__ import annotations

import polars as pl

from tidu.demo.draws import Draws
from tidu.demo.identity import COMPANY
from tidu.kernel.facts import YEAR, Catalogue, Kind

AUDIT, SELF_REPORTED, PLATFORM = "审计报告", "自报", "国家平台"

UNDELIVERED: dict[str, tuple[str, ...]] = {
    "消泗乡": ("研发机构级别", "重点领域"),
    "桐湖": ("从业人员",),
    "索河街道": ("列入严重失信主体名单",),
    "侏儒山街道洪北片区": ("统计关系所在区",),
}
"""Columns that a bureau did not deliver for a subdistrict."""

_MISSING_BY_SOURCE = {"税务": 0.015, "人社": 0.04, "科技经信": 0.12, "统计": 0.02, "信用": 0.01, "知识产权": 0.06}
_MISSING_BY_FACT = {
    "主导产品全国细分市场占有率": 0.45,
    "主导产品国内细分市场排名": 0.6,
    "数字化水平": 0.4,
    "产品认证": 0.2,
    "地方特色化得分": 0.9,
    "管理体系认证": 0.05,
    "省级以上质量奖": 0.02,
    "参与制修订标准": 0.04,
    "产品属禁止限制淘汰类": 0.1,
}
"""Beyond what is missing with its whole source."""


def _blanked(frame: pl.DataFrame, masks: dict[str, pl.Series]) -> pl.DataFrame:
    """``frame`` with nulls wherever the mask of a column is true."""
    shadows = [mask.alias(f"missing {name}") for name, mask in masks.items()]
    shadowed = frame.with_columns(shadows)
    kept = [pl.when(~pl.col(f"missing {name}")).then(pl.col(name)).alias(name) for name in masks]
    return shadowed.with_columns(kept).select(frame.columns)


def _undelivered(name: str, subdistrict: pl.Series) -> pl.Series:
    places = [place for place, columns in UNDELIVERED.items() if name in columns]
    return subdistrict.is_in(places)


def with_firm_gaps(seed: int, base: pl.DataFrame, firms: pl.DataFrame, facts: Catalogue) -> pl.DataFrame:
    """Blank firm facts: the whole self-reported profile of firms that never filed one, single answers, undelivered columns."""
    draws = Draws(seed, base["index"])
    profile = pl.DataFrame({"standing": base["standing"], "entity": base["entity"]}).select(
        pl.when(pl.col("standing") >= 1.1).then(0.02).when(pl.col("standing") > -9.0).then(0.25)
        .when(pl.col("entity") == COMPANY).then(0.6).otherwise(0.93).alias("p")
    )["p"]  # fmt: skip
    silent = draws.chance("no profile", profile)
    masks: dict[str, pl.Series] = {}
    for fact in facts.of_kind(Kind.FIRM):
        share = _MISSING_BY_FACT.get(fact.name, _MISSING_BY_SOURCE.get(fact.source, 0.0))
        mask = draws.chance(f"missing {fact.name}", share) | _undelivered(fact.name, base["subdistrict"])
        if fact.source == SELF_REPORTED:
            mask = mask | silent
        if mask.any():
            masks[fact.name] = mask
    return _blanked(firms, masks)


def with_year_gaps(seed: int, base: pl.DataFrame, rows: pl.DataFrame, facts: Catalogue) -> pl.DataFrame:
    """Blank year facts: all audited ones together, the self-reported ones of a year together, single cells of bureaus."""
    of_firm = rows.select("index", YEAR).join(
        base.select("index", "standing", "entity", "subdistrict"), on="index", how="left", maintain_order="left"
    )
    draws = Draws(seed, of_firm["index"] * 4096 + of_firm[YEAR])
    share = of_firm.select(
        pl.when(pl.col("standing") >= 1.1).then(0.02).when(pl.col("standing") > -9.0).then(0.08)
        .when(pl.col("entity") == COMPANY).then(0.28).otherwise(0.85).alias("p")
    )["p"]  # fmt: skip
    unaudited = draws.chance("no audit report", share)
    silent = draws.chance("no yearly report", share * 0.9)
    masks: dict[str, pl.Series] = {}
    for fact in facts.of_kind(Kind.YEAR):
        if fact.source == AUDIT:
            masks[fact.name] = unaudited
        elif fact.source == SELF_REPORTED:
            masks[fact.name] = silent
        elif fact.source != PLATFORM:
            mask = draws.chance(f"missing {fact.name}", _MISSING_BY_SOURCE.get(fact.source, 0.0))
            masks[fact.name] = mask | _undelivered(fact.name, of_firm["subdistrict"])
    return _blanked(rows, masks)
