"""The office's acts on cases: one, or many with a result per row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from tidu.apps.accounts.actors import Actor
from tidu.apps.fulfilment.domain.deciding import RowResult, revoke
from tidu.apps.fulfilment.domain.moving import Move, move
from tidu.apps.fulfilment.domain.reviewing import accept, resume
from tidu.apps.fulfilment.domain.transitions import BY_NAME
from tidu.apps.fulfilment.models import Case
from tidu.kernel.errors import TiduError

MANY = ("accept", "resume", "conclude", "refuse")
"""What may be done with many cases at once: nothing that names single fields, and no money."""


def conclude(*, actor: Actor, at: datetime, case: Case, text: str = "") -> Case:
    """The joint review is over; the case waits for a meeting."""
    return move(actor=actor, at=at, case=case, name="conclude", what=Move(text=text))


def refuse(*, actor: Actor, at: datetime, case: Case, text: str) -> Case:
    """No support, with the reason that the firm reads."""
    return move(actor=actor, at=at, case=case, name="refuse", what=Move(text=text))


def release(*, actor: Actor, at: datetime, case: Case, text: str) -> Case:
    """Close a case so that the firm can ask for the same item anew; the next application carries the reason."""
    return move(actor=actor, at=at, case=case, name="release", what=Move(text=text))


def _accept(*, actor: Actor, at: datetime, case: Case, text: str) -> Case:
    del text
    return accept(actor=actor, at=at, case=case)


def _resume(*, actor: Actor, at: datetime, case: Case, text: str) -> Case:
    del text
    return resume(actor=actor, at=at, case=case)


ACTS: Mapping[str, Callable[..., Case]] = {
    "accept": _accept,
    "resume": _resume,
    "conclude": conclude,
    "refuse": refuse,
    "release": release,
    "revoke": revoke,
}
"""The acts with a button of their own on the case page; the others are part of a batch, a notice, a payment or a recovery."""


def act_on(*, actor: Actor, at: datetime, case: Case, name: str, version: int, text: str = "") -> Case:
    """Take one act on the version that was looked at. Raises ``no-such-act`` besides what the act itself raises."""
    if name not in ACTS:
        raise TiduError("no-such-act", "没有这一步。请从办件页面上的按钮办理。")
    case.version = version
    return ACTS[name](actor=actor, at=at, case=case, text=text.strip())


def act_on_many(*, actor: Actor, at: datetime, rows: Sequence[tuple[Case, int]], name: str, text: str = "") -> list[RowResult]:
    """Take the same act on many cases; each row stands alone and says what came of it. Raises ``not-for-many``."""
    if name not in MANY:
        raise TiduError("not-for-many", "这一步不能批量办理。请打开办件逐件办理。")
    if BY_NAME[name].reason and not text.strip():
        raise TiduError("reason-missing", f"请写明{BY_NAME[name].label}的理由，再批量办理。")
    return [_row(actor, at, case, version, name, text) for case, version in rows]


def _row(actor: Actor, at: datetime, case: Case, version: int, name: str, text: str) -> RowResult:
    try:
        moved = act_on(actor=actor, at=at, case=case, name=name, version=version, text=text)
    except TiduError as error:
        return RowResult(case, False, error.message)
    return RowResult(moved, True, f"现在是“{moved.get_state_display()}”。")
