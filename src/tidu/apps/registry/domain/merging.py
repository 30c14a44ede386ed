"""Two entries that are one firm: preview, proposal, confirmation by a second person, and taking it back exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.domain.facts_in_force import refresh_facts
from tidu.apps.enterprises.enums import NameKind
from tidu.apps.enterprises.models import Enterprise, NameRecord
from tidu.apps.registry.domain.hanging import MADE, MOVE, Hanging, hanging
from tidu.apps.registry.enums import MergeState
from tidu.apps.registry.models import KEEPERS, Merge
from tidu.kernel.errors import TiduError

NAMES = "names"
AT_ONCE = 500


def firm_subject(enterprise: Enterprise) -> Subject:
    """A firm as the audit names it."""
    return Subject("firm", enterprise.code, enterprise.name)


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of the rows of one relation: how many go over, how many stay because the kept firm has the same."""

    title: str
    moves: int
    stays: int
    note: str


def preview(kept: Enterprise, gone: Enterprise) -> list[Line]:
    """What a merge would move, relation by relation; nothing is changed."""
    found = [Line("名称（成为别名）", len(_new_names(kept, gone)), 0, "")]
    for one in hanging():
        rows = one.rows(gone.pk).count()
        if not rows:
            continue
        if one.how == MOVE:
            alike = len(_alike(one, kept, gone))
            found.append(Line(one.title, rows - alike, alike, "保留的企业已有同样内容的，不移" if alike else ""))
        elif one.how != MADE:
            found.append(Line(one.title, 0, rows, "留在原处备查"))
    return found


def may_merge(kept: Enterprise, gone: Enterprise, actor: Actor) -> Decision:
    """Whether these two may be merged: by those who keep the registry, both in the registry, no open cases on the one that goes."""
    allowed = actor.may_write(*KEEPERS)
    if not allowed:
        return allowed
    if kept.pk == gone.pk:
        return no("请选择两家不同的企业。", "same-firm")
    for firm in (kept, gone):
        if firm.merged_into_id is not None:
            return no(f"{firm.name}（{firm.code}）已经并入别的企业。", "already-merged")
    waiting = [text for one in hanging() if one.open is not None for firm in (kept, gone) if (text := one.open(firm))]
    if waiting:
        return no(f"还有没有办完的事：{'、'.join(waiting)}。办完以后才能合并。", "open-cases")
    return YES


def propose_merge(*, actor: Actor, at: datetime, kept: Enterprise, gone: Enterprise, reason: str) -> Merge:
    """Propose that ``gone`` becomes part of ``kept``. Raises the reason of a refusal, ``reason-needed`` or ``merge-proposed``."""
    may_merge(kept, gone, actor).require()
    if len(reason.strip()) < 2:
        raise TiduError("reason-needed", "请写明为什么是同一家企业（例如：代码更正、重复登记）。")
    try:
        with transaction.atomic():
            merge = Merge.objects.create(
                kept=kept, gone=gone, reason=reason.strip()[:1000], proposed_by_id=actor.user, proposed_at=at, changed_by_name=actor.name, changed_at=at
            )  # fmt: skip
            _record(actor, at, "firm.merge-proposed", merge, {"reason": merge.reason})
    except IntegrityError as error:
        other = Merge.objects.filter(gone=gone, state=MergeState.PROPOSED).select_related("kept").first()
        if other is None:
            raise
        raise TiduError("merge-proposed", f"{other.changed_by_name}已提出把这家企业并入{other.kept.name}，等待复核。") from error
    return merge


def may_decide(merge: Merge, actor: Actor) -> Decision:
    """A second person confirms: not the one who proposed."""
    if merge.state != MergeState.PROPOSED:
        return no(f"这次合并现在是“{merge.get_state_display()}”。", "wrong-state")
    allowed = actor.may_write(*KEEPERS)
    if not allowed:
        return allowed
    if merge.proposed_by_id == actor.user:
        return no("合并须由另一个人复核，您是提出人。", "same-person")
    return may_merge(merge.kept, merge.gone, actor)


def confirm_merge(*, actor: Actor, at: datetime, merge: Merge, version: int) -> None:
    """Carry it out: names become aliases, rows go over, facts are worked out anew, the old code leads to the kept firm."""
    may_decide(merge, actor).require()
    kept, gone = merge.kept, merge.gone
    with transaction.atomic():
        _claim(merge, version, actor, at, MergeState.CONFIRMED)
        moved: dict[str, Any] = {NAMES: _take_names(kept, gone)}
        for one in hanging():
            if one.how == MOVE:
                alike = _alike(one, kept, gone)
                rows = [pk for pk in one.rows(gone.pk).values_list("pk", flat=True) if pk not in alike]
                _point(one, rows, kept)
                if rows:
                    moved[one.key] = rows
        if not Enterprise.objects.filter(pk=gone.pk, merged_into=None, version=gone.version).update(
            merged_into=kept, version=F("version") + 1
        ):
            raise TiduError("changed-meanwhile", f"{gone.name}刚刚被别人改过，没有合并。请刷新后再试。")
        Merge.objects.filter(pk=merge.pk).update(moved=moved)
        refresh_facts([kept.pk, gone.pk])
        counts = {key: len(rows) for key, rows in moved.items()}
        _record(actor, at, "firm.merged", merge, {"moved": counts, "proposed_by": merge.proposed_by_id})
    merge.refresh_from_db()


