"""What the pages from settlement to decision share: readers, what was typed, columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.enterprises.queries import subdistricts_of
from tidu.apps.fulfilment.models.scopes import SEES_ALL_MONEY
from tidu.kernel.errors import TiduError
from tidu.look.fields import DATE, SELECT, TEXT, Choice, Field
from tidu.look.figures import wan
from tidu.look.listing import Column

CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
MONEY_READERS = SEES_ALL_MONEY
"""Who may see what every firm is owed."""
FIRM_READERS = (*SEES_ALL_MONEY, Role.SUBDISTRICT_CLERK)
"""And subdistricts, each its own firms."""
BUDGET_READERS = (*SEES_ALL_MONEY, Role.DEPARTMENT_CLERK)
RULING_READERS = (*SEES_ALL_MONEY, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)
LONGEST = 100


def said(request: HttpRequest, name: str) -> str:
    """A parameter of the address without what no database takes."""
    return "".join(letter for letter in request.GET.get(name, "") if letter.isprintable()).strip()[:LONGEST]


def written(request: HttpRequest, name: str, most: int = 2000) -> str:
    """One entered text, bounded; line ends stay."""
    text = request.POST.get(name, "")
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()[:most]


def day_written(request: HttpRequest, name: str, label: str) -> date:
    """An entered day; raises ``bad-date``."""
    text = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TiduError("bad-date", f"{label}“{text[:20]}”不是日期。请写成 2024-06-01 的形式。") from None


def number_written(request: HttpRequest, name: str, label: str) -> int:
    """An entered whole number; raises ``bad-number``."""
    text = request.POST.get(name, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise TiduError("bad-number", f"{label}“{text[:20]}”不是整数。请只填数字。")
    return int(text)


def picked(name: str, label: str, value: str, choices: Sequence[tuple[str, str]]) -> Field:
    """A filter that is chosen from a list."""
    return Field(name, label, SELECT, values=(value,), choices=[Choice(*one) for one in choices], blank="全部")


def words_field(value: str) -> Field:
    """The filter by firm."""
    return Field("q", "企业名称或代码", TEXT, values=(value,))


def street_field(actor: Actor, value: str) -> Field:
    """The filter by subdistrict, of those the actor sees."""
    return picked("street", "所属街道", value, subdistricts_of(actor))


def day_field(name: str, label: str, hint: str, value: date | None) -> Field:
    """A day to enter."""
    return Field(name, label, DATE, hint, values=(value.isoformat() if value else "",))


def moment(at: Any) -> str:
    """A moment as tables write it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def wan_or_dash(fen: int | None) -> str:
    """Fen in 万元, exact; a dash for what does not exist."""
    return "—" if fen is None else wan(fen)


def street_of(enterprise: Any) -> str:
    """The subdistrict of a firm."""
    return enterprise.subdistrict.name if enterprise.subdistrict else "未登记"


FIRM = Column("企业名称", lambda row: row.enterprise.name, lambda row: reverse("firm", args=[row.enterprise.code]))
CODE = Column("信用代码", lambda row: row.enterprise.code, whole=True)
STREET = Column("所属街道", lambda row: street_of(row.enterprise))
