"""The table of moves of a filing and of a correction, who may make each of them, and the one way to make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.corrections.enums import FINAL, PUBLIC, TO_REVIEW, CaseState
from tidu.apps.corrections.models import OF_UNIT, Case, Filing, Step
from tidu.kernel.errors import TiduError

FIRM, OFFICE = "firm", "office"
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: what the button says, from which states to which, who makes it, and what is told afterwards.

    ``told`` is what the person who moved reads; ``firm_told`` what the firm reads in its timeline (empty: nothing).
    """

    name: str
    label: str
    before: tuple[CaseState, ...]
    after: CaseState
    side: str
    told: str
    firm_told: str = ""
    needs_reason: bool = False
    kind: str = ""


_SHARED = (
    Move("resubmit", "重新提交", (CaseState.RETURNED,), CaseState.RESUBMITTED, FIRM, "已重新提交，回到原经办人手里。", "重新提交"),
    Move("take", "开始核验", (CaseState.SUBMITTED, CaseState.RESUBMITTED, CaseState.CHECKING), CaseState.CHECKING, OFFICE, "已由您核验。"),
    Move("return", "退回补充", TO_REVIEW, CaseState.RETURNED, OFFICE, "已退回企业补充。", "请补充", needs_reason=True, kind="second"),
    Move("accept", "采纳", TO_REVIEW, CaseState.ACCEPTED, OFFICE, "已采纳，数据已入库，现行数据已重新计算。", "已采纳"),
    Move("refuse", "不采纳", TO_REVIEW, CaseState.REFUSED, OFFICE, "已告知企业不采纳。", "未采纳", needs_reason=True, kind="danger"),
)
CORRECTION_MOVES: Mapping[str, Move] = {
    move.name: move
    for move in (
        *_SHARED,
        Move("withdraw", "撤回申请", (CaseState.SUBMITTED, CaseState.RETURNED), CaseState.WITHDRAWN, FIRM, "已撤回，不再审核。", "撤回申请", kind="danger"),
    )
}  # fmt: skip
FILING_MOVES: Mapping[str, Move] = {
    move.name: move
    for move in (
        Move("submit", "提交填报", (CaseState.DRAFT,), CaseState.SUBMITTED, FIRM, "已提交，等待审核。", "提交填报"),
        *_SHARED,
        Move("recall", "撤回修改", (CaseState.SUBMITTED,), CaseState.DRAFT, FIRM, "已撤回，可以修改后再提交。", "撤回修改", kind="second"),
        Move("reopen", "重新填写", (CaseState.REFUSED,), CaseState.DRAFT, FIRM, "可以修改后再提交。", "重新填写", kind="second"),
    )
}


def moves_of(case: Case) -> Mapping[str, Move]:
    """The table of a case."""
    return FILING_MOVES if isinstance(case, Filing) else CORRECTION_MOVES


def subject_of(case: Case) -> Subject:
    """A case as the audit names it."""
    return Subject("filing" if isinstance(case, Filing) else "correction", str(case.pk), f"{case.enterprise.name}：{case}")


def may_move(move: Move, case: Case, actor: Actor) -> Decision:
    """Whether this person may make the move now; the answer is the button's, the page's and the domain's."""
    if case.state not in move.before:
        return no(f"现在是“{CaseState(case.state).label}”，不能“{move.label}”。", "wrong-state")
    return _may_firm(move, case, actor) if move.side == FIRM else _may_review(move, case, actor)


def _may_firm(move: Move, case: Case, actor: Actor) -> Decision:
    roles = {post.role for post in actor.posts if post.enterprise == case.enterprise_id and post.role in FIRM_ROLES}
    if not roles:
        return no("只有本企业的人员可以办理。", "not-own-firm")
    return may_submit(roles) if move.name in {"submit", "resubmit"} else YES


def may_submit(roles: set[Role]) -> Decision:
    """An agent prepares, the firm's own people submit: what is submitted speaks for the firm."""
    if roles <= {Role.FIRM_AGENT}:
        return no("代办机构可以填写，提交须由本企业的法定代表人、经办或财务办理。", "agent")
    return YES


def may_review(case: Case, actor: Actor) -> Decision:
    """The bureau, and the clerks of the unit in charge; nobody decides on a firm of which they are a member."""
    if case.enterprise_id in actor.firms:
        return no("您是这家企业的人员，须回避。", "own-firm")
    if actor.has(Role.BUREAU_CLERK):
        return YES
    if any(post.role in OF_UNIT and post.unit_path and case.unit.path.startswith(post.unit_path) for post in actor.posts):
        return YES
    return no(f"这一件由{case.unit.name}审核。", "other-unit")


