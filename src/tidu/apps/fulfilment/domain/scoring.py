"""An expert's signed score sheet, recorded by the bureau with its scan; once given it stands, and is corrected only by voiding it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import YES, Decision, no
from tidu.apps.fulfilment.domain.panels import KEEPERS, checked_reason, may_handle_panel, note, own_side, touch
from tidu.apps.fulfilment.domain.score_sheets import Sheet, seat_label
from tidu.apps.fulfilment.enums import Declaration
from tidu.apps.fulfilment.models import ExpertScore, PanelMember
from tidu.apps.materials.domain.keeping import Owner, keep_file
from tidu.apps.units.models import Unit
from tidu.kernel.errors import TiduError
from tidu.kernel.legal_days import legal_day

KIND = "专家评分表"


@dataclass(frozen=True, slots=True)
class Scan:
    """The scanned sheet as it was uploaded."""

    name: str
    content: bytes


def may_score(actor: Actor, member: PanelMember) -> Decision:
    """After a declaration of no conflict, once per version."""
    allowed = may_handle_panel(actor, member.panel.case)
    if not allowed:
        return allowed
    if member.declared == Declaration.CONFLICT:
        return no(f"{member.expert.name}已声明回避，不能评分。请另选专家。", "conflict")
    if not member.declared:
        return no(f"{member.expert.name}还没有声明有无利害关系。请先登记回避声明。", "not-declared")
    if ExpertScore.objects.standing().filter(member=member).exists():
        return no(f"{member.expert.name}已经评分，评分不能改动。登记有误的，请作废后重新登记。", "score-given")
    return YES


def record_score(*, actor: Actor, at: datetime, member: PanelMember, points: Sequence[int], scan: Scan | None) -> ExpertScore:
    """Record whole points in the order of the panel's sheet. Raises ``points-beyond`` naming every criterion that is wrong,
    ``scan-missing``, ``expert-own``, and whatever is wrong with the file.
    """
    may_score(actor, member).require()
    case = member.panel.case
    checked = _checked(Sheet.of(member.panel.sheet), points)
    if refused := own_side(member.expert, case.enterprise, legal_day(at)):
        raise TiduError("expert-own", refused)
    if scan is None or not scan.content:
        raise TiduError("scan-missing", "请附上专家签名的评分表扫描件。")
    try:
        with transaction.atomic():
            touch(case)
            # a file of the bureau: a firm sees the files of its own
            file = keep_file(actor=actor, at=at, owner=Owner(unit=_unit(actor)), kind=KIND, name=scan.name, content=scan.content)
            made = ExpertScore.objects.create(
                member=member, submission=case.submissions.get(number=case.submission), points=checked, total=sum(checked), file=file,
                given_at=at, given_by=actor.name,
            )  # fmt: skip
            text = f"{seat_label(member.number)}评分 {made.total} 分"
            note(actor, at, case, "panel.scored", member, text, {"points": made.total, "digest": file.digest})
    except IntegrityError as error:
        raise TiduError("score-given", f"{member.expert.name}的评分刚刚被别人登记。请刷新。") from error
    return made


def _checked(sheet: Sheet, points: Sequence[int]) -> list[int]:
    if len(points) != len(sheet.criteria):
        raise TiduError("points-beyond", f"评分表有 {len(sheet.criteria)} 项，请逐项填写。")
    wrong = [
        f"{one.name}“{given}”不是 0 至 {one.most} 的整数"
        for one, given in zip(sheet.criteria, points, strict=True)
        if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= one.most
    ]
    if wrong:
        raise TiduError("points-beyond", f"得分有误：{'；'.join(wrong)}。请按评分表填写整数分。")
    return list(points)


def _unit(actor: Actor) -> Unit:
    held = next((one.unit for one in actor.posts if one.role in KEEPERS and one.unit is not None), None)
    found = Unit.objects.filter(pk=held).first()
    if found is None:
        raise TiduError("unit-missing", "登记评分的人要在牵头局任职，评分表归牵头局保管。")
    return found


def may_void(actor: Actor, score: ExpertScore) -> Decision:
    """While the case is in review and the score stands."""
    allowed = may_handle_panel(actor, score.member.panel.case)
    if allowed and score.voided_at is not None:
        return no("这份评分已经作废。", "score-void")
    return allowed


def void_score(*, actor: Actor, at: datetime, score: ExpertScore, reason: str) -> ExpertScore:
    """Void a score with a reason; it stays readable and counts no more. Raises ``reason-missing``."""
    may_void(actor, score).require()
    why = checked_reason(reason, "作废评分的理由")
    member = score.member
    with transaction.atomic():
        touch(member.panel.case)
        mine = ExpertScore.objects.filter(pk=score.pk, voided_at=None)
        if not mine.update(voided_at=at, voided_by=actor.name, void_reason=why):
            raise TiduError("score-void", "这份评分刚刚已被作废。请刷新。")
        text = f"作废{seat_label(member.number)}的评分 {score.total} 分"  # the reason may name the expert
        note(actor, at, member.panel.case, "panel.voided", member, text, {"points": score.total, "reason": why})
    score.refresh_from_db()
    return score
