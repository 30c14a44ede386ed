"""Working days against the announced calendars (国办发明电): make-up days, holidays, the edge of what is announced."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.kernel.workdays import ANNOUNCED_YEARS, CalendarNotAnnounced, add_workdays, is_workday, workdays_between

FIRST = date(ANNOUNCED_YEARS[0], 1, 1)
LAST = date(ANNOUNCED_YEARS[-1], 12, 31)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2024, 2, 4), True),  # Sunday, worked for the Spring Festival
        (date(2024, 2, 18), True),  # Sunday, the same
        (date(2024, 2, 9), True),  # New Year's Eve of 2024 was only recommended as leave, not announced as a holiday
        (date(2024, 2, 10), False),
        (date(2024, 5, 1), False),
        (date(2024, 5, 11), True),  # Saturday, worked for Labour Day
        (date(2024, 6, 10), False),  # Monday, Dragon Boat Festival
        (date(2024, 6, 8), False),
        (date(2024, 6, 11), True),
        (date(2020, 1, 31), False),  # the Spring Festival that was prolonged
        (date(2025, 1, 26), True),  # Sunday
        (date(2025, 1, 28), False),  # from 2025 on the eve is a holiday
        (date(2026, 2, 14), True),  # Saturday
    ],
)
def test_is_workday_follows_the_announcement(day: date, worked: bool) -> None:
    assert is_workday(day) is worked


def test_2024_has_251_working_days() -> None:
    assert workdays_between(date(2023, 12, 31), date(2024, 12, 31)) == 251


def test_add_workdays_passes_over_holiday_and_counts_make_up_day() -> None:
    assert [add_workdays(date(2024, 4, 30), n) for n in (-2, -1, 0, 1, 4, 5, 6)] == [
        date(2024, 4, 28),  # a Sunday that was worked
        date(2024, 4, 29),
        date(2024, 4, 30),
        date(2024, 5, 6),
        date(2024, 5, 9),
        date(2024, 5, 10),
        date(2024, 5, 11),
    ]


def test_zero_workdays_leaves_a_free_day_as_it_is() -> None:
    assert add_workdays(date(2024, 5, 1), 0) == date(2024, 5, 1)


def test_year_not_announced_raises_with_the_year_in_the_sentence() -> None:
    year = ANNOUNCED_YEARS[-1] + 1

    with pytest.raises(CalendarNotAnnounced) as caught:
        is_workday(date(year, 1, 1))

    assert caught.value.code == "calendar_not_announced"
    assert caught.value.data == {"year": year, "first": 2004, "last": year - 1}
    assert caught.value.message.startswith(f"{year}年的工作日尚无法计算")


def test_edges_of_the_announced_years() -> None:
    assert is_workday(LAST) is (LAST.weekday() < 5)
    assert is_workday(FIRST) is False
    with pytest.raises(CalendarNotAnnounced):
        add_workdays(LAST, 1)
    with pytest.raises(CalendarNotAnnounced):
        workdays_between(FIRST - timedelta(days=2), FIRST)


def test_every_announced_day_equals_the_library() -> None:
    days = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]

    assert [day for day in days if is_workday(day)] == chinese_calendar.get_workdays(FIRST, LAST)


@given(day=st.dates(date(2010, 1, 1), date(2020, 12, 31)), count=st.integers(-300, 300))
def test_between_undoes_add(day: date, count: int) -> None:
    assert workdays_between(day, add_workdays(day, count)) == count


@given(
    a=st.dates(date(2022, 1, 1), date(2024, 12, 31)),
    b=st.dates(date(2022, 1, 1), date(2024, 12, 31)),
    c=st.dates(date(2022, 1, 1), date(2024, 12, 31)),
)
def test_between_adds_up_forwards(a: date, b: date, c: date) -> None:
    first, second, third = sorted((a, b, c))

    assert workdays_between(first, second) + workdays_between(second, third) == workdays_between(first, third)
