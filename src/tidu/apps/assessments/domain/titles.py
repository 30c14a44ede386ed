"""Which titles make it needless to report a firm for a standard.

A title in force of the same name, or a higher one on the same line: who is a 专精特新中小企业 is not put forward as a
市级专精特新培育企业. A title 专精特新小巨人 of the province is the old name of 专精特新中小企业 (facts.csv, 认定).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from tidu.kernel.facts import FIRM_CODE

RECOGNITION, FIRST_RISE = "认定", "首次进规"
GIANT, SPECIALISED, OF_PROVINCE = "专精特新小巨人", "专精特新中小企业", "省级"
COVERED_BY: Mapping[str, tuple[str, ...]] = {
    "科技型中小企业": ("科技型中小企业",),
    "高新技术企业": ("高新技术企业",),
    "创新型中小企业": ("创新型中小企业", SPECIALISED, GIANT),
    "武汉市级专精特新培育企业": ("专精特新培育企业", SPECIALISED, GIANT),
    "专精特新中小企业": (SPECIALISED, GIANT),
    "专精特新小巨人": (GIANT,),
    "制造业单项冠军": ("制造业单项冠军",),
    "规模以上工业企业": (FIRST_RISE,),
}
"""Standards for which firms are put forward, with the titles that cover them, the own one first."""


def titles_held(events: Mapping[str, pl.DataFrame], day: date) -> pl.DataFrame:
    """Code and title, a row for every title in force on ``day``; a title without an end is in force."""
    recognised = events[RECOGNITION].filter(
        pl.col("有效期至").fill_null(day) >= day, pl.col("日期").fill_null(day) <= day, pl.col("名称").is_not_null()
    )
    names = pl.when((pl.col("名称") == GIANT) & (pl.col("级别").fill_null("") == OF_PROVINCE)).then(pl.lit(SPECIALISED)).otherwise("名称")
    risen = events[FIRST_RISE].filter(pl.col("日期").fill_null(day) <= day)
    return pl.concat(
        [recognised.select(FIRM_CODE, names.alias("title")), risen.select(FIRM_CODE, pl.lit(FIRST_RISE).alias("title"))]
    ).unique()


def held_for(standard: str, codes: pl.Series, titles: pl.DataFrame) -> pl.Series:
    """For each code the title that covers the standard, empty where there is none."""
    covering = COVERED_BY.get(standard, ())
    ranks = pl.DataFrame({"title": list(covering), "rank": list(range(len(covering)))}, schema={"title": pl.String, "rank": pl.Int64})
    best = titles.join(ranks, on="title").sort("rank").unique(FIRM_CODE, keep="first").select(FIRM_CODE, "title")
    return codes.to_frame(FIRM_CODE).join(best, on=FIRM_CODE, how="left", maintain_order="left")["title"].fill_null("")
