"""Questions to campaigns and their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.duties.enums import Answer, CheckState
from tidu.apps.duties.models import Campaign, Check


@dataclass(frozen=True)
class CheckFilter:
    """What the checks of a campaign are narrowed to; ``by`` is data or people."""

    state: str = ""
    answer: str = ""
    by: str = ""
    late: bool = False
    street: str = ""
    words: str = ""


def late(day: date) -> Q:
    """Checks whose day is past and that are not done."""
    return Q(due__lt=day) & ~Q(state=CheckState.DONE)


def checks(actor: Actor, campaign: Campaign, day: date, wanted: CheckFilter) -> Any:
    """The checks of a campaign that the actor sees, what is due first."""
    found = Check.objects.visible_to(actor).filter(campaign=campaign)
    found = found.select_related("campaign", "unit", "obligation__payment", "obligation__case__enterprise__subdistrict")
    if wanted.state in CheckState.values:
        found = found.filter(state=wanted.state)
    elif wanted.state == "open":
        found = found.exclude(state=CheckState.DONE)
    if wanted.answer in Answer.values:
        found = found.filter(answer=wanted.answer)
    if wanted.by in {"data", "people"}:
        found = found.filter(by_data=wanted.by == "data")
    if wanted.late:
        found = found.filter(late(day))
    if wanted.street:
        found = found.filter(obligation__case__enterprise__subdistrict__code=wanted.street)
    if wanted.words:
        name = Q(obligation__case__enterprise__name__contains=wanted.words)
        found = found.filter(name | Q(obligation__case__enterprise__code=wanted.words.upper()))
    return found.order_by("due", "pk")


@dataclass(frozen=True)
class Progress:
    """A campaign in figures."""

    total: int
    done: int
    late: int
    by_data: int
    states: Mapping[str, int]
    answers: Mapping[str, int]

    @property
    def left(self) -> int:
        """How many are not done."""
        return self.total - self.done


def progress(actor: Actor, campaign: Campaign, day: date) -> Progress:
    """How far a campaign has come, of what the actor sees; one question."""
    figures: dict[str, Any] = {f"s_{one.value.replace('-', '_')}": Count("pk", filter=Q(state=one)) for one in CheckState}
    figures |= {f"a_{one.value}": Count("pk", filter=Q(answer=one)) for one in Answer}
    seen = Check.objects.visible_to(actor).filter(campaign=campaign).order_by()
    found = seen.aggregate(total=Count("pk"), late=Count("pk", filter=late(day)), by_data=Count("pk", filter=Q(by_data=True)), **figures)
    states = {one.value: found[f"s_{one.value.replace('-', '_')}"] for one in CheckState}
    answers = {one.value: found[f"a_{one.value}"] for one in Answer}
    return Progress(found["total"], states[CheckState.DONE], found["late"], found["by_data"], states, answers)


def campaigns(actor: Actor, day: date) -> Any:
    """All campaigns with how far they have come, the newest first."""
    done = Count("checks", filter=Q(checks__state=CheckState.DONE))
    behind = Count("checks", filter=Q(checks__due__lt=day) & ~Q(checks__state=CheckState.DONE))
    return Campaign.objects.visible_to(actor).annotate(total=Count("checks"), done=done, behind=behind).order_by("-made_at", "-pk")
