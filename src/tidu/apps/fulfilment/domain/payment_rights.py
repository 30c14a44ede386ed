"""Who may do what with a payment batch now: one answer for button, page and act."""

from __future__ import annotations

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.enums import PaymentBatchState
from tidu.apps.fulfilment.models import PaymentBatch
from tidu.apps.fulfilment.models.scopes import of_finance

MAKERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
S = PaymentBatchState


def may_make_batch(actor: Actor) -> Decision:
    """A batch is made by a person of the bureau."""
    decision = actor.may_write(*MAKERS)
    return no("拨付批次须由具体的人制单。", "needs-a-person") if decision and actor.user is None else decision


def may_check_batch(actor: Actor, batch: PaymentBatch) -> Decision:
    """A head who did not make it checks a batch."""
    return _in(batch, "复核", S.MADE) and second_person(actor, batch)


def second_person(actor: Actor, batch: PaymentBatch) -> Decision:
    """Whoever made a batch never checks it."""
    decision = actor.may_write(Role.BUREAU_HEAD)
    if decision and actor.user == batch.maker_id:
        return no("制单人不能复核自己的批次，请另一人复核。", "second-person")
    return decision


def may_drop_batch(actor: Actor, batch: PaymentBatch) -> Decision:
    """A head sends a batch back before it goes out."""
    return _in(batch, "退回", S.MADE, S.CHECKED) and actor.may_write(Role.BUREAU_HEAD)


def may_send_batch(actor: Actor, batch: PaymentBatch) -> Decision:
    """A checked batch goes to finance."""
    return _in(batch, "送财政", S.CHECKED) and actor.may_write(*MAKERS)


def may_export_batch(actor: Actor, batch: PaymentBatch) -> Decision:
    """The table with the accounts is for the bureau, of a batch that was checked."""
    return _in(batch, "导出拨付明细", S.CHECKED, S.SENT, S.CLOSED) and actor.may_write(*MAKERS)


def may_take_feedback(actor: Actor, batch: PaymentBatch) -> Decision:
    """Finance reports on what was sent to it."""
    return _in(batch, "登记回执", S.SENT, S.CLOSED) and actor.may_write(*MAKERS)


def may_reveal_account(actor: Actor) -> Decision:
    """A whole account is opened by the bureau or by the finance department, one at a time."""
    if actor.has(*MAKERS) or of_finance(actor):
        return YES
    return no("完整账号由牵头局或者财政部门的经办查看，您没有这个岗位。", "wrong-role")


_HINTS = {
    S.MADE: "先由另一人复核。",
    S.CHECKED: "先送财政。",
    S.SENT: "批次已送财政，等待回执。",
    S.CLOSED: "批次已办结。",
    S.DROPPED: "批次已退回，请重新制单。",
}


def _in(batch: PaymentBatch, label: str, *states: PaymentBatchState) -> Decision:
    if batch.state in states:
        return YES
    return no(f"批次现在是“{batch.get_state_display()}”，不能{label}。{_HINTS[S(batch.state)]}", "wrong-state")
