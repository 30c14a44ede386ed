"""The registry reads back as the population that was taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.apps.people import AT
from tidu.apps.assessments.domain.standing import firm_of_registry
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.domain.registering import Delivery, register_population
from tidu.apps.enterprises.models import DataSheet, Enterprise, Event, FactsInForce, Source
from tidu.demo import make_district
from tidu.kernel.facts import FIRM_CODE, MONTH, YEAR, catalogue
from tidu.kernel.population import Population

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> Population:
    facts = catalogue()
    named = {source for fact in facts.facts.values() for source in fact.source.split("|") if source}
    named |= {source for event in facts.events.values() for source in event.source.split("|") if source}
    Source.objects.bulk_create(Source(name=name) for name in sorted(named))
    population = make_district(60, seed=3)
    register_population(population=population, delivery=Delivery(AT))
    return population


def test_what_goes_in_comes_out(district: Population) -> None:
    found = population_of_registry(Enterprise.objects.all())
    for keys, given, read in (
        ([FIRM_CODE], district.firms, found.firms),
        ([FIRM_CODE, YEAR], district.years, found.years),
        ([FIRM_CODE, MONTH], district.months, found.months),
    ):
        assert_frame_equal(given.sort(keys), read.sort(keys))
    for name, frame in district.events.items():
        assert_frame_equal(frame.unique().sort(pl.all()), found.events[name].sort(pl.all()))


def test_one_firm_is_the_same_as_among_all(district: Population) -> None:
    whole = population_of_registry(Enterprise.objects.all())
    for enterprise in Enterprise.objects.order_by("code")[:20]:
        alone, among = firm_of_registry(enterprise), whole.firm(enterprise.code)
        own = {name: value for name, value in among.facts.items() if name != "企业名称"}
        assert (alone.facts, alone.years, alone.months) == (own, among.years, among.months)
        assert told(alone.events) == told(among.events)


def told(events: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[str]]:
    """Events without an order: a database may keep the fields of JSON in an order of its own."""
    return {name: sorted(repr(sorted(row.items())) for row in rows) for name, rows in events.items()}


def test_the_same_delivery_twice_changes_no_fact_and_no_event(district: Population) -> None:
    before = list(FactsInForce.objects.order_by("enterprise", "level", "period").values_list("values", flat=True))
    sheets, events = DataSheet.objects.count(), Event.objects.count()
    register_population(population=district, delivery=Delivery(AT.replace(month=7)))
    after = list(FactsInForce.objects.order_by("enterprise", "level", "period").values_list("values", flat=True))
    assert (before, 2 * sheets, events) == (after, DataSheet.objects.count(), Event.objects.count())


def test_facts_of_no_firm_are_an_empty_population() -> None:
    found = population_of_registry(Enterprise.objects.all())
    assert (found.firms.height, found.years.height, found.codes) == (0, 0, [])
