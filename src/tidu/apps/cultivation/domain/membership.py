"""Entering a pool, being refused, leaving, stage and guide: one table of transitions, one function that does them.

A rule only says who should; a person decides. Two people who press at once: the second reads who was first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, NotAllowed, no
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import User
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.cultivation.domain.rulebook import pool_of
from tidu.apps.cultivation.enums import INSIDE, LIVE, MemberState, Stage
from tidu.apps.cultivation.models import Finding, Membership, MembershipStep
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.errors import TiduError
from tidu.kernel.interpret import MET

BUREAU = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
LOCAL = (Role.SUBDISTRICT_CLERK, *BUREAU)
NOBODY = ""
"""The state of a firm without a live row in the pool."""
STALE = "stale"


@dataclass(frozen=True, slots=True)
class Transition:
    """One act: from which states, to which, by whom, and whether a reason must be given."""

    key: str
    name: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[Role, ...]
    reason: bool = False


TRANSITIONS: Mapping[str, Transition] = {
    one.key: one
    for one in (
        Transition("propose", "提出入库", (NOBODY,), MemberState.PROPOSED, LOCAL),
        Transition("enter", "确认入库", (NOBODY, MemberState.PROPOSED, MemberState.REFUSED), MemberState.MEMBER, BUREAU),
        Transition("refuse", "不予入库", (NOBODY, MemberState.PROPOSED), MemberState.REFUSED, BUREAU, reason=True),
        Transition("propose-exit", "提出出库", (MemberState.MEMBER,), MemberState.LEAVING, LOCAL, reason=True),
        Transition("keep", "留在库内", (MemberState.LEAVING,), MemberState.MEMBER, BUREAU, reason=True),
        Transition("leave", "确认出库", INSIDE, MemberState.LEFT, BUREAU, reason=True),
        Transition("stage", "调整阶段", INSIDE, "", BUREAU),
        Transition("guide", "指定专员", INSIDE, "", LOCAL),
    )
}


def may(actor: Actor, key: str, state: str, finding: Finding | None, *, reason: str = "given") -> Decision:
    """Whether the actor may do this now, with the reason that a disabled button shows."""
    wanted = TRANSITIONS[key]
    allowed = actor.may_write(*wanted.roles)
    if not allowed:
        return allowed
    if state not in wanted.sources:
        return no(f"这家企业{MemberState(state).label if state else '还没有进入办理'}，不能“{wanted.name}”。", "wrong-state")
    if wanted.reason and not reason.strip():
        return no(f"“{wanted.name}”要写明理由。", "reason-missing")
    if key == "enter" and (finding is None or finding.entry != MET):
        if not actor.has(Role.BUREAU_HEAD):
            return no("不符合或还不能判断是否符合入库条件，须由牵头局负责人写明理由后确认。", "entry-not-met")
        if not reason.strip():
            return no("不符合或还不能判断是否符合入库条件，要写明入库的理由。", "reason-missing")
    return YES


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done: the transition, the version that was looked at (0: no row), and what goes with it."""

    key: str
    version: int = 0
    reason: str = ""
    stage: str = ""
    guide: User | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


def act_on_membership(*, actor: Actor, at: datetime, enterprise: Enterprise, pool: str, act: Act) -> Membership:
    """Do one transition for one firm and pool.

    Raises ``NotAllowed`` with the reason, or ``stale`` where somebody was faster, naming them.
    """
    pool_of(pool)
    if not Enterprise.objects.visible_to(actor).filter(pk=enterprise.pk).exists():
        raise NotAllowed("out-of-scope", "这家企业不在您的管辖范围内。需要时请联系牵头局。")
    with transaction.atomic():
        row = Membership.objects.filter(enterprise=enterprise, pool=pool, state__in=LIVE).first()
        finding = Finding.objects.filter(enterprise=enterprise, pool=pool).first()
        _require_version(row, act)
        before = row.state if row else NOBODY
        may(actor, act.key, before, finding, reason=act.reason).require()
        changes = _changes(act, finding, row, actor, at)
        done = _insert(enterprise, pool, changes) if row is None else _update(row, changes)
        _record(done, before, act, actor, at)
    return done


def _require_version(row: Membership | None, act: Act) -> None:
    if (row.version if row else 0) != act.version:
        raise _was_first(row)


