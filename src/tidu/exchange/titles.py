"""What a column title means: the fact it names and the unit in its brackets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tidu.exchange.wordings import plain_width, title_key
from tidu.kernel.facts import FIRM_CODE, MONTH, YEAR, Fact, Kind, Store
from tidu.kernel.quantities import MONEY, RATIO, RATIO_SCALE, UNITS, Unit


class Form(StrEnum):
    """How the cells of a column are read: most by the fact's store, keys in a way of their own."""

    VALUE = "value"
    CODE = "code"
    MONTH = "month"


YEAR_FACT = Fact(YEAR, "year", Kind.YEAR, Store.INTEGER, UNITS[""], lowest=1900, highest=2100, unit_label="year")
MONTH_FACT = Fact(MONTH, "month", Kind.MONTH, Store.DATE, UNITS[""])

MILLIONTHS = "百万分之一"
_MONEY_UNITS = {symbol: unit for symbol, unit in UNITS.items() if unit.dimension == MONEY} | {
    "分": Unit("分", MONEY, 1),
    "百元": Unit("百元", MONEY, 10_000),
    "十万元": Unit("十万元", MONEY, 10_000_000),
    "百万元": Unit("百万元", MONEY, 100_000_000),
    "千万元": Unit("千万元", MONEY, 1_000_000_000),
    "万": UNITS["万元"],
    "亿": UNITS["亿元"],
}
_RATIO_UNITS = {
    "%": UNITS["%"],
    "‰": Unit("‰", RATIO, 1_000),
    "小数": Unit("小数", RATIO, RATIO_SCALE),
    "比例": Unit("比例", RATIO, RATIO_SCALE),
    MILLIONTHS: Unit(MILLIONTHS, RATIO, 1),
}
_TITLE_ONLY = frozenset({"小数", "比例", MILLIONTHS})
_WORDS_OF_ONE = {
    "人": ("人", "名", "个"),
    "项": ("项", "件", "个", "次"),
    "家": ("家", "户"),
    "分": ("分",),
    "级": ("级",),
    "天": ("天", "日"),
}
_WORDS_BY_LABEL = {"year": ("年", "年份", "年度"), "rank": ("名", "位")}
_ENERGY = {"kwh": 1, "千瓦时": 1, "度": 1, "万kwh": 10_000, "万千瓦时": 10_000, "万度": 10_000, "mwh": 1_000, "兆瓦时": 1_000}
_BRACKET = re.compile(r"(?P<name>.+?)[(\[【](?P<unit>[^()\[\]【】]*)[)\]】]")
_UNIT_NOISE = re.compile(r"^(?:单位|计量单位)[:：]?|人民币|RMB|CNY", re.IGNORECASE)


@dataclass(frozen=True)
class Title:
    """A column title taken apart: the catalogue's name and the text in its last brackets (empty: none)."""

    name: str
    unit_text: str = ""


@dataclass(frozen=True)
class Meaning:
    """How to read a column: the fact, the unit of bare numbers, and whether the title says that unit itself."""

    fact: Fact
    unit: Unit
    explicit: bool = False
    form: Form = Form.VALUE
    canonical: Mapping[str, str] = field(default_factory=dict)

    @property
    def unit_words(self) -> tuple[str, ...]:
        """Units a number of this column may carry."""
        return tuple(word for word in _units_of(self.fact) if word not in _TITLE_ONLY)


def read_title(title: str, names: Mapping[str, str]) -> Title | None:
    """The catalogue name in ``title`` (``names``: title key → name) and its unit text; None for an unknown column."""
    key = title_key(title)
    if key in names:
        return Title(names[key])
    match = _BRACKET.fullmatch(key)
    if match and match["name"] in names:
        return Title(names[match["name"]], match["unit"])
    return None


def meaning_of(fact: Fact, title: Title, sheet_unit: Unit | None = None, canonical: Mapping[str, str] | None = None) -> Meaning | None:
    """How a column with this title is read; None where the text in its brackets is no unit of the fact.

    ``sheet_unit`` is the unit of money written above the table (单位：元), used where the title has none.
    """
    if fact.name == FIRM_CODE:
        return Meaning(fact, fact.unit, form=Form.CODE)
    if fact.name == MONTH and fact.kind is Kind.MONTH:
        return Meaning(fact, fact.unit, form=Form.MONTH)
    if fact.store is not Store.INTEGER:
        return Meaning(fact, fact.unit, canonical=canonical or {})
    if not title.unit_text:
        if sheet_unit is not None and fact.unit.dimension == MONEY:
            return Meaning(fact, sheet_unit, explicit=True)
        return Meaning(fact, fact.unit)
    if fact.unit.dimension == RATIO and title.unit_text in {"百分比", "百分数"}:
        return Meaning(fact, fact.unit)
    unit = unit_named(title.unit_text, fact)
    return None if unit is None else Meaning(fact, unit, explicit=True)


def unit_named(text: str, fact: Fact) -> Unit | None:
    """The unit called ``text`` if the fact can be given in it."""
    word = _UNIT_NOISE.sub("", plain_width(text).replace(" ", "")).replace("％", "%").strip()
    units = _units_of(fact)
    return units.get(word) or units.get(word.lower())


def cell_unit(meaning: Meaning, text: str) -> Unit | None:
    """The unit written behind a number in a cell; words that name a way of writing (小数) are for titles only."""
    return None if text in _TITLE_ONLY else unit_named(text, meaning.fact)


def _units_of(fact: Fact) -> Mapping[str, Unit]:
    if fact.unit.dimension == MONEY:
        return _MONEY_UNITS
    if fact.unit.dimension == RATIO:
        return _RATIO_UNITS
    if fact.unit.symbol == "kWh":
        return {word: Unit(word, "energy", scale) for word, scale in _ENERGY.items()}
    words = _WORDS_BY_LABEL.get(fact.unit_label) or _WORDS_OF_ONE.get(fact.unit.symbol, ())
    return dict.fromkeys(words, fact.unit)
