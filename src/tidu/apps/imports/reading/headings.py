"""What a column title says beside its name: a unit, a year or month, and sometimes what its codes mean.

>>> read_heading("2023年营业收入（万元）").name, read_heading("2023年营业收入（万元）").year
('营业收入', 2023)
>>> dict(read_heading("（1投资 2被投）").codes)
{'1': '投资', '2': '被投'}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tidu.exchange.titles import unit_named
from tidu.exchange.wordings import title_key
from tidu.kernel.facts import Fact, Kind, Store
from tidu.kernel.quantities import UNITS

_OF_DIMENSIONS = tuple(
    Fact("", "", Kind.YEAR, Store.INTEGER, UNITS[symbol], unit_label=label)
    for symbol, label in (("万元", ""), ("%", ""), ("kWh", ""), ("人", ""), ("项", ""), ("家", ""), ("分", ""), ("", "year"), ("", "rank"))
)
_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_PAIR = r"\d{1,5}[:：=、.\-]?(?![年月日号期季个])(?:[一-鿿]{1,8})"
_CODES = re.compile(rf"{_PAIR}(?:[\s,，;；/、]*{_PAIR})+")
_ONE_CODE = re.compile(r"(\d{1,5})[:：=、.\-]?(?![年月日号期季个])([一-鿿]{1,8})")
_YEAR = re.compile(r"((?:19|20)\d{2})年?度?")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月份?")
_UNIT_TAIL = re.compile(r"[-_/:，,](元|千元|万元|亿元|%|人|kWh)$")
_NUMBERING = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,3}[)、.]|\(?\d{1,2}[)、.])")
_LAST_YEAR = re.compile(r"上年度?|上一年度?|去年|上年同期")
_THIS_YEAR = re.compile(r"本年度?|当年度?|年末|期末|本期|其中[:：]?")


@dataclass(frozen=True)
class Heading:
    """A title taken apart. ``name`` is what is left; ``offset`` is -1 for 上年; ``codes`` maps a code to its meaning."""

    name: str
    full: str
    unit: str = ""
    year: int | None = None
    month: int | None = None
    offset: int = 0
    codes: Mapping[str, str] = field(default_factory=dict)


def is_unit(text: str) -> bool:
    """Whether a word names a unit of anything the catalogue measures."""
    return bool(text) and any(unit_named(text, fact) is not None for fact in _OF_DIMENSIONS)


def read_heading(title: str) -> Heading:
    """A title taken apart; never fails, since a title may be anything."""
    full = title_key(title)
    text, codes = _without_codes(" ".join(title.split()), full)
    text, unit = _without_unit(text)
    text = _NUMBERING.sub("", text)
    text, year = _taken(_YEAR, text)
    text, month = _taken(_MONTH, text) if year is not None or _MONTH.match(text) else (text, None)
    offset = -1 if _LAST_YEAR.search(text) else 0
    text = _THIS_YEAR.sub("", _LAST_YEAR.sub("", text))
    name = _BRACKET.sub("", text) or text
    return Heading(name.strip("-_/:：*.、"), full, unit, year, month, offset, codes)


def _without_codes(spaced: str, text: str) -> tuple[str, dict[str, str]]:
    """The text without the list of codes it carries (alone, or in brackets), and the list."""
    plain = title_key(spaced) if spaced else text
    for candidate in [*_BRACKET.findall(plain), plain.strip("()[]【】")]:
        if _CODES.fullmatch(candidate):
            found = dict(_ONE_CODE.findall(candidate))
            kept = plain
            for bracket in _BRACKET.finditer(plain):
                kept = kept.replace(bracket[0], "") if bracket[1] == candidate else kept
            return kept.replace(candidate, ""), found
    return plain, {}


def _without_unit(text: str) -> tuple[str, str]:
    for match in reversed(list(_BRACKET.finditer(text))):
        if is_unit(match[1]):
            return text[: match.start()] + text[match.end() :], match[1]
    tail = _UNIT_TAIL.search(text)
    return (text[: tail.start()], tail[1]) if tail else (text, "")


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, int | None]:
    match = pattern.search(text)
    if match is None:
        return text, None
    return text[: match.start()] + text[match.end() :], int(match[1])


def years_in(text: str) -> list[int]:
    """Years a caption, a sheet's name or a file's name speaks of, in the order they stand there."""
    plain = title_key(text)
    sure = [int(match) for match in re.findall(r"((?:19|20)\d{2})年", plain)]
    return sure or [int(match) for match in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", plain)]


def months_in(text: str) -> list[tuple[int, int]]:
    """Months (year, month) that a caption speaks of: 2024年3月, 2024-03, 202403."""
    plain = title_key(text)
    found = re.findall(r"((?:19|20)\d{2})年(1[0-2]|0?[1-9])月", plain)
    found = found or re.findall(r"(?<!\d)((?:19|20)\d{2})[-_.]?(1[0-2]|0[1-9])(?!\d)", plain)
    return [(int(year), int(month)) for year, month in found]
