"""How large the integers behind a comparison or an amount can become, so that a compiled engine picks a type that holds them."""

from __future__ import annotations

from math import lcm, prod

from tidu.kernel.algebra import Form, Monomial, Polynomial
from tidu.kernel.errors import TiduError
from tidu.kernel.quantities import LARGEST_STORED
from tidu.kernel.rules import Amount, Choose, Largest, Measure, Named, Number, Quantity, Rule, Share, Smallest, Sum, Times

LARGEST_WORD = 2**63 - 1
LARGEST_WIDE = 2**127 - 1
LARGEST_DECIMAL = 10**38 - 1


def form_reach(form: Form, largest: int = LARGEST_STORED) -> int:
    """The largest absolute value on the way to a form's value, and to its extremes where one input of a product is missing."""
    coefficients = sum(abs(coefficient) for coefficient, _ in form.terms)
    degree = max((len(monomial) for _, monomial in form.terms), default=0)
    reach = sum(abs(coefficient) * largest ** len(monomial) for coefficient, monomial in form.terms) + abs(form.constant)
    if any(len(set(monomial)) < len(monomial) for _, monomial in form.terms):
        # the vertex of a·x² + b·x + c lies half as far out as b, and is squared
        reach = max(reach, (coefficients * (largest ** (degree - 1) + 4) + 4) ** 2)
    return int(reach)


def checked_reach(form: Form, largest: int, limit: int) -> int:
    """The reach of a form; raises ``too-wide`` where no exact type of the engine holds it."""
    reach = form_reach(form, largest)
    if reach > limit:
        raise TiduError(
            "too-wide",
            f"“{'、'.join(form.keys)}”相乘后超出精确整数的范围（{reach}），这一条件不能批量计算。请减少相乘的项，或改用逐户评估。",
            keys=form.keys,
        )
    return int(reach)


def scaled(polynomial: Polynomial) -> tuple[list[tuple[int, Monomial]], int]:
    """A polynomial as integer terms over one divisor; the constant is the term without inputs."""
    bottom = lcm(*(value.denominator for value in polynomial.terms.values())) if polynomial.terms else 1
    return [(int(value * bottom), monomial) for monomial, value in polynomial.terms.items()], bottom


def polynomial_reach(polynomial: Polynomial, largest: int) -> int:
    """The largest absolute value of the integer terms of a polynomial."""
    return sum(abs(coefficient) * largest ** len(monomial) for coefficient, monomial in scaled(polynomial)[0])


def quantity_reach(quantity: Quantity, largest: int) -> tuple[int, int]:
    """Largest numerator and divisor of a quantity, both with integer terms."""
    top, bottom = scaled(quantity.numerator)[1], scaled(quantity.divisor)[1]
    return polynomial_reach(quantity.numerator, largest) * bottom, polynomial_reach(quantity.divisor, largest) * top


def amount_reach(node: Amount | Rule, largest: int = LARGEST_STORED) -> tuple[int, int]:
    """Largest numerator and divisor on the way to an exact amount, before it is rounded."""
    match node:
        case Number(value):
            return abs(value.numerator), value.denominator
        case Measure(quantity):
            return quantity_reach(quantity, largest)
        case Times(part, rate):
            top, bottom = amount_reach(part, largest)
            return top * max(abs(rate.numerator), 1), bottom * rate.denominator
        case Share(part, quantity):
            (top, bottom), (share, whole) = amount_reach(part, largest), quantity_reach(quantity, largest)
            return top * max(share, 1), bottom * whole
        case Named(_, inner):
            return amount_reach(inner, largest)
        case Choose(cases, otherwise):
            return _aligned_reach([amount_reach(part, largest) for _, part in cases] + [amount_reach(otherwise, largest)])
        case Sum(parts) | Largest(parts) | Smallest(parts):
            return _aligned_reach([amount_reach(part, largest) for part in parts])
    raise TypeError(f"{type(node).__name__} has no amount")


def _aligned_reach(pairs: list[tuple[int, int]]) -> tuple[int, int]:
    """An upper bound for parts brought to one divisor and added."""
    bottom = prod(value for _, value in pairs)
    return sum(top * (bottom // own) for top, own in pairs), bottom


def rounding_reach(node: Amount | Rule, largest: int = LARGEST_STORED) -> int:
    """The largest integer on the way to a rounded amount."""
    top, bottom = amount_reach(node, largest)
    return 2 * top + 2 * bottom
