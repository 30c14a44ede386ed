"""Values that can be read and are hardly true: a unit mixed up, a day to come, a part larger than its whole, a total that differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from tidu.apps.imports.reading.assembling import AT, PERIOD
from tidu.apps.imports.reading.plans import SheetPlan, fact_of
from tidu.apps.imports.reading.values import Reading, meaning
from tidu.exchange.cells import CellError, read_cell
from tidu.exchange.notices import Severity
from tidu.kernel.facts import Catalogue, Fact, Kind, Store
from tidu.kernel.quantities import MONEY, decimal_text, from_stored

LEAP = 1000
"""A number so many times that of the year before, or so small a part of it, is looked at."""
WHOLE_COLUMN = 3
"""From so many rows on a leap by the same factor is the column's unit and not the firms'."""
PARTS = (
    ("负债总额", "资产总额"), ("主营业务收入", "营业收入"), ("高新技术产品收入", "总收入"), ("研发人员", "从业人员"), ("科技人员", "从业人员"),
    ("研发费用", "成本费用支出"), ("Ⅰ类高价值知识产权数", "Ⅰ类知识产权数"), ("自主研发Ⅰ类知识产权数", "Ⅰ类知识产权数"),
)  # fmt: skip
"""A part and its whole; 负债总额 may exceed 资产总额, but seldom does."""


@dataclass(frozen=True)
class Where:
    """A sheet with its plan while it is looked through."""

    reading: Reading
    facts: Catalogue
    today: date


def fact_text(fact: Fact, stored: object) -> str:
    """A stored value with its unit, for sentences."""
    if isinstance(stored, int) and not isinstance(stored, bool) and fact.store is Store.INTEGER:
        return f"{decimal_text(from_stored(stored, fact.unit))}{fact.unit.symbol}"
    return str(stored)


def look_through(where: Where, level: pl.DataFrame) -> None:
    """Days to come, periods to come, parts larger than their wholes; the frame holds ``AT``, ``PERIOD`` and facts."""
    today = where.today
    for name in level.columns:
        fact = where.facts.facts.get(name)
        if fact is not None and fact.store is Store.DATE:
            _days(where, name, level.select(AT, name))
    latest = level[PERIOD].max()
    limit = today.year * 100 + today.month if isinstance(latest, int) and latest > 9999 else today.year
    for at, period in level.filter(pl.col(PERIOD) > limit).select(AT, PERIOD).iter_rows():
        where.reading.remark(
            "future-period", f"期间 {period} 还没有到。", "请核对年度和月份。", severity=Severity.WARNING, at=at, value=period
        )
    for part, whole in PARTS:
        if part in level.columns and whole in level.columns:
            for at, small, large in level.filter(pl.col(part) > pl.col(whole)).select(AT, part, whole).iter_rows():
                told = (
                    f"“{part}”（{fact_text(where.facts.fact(part), small)}）大于“{whole}”（{fact_text(where.facts.fact(whole), large)}）。"
                )
                _warn(where, "part-exceeds-whole", told, "请核对两列的数值和单位。", at, part, small)


def look_through_events(where: Where, frame: pl.DataFrame, fields: Mapping[str, Fact]) -> None:
    """Days to come among events; an end of validity may lie ahead."""
    for name, fact in fields.items():
        if fact.store is Store.DATE and not name.startswith("有效期") and name in frame.columns:
            _days(where, name, frame.select(AT, name))


def _days(where: Where, name: str, frame: pl.DataFrame) -> None:
    for at, day in frame.filter(pl.col(name) > where.today).iter_rows():
        _warn(where, "future-date", f"“{name}”{day} 在今天以后。", "请核对日期。", at, name, day)


def _warn(where: Where, code: str, message: str, advice: str, at: int, name: str, value: object) -> None:
    planned = next((one for one in where.reading.plan.columns if one.target.partition(":")[2] == name), None)
    column = where.reading.column(planned) if planned else None
    where.reading.remark(code, message, advice, severity=Severity.WARNING, at=at, column=column, value=value)


def leaps(where: Where, name: str, pairs: pl.DataFrame) -> None:
    """A number beside that of the year before: ``pairs`` holds ``AT``, ``now`` and ``before`` in stored integers.

    The comparison multiplies in integers; where most rows leap by about 1,000 or 10,000 alike, the column is named as a whole.
    """
    fact = where.facts.fact(name)
    sized = pairs.filter((pl.col("now") > 0) & (pl.col("before") > 0))
    wide = pl.col("now").cast(pl.Int128), pl.col("before").cast(pl.Int128)
    up, down = wide[0] >= wide[1] * LEAP, wide[1] >= wide[0] * LEAP
    leaping = sized.filter(up | down)
    if leaping.is_empty():
        return
    if leaping.height >= WHOLE_COLUMN and leaping.height * 2 >= sized.height and fact.unit.dimension == MONEY:
        planned = next(one for one in where.reading.plan.columns if one.target == f"fact:{name}")
        rises = leaping.filter(up).height * 2 >= leaping.height
        told = f"“{name}”有 {leaping.height} 行{'约为' if rises else '不到'}上年的{'千倍以上' if rises else '千分之一'}，整列的单位可能写错（万元与元混淆）。"
        where.reading.remark(
            "unit-mix-up", told, "请核对本列的单位，在列的对应里改正后重新检查。", severity=Severity.WARNING,
            column=where.reading.column(planned),
        )  # fmt: skip
    for at, now, before in leaping.select(AT, "now", "before").iter_rows():
        times = Fraction(max(now, before), min(now, before))
        more = "约为" if now > before else "只有"
        told = f"“{name}”{fact_text(fact, now)}，{more}上年（{fact_text(fact, before)}）的{_times(times, now > before)}。"
        _warn(where, "leap", told, "请核对数值和单位（万元、元）。", at, name, fact_text(fact, now))


def _times(times: Fraction, more: bool) -> str:
    return f" {int(times):,} 倍" if more else f" {int(times):,} 分之一"


def check_totals(where: Where, plan: SheetPlan, level: pl.DataFrame) -> None:
    """A total that the sheet states against the sum of its rows."""
    for planned in plan.columns:
        fact = fact_of(planned, plan, where.facts)
        stated = where.reading.table.totals.get(planned.position)
        if (
            fact is None
            or stated is None
            or planned.offset
            or fact.store is not Store.INTEGER
            or fact.kind is Kind.FIRM
            or fact.name not in level.columns
        ):
            continue
        try:
            total = read_cell(stated, meaning(planned, fact))
        except CellError:
            continue
        own = level if planned.year is None else level.filter(pl.col(PERIOD) == planned.year)
        added = int(own[fact.name].sum() or 0)
        if isinstance(total, int) and total != added:
            told = f"“{planned.title}”的合计行写的是 {fact_text(fact, total)}，各行相加是 {fact_text(fact, added)}。"
            where.reading.remark(
                "total-differs", told, "请核对是否少了行，或有单元格没有读出。", severity=Severity.WARNING,
                column=where.reading.column(planned), value=stated,
            )  # fmt: skip
