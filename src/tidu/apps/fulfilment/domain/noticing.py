"""Public notice: drafted from a batch, published for working days, objections to single rows, closed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.audit.digests import sm3
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.fulfilment.domain.deciding import RowResult, free
from tidu.apps.fulfilment.domain.guards import notice_running
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.moving import Move, move, move_together
from tidu.apps.fulfilment.domain.notice_rights import may_edit_notice
from tidu.apps.fulfilment.domain.telling_officials import tell_objection
from tidu.apps.fulfilment.enums import CaseState, NoticeState, ObjectionState
from tidu.apps.fulfilment.models import Case, Notice, Objection
from tidu.apps.sealing import seal
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day
from tidu.kernel.settlement_words import money


def draft_notice(*, actor: Actor, at: datetime, title: str, body: str, contact: str, cases: Sequence[Case]) -> Notice:
    """A notice of decided cases: firm, item, amount and clause, and nothing else of the firm."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    ready = [case for case in cases if case.state == CaseState.DECIDED and case.notice_id is None]
    if not ready:
        raise TiduError("notice-empty", "没有可以公示的办件：须是会审同意、还没有列入公示的。")
    days = max(item_rules(case.award).notice_days for case in ready)
    with transaction.atomic():
        notice = Notice.objects.create(
            **notice_words(title, body, contact), days=days, created_at=at, rows=[row_of(case) for case in ready]
        )
        taken = Case.objects.filter(pk__in=[case.pk for case in ready], state=CaseState.DECIDED, notice=None)
        if taken.update(notice=notice, version=F("version") + 1) != len(ready):
            raise TiduError("case-changed", "有办件刚刚被别人列入公示。请刷新后再办理。")
        record_event(
            actor=actor,
            at=at,
            action="notice.drafted",
            subject=Subject("notice", str(notice.pk), notice.title),
            detail={"rows": len(ready)},
        )
    return notice


def row_of(case: Case) -> dict[str, str | int]:
    """What a notice says of a case."""
    return {
        "case": case.pk, "firm": case.enterprise.name, "code": case.enterprise.code, "title": case.title, "item": case.item,
        "clause": case.clause, "payer": case.payer, "amount": money(case.amount or 0),
    }  # fmt: skip


def notice_words(title: str, body: str, contact: str) -> dict[str, str]:
    """What a person typed, trimmed; raises ``notice-words`` naming what is missing or too long."""
    given = {"title": title.strip(), "body": body.replace("\r\n", "\n").strip(), "contact": contact.strip()}
    names = {"title": ("标题", 200), "body": ("正文", 8000), "contact": ("联系方式", 200)}
    lacking = [names[key][0] for key, value in given.items() if not value]
    if lacking:
        raise TiduError("notice-words", f"请填写公示的{'、'.join(lacking)}。")
    for key, value in given.items():
        if len(value) > names[key][1]:
            raise TiduError("notice-words", f"公示的{names[key][0]}有 {len(value):,} 字，最多 {names[key][1]:,} 字。请删减。")
    return given


def reword_notice(*, actor: Actor, at: datetime, notice: Notice, title: str, body: str, contact: str) -> Notice:
    """Change the words of a draft from the version that ``notice`` is; the list of rows is not typed by anybody."""
    may_edit_notice(actor, notice).require()
    words = notice_words(title, body, contact)
    before = {"title": notice.title, "body": notice.body, "contact": notice.contact}
    if words == before:
        raise TiduError("nothing-changed", "标题、正文、联系方式都没有改动。")
    with transaction.atomic():
        mine = Notice.objects.filter(pk=notice.pk, version=notice.version, state=NoticeState.DRAFT)
        if not mine.update(version=F("version") + 1, **words):
            raise TiduError("notice-changed", f"“{notice.title}”已由别人发布或改动。请刷新后再办理。")
        record_event(
            actor=actor, at=at, action="notice.reworded", subject=Subject("notice", str(notice.pk), words["title"]),
            detail={"before": before, "after": words},
        )  # fmt: skip
    notice.refresh_from_db()
    return notice


def drop_notice(*, actor: Actor, at: datetime, notice: Notice, reason: str) -> Notice:
    """Give up a draft; its cases are free for another notice."""
    may_edit_notice(actor, notice).require()
    if not reason.strip():
        raise TiduError("reason-missing", "请写明作废公示稿的理由。")
    with transaction.atomic():
        mine = Notice.objects.filter(pk=notice.pk, version=notice.version, state=NoticeState.DRAFT)
        if not mine.update(state=NoticeState.DROPPED, version=F("version") + 1):
            raise TiduError("notice-changed", f"“{notice.title}”已由别人发布或改动。请刷新后再办理。")
        freed = Case.objects.filter(notice=notice, state=CaseState.DECIDED).update(notice=None, version=F("version") + 1)
        record_event(
            actor=actor, at=at, action="notice.dropped", subject=Subject("notice", str(notice.pk), notice.title),
            detail={"reason": reason.strip(), "rows": freed},
        )  # fmt: skip
    notice.refresh_from_db()
    return notice


