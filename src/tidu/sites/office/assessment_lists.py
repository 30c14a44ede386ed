"""Columns of the lists of 评估认定, and how a list becomes a page or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import OFFICIALS, Role
from tidu.apps.assessments.comparing import score_words
from tidu.apps.assessments.enums import Reporting, Verdict
from tidu.apps.assessments.run_queries import LONE, STEPS
from tidu.apps.enterprises.domain.exporting import record_export
from tidu.look.listing import Column, page_of
from tidu.sites.office.exports import MOST_ROWS, exported

READERS = tuple(sorted(OFFICIALS - {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}))
FIRM = (
    Column("企业名称", lambda row: row.enterprise.name, lambda row: reverse("firm-standings", args=[row.enterprise.code])),
    Column("统一社会信用代码", lambda row: row.enterprise.code, whole=True),
    Column("所属街道", lambda row: street_of(row.enterprise)),
)
VERDICT = Column("结论", lambda row: str(Verdict(row.outcome.verdict).label), state=lambda row: row.outcome.verdict)
SCORE = Column("得分", lambda row: score_words(row.outcome) or "—", number=True)
CLASS = Column("类别", lambda row: row.outcome.value or "—")
FAILING = Column("不符合的条件", lambda row: "；".join(text for _, text in row.outcome.failing) or "—")
MISSING = Column("缺少的数据", lambda row: "、".join(row.outcome.missing) or "—")
MANUAL = Column("须由人判断", lambda row: "；".join(row.outcome.manual) or "—")
HELD = Column("有效认定", lambda row: row.outcome.held or "无")
COLUMNS: Mapping[str, Sequence[Column]] = {
    Verdict.MET.value: (*FIRM, SCORE, CLASS, HELD),
    Verdict.UNMET.value: (*FIRM, SCORE, FAILING),
    Verdict.UNKNOWN.value: (*FIRM, SCORE, MISSING, MANUAL),
    Verdict.MANUAL.value: (*FIRM, SCORE, MANUAL, HELD),
    Verdict.OUT.value: (*FIRM, Column("原因", lambda row: row.outcome.value)),
    LONE: (*FIRM, SCORE, Column("只差", lambda row: row.outcome.lone_fact)),
    STEPS: (*FIRM, SCORE, FAILING, Column("差的一步", lambda row: row.step_text or "—")),
    Reporting.HELD.value: (*FIRM, VERDICT, HELD),
    Reporting.REPORTED.value: (*FIRM, VERDICT, SCORE, MANUAL),
    Reporting.TO_REPORT.value: (*FIRM, VERDICT, SCORE, MANUAL),
}


def street_of(firm: Any) -> str:
    """The subdistrict of a firm."""
    return firm.subdistrict.name if firm.subdistrict else "未登记"


def listed(
    request: HttpRequest, actor: Actor, rows: Any, columns: Sequence[Column], *, title: str, template: str,
    context: Callable[[], Mapping[str, Any]] = dict, empty: str = "没有符合条件的企业。",
    shown: Sequence[Column] | None = None,
) -> HttpResponse:  # fmt: skip
    """A list as a page, or as a file with the same rows and columns, which the audit keeps; ``shown`` are the columns of
    the page where it has one more."""
    query = request.GET.dict()
    if query.get("format") == "xlsx":
        at = timezone.localtime()
        every = list(rows[:MOST_ROWS])
        kept = {name: value[:100] for name, value in query.items() if name not in {"format", "page"}}
        record_export(actor=actor, at=at, what=title, filters=kept, rows=len(every))
        return exported(every, columns, title=title, who=actor.name, at=at)
    listing = page_of(rows, shown or columns, query, label=title, empty=empty)
    return render(request, template, {"listing": listing, "title": title, **context()})
