"""Districts for the tests of this area: people, a seeded population in the registry, recognitions by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.apps.people import AT
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.cultivation.domain.computing import Outcome, compute
from tidu.apps.cultivation.domain.nightly import settle_computation
from tidu.apps.enterprises.domain.registering import Delivery, register_population
from tidu.apps.enterprises.models import Enterprise, Event, Source
from tidu.apps.units.models import Unit
from tidu.demo import make_district
from tidu.kernel.facts import catalogue

DAY = date(2024, 6, 1)


def sources() -> dict[str, Source]:
    """A source for every word of the catalogue."""
    facts = catalogue()
    named = {source for fact in facts.facts.values() for source in fact.source.split("|") if source}
    named |= {source for event in facts.events.values() for source in event.source.split("|") if source}
    known = {source.name: source for source in Source.objects.all()}
    if named - known.keys():
        Source.objects.bulk_create(Source(name=name) for name in sorted(named - known.keys()))
        known = {source.name: source for source in Source.objects.all()}
    return known


def seeded(firms: int = 200, seed: int = 5) -> None:
    """A fictional district in the registry, half of its firms in the first subdistrict of the tests."""
    sources()
    register_population(population=make_district(firms, seed=seed), delivery=Delivery(AT))
    one, two = (Unit.objects.filter(code=code).first() for code in ("one", "two"))
    if one is not None and two is not None:
        numbers = list(Enterprise.objects.filter(subdistrict=None).order_by("code").values_list("pk", flat=True))
        Enterprise.objects.filter(pk__in=numbers[::2]).update(subdistrict=one)
        Enterprise.objects.filter(pk__in=numbers[1::2]).update(subdistrict=two)


def computed(day: date = DAY, at: datetime | None = None) -> Outcome:
    """Compute and write, as the nightly work does."""
    outcome = compute(day)
    settle_computation(outcome=outcome, actor=SYSTEM, at=at or AT + timedelta(days=(day - DAY).days))
    return outcome


def recognised(firm: Enterprise, name: str, day: date, until: date | None = None, level: str = "") -> Event:
    """A recognition in the registry."""
    fields = {"名称": name, "级别": level, "日期": day.isoformat()} | ({"有效期至": until.isoformat()} if until else {})
    return Event.objects.create(
        enterprise=firm,
        type="认定",
        day=day,
        fields=fields,
        mark=f"{name}{day}{until}{level}",
        source=sources()["科技经信"],
        received_at=AT,
    )
