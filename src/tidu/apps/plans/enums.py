"""Words of plans at work."""

from __future__ import annotations

from django.db.models import TextChoices

from tidu.apps.accounts.enums import Role


class ExtractionKind(TextChoices):
    """What was found in a document."""

    CLAUSE = "clause", "条款"
    UNITS = "units", "责任单位"
    TARGET = "target", "目标"
    AWARD = "award", "奖补"


class CorrectionAct(TextChoices):
    """What a person said of something that was read."""

    ADDED = "added", "补录"
    CORRECTED = "corrected", "更正"
    CONFIRMED = "confirmed", "确认"
    REFUSED = "refused", "不采用"


class PeriodKind(TextChoices):
    """How often a task is reported on."""

    MONTHLY = "monthly", "按月"
    QUARTERLY = "quarterly", "按季"
    YEARLY = "yearly", "按年"
    ONCE = "once", "一次性"


class Part(TextChoices):
    """What a unit is to a task."""

    LEAD = "lead", "牵头"
    COOPERATE = "cooperate", "配合"


class AssignmentState(TextChoices):
    """How far a unit's share of a task has come."""

    DRAFT = "draft", "拟定"
    ISSUED = "issued", "待签收"
    SIGNED = "signed", "办理中"
    CLOSING = "closing", "申请销号"
    CLOSED = "closed", "已销号"
    WITHDRAWN = "withdrawn", "已撤销"


class ReportState(TextChoices):
    """How far the report on one period has come."""

    OPEN = "open", "未报送"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已认可"


class Colour(TextChoices):
    """The colour of a cell; worked out, never stored."""

    RED = "red", "红"
    YELLOW = "yellow", "黄"
    GREEN = "green", "绿"
    NONE = "none", "不亮灯"


COORDINATORS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
"""Who puts a plan to work, accepts and returns reports, hastens and closes."""
REPORTERS = (Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK, Role.BUREAU_CLERK)
"""Who signs and reports, each for the own unit."""
SEES_ALL_PLANS = (*COORDINATORS, Role.DISTRICT_LEADER, Role.AUDITOR)
READS_PLANS = (*SEES_ALL_PLANS, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)
"""Who reads the document of a plan."""
