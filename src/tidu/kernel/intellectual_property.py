"""Counts of intellectual property derived from the register, by the definitions of 工信部企业〔2022〕63号 附件4.

Where a firm has rows in the register they decide; typed counts are used only where it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

REGISTER = "知识产权"
CLASS_ONE = frozenset(
    {"发明专利", "国防专利", "植物新品种", "集成电路布图设计专有权", "国家新药", "国家级农作物品种", "国家一级中药保护品种"}
)
MAINTAINED = frozenset({"实用新型", "外观设计"})
SOFTWARE = "软件著作权"


@dataclass(frozen=True, slots=True)
class Count:
    """One derived count: which rows of the register count, and which typed fact stands in where there are no rows."""

    counts: Callable[[Mapping[str, Any], date], bool | None]
    fallback: str = ""


def _years_before(day: date, years: int) -> date:
    return (
        day.replace(year=day.year - years, day=min(day.day, 28)) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - years)
    )


def _and(*answers: bool | None) -> bool | None:
    return False if False in answers else None if None in answers else True


def _usable(row: Mapping[str, Any], today: date) -> bool | None:
    """In force, tied to the main product, and not transferred in within the last year."""
    taken = row.get("取得方式")
    if taken == "自主":
        settled: bool | None = True
    elif taken == "受让":
        transferred = row.get("受让日期")
        settled = None if transferred is None else transferred <= _years_before(today, 1)
    else:
        settled = None
    granted = row.get("授权日期")
    return _and(row.get("有效"), row.get("与主导产品相关"), settled, True if granted is None else granted <= today)


def _class_one(row: Mapping[str, Any], today: date) -> bool | None:
    kind = row.get("类型")
    return _and(None if kind is None else kind in CLASS_ONE, _usable(row, today))


def _own_class_one(row: Mapping[str, Any], today: date) -> bool | None:
    taken = row.get("取得方式")
    return _and(_class_one(row, today), None if taken is None else taken == "自主")


def _high_value(row: Mapping[str, Any], today: date) -> bool | None:
    return _and(_class_one(row, today), bool(row.get("高价值依据")))


def _class_two(row: Mapping[str, Any], today: date) -> bool | None:
    """Software, or a utility model or design kept for more than two years after its grant."""
    kind, granted = row.get("类型"), row.get("授权日期")
    if kind in MAINTAINED:
        kept = None if granted is None else granted < _years_before(today, 2)
        return _and(kept, _usable(row, today))
    return _and(None if kind is None else kind == SOFTWARE, _usable(row, today))


def _class_two_technology(row: Mapping[str, Any], today: date) -> bool | None:
    """The count of 国科发政〔2017〕115号, which has no two-year rule."""
    kind = row.get("类型")
    return _and(None if kind is None else kind in MAINTAINED or kind == SOFTWARE, _usable(row, today))


COUNTS: dict[str, Count] = {
    "Ⅰ类高价值知识产权数": Count(_high_value),
    "自主研发Ⅰ类知识产权数": Count(_own_class_one),
    "Ⅰ类知识产权数": Count(_class_one),
    "Ⅱ类知识产权数": Count(_class_two),
    "Ⅱ类知识产权数（科技型口径）": Count(_class_two_technology, "Ⅱ类知识产权数"),
}


def derived_counts(rows: Iterable[Mapping[str, Any]], today: date) -> dict[str, int | None]:
    """Each count from the register's rows; unknown where a row's missing field could change it."""
    listed = list(rows)
    found: dict[str, int | None] = {}
    for name, count in COUNTS.items():
        answers = [count.counts(row, today) for row in listed]
        found[name] = None if None in answers else answers.count(True)
    return found
