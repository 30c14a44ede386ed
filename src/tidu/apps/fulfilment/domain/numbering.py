"""Numbers that people quote: receipts, payment batches, vouchers. One after the other, none twice."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F

from tidu.apps.fulfilment.models import Series


def next_number(prefix: str, day: date) -> str:
    """The next number of a series of a year, as ``SL2024-000001``; must run inside the transaction that uses it."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is drawn inside the transaction that uses it")
    Series.objects.get_or_create(prefix=prefix, year=day.year)
    Series.objects.filter(prefix=prefix, year=day.year).update(last=F("last") + 1)  # holds the row until the end
    last = Series.objects.get(prefix=prefix, year=day.year).last
    return f"{prefix}{day.year}-{last:06d}"
