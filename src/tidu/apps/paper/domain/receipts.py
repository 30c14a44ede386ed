"""受理回执: what the firm holds in hand after it handed in, as PDF."""

from __future__ import annotations

from datetime import datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.audit.domain.chain import Subject
from tidu.apps.fulfilment.models import Case, Submission
from tidu.apps.paper.blocks import Paper, Paragraph, pairs
from tidu.apps.paper.domain.making import Printed, print_paper
from tidu.apps.paper.enums import Form
from tidu.apps.paper.wording import moment_text, yuan_text
from tidu.kernel.legal_days import legal_day


def make_receipt(*, actor: Actor, at: datetime, submission: Submission) -> Printed:
    """The receipt of one submission for who may see its case."""
    case = submission.case
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        no("这份回执不在您的办理范围内。", "other-case").require()
    return print_paper(actor=actor, at=at, paper=receipt_paper(submission), form=Form.PDF, subject=Subject("case", str(case.pk), str(case)))


def receipt_paper(submission: Submission) -> Paper:
    """Number, firm, item, when and by whom; the digest ties the paper to what was handed in. No account."""
    case = submission.case
    rows = [
        ("受理编号", case.number), ("企业名称", case.enterprise.name), ("统一社会信用代码", case.enterprise.code),
        ("事项", f"{case.title}（{case.item}）"), ("政策和条款", f"{case.policy} {case.clause}"), ("办理方式", case.get_route_display()),
        ("测算金额", yuan_text(case.computed)), ("首次提交", moment_text(case.submitted_at) if case.submitted_at else ""),
        ("本次提交", f"第 {submission.number} 次，{moment_text(submission.submitted_at)}"), ("提交人", submission.submitted_by),
        ("内容摘要（SM3）", submission.digest),
    ]  # fmt: skip
    note = Paragraph("测算金额按提交时的数据和政策计算，以会审决定为准。办理进度可凭受理编号在企业服务端查询。", indent=False)
    return Paper("受理回执", legal_day(submission.submitted_at), (pairs(rows), note), subtitle=f"编号：{case.number}", foot=case.number)
