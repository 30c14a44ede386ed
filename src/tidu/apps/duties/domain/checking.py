"""The course of one check: handed in, found, heard, confirmed. One table of moves; the finding is the bureau's, the last word the head's.

An adverse finding does not stand before the firm was heard: it waits until the firm has spoken or its working days are over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_ROLES, Role
from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.duties.domain.handling import keep_lead
from tidu.apps.duties.domain.proofs import Upload, keep_proofs
from tidu.apps.duties.enums import Answer, CampaignState, CheckState, Ground
from tidu.apps.duties.models import Check, DutyStep
from tidu.apps.messages.domain.telling import Note, tell_firms
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

S = CheckState
CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
FIRM = tuple(role for role in Role if role in FIRM_ROLES)
UNITS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD, Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)
HEARING_WORKDAYS = 5
"""How many working days a firm has to answer an adverse finding."""


@dataclass(frozen=True, slots=True)
class CheckMove:
    """One act on a check; ``answers`` are the findings it may give."""

    key: str
    name: str
    sources: tuple[CheckState, ...]
    roles: tuple[Role, ...]
    answers: tuple[Answer, ...] = ()
    words: bool = True
    public: bool = True


MOVES: Mapping[str, CheckMove] = {
    one.key: one
    for one in (
        CheckMove("answer", "反馈核实结果", (S.ASKED,), UNITS, (Answer.MET, Answer.UNMET), public=False),
        CheckMove("hand-in", "提交材料", (S.WAITING, S.MENDING), FIRM),
        CheckMove("find", "提出结论", (S.WAITING, S.HANDED), CLERKS, (Answer.MET, Answer.UNMET, Answer.MEND)),
        CheckMove("state", "提交申辩", (S.FOUND,), FIRM),
        CheckMove("confirm", "确认结论", (S.PROPOSED, S.FOUND, S.STATED), (Role.BUREAU_HEAD,)),
        CheckMove("return", "退回重新核查", (S.PROPOSED, S.FOUND, S.STATED), (Role.BUREAU_HEAD,), public=False),
    )
}


def may_check(actor: Actor, key: str, check: Check, day: date) -> Decision:
    """Whether somebody may do this now, with the reason that a disabled button shows."""
    wanted = MOVES[key]
    if check.state not in wanted.sources:
        return no(f"这项核查现在是“{check.get_state_display()}”，不能“{wanted.name}”。", "wrong-state")
    if check.campaign.state == CampaignState.CLOSED:
        return no(f"“{check.campaign}”已经结束。", "campaign-closed")
    allowed = actor.may_write(*wanted.roles)
    if not allowed:
        return allowed
    if wanted.roles == FIRM and not actor.is_system and check.obligation.case.enterprise_id not in actor.firms:
        return no("这不是您企业的核查。", "other-firm")
    if key == "answer":
        return _asked_of(actor, check)
    if key == "find" and check.state == S.WAITING and check.due is not None and day <= check.due:
        return no(f"企业提交材料的期限到 {check.due.isoformat()} 止，还没有提交。", "proof-running")
    return _may_confirm(actor, check, day) if key == "confirm" else YES


def _asked_of(actor: Actor, check: Check) -> Decision:
    if actor.has(*CLERKS):
        return YES
    unit = check.unit
    if unit is not None and any(unit.path.startswith(path) for path in actor.paths(Role.DEPARTMENT_CLERK, Role.SUBDISTRICT_CLERK)):
        return YES
    return no(f"这项由{unit.short_name if unit is not None else '牵头局'}核实。", "other-unit")


def _may_confirm(actor: Actor, check: Check, day: date) -> Decision:
    if check.finder_id is not None and check.finder_id == actor.user:
        return no("结论是您自己提出的，须由另一位负责人确认。", "second-person")
    if check.state == S.FOUND and check.due is not None and day <= check.due:
        return no(f"企业可以申辩到 {check.due.isoformat()}，期满或申辩后才能确认。", "hearing-running")
    return YES


@dataclass(frozen=True, slots=True)
class Said:
    """What goes with a move: the text, the finding, files of the firm, by when something is to be mended."""

    text: str = ""
    answer: str = ""
    uploads: Sequence[Upload] = ()
    mend_by: date | None = None


def move_check(*, actor: Actor, at: datetime, check: Check, key: str, version: int, said: Said = Said()) -> Check:
    """Take one move from the version looked at. Raises ``NotAllowed``, ``reason-missing``, ``answer-missing``, or ``stale``."""
    wanted, day, text = MOVES[key], legal_day(at), said.text.strip()
    if check.version != version:
        raise _stale(check)
    may_check(actor, key, check, day).require()
    if wanted.words and not text:
        raise TiduError("reason-missing", f"请写明“{wanted.name}”的内容。")
    if wanted.answers and said.answer not in wanted.answers:
        raise TiduError("answer-missing", f"请选择结论：{'、'.join(one.label for one in wanted.answers)}。")
    changes = {"changed_by": actor.name, "changed_at": at, **_changes(actor, check, key, said, day)}
    with transaction.atomic():
        before = check.state
        if not Check.objects.filter(pk=check.pk, version=version, state=before).update(version=F("version") + 1, **changes):
            raise _stale(Check.objects.get(pk=check.pk))
        check.refresh_from_db()
        if said.uploads:
            enterprise = check.obligation.case.enterprise
            check.files.add(*keep_proofs(actor=actor, at=at, enterprise=enterprise, uploads=said.uploads))
        answer = check.get_answer_display()
        name = f"{wanted.name}：{answer}" if key in {"answer", "find", "confirm"} and answer else wanted.name
        DutyStep.objects.create(check_of=check, act=name, text=text, public=wanted.public, by_name=actor.name, at=at)
        record_event(
            actor=actor, at=at, action=f"duty-check.{key}", subject=Subject("duty-check", str(check.pk), str(check)[:120]),
            detail={"before": before, "after": check.state, "text": text, "answer": answer},
        )  # fmt: skip
        _after(actor, at, check, key, text)
    return check


def _changes(actor: Actor, check: Check, key: str, said: Said, day: date) -> dict[str, Any]:
    match key:
        case "answer":
            return {"state": S.DONE, "answer": said.answer, "why": said.text.strip(), "finder_id": actor.user}
        case "hand-in":
            return {"state": S.HANDED, "due": None}
        case "find" if said.answer == Answer.MET:
            return {"state": S.PROPOSED, "answer": said.answer, "why": said.text.strip(), "finder_id": actor.user, "due": None}
        case "find":
            until = calendar_in_force().add_workdays(day, HEARING_WORKDAYS)
            return {"state": S.FOUND, "answer": said.answer, "why": said.text.strip(), "finder_id": actor.user, "due": until}
        case "state":
            return {"state": S.STATED, "due": None}
        case "confirm" if check.answer == Answer.MEND:
            if said.mend_by is None or said.mend_by <= day:
                raise TiduError("mend-by-missing", "请填写今天以后的整改期限。")
            return {"state": S.MENDING, "due": said.mend_by, "answer": ""}
        case "confirm":
            return {"state": S.DONE, "due": None}
        case _:
            return {"state": S.HANDED, "answer": "", "finder_id": None, "due": None}


def _after(actor: Actor, at: datetime, check: Check, key: str, text: str) -> None:
    """What the firm hears, and the lead that follows from a check that found a breach."""
    case = check.obligation.case
    if check.state == S.DONE and check.answer == Answer.UNMET:
        ground = f"{check.campaign}：{case.title}，结论不符合。{check.why}"
        keep_lead(actor=actor, at=at, enterprise=case.enterprise, ground=Ground.CHECKED, mark=f"check:{check.pk}", text=ground)
    words = {
        "find": f"拟定结论“{check.get_answer_display()}”：{text}。" + (f"您可以在 {check.due.isoformat()} 前申辩。" if check.due else ""),
        "confirm": f"须在 {check.due.isoformat()} 前整改：{text}。"
        if check.state == S.MENDING and check.due
        else f"结论“{check.get_answer_display()}”：{text}。",
    }.get(key)
    if words:
        href = f"/portal/{case.enterprise.code}/duties/checks/{check.pk}/"
        tell_firms(
            at=at,
            notes=[Note(case.enterprise_id, f"duty-check.{key}", str(check.campaign), f"“{case.title}”（{case.number}）{words}", href)],
        )


def _stale(check: Check) -> TiduError:
    when = f"{timezone.localtime(check.changed_at):%Y-%m-%d %H:%M}"
    who = check.changed_by or "系统"
    return TiduError("stale", f"{who}已于 {when} 办理，现在是“{check.get_state_display()}”。请刷新后再看。", by=who)
