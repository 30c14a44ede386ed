"""Facts that pool and warning rules may name beside the catalogue: worked out from monthly sales and from verdicts.

Every one of them is unknown (null) where what it rests on is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from tidu.kernel.facts import FIRM_CODE, Catalogue, Fact, Kind, Store, catalogue
from tidu.kernel.population import Population
from tidu.kernel.quantities import UNITS

TO_DATE, BEFORE, LAST_YEAR, LAST_TWELVE = "本年累计应税收入", "上年同期应税收入", "上年应税收入合计", "近12个月应税收入"
MIDDLE, LOW, HIGH = "预计全年应税收入", "预计全年应税收入下限", "预计全年应税收入上限"
SILENT = "连续缺报月数"
AMOUNTS = (TO_DATE, BEFORE, LAST_YEAR, LAST_TWELVE, MIDDLE, LOW, HIGH)
VERDICTS = {
    "符合创新型中小企业标准": "创新型中小企业",
    "符合专精特新中小企业标准": "专精特新中小企业",
    "符合专精特新小巨人标准": "专精特新小巨人",
}
"""Derived fact → the standard whose verdict it is (manual and unknown are null)."""


def derived_facts() -> dict[str, Fact]:
    """The derived facts as the rule language knows them."""
    amounts = {name: Fact(name, name, Kind.FIRM, Store.INTEGER, UNITS["万元"], unit_label="万元", source="计算") for name in AMOUNTS}
    verdicts = {name: Fact(name, name, Kind.FIRM, Store.BOOLEAN, UNITS[""], lowest=0, highest=1, source="计算") for name in VERDICTS}
    silent = Fact(SILENT, SILENT, Kind.FIRM, Store.INTEGER, UNITS["个"], lowest=0, unit_label="个", source="计算")
    return {**amounts, **verdicts, SILENT: silent}


def wider_catalogue() -> Catalogue:
    """The catalogue with the derived facts behind it."""
    known = catalogue()
    derived = derived_facts()
    return replace(known, facts={**known.facts, **derived}, order=(*known.order, *derived))


def with_derived(population: Population, values: Mapping[str, Mapping[str, Any]], verdicts: Mapping[str, pl.Series]) -> Population:
    """The population with the derived facts as columns: ``values`` by firm, ``verdicts`` in the order of the firms."""
    codes = population.codes
    types = {name: pl.Boolean if fact.store is Store.BOOLEAN else pl.Int64 for name, fact in derived_facts().items()}
    columns = [
        pl.Series(name, [values.get(code, {}).get(name) for code in codes], types[name]) for name in (*AMOUNTS, SILENT)
    ]  # fmt: skip
    columns += [verdicts.get(name, pl.Series(name, [None] * len(codes), pl.Boolean)).alias(name) for name in VERDICTS]
    return replace(population, firms=population.firms.with_columns(columns))


def yes_no(verdict: pl.Series) -> pl.Series:
    """A column of verdicts as yes, no or unknown."""
    answers = {"met": True, "unmet": False}
    return verdict.replace_strict(answers, default=None, return_dtype=pl.Boolean)


def by_firm(frame: pl.DataFrame, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Plain rows of some columns by firm."""
    return {row[FIRM_CODE]: row for row in frame.select(FIRM_CODE, *names).iter_rows(named=True)}
