"""The score sheet of an item and what a panel's scores come to; whole points in, an exact fraction out, no float anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tidu.kernel.errors import TiduError

TRIMMED_FROM = 5
"""From so many scores on, the highest and the lowest are left out of the mean (去掉一个最高分、一个最低分)."""
LONGEST_NAME, MOST_POINTS = 40, 1000
_KEYS = {"least", "pass", "criteria"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the sheet: its name and the most points it gives."""

    name: str
    most: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """What experts are asked: criteria, how many experts at least, the mark to be reached (None where there is none)."""

    criteria: tuple[Criterion, ...]
    least: int
    passing: int | None = None

    @property
    def most(self) -> int:
        """The most points of the whole sheet."""
        return sum(one.most for one in self.criteria)

    def stored(self) -> dict[str, Any]:
        """The sheet as a panel keeps it; ``Sheet.of`` reads it back."""
        return {"criteria": [[one.name, one.most] for one in self.criteria], "least": self.least, "passing": self.passing}

    @staticmethod
    def of(kept: dict[str, Any]) -> Sheet:
        """The sheet that a panel keeps."""
        return Sheet(tuple(Criterion(name, most) for name, most in kept["criteria"]), kept["least"], kept["passing"])


def read_sheet(award: str, raw: Any) -> Sheet | None:
    """``experts`` of an item as written in ``items.yaml``: ``false``, or ``{least: 3, pass: 60, criteria: {创新性: 40, 市场: 60}}``.

    Raises ``item-rules-experts`` saying what is wrong.
    """
    if raw is False:
        return None
    if not isinstance(raw, dict) or not {"least", "criteria"} <= set(raw) <= _KEYS:
        raise _wrong(award, "要写 false，或者写 least（最少专家数）、criteria（各项和满分），可以再写 pass（合格分）")
    listed = raw["criteria"]
    if not isinstance(listed, dict) or not listed:
        raise _wrong(award, "criteria 至少要有一项，写成“名称: 满分”")
    for name, most in listed.items():
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
            raise _wrong(award, f"评分项“{name}”的名称要在 1 至 {LONGEST_NAME} 字之间")
        if not _within(most, MOST_POINTS):
            raise _wrong(award, f"评分项“{name}”的满分“{most}”不是 1 至 {MOST_POINTS} 的整数")
    sheet = Sheet(tuple(Criterion(name, most) for name, most in listed.items()), raw["least"], raw.get("pass"))
    if not _within(sheet.least, 99):
        raise _wrong(award, f"least“{sheet.least}”不是 1 至 99 的整数")
    if sheet.passing is not None and not _within(sheet.passing, sheet.most):
        raise _wrong(award, f"pass“{sheet.passing}”不是 1 至 {sheet.most}（各项满分之和）的整数")
    return sheet


def _within(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _wrong(award: str, what: str) -> TiduError:
    return TiduError("item-rules-experts", f"事项 {award} 的专家评分表（experts）有误：{what}。请检查 items.yaml。")


def panel_mean(totals: Sequence[int]) -> Fraction:
    """The mean of the experts' totals, without one highest and one lowest where five or more scored."""
    ordered = sorted(totals)
    kept = ordered[1:-1] if len(ordered) >= TRIMMED_FROM else ordered
    return Fraction(sum(kept), len(kept))


def hundredths(value: Fraction) -> str:
    """A mark (not below zero) with two decimals, rounded half up."""
    cents = (value.numerator * 200 + value.denominator) // (2 * value.denominator)
    return f"{cents // 100}.{cents % 100:02}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a panel's scores come to under its sheet; ``mean`` is None (unknown) until enough experts have scored."""

    sheet: Sheet
    totals: tuple[int, ...]

    @property
    def mean(self) -> Fraction | None:
        """Exact; None while fewer have scored than the sheet asks for."""
        return panel_mean(self.totals) if len(self.totals) >= self.sheet.least else None

    @property
    def shown(self) -> str:
        """The mean as people read it."""
        return "未知" if self.mean is None else f"{hundredths(self.mean)} 分"

    @property
    def reached(self) -> bool:
        """Whether the passing mark is reached, exactly and not as rounded; true where there is none."""
        return self.mean is not None and (self.sheet.passing is None or self.mean >= self.sheet.passing)

    @property
    def how(self) -> str:
        """How the mean came about, in one sentence."""
        count = len(self.totals)
        if self.mean is None:
            return f"已有 {count} 位专家评分，至少要 {self.sheet.least} 位，够了才计算。"
        without = "，去掉一个最高分和一个最低分" if count >= TRIMMED_FROM else ""
        exact = f"，准确值 {self.mean}" if self.mean.denominator > 1 else ""
        return f"{count} 位专家评分{without}后取平均{exact}，四舍五入到两位小数；满分 {self.sheet.most} 分。"


def seat_label(number: int) -> str:
    """An expert without a name: 专家一, 专家十二."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return f"专家{(digits[tens] if tens > 1 else '') + ('十' if tens else '') + (digits[ones] if ones or not tens else '')}"
