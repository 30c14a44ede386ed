"""Looks and safe cells of the Excel reports: formats, tones of states, text that can never become a formula.

Every value is written with the method of its own type. Text that begins like a formula is stored as a string
and carries Excel's quote prefix, so that editing the cell does not turn it into a formula either.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any

import xlsxwriter

from tidu.kernel.errors import TiduError

FONT = "微软雅黑"
LONGEST_TEXT = 32_000
"""Excel holds 32,767 characters in a cell and XlsxWriter drops longer text without a word."""

_GAP = "_ "
"""A space between figure and frame, within the number format: LibreOffice drops the indent of some right-aligned cells."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDE_FROM = "\u1100"
_WIDE_MARKS = frozenset("“”‘’…—→←≥≤×·√①②③④⑤⑥⑦⑧⑨⑩")


class Tone(StrEnum):
    """What a state says at a glance; its text always says it too."""

    GOOD = "good"
    BAD = "bad"
    WAIT = "wait"
    PERSON = "person"
    CLOSED = "closed"
    PLAIN = "plain"


TONE_COLOURS: Mapping[Tone, tuple[str, str]] = {
    Tone.GOOD: ("#E2F0D9", "#1E5B1E"),
    Tone.BAD: ("#FBE0DD", "#8C1D18"),
    Tone.WAIT: ("#FFF2CC", "#6B4E00"),
    Tone.PERSON: ("#DDEBF7", "#1F4E79"),
    Tone.CLOSED: ("#EDEDED", "#404040"),
    Tone.PLAIN: ("#FFFFFF", "#000000"),
}
"""Background and text; every pair has a contrast above 4.5 : 1."""

CHART_COLOURS: Mapping[Tone, str] = {
    Tone.GOOD: "#4C9A4C",
    Tone.BAD: "#C9504A",
    Tone.WAIT: "#E3B23C",
    Tone.PERSON: "#4A86C5",
    Tone.CLOSED: "#8C8C8C",
    Tone.PLAIN: "#305496",
}


class Kind(StrEnum):
    """What a column holds; it decides alignment, number format and cell type."""

    INDEX = "index"
    CODE = "code"
    TEXT = "text"
    STATE = "state"
    COUNT = "count"
    MONEY = "money"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``least`` and ``most`` bound its width, in half Chinese characters.

    ``total`` asks for the sum above the header; an ``optional`` column is left out of a list where no row fills it.
    """

    title: str
    kind: Kind = Kind.TEXT
    least: int = 8
    most: int = 40
    total: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A state as shown: its word and its tone."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to a row (counted from 0) of another sheet."""

    value: int | float | Decimal | str | State
    sheet: str
    row: int = 0

    @property
    def address(self) -> str:
        return f"internal:'{self.sheet}'!A{self.row + 1}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the decimals it takes to read it beside others."""

    value: int | float | Decimal
    decimals: int


def display_width(text: str) -> int:
    """Width of one line in half Chinese characters: a Chinese character or full-width mark counts two."""
    return sum(2 if ch >= _WIDE_FROM or ch in _WIDE_MARKS else 1 for ch in text)


@lru_cache(maxsize=1 << 14)
def _wrapped_lines(text: str, width: int) -> int:
    return sum(max(1, math.ceil(display_width(line) / max(width, 1))) for line in text.split("\n"))


def lines_needed(text: str, width: int) -> int:
    """How many lines ``text`` takes when wrapped at ``width`` half Chinese characters."""
    if 2 * len(text) <= width and "\n" not in text:
        return 1
    return _wrapped_lines(text, width)


def clean_text(text: str) -> str:
    """``text`` without what a workbook cannot hold; what is cut off is said to be cut off."""
    if len(text) <= LONGEST_TEXT and text.isprintable():
        return text
    clean = _NOT_IN_XML.sub("", text.replace("\r\n", "\n"))
    return clean if len(clean) <= LONGEST_TEXT else clean[:LONGEST_TEXT] + "……（内容过长，其余见 JSON 输出）"


@lru_cache(maxsize=1 << 14, typed=True)
def decimals_of(value: float | Decimal) -> int:
    """Decimals that show ``value`` without hiding a small amount behind zeros: 0 for whole numbers, at most 6."""
    exact = Decimal(str(value))
    if exact == exact.to_integral_value():
        return 0
    if abs(exact) >= 1:
        return 2
    return min(6, max(2, 1 - exact.adjusted()))


class Styles:
    """Formats of one workbook, made once each."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._cells: dict[tuple[Kind, object, bool], Any] = {}

    def of(self, **properties: Any) -> Any:
        """The format with these properties over the house font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **properties})
        return self._made[key]

    @property
    def title(self) -> Any:
        return self.of(bold=True, font_size=16, font_color="#1F3864")

    @property
    def heading(self) -> Any:
        return self.of(bold=True, font_size=12, font_color="#1F3864")

    @property
    def prose(self) -> Any:
        return self.of(text_wrap=True, valign="top", font_color="#404040")

    @property
    def link(self) -> Any:
        return self.of(font_color="#0B5394", underline=1)

    @property
    def header(self) -> Any:
        return self.of(bold=True, text_wrap=True, align="center", bg_color="#D9E2F3", border=1, border_color="#8EA9DB")

    @property
    def empty(self) -> Any:
        return self.of(text_wrap=True, align="left", indent=1, border=1, border_color="#BFBFBF", font_color="#404040", bg_color="#F7F7F7")

    def cell(self, kind: Kind, detail: object = None, *, linked: bool = False, strong: bool = False) -> Any:
        """The format of a table cell; ``detail`` is the tone of a state, the decimals of a value, True for a quoted text."""
        key = (kind, (detail, strong), linked)
        if key not in self._cells:
            self._cells[key] = self.of(**_cell_properties(kind, detail, linked=linked, strong=strong))
        return self._cells[key]


