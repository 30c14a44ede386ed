"""What to watch for in the registry after a payment, and what of it has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tidu.apps.duties.domain.standing import DISHONEST, STATUS, Away, aways, terms_of
from tidu.apps.duties.enums import Ground
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Event, FactsInForce
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Obligation
from tidu.kernel.awards import AwardBook, Home
from tidu.kernel.candidates import RELOCATION
from tidu.kernel.facts import catalogue
from tidu.kernel.legal_days import legal_day
from tidu.kernel.rules import Flag, walk

AT_ONCE = 500
GROUND_OF_FACT = {
    STATUS: Ground.REGISTRATION,
    "纳税关系所在区": Ground.TAX,
    "统计关系所在区": Ground.STATISTICS,
    DISHONEST: Ground.DISHONEST,
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that speaks against a paid firm, as the registry tells it; ``mark`` tells the same thing told twice."""

    enterprise: int
    ground: Ground
    mark: str
    title: str
    evidence: tuple[Mapping[str, Any], ...]


def watched_kinds(book: AwardBook) -> frozenset[str]:
    """Kinds of events that a policy's obligations or exclusions rest on."""
    kinds = set()
    for policy in book.policies:
        if policy.obligations:
            kinds.add(RELOCATION)
        for exclusion in policy.exclusions:
            for node in walk(exclusion.rule) if exclusion.rule is not None else ():
                if isinstance(node, Flag) and node.key in policy.tests:
                    kinds.add(policy.tests[node.key].event)
    return frozenset(kinds)


@dataclass(frozen=True, slots=True)
class Watched:
    """A firm with money: since when it owes, and where it has to stay."""

    since: date
    homes: tuple[Home, ...]


def watched_firms(book: AwardBook, enterprises: Sequence[int] | None = None) -> dict[int, Watched]:
    """Firms with obligations that have not been settled by recovery; all, or some."""
    known = terms_of(book)
    rows = Obligation.objects.exclude(case__state=CaseState.RECOVERED).order_by("pk")
    if enterprises is not None:
        rows = rows.filter(case__enterprise__in=enterprises)
    since: dict[int, date] = {}
    homes: dict[int, dict[int, Home]] = {}
    for enterprise, policy, rule, starts in rows.values_list("case__enterprise_id", "case__policy", "rule", "starts"):
        since[enterprise] = min(starts, since.get(enterprise, starts))
        if (policy, rule) in known:
            home = known[policy, rule].home
            homes.setdefault(enterprise, {})[id(home)] = home
    return {one: Watched(day, tuple(homes.get(one, {}).values())) for one, day in since.items()}


def happenings(book: AwardBook, firms: Mapping[int, Watched]) -> list[Happening]:
    """What the registry holds against these firms now, in a fixed order."""
    found: list[Happening] = []
    listed = sorted(firms)
    for start in range(0, len(listed), AT_ONCE):
        part = listed[start : start + AT_ONCE]
        found += _of_events(book, firms, part)
        found += _of_facts(firms, part)
    return found


def fields_text(kind: str, fields: Mapping[str, Any]) -> str:
    """An event in words, its fields as the catalogue orders them: PostgreSQL keeps no order of its own."""
    return "，".join(f"{name} {fields[name]}" for name in catalogue().event(kind).fields if fields.get(name) is not None)


def _of_events(book: AwardBook, firms: Mapping[int, Watched], part: Sequence[int]) -> list[Happening]:
    rows = (
        Event.objects.filter(enterprise__in=part, type__in=watched_kinds(book), withdrawn_at=None).select_related("source").order_by("pk")
    )
    found = []
    for row in rows:
        homes = firms[row.enterprise_id].homes
        if row.day is not None and row.day < firms[row.enterprise_id].since:
            continue
        if row.type == RELOCATION and homes and all(row.fields.get("迁往") in home.places for home in homes):
            continue  # a move within the district, or a return, breaks nothing
        ground = Ground.RELOCATION if row.type == RELOCATION else Ground.BARRING
        text = fields_text(row.type, row.fields)
        proof = _proof(row.type, text, row.source.name, row.day or legal_day(row.received_at))
        found.append(Happening(row.enterprise_id, ground, f"event:{row.mark}", f"{row.type}：{text}"[:200], (proof,)))
    return found


def _of_facts(firms: Mapping[int, Watched], part: Sequence[int]) -> list[Happening]:
    rows = list(FactsInForce.objects.filter(enterprise__in=part, level=Level.FIRM).order_by("enterprise_id"))
    against: list[tuple[int, Away, int]] = []
    for row in rows:
        seen: dict[str, Away] = {}
        for home in firms[row.enterprise_id].homes:
            for away in aways(row.values, home.relations, home.places):
                seen.setdefault(away.sentence, away)
        against += [(row.enterprise_id, away, row.origins.get(away.fact, 0)) for away in seen.values()]
    sheets = DataSheet.objects.select_related("source").in_bulk([sheet for _, _, sheet in against])
    found = []
    for enterprise, away, number in against:
        sheet = sheets.get(number)
        source, day = (sheet.source.name, legal_day(sheet.received_at)) if sheet is not None else ("", None)
        proof = _proof(away.fact, away.sentence, source, day)
        found.append(Happening(enterprise, GROUND_OF_FACT[away.fact], f"fact:{away.sentence}"[:80], away.sentence, (proof,)))
    return found


def _proof(name: str, text: str, source: str, day: date | None) -> dict[str, Any]:
    return {"name": name, "text": text, "source": source, "day": day.isoformat() if day else ""}
