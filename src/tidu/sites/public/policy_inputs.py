"""What an address of the policy pages may say, each value checked and refused with a sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest

from tidu.kernel.errors import TiduError

LONGEST = 100
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_PAGES = 100_000
_QUOTED = 30


def quoted(value: str) -> str:
    """What a visitor wrote, short enough and plain enough to be said back."""
    plain = "".join("�" if unicodedata.category(sign).startswith("C") else sign for sign in value)
    return plain if len(plain) <= _QUOTED else f"{plain[:_QUOTED]}…"


def words(request: HttpRequest, key: str, name: str) -> str:
    """A text of at most ``LONGEST`` characters; signs that cannot be printed count as spaces."""
    value = request.GET.get(key, "")
    if len(value) > LONGEST:
        raise TiduError(
            "text-too-long", f"“{name}”最多 {LONGEST} 个字，收到 {len(value):,} 个。请缩短后再试。", field=key, length=len(value)
        )
    return " ".join("".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in value).split())


def one_of(request: HttpRequest, key: str, name: str, known: Iterable[str]) -> str:
    """One of the known words, or nothing."""
    value = request.GET.get(key, "").strip()
    listed = tuple(known)
    if value and value not in listed:
        raise TiduError("unknown-choice", f"“{name}”没有“{quoted(value)}”这个选项。可选：{'、'.join(listed)}。请从中选一个。", field=key)
    return value


def day(request: HttpRequest, key: str, name: str, default: date) -> date:
    """A day as 2024-06-01; ``default`` where none is given."""
    value = request.GET.get(key, "").strip()
    if not value:
        return default
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise TiduError("bad-date", f"“{name}”写成了“{quoted(value)}”，不是日期。请写成 2024-06-01 这样的年-月-日。", field=key) from error
    if not FIRST_DAY <= found <= LAST_DAY:
        raise TiduError("bad-date", f"“{name}”应在 {FIRST_DAY} 至 {LAST_DAY} 之间，收到 {found}。请改正。", field=key)
    return found


def number(request: HttpRequest, key: str, name: str) -> int:
    """A page number from 1 on; 1 where none is given."""
    value = request.GET.get(key, "").strip() or "1"
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:7]) <= MOST_PAGES and len(value) <= len(str(MOST_PAGES))):
        raise TiduError("bad-page", f"“{name}”应是 1 至 {MOST_PAGES:,} 的整数，收到“{quoted(value)}”。请改正。", field=key)
    return int(value)
