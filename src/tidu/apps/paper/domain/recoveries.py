"""追缴告知书 and 追缴通知书, in Word: staff fill in number, account and days before it is signed."""

from __future__ import annotations

from datetime import datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.audit.domain.chain import Subject
from tidu.apps.fulfilment.enums import RecoveryState
from tidu.apps.fulfilment.models import Case, Recovery
from tidu.apps.paper.blocks import Block, Column, Heading, Paper, Paragraph, pairs, table
from tidu.apps.paper.domain.dossier_sections import flattened
from tidu.apps.paper.domain.making import Printed, print_paper, require_reader
from tidu.apps.paper.enums import Form
from tidu.apps.paper.wording import both_ways, day_text, yuan
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

DEMANDED = (RecoveryState.DEMANDED, RecoveryState.RECEIVED)
BLANK = "＿＿＿＿"


def make_recovery_notice(*, actor: Actor, at: datetime, recovery: Recovery, sponsor: str) -> Printed:
    """The Word file to sign and serve; before the demand the notice that it is intended and that the firm is heard."""
    require_reader(actor)
    if not Case.objects.visible_to(actor).filter(pk=recovery.case_id).exists():
        no("这个办件不在您的办理范围内。", "other-case").require()
    subject = Subject("case", str(recovery.case_id), str(recovery.case))
    return print_paper(actor=actor, at=at, paper=recovery_paper(recovery, sponsor), form=Form.WORD, subject=subject)


def recovery_paper(recovery: Recovery, sponsor: str) -> Paper:
    """Facts, grounds, amount in full, what the firm may do. Raises ``recovery-dropped``."""
    if recovery.state == RecoveryState.DROPPED:
        raise TiduError("recovery-dropped", "这一追缴已决定不予追缴，不能再出通知书。")
    demanded = recovery.state in DEMANDED
    case, payment = recovery.case, recovery.payment
    evidence = [f"{name}：{text}" if name else text for name, text in flattened(recovery.evidence)]
    blocks: list[Block] = [
        Paragraph(f"{case.enterprise.name}：", indent=False),
        Paragraph(
            f"你单位于{day_text(payment.paid_on)}收到“{case.title}”（{case.item}）资金 {both_ways(payment.amount)}，"
            f"受理编号 {case.number}，依据为{case.policy}{case.clause}。"
        ),
        Heading("一、事实和理由"),
        *(Paragraph(part) for part in recovery.reason.split("\n") if part.strip()),
        Heading("二、证据"),
        *([Paragraph(line) for line in evidence] or [Paragraph(f"（请列明证据：{BLANK}）")]),
        Heading("三、决定" if demanded else "三、拟作出的决定"),
        *(_demand(recovery) if demanded else _intended(recovery)),
        Paragraph(sponsor, right=True),
        Paragraph("　　　　年　　月　　日", right=True),
    ]
    title = "奖补资金追缴通知书" if demanded else "拟追缴奖补资金告知书"
    return Paper(title, legal_day(recovery.closed_at or recovery.opened_at), tuple(blocks), subtitle=f"（编号：{BLANK}）")


def _intended(recovery: Recovery) -> list[Block]:
    return [
        Paragraph(f"拟向你单位追缴上述资金，应退回 {both_ways(recovery.amount)}。"),
        Heading("四、你单位的权利"),
        Paragraph(
            f"你单位可以在收到本告知书之日起{BLANK}个工作日内书面或者当面陈述、申辩，并提交证据。我们将核实后再作决定；申辩不会加重追缴。"
        ),
        Paragraph(f"联系人和电话：{BLANK}"),
    ]


def _demand(recovery: Recovery) -> list[Block]:
    left = recovery.amount - recovery.received
    receipts = list(recovery.receipts.order_by("pk"))
    blocks: list[Block] = []
    if recovery.hearing.strip():
        blocks += [Paragraph("你单位陈述、申辩及处理情况：")]
        blocks += [Paragraph(part) for part in recovery.hearing.split("\n") if part.strip()]
    blocks.append(Paragraph(f"决定追缴上述资金，你单位应退回 {both_ways(recovery.amount)}。", strong=True))
    if receipts:
        columns = [Column("到账日期"), Column("金额（元）", figure=True), Column("流水号", 1.4)]
        rows = [(day_text(one.received_on), yuan(one.amount), one.reference) for one in receipts]
        blocks += [Paragraph("已退回："), table(columns, rows, total=("合计", yuan(recovery.received), ""))]
        blocks.append(Paragraph(f"尚应退回 {both_ways(left)}。" if left else "已全部退回。", strong=True))
    if left:
        blocks.append(
            pairs(
                [
                    ("退回期限", f"收到本通知书之日起{BLANK}个工作日内"),
                    ("收款户名", BLANK),
                    ("收款账号", BLANK),
                    ("附言", recovery.case.number),
                ]
            )
        )
        blocks.append(Paragraph("逾期不退回的，将依法处理。不服本决定的，可以依法申请行政复议或者提起行政诉讼。"))
    return blocks