def refuse_merge(*, actor: Actor, at: datetime, merge: Merge, version: int, reason: str) -> None:
    """The second person says no; the proposer may also take the proposal back."""
    if merge.proposed_by_id != actor.user:
        actor.may_write(*KEEPERS).require()
    if merge.state != MergeState.PROPOSED:
        no(f"这次合并现在是“{merge.get_state_display()}”。", "wrong-state").require()
    if not reason.strip():
        raise TiduError("reason-needed", "请写明理由。")
    with transaction.atomic():
        _claim(merge, version, actor, at, MergeState.REFUSED, decision=reason.strip()[:1000])
        _record(actor, at, "firm.merge-refused", merge, {"reason": reason.strip()[:1000]})


def may_unmerge(merge: Merge, actor: Actor) -> Decision:
    """Whether a merge can be taken back exactly: every row that went over still stands with the kept firm."""
    if merge.state != MergeState.CONFIRMED:
        return no(f"这次合并现在是“{merge.get_state_display()}”。", "wrong-state")
    allowed = actor.may_write(*KEEPERS)
    if not allowed:
        return allowed
    if merge.decided_by_id == actor.user and merge.proposed_by_id == actor.user:
        return no("须由另一个人办理。", "same-person")
    if merge.kept.merged_into_id is not None:
        return no(f"{merge.kept.name}后来又并入了别的企业，请先拆回那一次。", "merged-on")
    for one in hanging():
        rows = merge.moved.get(one.key, ())
        if rows and _standing(one, rows, merge.kept.pk) != len(rows):
            return no(f"合并后有“{one.title}”被改动或移走，不能原样拆回。请按新情况分别更正。", "rows-gone")
    made = merge.moved.get(NAMES, ())
    if NameRecord.objects.filter(pk__in=made, enterprise=merge.kept, kind=NameKind.ALIAS).count() != len(made):
        return no("合并后别名被改过，不能原样拆回。请按新情况分别更正。", "names-changed")
    return YES


def unmerge(*, actor: Actor, at: datetime, merge: Merge, version: int, reason: str) -> None:
    """Take a merge back: the rows that went over return; what arrived for the kept firm since stays there."""
    may_unmerge(merge, actor).require()
    if not reason.strip():
        raise TiduError("reason-needed", "请写明为什么拆回。")
    with transaction.atomic():
        _claim(merge, version, actor, at, MergeState.UNDONE, decision=reason.strip()[:1000])
        NameRecord.objects.filter(pk__in=merge.moved.get(NAMES, ())).delete()
        for one in hanging():
            _point(one, merge.moved.get(one.key, ()), merge.gone)
        Enterprise.objects.filter(pk=merge.gone_id).update(merged_into=None, version=F("version") + 1)
        refresh_facts([merge.kept_id, merge.gone_id])
        _record(actor, at, "firm.unmerged", merge, {"reason": reason.strip()[:1000]})


def _claim(merge: Merge, version: int, actor: Actor, at: datetime, state: MergeState, **more: Any) -> None:
    mine = Merge.objects.filter(pk=merge.pk, state=merge.state, version=version)
    changed = {"decided_by_id": actor.user, "decided_at": at, "changed_by_name": actor.name, "changed_at": at}
    if not mine.update(state=state, version=F("version") + 1, **changed, **more):
        now = Merge.objects.get(pk=merge.pk)
        when = timezone.localtime(now.changed_at)
        raise TiduError("moved-meanwhile", f"{now.changed_by_name}已于 {when:%Y-%m-%d %H:%M} 办理过，现在是“{now.get_state_display()}”。")


def _record(actor: Actor, at: datetime, action: str, merge: Merge, detail: dict[str, Any]) -> None:
    for firm, other in ((merge.kept, merge.gone), (merge.gone, merge.kept)):
        record_event(
            actor=actor, at=at, action=action, subject=firm_subject(firm), detail={**detail, "merge": merge.pk, "other": other.code}
        )


def _new_names(kept: Enterprise, gone: Enterprise) -> list[NameRecord]:
    known = set(NameRecord.objects.filter(enterprise=kept).values_list("folded", flat=True))
    return [name for name in NameRecord.objects.filter(enterprise=gone).order_by("pk") if name.folded not in known]


def _take_names(kept: Enterprise, gone: Enterprise) -> list[int]:
    """The names of the firm that goes, as aliases of the one that is kept; its own entry keeps them too."""
    return [
        NameRecord.objects.create(enterprise=kept, name=name.name, folded=name.folded, kind=NameKind.ALIAS, since=name.since).pk
        for name in _new_names(kept, gone)
    ]


def _alike(one: Hanging, kept: Enterprise, gone: Enterprise) -> set[int]:
    """Rows of the firm that goes whose like the kept firm has."""
    found: set[int] = set()
    for fields, spoken_of in one.likenesses:
        there, here = one.rows(kept.pk).filter(spoken_of), one.rows(gone.pk).filter(spoken_of)
        known = set(there.values_list(*(fields or ("pk",))))
        if fields:
            found |= {pk for pk, *rest in here.values_list("pk", *fields) if tuple(rest) in known}
        elif known:
            found |= set(here.values_list("pk", flat=True))
    return found


def _point(one: Hanging, rows: Any, firm: Enterprise) -> None:
    listed = list(rows)
    for start in range(0, len(listed), AT_ONCE):
        one.table._default_manager.filter(pk__in=listed[start : start + AT_ONCE]).update(**{one.field: firm})


def _standing(one: Hanging, rows: Any, firm: int) -> int:
    listed = list(rows)
    return sum(one.rows(firm).filter(pk__in=listed[start : start + AT_ONCE]).count() for start in range(0, len(listed), AT_ONCE))
