"""Which of several sources speaks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.enterprises.domain.facts_in_force import Said, holding

NAMED = {"营业收入": frozenset({"税务"}), "从业人员": frozenset({"人社"})}


def said(sheet: int, source: str, values: dict[str, Any], *, rank: int = 50, day: int = 1) -> Said:
    return Said(sheet, source, rank, datetime(2024, 5, day, tzinfo=UTC), values)


def test_the_source_that_the_catalogue_names_comes_first_however_old() -> None:
    found = holding([said(1, "税务", {"营业收入": 100}, rank=90), said(2, "自报", {"营业收入": 200}, rank=1, day=9)], NAMED)
    assert (found.values, found.origins, found.conflicts) == ({"营业收入": 100}, {"营业收入": 1}, {"营业收入": [2]})


def test_among_others_the_lower_rank_then_the_newer_sheet() -> None:
    sheets = [said(1, "审计报告", {"营业收入": 1}, rank=80), said(2, "统计", {"营业收入": 2}), said(3, "统计", {"营业收入": 3}, day=2)]
    assert holding(sheets, NAMED).origins == {"营业收入": 3}


def test_a_newer_sheet_of_the_same_source_corrects_and_does_not_contradict() -> None:
    found = holding([said(1, "税务", {"营业收入": 1}), said(2, "税务", {"营业收入": 2}, day=2)], NAMED)
    assert (found.values, found.conflicts) == ({"营业收入": 2}, {})


def test_sources_that_agree_do_not_conflict() -> None:
    assert holding([said(1, "税务", {"营业收入": 1}), said(2, "统计", {"营业收入": 1})], NAMED).conflicts == {}


def test_facts_are_chosen_each_by_itself() -> None:
    sheets = [said(1, "税务", {"营业收入": 1, "从业人员": 5}), said(2, "人社", {"营业收入": 9, "从业人员": 6})]
    assert holding(sheets, NAMED).values == {"营业收入": 1, "从业人员": 6}


def test_what_is_not_told_overwrites_nothing() -> None:
    assert holding([said(1, "统计", {"营业收入": 1}), said(2, "税务", {"营业收入": None}, day=2)], NAMED).values == {"营业收入": 1}


SHEETS = st.lists(
    st.builds(
        said,
        st.integers(1, 99),
        st.sampled_from(["税务", "人社", "统计", "自报"]),
        st.dictionaries(st.sampled_from(["营业收入", "从业人员"]), st.integers(0, 5)),
        day=st.integers(1, 28),
    ),
    max_size=6,
    unique_by=lambda one: one.sheet,
)


@given(SHEETS, st.randoms())
def test_the_order_of_arrival_does_not_matter(sheets: list[Said], order: Any) -> None:
    shuffled = list(sheets)
    order.shuffle(shuffled)
    first, second = holding(sheets, NAMED), holding(shuffled, NAMED)
    assert (first.values, first.origins) == (second.values, second.origins)
    assert {name: sorted(listed) for name, listed in first.conflicts.items()} == {
        name: sorted(listed) for name, listed in second.conflicts.items()
    }


@given(SHEETS)
def test_every_fact_that_somebody_told_holds_and_comes_from_a_sheet_that_says_it(sheets: list[Said]) -> None:
    found = holding(sheets, NAMED)
    by_number = {one.sheet: one for one in sheets}
    assert set(found.values) == {name for one in sheets for name, value in one.values.items() if value is not None}
    assert all(by_number[sheet].values[name] == found.values[name] for name, sheet in found.origins.items())
