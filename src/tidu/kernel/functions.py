"""Rule nodes as plain functions of complete inputs, for the many evaluations of an exact enumeration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
    Not,
    Number,
    OneOf,
    Rule,
    Smallest,
    Sum,
)
from tidu.kernel.truth import answer, points

Values = Mapping[str, Any]


def answer_function(node: Rule | Amount) -> Callable[[Values], bool]:
    """The answer of a rule for complete inputs."""
    match node:
        case Constant(decided):
            return lambda _: decided
        case Compare():
            return _compare(node)
        case Flag(key, wanted):
            return lambda values: values[key] is wanted
        case OneOf(key, words):
            return lambda values: values[key] in words
        case Judged(key):
            return lambda values: bool(values[key])
        case Not(part):
            inner = answer_function(part)
            return lambda values: not inner(values)
        case All(parts):
            every = [answer_function(part) for part in parts]
            return lambda values: all(function(values) for function in every)
        case AnyOf(parts):
            some = [answer_function(part) for part in parts]
            return lambda values: any(function(values) for function in some)
        case AtLeast(count, parts):
            counted = [answer_function(part) for part in parts]
            return lambda values: sum(function(values) for function in counted) >= count
    return lambda values: bool(answer(node, values))


def _compare(node: Compare) -> Callable[[Values], bool]:
    form = node.form
    constant = form.constant
    if not form.is_linear:
        return lambda values: form.at(values) >= 0
    if len(form.slopes) == 1:
        ((slope, key),) = form.slopes
        return lambda values: slope * values[key] + constant >= 0
    if len(form.slopes) == 2:
        (first, one), (second, other) = form.slopes
        return lambda values: first * values[one] + second * values[other] + constant >= 0
    return lambda values: sum(slope * values[key] for slope, key in form.slopes) + constant >= 0


def points_function(node: Amount) -> Callable[[Values], int]:
    """The points of a number node for complete inputs."""
    match node:
        case Number(value):
            fixed = int(value)
            return lambda _: fixed
        case Expert(key):
            return lambda values: int(values[key])
        case Choose(cases, otherwise):
            listed = [(answer_function(rule), points_function(part)) for rule, part in cases]
            rest = points_function(otherwise)
            return lambda values: _chosen(listed, rest, values)
        case Sum(parts) | Largest(parts) | Smallest(parts):
            reduce: Any = {Sum: sum, Largest: max, Smallest: min}[type(node)]
            inner = [points_function(part) for part in parts]
            return lambda values: int(reduce([function(values) for function in inner]))
    return lambda values: points(node, values)[0]


def _chosen(listed: list[tuple[Callable[[Values], bool], Callable[[Values], int]]], rest: Callable[[Values], int], values: Values) -> int:
    for rule, part in listed:
        if rule(values):
            return part(values)
    return rest(values)
