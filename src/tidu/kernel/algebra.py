"""Integer polynomials over a firm's inputs: the exact ground under every comparison.

A quantity of a pack is a quotient of polynomials (``研发费用 / 营业收入``); comparing it with a bound is
multiplied out to ``form >= 0`` with integer coefficients, under the condition that each divisor is positive.
No engine ever divides to decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

Monomial = tuple[str, ...]
Bound = tuple[int | None, int | None]


@dataclass(frozen=True)
class Polynomial:
    """A sum of products of inputs with rational coefficients; the empty monomial is the constant."""

    terms: Mapping[Monomial, Fraction]

    @classmethod
    def constant(cls, value: Fraction | int) -> Polynomial:
        """A polynomial without inputs."""
        return cls({(): Fraction(value)} if value else {})

    @classmethod
    def variable(cls, key: str, coefficient: Fraction | int = 1) -> Polynomial:
        """One input, possibly scaled."""
        return cls({(key,): Fraction(coefficient)})

    def __add__(self, other: Polynomial) -> Polynomial:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            terms[monomial] = terms.get(monomial, Fraction(0)) + coefficient
        return Polynomial({monomial: coefficient for monomial, coefficient in terms.items() if coefficient})

    def __neg__(self) -> Polynomial:
        return Polynomial({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        terms: dict[Monomial, Fraction] = {}
        for left, left_coefficient in self.terms.items():
            for right, right_coefficient in other.terms.items():
                monomial = tuple(sorted(left + right))
                terms[monomial] = terms.get(monomial, Fraction(0)) + left_coefficient * right_coefficient
        return Polynomial({monomial: coefficient for monomial, coefficient in terms.items() if coefficient})

    @property
    def keys(self) -> frozenset[str]:
        """Inputs that occur."""
        return frozenset(key for monomial in self.terms for key in monomial)

    @property
    def is_constant(self) -> bool:
        """Whether no input occurs."""
        return not self.keys

    @property
    def value(self) -> Fraction:
        """The constant term."""
        return self.terms.get((), Fraction(0))


ONE = Polynomial.constant(1)


@dataclass(frozen=True)
class Form:
    """An integer polynomial that a comparison holds against zero: ``sum(coefficient × inputs) + constant >= 0``.

    ``bounds`` gives the domain of each input in stored integers; an input that divides is at least 1.
    """

    terms: tuple[tuple[int, Monomial], ...]
    constant: int
    bounds: Mapping[str, Bound]

    @cached_property
    def is_linear(self) -> bool:
        """Whether every product has one input."""
        return all(len(monomial) == 1 for _, monomial in self.terms)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Inputs that occur, sorted."""
        return tuple(sorted({key for _, monomial in self.terms for key in monomial}))

    @cached_property
    def slopes(self) -> tuple[tuple[int, str], ...]:
        """Coefficient and input of each term of a linear form."""
        return tuple((coefficient, monomial[0]) for coefficient, monomial in self.terms)

    def power(self, key: str) -> int:
        """The highest power of an input."""
        return max(monomial.count(key) for _, monomial in self.terms)

    def at(self, inputs: Mapping[str, int]) -> int:
        """The value for known inputs."""
        total = self.constant
        for coefficient, monomial in self.terms:
            product = coefficient
            for key in monomial:
                product *= inputs[key]
            total += product
        return total

    def given(self, known: Mapping[str, int], missing: Collection[str]) -> Form:
        """The form over ``missing`` alone, every other input taken from ``known``."""
        terms: dict[Monomial, int] = {}
        for coefficient, monomial in self.terms:
            product = coefficient
            for key in monomial:
                if key not in missing:
                    product *= known[key]
            left = tuple(key for key in monomial if key in missing)
            terms[left] = terms.get(left, 0) + product
        constant = self.constant + terms.pop((), 0)
        bounds = {key: bound for key, bound in self.bounds.items() if key in missing}
        return Form(tuple((coefficient, monomial) for monomial, coefficient in terms.items()), constant, bounds)

    def value(self, known: Mapping[str, int | None]) -> int | None:
        """The value where every input is known, else None."""
        total = self.constant
        if self.is_linear:
            for coefficient, key in self.slopes:
                found = known.get(key)
                if found is None:
                    return None
                total += coefficient * found
            return total
        for key in self.keys:
            if known.get(key) is None:
                return None
        return self.at(known)  # type: ignore[arg-type]


