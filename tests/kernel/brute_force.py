"""Every completion of the missing inputs at once: the definition of the outlook, evaluated over whole grids of values.

It shares nothing with the search of the kernel: a rule is evaluated on integer arrays that hold all combinations.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tidu.kernel.rules import (
    All,
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
    Not,
    Number,
    OneOf,
    ScoreAtLeast,
    Smallest,
    Sum,
    leaf_keys,
    walk,
)

Array = npt.NDArray[Any]
UNDEFINED = "÷"
MACHINE = 10**4
OPERATORS = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}


def undefined(node: Any, known: Mapping[str, Any]) -> str:
    """The name of the quantity where a divisor of it is known to be zero or negative: then it may be anything."""
    if not isinstance(node, Compare):
        return ""
    faulty = [
        key
        for divisor in node.divisors
        if all(known.get(key) is not None for key in divisor.keys) and divisor.at({key: known[key] for key in divisor.keys}) < 0
        for key in divisor.keys
    ]
    return f"{UNDEFINED}{'|'.join(sorted(faulty))}|{node.left.text}" if faulty else ""


def bound_of(node: Compare) -> Fraction:
    """The constant that a comparison holds its quantity against."""
    return Fraction(node.right.numerator.value) / node.right.divisor.value


def anything(rule: Any, known: Mapping[str, Any], name: str) -> list[int]:
    """Values below, on and above every bound of an undefined quantity, in hundredths."""
    bounds = {int(100 * bound_of(node)) for node in walk(rule) if isinstance(node, Compare) and undefined(node, known) == name}
    return sorted({bound + shift for bound in bounds for shift in (-1, 0, 1)})


def missing_of(rule: Any, known: Mapping[str, Any]) -> list[str]:
    """Inputs that may still take any value; those of an undefined quotient are free under a name of their own."""
    found: set[str] = set()
    for node in walk(rule):
        if name := undefined(node, known):
            found.add(name)
        else:
            found |= {key for key in leaf_keys(node) if known.get(key) is None}
    return sorted(found)


@dataclass
class Grid:
    """All combinations of ``domains``; each missing input is an array along an axis of its own.

    What depends on few inputs stays small: arrays are only spread over the whole grid at the end."""

    known: Mapping[str, Any]
    domains: Mapping[str, Sequence[Any]]

    def __post_init__(self) -> None:
        self.keys = list(self.domains)
        self.shape = tuple(len(self.domains[key]) for key in self.keys)
        self.size = prod(self.shape)

    def value(self, key: str) -> Any:
        """The input on the whole grid."""
        if key not in self.domains:
            return self.known[key]
        axis = self.keys.index(key)
        values = self.domains[key]
        # whole numbers of Python where products of amounts would not fit a machine word
        column = np.array(
            values, dtype=object if isinstance(values[0], str) or (values[0] is not False and max(values) > MACHINE) else None
        )
        return column.reshape([-1 if index == axis else 1 for index in range(len(self.keys))])

    def compare(self, node: Compare) -> Array:
        """A comparison of a quantity that has a value, or may have any."""
        if name := undefined(node, self.known):
            return np.asarray(OPERATORS[node.op](self.value(name), int(100 * bound_of(node))))
        total: Any = node.form.constant
        for coefficient, monomial in node.form.terms:
            product: Any = coefficient
            for key in monomial:
                product = product * self.value(key)
            total = total + product
        return np.asarray(total >= 0).astype(bool)

    def holds(self, node: Any) -> Array:
        """The answer of a rule on the grid."""
        match node:
            case Constant(answer):
                return np.asarray(answer)
            case Compare():
                return self.compare(node)
            case Flag(key, wanted):
                return np.asarray(self.value(key) == wanted)
            case OneOf(key, words):
                found = self.value(key)
                return np.isin(np.asarray(found, dtype=str), words)
            case Judged(key):
                return np.asarray(self.value(key)).astype(bool)
            case Not(part):
                return ~self.holds(part)
            case All(parts):
                return reduce(np.logical_and, (self.holds(part) for part in parts))
            case AnyOf(parts):
                return reduce(np.logical_or, (self.holds(part) for part in parts))
            case AtLeast(count, parts):
                return reduce(np.add, (self.holds(part).astype(int) for part in parts)) >= count
            case ScoreAtLeast(_, items, threshold):
                return reduce(np.add, (self.points(item.points) for item in items)) >= threshold
        raise TypeError(type(node).__name__)

    def points(self, node: Any) -> Array:
        """The points of a number node on the grid."""
        match node:
            case Number(value):
                return np.asarray(int(value))
            case Expert(key):
                return np.asarray(self.value(key))
            case Measure(quantity):
                (key,) = quantity.keys
                return np.asarray(self.value(key))
            case Choose(cases, otherwise):
                found = self.points(otherwise)
                for rule, amount in reversed(cases):
                    found = np.where(self.holds(rule), self.points(amount), found)
                return found
            case Sum(parts):
                return reduce(np.add, (self.points(part) for part in parts))
            case Largest(parts):
                return reduce(np.maximum, (self.points(part) for part in parts))
            case Smallest(parts):
                return reduce(np.minimum, (self.points(part) for part in parts))
        raise TypeError(type(node).__name__)

    def outlook(self, rule: Any) -> tuple[bool, bool, frozenset[str]]:
        """Whether the rule can be met, whether it can fail, and the inputs that alone can change the answer."""
        met = np.broadcast_to(self.holds(rule), self.shape)
        deciding = (key for axis, key in enumerate(self.keys) if (met.any(axis=axis) != met.all(axis=axis)).any())
        return bool(met.any()), bool((~met).any()), frozenset(deciding)
