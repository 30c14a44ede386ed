"""The rule tree as Polars expressions with the meaning of ``truth``: three answers, intervals of points, exact amounts.

Comparisons are integer: linear ones in 64 bits where the coefficients are small, products in 128 bits. For inputs
known to have no nulls the interval collapses to one expression, so that complete data costs what hand-written
expressions cost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from math import prod
from typing import Any

import polars as pl

from tidu.kernel.algebra import Form, Monomial
from tidu.kernel.errors import TiduError
from tidu.kernel.magnitudes import form_reach, scaled
from tidu.kernel.quantities import LARGEST_STORED
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
    ScoreItem,
    Smallest,
    Sum,
    keys_of,
    walk,
)

LARGEST_WORD = 2**63 - 1
LARGEST_LONG = 2**127 - 1


@dataclass
class Compiler:
    """Compiles nodes over columns named like the inputs.

    ``complete`` are inputs without nulls, ``positive`` inputs known to be above zero; both only save work.
    ``largest`` bounds the absolute values of all inputs, ``ranges`` those of single ones more closely;
    ``narrow`` are inputs stored in fewer than 64 bits.
    ``leaves`` collects leaf answers as named columns when ``share`` is set, so that each is computed once.
    With ``put_off``, ``late`` collects those whose rows with one missing input are completed apart (see ``lone_gaps``).
    """

    complete: frozenset[str] = frozenset()
    positive: frozenset[str] = frozenset()
    share: bool = False
    largest: int = LARGEST_STORED
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    narrow: frozenset[str] = frozenset()
    leaves: dict[Any, tuple[str, pl.Expr]] = field(default_factory=dict)
    items: dict[int, tuple[str, pl.Expr, str, pl.Expr]] = field(default_factory=dict)
    put_off: bool = False
    late: dict[str, Compare] = field(default_factory=dict)

    def whole(self, node: Rule | Amount) -> bool:
        """Whether a node is never unknown: every input complete and every divisor above zero."""
        if not keys_of(node) <= self.complete:
            return False
        return all(self.safe(divisor) for inner in walk(node) if isinstance(inner, Compare) for divisor in inner.divisors)

    def safe(self, divisor: Form) -> bool:
        """Whether the data rule out a divisor of zero or less; a difference of positive inputs may still be negative."""
        if not set(divisor.keys) <= self.positive & self.complete:
            return False
        return (
            all(coefficient > 0 for coefficient, _ in divisor.terms)
            and sum(coefficient for coefficient, _ in divisor.terms) + divisor.constant >= 0
        )

    def answer(self, node: Rule | Amount) -> pl.Expr:
        """A nullable boolean: met, unmet, or null for unknown."""
        match node:
            case Constant(decided):
                return pl.lit(decided)
            case All(parts):
                equal = self._equal(parts)
                if equal is not None:
                    return equal
                return reduce(lambda left, right: left & right, map(self.answer, parts)) if parts else pl.lit(True)
            case AnyOf(parts):
                return reduce(lambda left, right: left | right, map(self.answer, parts)) if parts else pl.lit(False)
            case Not(part):
                return ~self.answer(part)
            case AtLeast(count, parts):
                return self._at_least(count, [self.answer(part) for part in parts])
            case ScoreAtLeast():
                return self._score(node)
            case Named(name, _):
                return pl.col(name)
            case Compare() | Flag() | OneOf() | Judged():
                return self._shared(node)
        raise TypeError(type(node).__name__)

    def _equal(self, parts: tuple[Rule, ...]) -> pl.Expr | None:
        """``x >= v`` and ``x <= v`` as one comparison, for an input without nulls."""
        match parts:
            case (Compare(form=Form(((1, (key,)),), low), divisors=()), Compare(form=Form(((-1, (other,)),), high), divisors=())):
                if key == other and low == -high and key in self.complete and not self.share:
                    return pl.col(key) == high
        return None

    def _at_least(self, count: int, answers: list[pl.Expr]) -> pl.Expr:
        sure = pl.sum_horizontal(found.fill_null(False) for found in answers)
        possible = pl.sum_horizontal(found.fill_null(True) for found in answers)
        return pl.when(sure >= count).then(True).when(possible < count).then(False)

    def _shared(self, node: Compare | Flag | OneOf | Judged) -> pl.Expr:
        if not self.share:
            return self.leaf(node)
        key = leaf_identity(node)
        if key not in self.leaves:
            name = f"叶{len(self.leaves)}"
            if self.put_off and isinstance(node, Compare) and not node.form.is_linear and not set(node.form.keys) <= self.complete:
                self.late[name] = node
                self.leaves[key] = (name, self.guarded(node, self._known_product(node.form)))
            else:
                self.leaves[key] = (name, self.leaf(node))
        return pl.col(self.leaves[key][0])

    def leaf(self, node: Compare | Flag | OneOf | Judged) -> pl.Expr:
        """The answer of a leaf."""
        match node:
            case Compare():
                return self.compare(node)
            case Flag(key, wanted):
                return pl.col(key) if wanted else ~pl.col(key)
            case OneOf(key, values):
                return pl.col(key).is_in(list(values)) if len(values) > 1 else pl.col(key) == values[0]
            case Judged(key):
                return pl.col(key)

    def compare(self, node: Compare) -> pl.Expr:
        """``form >= 0`` under positive divisors; decided early where every completion agrees."""
        return self.guarded(node, self.form(node.form))

    def alone(self, node: Compare, key: str) -> pl.Expr:
        """The answer of a product in rows that miss this one of its inputs only."""
        return self.guarded(node, _square_answer(node.form, key) if node.form.power(key) <= 2 else pl.lit(None, pl.Boolean))

    def guarded(self, node: Compare, decided: pl.Expr) -> pl.Expr:
        """An answer under positive divisors."""
        guards = [divisor for divisor in node.divisors if not self.safe(divisor)]
        if not guards:
            return decided
        sound = reduce(lambda left, right: left & right, [(self.value(divisor) >= 0).fill_null(True) for divisor in guards])
        return pl.when(sound).then(decided)

    def word(self, form: Form) -> Any:
        """The integer type that holds every value of a form exactly, its inputs filled or not."""
        most = sum(abs(coefficient) * prod(self.reach(key, form) for key in monomial) for coefficient, monomial in form.terms)
        return word(most + abs(form.constant))

    def reach(self, key: str, form: Form) -> int:
        """The greatest absolute value of an input, or of what fills it."""
        low, high = self.ranges.get(key, (0, self.largest))
        return max(abs(low), abs(high), *(abs(bound) for bound in form.bounds[key] if bound is not None), 1)

    def value(self, form: Form, filled: Mapping[str, int] | None = None) -> pl.Expr:
        """The value of a form; inputs in ``filled`` read their fill where they are null."""
        word = self.word(form)

        def column(key: str) -> pl.Expr:
            found = pl.col(key) if word == pl.Int64 and key not in self.narrow else pl.col(key).cast(word)
            return found.fill_null(filled[key]) if filled and key in filled else found

        terms: list[pl.Expr] = []
        for coefficient, monomial in form.terms:
            product = reduce(lambda left, right: left * right, map(column, monomial))
            terms.append(product if coefficient == 1 else product * pl.lit(coefficient, word))
        total = reduce(lambda left, right: left + right, terms) if terms else pl.lit(0, word)
        return total if form.constant == 0 else total + pl.lit(form.constant, word)

    def form(self, form: Form) -> pl.Expr:
        """Three answers of ``form >= 0``."""
        if not form.terms:
            return pl.lit(form.constant >= 0)
        if len(form.terms) == 1 and len(form.terms[0][1]) == 1 and abs(form.terms[0][0]) == 1:
            plain = self._single(form)
        else:
            plain = self.value(form) >= 0
        if set(form.keys) <= self.complete:
            return plain
        return self._linear(form, plain) if form.is_linear else self._product(form, plain)

    @staticmethod
    def _single(form: Form) -> pl.Expr:
        """``x >= bound`` or ``x <= bound`` without arithmetic."""
        ((coefficient, (key,)),) = form.terms
        return pl.col(key) >= -form.constant if coefficient == 1 else pl.col(key) <= form.constant

    def _linear(self, form: Form, plain: pl.Expr) -> pl.Expr:
        lowest: dict[str, int] = {}
        highest: dict[str, int] = {}
        for coefficient, (key,) in form.terms:
            low, high = form.bounds[key]
            least, most = (low, high) if coefficient > 0 else (high, low)
            if least is not None:
                lowest[key] = least
            if most is not None:
                highest[key] = most
        open_keys = [key for key in form.keys if key not in self.complete]
        can_be_sure = any(key in lowest for key in open_keys) and _may_reach(form, lowest, lowest=True)
        can_be_lost = any(key in highest for key in open_keys) and _may_reach(form, highest, lowest=False)
        found = plain
        if can_be_lost:
            found = pl.when(self.value(form, highest) < 0).then(False).otherwise(found)
        if can_be_sure:
            found = pl.when(self.value(form, lowest) >= 0).then(True).otherwise(found)
        return found

    def _product(self, form: Form, plain: pl.Expr) -> pl.Expr:
        """With one input missing the form is ``a·x² + b·x + c`` over x's domain; with more it stays open."""
        found = plain
        self._within_reach(form)
        for key in form.keys:
            if key not in self.complete and form.power(key) <= 2:
                found = pl.coalesce(found, _square_answer(form, key))
        return found

    def _known_product(self, form: Form) -> pl.Expr:
        """The answer of a product where nothing is missing."""
        self._within_reach(form)
        return self.value(form) >= 0

    def _within_reach(self, form: Form) -> None:
        word(form_reach(form, max(self.reach(key, form) for key in form.keys)))

    def _score(self, node: ScoreAtLeast) -> pl.Expr:
        pairs = [self.item(item) for item in node.items]
        low = pl.sum_horizontal(low for low, _ in pairs)
        if all(self.whole(item.points) for item in node.items):
            return low >= node.threshold
        high = pl.sum_horizontal(high for _, high in pairs)
        return pl.when(low >= node.threshold).then(True).when(high < node.threshold).then(False)

    def item(self, item: ScoreItem) -> tuple[pl.Expr, pl.Expr]:
        """Least and most points of a score item; named columns when shared."""
        if not self.share:
            return self.points(item.points)
        if id(item) not in self.items:
            low, high = self.points(item.points)
            number = len(self.items)
            self.items[id(item)] = (f"低{number}", low.cast(pl.Int64), f"高{number}", high.cast(pl.Int64))
        low_name, _, high_name, _ = self.items[id(item)]
        return pl.col(low_name), pl.col(high_name)

    def points(self, node: Amount) -> tuple[pl.Expr, pl.Expr]:
        """Least and most points over what is unknown; the same expression twice where nothing is."""
        match node:
            case Number(value):
                return (literal := pl.lit(int(value), pl.Int64)), literal
            case Choose():
                return self._choose(node)
            case Measure(quantity, bounds):
                lows, highs = zip(*bounds.values(), strict=True)
                found = self._floor(quantity)
                return found.fill_null(max(low or 0 for low in lows)), found.fill_null(min(high or 0 for high in highs))
            case Expert(key, _, low, high):
                return pl.col(key).cast(pl.Int64).fill_null(low), pl.col(key).cast(pl.Int64).fill_null(high)
            case Sum(parts) | Largest(parts) | Smallest(parts):
                pairs = [self.points(part) for part in parts]
                combine: Callable[[list[pl.Expr]], pl.Expr] = {
                    Sum: pl.sum_horizontal, Largest: pl.max_horizontal, Smallest: pl.min_horizontal
                }[type(node)]  # fmt: skip
                low_expr = combine([low for low, _ in pairs])
                return low_expr, low_expr if self.whole(node) else combine([high for _, high in pairs])
        raise TypeError(type(node).__name__)

    def _floor(self, quantity: Quantity) -> pl.Expr:
        """A quantity rounded down, null where an input is missing or a divisor is not positive."""
        (top_terms, top_bottom), (bottom_terms, bottom_bottom) = scaled(quantity.numerator), scaled(quantity.divisor)
        if len(top_terms) == 1 and quantity.divisor.is_constant and len(top_terms[0][1]) == 1:
            ((coefficient, (key,)),) = top_terms
            if (coefficient * bottom_bottom, top_bottom * bottom_terms[0][0]) == (1, 1):
                return pl.col(key)
        bounds = dict.fromkeys(quantity.keys, (None, None))

        def value(terms: list[tuple[int, Monomial]], factor: int) -> pl.Expr:
            varying = tuple((coefficient * factor, monomial) for coefficient, monomial in terms if monomial)
            return self.value(Form(varying, sum(coefficient * factor for coefficient, monomial in terms if not monomial), bounds)).cast(
                pl.Int128
            )

        sound = [value(scaled(divisor)[0], 1) > 0 for divisor in quantity.divisors]
        bottom = value(bottom_terms, top_bottom)
        whole = (value(top_terms, bottom_bottom) // pl.when(bottom > 0).then(bottom)).cast(pl.Int64)
        return pl.when(reduce(lambda left, right: left & right, sound)).then(whole) if sound else whole

    def _choose(self, node: Choose) -> tuple[pl.Expr, pl.Expr]:
        low, high = self.points(node.otherwise)
        if node.cases and self.whole(node):
            chain: Any = pl
            for rule, amount in node.cases:
                chain = chain.when(self.answer(rule)).then(self.points(amount)[0])
            return (found := chain.otherwise(low)), found
        for rule, amount in reversed(node.cases):
            decided, (own_low, own_high) = self.answer(rule), self.points(amount)
            low = pl.when(decided).then(own_low).when(decided.is_null()).then(pl.min_horizontal(own_low, low)).otherwise(low)
            high = pl.when(decided).then(own_high).when(decided.is_null()).then(pl.max_horizontal(own_high, high)).otherwise(high)
        return low, high


def word(most: int) -> Any:
    """The integer type for absolute values up to ``most``; raises ``too-large`` beyond 128 bits, which would wrap round."""
    if most > LARGEST_LONG:
        raise TiduError("too-large", "计算的中间结果可能超出 128 位整数。请缩小输入的取值范围，或把相乘的输入拆开计算。", most=most)
    return pl.Int64 if most <= LARGEST_WORD else pl.Int128


def leaf_identity(node: Compare | Flag | OneOf | Judged) -> Any:
    """What makes two leaves the same question."""
    match node:
        case Compare(form=form, divisors=divisors):
            return ("compare", form.terms, form.constant, tuple((divisor.terms, divisor.constant) for divisor in divisors))
        case Flag(key, wanted):
            return ("flag", key, wanted)
        case OneOf(key, values):
            return ("word", key, values)
        case Judged(key):
            return ("judged", key)


def _may_reach(form: Form, filled: Mapping[str, int], *, lowest: bool) -> bool:
    """Whether filling what is missing can decide the form at all, for some known values of the rest."""
    if len(form.keys) > 1:
        return True
    total = form.constant + sum(coefficient * filled[key] for coefficient, (key,) in form.terms)
    return total >= 0 if lowest else total < 0


def _square_answer(form: Form, key: str) -> pl.Expr:
    """The answer where only ``key`` is missing: null where other inputs are missing too, or where it stays open."""
    levels: list[list[pl.Expr]] = [[], [], []]
    for coefficient, monomial in form.terms:
        others = [pl.col(name).cast(pl.Int128) for name in monomial if name != key]
        product = reduce(lambda left, right: left * right, others, pl.lit(coefficient, pl.Int128))
        levels[monomial.count(key)].append(product)
    levels[0].append(pl.lit(form.constant, pl.Int128))
    zero = pl.lit(0, pl.Int128)
    c, b, a = (reduce(lambda left, right: left + right, level) if level else zero for level in levels)
    low, high = form.bounds[key]
    points = [pl.lit(end, pl.Int128) for end in (low, high) if end is not None] or [zero]
    if levels[2]:
        vertex = (zero - b) // pl.when(a == 0).then(1).otherwise(2 * a)
        points += [_clipped(point, low, high) for point in (vertex, vertex + 1)]
    values = [b * point + c if not levels[2] else a * point * point + b * point + c for point in points]
    kept, lost = [value >= 0 for value in values], [value < 0 for value in values]
    flat = a == 0
    # towards an open end of the domain the form must not fall (or rise) without bound
    if high is None:
        kept.append((a > 0) | (flat & (b >= 0)))
        lost.append((a < 0) | (flat & (b <= 0)))
    if low is None:
        kept.append((a > 0) | (flat & (b <= 0)))
        lost.append((a < 0) | (flat & (b >= 0)))
    alone = [pl.col(key).is_null(), *(pl.col(name).is_not_null() for name in form.keys if name != key)]
    sure, gone = (reduce(lambda left, right: left & right, [*alone, *parts]) for parts in (kept, lost))
    return pl.when(sure).then(True).when(gone).then(False)


def _clipped(point: pl.Expr, low: int | None, high: int | None) -> pl.Expr:
    """A point brought into the domain."""
    if low is not None:
        point = pl.max_horizontal(point, pl.lit(low, pl.Int128))
    return point if high is None else pl.min_horizontal(point, pl.lit(high, pl.Int128))
