"""Three answers, points and amounts of a rule tree for known inputs: the meaning every engine must share.

``known`` maps an input to its value, None (or absent) where it is unknown. Yes/no answers follow Kleene; points are
intervals over what is unknown; an amount with an unknown part is unknown, never the cap.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tidu.kernel.algebra import truth
from tidu.kernel.rules import (
    All,
    Amount,
    AnyOf,
    AtLeast,
    Choose,
    Compare,
    Constant,
    Expert,
    Flag,
    Judged,
    Largest,
    Measure,
    Named,
    Not,
    Number,
    OneOf,
    Quantity,
    Rule,
    ScoreAtLeast,
    Share,
    Smallest,
    Sum,
    Times,
)

Interval = tuple[int, int]


def answer(node: Rule | Amount, known: Mapping[str, Any]) -> bool | None:
    """Met (True), unmet (False) or unknown (None)."""
    found: bool | None = _ANSWERS[type(node)](node, known)
    return found


def _compare(node: Compare, known: Mapping[str, Any]) -> bool | None:
    return truth(node.form, node.divisors, known)


def _flag(node: Flag, known: Mapping[str, Any]) -> bool | None:
    value = known.get(node.key)
    return None if value is None else value is node.wanted


def _one_of(node: OneOf, known: Mapping[str, Any]) -> bool | None:
    value = known.get(node.key)
    return None if value is None else value in node.values


def _judged(node: Judged, known: Mapping[str, Any]) -> bool | None:
    value = known.get(node.key)
    return None if value is None else bool(value)


def _all(node: All, known: Mapping[str, Any]) -> bool | None:
    result: bool | None = True
    for part in node.parts:
        found = answer(part, known)
        if found is False:
            return False
        if found is None:
            result = None
    return result


def _any(node: AnyOf, known: Mapping[str, Any]) -> bool | None:
    result: bool | None = False
    for part in node.parts:
        found = answer(part, known)
        if found:
            return True
        if found is None:
            result = None
    return result


def _at_least(node: AtLeast, known: Mapping[str, Any]) -> bool | None:
    answers = [answer(part, known) for part in node.parts]
    sure = answers.count(True)
    if sure >= node.count:
        return True
    return None if sure + answers.count(None) >= node.count else False


def _not(node: Not, known: Mapping[str, Any]) -> bool | None:
    found = answer(node.part, known)
    return None if found is None else not found


def _score(node: ScoreAtLeast, known: Mapping[str, Any]) -> bool | None:
    low = high = 0
    for item in node.items:
        item_low, item_high = points(item.points, known)
        low += item_low
        high += item_high
    return True if low >= node.threshold else False if high < node.threshold else None


_ANSWERS: dict[type, Any] = {
    Compare: _compare,
    Flag: _flag,
    OneOf: _one_of,
    Judged: _judged,
    Constant: lambda node, _: node.answer,
    All: _all,
    AnyOf: _any,
    AtLeast: _at_least,
    Not: _not,
    ScoreAtLeast: _score,
    Named: lambda node, known: answer(node.node, known),
}


def points(node: Amount, known: Mapping[str, Any]) -> Interval:
    """Least and most points over all values of what is unknown."""
    return _POINTS[type(node)](node, known)  # type: ignore[no-any-return]


def _choose_points(node: Choose, known: Mapping[str, Any]) -> Interval:
    lows: list[int] = []
    highs: list[int] = []
    for rule, amount in node.cases:
        found = answer(rule, known)
        if found is False:
            continue
        low, high = points(amount, known)
        lows.append(low)
        highs.append(high)
        if found:
            return min(lows), max(highs)
    low, high = points(node.otherwise, known)
    return min(low, *lows) if lows else low, max(high, *highs) if highs else high


def _measure_points(node: Measure, known: Mapping[str, Any]) -> Interval:
    value = quantity_value(node.quantity, known)
    if value is not None:
        whole = value.numerator // value.denominator
        return whole, whole
    lows, highs = zip(*node.bounds.values(), strict=True)
    return max(low or 0 for low in lows), min(high or 0 for high in highs)


def _each(reduce: Any) -> Any:
    def combined(node: Sum | Largest | Smallest, known: Mapping[str, Any]) -> Interval:
        pairs = [points(part, known) for part in node.parts]
        return reduce([low for low, _ in pairs]), reduce([high for _, high in pairs])

    return combined


def _expert(node: Expert, known: Mapping[str, Any]) -> Interval:
    value = known.get(node.key)
    return (node.lowest, node.highest) if value is None else (value, value)


_POINTS: dict[type, Any] = {
    Number: lambda node, _: (int(node.value), int(node.value)),
    Choose: _choose_points,
    Measure: _measure_points,
    Sum: _each(sum),
    Largest: _each(max),
    Smallest: _each(min),
    Expert: _expert,
}


def quantity_value(quantity: Quantity, known: Mapping[str, Any]) -> Fraction | None:
    """The value of a quotient; None where an input is unknown or a divisor is not positive.

    For a compound rate this is the quotient itself (see ``Quantity.root``); it is taken to the root only for display.
    """
    for key in quantity.keys:
        if known.get(key) is None:
            return None
    for divisor in quantity.divisors:
        if _value(divisor.terms, known) <= 0:
            return None
    return _value(quantity.numerator.terms, known) / _value(quantity.divisor.terms, known)


def _value(terms: Mapping[tuple[str, ...], Fraction], known: Mapping[str, Any]) -> Fraction:
    total = Fraction(0)
    for monomial, coefficient in terms.items():
        product = coefficient
        for key in monomial:
            product *= known[key]
        total += product
    return total


def amount(node: Amount | Rule, known: Mapping[str, Any]) -> Fraction | None:
    """The exact amount of a node (fen, or a plain number); None where any part it needs is unknown."""
    match node:
        case Number(value):
            return value
        case Measure(quantity):
            return quantity_value(quantity, known)
        case Choose(cases, otherwise):
            for rule, part in cases:
                found = answer(rule, known)
                if found is None:
                    return None
                if found:
                    return amount(part, known)
            return amount(otherwise, known)
        case Times(part, rate):
            inner = amount(part, known)
            return None if inner is None else inner * rate
        case Share(part, quantity):
            inner, share = amount(part, known), quantity_value(quantity, known)
            return None if inner is None or share is None else inner * share
        case Named(_, inner_node):
            return amount(inner_node, known)
        case Sum(parts) | Largest(parts) | Smallest(parts):
            values = [amount(part, known) for part in parts]
            if any(value is None for value in values):
                return None
            reduce = {Sum: lambda found: sum(found, Fraction(0)), Largest: max, Smallest: min}[type(node)]
            return reduce(values)  # type: ignore[no-any-return,operator]
        case _:
            raise TypeError(f"{type(node).__name__} has no amount")
