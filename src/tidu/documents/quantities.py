"""Numbers with their units in running text: 50万元, 三千万元, 10%, 百分之五, 1:1, 60家."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tidu.documents.numerals import HAN_SMALL, number_of
from tidu.documents.words import one_of

MONEY, SHARE, MATCH, COUNT = "money", "share", "match", "count"

_ARABIC = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = rf"(?:{_ARABIC}|[{HAN_SMALL}]+(?:点[〇零一二三四五六七八九]+)?)"
_POWER = r"万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百"
_POWERS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_FOREIGN = "美元|美金|港元|港币|欧元|英镑|日元"
_MONEY = re.compile(
    rf"({_FIGURE}) ?({_POWER})? ?(?:元(?:人民币)?|人民币|({_FOREIGN}))|({_ARABIC}) ?(亿|万)(?![\u4e00-\u9fff㎡])|({_ARABIC}) ?(亿|万)(?=的|以|至|到|给|和|奖|补|资|支|、|（含|起|一次|及|或)"
)
_SHARE = re.compile(rf"({_ARABIC}) ?(%|‰)|([{HAN_SMALL}]*|万)分之({_FIGURE})")
_RATIO = re.compile(r"(?<![\d:])(\d+(?:\.\d+)?) ?[:：∶比︰] ?(\d+(?:\.\d+)?)(?![\d:])")
_COUNT = re.compile(rf"({_ARABIC}|[{HAN_SMALL}]+)(余|多)? ?({_POWER})?(余|多)? ?({one_of('target_units')})")
_RANGE = re.compile(r"(?:[-—–~～－]{1,2}|至|到)")


@dataclass(frozen=True)
class Quantity:
    """A quantity and where it stands: ``value`` in its own unit, money in yuan, a share as a fraction of one."""

    kind: str
    value: Fraction
    unit: str
    begin: int
    end: int
    upper: Fraction | None = None
    """The other end of a range."""


def scaled(figure: str, power: str | None) -> Fraction | None:
    """A figure and the power behind it: ``2``, ``千万``."""
    value = number_of(figure)
    for sign in power or "":
        value = None if value is None else value * _POWERS[sign]
    return value


def money_in(text: str) -> list[Quantity]:
    """Amounts in yuan; a range is one of them; foreign money has its own unit."""
    found = []
    for one in _MONEY.finditer(text):
        figure, power = (one[1], one[2]) if one[1] else (one[4] or one[6], one[5] or one[7])
        value = scaled(figure, power)
        if value is not None:
            found.append(Quantity(MONEY, value, one[3] or "元", one.start(), one.end()))
    return _with_ranges(found, text)


def shares_in(text: str) -> list[Quantity]:
    """Percentages and fractions, as shares of one."""
    found = []
    for one in _SHARE.finditer(text):
        if one[1]:
            value: Fraction | None = Fraction(one[1].replace(",", "")) / (100 if one[2] == "%" else 1000)
        else:
            above, below = number_of(one[4]), number_of(one[3] or "十") if one[3] != "万" else Fraction(10_000)
            value = above / below if above is not None and below else None
        if value is not None:
            found.append(Quantity(SHARE, value, "%", one.start(), one.end()))
    return _with_ranges(found, text)


def ratios_in(text: str) -> list[Quantity]:
    """1:0.5 as the share the second pays on top of the first; only where it matches something, which the caller knows."""
    return [
        Quantity(MATCH, Fraction(one[2]) / Fraction(one[1]), "", one.start(), one.end())
        for one in _RATIO.finditer(text)
        if Fraction(one[1]) and Fraction(one[1]) <= 100
    ]


def counts_in(text: str) -> list[Quantity]:
    """Counted things and measured quantities with figure and unit as written: 120 万立方米, 2 万亿元."""
    found = []
    for one in _COUNT.finditer(text):
        unit, power = one[5], one[3]
        if power:
            unit, power = f"{power}{unit}", None
        value = scaled(one[1], power)
        if value is not None:
            found.append(Quantity(COUNT, value, unit, one.start(), one.end()))
    return _with_ranges(found, text)


def _with_ranges(found: Sequence[Quantity], text: str) -> list[Quantity]:
    """Two quantities with 至 between them are one; a bare figure before 至 takes the unit of the second."""
    result: list[Quantity] = []
    for one in found:
        before = result[-1] if result else None
        if before is not None and before.upper is None and _RANGE.fullmatch(text[before.end : one.begin].replace("（含）", "").strip()):
            result[-1] = Quantity(one.kind, before.value, one.unit, before.begin, one.end, one.value)
            continue
        low = re.search(rf"(?<![\d.年月])({_ARABIC}) ?(?:[-—–~～－]{{1,2}}|至|到) ?$", text[: one.begin])
        if low is not None:
            figure = number_of(low[1])
            own = number_of(re.match(_FIGURE, text[one.begin :])[0])  # type: ignore[index]
            if figure is not None and own and figure < own:
                result.append(Quantity(one.kind, figure * one.value / own, one.unit, low.start(), one.end, one.value))
                continue
        result.append(one)
    return result
