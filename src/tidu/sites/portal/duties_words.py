"""States of obligations, checks and recoveries as the firm reads them."""

from __future__ import annotations

from datetime import date

from tidu.apps.duties.domain.standing import Stands
from tidu.apps.duties.enums import CheckState, ReportState, Stand
from tidu.apps.fulfilment.enums import RecoveryState

STANDS = {
    Stand.RUNNING: "met", Stand.ENDING: "near", Stand.RISK: "lacking", Stand.BREACHED: "unmet", Stand.UNKNOWN: "unknown",
    Stand.ENDED: "done", Stand.RECOVERED: "out",
}  # fmt: skip
CHECKS = {
    CheckState.ASKED.value: "checking", CheckState.WAITING.value: "todo", CheckState.HANDED.value: "checking", CheckState.FOUND.value: "near",
    CheckState.STATED.value: "checking", CheckState.PROPOSED.value: "checking", CheckState.MENDING.value: "lacking", CheckState.DONE.value: "done",
}  # fmt: skip
PUBLIC = {
    CheckState.ASKED.value: "核查中", CheckState.WAITING.value: "待您提交", CheckState.HANDED.value: "核查中", CheckState.FOUND.value: "您可以申辩",
    CheckState.STATED.value: "核查中", CheckState.PROPOSED.value: "核查中", CheckState.MENDING.value: "待您整改", CheckState.DONE.value: "已办结",
}  # fmt: skip
RECOVERIES = {
    RecoveryState.OPENED.value: "todo", RecoveryState.NOTIFIED.value: "near", RecoveryState.HEARD.value: "checking",
    RecoveryState.DEMANDED.value: "lacking", RecoveryState.RECEIVED.value: "met", RecoveryState.DROPPED.value: "out",
}  # fmt: skip
REPORTS = {ReportState.FILED.value: "checking", ReportState.ANSWERED.value: "done", ReportState.WITHDRAWN.value: "out"}


def left_of(stands: Stands, day: date) -> str:
    """How long an obligation still runs."""
    if not stands.live or stands.until is None:
        return "" if not stands.live else "期限不明"
    left = (stands.until - day).days
    if left < 0:
        return "已满"
    years, days = divmod(left, 365)
    return f"还剩 {years} 年 {days} 天" if years else f"还剩 {days} 天"
