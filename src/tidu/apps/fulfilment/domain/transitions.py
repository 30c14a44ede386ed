"""The one table of how a case moves: from where, to where, by whom, what the firm is told. Guards are in ``guards.py``.

``docs/transitions.md`` is rendered from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tidu.apps.accounts.enums import FIRM_SIGNERS, Role
from tidu.apps.fulfilment.enums import CaseState as S

FIRM = tuple(role for role in Role if role in FIRM_SIGNERS)
"""Whoever binds the firm; agents fill in, but promise nothing and name no account."""
CLERK, HEAD = (Role.BUREAU_CLERK, Role.BUREAU_HEAD), (Role.BUREAU_HEAD,)
FINANCE = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
SYSTEM_ONLY: tuple[Role, ...] = ()
"""Moves that follow from something else (a published notice, a feedback file), never from a button of their own."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. ``message`` is what the firm reads, empty where nothing public changes; ``reason`` asks for a typed one.

    ``clock`` is the number of working days the next step has, 0 for none. ``follows`` names the act that brings it about.
    """

    name: str
    label: str
    sources: tuple[S, ...]
    target: S
    roles: tuple[Role, ...]
    message: str = ""
    reason: bool = False
    clock: int = 0
    follows: str = ""


TABLE: tuple[Transition, ...] = (
    Transition("submit", "提交申报", (S.DRAFT,), S.SUBMITTED, FIRM, "“{title}”申报已提交，受理编号 {number}。我们将在 {due} 前决定是否受理。", clock=5),
    Transition("confirm", "确认领取", (S.LISTED,), S.REVIEWED, FIRM, "您已确认领取“{title}”，受理编号 {number}。接下来由会审决定并公示。"),
    Transition("decline", "放弃领取", (S.LISTED,), S.WITHDRAWN, FIRM, "您已放弃“{title}”。以后仍可申报。", reason=True),
    Transition("accept", "受理", (S.SUBMITTED,), S.REVIEWING, CLERK, "“{title}”（{number}）已受理，正在审核。", clock=10),
    Transition(
        "ask-correction", "退回补正", (S.SUBMITTED, S.REVIEWING), S.CORRECTING, CLERK,
        "“{title}”（{number}）需要补正：{text}。请在 {due} 前提交。", reason=True, clock=10,
    ),
    Transition("resubmit", "提交补正", (S.CORRECTING,), S.RETURNED, FIRM, "“{title}”（{number}）的补正已提交。", clock=3),
    Transition("resume", "继续审核", (S.RETURNED,), S.REVIEWING, CLERK, clock=10),
    Transition("conclude", "联审完成", (S.REVIEWING,), S.REVIEWED, CLERK),
    Transition("propose", "列入会审", (S.REVIEWED,), S.PROPOSED, CLERK),
    Transition("set-aside", "移出会审", (S.PROPOSED,), S.REVIEWED, CLERK, reason=True),
    Transition("decide", "会审同意", (S.PROPOSED,), S.DECIDED, SYSTEM_ONLY, "“{title}”（{number}）会审同意，拟支持 {amount}。接下来公示。", follows="decide_batch"),
    Transition(
        "refuse", "不予支持", (S.SUBMITTED, S.REVIEWING, S.REVIEWED, S.PROPOSED), S.REFUSED, HEAD, "“{title}”（{number}）不予支持：{text}。",
        reason=True,
    ),
    Transition("withdraw", "撤回", (S.DRAFT, S.SUBMITTED, S.CORRECTING, S.RETURNED, S.REVIEWING, S.REVIEWED), S.WITHDRAWN, FIRM, "“{title}”已撤回。", reason=True),
    Transition(
        "release", "放行重报", (S.SUBMITTED, S.CORRECTING, S.RETURNED, S.REVIEWING, S.REVIEWED), S.WITHDRAWN, HEAD,
        "“{title}”（{number}）由牵头局放行：{text}。原办件已关闭，您可以重新申报。", reason=True,
    ),
    Transition("publish", "公示", (S.DECIDED,), S.NOTICED, SYSTEM_ONLY, "“{title}”（{number}）正在公示，到 {due} 止。", follows="publish_notice"),
    Transition("object", "受理异议", (S.NOTICED,), S.OBJECTED, SYSTEM_ONLY, follows="receive_objection"),
    Transition("dismiss", "异议不成立", (S.OBJECTED,), S.NOTICED, SYSTEM_ONLY, follows="answer_objection"),
    Transition("uphold", "异议成立", (S.OBJECTED,), S.REFUSED, SYSTEM_ONLY, "“{title}”（{number}）经公示核查，不予支持：{text}。", reason=True, follows="answer_objection"),
    Transition("clear", "公示期满", (S.NOTICED,), S.CLEARED, SYSTEM_ONLY, "“{title}”（{number}）公示期满，无异议，等待拨付。", follows="close_notice"),
    Transition("pay", "列入拨付", (S.CLEARED,), S.PAYING, SYSTEM_ONLY, follows="make_payment_batch"),
    Transition("hold", "退出拨付", (S.PAYING,), S.CLEARED, SYSTEM_ONLY, follows="drop_payment_batch"),
    Transition("arrive", "到账", (S.PAYING,), S.PAID, SYSTEM_ONLY, "“{title}”（{number}）{amount}已到账。请按承诺履行五年义务。", follows="take_feedback"),
    Transition("bounce", "退票", (S.PAYING,), S.BOUNCED, SYSTEM_ONLY, "“{title}”（{number}）拨付被退回：{text}。请更正收款账户。", reason=True, follows="take_feedback"),
    Transition("mend-account", "更正账户", (S.BOUNCED,), S.CLEARED, FIRM, "“{title}”（{number}）的收款账户已更正，将重新拨付。"),
    Transition(
        "revoke", "取消支持", (S.DECIDED, S.NOTICED, S.OBJECTED, S.CLEARED, S.BOUNCED), S.REFUSED, HEAD, "“{title}”（{number}）取消支持：{text}。",
        reason=True,
    ),
    Transition("recover", "立案追缴", (S.PAID,), S.RECOVERING, HEAD, "“{title}”（{number}）须退回：{text}。您可以陈述和申辩。", reason=True),
    Transition("recovered", "追缴完成", (S.RECOVERING,), S.RECOVERED, SYSTEM_ONLY, "“{title}”（{number}）已全额退回。", follows="take_receipt"),
    Transition("drop-recovery", "不予追缴", (S.RECOVERING,), S.PAID, HEAD, "“{title}”（{number}）经核实不予追缴：{text}。", reason=True),
)  # fmt: skip
BY_NAME = {row.name: row for row in TABLE}


def transitions_from(state: str) -> list[Transition]:
    """The rows that begin in a state."""
    return [row for row in TABLE if state in row.sources]
