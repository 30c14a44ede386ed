"""Saying what holds of what was read: add, correct, confirm, refuse. Nothing that was read or said before is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.plans.enums import COORDINATORS, CorrectionAct, ExtractionKind
from tidu.apps.plans.models import Correction, Extraction, PlanDocument
from tidu.kernel.errors import TiduError

KEYS = {
    ExtractionKind.CLAUSE: frozenset({"path", "heading", "level", "parent", "text"}),
    ExtractionKind.UNITS: frozenset({"path", "units", "lead"}),
    ExtractionKind.TARGET: frozenset({"path", "text", "metric", "op", "value", "unit", "by", "per", "upper", "about"}),
    ExtractionKind.AWARD: frozenset(
        {"path", "text", "what", "kind", "amount", "rate", "match", "cap", "cap_per", "payer", "per"}
    ),
}  # fmt: skip
NEEDED = {
    ExtractionKind.CLAUSE: ("path",),
    ExtractionKind.UNITS: ("path", "units", "lead"),
    ExtractionKind.TARGET: ("path", "metric", "op", "value"),
    ExtractionKind.AWARD: ("path", "what", "kind"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the text something stands."""

    start: int
    end: int


def may_correct(actor: Actor) -> Decision:
    """The bureau decides what holds."""
    return actor.may_write(*COORDINATORS)


def add_extraction(
    *, actor: Actor, at: datetime, document: PlanDocument, kind: ExtractionKind, place: Place, content: Mapping[str, Any]
) -> Extraction:
    """Something the reader did not find. Raises ``bad-content``, ``bad-place``."""
    may_correct(actor).require()
    _check(kind, content)
    if not 0 <= place.start <= place.end <= len(document.text):
        raise TiduError("bad-place", f"位置 {place.start} 至 {place.end} 不在文件的 {len(document.text)} 个字以内。请在原文里重新选取。")
    with transaction.atomic():
        # the document's row is held: two people who add at once get two numbers
        held = PlanDocument.objects.select_for_update().get(pk=document.pk)
        last = held.extractions.aggregate(last=Max("number"))["last"] or 0
        made = Extraction.objects.create(
            document=held, number=last + 1, kind=kind, path=content["path"], content=dict(content), start=place.start, end=place.end,
            read=False,
        )  # fmt: skip
        _say(actor, at, made, 0, CorrectionAct.ADDED, content, "")
    return made


def say(
    *, actor: Actor, at: datetime, extraction: Extraction, seen: int, act: CorrectionAct, content: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Correction:  # fmt: skip
    """Correct (with new content), confirm or refuse. ``seen`` is how many corrections the person saw. Raises ``bad-act``,
    ``bad-content``, ``reason-missing``, ``changed-meanwhile``.
    """
    may_correct(actor).require()
    if act == CorrectionAct.ADDED or (act == CorrectionAct.CORRECTED) != (content is not None):
        raise TiduError("bad-act", "更正要写新的内容；确认和不采用不带内容。")
    if act == CorrectionAct.REFUSED and not reason.strip():
        raise TiduError("reason-missing", "请写明不采用的理由。")
    if content is not None:
        _check(ExtractionKind(extraction.kind), content)
    try:
        with transaction.atomic():
            last = extraction.corrections.order_by("-number").first()
            if (last.number if last else 0) != seen:
                raise _changed(last)
            kept = content if content is not None else last.content if last is not None else extraction.content
            return _say(actor, at, extraction, seen, act, kept, reason.strip())
    except IntegrityError as error:  # somebody said something at the same moment
        raise _changed(extraction.corrections.order_by("-number").first()) from error


def _say(
    actor: Actor, at: datetime, extraction: Extraction, seen: int, act: CorrectionAct, content: Mapping[str, Any], reason: str
) -> Correction:
    made = Correction.objects.create(
        extraction=extraction, number=seen + 1, act=act, content=dict(content), reason=reason[:300], at=at, by_id=actor.user,
        by_name=actor.name,
    )  # fmt: skip
    subject = Subject("plan-document", str(extraction.document_id), f"{extraction.get_kind_display()} {extraction.path}")
    detail = {"number": made.number, "path": extraction.path, "text": reason}
    record_event(actor=actor, at=at, action=f"plan.extraction-{act.value}", subject=subject, detail=detail)
    return made


def _check(kind: ExtractionKind, content: Mapping[str, Any]) -> None:
    strange = sorted(set(content) - KEYS[kind])
    lacking = [key for key in NEEDED[kind] if content.get(key) in (None, "", [])]
    if strange or lacking:
        told = "、".join([*(f"不认识 {key}" for key in strange), *(f"缺 {key}" for key in lacking)])
        raise TiduError("bad-content", f"{kind.label}的内容不完整：{told}。请补齐后再保存。")
    if kind == ExtractionKind.UNITS and not set(content["lead"]) <= set(content["units"]):
        raise TiduError("bad-content", "牵头单位要在责任单位里。请把它列入责任单位。")


def _changed(last: Correction | None) -> TiduError:
    who = f"{last.by_name}刚刚处理过（{last.get_act_display()}）" if last is not None else "这一条已有变化"
    return TiduError("changed-meanwhile", f"{who}。请刷新后再办理。")
