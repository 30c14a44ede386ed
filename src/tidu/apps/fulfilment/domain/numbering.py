"""Numbers that people quote: receipts, payment batches, vouchers. One after the other, none twice."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F

from tidu.apps.fulfilment.models import Series


def next_numbers(prefix: str, day: date, count: int) -> list[str]:
    """The next numbers of a series of a year, as ``SL2024-000001``; must run inside the transaction that uses them."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is drawn inside the transaction that uses it")
    Series.objects.get_or_create(prefix=prefix, year=day.year)
    Series.objects.filter(prefix=prefix, year=day.year).update(last=F("last") + count)  # holds the row until the end
    last = Series.objects.get(prefix=prefix, year=day.year).last
    return [f"{prefix}{day.year}-{number:06d}" for number in range(last - count + 1, last + 1)]


def next_number(prefix: str, day: date) -> str:
    """The next number of a series of a year."""
    return next_numbers(prefix, day, 1)[0]
