"""Expressions of packs: ``研发费用占比 >= 3%`` → a node of the rule tree. Parsed, never evaluated as Python.

Names are those of the catalogue, of the indicators and of the context (上年度, 评估日); literals carry units and
a comparison of different dimensions is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from tidu.kernel.algebra import ONE, Bound, Polynomial, form_of
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import Catalogue, Fact, Kind, Store
from tidu.kernel.quantities import LEVELS, RATIO, RATIO_SCALE, UNITS, parse_literal
from tidu.kernel.rules import NO_LABEL, Compare, Label, Quantity, Rule

ASSESSMENT_YEAR = "上年度"
ASSESSMENT_DAY = "评估日"
COMPOUND = "复合增长率"

_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})"
    r"|(?P<number>\d+(?:,\d{3}(?!\d))*(?:\.\d+)?\s*(?:%|[^\W\d_]+)?)"
    r"|(?P<op>>=|<=|!=|≥|≤|≠|>|<|=)"
    r"|(?P<sign>[-+*/()\[\],，×÷])"
    r"|(?P<name>[^\W\d]\w*(?:（[^）]*）\w*)*))"
)
_SHIFT = re.compile(r"前(\d)年")
WRITTEN_SIGNS = {"≥": ">=", "≤": "<=", "≠": "!="}
"""Signs that packs may be written with, as the rules hold them."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A derived quantity of ``indicators.yaml``."""

    name: str
    formula: str
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Scope:
    """What names mean while a pack is read: the catalogue, the indicators, and an event's own fields."""

    catalogue: Catalogue
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    fields: Mapping[str, Fact] = field(default_factory=dict)
    cache: dict[tuple[str, int], Quantity] = field(default_factory=dict)
    reading: list[str] = field(default_factory=list)

    def with_fields(self, fields: Mapping[str, Fact]) -> Scope:
        """The same scope in which an event's fields are known too, before facts of the same name."""
        return Scope(self.catalogue, self.indicators, fields, self.cache, self.reading)

    def fact(self, name: str) -> Fact | None:
        """The fact (or field) called ``name``."""
        return self.fields.get(name) or self.catalogue.facts.get(name)


def input_key(fact: Fact, shift: int) -> str:
    """The name of an input: the fact's, with ``@n`` where it is n years before the assessment year."""
    return f"{fact.name}@{shift}" if shift else fact.name


def split_key(key: str) -> tuple[str, int]:
    """A key as (fact name, years before the assessment year)."""
    name, _, shift = key.partition("@")
    return name, int(shift or 0)


