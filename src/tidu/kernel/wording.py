"""How values, bounds and answers read in Chinese."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from tidu.kernel.quantities import LEVELS, RATIO, UNITS, decimal_text, number
from tidu.kernel.rules import Compare, Quantity

ANSWERS = {True: "符合", False: "不符合", None: "待补充"}
OPERATORS = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜"}


def measured(value: Fraction | None, quantity: Quantity) -> Fraction | None:
    """A quantity's value in its unit (% as percent numbers, money in the unit it is written in); display only at roots."""
    if value is None:
        return None
    if quantity.root != 1:
        with localcontext() as context:
            context.prec = 30
            grown = Decimal(value.numerator) / Decimal(value.denominator)
            rate = grown ** (Decimal(1) / Decimal(quantity.root)) - 1 if grown > 0 else Decimal(-1)
        value = Fraction(rate)
    if quantity.dimension == RATIO:
        return value * 100
    unit = UNITS.get(quantity.unit)
    return value / unit.scale if unit is not None else value


def constant_of(quantity: Quantity) -> Fraction:
    """The value of a quantity without inputs."""
    return Fraction(quantity.numerator.value) / Fraction(quantity.divisor.value)


def bound_unit(node: Compare) -> str:
    """The unit a comparison speaks in: its bound's, else its quantity's."""
    return node.right.unit or node.left.unit


def in_unit(value: Fraction | None, quantity: Quantity, unit: str) -> Fraction | None:
    """A value in the unit of the bound it is compared with."""
    found = measured(value, quantity)
    if found is None or unit == quantity.unit or quantity.dimension == RATIO:
        return found
    own, wanted = UNITS.get(quantity.unit), UNITS.get(unit)
    return found * own.scale / wanted.scale if own and wanted else found


def shown(value: Fraction | None, dimension: str) -> Any:
    """A measured value as JSON: dates as text, levels by name, numbers as numbers; None stays None."""
    if value is None:
        return None
    if dimension == "date":
        return date.fromordinal(int(value)).isoformat()
    if dimension == "level" and value.denominator == 1 and 1 <= value <= len(LEVELS):
        return LEVELS[int(value) - 1]
    return number(value)


def value_text(value: Fraction | None, dimension: str, unit: str) -> str:
    """A measured value with its unit as people read it."""
    if value is None:
        return "未知"
    if dimension in {"date", "level"}:
        return str(shown(value, dimension))
    return f"{decimal_text(value, 4)}{unit}"


def compare_text(node: Compare) -> str:
    """``研发费用占比 ≥ 3%``."""
    right = (
        value_text(measured(constant_of(node.right), node.right), node.right.dimension, node.right.unit)
        if node.right.numerator.is_constant
        else node.right.text
    )
    return f"{node.left.text} {OPERATORS[node.op]} {right}"


def opposite(word: Any) -> Any:
    """What is needed where a yes/no bound must not hold; None for any other bound."""
    return {"有": "没有", "没有": "有", "是": "否", "否": "是"}.get(word) if isinstance(word, str) else None
