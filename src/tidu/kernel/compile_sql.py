"""The rule tree as SQL with the meaning of ``truth``: three answers, intervals of points, exact amounts.

NULL is unknown; SQL's AND, OR and NOT are Kleene's. LEAST and GREATEST skip NULLs on all three databases, so that an
unknown part of an amount is asked for by name: it must make the amount unknown and never the cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import lcm
from typing import Any

from tidu.kernel import sql_nodes as sql
from tidu.kernel.compile_polars import leaf_identity
from tidu.kernel.errors import TiduError
from tidu.kernel.magnitudes import LARGEST_WORD, quantity_reach, rounding_reach, scaled
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
    Share,
    Smallest,
    Sum,
    Times,
)
from tidu.kernel.sql_compares import WIDEST, Comparisons, total
from tidu.kernel.sql_nodes import Node
from tidu.kernel.sql_plan import Plan
from tidu.kernel.wording import compare_text

Interval = tuple[Node, Node]


@dataclass(frozen=True)
class Ratio:
    """An exact amount ``top / bottom``; ``bottom`` is positive, a number or (under an input that divides) a column."""

    top: Node
    bottom: int
    divisor: Node | None = None

    def whole(self, factor: int) -> Node:
        """The divisor times a factor."""
        literal = sql.integer(self.bottom * factor)
        if self.divisor is None:
            return literal
        return self.divisor.copy() if self.bottom * factor == 1 else sql.times([literal, self.divisor.copy()])


@dataclass
class SqlCompiler:
    """Compiles nodes over the columns of a plan; leaves and score items become named columns, each computed once."""

    plan: Plan
    largest: int = LARGEST_STORED
    leaves: dict[Any, str] = field(default_factory=dict)
    items: dict[int, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.comparisons = Comparisons(self.plan, self.largest)

    def answer(self, node: Rule | Amount) -> Node:
        """A nullable boolean: met, unmet, or NULL for unknown."""
        match node:
            case Constant(decided):
                return sql.boolean(decided)
            case All(parts):
                return sql.all_of([self.answer(part) for part in parts])
            case AnyOf(parts):
                return sql.any_of([self.answer(part) for part in parts])
            case Not(part):
                return sql.negated(self.answer(part))
            case AtLeast(count, parts):
                return self._at_least(count, [self.plan.share(self.answer(part)) for part in parts])
            case ScoreAtLeast(_, items, threshold):
                low, high = self.sums(items)
                return sql.case([(sql.above(low, threshold), sql.boolean(True)), (sql.below(high, threshold), sql.boolean(False))])
            case Named(_, inner):
                return self.answer(inner)
            case Compare() | Flag() | OneOf() | Judged():
                return self.leaf(node)
        raise TypeError(type(node).__name__)

    def leaf(self, node: Compare | Flag | OneOf | Judged) -> Node:
        """The column of a leaf; equal questions share one."""
        identity = leaf_identity(node)
        if identity not in self.leaves:
            name = f"leaf_{len(self.leaves)}"
            self.leaves[identity] = name
            self.plan.add(name, *self._asked(node))
        return sql.column(self.leaves[identity])

    def _asked(self, node: Compare | Flag | OneOf | Judged) -> tuple[Node, str]:
        """The question of a leaf, and how it reads."""
        match node:
            case Compare():
                return self.comparisons.answer(node), compare_text(node)
            case Flag(key, wanted):
                column = self.plan.input(key)
                return (column if wanted else sql.negated(column)), f"{key} = {'是' if wanted else '否'}"
            case OneOf(key, values):
                return sql.member(self.plan.input(key), values), key
            case Judged(key, text):
                return self.plan.input(key), text

    @staticmethod
    def _at_least(count: int, answers: Sequence[Node]) -> Node:
        one, zero = sql.integer(1), sql.integer(0)
        sure = sql.added([sql.case([(found.copy(), one)], zero) for found in answers])
        possible = sql.added([sql.case([(sql.decided(found.copy()), one)], zero) for found in answers])
        return sql.case([(sql.above(sure, count), sql.boolean(True)), (sql.below(possible, count), sql.boolean(False))])

    def sums(self, items: Sequence[ScoreItem]) -> Interval:
        """Least and most points of several items."""
        pairs = [self.item(item) for item in items]
        return sql.added([low for low, _ in pairs]), sql.added([high for _, high in pairs])

    def item(self, item: ScoreItem) -> Interval:
        """The columns of a score item."""
        if id(item) not in self.items:
            low, high = self.points(item.points)
            number = len(self.items)
            self.items[id(item)] = (f"low_{number}", f"high_{number}")
            self.plan.add(f"low_{number}", low, f"{item.id} {item.title}")
            self.plan.add(f"high_{number}", high)
        low_name, high_name = self.items[id(item)]
        return sql.column(low_name), sql.column(high_name)

    def points(self, node: Amount) -> Interval:
        """Least and most points over what is unknown; never NULL."""
        match node:
            case Number(value):
                return sql.integer(int(value)), sql.integer(int(value))
            case Choose(cases, otherwise):
                return self._choose(cases, otherwise)
            case Measure(quantity, bounds):
                lows, highs = zip(*bounds.values(), strict=True)
                found = self.plan.share(self._whole(quantity))
                least, most = max(low or 0 for low in lows), min(high or 0 for high in highs)
                return sql.filled(found, sql.integer(least)), sql.filled(found.copy(), sql.integer(most))
            case Expert(key, _, lowest, highest):
                return sql.filled(self.plan.input(key), sql.integer(lowest)), sql.filled(self.plan.input(key), sql.integer(highest))
            case Sum(parts) | Largest(parts) | Smallest(parts):
                combine = {Sum: sql.added, Largest: sql.greatest, Smallest: sql.least}[type(node)]
                pairs = [self.points(part) for part in parts]
                return combine([low for low, _ in pairs]), combine([high for _, high in pairs])
        raise TypeError(f"{type(node).__name__} gives no points")

    def _choose(self, cases: Sequence[tuple[Rule, Amount]], otherwise: Amount) -> Interval:
        """The first case that holds; where some are open, the extremes of those that may be it."""
        answers = [self.plan.share(self.answer(rule)) for rule, _ in cases]
        pairs = [self.points(part) for _, part in cases] + [self.points(otherwise)]
        numbers = [part.value for part in (*(part for _, part in cases), otherwise) if isinstance(part, Number)]
        if len(numbers) == len(pairs):
            sure = self._first(answers, [low for low, _ in pairs])
            hoped = self._first([sql.decided(found.copy()) for found in answers], [high for _, high in pairs])
            if numbers == sorted(numbers, reverse=True):
                return sure, hoped
            if numbers == sorted(numbers):
                return hoped, sure
        lows = self._possible(answers, [low for low, _ in pairs])
        highs = self._possible(answers, [high for _, high in pairs])
        return sql.least(lows), sql.greatest(highs)

    @staticmethod
    def _first(answers: Sequence[Node], values: Sequence[Node]) -> Node:
        return sql.case(list(zip(answers, values[:-1], strict=True)), values[-1]) if answers else values[-1]

    @staticmethod
    def _possible(answers: Sequence[Node], values: Sequence[Node]) -> list[Node]:
        """Each value where its case may be the first that holds, else NULL."""
        found: list[Node] = []
        for index, value in enumerate(values):
            excluded: list[tuple[Node, Node]] = []
            if index:
                excluded.append((sql.any_of([answer.copy() for answer in answers[:index]]), sql.null()))
            if index < len(answers):
                excluded.append((sql.negated(answers[index].copy()), sql.null()))
            found.append(sql.case(excluded, value) if excluded else value)
        return found

    def _whole(self, quantity: Quantity) -> Node:
        """A quantity rounded down; NULL where it is unknown."""
        found = self._quantity(quantity, wide=max(quantity_reach(quantity, self.largest)) > LARGEST_WORD)
        if found.bottom == 1 and found.divisor is None:
            return found.top
        top = self.plan.share(found.top)
        bottom = found.whole(1)
        down = sql.quotient(top.copy(), bottom.copy(), self.plan.dialect)
        short = sql.added([bottom.copy()], [sql.integer(1), top.copy()])
        up = sql.added([sql.integer(0)], [sql.quotient(short, bottom.copy(), self.plan.dialect)])
        return sql.case([(sql.above(top.copy(), 0), down)], up)

    def _quantity(self, quantity: Quantity, *, wide: bool) -> Ratio:
        """A quotient of polynomials; NULL where an input is unknown or a divisor is not positive."""
        top_terms, top_bottom = scaled(quantity.numerator)
        bottom_terms, bottom_bottom = scaled(quantity.divisor)
        top = self._polynomial(top_terms, bottom_bottom, wide=wide)
        undefined = [sql.below(self._polynomial(scaled(part)[0], 1, wide=wide), 1) for part in quantity.divisors]
        needed = [sql.is_missing(self.plan.input(key)) for key in sorted(quantity.keys - quantity.numerator.keys)]
        if undefined or needed:
            top = sql.case([(sql.any_of([*undefined, *needed]), sql.null())], top)
        if quantity.divisor.is_constant:
            return Ratio(top, top_bottom * sum(value for value, _ in bottom_terms))
        return Ratio(top, 1, self.plan.share(self._polynomial(bottom_terms, top_bottom, wide=wide)))

    def _polynomial(self, terms: Sequence[tuple[int, tuple[str, ...]]], factor: int, *, wide: bool) -> Node:
        parts: list[tuple[int, Node | None]] = []
        for coefficient, monomial in terms:
            factors = [self.comparisons.column(key, wide=wide) for key in monomial]
            parts.append((coefficient * factor, sql.times(factors) if factors else None))
        return total(parts)

    def amount(self, node: Amount | Rule) -> Node:
        """An amount in fen, rounded once at the end, halves away from zero; NULL where any part it needs is unknown."""
        reach = rounding_reach(node, self.largest)
        if reach > WIDEST[self.plan.dialect]:
            raise TiduError("too-wide", f"金额的计算超出精确整数的范围（{reach}）。请减少相乘的项，或改用逐户计算。")
        found = self.exact(node, wide=reach > LARGEST_WORD)
        if found.bottom == 1 and found.divisor is None:
            return sql.cast(found.top, "BIGINT")
        top = self.plan.share(found.top)
        bottom, doubled = found.whole(1), found.whole(2)
        twice = sql.added([sql.times([sql.integer(2), sql.absolute(top.copy())]), bottom])
        rounded = sql.quotient(twice, doubled, self.plan.dialect)
        signed = sql.case([(sql.below(top.copy(), 0), sql.added([sql.integer(0)], [rounded.copy()]))], rounded)
        return sql.cast(signed, "BIGINT")

    def exact(self, node: Amount | Rule, *, wide: bool) -> Ratio:
        """An amount before rounding."""
        match node:
            case Number(value):
                # a literal alone would be of 32 bits, and overflow when it is multiplied
                literal = sql.integer(value.numerator)
                return Ratio(sql.wide(literal, self.plan.dialect) if wide else sql.cast(literal, "BIGINT"), value.denominator)
            case Measure(quantity):
                return self._quantity(quantity, wide=wide)
            case Named(_, inner):
                return self.exact(inner, wide=wide)
            case Times(part, rate):
                found = self.exact(part, wide=wide)
                top = sql.times([sql.integer(rate.numerator), found.top]) if rate.numerator != 1 else found.top
                return Ratio(top, found.bottom * rate.denominator, found.divisor)
            case Share(part, quantity):
                left, right = self.exact(part, wide=wide), self._quantity(quantity, wide=wide)
                divisors = [found.divisor for found in (left, right) if found.divisor is not None]
                divisor = self.plan.share(sql.times(divisors)) if divisors else None
                return Ratio(sql.times([left.top, right.top]), left.bottom * right.bottom, divisor)
            case Choose(cases, otherwise):
                return self._choose_amount(cases, otherwise, wide=wide)
            case Sum(parts) | Largest(parts) | Smallest(parts):
                return self._combined(node, [self.exact(part, wide=wide) for part in parts])
        raise TypeError(f"{type(node).__name__} has no amount")

    def _aligned(self, ratios: Sequence[Ratio]) -> tuple[list[Node], int, Node | None]:
        """Numerators over one divisor."""
        bottom = lcm(*(found.bottom for found in ratios))
        tops: list[Node] = []
        for index, found in enumerate(ratios):
            factors = [other.divisor.copy() for place, other in enumerate(ratios) if place != index and other.divisor is not None]
            scale = [sql.integer(bottom // found.bottom)] if bottom != found.bottom else []
            tops.append(sql.times([*scale, *factors, found.top]) if scale or factors else found.top)
        divisors = [found.divisor.copy() for found in ratios if found.divisor is not None]
        return tops, bottom, self.plan.share(sql.times(divisors)) if divisors else None

    def _choose_amount(self, cases: Sequence[tuple[Rule, Amount]], otherwise: Amount, *, wide: bool) -> Ratio:
        # a divisor that is zero belongs to its own case alone, so that cases are not brought to one divisor column
        ratios = [self.exact(part, wide=wide) for part in (*(part for _, part in cases), otherwise)]
        bottom = lcm(*(found.bottom for found in ratios))
        tops = [found.top if found.bottom == bottom else sql.times([sql.integer(bottom // found.bottom), found.top]) for found in ratios]
        answers = [self.plan.share(self.answer(rule)) for rule, _ in cases]
        divisor = None
        if any(found.divisor is not None for found in ratios):
            divisor = self.plan.share(
                self._decided(answers, [sql.integer(1) if found.divisor is None else found.divisor for found in ratios])
            )
        return Ratio(self._decided(answers, tops), bottom, divisor)

    @staticmethod
    def _decided(answers: Sequence[Node], values: Sequence[Node]) -> Node:
        """The value of the first case that holds; NULL behind a case that is open."""
        pairs: list[tuple[Node, Node]] = []
        for found, value in zip(answers, values[:-1], strict=True):
            pairs += [(sql.is_missing(found.copy()), sql.null()), (found.copy(), value.copy())]
        return sql.case(pairs, values[-1].copy()) if pairs else values[-1]

    def _combined(self, node: Sum | Largest | Smallest, ratios: Sequence[Ratio]) -> Ratio:
        tops, bottom, divisor = self._aligned(ratios)
        if isinstance(node, Sum):
            return Ratio(sql.added(tops), bottom, divisor)
        shared = [self.plan.share(top) for top in tops]
        unknown = [sql.is_missing(top.copy()) for top in shared if not sql.is_literal(top)]
        found = (sql.greatest if isinstance(node, Largest) else sql.least)(shared)
        return Ratio(sql.case([(sql.any_of(unknown), sql.null())], found) if unknown else found, bottom, divisor)
