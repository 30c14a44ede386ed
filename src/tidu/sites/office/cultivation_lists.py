"""What the lists of the ladder and the pools share: readers, filters of the address, export, rows to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.cultivation.domain.forecasting import period_of
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.kernel.errors import TiduError
from tidu.kernel.quantities import decimal_text
from tidu.look.figures import FEN_PER_WAN, grouped
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported

READERS = (
    Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR,
)  # fmt: skip
HANDLERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)
UNKNOWN = "未知"
LONGEST = 60
MOST_TICKED = 500


@dataclass(frozen=True)
class Sheet:
    """One list: its rows, its columns, its title; ``tick`` gives the value of a row's box where rows can be ticked."""

    rows: Any
    columns: Sequence[Column]
    title: str
    empty: str = "没有符合条件的企业。"
    tick: Column | None = None


def answer_list(
    request: HttpRequest, actor: Actor, sheet: Sheet, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page of a list, or the workbook of exactly what its filter leaves; the export is in the audit."""
    if request.GET.get("format") == "xlsx":
        at = timezone.localtime()
        rows = list(sheet.rows[:MOST_ROWS])
        filters = {name: value for name, value in request.GET.dict().items() if name != "format"}
        record_export(actor=actor, at=at, what=sheet.title, filters=filters, rows=len(rows))
        return exported(rows, sheet.columns, title=sheet.title, who=actor.name, at=at)
    columns = sheet.columns if sheet.tick is None else (sheet.tick, *sheet.columns)
    listing = page_of(sheet.rows, columns, request.GET.dict(), label=sheet.title, empty=sheet.empty)
    return render(request, template, {**context, "listing": listing}, status=status)


def told(request: HttpRequest, name: str) -> str:
    """A parameter of the address, blanks cut off."""
    return request.GET.get(name, "").strip()[:LONGEST]


def day_told(request: HttpRequest, name: str, otherwise: date | None = None) -> date:
    """A day of the address; today where it is none."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return otherwise or timezone.localdate()


def number_told(request: HttpRequest, name: str, most: int) -> int | None:
    """A small number of the address; None where it is none."""
    text = request.GET.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 6 else None


def ticked(request: HttpRequest, name: str = "row") -> list[tuple[str, int]]:
    """The rows ticked in a form as (key, version looked at); raises ``nothing-ticked`` or ``too-many``."""
    found = []
    for text in dict.fromkeys(request.POST.getlist(name)):
        key, _, version = text.rpartition(":")
        if key and version.isascii() and version.isdigit() and len(version) < 9:
            found.append((key[:40], int(version)))
    if not found:
        raise TiduError("nothing-ticked", "没有选中任何一行。请先勾选，再点按钮。")
    if len(found) > MOST_TICKED:
        raise TiduError("too-many", f"一次最多办理 {MOST_TICKED} 行，选中了 {len(found)} 行。请分几次办理。")
    return found


def firm_column(page: str = "firm-ladder") -> Column:
    """The name of a row's firm, leading to its page."""
    return Column("企业名称", lambda row: row.enterprise.name, lambda row: reverse(page, args=[row.enterprise.code]))


def street_of(enterprise: Any) -> str:
    """The subdistrict of a firm."""
    return enterprise.subdistrict.name if enterprise.subdistrict else "未登记"


CODE = Column("统一社会信用代码", lambda row: row.enterprise.code, whole=True)
STREET = Column("所属街道", lambda row: street_of(row.enterprise))


def wan_text(fen: int | None) -> str:
    """Fen as 万元 with at most two decimals for lists; unknown stays unknown."""
    return UNKNOWN if fen is None else grouped(decimal_text(Fraction(fen, FEN_PER_WAN), 2))


def percent_text(millionths: int | None, *, signed: bool = False) -> str:
    """Millionths as per cent with one decimal."""
    if millionths is None:
        return UNKNOWN
    text = decimal_text(Fraction(millionths, 10_000), 1)
    return f"{'+' if signed and millionths > 0 else ''}{text}%"


def period_text(period: int | None) -> str:
    """202403 as people write it.

    >>> period_text(202403)
    '2024年3月'
    """
    return "" if period is None else f"{period // 100}年{period % 100}月"


def month_text(index: int) -> str:
    """A month number as people write it."""
    return period_text(period_of(index))
