"""The one table of how a unit's share of a task and its reports move: from where, to where, by whom, who is told what.

``docs/plan-tasks.md`` is rendered from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tidu.apps.accounts.enums import Role
from tidu.apps.plans.enums import COORDINATORS, REPORTERS, AssignmentState, ReportState

HEAD = (Role.BUREAU_HEAD,)


class Of(StrEnum):
    """What a step moves."""

    SHARE = "任务分工"
    REPORT = "报送"


class Told(StrEnum):
    """Who reads the message of a step."""

    NOBODY = ""
    UNIT = "责任单位"
    COORDINATOR = "牵头局"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. ``own`` asks that the person belongs to the unit; ``reason`` asks for typed words."""

    name: str
    label: str
    of: Of
    sources: tuple[AssignmentState | ReportState, ...]
    target: AssignmentState | ReportState
    roles: tuple[Role, ...]
    told: Told = Told.NOBODY
    message: str = ""
    reason: bool = False
    own: bool = False


A, R = AssignmentState, ReportState
TABLE: tuple[Transition, ...] = (
    Transition("issue", "下达任务", Of.SHARE, (A.DRAFT,), A.ISSUED, COORDINATORS, Told.UNIT, "任务“{task}”已下达给{unit}（{part}），请在 {due} 前签收。"),
    Transition("sign", "签收", Of.SHARE, (A.ISSUED,), A.SIGNED, REPORTERS, own=True),
    Transition("report", "报送进展", Of.REPORT, (R.OPEN, R.RETURNED), R.SUBMITTED, REPORTERS, Told.COORDINATOR, "{unit}报送了“{task}”{period}的进展，请审核。", own=True),
    Transition("return", "退回报送", Of.REPORT, (R.SUBMITTED,), R.RETURNED, COORDINATORS, Told.UNIT, "“{task}”{period}的报送被退回：{text}。请修改后重报。", reason=True),
    Transition("accept", "认可报送", Of.REPORT, (R.SUBMITTED,), R.ACCEPTED, COORDINATORS),
    Transition("ask-closing", "申请销号", Of.SHARE, (A.SIGNED,), A.CLOSING, REPORTERS, Told.COORDINATOR, "{unit}申请“{task}”销号：{text}。", reason=True, own=True),
    Transition("keep-open", "不予销号", Of.SHARE, (A.CLOSING,), A.SIGNED, COORDINATORS, Told.UNIT, "“{task}”不予销号：{text}。请继续办理并按期报送。", reason=True),
    Transition("close", "销号", Of.SHARE, (A.CLOSING,), A.CLOSED, COORDINATORS, Told.UNIT, "“{task}”已销号，不再报送。"),
    Transition("withdraw", "撤销任务", Of.SHARE, (A.DRAFT, A.ISSUED, A.SIGNED, A.CLOSING), A.WITHDRAWN, HEAD, Told.UNIT, "“{task}”已撤销：{text}。不再报送。", reason=True),
)  # fmt: skip
BY_NAME = {row.name: row for row in TABLE}

HASTEN, ESCALATE = "hasten", "escalate"
LINES = {HASTEN: "催办", ESCALATE: "逐级告知"}
"""Lines of the timeline that move nothing."""


def step_label(act: str) -> str:
    """A line of the timeline in words."""
    return BY_NAME[act].label if act in BY_NAME else LINES[act]
