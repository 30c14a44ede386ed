"""What is left of a rule once everything known is filled in: only undecided leaves and score items.

A quantity under a divisor of zero is undefined: it becomes one free input (``÷除数|数量``), so that it stays unknown
whatever its numerator, and the divisor is what would have to be corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from tidu.kernel.algebra import Form
from tidu.kernel.functions import answer_function, points_function
from tidu.kernel.quantities import round_half_up
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
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
    leaf_keys,
    parts_of,
    walk,
)
from tidu.kernel.truth import answer, points

FREE = "÷"
FINENESS = 10**12
"""An undefined quantity is compared in these fractions: far finer than any two bounds of a table lie apart."""


@dataclass(eq=False)
class Open:
    """An undecided leaf: the missing inputs it depends on."""

    node: Rule
    inputs: tuple[str, ...]

    @property
    def leaves(self) -> tuple[Rule | Amount, ...]:
        """Itself."""
        return (self.node,)

    @cached_property
    def holds(self) -> Callable[[Mapping[str, Any]], bool]:
        """Its answer once every input is given."""
        return answer_function(self.node)


@dataclass(eq=False)
class OpenRule:
    """A subtree of undecided leaves that hang together, taken as one question."""

    node: Residual
    inputs: tuple[str, ...]
    leaves: tuple[Rule | Amount, ...]

    @cached_property
    def holds(self) -> Callable[[Mapping[str, Any]], bool]:
        """Its answer once every input is given."""
        return _question(self.node)


@dataclass(frozen=True)
class Capped:
    """Several open parts of one score item whose sum is capped: ``cap`` bounds it, ``low`` is the sum of their lowest."""

    cap: int
    low: int

    def above(self, extra: int) -> int:
        """Points of the item above its lowest when its parts give ``extra`` points above theirs."""
        return min(self.cap, self.low + extra) - min(self.cap, self.low)


@dataclass(eq=False)
class OpenItem:
    """An undecided score item: points still vary between ``low`` and ``high``."""

    item: ScoreItem
    node: Amount
    low: int
    high: int
    inputs: tuple[str, ...]
    leaves: tuple[Rule | Amount, ...] = ()
    capped: Capped | None = None

    @cached_property
    def measure(self) -> Callable[[Mapping[str, Any]], int]:
        """Its points for complete inputs."""
        return points_function(self.node)

    def extra(self, values: Mapping[str, Any]) -> int:
        """Points above ``low`` once every input is given."""
        return self.measure(values) - self.low


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


Residual = Open | OpenRule | Group | Turned | Threshold


@dataclass
class Reduction:
    """Builds residuals over one firm's inputs; each score item is reduced once and shared."""

    known: Mapping[str, Any]
    items: dict[int, tuple[int, int, tuple[OpenItem, ...]]] = field(default_factory=dict)

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
        return Open(freed, _missing((freed,), self.known))

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
            low, high, opened = self.item(item)
            base += low
            spare += high - low
            left.extend(opened)
        if base >= threshold:
            return True
        return False if base + spare < threshold else Threshold(tuple(left), threshold - base)

    def item(self, item: ScoreItem) -> tuple[int, int, tuple[OpenItem, ...]]:
        """One score item: its least and most points, and its open parts; a sum opens into its summands."""
        found = self.items.get(id(item))
        if found is None:
            low, high = points(item.points, self.known)
            found = self.items[id(item)] = (low, high, self._opened(item, low, high) if low != high else ())
        return found

    def _opened(self, item: ScoreItem, low: int, high: int) -> tuple[OpenItem, ...]:
        node = folded(item.points, self.known)
        capped: Capped | None = None
        if isinstance(node, Smallest) and len(node.parts) == 2 and isinstance(node.parts[0], Sum) and isinstance(node.parts[1], Number):
            capped = Capped(int(node.parts[1].value), points(node.parts[0], self.known)[0])
            node = node.parts[0]
        if not isinstance(node, Sum):
            return (self._open_item(item, node, low, high, capped),)
        ranges = [(part, *points(part, self.known)) for part in node.parts]
        return tuple(self._open_item(item, part, least, most, capped) for part, least, most in ranges if least != most)

    def _open_item(self, item: ScoreItem, node: Amount, low: int, high: int, capped: Capped | None) -> OpenItem:
        leaves = tuple(open_leaves(node))
        return OpenItem(item, node, low, high, _missing(leaves, self.known), leaves, capped)


def open_leaves(node: Rule | Amount) -> Iterator[Rule | Amount]:
    """Leaves of a folded node, where every leaf that remains is open."""
    if isinstance(node, Compare | Flag | OneOf | Judged | Expert | Measure):
        yield node
    else:
        for part in parts_of(node):
            yield from open_leaves(part)


