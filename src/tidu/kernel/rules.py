"""The rule tree: a dozen node types that every policy is made of.

Boolean nodes answer met / unmet / unknown; number nodes give points or amounts. Caps, matches, score tables and
stacking groups of packs are sugar over these nodes, so that explanation, the bulk engines, the gap and the way up
need to understand only what stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tidu.kernel.algebra import Form, Polynomial


@dataclass(frozen=True, slots=True)
class Label:
    """Where a node comes from: its id within the pack, the clause, the restated text, and how sure we are."""

    id: str = ""
    clause: str = ""
    text: str = ""
    confidence: str = ""
    line: int = 0


NO_LABEL = Label()


@dataclass(frozen=True, eq=False)
class Quantity:
    """A measured quantity of a firm: ``numerator / divisor`` in stored integers, with how it is written and read.

    ``root`` is n where the quantity is the n-th root of the quotient minus one (compound growth over n years).
    """

    text: str
    numerator: Polynomial
    divisor: Polynomial
    divisors: tuple[Polynomial, ...]
    dimension: str
    unit: str
    root: int = 1

    @property
    def keys(self) -> frozenset[str]:
        """Inputs it is computed from."""
        return self.numerator.keys | self.divisor.keys


@dataclass(frozen=True, eq=False)
class Compare:
    """``left op right``: decided by ``form >= 0`` while every divisor is positive."""

    left: Quantity
    op: str
    right: Quantity
    form: Form
    divisors: tuple[Form, ...] = ()
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class Flag:
    """A yes/no input has the wanted value; also every test over events, whose answer is an input."""

    key: str
    wanted: bool = True
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class OneOf:
    """An input from a list of words is one of ``values``; ``closed`` are all words it can take (empty: free text)."""

    key: str
    values: tuple[str, ...]
    closed: tuple[str, ...] = ()
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class Judged:
    """What only a person can judge."""

    key: str
    text: str
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class Constant:
    """Always the same answer."""

    answer: bool
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class All:
    """Every part must hold."""

    parts: tuple[Rule, ...]
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class AnyOf:
    """One part must hold."""

    parts: tuple[Rule, ...]
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class AtLeast:
    """At least ``count`` parts must hold."""

    count: int
    parts: tuple[Rule, ...]
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class Not:
    """The part must not hold."""

    part: Rule
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class ScoreItem:
    """One line of a score table; ``lowest`` and ``highest`` are the points it can give at all."""

    id: str
    group: str
    title: str
    clause: str
    points: Amount
    lowest: int
    highest: int
    confidence: str = ""
    line: int = 0


@dataclass(frozen=True, eq=False)
class ScoreAtLeast:
    """The points of ``items`` add up to at least ``threshold``."""

    name: str
    items: tuple[ScoreItem, ...]
    threshold: int
    label: Label = NO_LABEL


@dataclass(frozen=True, eq=False)
class Number:
    """A constant number (points, or fen)."""

    value: Fraction


@dataclass(frozen=True, eq=False)
class Measure:
    """The value of a quantity."""

    quantity: Quantity
    bounds: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Choose:
    """The number of the first case that holds, else ``otherwise``."""

    cases: tuple[tuple[Rule, Amount], ...]
    otherwise: Amount


@dataclass(frozen=True, eq=False)
class Sum:
    """The sum of the parts."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, eq=False)
class Largest:
    """The largest part."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, eq=False)
class Smallest:
    """The smallest part (a cap)."""

    parts: tuple[Amount, ...]


@dataclass(frozen=True, eq=False)
class Times:
    """A part times a constant rate."""

    part: Amount
    rate: Fraction


@dataclass(frozen=True, eq=False)
class Share:
    """A part times a share that an input gives (a matching rate set firm by firm)."""

    part: Amount
    quantity: Quantity


@dataclass(frozen=True, eq=False)
class Expert:
    """Points that only a person can give, within a range."""

    key: str
    text: str
    lowest: int
    highest: int


@dataclass(frozen=True, eq=False)
class Named:
    """Another output of the same calculation."""

    name: str
    node: Amount | Rule


Leaf = Compare | Flag | OneOf | Judged
Rule = Compare | Flag | OneOf | Judged | Constant | All | AnyOf | AtLeast | Not | ScoreAtLeast
Amount = Number | Measure | Choose | Sum | Largest | Smallest | Times | Share | Expert | Named


def parts_of(node: Rule | Amount) -> Iterator[Rule | Amount]:
    """Direct children of a node."""
    match node:
        case All(parts) | AnyOf(parts) | AtLeast(_, parts) | Sum(parts) | Largest(parts) | Smallest(parts):
            yield from parts
        case Not(part) | Times(part) | Share(part):
            yield part
        case ScoreAtLeast(_, items):
            for item in items:
                yield item.points
        case Choose(cases, otherwise):
            for rule, amount in cases:
                yield rule
                yield amount
            yield otherwise
        case Named(_, inner):
            yield inner
        case _:
            return


def leaf_keys(node: Rule | Amount) -> frozenset[str]:
    """Inputs that the node itself reads (not its children)."""
    match node:
        case Compare(form=form, divisors=divisors):
            return frozenset(form.keys).union(*(divisor.keys for divisor in divisors))
        case Flag(key) | OneOf(key) | Judged(key) | Expert(key):
            return frozenset((key,))
        case Measure(quantity) | Share(_, quantity):
            return quantity.keys
        case _:
            return frozenset()


def walk(node: Rule | Amount) -> Iterator[Rule | Amount]:
    """The node and everything below it, depth first."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def keys_of(node: Rule | Amount) -> frozenset[str]:
    """All inputs that a tree reads."""
    found: set[str] = set()
    for inner in walk(node):
        found |= leaf_keys(inner)
    return frozenset(found)
