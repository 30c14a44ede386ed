"""On what the standing of an obligation rests: each fact with its source and date, each event since the payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tidu.apps.duties.domain.standing import FACTS
from tidu.apps.duties.domain.watching import fields_text, watched_kinds
from tidu.apps.duties.enums import RELATIONS
from tidu.apps.duties.queries.ledger import book
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Event, FactsInForce
from tidu.apps.enterprises.queries import fact_text
from tidu.apps.fulfilment.models import Obligation
from tidu.kernel.facts import catalogue
from tidu.kernel.legal_days import legal_day
from tidu.kernel.obligations import years_after


@dataclass(frozen=True, slots=True)
class Proof:
    """One fact or event: what it says, who said it, when it was received; ``known`` is false where there are no data."""

    name: str
    text: str
    source: str
    received_at: datetime | None
    known: bool = True
    day: date | None = None


def facts_behind(enterprise: int) -> list[Proof]:
    """What the registry says today of where a firm is: two questions."""
    row = FactsInForce.objects.filter(enterprise=enterprise, level=Level.FIRM).first()
    values, origins = (row.values, row.origins) if row is not None else ({}, {})
    wanted = [origins[name] for name in FACTS if name in origins]
    sheets = DataSheet.objects.select_related("source").in_bulk(wanted)
    found = []
    for name in FACTS:
        fact, sheet = catalogue().fact(name), sheets.get(origins.get(name, 0))
        if values.get(name) is None:
            found.append(Proof(name, "没有数据", f"应由{'、'.join(fact.source.split('|'))}提供", None, known=False))
        else:
            found.append(
                Proof(name, fact_text(fact, values[name]), sheet.source.name if sheet else "", sheet.received_at if sheet else None)
            )
    return found


def events_behind(obligation: Obligation) -> list[Proof]:
    """Relocations, violations and the like of the firm since the payment, newest first; one question."""
    listed = Event.objects.filter(enterprise=obligation.case.enterprise_id, type__in=watched_kinds(book()), withdrawn_at=None)
    return [
        Proof(event.type, fields_text(event.type, event.fields), event.source.name, event.received_at, day=event.day)
        for event in listed.select_related("source").order_by("-day", "-pk")
        if event.day is None or event.day >= obligation.starts
    ]


@dataclass(frozen=True, slots=True)
class DutyYear:
    """One year of an obligation: from a day up to the day before the next, and the answers that were given for it."""

    number: int
    since: date
    until: date
    over: bool
    now: bool
    answers: tuple[str, ...]


def years_of(obligation: Obligation, until: date | None, day: date) -> list[DutyYear]:
    """The years of an obligation with the checks and self-checks that fall into each."""
    if until is None:
        return []
    told = [(one.campaign.as_of, f"{one.campaign}：{one.get_answer_display() or one.get_state_display()}") for one in
            obligation.checks.select_related("campaign").order_by("pk")]  # fmt: skip
    for one in obligation.case.enterprise.self_checks.order_by("year", "number"):
        away = [name for name in RELATIONS if not one.answers.get(name, True)]
        told.append((legal_day(one.at), f"{one.year} 年度自查：{'、'.join(away) + '已不在本区' if away else '仍在本区'}"))
    found, start, number = [], obligation.starts, 0
    while start < until:
        number += 1
        end = min(years_after(obligation.starts, number), until)
        answers = tuple(text for when, text in told if start <= when < end)
        found.append(DutyYear(number, start, end, end <= day, start <= day < end, answers))
        start = end
    return found
