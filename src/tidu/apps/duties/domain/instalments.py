"""Reading what clerks type of money that comes back: exact yuan, and a plan one line a part."""

from __future__ import annotations

import re
from datetime import date

from tidu.kernel.errors import TiduError

_YUAN = re.compile(r"(\d{1,12})(?:\.(\d{1,2}))?")


def read_yuan(text: str) -> int:
    """Yuan as typed, in fen; exact or refused with ``amount-not-valid``.

    >>> read_yuan("250,000.5")
    25000050
    """
    found = _YUAN.fullmatch(text.strip().replace(",", "").replace("，", "").removesuffix("元").strip())
    if found is None:
        raise TiduError("amount-not-valid", f"“{text.strip()[:30]}”不是金额。请按元填写，最多两位小数，例如 250000.00。")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def read_plan(text: str) -> list[tuple[date, int]]:
    """Lines of day and yuan; raises ``plan-not-valid`` naming the line.

    >>> read_plan("2026-12-31 100.00")
    [(datetime.date(2026, 12, 31), 10000)]
    """
    found = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        day, _, amount = line.strip().replace("\t", " ").partition(" ")
        try:
            found.append((date.fromisoformat(day), read_yuan(amount)))
        except ValueError as error:
            raise TiduError("plan-not-valid", f"第 {number} 行“{line.strip()[:40]}”应为：日期 金额，例如 2026-12-31 250000.00。") from error
    return found
