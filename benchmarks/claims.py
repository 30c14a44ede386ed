"""What the project promises of its speed, each promise held against a measured figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Claim:
    """A figure and the bound it must keep."""

    what: str
    figure: float
    sense: Literal["at most", "at least"]
    bound: float
    unit: str

    @property
    def met(self) -> bool:
        return self.figure <= self.bound if self.sense == "at most" else self.figure >= self.bound

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}

    def row(self) -> tuple[str, str, str, str]:
        sign = "≤" if self.sense == "at most" else "≥"
        return self.what, f"{sign} {number(self.bound)} {self.unit}", f"{number(self.figure)} {self.unit}", answer(self.met)


def answer(yes: bool | None) -> str:
    return {True: "yes", False: "**no**", None: "–"}[yes]


def number(value: float) -> str:
    """Three significant digits, thousands separated."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
