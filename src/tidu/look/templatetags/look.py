"""Filters for figures, and the drawn bits that a template cannot compute. Loaded in every template."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from tidu.look import figures
from tidu.look.bars import Bar, bar
from tidu.look.states import STATES, Shown

register = template.Library()

register.filter("wan", figures.wan)
register.filter("yuan", figures.yuan_text)
register.filter("day", figures.day_text)


@register.filter
def thousands(value: int | str | None) -> str:
    """A number in groups of three; nothing for nothing."""
    return "" if value is None else figures.grouped(str(value))


@register.filter
def iso(day: date | None) -> str:
    """A day as tables write it."""
    return day.isoformat() if day else "—"


@register.simple_tag
def days_left(deadline: date, today: date) -> str:
    """How long a deadline is away."""
    return figures.days_left(deadline, today)


@register.simple_tag
def shown_state(word: Any) -> Shown:
    """Text, tone and icon of a state; an unknown word is refused rather than shown as something else."""
    return STATES[str(word)]


@register.simple_tag
def score_bar(low: int, high: int, most: int, mark: int | None = None) -> Bar:
    """The lengths of a score bar in per cent of its width."""
    return bar(low, high, most, mark)
