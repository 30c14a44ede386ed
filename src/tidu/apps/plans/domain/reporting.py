"""Reports by period: a unit hands in, the bureau accepts or returns. Every version stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from tidu.apps.accounts.actors import Actor
from tidu.apps.audit.domain.chain import record_event
from tidu.apps.materials.models import StoredFile
from tidu.apps.plans.domain.guards import REPORTING, may_judge, may_report
from tidu.apps.plans.domain.moving import require_reason, share_changed, share_subject, step_of, tell
from tidu.apps.plans.domain.standing import periods_of_task
from tidu.apps.plans.domain.transitions import BY_NAME, Transition, step_label
from tidu.apps.plans.enums import ReportState
from tidu.apps.plans.models import Assignment, PlanReport, PlanStep, ReportVersion
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Handed:
    """What a unit hands in: words, a decimal number for every measure of the task, files of the unit."""

    text: str
    figures: Mapping[str, str] = field(default_factory=dict)
    files: tuple[StoredFile, ...] = ()


def hand_in(*, actor: Actor, at: datetime, share: Assignment, period: str, handed: Handed) -> PlanReport:
    """Hand in, or hand in again after a return. Raises ``NotAllowed`` with the reason, ``text-missing``, ``bad-figures``,
    ``bad-files``, ``report-changed``, ``share-changed``.
    """
    found = PlanReport.objects.filter(assignment=share, period=period).first()
    may_report(share, actor, period, legal_day(at), found.state if found else ReportState.OPEN).require()
    _check(share, handed)
    row = BY_NAME["report"]
    try:
        with transaction.atomic():
            held = Assignment.objects.select_for_update().get(pk=share.pk)
            if held.state not in REPORTING:  # closed or withdrawn since the page was opened
                raise share_changed(share)
            report = found or PlanReport.objects.create(assignment=share, period=period)
            before = _move(report, row)
            number = report.versions.count() + 1
            version = ReportVersion.objects.create(
                report=report,
                number=number,
                text=handed.text.strip(),
                figures=dict(handed.figures),
                at=at,
                by=actor.user,
                by_name=actor.name,
            )
            version.files.set(handed.files)
            _record(actor, at, report, row, before, "")
    except IntegrityError as error:  # a colleague handed in the first version at the same moment
        raise report_changed(PlanReport.objects.get(assignment=share, period=period)) from error
    return report


def judge_report(*, actor: Actor, at: datetime, report: PlanReport, name: str, text: str = "") -> PlanReport:
    """Accept or return (``name`` of the table) the version that ``report`` is. Raises ``NotAllowed``, ``reason-missing``, ``report-changed``."""
    row = BY_NAME[name]
    may_judge(report, actor, name).require()
    require_reason(row, text)
    with transaction.atomic():
        before = _move(report, row)
        _record(actor, at, report, row, before, text)
    return report


def _move(report: PlanReport, row: Transition) -> str:
    before = report.state
    mine = PlanReport.objects.filter(pk=report.pk, version=report.version, state__in=[before] if before in row.sources else [])
    if not mine.update(state=row.target, version=F("version") + 1):
        raise report_changed(report)
    report.refresh_from_db(fields=("state", "version"))
    return before


def _record(actor: Actor, at: datetime, report: PlanReport, row: Transition, before: str, text: str) -> None:
    share = report.assignment
    step = step_of(actor, at, share, row.name, before=before, after=report.state, turn=report.version, text=text, period=report.period)
    step.save(force_insert=True)
    detail = {"before": before, "after": report.state, "text": text, "period": report.period}
    record_event(actor=actor, at=at, action=f"plan.{row.name}", subject=share_subject(share), detail=detail)
    label = next(one.label for one in periods_of_task(share.task) if one.key == report.period)
    tell(actor, at, share, row, text=text, period=label)


def _check(share: Assignment, handed: Handed) -> None:
    if not handed.text.strip():
        raise TiduError("text-missing", "请写明本期进展。")
    names = {one["id"]: one["name"] for one in share.task.measures}
    strange = [key for key in handed.figures if key not in names]
    lacking = [name for key, name in names.items() if key not in handed.figures]
    wrong = [f"{names[key]}“{value}”" for key, value in handed.figures.items() if key in names and not NUMBER.fullmatch(value)]
    if strange or lacking or wrong:
        told = [*(f"没有“{one}”这个指标" for one in strange), *(f"{one}没有填" for one in lacking), *(f"{one}不是数字" for one in wrong)]
        raise TiduError("bad-figures", f"{'；'.join(told)}。数字只写阿拉伯数字和小数点，没有发生的写 0。")
    for file in handed.files:
        if file.unit_id != share.unit_id or file.dropped_at is not None:
            raise TiduError("bad-files", f"“{file.name}”不是{share.unit.name}在存的附件，请重新上传。")


def report_changed(report: PlanReport) -> TiduError:
    """Who was first, in the words that the second reads."""
    last = PlanStep.objects.filter(assignment=report.assignment_id, period=report.period, turn__gt=0).order_by("-turn").first()
    if last is None:
        return TiduError("report-changed", "这一期的报送刚刚被改动。请刷新后再办理。")
    state = ReportState(last.after).label
    return TiduError(
        "report-changed", f"{last.actor_name}已于 {last.at:%H:%M:%S} 办理“{step_label(last.act)}”，报送现在是“{state}”。请刷新后再办理。"
    )
