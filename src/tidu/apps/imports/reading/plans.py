"""How one sheet is to be read: what it is, what each column becomes, and what holds for all its rows. Plain data, kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tidu.apps.audit.digests import sm3
from tidu.apps.imports.reading.vocabulary import EVERY_EVENT, registers
from tidu.exchange.wordings import title_key
from tidu.kernel.facts import Catalogue, Fact, Kind

SKIP, CODE, NUMBER, NAME, FORMER = "", "key:code", "key:number", "key:name", "key:former"
YEAR_OF, MONTH_OF, EVENT_OF, UNIT_OF, CURRENCY_OF = "period:year", "period:month", "event:type", "unit", "currency"
INVESTOR, INVESTED = "other:investor", "other:invested"
KEYS = (CODE, NUMBER, NAME)
MANY = frozenset({SKIP, NAME, FORMER})
"""Targets that several columns may have."""
TARGET_WORDS = {
    SKIP: "不导入",
    CODE: "统一社会信用代码",
    NUMBER: "注册号（15 位旧号）",
    NAME: "企业名称（用来找企业）",
    FORMER: "曾用名",
    YEAR_OF: "年度",
    MONTH_OF: "月份",
    EVENT_OF: "事项类型",
    UNIT_OF: "金额的单位",
    CURRENCY_OF: "币种",
    INVESTOR: "投资方名称",
    INVESTED: "被投方名称",
}


@dataclass(frozen=True)
class ColumnPlan:
    """What one column becomes. ``unit`` is the unit of its bare numbers (empty: the catalogue's, or the sheet's);
    ``year`` and ``month`` are its own period where its title names one, ``offset`` is -1 where it says 上年; ``codes`` are meanings its title carries;
    ``why`` tells a person how the guess came about."""

    position: int
    title: str
    target: str = SKIP
    unit: str = ""
    year: int | None = None
    month: int | None = None
    offset: int = 0
    codes: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class SheetPlan:
    """How a sheet is read. ``register`` is empty for facts of firms, else the name of a register; ``head`` the first and last
    header row from 1; ``year`` and ``month`` hold for rows and columns that name no period of their own."""

    columns: Sequence[ColumnPlan]
    register: str = ""
    head: tuple[int, int] = (1, 1)
    include: bool = True
    registers_firms: bool = True
    year: int | None = None
    month: int | None = None
    constants: Mapping[str, str] = field(default_factory=dict)

    def column(self, target: str) -> ColumnPlan | None:
        """The column with a target, the first of several."""
        return next((column for column in self.columns if column.target == target), None)

    def of(self, target: str) -> list[ColumnPlan]:
        """All columns with a target."""
        return [column for column in self.columns if column.target == target]

    @property
    def events(self) -> str:
        """The event type that the register's rows become; empty for facts and for rows that tell their own."""
        return registers()[self.register].event if self.register and self.register != EVERY_EVENT else ""

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> SheetPlan:
        """As it was kept."""
        columns = [ColumnPlan(**column) for column in kept["columns"]]
        return cls(**{**kept, "columns": columns, "head": tuple(kept["head"])})


def shape_of(titles: Sequence[str]) -> str:
    """A digest of the headings of a sheet: files of the same form share it, whatever the sheet is called."""
    return sm3(json.dumps([title_key(title) for title in titles], ensure_ascii=False).encode())


def remembered(plan: SheetPlan, fresh: SheetPlan) -> SheetPlan:
    """A mapping kept from an earlier file of the same headings, with the header rows and periods of this one."""
    columns = [
        replace(old, year=new.year, month=new.month, position=new.position, why="按上次确认的对应")
        for old, new in zip(plan.columns, fresh.columns, strict=True)
    ]
    return replace(plan, columns=columns, head=fresh.head, year=fresh.year, month=fresh.month)


def fact_of(column: ColumnPlan, plan: SheetPlan, facts: Catalogue) -> Fact | None:
    """The fact, or the field of the register's event, that a column becomes."""
    kind, _, name = column.target.partition(":")
    if kind == "fact":
        return facts.facts.get(name)
    if kind == "field" and plan.events:
        return facts.event(plan.events).fields.get(name)
    if kind == "field":
        return next((event.fields[name] for event in facts.events.values() if name in event.fields), None)
    return None


def faults(plan: SheetPlan, facts: Catalogue) -> list[str]:
    """Why a sheet cannot be read by this plan, as sentences that say what to do; empty where it can."""
    if not plan.include:
        return []
    found = []
    if not any(plan.column(key) for key in (*KEYS, INVESTOR, INVESTED)):
        found.append("没有指定哪一列是统一社会信用代码、注册号或企业名称。请至少指定一列，才知道每行是哪家企业。")
    elif not any(plan.column(key) for key in KEYS) and not (plan.column("field:方向") or plan.constants.get("方向")):
        found.append("只有投资方和被投方，不知道哪一方是本区企业。请指定方向列，或为全表选定方向。")
    found += _repeated(plan)
    told = [(column, fact) for column in plan.columns if (fact := fact_of(column, plan, facts)) is not None]
    if not told and not (plan.register and plan.column(EVENT_OF)):
        found.append("没有一列要导入的数据。请为要导入的列选择内容，或者把这张表设为不导入。")
    if plan.register == EVERY_EVENT and plan.column(EVENT_OF) is None:
        found.append("没有指定“事项类型”是哪一列。")
    if not plan.register:
        found += _periods(plan, told)
    return found


def _repeated(plan: SheetPlan) -> list[str]:
    places: dict[tuple[str, int | None, int | None, int], list[str]] = {}
    for column in plan.columns:
        if column.target not in MANY:
            places.setdefault((column.target, column.year, column.month, column.offset), []).append(
                column.title or f"第 {column.position + 1} 列"
            )
    return [
        f"{'、'.join(f'“{title}”' for title in titles)}都对应到“{target_text(target)}”。请只留一列。"
        for (target, *_), titles in places.items()
        if len(titles) > 1
    ]


def _periods(plan: SheetPlan, told: Sequence[tuple[ColumnPlan, Fact]]) -> list[str]:
    found = []
    yearly = [column.title for column, fact in told if fact.kind is Kind.YEAR and column.year is None]
    if yearly and plan.year is None and plan.column(YEAR_OF) is None:
        found.append(f"“{yearly[0]}”等列是年度数据，但不知道是哪一年。请填写数据年度，或指定年度列。")
    monthly = [column for column, fact in told if fact.kind is Kind.MONTH and not (column.month and (column.year or plan.year))]
    has_column = plan.column(MONTH_OF) is not None
    if monthly and not has_column and not (plan.year and plan.month):
        found.append(f"“{monthly[0].title}”等列是月度数据，但不知道是哪个月。请填写年度和月份，或指定月份列。")
    return found


def target_text(target: str) -> str:
    """A target as people read it."""
    return TARGET_WORDS.get(target) or target.partition(":")[2]