def fault(code: str, message: str, **data: object) -> TiduError:
    """An error of an expression."""
    return TiduError(code, message, **data)


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Split an expression into (kind, text) tokens; raises ``bad-expression`` at what it cannot read."""
    found: list[tuple[str, str]] = []
    position = 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None or match.end() == position:
            raise fault(
                "bad-expression", f"表达式“{text}”在“{stripped[position:].strip()}”处无法理解。写法示例：研发费用占比 >= 3%。", text=text
            )
        kind = match.lastgroup or ""
        found.append((kind, match[kind].strip()))
        position = match.end()
    return found


def _variable(fact: Fact, shift: int, text: str) -> Quantity:
    """A stored input as a quantity (ratios are stored in millionths)."""
    key = input_key(fact, shift)
    if fact.store is Store.DATE:
        return Quantity(text, Polynomial.variable(key), ONE, (), "date", "")
    if fact.store is not Store.INTEGER:
        raise fault("not-a-number", f"“{fact.name}”不是数值，不能参与大小比较。请用“= 是”或“in [..]”。", name=fact.name)
    scale = Fraction(1, RATIO_SCALE) if fact.unit.dimension == RATIO else Fraction(1)
    return Quantity(text, Polynomial.variable(key, scale), ONE, (), fact.unit.dimension, fact.unit.symbol)


def _constant(value: Fraction, dimension: str, unit: str, text: str) -> Quantity:
    if dimension == RATIO:
        value /= RATIO_SCALE
    return Quantity(text, Polynomial.constant(value), ONE, (), dimension, unit)


def _combine(op: str, left: Quantity, right: Quantity) -> Quantity:
    """Arithmetic on quotients; dimensions are checked."""
    if left.root != 1 or right.root != 1:
        raise fault("bad-expression", "复合增长率只能单独与一个数比较，不能再参与运算。")
    text = f"{left.text} {op} {right.text}"
    divisors = left.divisors + right.divisors
    if op in "+-":
        dimension = "days" if left.dimension == right.dimension == "date" else left.dimension
        if left.dimension != right.dimension:
            raise fault("unit-mismatch", f"“{text}”两边单位不同（{left.unit or '无单位'}与{right.unit or '无单位'}），不能相加减。")
        cross = right.numerator * left.divisor
        numerator = left.numerator * right.divisor + (cross if op == "+" else -cross)
        return Quantity(text, numerator, left.divisor * right.divisor, divisors, dimension, "天" if dimension == "days" else left.unit)
    if op == "*":
        dimension, unit = (right.dimension, right.unit) if left.dimension in {"number", RATIO} else (left.dimension, left.unit)
        return Quantity(text, left.numerator * right.numerator, left.divisor * right.divisor, divisors, dimension, unit)
    same = left.dimension == right.dimension and left.dimension != "number"
    dimension, unit = (RATIO, "%") if same else (left.dimension, left.unit)
    if not right.numerator.is_constant:
        divisors = (*divisors, right.numerator)
    if right.numerator.is_constant and not right.divisor.keys:
        inverse = Polynomial.constant(right.divisor.value / right.numerator.value)
        return Quantity(text, left.numerator * inverse, left.divisor, divisors, dimension, unit)
    return Quantity(text, left.numerator * right.divisor, left.divisor * right.numerator, divisors, dimension, unit)


class Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, scope: Scope, shift: int = 0) -> None:
        self.text, self.scope, self.shift = text, scope, shift
        self.tokens = tokens_of(text)
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, expected: str = "") -> tuple[str, str]:
        token = self.peek()
        if expected and token[1] != expected:
            raise fault("bad-expression", f"表达式“{self.text}”中此处应为“{expected}”，读到“{token[1] or '结尾'}”。", text=self.text)
        self.at += 1
        return token

    def sum(self) -> Quantity:
        left = self.term()
        while self.peek() in {("sign", "+"), ("sign", "-")}:
            op = self.take()[1]
            left = _combine(op, left, self.term())
        return left

    def term(self) -> Quantity:
        left = self.factor()
        while self.peek()[0] == "sign" and self.peek()[1] in "*/×÷":
            op = {"×": "*", "÷": "/"}.get(mark := self.take()[1], mark)
            left = _combine(op, left, self.factor())
        return left

    def factor(self) -> Quantity:
        kind, text = self.take()
        if kind == "number":
            value, unit = parse_literal(text)
            return _constant(value, unit.dimension, unit.symbol, text)
        if kind == "date":
            return _constant(Fraction(date.fromisoformat(text).toordinal()), "date", "", text)
        if text == "(":
            inner = self.sum()
            self.take(")")
            return replace(inner, text=f"({inner.text})")
        if text == "-":
            return _combine("-", _constant(Fraction(0), (right := self.factor()).dimension, right.unit, "0"), right)
        if kind == "name":
            return self.named(text)
        raise fault("bad-expression", f"表达式“{self.text}”在“{text or '结尾'}”处缺少数值或名称。", text=self.text)

    def named(self, name: str) -> Quantity:
        if name == COMPOUND:
            return self.compound()
        if name in LEVELS:
            return _constant(Fraction(LEVELS.index(name) + 1), "level", "级", name)
        return quantity_named(name, self.scope, self.shift + self.taken_shift())

    def taken_shift(self) -> int:
        following = [text for _, text in self.tokens[self.at : self.at + 3]]
        if len(following) == 3 and following[0] == "(" and following[2] == ")" and (match := _SHIFT.fullmatch(following[1])):
            self.at += 3
            return int(match[1])
        return 0

    def compound(self) -> Quantity:
        self.take("(")
        base = self.sum()
        self.take(",")
        kind, years = self.take()
        self.take(")")
        if kind != "number" or not years.isdigit() or int(years) < 1:
            raise fault("bad-expression", f"“{self.text}”中复合增长率的年数应为正整数。", text=self.text)
        return Quantity(self.text, base.numerator, base.divisor, base.divisors, RATIO, "%", int(years))


def quantity_named(name: str, scope: Scope, shift: int) -> Quantity:
    """The quantity a name stands for, ``shift`` years before the assessment year; raises ``unknown-fact``."""
    fact = scope.fact(name)
    if fact is not None:
        moved = shift if fact.kind is Kind.YEAR else 0
        if shift and not moved and name not in scope.fields and fact.kind is not Kind.FIRM:
            raise fault("bad-expression", f"“{name}”不是年度指标，不能加（前{shift}年）。", name=name)
        return _variable(fact, moved, f"{name}（前{moved}年）" if moved else name)
    if name == ASSESSMENT_YEAR:
        year = Polynomial.variable(ASSESSMENT_YEAR) - Polynomial.constant(shift)
        return Quantity(name, year, ONE, (), "number", "")
    if name == ASSESSMENT_DAY:
        return Quantity(name, Polynomial.variable(ASSESSMENT_DAY), ONE, (), "date", "")
    indicator = scope.indicators.get(name)
    if indicator is None:
        raise fault(
            "unknown-fact", f"“{name}”既不是目录中的指标，也不是已定义的计算指标。请核对名称，或在 indicators.yaml 中定义。", name=name
        )
    cached = scope.cache.get((name, shift))
    if cached is None:
        cached = scope.cache[name, shift] = _indicator_quantity(indicator, scope, shift)
    return cached


def _indicator_quantity(indicator: Indicator, scope: Scope, shift: int) -> Quantity:
    if indicator.name in scope.reading:
        raise fault(
            "indicator-cycle", f"计算指标“{indicator.name}”的公式绕回了它自己。请改正公式“{indicator.formula}”。", name=indicator.name
        )
    scope.reading.append(indicator.name)
    try:
        reader = Reader(indicator.formula, scope, shift)
        inner = reader.sum()
    finally:
        scope.reading.pop()
    if reader.peek()[0] != "end":
        raise fault("bad-expression", f"计算指标“{indicator.name}”的公式“{indicator.formula}”未读完。", text=indicator.formula)
    unit = UNITS.get(indicator.unit)
    if unit is None or (inner.dimension not in {unit.dimension, "number"}):
        raise fault("unit-mismatch", f"计算指标“{indicator.name}”的单位“{indicator.unit}”与公式的结果不符。", name=indicator.name)
    text = f"{indicator.name}（前{shift}年）" if shift else indicator.name
    return Quantity(text, inner.numerator, inner.divisor, inner.divisors, unit.dimension, unit.symbol, inner.root)


def parse_quantity(text: str, scope: Scope) -> Quantity:
    """A whole expression as a quantity."""
    reader = Reader(text, scope)
    found = reader.sum()
    if reader.peek()[0] != "end":
        raise fault("bad-expression", f"“{text}”在“{reader.peek()[1]}”处多出内容。", text=text)
    return found


def _bounds(quantity: Quantity, scope: Scope) -> dict[str, Bound]:
    dividing = frozenset(key for divisor in quantity.divisors if len(divisor.terms) == 1 for key in divisor.keys)
    found: dict[str, Bound] = {}
    for key in quantity.keys:
        fact = scope.fact(split_key(key)[0])
        low, high = (fact.lowest, fact.highest) if fact is not None else (None, None)
        found[key] = (max(low or 0, 1), high) if key in dividing else (low, high)
    return found


def compare(left: Quantity, op: str, right: Quantity, scope: Scope, label: Label = NO_LABEL) -> Rule:
    """A comparison node for >= > <= <."""
    if left.dimension != right.dimension:
        raise fault(
            "unit-mismatch",
            f"“{left.text} {op} {right.text}”两边单位不同：左边是{left.unit or '无单位'}，右边是{right.unit or '无单位'}。请写成同类单位。",
            left=left.unit,
            right=right.unit,
        )
    if right.root != 1 or (left.root != 1 and not right.numerator.is_constant):
        raise fault("bad-expression", "复合增长率只能写在左边，并与一个固定的百分数比较。")
    difference = _difference(left, right)
    if op in {"<=", "<"}:
        difference = -difference
    bounds = _bounds(left, scope) | _bounds(right, scope)
    form = form_of(difference, bounds, strict=op in {">", "<"})
    divisors = tuple(form_of(divisor, bounds, strict=True) for divisor in (*left.divisors, *right.divisors))
    return Compare(left, op, right, form, divisors, label)


def _difference(left: Quantity, right: Quantity) -> Polynomial:
    if left.root == 1:
        return left.numerator * right.divisor - right.numerator * left.divisor
    base = (1 + right.numerator.value / right.divisor.value) ** left.root
    return left.numerator - left.divisor * Polynomial.constant(base)
