"""Words of fulfilment. Every state has two names: what officials work with, and what the firm sees."""

from __future__ import annotations

from django.db.models import TextChoices


class Route(TextChoices):
    """How a case begins."""

    NO_APPLICATION = "no-application", "免申即享"
    APPLICATION = "application", "申报"


class CaseState(TextChoices):
    """How far a case has come; the transitions between them are one table (``domain/transitions.py``)."""

    DRAFT = "draft", "草稿"
    LISTED = "listed", "待企业确认"
    SUBMITTED = "submitted", "待受理"
    CORRECTING = "correcting", "待补正"
    RETURNED = "returned", "补正已回"
    REVIEWING = "reviewing", "联审中"
    REVIEWED = "reviewed", "待会审"
    PROPOSED = "proposed", "已列入会审"
    DECIDED = "decided", "会审同意"
    NOTICED = "noticed", "公示中"
    OBJECTED = "objected", "异议核查中"
    CLEARED = "cleared", "公示期满"
    PAYING = "paying", "拨付中"
    BOUNCED = "bounced", "退票待更正"
    PAID = "paid", "已到账"
    RECOVERING = "recovering", "追缴中"
    RECOVERED = "recovered", "已追回"
    REFUSED = "refused", "不予支持"
    WITHDRAWN = "withdrawn", "已撤回"


PUBLIC_NAMES = {
    CaseState.DRAFT: "填写中",
    CaseState.LISTED: "待您确认",
    CaseState.SUBMITTED: "已提交",
    CaseState.CORRECTING: "待您补正",
    CaseState.RETURNED: "审核中",
    CaseState.REVIEWING: "审核中",
    CaseState.REVIEWED: "审核中",
    CaseState.PROPOSED: "审核中",
    CaseState.DECIDED: "拟支持",
    CaseState.NOTICED: "公示中",
    CaseState.OBJECTED: "公示中",
    CaseState.CLEARED: "公示期满，待拨付",
    CaseState.PAYING: "拨付中",
    CaseState.BOUNCED: "退票，请更正收款账户",
    CaseState.PAID: "已到账",
    CaseState.RECOVERING: "应退回",
    CaseState.RECOVERED: "已退回",
    CaseState.REFUSED: "不予支持",
    CaseState.WITHDRAWN: "已撤回",
}
ENDED = (CaseState.REFUSED, CaseState.WITHDRAWN)
"""States after which the same item may be asked for anew."""

COMMITTED = (
    CaseState.DECIDED,
    CaseState.NOTICED,
    CaseState.OBJECTED,
    CaseState.CLEARED,
    CaseState.PAYING,
    CaseState.BOUNCED,
    CaseState.PAID,
    CaseState.RECOVERING,
    CaseState.RECOVERED,
)
"""States in which the amount stands against a budget."""


class Verdict(TextChoices):
    """What a department says of one version of a case."""

    AGREE = "agree", "同意"
    DISAGREE = "disagree", "不同意"
    CORRECT = "correct", "要求补正"
    NOT_CONCERNED = "not-concerned", "不涉及"


class Declaration(TextChoices):
    """What an expert declares before scoring."""

    NONE = "none", "无利害关系"
    CONFLICT = "conflict", "回避"


class BatchState(TextChoices):
    """A batch that a meeting decides on."""

    OPEN = "open", "编制中"
    DECIDED = "decided", "已会审"


class NoticeState(TextChoices):
    """A public notice."""

    DRAFT = "draft", "起草中"
    PUBLISHED = "published", "公示中"
    CLOSED = "closed", "已期满"
    DROPPED = "dropped", "已作废"


class ObjectionState(TextChoices):
    """An objection to one row of a notice."""

    OPEN = "open", "核查中"
    UPHELD = "upheld", "异议成立"
    DISMISSED = "dismissed", "异议不成立"


class PaymentBatchState(TextChoices):
    """A batch of payments: one person makes it, another checks it, finance pays it."""

    MADE = "made", "待复核"
    CHECKED = "checked", "已复核"
    SENT = "sent", "已送财政"
    CLOSED = "closed", "已回执"
    DROPPED = "dropped", "已退回"


class PaymentState(TextChoices):
    """One payment; a returned one stays, the next try is another row."""

    PLANNED = "planned", "待拨付"
    SENT = "sent", "已提交财政"
    PAID = "paid", "已到账"
    RETURNED = "returned", "退票"
    DROPPED = "dropped", "未送出"


class RecoveryState(TextChoices):
    """Money that has to come back."""

    OPENED = "opened", "已立案"
    NOTIFIED = "notified", "已告知，可申辩"
    HEARD = "heard", "申辩已处理"
    DEMANDED = "demanded", "已发追缴决定"
    RECEIVED = "received", "已全额收回"
    DROPPED = "dropped", "不予追缴"
