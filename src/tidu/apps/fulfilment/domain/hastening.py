"""Hastening a department that is late with its opinion: an internal line of the timeline and a message to its clerks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case, Opinion, Step
from tidu.apps.messages.domain.telling import tell_person
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

ACT = "hasten"


def may_hasten(actor: Actor, opinion: Opinion) -> Decision:
    """The bureau hastens who has not answered; nobody else does, and nobody who has answered is hastened."""
    allowed = actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD)
    if not allowed:
        return allowed
    if opinion.void or opinion.verdict or opinion.case.state != CaseState.REVIEWING:
        return no("这个部门已经反馈，或者办件已不在联审中，不用再催。", "nothing-to-hasten")
    return YES


def hasten(*, actor: Actor, at: datetime, opinion: Opinion) -> int:
    """Ask a department again; returns how many people were told. Once a day per department (``hastened-today``)."""
    may_hasten(actor, opinion).require()
    day = legal_day(at)
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=opinion.case_id)
        earlier = Step.objects.filter(case=case, act=ACT).order_by("-pk")
        if any(step.detail.get("unit") == opinion.unit.code and legal_day(step.at) == day for step in earlier):
            raise TiduError("hastened-today", f"今天已经催过{opinion.unit.name}，一天催一次。急的请打电话。")
        text = f"请{opinion.unit.name}反馈联审意见，期限 {opinion.due.isoformat()}。"
        Step.objects.create(
            case=case, at=at, actor_name=actor.name, actor_id_number=actor.user, act=ACT, before=case.state, after=case.state,
            public=False, text=text, detail={"unit": opinion.unit.code},
        )  # fmt: skip
        record_event(
            actor=actor, at=at, action="case.hastened", subject=Subject("case", str(case.pk), str(case)), detail={"unit": opinion.unit.code}
        )
        told = _clerks(opinion, at)
        for user in told:
            tell_person(
                at=at,
                user=user,
                occasion="opinion.hastened",
                title="请反馈联审意见",
                text=f"“{case.title}”（{case.number or '未编号'}）：{text}",
            )
    return len(told)


def _clerks(opinion: Opinion, at: datetime) -> list[int]:
    posts = Post.objects.filter(role=Role.DEPARTMENT_CLERK, unit=opinion.unit_id, user__is_active=True).held_on(legal_day(at))
    return sorted(set(posts.values_list("user", flat=True)))
