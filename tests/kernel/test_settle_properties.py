"""Invariants of settling over random firms: caps, from-high, exclusion, unknowns, order, repetition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.settle_cases import LAW_DATE, WAN, as_of_days, choices, firms, shuffled
from tidu.kernel.inputs import years_before
from tidu.kernel.population import Firm, population_of
from tidu.kernel.reading import load_packs
from tidu.kernel.settle import Entitlement, Settlement, settle, settlement_document

CAPS = {"C4": 200 * WAN, "C5": 100 * WAN}
PAID = {"granted", "capped"}


def settled(listed: Sequence[Firm], *, as_of: date = LAW_DATE, chosen: Mapping[str, str] | None = None) -> Settlement:
    return settle(listed, load_packs(), law_date=LAW_DATE, as_of=as_of, choices=chosen)


def event_of(result: Entitlement, firm: Firm) -> list[dict[str, Any]]:
    """The rows of a firm that an item may be (several where they share day and name)."""
    day = result.item.partition("（")[0].rsplit(" ", 1)[-1]
    return [row for row in firm.events[result.award.event] if str(row.get(result.award.date_field)) == day]


def year_of(result: Entitlement) -> str:
    return result.item.partition("（")[0].rsplit(" ", 1)[-1][:4]


def sums(results: Iterable[Entitlement], key: Any) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for result in results:
        found[key(result)] = found.get(key(result), 0) + result.amount
    return found


def outcome(result: Entitlement) -> tuple[str, int, int | None]:
    """State, amount, and what was computed where it matters: an item that gets nothing is the same whatever it was worth."""
    return result.state, result.amount, result.computed if result.amount or result.state == "unknown" else None


def as_bytes(settlement: Settlement) -> bytes:
    return json.dumps(settlement_document(settlement), ensure_ascii=False).encode()


@given(firms(), as_of_days, choices)
def test_amounts_lie_between_nothing_and_the_computed(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    for result in settled([firm], as_of=as_of, chosen=chosen).results:
        if result.state in PAID:
            assert result.computed is not None
            assert 0 < result.amount <= result.computed
            assert (result.state == "granted") == (result.amount == result.computed)
        else:
            assert result.amount == 0
        assert (result.state == "unknown") == bool(result.missing)
        assert result.why.endswith("。")


@given(firms(), as_of_days, choices)
def test_unknown_amounts_are_never_paid(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    paid = [result for result in settled([firm], as_of=as_of, chosen=chosen).results if result.amount]

    assert [result.item for result in paid if result.computed is None or result.missing] == []
    for result in paid:
        rows = event_of(result, firm)
        needed = {"C5": "成交额", "C4": "金额"}.get(result.award.id)
        assert needed is None or any(row.get(needed) is not None for row in rows)


@given(firms(paid=False), as_of_days, choices.map(lambda chosen: chosen | {"R4": "事项年"}))
def test_yearly_caps_hold_by_the_year_of_the_event(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    results = settled([firm], as_of=as_of, chosen=chosen).results

    for award, cap in CAPS.items():
        by_year = sums((result for result in results if result.award.id == award), year_of)
        assert [year for year, fen in by_year.items() if fen > cap] == []
    assert sum(result.amount for result in results if result.award.id == "C1") <= 100 * WAN


@given(firms(), as_of_days, choices.map(lambda chosen: chosen | {"R4": "核定年"}))
def test_yearly_caps_hold_over_what_was_already_paid(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    results = settled([firm], as_of=as_of, chosen=chosen).results

    for award, clause in (("C4", "二（三）1"), ("C5", "二（三）3")):
        before = sum(
            row.get("金额", 0)
            for row in firm.events.get("奖补发放", [])
            if row.get("条款") in {award, clause}
            and row.get("资金来源") != "市级"
            and row.get("日期")
            and row["日期"].year == as_of.year
            and row["日期"] <= as_of
        )
        assert sum(result.amount for result in results if result.award.id == award) <= max(0, CAPS[award] - before)


@given(firms(), as_of_days, choices.map(lambda chosen: chosen | {"R2": "同类从高", "R3": "取高"}))
def test_from_high_never_pays_two_of_one_group(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    paid = [result for result in settled([firm], as_of=as_of, chosen=chosen).results if result.amount]

    alike = [year_of(result) for result in paid if result.award.id in {"C3", "C6", "C7"}]
    assert len(alike) == len(set(alike))
    standards = [
        (result.award.id, row["标准号"])
        for result in paid
        if result.award.event == "标准"
        for row in event_of(result, firm)[:1]
        if row.get("标准号")
    ]
    by_number = [number for _, number in standards]
    unambiguous = len({str(row.get("日期")) for row in firm.events.get("标准", [])}) == len(firm.events.get("标准", []))
    assert not unambiguous or len(by_number) == len(set(by_number))
    subsidies = firm.events.get("研发补贴", [])
    if len({str(row.get("日期")) for row in subsidies}) == len(subsidies):
        levels: dict[Any, set[Any]] = {}
        for result in paid:
            if result.award.id == "C4":
                (row,) = event_of(result, firm)
                levels.setdefault(row["年度"], set()).add(row.get("级别"))
        assert [year for year, found in levels.items() if len(found) > 1] == []


@given(firms(), as_of_days, choices)
def test_excluded_firms_get_nothing(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    results = settled([firm], as_of=as_of, chosen=chosen | {"R7": "核定日"}).results
    violations = [row["日期"] for row in firm.events.get("重大违法违规", []) if row.get("日期")]
    frauds = [row["日期"] for row in firm.events.get("弄虚作假认定", []) if row.get("日期")]
    barred = any(years_before(as_of, 3) <= day <= as_of for day in violations) or any(day <= as_of for day in frauds)
    outside = firm.facts["纳税关系所在区"] == "420105" or firm.facts["登记状态"] == "注销"

    if barred or outside:
        assert {result.state for result in results} <= {"excluded"}
    if firm.facts["纳税关系所在区"] is None or firm.facts["登记状态"] is None:
        assert sum(result.amount for result in results) == 0


@given(firms("F1"), firms("F2"), as_of_days, choices, st.integers(0, 1000))
def test_order_of_rows_and_firms_changes_nothing(one: Firm, other: Firm, as_of: date, chosen: dict[str, str], seed: int) -> None:
    listed = [one, other]
    moved = [shuffled(other, seed), shuffled(one, seed + 1)]

    assert as_bytes(settled(listed, as_of=as_of, chosen=chosen)) == as_bytes(settled(moved, as_of=as_of, chosen=chosen))


@given(firms("F1"), firms("F2"), as_of_days, choices)
def test_the_same_input_twice_gives_the_same_bytes_and_tables_the_same_as_firms(
    one: Firm, other: Firm, as_of: date, chosen: dict[str, str]
) -> None:
    first = as_bytes(settled([one, other], as_of=as_of, chosen=chosen))

    assert as_bytes(settled([one, other], as_of=as_of, chosen=chosen)) == first
    tables = population_of([one, other])
    assert as_bytes(settle(tables, load_packs(), law_date=LAW_DATE, as_of=as_of, choices=chosen)) == first


@given(firms(), as_of_days, choices)
def test_what_has_been_paid_is_not_paid_again(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    first = settled([firm], as_of=as_of, chosen=chosen).results
    rows = [
        {"条款": f"{result.award.id} {result.item}", "金额": result.amount, "日期": as_of, "资金来源": result.award.payer}
        for result in first
        if result.amount
    ]
    again = Firm(firm.code, firm.name, firm.facts, firm.years, {}, {**firm.events, "奖补发放": [*firm.events.get("奖补发放", []), *rows]})

    assert sum(result.amount for result in settled([again], as_of=as_of, chosen=chosen).results) == 0


@given(firms(paid=False), as_of_days)
def test_what_has_been_paid_by_clause_alone_is_not_paid_again(firm: Firm, as_of: date) -> None:
    first = settled([firm], as_of=as_of).results
    rows = [
        {"条款": result.award.clause, "金额": result.amount, "日期": as_of, "资金来源": result.award.payer}
        for result in first
        if result.amount
    ]
    again = Firm(firm.code, firm.name, firm.facts, firm.years, {}, {**firm.events, "奖补发放": rows})

    assert sum(result.amount for result in settled([again], as_of=as_of).results) == 0


@settings(max_examples=60)
@given(firms(), as_of_days, choices)
def test_a_result_names_exactly_the_rulings_that_change_it(firm: Firm, as_of: date, chosen: dict[str, str]) -> None:
    decided = {name: choice for name, choice in chosen.items() if choice != "待定"}
    book = load_packs().book
    assert book is not None
    results = settled([firm], as_of=as_of, chosen=decided).results
    moved: list[set[str]] = [set() for _ in results]
    for name, ruling in book.rulings.items():
        for option in ruling.options:
            others = settled([firm], as_of=as_of, chosen={**decided, name: option.choice}).results
            for place, (result, other) in enumerate(zip(results, others, strict=True)):
                if outcome(result) != outcome(other):
                    moved[place].add(name)

    assert [set(result.rulings) for result in results] == moved


@settings(max_examples=60)
@given(firms(), as_of_days, st.sampled_from(("R1", "R2", "R3", "R4", "R7", "R8", "R9", "R10")))
def test_an_open_ruling_stops_exactly_what_it_could_change(firm: Firm, as_of: date, name: str) -> None:
    book = load_packs().book
    assert book is not None
    results = settled([firm], as_of=as_of, chosen={name: "待定"}).results
    outcomes = [
        [outcome(other) for other in settled([firm], as_of=as_of, chosen={name: option.choice}).results]
        for option in book.rulings[name].options
    ]

    for result, found in zip(results, zip(*outcomes, strict=True), strict=True):
        assert (result.state == "ruling needed") == (len(set(found)) > 1)
        if result.state != "ruling needed":
            assert outcome(result) == found[0]


@pytest.mark.parametrize("name", ["区级", "市级"])
@given(firms("F1"), firms("F2"))
def test_totals_are_the_sums_of_the_results(name: str, one: Firm, other: Firm) -> None:
    settlement = settled([one, other])

    assert settlement.totals[name] == sum(result.amount for result in settlement.results if result.award.payer == name)