def _was_first(row: Membership | None) -> TiduError:
    if row is None:
        return TiduError(STALE, "这条记录刚刚已出库。请刷新后再看。")
    when = f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"
    return TiduError(STALE, f"{row.by_name}已于 {when} 办理，现在是“{row.get_state_display()}”。请刷新后再看。", by=row.by_name)


def _changes(act: Act, finding: Finding | None, row: Membership | None, actor: Actor, at: datetime) -> dict[str, Any]:
    wanted, day = TRANSITIONS[act.key], timezone.localtime(at).date()
    found: dict[str, Any] = {"by_name": actor.name, "at": at}
    if wanted.target:
        found |= {"state": wanted.target, "reason": act.reason.strip()[:300]}
    if act.key == "enter":
        found |= {"entered_on": day, "stage": finding.stage if finding else Stage.RESERVE}
    if act.key == "leave":
        found["left_on"] = day
    if act.key == "stage":
        if act.stage not in Stage.values:
            raise TiduError("no-such-stage", "请选择储备、培育或提升。")
        found["stage"] = act.stage
    if act.key == "guide":
        _require_guide(act.guide, row, actor)
        found["guide"] = act.guide
    return found


def _require_guide(guide: User | None, row: Membership | None, actor: Actor) -> None:
    """A guide is a person with a post in a unit that sees the firm; a subdistrict clerk assigns people of the own unit."""
    if guide is None or row is None:
        raise TiduError("no-such-guide", "请选择一位服务专员。")
    if not guides_for(actor).filter(pk=guide.pk).exists():
        raise NotAllowed("guide-out-of-scope", f"{guide.name}不在可指定的人员里。请选择本单位或牵头局的经办人员。")


def guides_for(actor: Actor) -> Any:
    """People who may be a guide, as the actor may assign them: clerks of bureau, departments, subdistricts."""
    roles = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.SUBDISTRICT_CLERK, Role.DEPARTMENT_CLERK)
    people = User.objects.filter(is_active=True, posts__role__in=roles)
    if not actor.has(*BUREAU):
        paths = actor.paths(Role.SUBDISTRICT_CLERK)
        people = people.filter(posts__unit__path__in=paths)
    return people.distinct().order_by("name", "pk")


def _insert(enterprise: Enterprise, pool: str, changes: Mapping[str, Any]) -> Membership:
    try:
        with transaction.atomic():
            return Membership.objects.create(enterprise=enterprise, pool=pool, **changes)
    except IntegrityError as error:
        row = Membership.objects.filter(enterprise=enterprise, pool=pool, state__in=LIVE).first()
        raise _was_first(row) from error


def _update(row: Membership, changes: Mapping[str, Any]) -> Membership:
    mine = Membership.objects.filter(pk=row.pk, version=row.version, state=row.state)
    if not mine.update(version=row.version + 1, **changes):
        raise _was_first(Membership.objects.get(pk=row.pk))
    row.refresh_from_db()
    return row


def _record(row: Membership, before: str, act: Act, actor: Actor, at: datetime) -> None:
    wanted, pool = TRANSITIONS[act.key], pool_of(row.pool)
    note = act.reason.strip()
    if act.key == "stage":
        note = f"{row.get_stage_display()}。{note}"
    if act.key == "guide" and act.guide is not None:
        note = f"{act.guide.name}。{note}"
    MembershipStep.objects.create(
        membership=row, action=wanted.name, before=before, after=row.state, note=note[:400], by_id=actor.user, by_name=actor.name, at=at
    )
    record_event(
        actor=actor, at=at, action=f"pool.{act.key}", subject=Subject("membership", str(row.pk), f"{row.enterprise.name} · {pool.name}"),
        detail={"pool": row.pool, "firm": row.enterprise.code, "before": before, "after": row.state, "note": note, "version": row.version},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one row of a bulk act."""

    name: str
    done: bool
    sentence: str


def act_on_many(*, actor: Actor, at: datetime, pool: str, rows: Iterable[tuple[Enterprise, int]], act: Act) -> list[RowResult]:
    """The same act for several firms, each in its own transaction: one that is refused does not stop the others."""
    found = []
    for enterprise, version in rows:
        own = Act(act.key, version, act.reason, act.stage, act.guide)
        try:
            row = act_on_membership(actor=actor, at=at, enterprise=enterprise, pool=pool, act=own)
        except TiduError as error:
            found.append(RowResult(enterprise.name, done=False, sentence=error.message))
        else:
            found.append(RowResult(enterprise.name, done=True, sentence=row.get_state_display()))
    return found
