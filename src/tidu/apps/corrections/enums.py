"""States of filings and corrections, inside and as the firm sees them."""

from __future__ import annotations

from django.db.models import TextChoices


class CaseState(TextChoices):
    """How far a filing or a correction has come, as officials see it."""

    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "待审核"
    CHECKING = "checking", "核验中"
    RETURNED = "returned", "已退回补充"
    RESUBMITTED = "resubmitted", "补充已回"
    ACCEPTED = "accepted", "已采纳"
    REFUSED = "refused", "未采纳"
    WITHDRAWN = "withdrawn", "企业已撤回"


PUBLIC = {
    CaseState.DRAFT: "填写中",
    CaseState.SUBMITTED: "已提交",
    CaseState.CHECKING: "审核中",
    CaseState.RETURNED: "请补充",
    CaseState.RESUBMITTED: "审核中",
    CaseState.ACCEPTED: "已采纳",
    CaseState.REFUSED: "未采纳",
    CaseState.WITHDRAWN: "已撤回",
}
"""What the firm reads; taking a case up and sending it back in are one state for it."""

TO_REVIEW = (CaseState.SUBMITTED, CaseState.RESUBMITTED, CaseState.CHECKING)
WITH_FIRM = (CaseState.DRAFT, CaseState.RETURNED)
OPEN = (CaseState.SUBMITTED, CaseState.CHECKING, CaseState.RETURNED, CaseState.RESUBMITTED)
FINAL = (CaseState.ACCEPTED, CaseState.REFUSED, CaseState.WITHDRAWN)