def _missing(leaves: Iterable[Rule | Amount], known: Mapping[str, Any]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for leaf in leaves:
        for key in leaf.form.keys if isinstance(leaf, Compare) else leaf_keys(leaf):
            if known.get(key) is None:
                found[key] = None
    return tuple(found)


def undefined_divisors(node: Compare, known: Mapping[str, Any]) -> list[str]:
    """Known inputs that make a divisor of the comparison zero or negative."""
    found: list[str] = []
    for divisor in node.divisors:
        if all(known.get(key) is not None for key in divisor.keys) and divisor.at(known) < 0:
            found.extend(divisor.keys)
    return found


def freed_node(node: Rule, known: Mapping[str, Any]) -> Rule:
    """The leaf itself; where its quantity is undefined, the quantity becomes one free input named after the divisors at fault."""
    if not isinstance(node, Compare) or not node.divisors:
        return node
    faulty = undefined_divisors(node, known)
    if not faulty:
        return node
    key = FREE + "|".join(sorted(faulty)) + "|" + node.left.text
    bound = node.right.numerator.value / node.right.divisor.value if node.right.numerator.is_constant else Fraction(0)
    edge = round_half_up(bound * FINENESS)
    if node.op in {">=", ">"}:
        form = Form(((1, (key,)),), -edge - (node.op == ">"), {key: (None, None)})
    else:
        form = Form(((-1, (key,)),), edge - (node.op == "<"), {key: (None, None)})
    return replace(node, form=form, divisors=())


def faulty_divisors(key: str) -> list[str]:
    """The divisors that a free input is named after."""
    return key.removeprefix(FREE).split("|")[:-1]


def missing_inputs(node: Rule | Amount, known: Mapping[str, Any]) -> tuple[str, ...]:
    """Missing inputs of the undecided leaves below a node, in order of appearance."""
    leaves = [inner for inner in walk(node) if leaf_keys(inner)]
    undecided = [leaf for leaf in leaves if not isinstance(leaf, Compare | Flag | OneOf | Judged) or answer(leaf, known) is None]
    return _missing(undecided, known)


def folded(node: Any, known: Mapping[str, Any]) -> Any:
    """A number node with decided conditions folded away and undefined comparisons freed."""
    match node:
        case Compare() | Flag() | OneOf() | Judged():
            decided = answer(node, known)
            return Constant(decided) if decided is not None else freed_node(node, known)
        case All(parts) | AnyOf(parts) | AtLeast(_, parts):
            decided = answer(node, known)
            return Constant(decided) if decided is not None else replace(node, parts=tuple(folded(part, known) for part in parts))
        case Not(part):
            return replace(node, part=folded(part, known))
        case Choose(cases, otherwise):
            return _folded_choice(cases, otherwise, known)
        case Sum(parts) | Largest(parts) | Smallest(parts):
            low, high = points(node, known)
            return Number(Fraction(low)) if low == high else type(node)(tuple(folded(part, known) for part in parts))
        case Expert() | Measure():
            low, high = points(node, known)
            return Number(Fraction(low)) if low == high else node
        case _:
            return node


def _folded_choice(cases: tuple[tuple[Rule, Amount], ...], otherwise: Amount, known: Mapping[str, Any]) -> Amount:
    left: list[tuple[Rule, Amount]] = []
    for rule, part in cases:
        decided = answer(rule, known)
        if decided:
            otherwise = part
            break
        if decided is None:
            left.append((folded(rule, known), folded(part, known)))
    rest = folded(otherwise, known)
    return Choose(tuple(left), rest) if left else rest


def _question(node: Residual) -> Callable[[Mapping[str, Any]], bool]:
    """The answer of a residual once every input is given."""
    match node:
        case Group(kind, parts, count):
            asked = [_question(part) for part in parts]
            if kind == "all":
                return lambda values: all(holds(values) for holds in asked)
            if kind == "any":
                return lambda values: any(holds(values) for holds in asked)
            return lambda values: sum(holds(values) for holds in asked) >= count
        case Turned(part):
            inner = _question(part)
            return lambda values: not inner(values)
        case Threshold(items, need):
            return lambda values: sum(item.extra(values) for item in items) >= need
    return node.holds


def opens_of(node: Residual) -> Iterator[Open | OpenRule | OpenItem]:
    """Undecided leaves and items below a residual."""
    match node:
        case Group(_, parts):
            for part in parts:
                yield from opens_of(part)
        case Turned(part):
            yield from opens_of(part)
        case Threshold(items):
            yield from items
        case Open() | OpenRule():
            yield node
