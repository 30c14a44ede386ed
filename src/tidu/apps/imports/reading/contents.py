"""What a column holds, told from its cells and not from its title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import polars as pl

from tidu.exchange.cells import shown
from tidu.exchange.sheets import Column
from tidu.exchange.wordings import plain_width
from tidu.kernel.credit_code import ALPHABET, normalise_credit_code

SAMPLE = 400
SAMPLES_SHOWN = 3
MOST_DISTINCT = 40
"""A column with more different values than this is no code that a person would explain."""
CERTAIN = 0.6


class Content(StrEnum):
    """What most cells of a column are."""

    EMPTY = "空列"
    CODE = "信用代码"
    NUMBER_OLD = "注册号"
    NAME = "企业名称"
    PATENT = "专利号"
    DATE = "日期"
    MONTH = "月份"
    YEAR = "年份"
    FLAG = "是否"
    LETTER = "字母"
    NUMBER = "数字"
    TEXT = "文字"


@dataclass(frozen=True)
class Profile:
    """A column as it is told to people and to the guess: content, cells filled, some of them, and all values where they are few."""

    position: int
    letter: str
    title: str
    content: Content
    filled: int
    samples: tuple[str, ...]
    values: tuple[tuple[str, int], ...]


_CODE = re.compile(rf"[{ALPHABET}]{{18}}")
_OLD = re.compile(r"\d{13}|\d{15}")
_NAME = re.compile(
    r"(?:公司|集团|厂|合作社|经营部|商行|商店|超市|工作室|事务所|研究院|研究所|医院|学校|中心|酒店|餐馆|客栈|合伙\)?|门市部|服务部|个体户|企业|分公司|店|行)(?:\(.*\))?$"
)
_PATENT = re.compile(r"(?:ZL|CN)?(?:\d{8}|\d{12})(?:\.?[\dX])?", re.IGNORECASE)
_DATE = re.compile(
    r"(?:19|20)\d{2}(?:[-/.年](?:0?[1-9]|1[0-2])[-/.月](?:0?[1-9]|[12]\d|3[01])日?|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[T ].*)?"
)
_MONTH = re.compile(r"(?:19|20)\d{2}(?:[-/年](?:0?[1-9]|1[0-2])月?份?|0[1-9]|1[0-2])")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:年|年度)?")
_FLAGS = frozenset({"是", "否", "有", "无", "1", "0", "Y", "N", "y", "n", "TRUE", "FALSE"})
_LETTER = re.compile(r"[A-T]")


def _is_date(cell: object, text: str) -> bool:
    return isinstance(cell, date) or _DATE.fullmatch(text) is not None


def _is_number(cell: object, text: str) -> bool:
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        return True
    return re.fullmatch(r"[-+]?\d[\d,]*(?:\.\d+)?%?", text) is not None


def is_firm_name(text: str) -> bool:
    """Whether a text reads like the name of a firm."""
    return len(text) >= 4 and _NAME.search(plain_width(text)) is not None


# In this order: the narrower meaning first, so that a year is not taken for any number.
_TESTS: Sequence[tuple[Content, Callable[[object, str], bool]]] = (
    (Content.CODE, lambda _, text: len(text) >= 18 and _CODE.fullmatch(normalise_credit_code(text)) is not None),
    (Content.NUMBER_OLD, lambda _, text: _OLD.fullmatch(text) is not None),
    (Content.NAME, lambda _, text: is_firm_name(text)),
    (Content.DATE, _is_date),
    (Content.FLAG, lambda cell, text: text in _FLAGS or isinstance(cell, bool)),
    (Content.YEAR, lambda _, text: _YEAR.fullmatch(text) is not None),
    (Content.MONTH, lambda _, text: _MONTH.fullmatch(text) is not None),
    (Content.PATENT, lambda _, text: len(text) >= 8 and _PATENT.fullmatch(text) is not None),
    (Content.LETTER, lambda _, text: _LETTER.fullmatch(text) is not None),
    (Content.NUMBER, _is_number),
)


def cell_text(cell: object) -> str:
    """A cell as its user reads it: whole numbers without a point, midnight without its hours.

    >>> cell_text(1130.0), cell_text(" 20 ")
    ('1130', '20')
    """
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    return str(cell).strip()


def cells_of(column: Column) -> list[object]:
    """The cells of a column as plain values."""
    return column.cells.to_list() if isinstance(column.cells, pl.Series) else list(column.cells)


def profile(column: Column) -> Profile:
    """Look at a column once."""
    filled = [cell for cell in cells_of(column) if cell is not None and (not isinstance(cell, str) or cell.strip())]
    sample = filled if len(filled) <= SAMPLE else filled[:: len(filled) // SAMPLE][:SAMPLE]
    distinct = Counter(map(cell_text, filled)) if len(set(map(cell_text, sample))) <= MOST_DISTINCT else Counter()
    few = len(distinct) <= MOST_DISTINCT
    return Profile(
        column.position, column.letter, column.title, content_of(sample), len(filled),
        tuple(shown(cell) for cell in dict.fromkeys(map(cell_text, sample[:50])))[:SAMPLES_SHOWN],
        tuple(distinct.most_common()) if few else (),
    )  # fmt: skip


def content_of(cells: Iterable[object]) -> Content:
    """What most of the cells are; TEXT where no kind covers enough of them."""
    listed = [(cell, cell_text(cell)) for cell in cells]
    if not listed:
        return Content.EMPTY
    for content, test in _TESTS:
        if sum(1 for cell, text in listed if test(cell, text)) >= CERTAIN * len(listed):
            return content
    return Content.TEXT
