"""Marks of components: two components with the same mark have the same outcomes, whatever the amounts behind them.

An amount matters only through the order in which its breakpoints follow one another; where the breakpoints of a
component all lie on one shared input, that order is the mark and the enumeration of one firm serves thousands.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tidu.kernel.algebra import Form
from tidu.kernel.completions import Component, bends_along
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
    forms: dict[int, Form] = {}
    shapes = tuple(_part(part, forms) for part in component.parts)
    if free:
        return (component.inputs, shapes, "free")
    places = _places(component, list(forms.values()), known)
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


def _places(component: Component, forms: list[Form], known: Mapping[str, Any]) -> Mark | None:
    """Where the comparisons change: in order along one input each, or as they stand."""
    inputs = set(component.inputs)
    if not all(form.is_linear for form in forms):
        return _product_places(inputs, forms, known)
    open_keys = [[key for _, key in form.slopes if key in inputs] for form in forms]
    if all(len(keys) == 1 for keys in open_keys):
        flips = [_flip(form, keys[0], known, {}) for form, keys in zip(forms, open_keys, strict=True)]
        return _ranked([(keys[0], flip) for keys, flip in zip(open_keys, flips, strict=True)], forms, known)
    tied = _tied_places(component, forms, open_keys, known)
    if tied is not None:
        return tied
    return tuple((tuple((slope, key) for slope, key in form.slopes if key in inputs), _rest(form, inputs, known)) for form in forms)


def _tied_places(component: Component, forms: list[Form], open_keys: list[list[str]], known: Mapping[str, Any]) -> Mark | None:
    """One input in every comparison, others in one each: the order along the first, the others at the edges of their domains."""
    shared = set(open_keys[0]).intersection(*open_keys[1:])
    if len(shared) != 1:
        return None
    (key,) = shared
    others = [[name for name in keys if name != key] for keys in open_keys]
    alone = [names[0] for names in others if names]
    if any(len(names) > 1 for names in others) or len(alone) != len(set(alone)):
        return None
    low, _ = component.domains[key] if isinstance(component.domains[key], tuple) else (None, None)
    placed: list[tuple[str, int]] = [] if low is None else [(key, low)]
    signs: list[Any] = []
    for form, names in zip(forms, others, strict=True):
        slopes = {name: slope > 0 for slope, name in form.slopes}
        edges = [{names[0]: edge} for edge in form.bounds[names[0]] if edge is not None] if names else [{}]
        signs.append((tuple((name, slopes[name], form.bounds[name]) for name in (key, *names)), len(edges)))
        placed += [(key, _flip(form, key, known, edge)) for edge in edges]
    order = sorted({flip for _, flip in placed})
    return ("tied", tuple(signs), tuple(order.index(flip) for _, flip in placed))


def _product_places(inputs: set[str], forms: list[Form], known: Mapping[str, Any]) -> Mark | None:
    """Growth rates along one missing input are ordered as sums are; along two, where their bends lie along the shared one."""
    missing = [[key for key in form.keys if key in inputs] for form in forms]
    if any(len(keys) > 1 for keys in missing):
        return _bent_places(forms, missing, known)
    placed: list[tuple[str, int]] = []
    for form, (key,) in zip(forms, missing, strict=True):
        if any(monomial.count(key) > 1 for _, monomial in form.terms):
            return None
        values = {**{name: known[name] for name in form.keys if name != key}, key: 0}
        rest = form.at(values)
        slope = form.at({**values, key: 1}) - rest
        if not slope:
            return None
        placed.append((key, -(rest // slope) if slope > 0 else rest // -slope + 1))
    return _ranked(placed, forms, known)


def _bent_places(forms: list[Form], missing: list[list[str]], known: Mapping[str, Any]) -> Mark | None:
    """Two missing inputs, one of them in every comparison: the order of breakpoints and bends along it."""
    shared = set(missing[0]).intersection(*missing[1:])
    if len({key for keys in missing for key in keys}) != 2 or len(shared) != 1:
        return None
    (key,) = shared
    placed: list[tuple[Fraction, tuple[Any, ...]]] = []
    for number, (form, keys) in enumerate(zip(forms, missing, strict=True)):
        other = next((name for name in keys if name != key), None)
        if other is None and form.is_linear:
            placed.append((Fraction(_flip(form, key, known, {})), (number, _rises(form, key, known))))
        elif other is None:
            return None
        else:
            bends = sorted(map(Fraction, bends_along(form, key, other, known)))
            placed += [(bend, (number, turn, other)) for turn, bend in enumerate(bends)]
    order = sorted({place for place, _ in placed})
    return ("bent", key, tuple((order.index(place), tag) for place, tag in placed))


def _ranked(placed: list[tuple[str, int]], forms: list[Form], known: Mapping[str, Any]) -> Mark:
    ranks: dict[str, list[int]] = {}
    for key, flip in placed:
        ranks.setdefault(key, []).append(flip)
    order = {key: sorted(set(flips)) for key, flips in ranks.items()}
    return tuple((key, order[key].index(flip), _rises(form, key, known)) for (key, flip), form in zip(placed, forms, strict=True))


def _rises(form: Form, key: str, known: Mapping[str, Any]) -> bool:
    """Whether the form grows with the input."""
    if form.is_linear:
        return next(slope for slope, name in form.slopes if name == key) > 0
    values = {**{name: known[name] for name in form.keys if name != key}, key: 0}
    return form.at({**values, key: 1}) > form.at(values)


def _rest(form: Form, inputs: set[str], known: Mapping[str, Any]) -> int:
    return form.constant + sum(slope * int(known[key]) for slope, key in form.slopes if key not in inputs)


def _flip(form: Form, key: str, known: Mapping[str, Any], others: Mapping[str, int]) -> int:
    """The least integer of the input from which on the answer differs."""
    rest, slope = form.constant, 0
    for coefficient, name in form.slopes:
        if name == key:
            slope = coefficient
        else:
            rest += coefficient * (others[name] if name in others else known[name])
    return -(rest // slope) if slope > 0 else rest // -slope + 1
