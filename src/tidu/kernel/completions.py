"""Joint outcomes of undecided leaves and items over all values of the missing inputs they share.

A *component* is a set of missing inputs tied together by leaves or items. Its outcomes are enumerated over
representatives of every order type of the values: for the input varied last the breakpoints are exact, for those
before it the points where breakpoints of later inputs cross are added. Leaves and items a private missing input can
steer at will are split off first, which keeps components small without changing any answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, TypeVar

from tidu.kernel.algebra import Form
from tidu.kernel.residual import Open, OpenItem, OpenRule
from tidu.kernel.rules import Amount, Choose, Compare, Expert, Largest, Measure, Number, OneOf, Rule, Smallest, Sum, keys_of

FEW = 16
"""A range of at most so many integers is tried in full."""

BUDGET = 4_000
"""Most combinations enumerated for one component before its parts are taken as independent."""

INTERIOR = 10**6
"""One 万元 in fen: an unbounded input is steered around from here on."""

OTHER = "\0其他"
"""A word that no rule names."""

Tied = TypeVar("Tied")
Part = Open | OpenRule | OpenItem
Range = tuple[int | None, int | None]


@dataclass(eq=False)
class Component:
    """Missing inputs tied together, with the parts that depend on them."""

    inputs: tuple[str, ...]
    parts: tuple[Part, ...]
    outcomes: set[int] = field(default_factory=set)
    lines: dict[str, set[frozenset[int]]] = field(default_factory=dict)
    domains: dict[str, list[Any] | Range] = field(default_factory=dict)
    shapes: Any = None
    """The structure of the parts, filled in by ``marks``."""

    def __post_init__(self) -> None:
        self.forms = [leaf.form for part in self.parts for leaf in part.leaves if isinstance(leaf, Compare)]
        for key in self.inputs:
            self.domains[key] = _domain([leaf for part in self.parts for leaf in part.leaves], key)

    @property
    def steps(self) -> tuple[int, ...]:
        """The outcomes in order."""
        return tuple(sorted(self.outcomes))

    @cached_property
    def is_plain(self) -> bool:
        """Whether every comparison reads one missing input only: then its breakpoints are the same whatever the others are."""
        inputs = set(self.inputs)
        return all(len(inputs.intersection(form.keys)) == 1 and form.is_linear for form in self.forms)

    @cached_property
    def is_free(self) -> bool:
        """Whether each of its several missing inputs alone reaches every outcome."""
        return _is_free(self)

    @cached_property
    def entwined(self) -> list[str]:
        """Inputs with too many values to try them all, compared together with another missing one."""
        inputs = set(self.inputs)
        together = {key for form in self.forms if len(own := inputs.intersection(form.keys)) > 1 for key in own}
        return [key for key in self.inputs if key in together and not is_short(self.domains[key])]

    @cached_property
    def bands(self) -> dict[int, frozenset[str]]:
        """Items whose bracket facts choose and in whose bracket a person gives points: the person's inputs of each."""
        found: dict[int, frozenset[str]] = {}
        for part in self.parts:
            if isinstance(part, OpenItem) and isinstance(part.node, Choose):
                amounts = [*(amount for _, amount in part.node.cases), part.node.otherwise]
                judged = [amount.key for amount in amounts if isinstance(amount, Expert)]
                elsewhere = {key for other in self.parts if other is not part for key in other.inputs}
                elsewhere |= {key for rule, _ in part.node.cases for key in keys_of(rule)}
                if (
                    judged
                    and all(isinstance(amount, Number | Expert) for amount in amounts)
                    and elsewhere.isdisjoint(judged)
                    and len(set(judged)) == len(judged)
                ):
                    found[id(part)] = frozenset(judged)
        return found

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The inputs without those of banded items."""
        judged = frozenset().union(*self.bands.values())
        return tuple(key for key in self.inputs if key not in judged)


def _domain(leaves: Iterable[Rule | Amount], key: str) -> list[Any] | Range:
    """What a missing input can be: the words that matter, yes and no, a short range, or the bounds of an integer."""
    words: set[str] = set()
    lows: list[int] = []
    highs: list[int] = []
    compared = bounded = False
    for leaf in leaves:
        match leaf:
            case OneOf(name, values, closed) if name == key:
                words |= set(values) | (set(closed) if closed else {OTHER})
            case Compare(form=form) if key in form.bounds:
                compared = True
                low, high = form.bounds[key]
                lows += [low] if low is not None else []
                highs += [high] if high is not None else []
            case Expert(name, _, lowest, highest) if name == key:
                return list(range(lowest, highest + 1))
            case Measure(_, bounds) if key in bounds:
                bounded = True
                lows.append(bounds[key][0] or 0)
                highs.append(bounds[key][1] or 0)
    if words:
        return sorted(words)
    if compared or bounded:
        low, high = max(lows) if lows else None, min(highs) if highs else None
        return (low, high) if compared else list(range(low or 0, (high or 0) + 1))
    return [False, True]


def tied(parts: Iterable[Tied], links: Callable[[Tied], set[Any]]) -> list[tuple[set[Any], list[Tied]]]:
    """Parts that share links, directly or through others, with all their links."""
    clusters: list[tuple[set[Any], list[Tied]]] = []
    for part in parts:
        linked, members = links(part), [part]
        rest: list[tuple[set[Any], list[Tied]]] = []
        for other_links, other_members in clusters:
            if other_links & linked:
                linked, members = linked | other_links, other_members + members
            else:
                rest.append((other_links, other_members))
        clusters = [*rest, (linked, members)]
    return clusters


def components_of(parts: Iterable[Part]) -> list[Component]:
    """Parts tied together by shared missing inputs."""
    return [Component(tuple(sorted(inputs)), tuple(members)) for inputs, members in tied(parts, lambda part: set(part.inputs))]


def split_off(component: Component) -> list[Component]:
    """Parts that inputs of their own can steer to any outcome leave the component (see module)."""
    remaining = list(component.parts)
    alone: list[Component] = []
    progress = True
    while progress and len(remaining) > 1:
        progress = False
        for part in list(remaining):
            shared = {key for other in remaining if other is not part for key in other.inputs}
            private = frozenset(part.inputs) - shared
            if len(remaining) > 1 and private and len(private) < len(part.inputs) and steerable(part.leaves, private):
                remaining.remove(part)
                alone.append(Component(part.inputs, (part,)))
                progress = True
    return alone + (components_of(remaining) if remaining else [])


def steerable(leaves: Sequence[Rule | Amount], private: frozenset[str]) -> bool:
    """Whether private inputs can bring the comparisons of a part to every outcome, whatever values the others take.

    Comparisons of one quantity go together; each quantity needs private inputs that those settled before it do not read.
    """
    quantities: dict[int, list[Form]] = {}
    for leaf in leaves:
        if not isinstance(leaf, Compare):
            return False
        quantities.setdefault(id(leaf.left), []).append(leaf.form)
    while quantities:
        for name, forms in quantities.items():
            others = {key for other, listed in quantities.items() if other != name for form in listed for key in form.keys}
            if all(steers(form, private - others) for form in forms):
                break
        else:
            return False
        del quantities[name]
    return True


def steers(form: Form, private: Iterable[str]) -> bool:
    """Whether ``private`` inputs can bring a form to both answers for any values of its others within their bounds.

    Of a growth rate two years must be private, and free to grow without end.
    """
    own = set(private).intersection(form.keys)
    if not form.is_linear:
        return _grows(form, own)
    least: int | None = form.constant
    most: int | None = form.constant
    rising = falling = False
    for coefficient, key in form.slopes:
        low, high = form.bounds[key]
        if high is None and low is not None and key not in own:
            # every outcome of the other parts is reached at sums of money far from nothing too, so they need not be steered at zero
            low = max(low, INTERIOR)
        low, high = (low, high) if coefficient > 0 else (high, low)
        if key in own:
            rising, falling = rising or high is None, falling or low is None
            low, high = high, low
        least = None if least is None or low is None else least + coefficient * low
        most = None if most is None or high is None else most + coefficient * high
    return bool(own) and (rising or (least is not None and least >= 0)) and (falling or (most is not None and most < 0))


def _grows(form: Form, inputs: set[str]) -> bool:
    """Whether a growth rate can be brought anywhere: two inputs without end, one of them in the first power only."""
    if len(inputs) < 2 or any(form.bounds[key][1] is not None for key in inputs):
        return False
    return any(all(monomial.count(key) < 2 for _, monomial in form.terms) for key in inputs)


def _is_free(component: Component) -> bool:
    """A lone comparison or bracket table of one quantity, which each of its several missing inputs can bring anywhere alone.

    That holds for some values of the other inputs wherever each may grow without end and, in a quotient, above and
    below the line an input is missing.
    """
    part, inputs = component.parts[0], set(component.facts)
    if len(component.parts) > 1 or len(inputs) < 2 or isinstance(part, OpenRule):
        return False
    if isinstance(part, OpenItem) and not _is_table(part.node):
        return False
    leaves = [leaf for leaf in part.leaves if isinstance(leaf, Compare)]
    if len(leaves) < sum(not isinstance(leaf, Expert) for leaf in part.leaves) or any(
        inputs.intersection(leaf.form.keys) != inputs for leaf in leaves
    ):
        return False
    if not all(
        all(None in leaf.form.bounds[key] for key in inputs) if leaf.form.is_linear else _grows(leaf.form, inputs) for leaf in leaves
    ):
        return False
    return len(leaves) == 1 or _spread(leaves, inputs)


def _is_table(node: Amount) -> bool:
    return isinstance(node, Choose) and all(
        isinstance(rule, Compare) and isinstance(amount, Number | Expert) for rule, amount in node.cases
    )


def _spread(leaves: Sequence[Compare], inputs: set[str]) -> bool:
    """Whether brackets are of one quantity that stays open on both sides of its line."""
    quantity = leaves[0].left
    above, below = inputs & quantity.numerator.keys, inputs & quantity.divisor.keys
    return all(leaf.left is quantity for leaf in leaves) and bool(not quantity.divisor.keys or (above and below))


def is_short(domain: list[Any] | Range) -> bool:
    """Whether every value can be tried."""
    if isinstance(domain, list):
        return True
    low, high = domain
    return low is not None and high is not None and high - low < FEW


def possible_points(node: Rule | Amount) -> set[int]:
    """Points that some branch of a folded node can give."""
    match node:
        case Number(value):
            return {int(value)}
        case Expert(_, _, lowest, highest):
            return set(range(lowest, highest + 1))
        case Measure(_, bounds):
            low, high = next(iter(bounds.values()))
            return set(range(low or 0, (high or 0) + 1))
        case Choose(cases, otherwise):
            return possible_points(otherwise).union(*(possible_points(part) for _, part in cases))
        case Sum(parts) | Largest(parts) | Smallest(parts):
            reduce: Any = {Sum: sum, Largest: max, Smallest: min}[type(node)]
            return {reduce(combination) for combination in product(*(possible_points(part) for part in parts))}
    raise TypeError(type(node).__name__)
