"""Handling a warning: claim, verify, close out, and a second look where the rule wants one. One table of transitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, NotAllowed, no
from tidu.apps.accounts.enums import Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.cultivation.domain.membership import STALE, RowResult
from tidu.apps.cultivation.domain.rulebook import warning_rule
from tidu.apps.cultivation.enums import WarningState
from tidu.apps.cultivation.models import FirmWarning, WarningStep
from tidu.kernel.errors import TiduError

HANDLERS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.SUBDISTRICT_CLERK, Role.DEPARTMENT_CLERK)
VERIFIED = (WarningState.CONFIRMED, WarningState.UNFOUNDED)


@dataclass(frozen=True, slots=True)
class Transition:
    """One act; ``own`` wants the person who claimed it, ``words`` a sentence."""

    key: str
    name: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...] = HANDLERS
    own: bool = False
    words: bool = False


TRANSITIONS: Mapping[str, Transition] = {
    one.key: one
    for one in (
        Transition("claim", "认领", (WarningState.OPEN,), WarningState.CLAIMED),
        Transition("release", "退回", (WarningState.CLAIMED,), WarningState.OPEN, own=True, words=True),
        Transition("confirm", "核实属实", (WarningState.CLAIMED,), WarningState.CONFIRMED, own=True, words=True),
        Transition("dismiss", "核实不属实", (WarningState.CLAIMED,), WarningState.UNFOUNDED, own=True, words=True),
        Transition("reopen", "重新核实", VERIFIED, WarningState.CLAIMED, own=True, words=True),
        Transition("close", "销号", VERIFIED, WarningState.CLOSED, own=True, words=True),
        Transition("approve", "同意销号", (WarningState.CLOSING,), WarningState.CLOSED, (Role.BUREAU_HEAD,)),
        Transition("return", "退回重办", (WarningState.CLOSING,), WarningState.CLAIMED, (Role.BUREAU_HEAD,), words=True),
    )
}


def may(actor: Actor, key: str, warning: FirmWarning, *, words: str = "given") -> Decision:
    """Whether the actor may do this now, with the reason that a disabled button shows."""
    wanted = TRANSITIONS[key]
    allowed = actor.may_write(*wanted.roles)
    if not allowed:
        return allowed
    if warning.state not in wanted.sources:
        return no(f"这条预警现在是“{warning.get_state_display()}”，不能“{wanted.name}”。", "wrong-state")
    if wanted.own and warning.owner_id != actor.user:
        return no(f"由认领人{warning.owner_name}办理。", "not-the-owner")
    if key in {"approve", "return"} and warning.asked_by_id == actor.user:
        return no("销号是您自己提请的，须由另一位负责人复核。", "second-person")
    if wanted.words and not words.strip():
        return no(f"“{wanted.name}”要写明情况或理由。", "words-missing")
    return YES


def handle_warning(*, actor: Actor, at: datetime, warning: FirmWarning, key: str, version: int, words: str = "") -> FirmWarning:
    """Do one transition. Raises ``NotAllowed`` with the reason, or ``stale`` where somebody was faster, naming them."""
    with transaction.atomic():
        row = FirmWarning.objects.visible_to(actor).select_related("enterprise").filter(pk=warning.pk).first()
        if row is None:
            raise NotAllowed("out-of-scope", "这家企业不在您的管辖范围内。需要时请联系牵头局。")
        if row.version != version:
            raise _was_first(row)
        may(actor, key, row, words=words).require()
        before, changes = row.state, _changes(actor, row, key, words.strip())
        mine = FirmWarning.objects.filter(pk=row.pk, version=version, state=before)
        if not mine.update(version=version + 1, by_name=actor.name, at=at, **changes):
            raise _was_first(FirmWarning.objects.get(pk=row.pk))
        row.refresh_from_db()
        _record(row, before, key, words.strip(), actor, at)
    return row


def _was_first(row: FirmWarning) -> TiduError:
    when = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"
    who = row.by_name or "系统"
    return TiduError(STALE, f"{who}已于 {when} 办理，现在是“{row.get_state_display()}”。请刷新后再看。", by=who)


def _changes(actor: Actor, row: FirmWarning, key: str, words: str) -> dict[str, Any]:
    """What the row becomes; a rule with a second look sends the close to the head first."""
    found: dict[str, Any] = {"state": TRANSITIONS[key].target}
    if key == "claim":
        found |= {"owner_id": actor.user, "owner_name": actor.name}
    elif key == "release":
        found |= {"owner_id": None, "owner_name": ""}
    elif key in {"confirm", "dismiss"}:
        found["note"] = words[:400]
    elif key == "close":
        found |= {"closing": words[:400], "asked_by_id": actor.user}
        if warning_rule(row.rule).second:
            found["state"] = WarningState.CLOSING
    return found


def _record(row: FirmWarning, before: str, key: str, words: str, actor: Actor, at: datetime) -> None:
    rule = warning_rule(row.rule)
    name = "提请销号" if row.state == WarningState.CLOSING else TRANSITIONS[key].name
    WarningStep.objects.create(
        warning=row, action=name, before=before, after=row.state, note=words[:400], by_id=actor.user, by_name=actor.name, at=at
    )
    record_event(
        actor=actor, at=at, action=f"warning.{key}", subject=Subject("warning", str(row.pk), f"{row.enterprise.name} · {rule.name}"),
        detail={"rule": row.rule, "period": row.period, "before": before, "after": row.state, "note": words, "version": row.version},
    )  # fmt: skip


def claim_many(*, actor: Actor, at: datetime, rows: Iterable[tuple[FirmWarning, int]]) -> list[RowResult]:
    """Claim several, each in its own transaction: one that is refused does not stop the others."""
    found = []
    for warning, version in rows:
        name = f"{warning.enterprise.name} · {warning_rule(warning.rule).name}"
        try:
            handle_warning(actor=actor, at=at, warning=warning, key="claim", version=version)
        except TiduError as error:
            found.append(RowResult(name, done=False, sentence=error.message))
        else:
            found.append(RowResult(name, done=True, sentence="已认领"))
    return found
