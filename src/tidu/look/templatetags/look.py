"""Filters for figures, and the drawn bits that a template cannot compute. Loaded in every template."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

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


@lru_cache(maxsize=256)
def _icon(name: str, more: str) -> SafeString:
    where = static("tidu/img/icons.svg")
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', f" {more}" if more else "", where, name
    )


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """A picture of the sheet; it says nothing that the text beside it does not say."""
    return _icon(name, more)


@lru_cache(maxsize=1024)
def _status(word: str, text: str) -> SafeString:
    shown = STATES[word]
    return format_html('<span class="status status--{}">{}{}</span>', shown.tone, _icon(shown.icon, ""), text or shown.text)


@register.simple_tag
def status(word: Any, text: str = "") -> SafeString:
    """A state in text, icon and colour; an unknown word is refused rather than shown as something else."""
    return _status(str(word), text)


@register.simple_tag
def amount(fen: int | None, size: str = "", none: str = "金额待定") -> SafeString:
    """An amount in 万元; ``size`` is large or nothing."""
    if fen is None:
        return format_html('<span class="amount amount--none">{}</span>', none)
    kind = f" amount--{size}" if size else ""
    return format_html('<span class="amount{}" data-fen="{}">{}<span class="amount__unit">万元</span></span>', kind, fen, figures.wan(fen))


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
