"""资金拨付明细表: what finance pays from, with the accounts in the clear. The one place where accounts of many firms are opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.applying import PURPOSE
from tidu.apps.fulfilment.domain.capitals import in_capitals
from tidu.apps.fulfilment.domain.paying import MAKERS
from tidu.apps.fulfilment.enums import PaymentBatchState, PaymentState
from tidu.apps.fulfilment.interfaces.finance_sheets import SheetColumn, plain_workbook
from tidu.apps.fulfilment.models import Payment, PaymentBatch
from tidu.apps.sealing import unseal
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

TITLE = "资金拨付明细表"
COLUMNS = (
    SheetColumn("序号", 6), SheetColumn("拨付编号", 10), SheetColumn("收款户名", 34), SheetColumn("统一社会信用代码", 21),
    SheetColumn("收款账号", 26), SheetColumn("金额（元）", 16, amount=True), SheetColumn("事项和条款", 34), SheetColumn("受理编号", 16),
    SheetColumn("备注", 20),
)  # fmt: skip
EXPORTABLE = (PaymentBatchState.CHECKED, PaymentBatchState.SENT, PaymentBatchState.CLOSED)


@dataclass(frozen=True, slots=True)
class Allocation:
    """The file, its SM3 digest (what ``send_payment_batch`` keeps), its sum in fen and its rows."""

    name: str
    content: bytes
    digest: str
    total: int
    rows: int


def make_allocation(*, actor: Actor, at: datetime, batch: PaymentBatch) -> Allocation:
    """The table of a checked batch. Every making is in the audit as a reveal of accounts.

    The same batch gives the same bytes; a batch that was sent is refused (``allocation-changed``) if it no longer does.
    """
    actor.may_write(*MAKERS).require()
    if batch.state not in EXPORTABLE:
        raise TiduError("payment-batch-not-checked", f"批次 {batch.number} 现在是“{batch.get_state_display()}”，复核后才能导出拨付明细。")
    payments = list(batch.payments.exclude(state=PaymentState.DROPPED).select_related("case__enterprise").order_by("pk"))
    total = sum(payment.amount for payment in payments)
    content = _workbook(batch, payments, total)
    digest = sm3(content)
    if batch.exported_digest and batch.exported_digest != digest:
        raise TiduError(
            "allocation-changed",
            f"批次 {batch.number} 的内容与送财政时的文件不一致，没有导出。请系统管理员核对操作日志。",
            sent=batch.exported_digest,
        )
    with transaction.atomic():
        record_event(
            actor=actor, at=at, action="payment.accounts-revealed", subject=Subject("payment-batch", str(batch.pk), batch.number),
            detail={"accounts": len(payments), "total": total, "digest": digest},
        )  # fmt: skip
    return Allocation(f"{TITLE}_{batch.number}.xlsx", content, digest, total, len(payments))


def _workbook(batch: PaymentBatch, payments: list[Payment], total: int) -> bytes:
    checked = batch.checked_at or batch.made_at
    day = legal_day(checked)
    checker = batch.checker.name if batch.checker else ""
    rows = [
        (
            str(number), str(one.pk), one.account_holder, one.case.enterprise.code, unseal(one.account, PURPOSE), one.amount,
            f"{one.case.title}（{one.case.item}）{one.case.clause}", one.case.number, _remark(one),
        )
        for number, one in enumerate(payments, start=1)
    ]  # fmt: skip
    return plain_workbook(
        title=TITLE,
        particulars=f"批次号：{batch.number}　资金来源：{batch.payer}　制单：{batch.maker.name}　复核：{checker}　复核日期：{day:%Y-%m-%d}　单位：元",
        columns=COLUMNS, rows=rows, foot=(f"合计（大写）：{in_capitals(total)}",) if total else (), made_at=checked,
    )  # fmt: skip


def _remark(payment: Payment) -> str:
    again = f"第 {payment.attempt} 次拨付" if payment.attempt > 1 else ""
    name = payment.case.enterprise.name
    return "；".join(part for part in (again, f"企业名称：{name}" if name != payment.account_holder else "") if part)
