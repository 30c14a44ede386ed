"""Score bars as lengths of an SVG.

>>> bar(30, 45, 60, 40)
Bar(sure='50', may='25', mark='66.67')
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tidu.kernel.quantities import decimal_text


@dataclass(frozen=True)
class Bar:
    """Lengths in per cent of the whole bar: what is certain, what may come on top, where the mark stands."""

    sure: str
    may: str
    mark: str | None


def bar(low: int, high: int, most: int, mark: int | None = None) -> Bar:
    """The bar of ``low`` to ``high`` points out of ``most``; a bar of nothing is empty, and no mark stands at 0."""
    whole = max(most, high, 1)

    def share(points: int) -> str:
        return decimal_text(Fraction(100 * max(points, 0), whole), 2)

    return Bar(share(low), share(high - max(low, 0)), share(min(mark, whole)) if mark else None)