def form_of(polynomial: Polynomial, bounds: Mapping[str, Bound], *, strict: bool = False) -> Form:
    """``polynomial >= 0`` (``> 0`` if strict) with the smallest integer coefficients.

    All inputs are integers, so that a strict comparison is the same as ``>= 1`` after clearing denominators.
    """
    scale = lcm(*(coefficient.denominator for coefficient in polynomial.terms.values())) if polynomial.terms else 1
    integers = {monomial: int(coefficient * scale) for monomial, coefficient in polynomial.terms.items()}
    constant = integers.pop((), 0)
    divisor = gcd(*integers.values()) if integers else 1
    if strict:
        constant -= 1
    # floor division keeps ">= 0" true exactly for the same integers
    terms = tuple(sorted((coefficient // divisor, monomial) for monomial, coefficient in integers.items()))
    return Form(terms, constant // divisor, {key: bounds.get(key, (None, None)) for key in polynomial.keys})


def _extreme(form: Form, known: Mapping[str, int | None], *, lowest: bool) -> int | None:
    """The least (or greatest) value of a linear form over the domains of what is missing; None is unbounded."""
    total = form.constant
    for coefficient, (key,) in form.terms:
        value = known.get(key)
        if value is None:
            low, high = form.bounds[key]
            value = low if (coefficient > 0) == lowest else high
            if value is None:
                return None
        total += coefficient * value
    return total


def _square_extremes(form: Form, known: Mapping[str, int | None], key: str) -> tuple[int | None, int | None]:
    """Least and greatest value of ``a·x² + b·x + c`` over the integers of x's domain; None is unbounded."""
    a = b = 0
    c = form.constant
    for coefficient, monomial in form.terms:
        power, product = 0, coefficient
        for factor in monomial:
            if factor == key:
                power += 1
            else:
                product *= known[factor]  # type: ignore[operator]
        if power == 2:
            a += product
        elif power == 1:
            b += product
        else:
            c += product
    low, high = form.bounds[key]
    points = [bound for bound in (low, high) if bound is not None]
    if a:
        vertex = -b // (2 * a)
        points += [point for point in (vertex, vertex + 1) if (low is None or point >= low) and (high is None or point <= high)]
    values = [a * x * x + b * x + c for x in points] or [c]
    growth = a or b
    up = (high is None and growth > 0) or (low is None and (a > 0 or (not a and b < 0)))
    down = (high is None and growth < 0) or (low is None and (a < 0 or (not a and b > 0)))
    return (None if down else min(values)), (None if up else max(values))


def extremes(form: Form, known: Mapping[str, int | None]) -> tuple[int | None, int | None]:
    """Least and greatest value of a form over all completions of the missing inputs; None is unbounded.

    Exact for linear forms, and for products where one input is missing, at most squared; with several missing inputs
    in products the answer is "unbounded both ways", which holds for growth rates (the only products in use).
    """
    if form.is_linear:
        return _extreme(form, known, lowest=True), _extreme(form, known, lowest=False)
    missing = [key for key in form.keys if known.get(key) is None]
    if not missing:
        value = form.at(known)  # type: ignore[arg-type]
        return value, value
    if len(missing) > 1 or form.power(missing[0]) > 2:
        return None, None
    return _square_extremes(form, known, missing[0])


def truth(form: Form, divisors: Iterable[Form], known: Mapping[str, int | None]) -> bool | None:
    """Whether ``form >= 0``: True or False where every completion agrees, else None; None too under a divisor <= 0."""
    for divisor in divisors:
        below = divisor.value(known)
        if below is not None and below < 0:
            return None
    found = form.value(known)
    if found is not None:
        return found >= 0
    low, high = extremes(form, known)
    if low is not None and low >= 0:
        return True
    if high is not None and high < 0:
        return False
    return None
