"""Acceptance, correction, joint review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.enterprises.models import Source
from tidu.apps.fulfilment.domain.items import field_name, item_rules
from tidu.apps.fulfilment.domain.moving import Move, move
from tidu.apps.fulfilment.enums import CaseState, Verdict
from tidu.apps.fulfilment.models import Case, Opinion
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

REVIEW_DAYS = 5


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One thing to mend: the field or material by its path in the draft (``account``, ``materials.contract``), what people
    call it, and what is wrong with it.
    """

    field: str
    why: str
    label: str = ""


def accept(*, actor: Actor, at: datetime, case: Case) -> Case:
    """Take a case in; the departments of its item are asked about this version."""
    with transaction.atomic():
        moved = move(actor=actor, at=at, case=case, name="accept", what=Move(changes={"handler_id": actor.user}))
        _ask(moved, at)
    return moved


def resume(*, actor: Actor, at: datetime, case: Case) -> Case:
    """Go on after a correction: the departments are asked again, about the new version."""
    with transaction.atomic():
        moved = move(actor=actor, at=at, case=case, name="resume")
        _ask(moved, at)
    return moved


def _ask(case: Case, at: datetime) -> None:
    rules = item_rules(case.award)
    units = {source.name: source.unit_id for source in Source.objects.filter(name__in=rules.reviewers)}
    nobody = [name for name in rules.reviewers if units.get(name) is None]
    if nobody:
        raise TiduError("reviewer-missing", f"没有单位负责“{'、'.join(nobody)}”。请系统管理员在数据来源里指定单位。")
    submission = case.submissions.get(number=case.submission)
    veto = {units[name] for name in rules.veto}
    due = calendar_in_force().add_workdays(legal_day(at), REVIEW_DAYS)
    for unit in dict.fromkeys(units[name] for name in rules.reviewers):
        Opinion.objects.get_or_create(
            submission=submission, unit_id=unit,
            defaults={"case": case, "may_veto": unit in veto, "due": due, "asked_at": at},
        )  # fmt: skip


def ask_correction(*, actor: Actor, at: datetime, case: Case, items: Sequence[CorrectionItem]) -> Case:
    """Send back with the list of what to mend; only that can be changed."""
    if not items:
        raise TiduError("correction-empty", "请至少选一项要补正的内容，并写明原因。")
    text = "；".join(f"{item.label or field_name(case.award, item.field)}：{item.why}" for item in items)
    draft = {**case.draft, "correction": [asdict(item) for item in items]}
    with transaction.atomic():
        moved = move(actor=actor, at=at, case=case, name="ask-correction", what=Move(text=text, changes={"draft": draft}))
        moved.opinions.filter(void=False).update(void=True)
    return moved


def may_give_opinion(actor: Actor, opinion: Opinion) -> Decision:
    """The department that was asked, while the version it was asked about is in review and it has not answered."""
    decision = actor.may_write(Role.DEPARTMENT_CLERK)
    if decision and not actor.is_system and not any(opinion.unit.path.startswith(path) for path in actor.paths(Role.DEPARTMENT_CLERK)):
        decision = no(f"这条意见请{opinion.unit.name}填写。", "other-unit")
    if decision and (opinion.void or opinion.case.state != CaseState.REVIEWING):
        decision = no("办件已经改动或不在联审中，这条意见不再需要。", "opinion-void")
    return decision


def give_opinion(*, actor: Actor, at: datetime, opinion: Opinion, verdict: Verdict, reason: str) -> Opinion:
    """A department says what it thinks of the version it was asked about; once given it stands."""
    may_give_opinion(actor, opinion).require()
    if verdict in {Verdict.DISAGREE, Verdict.CORRECT} and not reason.strip():
        raise TiduError("reason-missing", f"“{verdict.label}”请写明理由。")
    with transaction.atomic():
        mine = Opinion.objects.filter(pk=opinion.pk, verdict="", void=False)
        if not mine.update(verdict=verdict, reason=reason.strip(), given_at=at, given_by=actor.name):
            opinion.refresh_from_db()
            raise TiduError(
                "opinion-given", f"{opinion.given_by or '有人'}已代表{opinion.unit.name}反馈“{opinion.get_verdict_display()}”。"
            )
        record_event(
            actor=actor, at=at, action="case.opinion", subject=Subject("case", str(opinion.case_id), str(opinion.case)),
            detail={"unit": opinion.unit.code, "verdict": verdict, "reason": reason.strip()},
        )  # fmt: skip
    opinion.refresh_from_db()
    return opinion
