"""One firm through the assessments."""

from __future__ import annotations

from dataclasses import dataclass

from tidu.apps.accounts.actors import Actor
from tidu.apps.assessments.comparing import Told, ToldChanges, outcome_words, score_words
from tidu.apps.assessments.models import Change, Recommendation, Standing, Step
from tidu.apps.enterprises.models import Enterprise
from tidu.kernel.inputs import Moment

MOST_CHANGES = 200


@dataclass(frozen=True, slots=True)
class FirmStanding:
    """Where a firm stands against one standard: in words, with what fails, what is missing and the one step."""

    standing: Standing
    score: str
    step: str
    recommended: str

    @property
    def words(self) -> str:
        """The verdict with its class or score."""
        return outcome_words(self.standing.outcome)


def standings_of(actor: Actor, firm: Enterprise) -> list[FirmStanding]:
    """All standards of the last assessment; three queries."""
    steps = dict(Step.objects.visible_to(actor).filter(enterprise=firm).values_list("standard_id", "text"))
    open_ones = Recommendation.objects.visible_to(actor).filter(enterprise=firm, withdrawn_at=None).order_by("pk")
    taken = dict(open_ones.values_list("standard_id", "list__title"))
    rows = Standing.objects.visible_to(actor).filter(enterprise=firm).select_related("outcome", "standard")
    return [
        FirmStanding(row, score_words(row.outcome), steps.get(row.standard_id, ""), taken.get(row.standard_id, ""))
        for row in rows.order_by("standard__place", "standard")
    ]


def history_of(actor: Actor, firm: Enterprise) -> list[Told]:
    """What changed for a firm from run to run, newest first."""
    rows = Change.objects.visible_to(actor).filter(enterprise=firm).select_related("enterprise", "standard", "before", "after", "run")
    listed = list(rows.order_by("-run__number", "standard__place", "standard")[:MOST_CHANGES])
    found: list[Told] = []
    for run in dict.fromkeys(change.run for change in listed):
        moment = Moment(run.law_date, run.facts_as_of)
        found += ToldChanges(rows.filter(run=run).order_by("standard__place", "standard"), moment)[:MOST_CHANGES]
    return found
