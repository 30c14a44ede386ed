"""Figures as people read them: amounts, dates, numbers. Display only; nothing here rounds what is decided or paid.

>>> wan(123_456_789)
'123.456789'
>>> yuan_text(100_000_000)
'1,000,000.00'
>>> day_text(date(2024, 6, 1))
'2024年6月1日'
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from tidu.kernel.quantities import decimal_text
from tidu.kernel.workdays import STATE_COUNCIL, Calendar

FEN_PER_WAN = 1_000_000


def _state_council() -> Calendar:
    return STATE_COUNCIL


class Shown:
    """Which calendar pages count by; a site that keeps its own puts it here once, when it starts."""

    calendar: Callable[[], Calendar] = staticmethod(_state_council)


def grouped(text: str) -> str:
    """Digits of a decimal text in groups of three."""
    sign = "-" if text.startswith("-") else ""
    whole, point, rest = text.removeprefix("-").partition(".")
    return f"{sign}{int(whole):,}{point}{rest}" if whole.isdigit() else text


def wan(fen: int) -> str:
    """Fen in 万元, exact, without trailing zeros."""
    return grouped(decimal_text(Fraction(fen, FEN_PER_WAN)))


def yuan_text(fen: int) -> str:
    """Fen in 元 with two decimals, as payments show them."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def day_text(day: date) -> str:
    """A day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_left(deadline: date, today: date) -> str:
    """How long a deadline is away, in working days where the calendar of both years is announced."""
    if deadline < today:
        return "已截止"
    if deadline == today:
        return "今天截止"
    known = Shown.calendar()
    if deadline.year in known.years and today.year in known.years:
        left = known.workdays_between(today, deadline)
        return f"还剩 {left:,} 个工作日" if left else "下一个工作日之前截止"
    return f"还剩 {(deadline - today).days:,} 天"
