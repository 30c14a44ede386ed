"""Plain counts of a population, for the printout of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from tidu.demo.places import SECTIONS, SUBDISTRICTS
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.population import Population

UNKNOWN = "未知"
_LADDER = ("科技型中小企业", "高新技术企业", "创新型中小企业", "专精特新培育企业", "专精特新中小企业", "专精特新小巨人", "制造业单项冠军")


@dataclass(frozen=True)
class DistrictSummary:
    """Counts only: firms by subdistrict, section of industry, kind and chain; holders by rung; empty cells by fact.

    ``ladder`` counts firms once per rung; ``missing`` maps a fact to (empty cells, all cells) of its table.
    """

    firms: int
    firm_years: int
    firm_months: int
    events: Mapping[str, int]
    subdistricts: Mapping[str, int]
    industries: Mapping[str, int]
    entities: Mapping[str, int]
    chains: Mapping[str, int]
    ladder: Mapping[str, int]
    missing: Mapping[str, tuple[int, int]]


def section_of(code: str | None) -> str:
    """Letter and name of the section of a GB/T 4754 code (a letter or 2 to 4 digits).

    >>> section_of("3670"), section_of("C"), section_of("0141"), section_of(None)
    ('C 制造业', 'C 制造业', 'A 农、林、牧、渔业', '未知')
    """
    if not code:
        return UNKNOWN
    if code[:1].isalpha():
        return next((name for _, name in SECTIONS if name.startswith(code[0].upper())), UNKNOWN)
    division = int(code[:2]) if code[:2].isdigit() else 0
    return next((name for last, name in SECTIONS if 0 < division <= last), UNKNOWN)


def _counts(values: pl.Series, order: tuple[str, ...] = ()) -> dict[str, int]:
    """Counts of texts: in the given order first, then by falling count and text; nulls as 未知."""
    frame = pl.DataFrame({"value": values.fill_null(UNKNOWN)}).group_by("value").len().sort(["len", "value"], descending=[True, False])
    counted: dict[str, int] = {str(value): int(count) for value, count in frame.iter_rows()}
    return {name: counted[name] for name in (*order, *counted) if name in counted}


def _ladder(recognitions: pl.DataFrame, valid_on: date | None) -> dict[str, int]:
    """Holders by rung; the provincial 小巨人 of the years before 2023 counts as 专精特新中小企业."""
    rows = recognitions
    if valid_on is not None:
        rows = rows.filter((pl.col("日期") <= valid_on) & (pl.col("有效期至").is_null() | (pl.col("有效期至") >= valid_on)))
    provincial = (pl.col("名称") == "专精特新小巨人") & (pl.col("级别") == "省级")
    named = rows.select(FIRM_CODE, pl.when(provincial).then(pl.lit("专精特新中小企业")).otherwise("名称").alias("名称")).unique()
    counted = _counts(named["名称"])
    return {name: counted.get(name, 0) for name in _LADDER}


def _missing(*tables: pl.DataFrame) -> dict[str, tuple[int, int]]:
    return {
        name: (int(empty), table.height)
        for table in tables
        for name, empty in zip(table.columns, table.null_count().row(0), strict=True)
        if name != FIRM_CODE
    }


def district_summary(population: Population, valid_on: date | None = None) -> DistrictSummary:
    """Count a population; with ``valid_on`` only titles that hold on that day are counted."""
    firms = population.firms
    codes = {code: name for name, (code, _) in SUBDISTRICTS.items()}
    sections = pl.Series([section_of(code) for code in firms["国民经济行业代码"].to_list()], dtype=pl.String)
    return DistrictSummary(
        firms=firms.height,
        firm_years=population.years.height,
        firm_months=population.months.height,
        events={name: frame.height for name, frame in population.events.items()},
        subdistricts=_counts(firms["所属街道"].replace(codes), tuple(SUBDISTRICTS)),
        industries=_counts(sections, tuple(name for _, name in SECTIONS)),
        entities=_counts(firms["市场主体类型"]),
        chains=_counts(firms["主导产业"]),
        ladder=_ladder(population.events["认定"], valid_on),
        missing=_missing(firms, population.years, population.months),
    )
