"""Words of what comes after payment."""

from __future__ import annotations

from django.db.models import TextChoices


class Stand(TextChoices):
    """How an obligation stands on a day; worked out, never stored."""

    RUNNING = "running", "履行中"
    ENDING = "ending", "将到期"
    RISK = "risk", "有风险"
    BREACHED = "breached", "违反"
    UNKNOWN = "unknown", "不明"
    ENDED = "ended", "期满"
    RECOVERED = "recovered", "已追回"


LIVE = (Stand.RUNNING, Stand.ENDING, Stand.RISK, Stand.BREACHED, Stand.UNKNOWN)
"""Obligations that are still to be watched."""


class Ground(TextChoices):
    """Why a firm should be looked at."""

    RELOCATION = "relocation", "迁移记录"
    REGISTRATION = "registration", "登记状态变化"
    TAX = "tax", "纳税关系不在本区"
    STATISTICS = "statistics", "统计关系不在本区"
    BARRING = "barring", "重大违法或弄虚作假"
    DISHONEST = "dishonest", "严重失信"
    REPORTED = "reported", "企业报备"
    CHECKED = "checked", "核查发现"
    TOLD = "told", "人工登记"


class LeadState(TextChoices):
    """How far a lead has come."""

    OPEN = "open", "待核实"
    VERIFIED = "verified", "属实，待处理"
    RECOVERING = "recovering", "已立案追缴"
    SANCTIONED = "sanctioned", "已按弄虚作假处理"
    WATCHED = "watched", "属实，无须追缴"
    DISMISSED = "dismissed", "不成立"


LEADS_UNDONE = (LeadState.OPEN, LeadState.VERIFIED)


class CampaignKind(TextChoices):
    """What a campaign asks of whom."""

    YEARLY = "yearly", "年度核查"
    SAMPLE = "sample", "抽查"


class CampaignState(TextChoices):
    """A campaign runs until somebody closes it."""

    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"


class CheckState(TextChoices):
    """How far the check of one obligation has come."""

    ASKED = "asked", "待核实"
    WAITING = "waiting", "待企业提交"
    HANDED = "handed", "待核查"
    FOUND = "found", "待申辩"
    STATED = "stated", "已申辩"
    PROPOSED = "proposed", "待负责人确认"
    MENDING = "mending", "整改中"
    DONE = "done", "已办结"


class Answer(TextChoices):
    """What a check found."""

    MET = "met", "符合"
    UNMET = "unmet", "不符合"
    MEND = "mend", "需整改"


class ReportState(TextChoices):
    """A change that a firm reports beforehand."""

    FILED = "filed", "待答复"
    ANSWERED = "answered", "已答复"
    WITHDRAWN = "withdrawn", "已撤回"


RELATIONS = ("注册地", "纳税", "统计")
"""What must stay in the district, as the catalogue names it."""
