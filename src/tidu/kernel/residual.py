"""What is left of a rule once everything known is filled in: only undecided leaves and score items.

A quantity under a divisor of zero is undefined: its inputs are renamed (``÷名称``) and treated as free, so that it
stays unknown whatever its numerator, and the divisor is what would have to be corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tidu.kernel.algebra import Form
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
    Named,
    Not,
    OneOf,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
    leaf_keys,
    walk,
)
from tidu.kernel.truth import answer, points

FREE = "÷"
OTHER = "\0其他"


@dataclass(eq=False)
class Open:
    """An undecided leaf: the missing inputs it depends on."""

    node: Rule
    inputs: tuple[str, ...]

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Its answer once every input is given."""
        return bool(answer(self.node, values))


@dataclass(eq=False)
class OpenItem:
    """An undecided score item: points still vary between ``low`` and ``high``."""

    item: ScoreItem
    node: Amount
    low: int
    high: int
    inputs: tuple[str, ...]

    def extra(self, values: Mapping[str, Any]) -> int:
        """Points above ``low`` once every input is given."""
        return points(self.node, values)[0] - self.low


@dataclass(eq=False)
class Group:
    """Undecided parts under ``all``, ``any`` or ``at least`` (``count`` of the parts that remain)."""

    kind: str
    parts: tuple[Residual, ...]
    count: int = 0


@dataclass(eq=False)
class Turned:
    """The part must not hold."""

    part: Residual


@dataclass(eq=False)
class Threshold:
    """Open items must add up to at least ``need`` points above their lowest."""

    items: tuple[OpenItem, ...]
    need: int


Residual = Open | Group | Turned | Threshold


@dataclass
class Reduction:
    """Builds residuals over one firm's inputs; each score item is reduced once and shared."""

    known: Mapping[str, Any]
    items: dict[int, OpenItem | int] = field(default_factory=dict)

    def of(self, node: Rule | Amount) -> Residual | bool:
        """The residual of a rule, or its answer where it is decided."""
        match node:
            case Constant(decided):
                return decided
            case All(parts):
                return self.group("all", parts)
            case AnyOf(parts):
                return self.group("any", parts)
            case AtLeast(count, parts):
                return self.at_least(count, parts)
            case Not(part):
                inner = self.of(part)
                return not inner if isinstance(inner, bool) else Turned(inner)
            case ScoreAtLeast(_, items, threshold):
                return self.threshold(items, threshold)
            case Named(_, inner_node):
                return self.of(inner_node)
            case Compare() | Flag() | OneOf() | Judged():
                return self.leaf(node)
            case _:
                raise TypeError(type(node).__name__)

    def leaf(self, node: Compare | Flag | OneOf | Judged) -> Residual | bool:
        """An undecided leaf with its missing inputs."""
        decided = answer(node, self.known)
        if decided is not None:
            return decided
        freed = freed_node(node, self.known)
        return Open(freed, missing_inputs(freed, self.known))

    def group(self, kind: str, parts: tuple[Rule, ...]) -> Residual | bool:
        """``all`` and ``any`` with decided parts folded away."""
        absorbing = kind == "any"
        left: list[Residual] = []
        for part in parts:
            reduced = self.of(part)
            if isinstance(reduced, bool):
                if reduced is absorbing:
                    return absorbing
            elif isinstance(reduced, Group) and reduced.kind == kind:
                left.extend(reduced.parts)
            else:
                left.append(reduced)
        if not left:
            return not absorbing
        return left[0] if len(left) == 1 else Group(kind, tuple(left))

    def at_least(self, count: int, parts: tuple[Rule, ...]) -> Residual | bool:
        """``at least`` with decided parts counted off."""
        reduced = [self.of(part) for part in parts]
        need = count - reduced.count(True)
        left = tuple(part for part in reduced if not isinstance(part, bool))
        if need <= 0:
            return True
        return False if need > len(left) else Group("count", left, need)

    def threshold(self, items: tuple[ScoreItem, ...], threshold: int) -> Residual | bool:
        """A score bound with decided items added up."""
        base, spare = 0, 0
        left: list[OpenItem] = []
        for item in items:
            reduced = self.item(item)
            if isinstance(reduced, int):
                base += reduced
            else:
                base += reduced.low
                spare += reduced.high - reduced.low
                left.append(reduced)
        if base >= threshold:
            return True
        return False if base + spare < threshold else Threshold(tuple(left), threshold - base)

    def item(self, item: ScoreItem) -> OpenItem | int:
        """One score item: its points, or what is open about it."""
        found = self.items.get(id(item))
        if found is None:
            low, high = points(item.points, self.known)
            if low == high:
                found = low
            else:
                freed = freed_amount(item.points, self.known)
                found = OpenItem(item, freed, low, high, missing_inputs(freed, self.known))
            self.items[id(item)] = found
        return found


