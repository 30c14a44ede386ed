"""兑付凭证: the paper of one payment that arrived, as PDF."""

from __future__ import annotations

from datetime import datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import no
from tidu.apps.audit.domain.chain import Subject
from tidu.apps.fulfilment.models import Voucher
from tidu.apps.paper.blocks import Paper, Paragraph, pairs
from tidu.apps.paper.domain.dossier_sections import shown_account
from tidu.apps.paper.domain.making import Printed, print_paper
from tidu.apps.paper.enums import Form
from tidu.apps.paper.wording import day_text, yuan_text
from tidu.kernel.errors import TiduError


def make_voucher(*, actor: Actor, at: datetime, voucher: Voucher) -> Printed:
    """The voucher for who may see its payment: officials in their scope, the finance department, and the firm itself."""
    if not Voucher.objects.visible_to(actor).filter(pk=voucher.pk).exists():
        no("这张凭证不在您的办理范围内。", "other-case").require()
    subject = Subject("voucher", str(voucher.pk), voucher.number)
    return print_paper(actor=actor, at=at, paper=voucher_paper(voucher), form=Form.PDF, subject=subject)


def voucher_paper(voucher: Voucher) -> Paper:
    """Amount in figures and capitals; the account is masked. Raises ``voucher-inconsistent`` where voucher and payment differ."""
    payment = voucher.payment
    case, batch = payment.case, payment.batch
    if voucher.amount != payment.amount:
        raise TiduError("voucher-inconsistent", f"凭证 {voucher.number} 的金额与拨付不符，没有生成。请系统管理员核对台账。")
    rows = [
        ("凭证号", voucher.number), ("日期", day_text(voucher.issued_on)), ("收款单位", payment.account_holder),
        ("统一社会信用代码", case.enterprise.code), ("收款账号", shown_account(payment)), ("金额（小写）", yuan_text(voucher.amount)),
        ("金额（大写）", voucher.capitals), ("事项", f"{case.title}（{case.item}）"), ("政策和条款", f"{case.policy} {case.clause}"),
        ("资金来源", case.payer), ("受理编号", case.number), ("拨付批次", f"{batch.number}，第 {payment.attempt} 次拨付"),
        ("财政流水号", payment.reference), ("制单人", batch.maker.name), ("复核人", batch.checker.name if batch.checker else ""),
    ]  # fmt: skip
    blocks = (
        pairs(rows),
        Paragraph("本凭证由系统根据财政到账回执生成，记载内容与拨付台账一致。", indent=False),
        Paragraph("经办：　　　　　　　复核：　　　　　　　（单位盖章）", right=True),
    )
    return Paper("奖补资金兑付凭证", voucher.issued_on, blocks, subtitle=f"编号：{voucher.number}", foot=voucher.number)