def publish_notice(*, actor: Actor, at: datetime, notice: Notice) -> Notice:
    """Publish: the period runs from the next day for so many working days; all cases move or none."""
    actor.may_write(Role.BUREAU_HEAD).require()
    until = calendar_in_force().add_workdays(legal_day(at), notice.days)
    with transaction.atomic():
        cases = list(Case.objects.filter(notice=notice, state=CaseState.DECIDED).select_related("enterprise").order_by("pk"))
        # whoever was taken back since the draft is not shown to the public
        still = {case.pk for case in cases}
        rows = [row for row in notice.rows if row["case"] in still]
        digest = sm3(json.dumps([notice.title, notice.body, rows], ensure_ascii=False, sort_keys=True).encode())
        mine = Notice.objects.filter(pk=notice.pk, version=notice.version, state=NoticeState.DRAFT)
        if not mine.update(
            state=NoticeState.PUBLISHED, published_on=legal_day(at), until=until, digest=digest, rows=rows, version=F("version") + 1
        ):  # fmt: skip
            raise TiduError("notice-changed", f"“{notice.title}”已由别人发布或改动。请刷新后再办理。")
        if not rows:
            raise TiduError("notice-empty", f"“{notice.title}”里的办件都已取消支持，没有可以公示的。请作废这份公示稿。")
        move_together(actor=actor, at=at, cases=cases, name="publish", what=Move(due=until))
        record_event(
            actor=actor,
            at=at,
            action="notice.published",
            subject=Subject("notice", str(notice.pk), notice.title),
            detail={"digest": digest},
        )
    notice.refresh_from_db()
    return notice


def receive_objection(*, actor: Actor, at: datetime, notice: Notice, case: Case, text: str, raised_by: str) -> Objection:
    """An objection stops its row; the others go on. Who raised it is kept sealed."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    if not text.strip():
        raise TiduError("objection-empty", "请填写异议内容。")
    if notice.until is None or legal_day(at) > notice.until or case.notice_id != notice.pk:
        raise TiduError("objection-late", "公示期已过，或者办件不在这份公示里。公示期满后的反映请按举报线索登记。")
    with transaction.atomic():
        found = Objection.objects.create(
            notice=notice, case=case, text=text.strip(), raised_by=seal(raised_by.strip(), "objector"), received_at=at
        )
        if case.state == CaseState.NOTICED:
            move(actor=actor, at=at, case=case, name="object", what=Move(follows=True))
        record_event(actor=actor, at=at, action="objection.received", subject=Subject("case", str(case.pk), str(case)))
        tell_objection(actor=actor, at=at, objection=found)
    return found


def answer_objection(*, actor: Actor, at: datetime, objection: Objection, upheld: bool, answer: str) -> Objection:
    """Answer an objection. Upheld: the row is refused and its money free again. Dismissed: the row goes on, where no other is open."""
    actor.may_write(Role.BUREAU_HEAD).require()
    if not answer.strip():
        raise TiduError("answer-missing", "请写明核查情况和答复。")
    state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    with transaction.atomic():
        mine = Objection.objects.filter(pk=objection.pk, state=ObjectionState.OPEN)
        if not mine.update(state=state, answer=answer.strip(), answered_at=at):
            raise TiduError("objection-answered", "这条异议已经答复。请刷新。")
        case = Case.objects.select_related("enterprise").get(pk=objection.case_id)
        if upheld and case.state == CaseState.OBJECTED:
            moved = move(actor=actor, at=at, case=case, name="uphold", what=Move(text=answer, follows=True))
            free(moved)
            moved.objections.filter(state=ObjectionState.OPEN).update(state=ObjectionState.UPHELD, answer=answer.strip(), answered_at=at)
        elif case.state == CaseState.OBJECTED and not case.objections.filter(state=ObjectionState.OPEN).exists():
            move(actor=actor, at=at, case=case, name="dismiss", what=Move(text=answer, due=case.notice.until, follows=True))
        record_event(
            actor=actor, at=at, action="objection.answered", subject=Subject("case", str(case.pk), str(case)), detail={"upheld": upheld}
        )
    objection.refresh_from_db()
    return objection


def close_notice(*, actor: Actor, at: datetime, notice: Notice) -> list[RowResult]:
    """After the last day: every row without an open objection is cleared; the rest says why it waits. May be repeated."""
    actor.may_write(Role.BUREAU_CLERK, Role.BUREAU_HEAD).require()
    with transaction.atomic():
        waiting = list(Case.objects.filter(notice=notice, state__in=(CaseState.NOTICED, CaseState.OBJECTED)).select_related("enterprise"))
        running = notice_running(notice, legal_day(at)).reason
        # the objection is told before the clock, since only it needs an act
        objected = "有异议正在核查，答复后才能继续。"
        reasons = {case.pk: why for case in waiting if (why := objected if case.state == CaseState.OBJECTED else running)}
        results = [RowResult(case, False, reasons[case.pk]) for case in waiting if case.pk in reasons]
        cleared = move_together(actor=actor, at=at, cases=[case for case in waiting if case.pk not in reasons], name="clear")
        results += [RowResult(case, True) for case in cleared]
        closed = 0
        if all(one.done for one in results):
            closed = Notice.objects.filter(pk=notice.pk, state=NoticeState.PUBLISHED, until__lt=legal_day(at)).update(
                state=NoticeState.CLOSED, closed_at=at, version=F("version") + 1
            )
        if closed or any(one.done for one in results):
            record_event(
                actor=actor, at=at, action="notice.closed", subject=Subject("notice", str(notice.pk), notice.title),
                detail={"cleared": sum(one.done for one in results), "waiting": sum(not one.done for one in results)},
            )  # fmt: skip
    notice.refresh_from_db()
    return results