def missing_inputs(node: Rule | Amount, known: Mapping[str, Any]) -> tuple[str, ...]:
    """Missing inputs of the undecided leaves below a node, in order of appearance."""
    found: dict[str, None] = {}
    for inner in walk(node):
        keys = leaf_keys(inner)
        if keys and (not isinstance(inner, Compare | Flag | OneOf | Judged) or answer(inner, known) is None):
            found.update((key, None) for key in sorted(keys) if known.get(key) is None)
    return tuple(found)


def undefined_divisors(node: Compare, known: Mapping[str, Any]) -> list[str]:
    """Known inputs that make a divisor of the comparison zero or negative."""
    found: list[str] = []
    for divisor in node.divisors:
        if all(known.get(key) is not None for key in divisor.keys) and divisor.at(known) < 0:
            found.extend(divisor.keys)
    return found


def _renamed(form: Form) -> Form:
    return Form(
        tuple((coefficient, tuple(FREE + key for key in monomial)) for coefficient, monomial in form.terms),
        form.constant,
        {FREE + key: bound for key, bound in form.bounds.items()},
    )


def freed_node(node: Rule, known: Mapping[str, Any]) -> Rule:
    """The leaf itself, or over free inputs where its quantity is undefined."""
    if isinstance(node, Compare) and node.divisors and undefined_divisors(node, known):
        return replace(node, form=_renamed(node.form), divisors=tuple(_renamed(divisor) for divisor in node.divisors))
    return node


def freed_amount(node: Amount, known: Mapping[str, Any]) -> Amount:
    """An amount with undefined comparisons freed; the same object where there are none."""
    if not any(isinstance(inner, Compare) and inner.divisors and undefined_divisors(inner, known) for inner in walk(node)):
        return node
    return _freed(node, known)


def _freed(node: Any, known: Mapping[str, Any]) -> Any:
    match node:
        case Compare():
            return freed_node(node, known)
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            return replace(node, parts=tuple(_freed(part, known) for part in parts))
        case Not(part):
            return replace(node, part=_freed(part, known))
        case Choose(cases, otherwise):
            return Choose(tuple((_freed(rule, known), _freed(part, known)) for rule, part in cases), _freed(otherwise, known))
        case Sum(parts) | Largest(parts) | Smallest(parts):
            return type(node)(tuple(_freed(part, known) for part in parts))
        case _:
            return node


def opens_of(node: Residual) -> Iterator[Open | OpenItem]:
    """Undecided leaves and items below a residual."""
    match node:
        case Group(_, parts):
            for part in parts:
                yield from opens_of(part)
        case Turned(part):
            yield from opens_of(part)
        case Threshold(items):
            yield from items
        case Open():
            yield node




def words_of(node: Rule | Amount, key: str) -> set[str] | None:
    """Words that a node compares the input with, plus one other; None where it is not a word."""
    found: set[str] = set()
    for inner in walk(node):
        if isinstance(inner, OneOf) and inner.key == key:
            found |= set(inner.values)
            rest = [word for word in inner.closed if word not in inner.values]
            found |= set(rest) if inner.closed else {OTHER}
    return found or None


def range_of(node: Rule | Amount, key: str) -> tuple[int | None, int | None] | None:
    """The domain of an integer input as the node bounds it; None where the node reads it as yes/no or word."""
    low: int | None = None
    high: int | None = None
    seen = False
    for inner in walk(node):
        bounds = _bounds_at(inner, key)
        if bounds is None:
            continue
        seen = True
        low = bounds[0] if low is None else low if bounds[0] is None else max(low, bounds[0])
        high = bounds[1] if high is None else high if bounds[1] is None else min(high, bounds[1])
    return (low, high) if seen else None


def _bounds_at(inner: Rule | Amount, key: str) -> tuple[int | None, int | None] | None:
    if isinstance(inner, Compare) and key in inner.form.bounds:
        return inner.form.bounds[key]
    if isinstance(inner, Expert) and inner.key == key:
        return inner.lowest, inner.highest
    bounds: Mapping[str, tuple[int | None, int | None]] = getattr(inner, "bounds", {})
    return bounds.get(key)


