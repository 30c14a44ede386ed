"""Colours: what each record means, and what holds of any records."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.accounts.enums import Role
from tidu.apps.plans.domain.colour_rules import FILE, Escalation, Situation, colour_rules, read_rules
from tidu.apps.plans.domain.colours import REPORT, RETURN, Limits, Record, Span, reds_in_a_row, situation_of
from tidu.apps.plans.domain.periods import Period, periods_of
from tidu.apps.plans.enums import Colour, PeriodKind
from tidu.kernel.errors import TiduError
from tidu.kernel.workdays import ANNOUNCED_YEARS, STATE_COUNCIL

RULES = colour_rules()
FIRST = date(2024, 1, 1)
MARCH = Period("2024-03", "2024年3月", date(2024, 3, 1), date(2024, 3, 31), PeriodKind.MONTHLY)
LIMIT = date(2024, 4, 8)
"""The fifth working day after 31 March 2024: 4 to 6 April are free, Sunday 7 April is worked."""
ISSUED = Span(FIRST)


def limits() -> Limits:
    return Limits(RULES, STATE_COUNCIL)


def stands(records: list[tuple[str, date]], day: date, span: Span = ISSUED) -> Situation:
    listed = [Record(turn, act, on) for turn, (act, on) in enumerate(records, start=2)]
    return situation_of(MARCH, span, listed, day, limits())


def test_the_limit_counts_working_days() -> None:
    assert limits().of(MARCH) == LIMIT
    assert limits().after(date(2024, 6, 30), 0) == date(2024, 7, 1)  # a Sunday
    assert limits().after(date(2024, 7, 1), 0) == date(2024, 7, 1)


@pytest.mark.parametrize(
    ("records", "day", "expected"),
    [
        ([], date(2024, 3, 15), Situation.NOT_DUE),
        ([], LIMIT, Situation.NOT_DUE),
        ([], date(2024, 4, 9), Situation.MISSED),
        ([(REPORT, date(2024, 3, 20))], date(2024, 3, 20), Situation.IN_TIME),
        ([(REPORT, LIMIT)], date(2024, 5, 1), Situation.IN_TIME),
        ([(REPORT, date(2024, 4, 10))], date(2024, 4, 10), Situation.LATE),
        ([(REPORT, date(2024, 4, 10))], LIMIT, Situation.NOT_DUE),
        ([(REPORT, LIMIT), (RETURN, date(2024, 4, 12))], date(2024, 4, 17), Situation.NOT_DUE),
        ([(REPORT, LIMIT), (RETURN, date(2024, 4, 12))], date(2024, 4, 18), Situation.MISSED),
        ([(REPORT, LIMIT), (RETURN, date(2024, 4, 12)), (REPORT, date(2024, 4, 17))], date(2024, 5, 1), Situation.IN_TIME),
        ([(REPORT, LIMIT), (RETURN, date(2024, 4, 12)), (REPORT, date(2024, 4, 18))], date(2024, 5, 1), Situation.LATE),
        ([(REPORT, date(2024, 4, 10)), (RETURN, date(2024, 4, 11))], date(2024, 4, 11), Situation.MISSED),
    ],
)
def test_what_each_record_means(records: list[tuple[str, date]], day: date, expected: Situation) -> None:
    assert stands(records, day) == expected


def test_what_is_not_owed_has_no_colour() -> None:
    missed = date(2024, 4, 10)
    assert stands([], missed, Span(None)) == Situation.NOT_OWED
    assert stands([], missed, Span(date(2024, 4, 1))) == Situation.NOT_OWED  # issued when March was over
    assert stands([], missed, Span(FIRST, reports=False)) == Situation.NOT_OWED
    assert stands([], missed, Span(FIRST, missed, withdrawn=True)) == Situation.NOT_OWED
    assert stands([], missed, Span(FIRST, LIMIT)) == Situation.NOT_OWED  # closed before the limit was over
    assert stands([], date(2024, 6, 1), Span(FIRST, missed)) == Situation.MISSED  # what was red on the day of closing stays
    assert stands([], missed, Span(FIRST, date(2024, 4, 11), withdrawn=True)) == Situation.MISSED  # asked before it was withdrawn


def test_a_year_that_is_not_announced_gives_no_colour_instead_of_a_wrong_one() -> None:
    year = ANNOUNCED_YEARS[-1]
    last = Period(f"{year}-12", "", date(year, 12, 1), date(year, 12, 31), PeriodKind.MONTHLY)
    records = [Record(2, REPORT, date(year, 12, 30))]
    assert situation_of(last, ISSUED, records, date(year + 1, 2, 1), limits()) == Situation.IN_TIME
    assert situation_of(last, ISSUED, [], date(year + 1, 2, 1), limits()) == Situation.NO_CALENDAR
    assert situation_of(last, ISSUED, [Record(2, REPORT, date(year + 1, 1, 9))], date(year + 1, 2, 1), limits()) == Situation.NO_CALENDAR


@st.composite
def histories(draw: st.DrawFn) -> list[Record]:
    """Reports and returns in turn, each on or after the day of the one before, as the table allows them."""
    day, found = date(2024, 3, 1), []
    for turn in range(draw(st.integers(0, 6))):
        day += timedelta(days=draw(st.integers(0, 25)))
        found.append(Record(turn + 2, RETURN if turn % 2 else REPORT, day))
    return found


DAYS = st.dates(date(2024, 2, 1), date(2024, 9, 30))


@given(histories(), DAYS)
def test_only_records_up_to_the_day_count(records: list[Record], day: date) -> None:
    known = [one for one in records if one.day <= day]
    assert situation_of(MARCH, ISSUED, records, day, limits()) == situation_of(MARCH, ISSUED, known, day, limits())


@given(histories().flatmap(lambda listed: st.tuples(st.just(listed), st.permutations(listed))), DAYS)
def test_the_order_of_arrival_makes_no_difference(both: tuple[list[Record], list[Record]], day: date) -> None:
    listed, shuffled = both
    assert situation_of(MARCH, ISSUED, shuffled, day, limits()) == situation_of(MARCH, ISSUED, listed, day, limits())


@given(histories(), DAYS, DAYS)
def test_catching_up_never_makes_a_period_green(records: list[Record], one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    if situation_of(MARCH, ISSUED, records, earlier, limits()) in {Situation.MISSED, Situation.LATE}:
        assert situation_of(MARCH, ISSUED, records, later, limits()) in {Situation.MISSED, Situation.LATE}


@given(histories(), DAYS, st.one_of(st.none(), DAYS), st.booleans())
def test_every_cell_has_exactly_one_colour(records: list[Record], day: date, ended: date | None, withdrawn: bool) -> None:
    span = Span(FIRST, ended, withdrawn)
    found = situation_of(MARCH, span, records, day, limits())
    assert sum(RULES.colours[found] == colour for colour in Colour) == 1
    if not records and day <= LIMIT:
        assert RULES.colours[found] == Colour.NONE


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 1200), st.sampled_from(PeriodKind))
def test_periods_cover_a_task_without_holes_or_overlaps(start: date, days: int, kind: PeriodKind) -> None:
    end = start + timedelta(days=days)
    found = periods_of(kind, start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(after.start == before.end + timedelta(days=1) for before, after in pairwise(found))
    assert len({one.key for one in found}) == len(found)
    assert max(len(one.key) for one in found) <= 8


def test_reds_in_a_row_are_counted_from_the_last_due_period() -> None:
    red, green, later, late = Situation.MISSED, Situation.IN_TIME, Situation.NOT_DUE, Situation.LATE
    assert [reds_in_a_row(one) for one in ([red, green, red, red, later], [red, late], [], [later, red])] == [2, 0, 0, 1]


def test_the_data_say_the_colours_and_who_is_told() -> None:
    assert RULES.colours == {
        Situation.IN_TIME: Colour.GREEN, Situation.LATE: Colour.YELLOW, Situation.MISSED: Colour.RED, Situation.NOT_DUE: Colour.NONE,
        Situation.NOT_OWED: Colour.NONE, Situation.NO_CALENDAR: Colour.NONE,
    }  # fmt: skip
    bureau = (Role.BUREAU_CLERK, Role.BUREAU_HEAD)
    assert [RULES.told_at(reds) for reds in (0, 1, 2, 5)] == [
        None, Escalation(1, True, ()), Escalation(2, True, bureau), Escalation(3, True, (*bureau, Role.DISTRICT_LEADER)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("补正期限", -1, "“-1”不是天数"),
        ("报送期限", {"按月": 5}, "按季"),
        ("颜色", {"按期报送": "蓝"}, "没有“蓝”，可以写红、黄、绿、不亮灯"),
        ("报送职责", ["主办"], "没有“主办”"),
        ("升级", [{"连续红灯": 2, "告知": []}, {"连续红灯": 1, "告知": []}], "由小到大"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(key: str, value: Any, said: str) -> None:
    data = deepcopy(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    data[key] = value
    with pytest.raises(TiduError, match=said) as refused:
        read_rules(data)
    assert refused.value.code == "bad-colour-rules"
