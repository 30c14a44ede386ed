"""What a firm declares itself: once a year that it still stays, and a change before it happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.accounts.enums import FIRM_SIGNERS, Role
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.duties.domain.handling import keep_lead
from tidu.apps.duties.domain.proofs import Upload, keep_proofs
from tidu.apps.duties.enums import RELATIONS, Ground, ReportState
from tidu.apps.duties.models import ChangeReport, SelfCheck
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.fulfilment.models import Obligation
from tidu.apps.messages.domain.telling import Note, tell_firms
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

FIRM = tuple(role for role in Role if role in FIRM_SIGNERS)
CLERKS = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
LONGEST_PLACE = 120


def may_declare(actor: Actor, enterprise: Enterprise) -> Decision:
    """Whether somebody may declare for a firm, and whether it owes anything to declare about."""
    allowed = actor.may_write(*FIRM)
    if not allowed:
        return allowed
    if not actor.is_system and enterprise.pk not in actor.firms_as(*FIRM):
        return no("不能替别的企业申报。", "other-firm")
    if not Obligation.objects.filter(case__enterprise=enterprise).exists():
        return no("您的企业还没有到账的奖补资金，没有承诺义务，不用自查和报备。", "no-obligation")
    return YES


def self_check(
    *, actor: Actor, at: datetime, enterprise: Enterprise, year: int, answers: Mapping[str, bool], note: str,
    uploads: Sequence[Upload] = (),
) -> SelfCheck:  # fmt: skip
    """The firm's answer for a year. What is no longer in the district becomes a lead; a later answer of the year holds."""
    may_declare(actor, enterprise).require()
    day = legal_day(at)
    if not day.year - 1 <= year <= day.year:
        raise TiduError("year-not-open", f"现在可以自查 {day.year - 1} 年度和 {day.year} 年度，不能填写 {year} 年度。")
    lacking = [name for name in RELATIONS if name not in answers]
    if lacking:
        raise TiduError("answer-missing", f"请回答{'、'.join(lacking)}是否仍在本区。")
    gone = [name for name in RELATIONS if not answers[name]]
    if gone and not note.strip():
        raise TiduError("reason-missing", f"{'、'.join(gone)}已不在本区，请写明何时、迁往何处、为什么。")
    try:
        with transaction.atomic():
            number = (SelfCheck.objects.filter(enterprise=enterprise, year=year).aggregate(last=Max("number"))["last"] or 0) + 1
            told = {name: bool(answers[name]) for name in RELATIONS}
            made = SelfCheck.objects.create(
                enterprise=enterprise, year=year, number=number, answers=told, note=note.strip(), by_name=actor.name, at=at
            )
            files = keep_proofs(actor=actor, at=at, enterprise=enterprise, uploads=uploads)
            made.files.set(files)
            record_event(
                actor=actor, at=at, action="duty.self-checked", subject=Subject("self-check", str(made.pk), f"{enterprise.name} {year} 年度自查"),
                detail={"year": year, "answer": "、".join(gone) + "已不在本区" if gone else "仍在本区", "files": len(files)},
            )  # fmt: skip
            if gone:
                text = f"{year} 年度自查：{'、'.join(gone)}已不在本区。{note.strip()}"
                mark = f"self-check:{year}:{','.join(gone)}"
                keep_lead(actor=actor, at=at, enterprise=enterprise, ground=Ground.REPORTED, mark=mark, text=text)
    except IntegrityError as error:
        raise TiduError("stale", "您企业的另一位经办人刚刚提交了这一年度的自查。请刷新后再看。") from error
    return made


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a firm intends."""

    relations: Sequence[str]
    to: str
    planned_on: date
    reason: str
    uploads: Sequence[Upload] = ()


def report_change(*, actor: Actor, at: datetime, enterprise: Enterprise, change: Change) -> ChangeReport:
    """A change of registration, tax or statistics, told beforehand; the bureau has a lead to look at and answers."""
    may_declare(actor, enterprise).require()
    relations = [name for name in RELATIONS if name in change.relations]
    if not relations:
        raise TiduError("relation-missing", "请勾选拟变更的关系：注册地、纳税或统计。")
    if not change.to.strip() or not change.reason.strip():
        raise TiduError("text-missing", "请填写拟迁往的地方和原因。")
    if change.planned_on <= legal_day(at):
        raise TiduError("day-passed", f"拟变更日期 {change.planned_on.isoformat()} 须在今天以后；已经变更的，请在年度自查里说明。")
    with transaction.atomic():
        made = ChangeReport.objects.create(
            enterprise=enterprise, relations=relations, to=change.to.strip()[:LONGEST_PLACE], planned_on=change.planned_on,
            reason=change.reason.strip(), by_name=actor.name, at=at,
        )  # fmt: skip
        files = keep_proofs(actor=actor, at=at, enterprise=enterprise, uploads=change.uploads)
        made.files.set(files)
        record_event(
            actor=actor, at=at, action="duty.change-reported", subject=_subject(made),
            detail={"kind": "、".join(relations), "to": made.to, "day": made.planned_on.isoformat(), "text": made.reason},
        )  # fmt: skip
        text = f"报备拟于 {made.planned_on.isoformat()} 将{'、'.join(relations)}迁往{made.to}：{made.reason}"
        keep_lead(actor=actor, at=at, enterprise=enterprise, ground=Ground.REPORTED, mark=f"report:{made.pk}", text=text)
    return made


def answer_change(*, actor: Actor, at: datetime, report: ChangeReport, version: int, text: str) -> ChangeReport:
    """The bureau's answer: what the change would mean for the money received."""
    actor.may_write(*CLERKS).require()
    if not text.strip():
        raise TiduError("reason-missing", "请写明答复：变更对已领取资金的影响、企业应当怎么做。")
    with transaction.atomic():
        mine = ChangeReport.objects.filter(pk=report.pk, version=version, state=ReportState.FILED)
        if not mine.update(
            state=ReportState.ANSWERED, answer=text.strip(), answered_by=actor.name, answered_at=at, version=F("version") + 1
        ):
            raise _stale(report)
        report.refresh_from_db()
        record_event(actor=actor, at=at, action="duty.change-answered", subject=_subject(report), detail={"text": text.strip()})
        tell_firms(at=at, notes=[Note(report.enterprise_id, "duty.change-answered", "变更报备已答复", text.strip())])
    return report


def withdraw_change(*, actor: Actor, at: datetime, report: ChangeReport, version: int) -> ChangeReport:
    """The firm stays after all."""
    may_declare(actor, report.enterprise).require()
    with transaction.atomic():
        mine = ChangeReport.objects.filter(pk=report.pk, version=version, state=ReportState.FILED)
        if not mine.update(state=ReportState.WITHDRAWN, version=F("version") + 1):
            raise _stale(report)
        report.refresh_from_db()
        record_event(actor=actor, at=at, action="duty.change-withdrawn", subject=_subject(report))
    return report


def _subject(report: ChangeReport) -> Subject:
    return Subject("change-report", str(report.pk), f"{report.enterprise.name} 变更报备")


def _stale(report: ChangeReport) -> TiduError:
    report.refresh_from_db()
    return TiduError("stale", f"这份报备现在是“{report.get_state_display()}”，刚刚已被办理。请刷新后再看。")