def _cell_properties(kind: Kind, detail: object, *, linked: bool, strong: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {"border": 1, "border_color": "#BFBFBF"}
    match kind:
        case Kind.INDEX:
            properties |= {"align": "center", "num_format": "0"}
        case Kind.CODE:
            properties |= {"align": "left", "indent": 1, "num_format": "@"}
        case Kind.TEXT:
            properties |= {"align": "left", "indent": 1, "text_wrap": True, "num_format": "@"}
        case Kind.COUNT:
            properties |= {"align": "right", "num_format": "#,##0" + _GAP}
        case Kind.MONEY:
            properties |= {"align": "right", "num_format": "#,##0.00" + _GAP}
        case Kind.VALUE:
            properties |= {"align": "right", "text_wrap": True, "num_format": "@" + _GAP}
            if isinstance(detail, int):
                properties["num_format"] = "#,##0" + ("." + "0" * detail if detail else "") + _GAP
        case Kind.STATE:
            background, ink = TONE_COLOURS[Tone(str(detail))]
            properties |= {"align": "center", "text_wrap": True, "bg_color": background, "font_color": ink, "num_format": "@"}
    if kind in {Kind.CODE, Kind.TEXT} and detail is True:
        properties["quote_prefix"] = True
    if strong:
        properties |= {"bold": True, "bg_color": "#F2F2F2"}
    if linked:
        properties |= {"underline": 1, "font_color": "#0B5394"}
    return properties


class Cells:
    """Writes values of one worksheet, each with the method of its own type."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet = sheet
        self._styles = styles

    def write(self, row: int, column: int, value: object, kind: Kind, *, strong: bool = False) -> None:
        """Write ``value``; None leaves the cell empty but framed."""
        if isinstance(value, Link):
            self._link(row, column, value, kind, strong=strong)
        elif value is None:
            self.sheet.write_blank(row, column, None, self._styles.cell(Kind.TEXT, strong=strong))
        elif isinstance(value, State):
            self.sheet.write_string(row, column, clean_text(value.text), self._styles.cell(Kind.STATE, value.tone))
        elif isinstance(value, Figure):
            self.sheet.write_number(row, column, value.value, self._styles.cell(Kind.VALUE, value.decimals, strong=strong))
        elif isinstance(value, bool):
            self._text(row, column, "是" if value else "否", kind, strong=strong)
        elif isinstance(value, int | float | Decimal | Fraction):
            self._number(row, column, value, kind, strong=strong)
        elif isinstance(value, str):
            self._text(row, column, value, kind, strong=strong)
        elif isinstance(value, date):
            self._text(row, column, day_text(value), kind, strong=strong)
        else:
            raise TiduError("unwritable-cell", f"报表单元格无法写入类型“{type(value).__name__}”的值 {value!r}。请改为文字或数值。")

    def _text(self, row: int, column: int, value: str, kind: Kind, *, strong: bool) -> None:
        text = clean_text(value)
        quoted = text.startswith(_FORMULA_STARTS)
        if kind is Kind.VALUE and not quoted:
            style = self._styles.cell(Kind.VALUE, strong=strong)
        else:
            style = self._styles.cell(Kind.CODE if kind is Kind.CODE else Kind.TEXT, quoted, strong=strong)
        self.sheet.write_string(row, column, text, style)

    def _number(self, row: int, column: int, value: float | Decimal | Fraction, kind: Kind, *, strong: bool, linked: bool = False) -> None:
        plain = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else value
        if not math.isfinite(plain):
            self._text(row, column, "无效数值", Kind.TEXT, strong=strong)
        elif kind in {Kind.COUNT, Kind.MONEY, Kind.INDEX}:
            self.sheet.write_number(row, column, plain, self._styles.cell(kind, linked=linked, strong=strong))
        else:
            style = self._styles.cell(Kind.VALUE, decimals_of(plain), linked=linked, strong=strong)
            self.sheet.write_number(row, column, plain, style)

    def _link(self, row: int, column: int, link: Link, kind: Kind, *, strong: bool) -> None:
        value = link.value
        text = clean_text(value.text if isinstance(value, State) else str(value))
        detail = value.tone if isinstance(value, State) else None
        style = self._styles.cell(Kind.STATE if isinstance(value, State) else kind, detail, linked=True, strong=strong)
        self.sheet.write_url(row, column, link.address, style, text, f"转到“{link.sheet}”第 {link.row + 1} 行")
        if isinstance(value, int | float | Decimal):
            # The address is kept per cell, the shown value may be replaced: so a figure stays a number and a link.
            self._number(row, column, value, kind, strong=strong, linked=True)


def day_text(day: date | datetime) -> str:
    """A day in a table, 2026-11-23."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"


def long_day(text: object) -> str:
    """A day in a sentence, 2026年11月23日; what is no ISO day is shown as it came."""
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return str(text)
    return f"{day.year}年{day.month}月{day.day}日"
