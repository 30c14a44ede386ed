"""Leads that raise themselves: what the registry holds against a paid firm becomes a lead, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.accounts.enums import Role
from tidu.apps.accounts.models import Post
from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.audit.domain.chain import Subject, record_event
from tidu.apps.duties.domain.watching import Happening, happenings, watched_firms
from tidu.apps.duties.enums import LEADS_UNDONE
from tidu.apps.duties.models import DutyStep, Lead
from tidu.apps.messages.domain.telling import tell_person
from tidu.kernel.awards import AwardBook
from tidu.kernel.legal_days import legal_day
from tidu.kernel.workdays import CalendarNotAnnounced

AT_ONCE = 500
WORKDAYS = 10
"""How long the bureau has to look at a lead."""


@dataclass(frozen=True, slots=True)
class Raised:
    """How many leads are new, and of how many the ground is gone."""

    new: int
    vanished: int


def raise_leads(*, actor: Actor, at: datetime, book: AwardBook, enterprises: Sequence[int] | None = None) -> Raised:
    """Look at all paid firms, or at some, and raise a lead for what was not told before; told twice it stays one.

    A lead whose ground is no longer in the registry is marked; where it comes back after that, it is a new lead.
    """
    day = legal_day(at)
    with transaction.atomic():
        firms = watched_firms(book, enterprises)
        found = happenings(book, firms)
        known = _known(sorted(firms))
        fresh, seen = _fresh(found, known)
        vanished = _vanish(known, seen, day)
        made = _raise(fresh, at, day)
        if made or vanished:
            record_event(
                actor=actor, at=at, action="lead.raised", subject=Subject("lead", day.isoformat(), f"截至 {day.isoformat()}"),
                detail={"new": len(made), "vanished": vanished},
            )  # fmt: skip
    return Raised(len(made), vanished)


def _known(firms: Sequence[int]) -> dict[tuple[int, str], Lead]:
    """The last lead of each firm and mark."""
    found: dict[tuple[int, str], Lead] = {}
    for start in range(0, len(firms), AT_ONCE):
        for lead in Lead.objects.filter(enterprise__in=firms[start : start + AT_ONCE]).order_by("occurrence", "pk"):
            found[lead.enterprise_id, lead.mark] = lead
    return found


def _fresh(found: Sequence[Happening], known: dict[tuple[int, str], Lead]) -> tuple[list[tuple[Happening, int]], set[tuple[int, str]]]:
    fresh, seen = [], set()
    for one in found:
        key = (one.enterprise, one.mark)
        if key in seen:
            continue
        seen.add(key)
        before = known.get(key)
        if before is None:
            fresh.append((one, 1))
        elif before.vanished_on is not None:
            fresh.append((one, before.occurrence + 1))
    return fresh, seen


def _vanish(known: dict[tuple[int, str], Lead], seen: set[tuple[int, str]], day: date) -> int:
    gone = [
        lead.pk for key, lead in known.items() if key not in seen and lead.vanished_on is None and lead.mark.startswith(("event:", "fact:"))
    ]
    for start in range(0, len(gone), AT_ONCE):
        Lead.objects.filter(pk__in=gone[start : start + AT_ONCE]).update(vanished_on=day)
    return len(gone)


def _raise(fresh: Sequence[tuple[Happening, int]], at: datetime, day: date) -> list[Lead]:
    handlers, due = _handlers(), due_after(day, WORKDAYS)
    leads = []
    for one, occurrence in fresh:
        handler = min(handlers, key=lambda user: (handlers[user], user), default=None)
        if handler is not None:
            handlers[handler] += 1
        leads.append(
            Lead(
                enterprise_id=one.enterprise,
                ground=one.ground,
                mark=one.mark,
                occurrence=occurrence,
                title=one.title,
                evidence=[dict(row) for row in one.evidence],
                raised_on=day,
                due=due,
                handler_id=handler,
                changed_at=at,
            )
        )
    Lead.objects.bulk_create(leads, batch_size=AT_ONCE)
    DutyStep.objects.bulk_create(
        [DutyStep(lead=lead, act="系统发现", text=lead.title, by_name="系统", at=at) for lead in leads], batch_size=AT_ONCE
    )
    for user, count in sorted(Counter(lead.handler_id for lead in leads if lead.handler_id is not None).items()):
        tell_person(
            at=at,
            user=user,
            occasion="lead.raised",
            title="新的履约线索",
            text=f"有 {count} 条履约线索待核实。",
            href="/office/leads/?whose=me",
        )
    return leads


def _handlers() -> Counter[int]:
    """The bureau's clerks with the number of open leads each has; the one with the fewest gets the next."""
    clerks = Post.objects.filter(role=Role.BUREAU_CLERK, user__is_active=True).order_by("user").values_list("user", flat=True).distinct()
    found = Counter(dict.fromkeys(clerks, 0))
    open_ones = Lead.objects.filter(state__in=LEADS_UNDONE, handler__in=clerks).order_by().values("handler")
    found.update(dict(open_ones.annotate(count=Count("pk")).values_list("handler", "count")))
    return found


def due_after(day: date, workdays: int) -> date | None:
    """So many working days later; None where the State Council has not announced them yet."""
    try:
        return calendar_in_force().add_workdays(day, workdays)
    except CalendarNotAnnounced:
        return None


def late(day: date) -> Q:
    """Leads that should have been looked at by now."""
    return Q(due__lt=day, state__in=LEADS_UNDONE)
