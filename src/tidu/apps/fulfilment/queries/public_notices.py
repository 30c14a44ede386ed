"""What the public reads of notices and payments: firm, item, amount, day; texts without any number that could be private.

The office's preview is made by the same functions, so that it shows what the public will see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from tidu.apps.fulfilment.enums import COMMITTED, CaseState, NoticeState, PaymentState
from tidu.apps.fulfilment.models import Case, Notice, Payment
from tidu.apps.paper.private import without_private_numbers as hidden
from tidu.kernel.legal_days import legal_day

STOOD = tuple(state for state in COMMITTED if state not in {CaseState.DECIDED, CaseState.NOTICED, CaseState.OBJECTED})
"""States of the cases that a closed notice announces."""
PAGE = 100
"""Rows of a notice on one public page."""


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One row: never an account, a telephone or an identity number."""

    number: int
    firm: str
    code: str
    title: str
    item: str
    clause: str
    payer: str
    amount: str


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A notice as the public reads it; ``rows`` is one page of ``count``."""

    title: str
    paragraphs: tuple[str, ...]
    contact: str
    days: int
    published_on: date | None
    until: date | None
    over: bool
    rows: tuple[PublicRow, ...]
    count: int
    page: int
    pages: int

    @property
    def before(self) -> int:
        """The page before this one."""
        return self.page - 1

    @property
    def after(self) -> int:
        """The page after this one."""
        return self.page + 1


def running_notices() -> Any:
    """Notices that stand for objections, the one that ends first before the others."""
    return Notice.objects.filter(state=NoticeState.PUBLISHED).order_by("until", "pk")


def closed_notices() -> Any:
    """Notices whose period is over and that were announced."""
    return Notice.objects.filter(state=NoticeState.CLOSED).order_by("-closed_at", "-pk")


def public_notice(notice: Notice, day: date, page: int = 1) -> PublicNotice:
    """A notice while it runs, or as a draft will look (``published_on`` is None)."""
    return _public(notice, notice.rows, day, page, notice.body)


def public_announcement(notice: Notice, day: date, page: int = 1) -> tuple[PublicNotice, int]:
    """What stood of a closed notice, and how many rows did not."""
    stood = set(Case.objects.filter(notice=notice, state__in=STOOD).values_list("pk", flat=True))
    rows = [row for row in notice.rows if row["case"] in stood]
    return _public(notice, rows, day, page, ""), len(notice.rows) - len(rows)


def announcement_title(notice: Notice) -> str:
    """A notice's title as the title of its announcement."""
    title = hidden(notice.title)
    return title.replace("公示", "公告") if "公示" in title else f"{title}的公告"


def closed_on(notice: Notice) -> date | None:
    """The day of an announcement."""
    return legal_day(notice.closed_at) if notice.closed_at else notice.until


def _public(notice: Notice, rows: Sequence[Mapping[str, Any]], day: date, page: int, body: str) -> PublicNotice:
    pages = max(1, -(-len(rows) // PAGE))
    here = min(max(page, 1), pages)
    start = (here - 1) * PAGE
    listed = tuple(
        PublicRow(
            number, *(hidden(str(row[name])) for name in ("firm", "code", "title", "item", "clause", "payer")), str(row["amount"])
        )
        for number, row in enumerate(rows[start : start + PAGE], start=start + 1)
    )  # fmt: skip
    paragraphs = tuple(hidden(part) for part in body.split("\n") if part.strip())
    over = notice.until is not None and day > notice.until
    return PublicNotice(
        hidden(notice.title),
        paragraphs,
        notice.contact,
        notice.days,
        notice.published_on,
        notice.until,
        over,
        listed,
        len(rows),
        here,
        pages,
    )


def public_payments(*, year: int | None = None, award: str = "", words: str = "") -> Any:
    """Payments that arrived, newest first. Only columns that may be public are read."""
    found = Payment.objects.filter(state=PaymentState.PAID)
    if year is not None:
        found = found.filter(paid_on__year=year)
    if award:
        found = found.filter(case__clause=award)
    if words:
        found = found.filter(Q(case__enterprise__name__icontains=words) | Q(case__enterprise__code=words))
    return found.order_by("-paid_on", "-pk").values(
        "amount", "paid_on", "case__enterprise__name", "case__enterprise__code", "case__title", "case__item", "case__clause", "case__payer",
        "case__state",
    )  # fmt: skip


def paid_years() -> list[int]:
    """Years in which money arrived, the last first."""
    return [day.year for day in Payment.objects.filter(state=PaymentState.PAID).dates("paid_on", "year", order="DESC")]


def paid_clauses() -> list[tuple[str, str]]:
    """Clauses under which money arrived, with the title of the item."""
    rows = (
        Payment.objects.filter(state=PaymentState.PAID).order_by("case__clause", "case__title").values_list("case__clause", "case__title")
    )
    found: dict[str, list[str]] = {}
    for clause, title in rows.distinct():
        found.setdefault(clause, []).append(title)
    return [(clause, f"{clause} {'、'.join(titles)}") for clause, titles in found.items()]
