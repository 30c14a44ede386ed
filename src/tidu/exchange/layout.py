"""How a workbook of firms is laid out: sheets, columns, titles with units, explanations; shared by all writers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tidu.exchange.sheets import EVENTS, FIRMS, MONTHS, YEARS
from tidu.exchange.titles import MONTH_FACT, YEAR_FACT
from tidu.kernel.facts import EVENT_TYPE, FIRM_CODE, Catalogue, Fact, Kind, Store
from tidu.kernel.quantities import MONEY, RATIO, UNITS, decimal_text, from_stored

REQUIRED = frozenset({FIRM_CODE, YEAR_FACT.name, MONTH_FACT.name, EVENT_TYPE})


@dataclass(frozen=True)
class LayoutColumn:
    """One column of a written sheet: the fact behind it and, for a field of events, the facts by event type."""

    fact: Fact
    by_event: dict[str, Fact]

    @property
    def name(self) -> str:
        """The catalogue's name."""
        return self.fact.name

    @property
    def title(self) -> str:
        """The name with the unit in brackets where the values have one."""
        unit = unit_of(self.fact)
        return f"{self.name}（{unit}）" if unit else self.name

    @property
    def values(self) -> tuple[str, ...]:
        """The words one may choose from; empty for free values."""
        return ("是", "否") if self.fact.store is Store.BOOLEAN else self.fact.values

    @property
    def width(self) -> int:
        """Width in characters: wide enough for the title and for usual values."""
        title = sum(2 if ord(character) > 255 else 1 for character in self.title) + 3
        usual = {FIRM_CODE: 22, "企业名称": 34, "主导产品": 20, "名称": 24, EVENT_TYPE: 16}.get(self.name, 10)
        return min(max(title, usual), 44)


@dataclass(frozen=True)
class SheetLayout:
    """A written sheet and its columns in order."""

    name: str
    columns: list[LayoutColumn]


def unit_of(fact: Fact) -> str:
    """The unit written in the title; levels, years and ranks speak for themselves."""
    return fact.unit.symbol if fact.store is Store.INTEGER and fact.unit.symbol != "级" else ""


def layouts(facts: Catalogue) -> list[SheetLayout]:
    """The four sheets."""
    code = facts.fact(FIRM_CODE)

    def plain(listed: list[Fact]) -> list[LayoutColumn]:
        return [LayoutColumn(fact, {}) for fact in listed]

    return [
        SheetLayout(FIRMS, plain(facts.of_kind(Kind.FIRM))),
        SheetLayout(YEARS, plain([code, YEAR_FACT, *facts.of_kind(Kind.YEAR)])),
        SheetLayout(MONTHS, plain([code, MONTH_FACT, *facts.of_kind(Kind.MONTH)])),
        SheetLayout(EVENTS, plain([code, _event_type(facts)]) + _event_fields(facts)),
    ]


def _event_type(facts: Catalogue) -> Fact:
    return Fact(EVENT_TYPE, "event_type", Kind.EVENT, Store.TEXT, UNITS[""], tuple(facts.events))


def _event_fields(facts: Catalogue) -> list[LayoutColumn]:
    fields: dict[str, dict[str, Fact]] = {}
    for event in facts.events.values():
        for name, fact in event.fields.items():
            fields.setdefault(name, {})[event.name] = fact
    return [LayoutColumn(next(iter(by_event.values())), by_event) for by_event in fields.values()]


def written(stored: object, fact: Fact) -> object:
    """A stored value as it is written into a cell: numbers in the catalogue's unit, 是/否, words of levels, dates.

    The float of a quotient with at most 15 digits is read back as the same decimal (see ``cells``).
    """
    if stored is None:
        return None
    if isinstance(stored, bool):
        return "是" if stored else "否"
    if not isinstance(stored, int):
        return stored
    if fact.unit.symbol == "级":
        return fact.values[stored - 1] if 1 <= stored <= len(fact.values) else stored
    whole, rest = divmod(stored, fact.unit.scale)
    return whole if rest == 0 else stored / fact.unit.scale


def written_text(stored: object, fact: Fact) -> str:
    """The same as text, exact for every stored value (CSV, JSON numbers)."""
    if isinstance(stored, int) and not isinstance(stored, bool) and fact.unit.symbol != "级":
        return f"{Decimal(stored) / fact.unit.scale:f}"
    value = written(stored, fact)
    if value is None:
        return ""
    return str(value)[:7] if fact.name == MONTH_FACT.name and fact.kind is Kind.MONTH else str(value)


def row_height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """Height in points of a row whose texts wrap in columns of these widths; the writer of files cannot measure."""
    lines = [
        -(-sum(2 if ord(character) > 255 else 1 for character in line) // max(width - 1, 1)) or 1
        for text, width in zip(texts, widths, strict=True)
        for line in text.split("\n") or [""]
    ]
    return 16.0 * max(lines, default=1)


def explanation(column: LayoutColumn) -> dict[str, str]:
    """What the sheet 填写说明 and the comment of the header say of a column."""
    fact = column.fact
    return {
        "格式与单位": _form(fact),
        "可选值": _choices(column),
        "数据来源": fact.source.replace("|", "、") if not column.by_event else "",
        "说明": _note(column),
    }


def _form(fact: Fact) -> str:
    if fact.name == FIRM_CODE:
        return "18 位，文本格式"
    if fact.name == MONTH_FACT.name and fact.kind is Kind.MONTH:
        return "月份，如 2024-03"
    if fact.store is Store.DATE:
        return "日期，如 2024-03-01"
    if fact.store is Store.BOOLEAN:
        return "是 / 否"
    if fact.store is Store.TEXT:
        return "从列表中选择" if fact.values else "代码，文本格式" if fact.name.endswith("代码") else "文字"
    if fact.unit.symbol == "级":
        return "从列表中选择"
    return f"数值，单位：{fact.unit.symbol}{_range(fact)}" if fact.unit.symbol else f"整数{_range(fact)}"


def _range(fact: Fact) -> str:
    unit = fact.unit if fact.unit.dimension in {MONEY, RATIO} else UNITS[""]
    low, high = (None if bound is None else decimal_text(from_stored(bound, unit)) for bound in (fact.lowest, fact.highest))
    if low is not None and high is not None:
        return f"，{low} 至 {high}"
    return "，不为负数" if low == "0" else f"，不小于 {low}" if low is not None else ""


def _choices(column: LayoutColumn) -> str:
    if not column.by_event:
        return "、".join(column.fact.values)
    listed = [f"{event}：{'、'.join(fact.values)}" for event, fact in column.by_event.items() if fact.values]
    return "；".join(listed)


def _note(column: LayoutColumn) -> str:
    parts = []
    if column.name in REQUIRED:
        parts.append("必填。")
    if column.by_event:
        parts.append(f"用于：{'、'.join(column.by_event)}。")
    elif column.fact.note:
        parts.append(column.fact.note.rstrip("。") + "。")
    if column.fact.unit.dimension == RATIO:
        parts.append("3 或 3% 表示百分之三。")
    if column.name == "有效期至":
        parts.append("长期有效可留空。")
    return "".join(parts)
