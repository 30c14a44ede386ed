"""Notices and objections as the office reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from tidu.apps.accounts.actors import Actor
from tidu.apps.fulfilment.domain.guards import working_days_left
from tidu.apps.fulfilment.enums import CaseState, NoticeState, ObjectionState
from tidu.apps.fulfilment.models import Case, DecisionBatch, Notice, Objection

_ORDER = {NoticeState.PUBLISHED: 0, NoticeState.DRAFT: 1, NoticeState.CLOSED: 2, NoticeState.DROPPED: 3}
_STATE_ORDER = Choose(
    *(When(state=state, then=Value(place)) for state, place in _ORDER.items()), default=Value(9), output_field=IntegerField()
)


def notices(actor: Actor, *, state: str = "", words: str = "") -> Any:
    """Notices: those that run first, with the number of open objections (``open``)."""
    found = Notice.objects.visible_to(actor)
    if state:
        found = found.filter(state=state)
    if words:
        found = found.filter(title__icontains=words)
    opened = Count("objections", filter=Q(objections__state=ObjectionState.OPEN))
    return with_count(found).annotate(open=opened, place=_STATE_ORDER).order_by("place", "-created_at", "-pk")


def with_count(found: Any) -> Any:
    """Notices with the number of their rows (``count``), without the rows: a list must not read what thousands of firms got."""
    held = Case.objects.filter(notice=OuterRef("pk")).order_by().values("notice").annotate(number=Count("pk")).values("number")
    return found.defer("rows").annotate(count=Coalesce(Subquery(held), 0))


def notice_cases(actor: Actor, notice: Notice, *, state: str = "", words: str = "") -> Any:
    """The rows of a notice as cases, with the number of their open objections."""
    found = Case.objects.filter(notice=notice) if actor.is_official else Case.objects.none()
    if state:
        found = found.filter(state=state)
    if words:
        found = found.filter(Q(enterprise__name__icontains=words) | Q(enterprise__code=words) | Q(number=words))
    return found.select_related("enterprise").annotate(
        open=Count("objections", filter=Q(objections__state=ObjectionState.OPEN))
    ).order_by("pk")  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoticeSums:
    """The cases of a notice: number and fen in all, number by state."""

    count: int
    fen: int
    states: list[tuple[str, str, int]]


def notice_sums(notice: Notice) -> NoticeSums:
    """What a notice adds up to; one query."""
    rows = list(
        Case.objects.filter(notice=notice)
        .order_by("state")
        .values_list("state")
        .annotate(count=Count("pk"), fen=Coalesce(Sum("amount"), 0))
    )
    states = [(state, CaseState(state).label, count) for state, count, _ in rows]
    return NoticeSums(sum(count for _, count, _ in rows), sum(fen for _, _, fen in rows), states)


def decided_without_notice(actor: Actor) -> Any:
    """Decided batches with cases that no notice holds yet: their number (``ready``) and sum (``fen``)."""
    ready = Q(cases__state=CaseState.DECIDED, cases__notice=None)
    if not actor.is_official:
        return DecisionBatch.objects.none()
    return (
        DecisionBatch.objects.annotate(ready=Count("cases", filter=ready), fen=Coalesce(Sum("cases__amount", filter=ready), 0))
        .filter(ready__gt=0)
        .order_by("-created_at", "-pk")
    )


def cases_to_notice(batch: DecisionBatch) -> Any:
    """The cases of a batch that a new notice would hold."""
    return Case.objects.filter(batch=batch, state=CaseState.DECIDED, notice=None).select_related("enterprise").order_by("pk")


def countdown(notice: Notice, day: date) -> str:
    """How long a notice still runs, in words."""
    if notice.until is None or notice.state not in {NoticeState.PUBLISHED, NoticeState.CLOSED}:
        return f"公示 {notice.days} 个工作日，从发布次日起算"
    if day > notice.until:
        return f"公示期已于 {notice.until.isoformat()} 届满"
    left = working_days_left(notice, day)
    return "今天是最后一天" if day == notice.until else f"还剩 {left} 个工作日"


def objections(actor: Actor, *, state: str = "", notice: int | None = None) -> Any:
    """Objections: open ones first, then the newest."""
    found = Objection.objects.visible_to(actor).select_related("notice", "case__enterprise")
    if state:
        found = found.filter(state=state)
    if notice is not None:
        found = found.filter(notice=notice)
    first = Choose(When(state=ObjectionState.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.annotate(place=first).order_by("place", "-received_at", "-pk")
