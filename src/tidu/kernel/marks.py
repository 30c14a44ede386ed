"""Marks of components: two components with the same mark have the same outcomes, whatever the amounts behind them.

An amount matters only through the order in which its breakpoints follow one another; where the breakpoints of a
component all lie on one shared input, that order is the mark and the enumeration of one firm serves thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidu.kernel.algebra import Form
from tidu.kernel.completions import Component
from tidu.kernel.places import places_of
from tidu.kernel.residual import Group, Open, OpenItem, OpenRule, Residual, Threshold, Turned
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
    Not,
    Number,
    OneOf,
    Rule,
    Smallest,
    Sum,
)

Mark = tuple[Any, ...]


def mark_of(component: Component, known: Mapping[str, Any], *, free: bool = False) -> Mark | None:
    """The mark of a component, or None where there is none (products with several inputs missing).

    ``free``: every input alone reaches every outcome, whatever the amounts.
    """
    if component.shapes is None:
        numbered: dict[int, Form] = {}
        component.shapes = (tuple(_part(part, numbered) for part in component.parts), list(numbered.values()))
    shapes, forms = component.shapes
    if free:
        return (component.inputs, shapes, "free")
    places = places_of(component, forms, known)
    return None if places is None else (component.inputs, shapes, places)


def _part(part: Open | OpenRule | OpenItem, forms: dict[int, Form]) -> Mark:
    if isinstance(part, OpenItem):
        return ("item", part.low, part.high, _shape(part.node, forms))
    if isinstance(part, OpenRule):
        return ("rule", _residual(part.node, forms))
    return ("leaf", _shape(part.node, forms))


def _residual(node: Residual, forms: dict[int, Form]) -> Mark:
    match node:
        case Group(kind, parts, count):
            return (kind, count, tuple(_residual(part, forms) for part in parts))
        case Turned(part):
            return ("not", _residual(part, forms))
        case Threshold():
            raise TypeError("a question holds no score bound")
    return _shape(node.node, forms)  # type: ignore[arg-type]


def _shape(node: Rule | Amount, forms: dict[int, Form]) -> Mark:
    """The structure of a node; comparisons are numbered, their places are marked apart."""
    match node:
        case Number(value):
            return ("=", int(value))
        case Compare(form=form):
            forms.setdefault(id(form), form)
            return ("<", list(forms).index(id(form)))
        case Choose(cases, otherwise):
            return ("?", tuple((_shape(rule, forms), _shape(part, forms)) for rule, part in cases), _shape(otherwise, forms))
        case Flag(key, wanted):
            return ("flag", key, wanted)
        case OneOf(key, values, closed):
            return ("word", key, values, closed)
        case Judged(key):
            return ("judged", key)
        case Constant(answer):
            return ("always", answer)
        case Expert(key, _, low, high):
            return ("expert", key, low, high)
        case Measure(quantity, bounds):
            return ("measure", tuple(sorted(quantity.keys)), tuple(sorted(bounds.items())))
        case All(parts) | AnyOf(parts) | Sum(parts) | Largest(parts) | Smallest(parts):
            return (type(node).__name__, tuple(_shape(part, forms) for part in parts))
        case AtLeast(count, parts):
            return ("count", count, tuple(_shape(part, forms) for part in parts))
        case Not(part):
            return ("not", _shape(part, forms))
    raise TypeError(type(node).__name__)
