"""A rule tree as a small integer programme: what must hold of the levers for the rule to be met.

Every node becomes a 0/1 column that may be 1 only if the node surely holds (or surely fails, under ``Not``), whatever
the facts that stay missing may be. Implications run in one direction only; that is enough, since the root is fixed to 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any

from tidu.kernel.effort import Effort
from tidu.kernel.inputs import EVENT_PREFIX
from tidu.kernel.programme import Programme
from tidu.kernel.rules import (
    NO_LABEL,
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
    Label,
    Largest,
    Leaf,
    Measure,
    Named,
    Not,
    OneOf,
    Rule,
    ScoreAtLeast,
    ScoreItem,
    Smallest,
    Sum,
    keys_of,
    leaf_keys,
)
from tidu.kernel.scoring import point_range
from tidu.kernel.truth import answer, points
from tidu.kernel.wayup_moves import Curved, Linear, Moves, missing_inputs

NEVER, ALWAYS = 0, 1
"""The first two columns of the programme are fixed to 0 and 1."""

TELL, JUDGEMENT, EVENT, BLOCKED = "tell", "judgement", "event", "blocked"
WEIGHTS = {TELL: 1, JUDGEMENT: 1, EVENT: 50, BLOCKED: 2500}
"""Assumptions are taken only where no plan does without, and rather many of a milder kind than one of a harder."""


@dataclass(frozen=True, eq=False)
class Assumption:
    """A leaf (or score bound) that no lever brings about and a plan therefore has to assume: ``node`` answers ``sign``."""

    kind: str
    node: Rule | Amount
    sign: bool
    label: Label
    column: int

    @property
    def identity(self) -> tuple[str, int, bool, str]:
        """The same assumption in another programme of the same rule."""
        return self.kind, id(self.node), self.sign, self.label.id


class Model:
    """The programme of one rule for one firm.

    With ``assuming`` what stands in the way may be assumed away; with ``contrary`` also against what it could turn out to be.
    """

    def __init__(
        self,
        rule: Rule,
        known: Mapping[str, Any],
        effort: Effort,
        *,
        assuming: bool = False,
        contrary: bool = False,
        budget: Fraction | None = None,
    ) -> None:
        self.known, self.assuming, self.contrary = known, assuming, contrary
        self.programme = Programme()
        self.programme.column(0)
        self.programme.column(1, 1)
        self.moves = Moves(self.programme, known, effort, keys_of(rule), budget)
        self.assumptions: list[Assumption] = []
        self._rows: dict[tuple[tuple[tuple[int, int], ...], int], int] = {}
        self._sums: dict[int, Linear] = {}
        self._leaves: dict[tuple[int, bool, bool], int] = {}
        self._in_score = False

    def demand(self, rule: Rule) -> None:
        """The rule must hold."""
        self.programme.row({self.holds(rule, True, NO_LABEL): 1}, low=1)

    # answers

    def holds(self, node: Rule, sign: bool, owner: Label) -> int:
        """A column that may be 1 only where ``node`` answers ``sign``; ``owner`` is the nearest label above."""
        owner = node.label if not isinstance(node, Named) and node.label.id else owner
        match node:
            case Constant(decided):
                return ALWAYS if decided is sign else NEVER
            case Not(part):
                return self.holds(part, not sign, owner)
            case Named(_, inner):
                return self.holds(inner, sign, owner)  # type: ignore[arg-type]
            case All(parts):
                return self.count(len(parts) if sign else 1, parts, sign, owner)
            case AnyOf(parts):
                return self.count(1 if sign else len(parts), parts, sign, owner)
            case AtLeast(count, parts):
                return self.count(count if sign else len(parts) - count + 1, parts, sign, owner)
            case ScoreAtLeast():
                return self.score(node, sign, owner)
            case _:
                return self.leaf(node, sign, owner)

    def count(self, wanted: int, parts: Sequence[Rule], sign: bool, owner: Label) -> int:
        """At least ``wanted`` of the parts answer ``sign``."""
        columns = [self.holds(part, sign, owner) for part in parts]
        wanted -= columns.count(ALWAYS)
        open_columns = [column for column in columns if column not in {ALWAYS, NEVER}]
        if wanted <= 0:
            return ALWAYS
        if wanted > len(open_columns):
            return NEVER
        if len(open_columns) == 1:
            return open_columns[0]
        found = self.programme.column(1)
        if wanted == len(open_columns):
            for column in open_columns:
                self.programme.row({found: -1, column: 1}, low=0)
        else:
            terms: dict[int, int] = {found: -wanted}
            for column in open_columns:
                terms[column] = terms.get(column, 0) + 1
            self.programme.row(terms, low=0)
        return found

    def score(self, node: ScoreAtLeast, sign: bool, owner: Label) -> int:
        """The points reach the threshold, or surely stay below it."""
        if sign:
            total = self.total(node.items).plus(Linear(-node.threshold))
        else:
            total = Linear(node.threshold - 1).plus(self.total(node.items, -1), -1)
        return self.or_assumed(self.at_least_zero(total), BLOCKED, node, sign, owner)

    def total(self, items: Sequence[ScoreItem], side: int = 1) -> Linear:
        """Points that a score table surely brings (or surely does not exceed)."""
        found = Linear(0)
        for item in items:
            found = found.plus(self.points_of(item.points, side, Label(item.id, item.clause, item.title)))
        return found

    def leaf(self, node: Leaf, sign: bool, owner: Label) -> int:
        """A leaf by the levers that move it, or by assumption."""
        key = (id(node), sign, self._in_score)
        if key not in self._leaves:
            match node:
                case Compare():
                    found = self.compare(node, sign)
                case Flag(name, wanted):
                    found = self.word(name, {wanted if sign else not wanted})
                case OneOf(name, values):
                    found = self.word(name, set(values) if sign else None, set(values))
                case _:
                    found = NEVER
            self._leaves[key] = self.or_assumed(found, self.obstacle(node, sign), node, sign, owner)
        return self._leaves[key]

    def word(self, key: str, wanted: set[Any] | None, unwanted: set[Any] | None = None) -> int:
        """The input is one of ``wanted``, or known and none of ``unwanted``."""

        def fits(value: Any) -> bool:
            return value in wanted if wanted is not None else value not in (unwanted or ())

        value, choice = self.known.get(key), self.moves.choices.get(key)
        columns = choice.columns if choice else {}
        if value is not None and fits(value):
            bad = [column for word, column in columns.items() if not fits(word)]
            if not bad:
                return ALWAYS
            found = self.programme.column(1)
            self.programme.row({found: 1, **dict.fromkeys(bad, 1)}, high=1)
            return found
        good = [column for word, column in columns.items() if fits(word)]
        if len(good) < 2:
            return good[0] if good else NEVER
        found = self.programme.column(1)
        self.programme.row({found: -1, **dict.fromkeys(good, 1)}, low=0)
        return found

    def compare(self, node: Compare, sign: bool) -> int:
        """A comparison: its form on the right side of zero while every divisor is positive."""
        moving = [key for key in sorted(leaf_keys(node)) if self.moves.moves_key(key)]
        if not moving:
            return ALWAYS if answer(node, self.known) is sign else NEVER
        divisors = [divisor for divisor in node.divisors if all(self.known.get(key) is not None for key in divisor.keys)]
        wanted = [self.moves.least(node.form, sign), *(self.moves.least(divisor, True) for divisor in divisors)]
        if any(isinstance(found, Curved) for found in wanted):
            return self.frozen(node, sign, moving)
        return self.both([self.at_least_zero(found) if isinstance(found, Linear) else NEVER for found in wanted])

    def frozen(self, node: Compare, sign: bool, moving: list[str]) -> int:
        """A product of two moving facts cannot be planned with: it holds if it does now and none of them moves."""
        if answer(node, self.known) is not sign:
            return NEVER
        found = self.programme.column(1)
        for steps in {steps.lever.key for key in moving for steps in self.moves.movers[key]}:
            self.programme.row({found: 1, self.moves.used(steps): 1}, high=1)
        return found

    def at_least_zero(self, value: Linear) -> int:
        """A column that may be 1 only where the sum is not negative; equal sums share it."""
        low, high = value.span(self.programme)
        if low >= 0:
            return ALWAYS
        if high < 0:
            return NEVER
        scaled = _reduced(value)
        key = (tuple(sorted(scaled.terms.items())), scaled.constant)
        if key not in self._rows:
            least, _ = scaled.span(self.programme)
            found = self._rows[key] = self.programme.column(1)
            self._sums[found] = scaled
            self.programme.row({**scaled.terms, found: least}, low=least - scaled.constant)
        return self._rows[key]

    def both(self, columns: list[int]) -> int:
        """All of the columns."""
        left = [column for column in dict.fromkeys(columns) if column != ALWAYS]
        if NEVER in left:
            return NEVER
        if len(left) < 2:
            return left[0] if left else ALWAYS
        found = self.programme.column(1)
        for column in left:
            self.programme.row({found: -1, column: 1}, low=0)
        return found

    # assumptions

    def obstacle(self, node: Leaf, sign: bool) -> str:
        """Why a leaf may be out of reach of any lever."""
        if isinstance(node, Judged):
            return JUDGEMENT
        if missing_inputs(node, self.known):
            return TELL
        if isinstance(node, Flag) and node.key.startswith(EVENT_PREFIX):
            return EVENT if node.wanted is sign else BLOCKED
        return BLOCKED

    def or_assumed(self, column: int, kind: str, node: Rule | Amount, sign: bool, owner: Label) -> int:
        """The column, or an assumption in its place; score lines may only wait for what is not known."""
        if not self.assuming or column == ALWAYS or (self._in_score and kind in {EVENT, BLOCKED}):
            return column
        kinds = [kind, BLOCKED] if self.contrary and kind != BLOCKED and not self._in_score else [kind]
        ways = [column] if column != NEVER else []
        for each in kinds:
            ways.append(self.programme.column(1))
            self.assumptions.append(Assumption(each, node, sign, owner, ways[-1]))
        if len(ways) == 1:
            return ways[0]
        found = self.programme.column(1)
        self.programme.row({found: -1, **dict.fromkeys(ways, 1)}, low=0)
        return found

    # points

    def points_of(self, node: Amount, side: int, owner: Label) -> Linear:
        """Points surely reached (``side`` 1), or surely not exceeded (-1)."""
        before, self._in_score = self._in_score, True
        try:
            return self._points(node, side, owner)
        finally:
            self._in_score = before

    def _points(self, node: Amount, side: int, owner: Label) -> Linear:
        low, high = points(node, self.known)
        moving = [key for key in sorted(keys_of(node)) if self.moves.moves_key(key)]
        if not moving and (low == high or not self.assuming):
            return Linear(low if side > 0 else high)
        match node:
            case Choose():
                return self.choose((node,), side, owner)
            case Largest(parts) if side > 0 and all(isinstance(part, Choose) for part in parts):
                return self.choose(parts, side, owner)  # type: ignore[arg-type]
            case Sum(parts):
                total = Linear(0)
                for part in parts:
                    total = total.plus(self._points(part, side, owner))
                return total
            case Largest(parts) | Smallest(parts):
                return self.extreme(parts, side, owner, one_is_enough=isinstance(node, Largest) == (side > 0))
            case Expert() | Measure() if not moving:
                return self.awaited(node, (low, high), side, owner)
            case Measure(quantity):
                for key in {steps.lever.key for name in quantity.keys for steps in self.moves.movers.get(name, ())}:
                    self.programme.row({self.moves.used(key): 1}, high=0)
                return Linear(low if side > 0 else high)
        raise TypeError(type(node).__name__)

    def choose(self, tables: Sequence[Choose], side: int, owner: Label) -> Linear:
        """One case of one table is relied on: its rule holds, and no earlier case of its table that would be worse does.

        Of several tables the best is meant where ``side`` is 1, so that relying on one case of one of them is enough.
        """
        total, picked = Linear(0), {}
        bounds: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
        spans = [point_range(table) for table in tables]
        worst = max(low for low, _ in spans) if side > 0 else max(high for _, high in spans)
        for table in tables:
            for column, worth in self.cases(table, side, owner):
                pick = self.programme.column(1)
                picked[pick] = 1
                known_sum = self._sums.get(column)
                if known_sum is not None:
                    bounds.setdefault(tuple(known_sum.terms.items()), {})[pick] = -known_sum.constant
                elif column != ALWAYS:
                    self.programme.row({pick: -1, column: 1}, low=0)
                total = total.plus(Linear(0, {pick: worth}))
        for terms, steps in bounds.items():
            # one row for all brackets of one sum: tighter than a row for each, since only one is picked
            lowest, _ = Linear(0, dict(terms)).span(self.programme)
            self.programme.row({**dict(terms), **{pick: lowest - bound for pick, bound in steps.items()}}, low=lowest)
        # where nothing is relied on, only the least (or most) that the tables give at all is counted
        rest = self.programme.column(1)
        self.programme.row({**picked, rest: 1}, low=1, high=1)
        return total.plus(Linear(0, {rest: worst}))

    def cases(self, table: Choose, side: int, owner: Label) -> Iterator[tuple[int, int]]:
        """Cases of a table that can be relied on at all: the column that vouches for it, and its points.

        Packs give whole points in every case; of anything else only the least (or most) it can give is counted.
        """
        worth = [point_range(amount)[0 if side > 0 else 1] for amount in (*(amount for _, amount in table.cases), table.otherwise)]
        rules = [rule for rule, _ in table.cases]
        for index, own in enumerate(worth):
            columns = [self.holds(rules[index], True, owner)] if index < len(rules) else []
            for earlier, other in zip(rules[:index], worth, strict=False):
                if (other < own) if side > 0 else (other > own):
                    columns.append(self.holds(earlier, False, owner))
            column = self.both(columns)
            if column != NEVER:
                yield column, own

    def _side(self, slack: Linear, pick: int, spare: int, side: int) -> None:
        """``slack >= 0`` (or ``<= 0``) where ``pick`` is 1."""
        if side > 0:
            self.programme.row({**slack.terms, pick: -spare}, low=-slack.constant - spare)
        else:
            self.programme.row({**slack.terms, pick: spare}, high=spare - slack.constant)

    def extreme(self, parts: tuple[Amount, ...], side: int, owner: Label, *, one_is_enough: bool) -> Linear:
        """The largest or smallest part: one part vouches for the value, or all of them must."""
        values = [self._points(part, side, owner) for part in parts]
        spans = [value.span(self.programme) for value in values]
        low, high = min(span[0] for span in spans), max(span[1] for span in spans)
        found = self.programme.column(high, low)
        picks: dict[int, int] = {}
        for value in values:
            slack = value.plus(Linear(0, {found: 1}), -1)
            pick = self.programme.column(1) if one_is_enough else ALWAYS
            picks[pick] = 1
            self._side(slack, pick, high - low, side)
        if one_is_enough:
            self.programme.row(picks, low=1)
        return Linear(0, {found: 1})

    def awaited(self, node: Expert | Measure, span: tuple[int, int], side: int, owner: Label) -> Linear:
        """Points still to be given by a person or told: the worst, or anything within the range by assumption."""
        assumed = self.programme.column(1)
        self.assumptions.append(Assumption(JUDGEMENT if isinstance(node, Expert) else TELL, node, True, owner, assumed))
        worst, best = span if side > 0 else span[::-1]
        return Linear(worst, {assumed: best - worst})


def _reduced(value: Linear) -> Linear:
    """``value >= 0`` with the smallest coefficients that mean the same for whole numbers."""
    divisor = gcd(*value.terms.values())
    return Linear(value.constant // divisor, {column: factor // divisor for column, factor in value.terms.items()})
