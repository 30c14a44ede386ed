"""The forecast of a year's sales: unknown stays unknown, more never forecasts less, a whole year is itself."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.cultivation.domain.forecasting import (
    LEAST_TRIALS,
    WEIGHTS,
    YEAR,
    FirmMonths,
    Forecast,
    Profile,
    guess,
    learn,
    month_index,
    period_of,
    profile_of,
    quantile,
    total,
    trial_of,
)  # fmt: skip
from tidu.apps.cultivation.domain.revenue import LINE, crossing, growth, line_of, reporting_month
from tidu.apps.cultivation.enums import Crossing

JANUARY = 2024 * YEAR
FLAT = Profile({}, Fraction(1, 3))
amounts = st.integers(1, 10**11)
two_years = st.lists(amounts, min_size=24, max_size=24)
weights = st.sampled_from(WEIGHTS)


def months_of(values: list[int], first: int = JANUARY - YEAR) -> dict[int, int | None]:
    return {first + place: value for place, value in enumerate(values)}


@given(two_years, st.integers(3, 11), st.data(), weights)
def test_an_unknown_month_makes_the_year_unknown(values: list[int], done: int, data: st.DataObject, weight: Fraction) -> None:
    months = months_of(values)
    missing = data.draw(st.integers(0, done - 1))
    months[JANUARY + missing] = None
    told = guess(FirmMonths(months), JANUARY, done, FLAT, weight)
    assert (told.middle, told.why) == (None, f"{missing + 1}月没有数据，累计不明")


@given(two_years, st.integers(3, 11), st.data(), weights, amounts)
def test_more_sales_never_forecast_less(values: list[int], done: int, data: st.DataObject, weight: Fraction, more: int) -> None:
    months = months_of(values)
    richer = dict(months)
    place = JANUARY + data.draw(st.integers(0, done - 1))
    richer[place] = (months[place] or 0) + more
    before, after = (guess(FirmMonths(one), JANUARY, done, FLAT, weight).middle for one in (months, richer))
    assert before is not None
    assert after is not None
    assert before <= after


@given(two_years, weights)
def test_twelve_months_are_the_year_itself(values: list[int], weight: Fraction) -> None:
    assert guess(FirmMonths(months_of(values)), JANUARY, YEAR, FLAT, weight).middle == sum(values[12:])


@given(st.lists(amounts, min_size=12, max_size=12), st.integers(3, 11), st.integers(1, 50), weights)
def test_a_year_that_repeats_the_last_in_another_size_is_forecast_exactly_where_the_firm_speaks_alone(
    last: list[int], done: int, times: int, weight: Fraction
) -> None:
    months = months_of([*last, *(value * times for value in last)])
    told = guess(FirmMonths(months), JANUARY, done, Profile({}, None), weight)
    assert (told.middle, told.own) == (sum(last) * times, True)


@given(two_years, st.integers(3, 11))
def test_months_to_come_are_not_looked_at(values: list[int], done: int) -> None:
    months = months_of(values)
    known = {index: value for index, value in months.items() if index < JANUARY + done}
    assert guess(FirmMonths(months), JANUARY, done, FLAT, Fraction(1)) == guess(FirmMonths(known), JANUARY, done, FLAT, Fraction(1))


@pytest.mark.parametrize(
    ("values", "done", "why"),
    [
        ([1] * 14, 2, "本年只有 2 个月，不足 3 个月"),
        ([1] * 12 + [0] * 4, 4, "本年累计为 0 或负数，无从推算"),
        ([5, -9] * 8, 4, "本年累计为 0 或负数，无从推算"),
    ],
)
def test_too_little_says_why(values: list[int], done: int, why: str) -> None:
    assert guess(FirmMonths(months_of(values)), JANUARY, done, FLAT, Fraction(1)).why == why


def test_without_a_year_before_and_without_peers_there_is_no_forecast() -> None:
    told = guess(FirmMonths({JANUARY: 1, JANUARY + 1: 1, JANUARY + 2: 1}), JANUARY, 3, Profile({}, None), Fraction(1))
    assert (told.middle, told.why) == (None, "上年数据不全，同行业可比企业也不足")


def test_an_industry_of_four_does_not_speak_and_one_of_five_does() -> None:
    four = [FirmMonths(months_of([1] * 12, JANUARY), "34") for _ in range(4)]
    fifth = FirmMonths(months_of([3] * 3 + [1] * 9, JANUARY), "35")
    assert profile_of(four, JANUARY, 3) == Profile({}, None)
    assert profile_of([*four, fifth], JANUARY, 3) == Profile({}, Fraction(4 * 3 + 9, 4 * 12 + 18))
    assert profile_of([*four, four[0], fifth], JANUARY, 3).share("34") == Fraction(3, 12)


def learned(count: int, years: int, through: int) -> tuple[list[FirmMonths], int]:
    """Firms that all have the same season, in sizes of their own."""
    season = [8, 6, 10, 10, 10, 11, 10, 10, 10, 10, 11, 14]
    first = (2024 - years) * YEAR
    firms = [
        FirmMonths({index: season[index % YEAR] * (5_000_000 + size * 1_000_000) for index in range(first, through + 1)}, "34")
        for size in range(count)
    ]
    return firms, through


def test_a_district_with_one_season_is_forecast_without_error() -> None:
    firms, through = learned(30, 2, month_index(202404))
    found = learn(firms, through, LINE)
    assert (found.trial.first, found.trial.median_error(own=True), found.trial.wrong) == (month_index(202301), 0, 0)
    told = found.forecast(firms[3])
    assert (told.low, told.middle, told.high) == (120 * 8_000_000,) * 3


def test_nineteen_firms_are_too_few_to_tell_an_error_and_twenty_are_enough() -> None:
    for count, known in ((LEAST_TRIALS - 1, False), (LEAST_TRIALS, True)):
        firms, through = learned(count, 2, month_index(202404))
        told = learn(firms, through, LINE).forecast(firms[0])
        assert (told.middle is not None, told.why) == (known, "" if known else "可回测的企业不足 20 家，误差不明")


def test_where_no_firm_has_two_whole_years_the_last_twelve_months_are_held_back() -> None:
    firms, through = learned(25, 1, month_index(202404))
    firms = [FirmMonths({**one.months, **dict.fromkeys(range(through - 23, JANUARY - YEAR), 10_000_000)}, "34") for one in firms]
    assert learn(firms, through, LINE).trial.first == through - 11


def test_the_trial_never_looks_at_what_it_forecasts() -> None:
    firms, _ = learned(25, 2, month_index(202404))
    first = month_index(202301)
    plain = trial_of(firms, first, 4, LINE)
    changed = [FirmMonths({**one.months, first + 9: (one.months[first + 9] or 0) + 7_000_000}, one.industry) for one in firms]
    moved = trial_of(changed, first, 4, LINE)
    assert all(after > before for before, after in zip(plain.mixed, moved.mixed, strict=True))


@given(st.lists(st.fractions(), min_size=1, max_size=40), st.fractions(0, 1))
def test_a_quantile_has_enough_values_at_or_below_it(values: list[Fraction], part: Fraction) -> None:
    listed = sorted(values)
    found = quantile(listed, part)
    below = sum(value <= found for value in listed)
    less = sum(value < found for value in listed)
    assert found in listed
    assert below >= part * len(listed)
    assert less < max(part * len(listed), 1)


@given(st.dictionaries(st.integers(0, 30), st.one_of(st.none(), amounts)), st.integers(0, 20), st.integers(1, 12))
def test_a_sum_is_known_only_where_every_month_is(months: dict[int, int | None], first: int, count: int) -> None:
    values = [months.get(index) for index in range(first, first + count)]
    assert total(months, first, count) == (None if None in values else sum(value for value in values if value is not None))


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_have_one_number_each(year: int, month: int) -> None:
    assert period_of(month_index(year * 100 + month)) == year * 100 + month


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (110, 100, 100_000),
        (90, 100, -100_000),
        (1, 3, -666_667),
        (None, 100, None),
        (100, None, None),
        (100, 0, None),
        (0, 100, -1_000_000),
    ],
)
def test_growth_is_told_only_of_two_known_sums(now: int | None, before: int | None, found: int | None) -> None:
    assert growth(now, before) == found


def test_the_reporting_month_is_the_last_that_half_of_the_firms_have() -> None:
    may, june = month_index(202405), month_index(202406)
    firms = [{may: 1, june: 1}, {may: 1}, {may: 1}, {may - 30: 1}]
    assert reporting_month(firms, date(2024, 7, 1)) == may
    assert reporting_month([{may: 1, june: 1}, {may: 1}], date(2024, 7, 1)) == june
    assert reporting_month([{may: 1, june: 1}], date(2024, 5, 31)) == may
    assert reporting_month([], date(2024, 5, 31)) is None


def test_a_line_holds_what_is_known_and_says_what_is_not() -> None:
    firms, through = learned(25, 2, month_index(202404))
    months = {index: value for index, value in firms[0].months.items() if index not in {through - 1, JANUARY - 12}}
    line = line_of(FirmMonths(months, "34"), learn(firms, through, LINE), on_roster=True)
    assert (line.latest, line.to_date, line.before, line.last_year, line.gaps, line.silent) == (50_000_000, None, None, None, 1, 0)
    assert (line.crossing, line.forecast.why) == (Crossing.NONE, "3月没有数据，累计不明")


@pytest.mark.parametrize(
    ("low", "high", "roster", "found"),
    [
        (LINE, LINE + 1, False, Crossing.UP), (LINE - 1, LINE, False, Crossing.MAYBE_UP), (LINE - 2, LINE - 1, False, Crossing.BELOW),
        (LINE, LINE + 1, True, Crossing.ABOVE), (LINE - 1, LINE, True, Crossing.MAYBE_DOWN), (LINE - 2, LINE - 1, True, Crossing.DOWN),
    ],
)  # fmt: skip
def test_the_side_of_the_line_is_told_by_the_whole_interval(low: int, high: int, roster: bool, found: Crossing) -> None:
    assert crossing(Forecast(low, low, high), on_roster=roster) == found
