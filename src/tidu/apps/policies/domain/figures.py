"""Numbers as people read them: 1,200 万元, 3%, 不低于 5%. Exact; nothing is rounded that a pack can write."""

from __future__ import annotations

from fractions import Fraction

from tidu.kernel.facts import Fact, Store
from tidu.kernel.quantities import decimal_text
from tidu.kernel.rules import Quantity
from tidu.kernel.wording import constant_of, measured, shown

SIGNS = {">=": "≥", ">": "＞", "<=": "≤", "<": "＜", "=": "＝"}
SIGN_WORDS = {">=": "不低于", ">": "超过", "<=": "不高于", "<": "低于", "=": "等于"}
DAY_WORDS = {">=": "不早于", ">": "晚于", "<=": "不晚于", "<": "早于", "=": "是"}
_UNIT_WORDS = {
    "yes/no": "是/否",
    "date": "日期",
    "year": "年份",
    "rank": "名次",
    "item": "项",
    "person": "人",
    "points": "分",
    "level": "级",
    "": "文字",
}
_TEN_THOUSAND = 1_000_000
_FRAGMENT = 6


def grouped(value: Fraction | int) -> str:
    """A number with separators between thousands and no trailing zeros: 1200 → 1,200."""
    whole, dot, rest = decimal_text(value, _FRAGMENT).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{rest}"


def with_unit(value: Fraction | int, unit: str) -> str:
    """A number with its unit: 3%, 1,200 万元, 60 分."""
    text = grouped(value)
    return text if not unit else f"{text}{unit}" if unit == "%" else f"{text} {unit}"


def money(fen: int) -> str:
    """Integer fen in 万元, to the fen."""
    return with_unit(Fraction(fen, _TEN_THOUSAND), "万元")


def percent(rate: Fraction) -> str:
    """A rate (1 is 100 %) as a percentage."""
    return with_unit(rate * 100, "%")


def literal(quantity: Quantity) -> str:
    """A bound without inputs, in the unit it was written in; days and levels by name."""
    value = measured(constant_of(quantity), quantity) or Fraction(0)
    if quantity.dimension in {"date", "level"}:
        return str(shown(value, quantity.dimension))
    return with_unit(value, quantity.unit)


def expression(text: str) -> str:
    """A formula of a pack with the signs of ordinary writing."""
    for written, sign in ((">=", "≥"), ("<=", "≤"), ("!=", "≠"), (" * ", " × "), (" / ", " ÷ "), (" - ", " − ")):
        text = text.replace(written, sign)
    return text.replace("(", "（").replace(")", "）")


def unit_words(fact: Fact) -> str:
    """The unit of a fact in words: 万元, 是/否, 日期."""
    if fact.store is Store.BOOLEAN:
        return "是/否"
    if fact.store is Store.DATE:
        return "日期"
    if fact.store is Store.TEXT:
        return "从列出的词中选" if fact.values else "文字"
    return _UNIT_WORDS.get(fact.unit_label, fact.unit_label) or fact.unit.symbol or "数字"


def source_words(source: str) -> str:
    """Who gives a fact: ``应急|税务`` → 应急、税务; 自报 → 企业自报."""
    names = ["企业自报" if name == "自报" else name for name in source.split("|") if name]
    return "、".join(names) or "未注明"
