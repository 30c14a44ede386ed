"""Questions to the leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.duties.domain.raising import late
from tidu.apps.duties.enums import LEADS_UNDONE, Ground, LeadState
from tidu.apps.duties.models import Lead


@dataclass(frozen=True)
class LeadFilter:
    """What the list is narrowed to; without a state those that are not done, ``all`` for all."""

    state: str = ""
    ground: str = ""
    street: str = ""
    whose: str = ""
    late: bool = False
    words: str = ""


def leads(actor: Actor, day: date, wanted: LeadFilter) -> Any:
    """Leads of a filter, what is due first."""
    found = Lead.objects.visible_to(actor).select_related("enterprise__subdistrict", "handler")
    if wanted.state in LeadState.values:
        found = found.filter(state=wanted.state)
    elif wanted.state != "all":
        found = found.filter(state__in=LEADS_UNDONE)
    if wanted.ground in Ground.values:
        found = found.filter(ground=wanted.ground)
    if wanted.street:
        found = found.filter(enterprise__subdistrict__code=wanted.street)
    if wanted.whose == "me":
        found = found.filter(handler=actor.user)
    if wanted.late:
        found = found.filter(late(day))
    if wanted.words:
        found = found.filter(Q(enterprise__name__contains=wanted.words) | Q(enterprise__code=wanted.words.upper()))
    return found.order_by("due", "enterprise__code", "pk")


@dataclass(frozen=True)
class LeadCounts:
    """Leads in figures."""

    states: Mapping[str, int]
    grounds: Mapping[str, int]
    undone: int
    late: int
    mine: int


def lead_counts(actor: Actor, day: date) -> LeadCounts:
    """Figures by state, undone ones by ground, late ones and one's own: three questions."""
    seen = Lead.objects.visible_to(actor).order_by()
    states = Counter(dict(seen.values("state").annotate(count=Count("pk")).values_list("state", "count")))
    undone = seen.filter(state__in=LEADS_UNDONE)
    grounds = Counter(dict(undone.values("ground").annotate(count=Count("pk")).values_list("ground", "count")))
    counted = undone.aggregate(late=Count("pk", filter=late(day)), mine=Count("pk", filter=Q(handler=actor.user)))
    return LeadCounts(states, grounds, sum(states[one] for one in LEADS_UNDONE), counted["late"], counted["mine"])
