"""What was known of a fact on a day: a question to the sheets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps import cases
from tests.apps.people import AT, District, small_district
from tidu.apps.enterprises.domain.as_known import Telling, known_at, tellings
from tidu.apps.enterprises.domain.facts_in_force import Said, holding, named_sources
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, Source
from tidu.kernel.facts import catalogue

FACT = catalogue().fact(cases.REVENUE)


@pytest.mark.django_db
def test_a_day_shows_what_had_arrived_by_then_and_was_not_withdrawn() -> None:
    district: District = small_district()
    source = cases.sources(district)

    def sheet(name: str, value: int, days: int, gone: int | None = None) -> None:
        found: Source = source[name]
        withdrawn = AT + timedelta(days=gone) if gone is not None else None
        DataSheet.objects.create(
            enterprise=district.jia, source=found, level=Level.YEAR, period=2023, values={cases.REVENUE: value},
            received_at=AT + timedelta(days=days), withdrawn_at=withdrawn,
        )  # fmt: skip

    sheet("自报", 100, 0)
    sheet("税务", 200, 10, gone=30)
    sheet("税务", 300, 20)
    told = tellings(district.jia, FACT)
    known = {
        day: {period: one.value for period, one in known_at(told, FACT, AT + timedelta(days=day)).items()} for day in (-1, 0, 9, 10, 25, 31)
    }
    assert known == {-1: {}, 0: {2023: 100}, 9: {2023: 100}, 10: {2023: 200}, 25: {2023: 300}, 31: {2023: 300}}


@given(
    st.lists(
        st.tuples(st.sampled_from([("税务", 50), ("自报", 80), ("统计", 50)]), st.integers(0, 5), st.integers(1, 9)),
        min_size=1,
        max_size=12,
    )
)
def test_what_is_known_now_is_what_is_in_force(told: list[tuple[tuple[str, int], int, int]]) -> None:
    rows = [
        Telling(number, 2023, value, source, rank, AT + timedelta(days=day), None, None, "")
        for number, ((source, rank), day, value) in enumerate(told, 1)
    ]
    said = [Said(one.sheet, one.source, one.rank, one.received_at, {FACT.name: one.value}) for one in rows]
    now: datetime = AT + timedelta(days=365)
    assert {FACT.name: known_at(rows, FACT, now)[2023].value} == holding(said, named_sources(catalogue())).values
