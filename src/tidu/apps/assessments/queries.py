"""Questions to the last assessment; every one of them goes through what the actor may see.

``deciding_facts`` and ``firms_lacking`` are what other parts of the system ask: which fact is worth asking for, and of whom.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count

from tidu.apps.accounts.actors import Actor
from tidu.apps.assessments.models import Lack, Outcome, Standing
from tidu.apps.enterprises.models import Enterprise, EnterpriseQuerySet
from tidu.kernel.facts import catalogue


class DecidingFact(NamedTuple):
    """A missing fact, the source that has it (the catalogue's word, the first named comes first), how many firms have a
    verdict that it alone would decide, and how many such verdicts (firm × standard) there are."""

    fact: str
    source: str
    firms: int
    standards: int


def deciding_facts(actor: Actor, standard: str | None = None) -> list[DecidingFact]:
    """For each missing fact the firms and verdicts that it alone would decide, most firms first; one query.

    "Alone" is exact: the verdict is open, no other missing fact can change it, and nothing is left to a person.
    Without ``standard`` over all standards of the last assessment.
    """
    rows = Standing.objects.visible_to(actor).exclude(outcome__lone_fact="")
    if standard is not None:
        rows = rows.filter(standard__name=standard)
    counted = rows.order_by().values_list("outcome__lone_fact").annotate(firms=Count("enterprise", distinct=True), verdicts=Count("pk"))
    found = [DecidingFact(fact, source_of(fact), firms, verdicts) for fact, firms, verdicts in counted]
    return sorted(found, key=lambda one: (-one.firms, -one.standards, one.fact))


def firms_lacking(actor: Actor, fact: str, *, alone: bool = True, standard: str | None = None) -> EnterpriseQuerySet:
    """The firms with a verdict that the missing fact alone would decide; without ``alone`` those where it is one of several."""
    lacks = Lack.objects.filter(fact=fact)
    if alone:
        lacks = lacks.filter(alone=True)
    standings = Standing.objects.filter(outcome__in=Outcome.objects.filter(pk__in=lacks.values("outcome")))
    if standard is not None:
        standings = standings.filter(standard__name=standard)
    return Enterprise.objects.visible_to(actor).filter(pk__in=standings.order_by().values("enterprise")).order_by("code")


def source_of(fact: str) -> str:
    """Where a missing fact comes from, in the catalogue's words; a field of an event comes from the source of the event."""
    facts = catalogue()
    if fact in facts.facts:
        return facts.facts[fact].source
    event = fact.partition(".")[0]
    return facts.events[event].source if event in facts.events else ""