def _may_review(move: Move, case: Case, actor: Actor) -> Decision:
    allowed = may_review(case, actor)
    if not allowed or case.state != CaseState.CHECKING:
        return allowed
    mine = case.handler_id == actor.user
    if move.name == "take":
        return no("已经由您核验。", "taken") if mine else YES
    return YES if mine else no(f"{case.handler.name if case.handler else '他人'}正在核验。要接手，请先点“开始核验”。", "other-handler")


def move_case(
    *, actor: Actor, at: datetime, case: Any, move: Move, version: int, reason: str = "", items: tuple[str, ...] = (), more: Mapping[str, Any] | None = None
) -> None:  # fmt: skip
    """Make one move: guard, conditional update by state and version, step, audit. The caller holds the transaction.

    ``more`` are further columns set in the same update. Raises the reason of a refusal, ``reason-needed`` or ``moved-meanwhile``.
    """
    if version != case.version:
        raise moved_meanwhile(case)
    may_move(move, case, actor).require()
    text = reason.strip()[:LONGEST_REASON]
    if move.needs_reason and not text:
        raise TiduError("reason-needed", f"“{move.label}”须写明理由，企业会看到。请填写后再办。")
    set_now: dict[str, Any] = {
        "state": move.after,
        "changed_by_name": actor.name,
        "changed_at": at,
        "version": F("version") + 1,
        **(more or {}),
    }
    if move.side == OFFICE:
        set_now |= {"reason": text, "items": list(items), "handler_id": actor.user}
    if move.after in FINAL:
        set_now["decided_at"] = at
    if move.name == "submit" and case.submitted_at is None:
        set_now["submitted_at"] = at
    with transaction.atomic():
        mine = type(case).objects.filter(pk=case.pk, state=case.state, version=version)
        if not mine.update(**set_now):
            raise moved_meanwhile(case)
        record_step(case=case, move=move, actor=actor, at=at, reason=text)
        detail = {"from": case.state, "to": move.after, "reason": text, "firm": case.enterprise.code}
        record_event(actor=actor, at=at, action=f"{subject_of(case).type}.{move.name}", subject=subject_of(case), detail=detail)
    case.refresh_from_db()


def record_step(*, case: Case, move: Move, actor: Actor, at: datetime, reason: str = "") -> Step:
    """A line of the timeline."""
    which = {"filing": case} if isinstance(case, Filing) else {"correction": case}
    return Step.objects.create(
        **which, move=move.name, state=move.after, actor_name=actor.name, at=at, reason=reason, inner=not move.firm_told
    )


def moved_meanwhile(case: Case) -> TiduError:
    """The sentence for the second of two people who press: it names the first."""
    now: Case = type(case).objects.get(pk=case.pk)  # type: ignore[attr-defined]
    when = timezone.localtime(now.changed_at)
    return TiduError(
        "moved-meanwhile",
        f"{now.changed_by_name}已于 {when:%Y-%m-%d %H:%M} 办理过这一件，现在是“{CaseState(now.state).label}”。您的操作没有生效，请看过最新内容再办。",
        state=now.state,
    )


@dataclass(frozen=True, slots=True)
class Button:
    """A move as a page shows it; ``why`` is empty where it may be made."""

    move: Move
    why: str


def buttons(case: Case, actor: Actor, side: str) -> list[Button]:
    """The moves of one side that the present state allows; those the person may not make carry the reason."""
    return [
        Button(move, may_move(move, case, actor).reason)
        for move in moves_of(case).values()
        if move.side == side and case.state in move.before
    ]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the timeline of a case."""

    at: datetime
    text: str
    who: str
    reason: str
    inner: bool


def timeline(case: Case, *, inner: bool) -> list[TimelineEntry]:
    """The steps of a case, newest first; ``inner`` for officials, who also see who it is. The firm sees public moves without names
    of officials."""
    table = moves_of(case) | {"ask": Move("ask", "提出更正", (), CaseState.SUBMITTED, FIRM, "", "提出更正申请")}
    found = []
    for step in case.steps.all():  # type: ignore[attr-defined]
        move = table[step.move]
        if inner:
            found.append(TimelineEntry(step.at, move.label, step.actor_name, step.reason, step.inner))
        elif not step.inner:
            who = step.actor_name if move.side == FIRM else case.unit.short_name
            found.append(TimelineEntry(step.at, move.firm_told, who, step.reason, False))
    return found


def public_text(state: str) -> str:
    """A state as the firm reads it."""
    return PUBLIC[CaseState(state)]
