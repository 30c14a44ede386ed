"""States of what comes after payment, in the look's table of states; addresses and texts the pages share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from tidu.apps.accounts.enums import Role
from tidu.apps.duties.enums import Answer, CheckState, LeadState, ReportState, Stand
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.look.figures import days_left

READERS = (
    Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR,
)  # fmt: skip
INSIDE = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.SUBDISTRICT_CLERK, Role.DISTRICT_LEADER, Role.AUDITOR)
BUREAU = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)

STANDS = {
    Stand.RUNNING: "met", Stand.ENDING: "near", Stand.RISK: "lacking", Stand.BREACHED: "unmet", Stand.UNKNOWN: "unknown",
    Stand.ENDED: "done", Stand.RECOVERED: "out",
}  # fmt: skip
LEADS = {
    LeadState.OPEN: "todo", LeadState.VERIFIED: "lacking", LeadState.RECOVERING: "checking", LeadState.SANCTIONED: "unmet",
    LeadState.WATCHED: "done", LeadState.DISMISSED: "out",
}  # fmt: skip
CHECKS = {
    CheckState.ASKED: "todo", CheckState.WAITING: "todo", CheckState.HANDED: "checking", CheckState.FOUND: "near", CheckState.STATED: "open",
    CheckState.PROPOSED: "checking", CheckState.MENDING: "near", CheckState.DONE: "done",
}  # fmt: skip
ANSWERS = {Answer.MET: "met", Answer.UNMET: "unmet", Answer.MEND: "near", "": "unknown"}
RECOVERIES = {
    RecoveryState.OPENED: "todo", RecoveryState.NOTIFIED: "open", RecoveryState.HEARD: "checking", RecoveryState.DEMANDED: "lacking",
    RecoveryState.RECEIVED: "met", RecoveryState.DROPPED: "out",
}  # fmt: skip
REPORTS = {ReportState.FILED: "todo", ReportState.ANSWERED: "done", ReportState.WITHDRAWN: "out"}


def case_address(case: Any) -> str:
    """The page of a case."""
    return reverse("case", args=[case.pk])


def countdown(until: date | None, day: date) -> str:
    """How long an obligation still runs, in years and days: five years are not counted in working days."""
    if until is None:
        return "期限不明"
    left = (until - day).days
    if left < 0:
        return "已满"
    years, days = divmod(left, 365)
    return f"还剩 {years} 年 {days} 天" if years else f"还剩 {days} 天"


def due_text(due: date | None, day: date, *, over: bool = False) -> str:
    """A deadline with what is left of it; nothing is left to count once the matter is over."""
    if due is None:
        return "未定"
    if over:
        return due.isoformat()
    return f"{due.isoformat()}（{'已超期' if due < day else days_left(due, day)}）"
