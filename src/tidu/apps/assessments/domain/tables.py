"""What stands in a 推荐汇总表: its columns are data (``recommendation_columns.yaml``), its figures exact decimal texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tidu.kernel.criteria import INDUSTRY_CLASS
from tidu.kernel.expressions import parse_quantity
from tidu.kernel.inputs import FirmInputs
from tidu.kernel.interpret import Assessment
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.quantities import decimal_text
from tidu.kernel.truth import quantity_value
from tidu.kernel.wording import measured

FILE = Path(__file__).resolve().parent.parent / "recommendation_columns.yaml"
COMMON = "通用"
BEFORE = ("企业名称", "统一社会信用代码", "所属街道", "所属行业")
AFTER = ("得分", "人工判断", "推荐理由", "推荐单位", "联系人", "联系电话", "备注")
BY_HAND = frozenset({"联系人", "联系电话", "备注"})
"""Columns that stay empty for whoever sends the table up."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One column of a standard: a quantity of the indicators (``of``), or a word of the firm (``fact``)."""

    title: str
    of: str = ""
    fact: str = ""


@cache
def indicators() -> dict[str, tuple[Indicator, ...]]:
    """The columns of every standard."""
    with FILE.open(encoding="utf-8") as stream:
        read = yaml.safe_load(stream)
    return {name: tuple(Indicator(**row) for row in rows) for name, rows in read.items()}


def indicators_of(standard: str) -> tuple[Indicator, ...]:
    """The columns between what every table begins and ends with."""
    return indicators().get(standard, indicators()[COMMON])


def figures(inputs: FirmInputs, standard: str, packs: PackSet) -> list[list[Any]]:
    """Title and text of every column of the standard for one firm; what is not known is empty, never 0."""
    return [[one.title, _text(one, inputs, packs)] for one in indicators_of(standard)]


def _text(one: Indicator, inputs: FirmInputs, packs: PackSet) -> str:
    if one.fact:
        return str(inputs.firm.facts.get(one.fact) or "")
    quantity = parse_quantity(one.of, packs.scope)
    known = inputs.fill(sorted(quantity.keys), {})
    value = measured(quantity_value(quantity, known), quantity)
    return "" if value is None else decimal_text(value, 2)


def industry(inputs: FirmInputs) -> str:
    """The industry class of a firm."""
    return str(inputs.value(INDUSTRY_CLASS, {}) or "")


def score_text(found: Assessment) -> str:
    """The score as an interval where something is missing."""
    if found.score is None:
        return ""
    return str(found.score.low) if found.score.low == found.score.high else f"{found.score.low}～{found.score.high}"


def reason_of(found: Assessment, standard: Standard, judgement: str) -> str:
    """Why the firm is put forward, in one sentence."""
    conditions = "全部条件" if not found.manual else "全部可由数据判断的条件"
    parts = [f"对照{standard.reference.document}（{standard.version}），符合{conditions}"]
    if found.score is not None:
        mark = f"（合格线 {found.score.passing} 分）" if found.score.passing is not None else ""
        parts.append(f"评价得分 {score_text(found)} 分{mark}")
    if found.manual:
        parts.append(f"经人工判断：{judgement}")
    return "；".join(parts) + "。"


def titles(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The titles of a table whose rows hold these frozen figures."""
    return ["序号", *BEFORE, *(str(title) for title, _ in rows), *AFTER]
