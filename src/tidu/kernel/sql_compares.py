"""Comparisons as SQL with the answers of ``algebra.truth``: decided early over the domains of what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tidu.kernel import sql_nodes as sql
from tidu.kernel.algebra import Form
from tidu.kernel.magnitudes import LARGEST_DECIMAL, LARGEST_WIDE, LARGEST_WORD, checked_reach
from tidu.kernel.quantities import LARGEST_STORED
from tidu.kernel.rules import Compare
from tidu.kernel.sql_nodes import Dialect, Node
from tidu.kernel.sql_plan import Plan

Term = tuple[int, Node | None]

WIDEST = {Dialect.DUCKDB: LARGEST_WIDE, Dialect.SPARK: LARGEST_DECIMAL, Dialect.POSTGRES: 10**1000}
"""The largest integer of each database's exact type; PostgreSQL's has no bound that matters."""


def total(terms: Sequence[Term]) -> Node:
    """The sum of ``coefficient × node`` (a term without node is a constant)."""
    plus: list[Node] = []
    less: list[Node] = []
    for coefficient, node in sorted(terms, key=lambda term: term[1] is None):
        if coefficient == 0:
            continue
        size = abs(coefficient)
        part = sql.integer(size) if node is None else node if size == 1 else sql.times([sql.integer(size), node])
        (plus if coefficient > 0 else less).append(part)
    return sql.added(plus, less)


@dataclass
class Comparisons:
    """Compiles comparisons over the columns of a plan."""

    plan: Plan
    largest: int = LARGEST_STORED

    def answer(self, node: Compare) -> Node:
        """``form >= 0`` while no known divisor is zero or negative."""
        found = self.form(node.form)
        if not node.divisors:
            return found
        undefined = [self.fails(divisor) for divisor in node.divisors]
        return sql.guarded(sql.any_of(undefined), found)

    def fails(self, form: Form) -> Node:
        """``form < 0`` for known inputs, NULL otherwise."""
        if len(form.terms) > 1 or not form.is_linear:
            return sql.below(self.varying(form, {}), -form.constant)
        ((coefficient, (key,)),) = form.terms
        column = self.plan.input(key)
        if coefficient > 0:
            return sql.below(column, -(form.constant // coefficient))
        return sql.above(column, form.constant // -coefficient + 1)

    def form(self, form: Form) -> Node:
        """Three answers of ``form >= 0``."""
        if not form.terms:
            return sql.boolean(form.constant >= 0)
        if not form.is_linear:
            return self._product(form)
        return self._single(form) if len(form.terms) == 1 else self._linear(form)

    def column(self, key: str, *, wide: bool, fill: int | None = None) -> Node:
        """An input, with a value of its domain where it is missing."""
        found = self.plan.input(key)
        if fill is not None:
            found = sql.filled(found, sql.integer(fill))
        return sql.wide(found, self.plan.dialect) if wide else found

    def varying(self, form: Form, fills: Mapping[str, int]) -> Node:
        """The value of a form without its constant; inputs in ``fills`` read their fill where they are missing."""
        wide = checked_reach(form, self.largest, WIDEST[self.plan.dialect]) > LARGEST_WORD
        terms: list[Term] = []
        for coefficient, monomial in form.terms:
            factors = [self.column(key, wide=wide, fill=fills.get(key)) for key in monomial]
            terms.append((coefficient, sql.times(factors) if len(factors) > 1 else factors[0]))
        return total(terms)

    def _single(self, form: Form) -> Node:
        """``x >= bound`` or ``x < bound`` without arithmetic, and its answer where x is missing and its domain decides."""
        ((coefficient, (key,)),) = form.terms
        column = self.plan.input(key)
        if coefficient > 0:
            found = sql.above(column, -(form.constant // coefficient))
        else:
            found = sql.at_most(column, form.constant // -coefficient)
        low, high = form.bounds[key]
        least, most = (low, high) if coefficient > 0 else (high, low)
        if least is not None and coefficient * least + form.constant >= 0:
            return sql.filled(found, sql.boolean(True))
        if most is not None and coefficient * most + form.constant < 0:
            return sql.filled(found, sql.boolean(False))
        return found

    def _linear(self, form: Form) -> Node:
        lowest: dict[str, int] = {}
        highest: dict[str, int] = {}
        for coefficient, (key,) in form.terms:
            low, high = form.bounds[key]
            least, most = (low, high) if coefficient > 0 else (high, low)
            if least is not None:
                lowest[key] = least
            if most is not None:
                highest[key] = most
        if not lowest and not highest:
            return sql.above(self.varying(form, {}), -form.constant)
        sure, lost = sql.above(self.varying(form, lowest), -form.constant), sql.below(self.varying(form, highest), -form.constant)
        return sql.case([(sure, sql.boolean(True)), (lost, sql.boolean(False))])

    def _product(self, form: Form) -> Node:
        """All known, or one input x missing: then the form is ``a·x² + b·x + c`` over x's domain; with more missing it stays open."""
        absent = self.plan.share(
            sql.added([sql.case([(sql.is_missing(self.plan.input(key)), sql.integer(1))], sql.integer(0)) for key in form.keys])
        )
        branches = [(sql.below(absent, 1), sql.above(self.varying(form, {}), -form.constant)), (sql.above(absent, 2), sql.null())]
        branches += [(sql.is_missing(self.plan.input(key)), self._square(form, key)) for key in form.keys if form.power(key) <= 2]
        return sql.case(branches)

    def _levels(self, form: Form, key: str) -> tuple[list[Term], list[Term], list[Term]]:
        """Terms of a, b and c."""
        levels: tuple[list[Term], list[Term], list[Term]] = ([], [], [])
        for coefficient, monomial in form.terms:
            others = [self.column(name, wide=True) for name in monomial if name != key]
            levels[2 - monomial.count(key)].append((coefficient, sql.times(others) if others else None))
        levels[2].append((form.constant, None))
        return levels

    def _square(self, form: Form, key: str) -> Node:
        """The answer where only ``key`` is missing."""
        a_terms, b_terms, c_terms = self._levels(form, key)
        b, c = self.plan.share(total(b_terms)), self.plan.share(total(c_terms))
        a = self.plan.share(total(a_terms)) if a_terms else None
        twice = self.plan.share(total([(2 * coefficient, node) for coefficient, node in a_terms]))
        low, high = form.bounds[key]
        at = [self._at(a, b, c, point) for point in self._points(twice, b, low, high, curved=bool(a_terms))]
        kept, lost = [sql.above(value, 0) for value in at], [sql.below(value, 0) for value in at]
        if high is None:
            kept.append(self._sign(a, sql.above(b.copy(), 0), positive=True))
            lost.append(self._sign(a, sql.below(b.copy(), 1), positive=False))
        if low is None:
            kept.append(self._sign(a, sql.below(b.copy(), 1), positive=True))
            lost.append(self._sign(a, sql.above(b.copy(), 0), positive=False))
        return sql.case([(sql.all_of(kept), sql.boolean(True)), (sql.all_of(lost), sql.boolean(False))])

    @staticmethod
    def _sign(a: Node | None, slope: Node, *, positive: bool) -> Node:
        """Towards an open end the form does not fall below (``positive``) or rise above all bounds."""
        if a is None:
            return slope
        steep = sql.above(a.copy(), 1) if positive else sql.below(a.copy(), 0)
        flat = sql.all_of([sql.above(a.copy(), 0), sql.below(a.copy(), 1), slope])
        return sql.any_of([steep, flat])

    def _points(self, twice: Node, b: Node, low: int | None, high: int | None, *, curved: bool) -> list[Node]:
        """Values of x inside its domain among which the extremes lie: its ends, and integers around the vertex."""
        ends = [sql.integer(end) for end in (low, high) if end is not None]
        if not curved:
            return ends or [sql.integer(0)]
        dialect = self.plan.dialect
        around = sql.quotient(sql.added([sql.integer(0)], [b.copy()]), twice, dialect)
        vertex = self.plan.share(sql.filled(around, sql.wide(sql.integer(0), dialect)))
        points: list[Node] = []
        for step in (-1, 0, 1):
            point = sql.added([vertex.copy(), sql.integer(step)]) if step else vertex.copy()
            if low is not None:
                point = sql.greatest([point, sql.wide(sql.integer(low), dialect)])
            if high is not None:
                point = sql.least([point, sql.wide(sql.integer(high), dialect)])
            points.append(self.plan.share(point))
        return ends + points

    @staticmethod
    def _at(a: Node | None, b: Node, c: Node, point: Node) -> Node:
        """``a·x² + b·x + c`` at a point."""
        if sql.is_zero(point):
            return c.copy()
        square = [] if a is None else [sql.times([a.copy(), point.copy(), point.copy()])]
        return sql.added([*square, sql.times([b.copy(), point.copy()]), c.copy()])
