"""The ledger of obligations: how all of them stand today, filtered, counted, one page at a time.

A fixed number of questions to the database, however many obligations there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from tidu.apps.accounts.actors import Actor
from tidu.apps.duties.domain.standing import FACTS, Bound, Stands, book_of, stand_all
from tidu.apps.duties.enums import LIVE, Stand
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Event, FactsInForce
from tidu.apps.fulfilment.domain.entitled import choices_in_force
from tidu.apps.fulfilment.models import Obligation
from tidu.apps.policies.loaded import packs
from tidu.kernel.awards import AwardBook
from tidu.kernel.candidates import RELOCATION
from tidu.kernel.population import Firm, Value

ORDER = {stand: place for place, stand in enumerate(Stand)}


@dataclass(frozen=True)
class LedgerFilter:
    """What the ledger is narrowed to; ``stand`` may be one state or ``live``."""

    stand: str = ""
    year: str = ""
    award: str = ""
    street: str = ""
    until: date | None = None
    words: str = ""
    enterprise: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One obligation with how it stands."""

    pk: int
    stands: Stands
    fen: int
    enterprise: int
    award: str
    year: int


@dataclass
class Ledger:
    """Obligations in the order of their last day; counts and slices as a list page wants it."""

    entries: list[Entry]
    counts: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    awards: tuple[str, ...] = ()

    def count(self) -> int:
        """How many there are."""
        return len(self.entries)

    def __getitem__(self, part: slice) -> list[Obligation]:
        """The obligations of a page, each with ``stands``."""
        chosen = self.entries[part]
        loaded: dict[int, Obligation] = {}
        for start in range(0, len(chosen), 500):
            numbers = [one.pk for one in chosen[start : start + 500]]
            loaded |= Obligation.objects.select_related("payment", "case__enterprise__subdistrict").in_bulk(numbers)
        found = []
        for one in chosen:
            row = loaded[one.pk]
            row.stands = one.stands  # type: ignore[attr-defined]
            found.append(row)
        return found

    @property
    def live(self) -> int:
        """How many are still to be watched."""
        return sum(self.counts.get(stand, 0) for stand in LIVE)


def ledger(actor: Actor, day: date, wanted: LedgerFilter = LedgerFilter()) -> Ledger:
    """The obligations of a filter as they stand on a day; the counts are of the filter without its ``stand``."""
    rows = _rows(actor, wanted)
    listed = list(
        rows.values_list(
            "pk", "case__enterprise_id", "case__policy", "rule", "case__item", "starts", "case__state", "payment__amount", "case__award"
        )
    )
    bounds = [Bound(*row[:7]) for row in listed]
    standing = stand_all(bounds, firms_behind(rows), book(), choices_in_force(), day)
    entries = [Entry(row[0], standing[row[0]], row[7], row[1], row[8], row[5].year) for row in listed]
    if wanted.until is not None:
        last = wanted.until
        entries = [one for one in entries if one.stands.until is not None and one.stands.until <= last]
    counts, sums = Counter(one.stands.state.value for one in entries), Counter[str]()
    for one in entries:
        sums[one.stands.state.value] += one.fen
    chosen = [one for one in entries if _wanted(one, wanted.stand)]
    chosen.sort(key=lambda one: (one.stands.until or date.max, one.pk))
    years, awards = sorted({one.year for one in entries}, reverse=True), sorted({one.award for one in entries})
    return Ledger(chosen, counts, sums, tuple(years), tuple(awards))


def _wanted(one: Entry, stand: str) -> bool:
    return not stand or (one.stands.live if stand == "live" else one.stands.state == stand)


def _rows(actor: Actor, wanted: LedgerFilter) -> Any:
    found = Obligation.objects.visible_to(actor).order_by()
    if wanted.enterprise is not None:
        found = found.filter(case__enterprise=wanted.enterprise)
    if wanted.year.isascii() and wanted.year.isdigit() and len(wanted.year) == 4:
        found = found.filter(starts__year=int(wanted.year))
    if wanted.award:
        found = found.filter(case__award=wanted.award)
    if wanted.street:
        found = found.filter(case__enterprise__subdistrict__code=wanted.street)
    if wanted.words:
        code = Q(case__enterprise__code=wanted.words.upper()) | Q(case__number=wanted.words.upper())
        found = found.filter(code | Q(case__enterprise__name__contains=wanted.words))
    return found


def firms_behind(rows: Any) -> dict[int, Firm]:
    """The firms behind a query of obligations, as far as their standing needs: two questions."""
    inside = rows.order_by().values("case__enterprise_id")
    facts = {
        enterprise: {name: values[name] for name in FACTS if values.get(name) is not None}
        for enterprise, values in FactsInForce.objects.filter(level=Level.FIRM, enterprise__in=inside)
        .order_by()
        .values_list("enterprise_id", "values")
    }
    moves: dict[int, list[dict[str, Value]]] = {}
    listed = Event.objects.filter(type=RELOCATION, withdrawn_at=None, enterprise__in=inside).order_by("pk")
    for enterprise, fields, day in listed.values_list("enterprise_id", "fields", "day"):
        moves.setdefault(enterprise, []).append({**fields, "日期": day})
    return {
        one: Firm(str(one), facts=facts.get(one, {}), events={RELOCATION: moves[one]} if one in moves else {})
        for one in facts.keys() | moves.keys()
    }


def standing_of(obligation: Obligation, day: date) -> Stands:
    """How one obligation stands."""
    case = obligation.case
    bound = Bound(obligation.pk, case.enterprise_id, case.policy, obligation.rule, case.item, obligation.starts, case.state)
    firms = firms_behind(Obligation.objects.filter(pk=obligation.pk))
    return stand_all([bound], firms, book(), choices_in_force(), day)[obligation.pk]


def book() -> AwardBook:
    """The book of awards in force here."""
    return book_of(packs().book)
