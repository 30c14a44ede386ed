"""专家评审 as pages show it: named for who may read names, 专家一、专家二 for everybody else."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.decisions import Decision
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.panel_results import results_of
from tidu.apps.fulfilment.domain.panels import may_name
from tidu.apps.fulfilment.domain.score_sheets import Result, Sheet, seat_label
from tidu.apps.fulfilment.enums import COMMITTED, CaseState, Declaration
from tidu.apps.fulfilment.models import Case, Expert, ExpertScore, Panel, PanelMember
from tidu.apps.fulfilment.models.experts import SEES_EXPERTS

TOLD_THE_FIRM = (*COMMITTED, CaseState.REFUSED)
"""A firm reads the outcome once it is decided; before, the review is nobody's but the office's."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One expert of a panel; ``who`` is a name or 专家一. ``score`` stands, ``old`` was voided or is of an earlier version."""

    member: PanelMember
    who: str
    conflict: bool
    score: ExpertScore | None
    old: tuple[ExpertScore, ...]


@dataclass(frozen=True, slots=True)
class PanelView:
    """The block of a case: the sheet, the seats, the result, whether names may be read, whether more can be named."""

    sheet: Sheet
    seats: tuple[Seat, ...]
    result: Result
    named: bool
    naming: Decision


def panel_view(actor: Actor, case: Case) -> PanelView | None:
    """The panel of a case; None where its item asks for no experts and it has none. Three queries, however many experts."""
    rules, panel = item_rules(case.award).experts, Panel.objects.visible_to(actor).filter(case=case).first()
    if panel is None and rules is None:
        return None
    named = actor.has(*SEES_EXPERTS)
    sheet = Sheet.of(panel.sheet) if panel is not None else rules
    seats = _seats(case, panel, named=named) if panel is not None else ()
    totals = tuple(one.score.total for one in seats if one.score is not None)
    return PanelView(sheet, seats, Result(sheet, totals), named, may_name(actor, case)) if sheet is not None else None


def _seats(case: Case, panel: Panel, *, named: bool) -> tuple[Seat, ...]:
    given: dict[int, list[ExpertScore]] = {}
    for score in ExpertScore.objects.filter(member__panel=panel).select_related("submission", "file").order_by("pk"):
        given.setdefault(score.member_id, []).append(score)
    found = []
    for member in panel.members.select_related("expert").order_by("number"):
        standing = [one for one in given.get(member.pk, ()) if one.voided_at is None and one.submission.number == case.submission]
        old = tuple(one for one in given.get(member.pk, ()) if one not in standing)
        who = member.expert.name if named else seat_label(member.number)
        found.append(Seat(member, who, member.declared == Declaration.CONFLICT, standing[0] if standing else None, old))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FirmResult:
    """What the firm reads of the experts: totals without names, and the mean."""

    result: Result
    seats: tuple[tuple[str, int], ...]


def firm_result(case: Case) -> FirmResult | None:
    """The outcome for the firm; None before the decision, and where there were no experts."""
    if case.state not in TOLD_THE_FIRM:
        return None
    found = results_of([case.pk]).get(case.pk)
    return FirmResult(found[0], tuple(found[1])) if found is not None else None


def experts(actor: Actor, *, words: str = "", which: str = "") -> QuerySet[Expert]:
    """The list of experts with how many panels each sat on; ``which`` is ``ended``, ``all``, or those who may be asked."""
    found = Expert.objects.visible_to(actor).annotate(panels=Count("seats"))
    if which != "all":
        found = found.filter(ended_at__isnull=which != "ended")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(institution__icontains=words) | Q(field__icontains=words))
    return found.order_by("name", "pk")
