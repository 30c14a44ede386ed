"""Days, moments and amounts as papers write them."""

from __future__ import annotations

from datetime import date, datetime

from tidu.apps.fulfilment.domain.capitals import in_capitals
from tidu.kernel.legal_days import CHINA


def day_text(day: date | None) -> str:
    """A day in a paper.

    >>> day_text(date(2026, 11, 3))
    '2026年11月3日'
    """
    return f"{day.year}年{day.month}月{day.day}日" if day is not None else ""


def moment_text(at: datetime | None) -> str:
    """A moment in a paper, in China's time."""
    if at is None:
        return ""
    local = at.astimezone(CHINA)
    return f"{day_text(local.date())} {local:%H:%M}"


def yuan(fen: int | None) -> str:
    """An amount in 元 with two decimals.

    >>> yuan(50_000_000), yuan(7), yuan(None)
    ('500,000.00', '0.07', '')
    """
    if fen is None:
        return ""
    sign, digits = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{digits // 100:,}.{digits % 100:02d}"


def yuan_text(fen: int | None) -> str:
    """The same with its unit."""
    return f"{yuan(fen)} 元" if fen is not None else ""


def both_ways(fen: int) -> str:
    """An amount in figures and in capitals, as vouchers and decisions write it.

    >>> both_ways(50_000_000)
    '500,000.00 元（人民币伍拾万元整）'
    """
    return f"{yuan_text(fen)}（{in_capitals(fen)}）"
