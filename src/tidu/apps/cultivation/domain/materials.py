"""The catalogue of certificates and materials (``rules/materials.yaml``): which of them the system already holds for whom.

What is held is never asked of a firm again (免提交, 行动计划 二（一）1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl
import yaml

from tidu.apps.cultivation.domain.titles import RULES
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.population import Population


@dataclass(frozen=True)
class Material:
    """One kind of certificate; ``fact``, ``year``, ``month`` or ``event`` say where the system would hold it."""

    key: str
    name: str
    group: str
    get: str
    fact: str = ""
    equals: str = ""
    year: str = ""
    month: str = ""
    event: str = ""
    where: tuple[tuple[str, str], ...] = ()
    valid: bool = False
    confidence: str = "unconfirmed"

    @property
    def held_in(self) -> str:
        """Where the system holds it, for people; empty where nowhere yet."""
        if self.event:
            detail = "、".join(value for _, value in self.where)
            return f"事项“{self.event}{'：' + detail if detail else ''}”{'（有效期内）' if self.valid else ''}"
        name = self.fact or self.year or self.month
        grain = "年度数据" if self.year else "月度数据" if self.month else "企业数据"
        return f"{grain}“{name}”{'为' + self.equals if self.equals else ''}" if name else ""


@cache
def materials() -> tuple[Material, ...]:
    """The catalogue, in order."""
    found = []
    for section in yaml.safe_load((RULES / "materials.yaml").read_text(encoding="utf-8")):
        for row in section["rows"]:
            plain = {key: value for key, value in row.items() if key != "where"}
            found.append(Material(group=section["group"], where=tuple(row.get("where", {}).items()), **plain))
    return tuple(found)


def holders(population: Population, day: date) -> dict[str, set[str]]:
    """For each kind that has a place in the system, the codes of the firms it is held for on a day."""
    return {one.key: set(_holders(one, population, day)) for one in materials() if one.held_in}


def _holders(one: Material, population: Population, day: date) -> list[str]:
    if one.event:
        return _with_event(one, population.events, day)
    table = population.years if one.year else population.months if one.month else population.firms
    name = one.fact or one.year or one.month
    if name not in table.columns:
        return []
    held = table.filter(pl.col(name).is_not_null())
    if one.equals:
        held = held.filter(pl.col(name) == one.equals)
    return held[FIRM_CODE].unique().to_list()


def _with_event(one: Material, events: Mapping[str, pl.DataFrame], day: date) -> list[str]:
    rows = events.get(one.event)
    if rows is None:
        return []
    for name, value in one.where:
        rows = rows.filter(pl.col(name) == value)
    if one.valid:
        rows = rows.filter((pl.col("日期") <= day) & (pl.col("有效期至") >= day).fill_null(True))
    return rows[FIRM_CODE].unique().to_list()
