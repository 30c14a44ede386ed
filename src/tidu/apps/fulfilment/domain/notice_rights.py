"""Who may do what with a notice or an objection now: one answer for button, page and act."""

from __future__ import annotations

from datetime import date

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.fulfilment.domain.guards import notice_running
from tidu.apps.fulfilment.enums import NoticeState, ObjectionState
from tidu.apps.fulfilment.models import Notice, Objection

DRAFTERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)


def may_edit_notice(actor: Actor, notice: Notice) -> Decision:
    """A draft is changed or given up by the bureau; what was published stands."""
    return _in(notice, "修改", NoticeState.DRAFT) and actor.may_write(*DRAFTERS)


def may_publish_notice(actor: Actor, notice: Notice) -> Decision:
    """A head publishes a draft."""
    return _in(notice, "发布", NoticeState.DRAFT) and actor.may_write(Role.BUREAU_HEAD)


def may_close_notice(actor: Actor, notice: Notice, day: date) -> Decision:
    """The bureau closes a notice after its last day."""
    decision = _in(notice, "期满办结", NoticeState.PUBLISHED) and actor.may_write(*DRAFTERS)
    return decision and notice_running(notice, day)


def may_object(actor: Actor, notice: Notice, day: date) -> Decision:
    """The bureau registers what came in while the period runs."""
    decision = _in(notice, "登记异议", NoticeState.PUBLISHED) and actor.may_write(*DRAFTERS)
    if decision and notice.until is not None and day > notice.until:
        return no(f"公示期已于 {notice.until.isoformat()} 届满，期满后的反映请按举报线索登记。", "objection-late")
    return decision


def may_answer(actor: Actor, objection: Objection) -> Decision:
    """A head answers an open objection."""
    if objection.state != ObjectionState.OPEN:
        return no(f"这条异议已经答复：{objection.get_state_display()}。", "wrong-state")
    return actor.may_write(Role.BUREAU_HEAD)


def _in(notice: Notice, label: str, state: NoticeState) -> Decision:
    if notice.state == state:
        return YES
    return no(f"公示现在是“{notice.get_state_display()}”，不能{label}。", "wrong-state")
