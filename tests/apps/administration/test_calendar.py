"""The calendar: entered by one, confirmed by another with another post, and then what deadlines count by."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.people import AT, District, small_district
from tidu.apps.accounts.enums import Role
from tidu.apps.administration.domain.calendar import Day, days_of, decide_year, may_decide, propose_year
from tidu.apps.administration.models import CalendarYear
from tidu.apps.administration.queries import calendar_in_force
from tidu.apps.administration.remembered import calendar, forget, site_words
from tidu.kernel.errors import Problems, TiduError
from tidu.kernel.workdays import ANNOUNCED_YEARS, STATE_COUNCIL, CalendarNotAnnounced
from tidu.look.figures import days_left

database = pytest.mark.django_db
YEAR = 2090
CITATION = "国办发明电〔2089〕1号"
DAYS = [Day(date(YEAR, 1, 2), False, "元旦"), Day(date(YEAR, 1, 7), True, "调休")]


@pytest.fixture
def district() -> District:
    return small_district()


def entered(district: District, year: int = YEAR, days: list[Day] | None = None, role: Role = Role.SYSTEM_ADMIN) -> CalendarYear:
    return propose_year(actor=district.actor(role), at=AT, year=year, citation=CITATION, days=DAYS if days is None else days)


def confirmed(district: District, proposed: CalendarYear) -> None:
    decide_year(actor=district.actor(Role.SECURITY_ADMIN), at=AT, proposed=proposed, confirm=True)


@database
def test_a_year_counts_once_it_is_confirmed(district: District) -> None:
    proposed = entered(district)
    with pytest.raises(CalendarNotAnnounced):
        calendar_in_force().is_workday(date(YEAR, 1, 2))
    confirmed(district, proposed)
    known = calendar_in_force()
    # 2090-01-02 is a Monday, 2090-01-07 a Saturday
    assert [known.is_workday(date(YEAR, 1, day)) for day in (1, 2, 3, 7, 8, 9)] == [False, False, True, True, False, True]
    assert known.add_workdays(date(YEAR, 1, 1), 5) == date(YEAR, 1, 7)


@database
def test_an_announced_year_is_overridden_whole(district: District) -> None:
    year = ANNOUNCED_YEARS[-1]
    confirmed(district, entered(district, year, [Day(date(year, 3, 2), False, "临时放假")]))
    known = calendar_in_force()
    assert (known.is_workday(date(year, 3, 2)), known.years[year].worked, known.years[year - 1]) == (
        False, frozenset(), STATE_COUNCIL.years[year - 1],
    )  # fmt: skip


@database
def test_a_later_confirmation_replaces_the_earlier_one(district: District) -> None:
    confirmed(district, entered(district))
    confirmed(district, entered(district, days=[Day(date(YEAR, 1, 3), False, "")]))
    states = list(CalendarYear.objects.order_by("pk").values_list("state", flat=True))
    assert (states, calendar_in_force().is_workday(date(YEAR, 1, 2))) == (["replaced", "in-force"], True)


@database
@pytest.mark.parametrize("role", Role)
def test_who_enters_and_who_confirms(district: District, role: Role) -> None:
    proposed = entered(district)
    enters = role in {Role.SYSTEM_ADMIN, Role.BUREAU_CLERK}
    confirms = may_decide(district.actor(role), proposed).allowed
    assert (enters, confirms) == (role in {Role.SYSTEM_ADMIN, Role.BUREAU_CLERK}, role in {Role.SECURITY_ADMIN, Role.BUREAU_HEAD})
    if not enters:
        with pytest.raises(TiduError):
            entered(district, YEAR + 1, role=role)


@database
def test_who_entered_does_not_confirm(district: District) -> None:
    proposed = entered(district)
    CalendarYear.objects.update(proposed_by=district.people[Role.SECURITY_ADMIN])
    proposed.refresh_from_db()
    assert may_decide(district.actor(Role.SECURITY_ADMIN), proposed).code == "own-proposal"


@database
def test_one_proposal_of_a_year_waits_and_is_decided_once(district: District) -> None:
    proposed = entered(district)
    with pytest.raises(TiduError, match="已有一份"):
        entered(district)
    confirmed(district, proposed)
    with pytest.raises(TiduError, match="别人刚刚复核过"):
        confirmed(district, proposed)


@database
@pytest.mark.parametrize(
    ("year", "citation", "days"), [(YEAR, "", DAYS), (YEAR, CITATION, []), (1999, CITATION, DAYS), (2101, CITATION, DAYS)]
)
def test_a_proposal_without_ground_is_refused(district: District, year: int, citation: str, days: list[Day]) -> None:
    with pytest.raises(TiduError):
        propose_year(actor=district.actor(Role.SYSTEM_ADMIN), at=AT, year=year, citation=citation, days=days)


def test_days_are_read_as_people_write_them() -> None:
    text = "\ufeff日期,安排,说明\n2090-01-02,休息,元旦\n2090/1/7，上班，调休\n2090年5月1日 放假 劳动节\n\n"
    assert days_of(text, YEAR) == [*DAYS, Day(date(YEAR, 5, 1), False, "劳动节")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["no-days"]),
        ("2090-02-30,休息", ["bad-day"]),
        ("2090-01-02,也许", ["bad-kind"]),
        ("2089-01-02,休息", ["other-year"]),
        ("2090-01-02,休息\n2090-01-02,上班", ["day-twice"]),
        ("nonsense\n2090-13-01,休息", ["bad-day", "bad-day"]),
    ],
)
def test_lines_that_cannot_be_read_are_named(text: str, codes: list[str]) -> None:
    with pytest.raises(Problems) as caught:
        days_of(text, YEAR)
    assert [one.code for one in caught.value.problems] == codes


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(TiduError):  # anything else fails the test
        days = [one.day for one in days_of(text, YEAR)]
        assert days == sorted(set(days))


@database
def test_pages_go_by_the_calendar_in_force(district: District, settings: object) -> None:
    forget()
    confirmed(district, entered(district))
    before = days_left(date(YEAR, 1, 7), date(YEAR, 1, 1))
    settings.ADMINISTRATION_AGE = 30  # type: ignore[attr-defined]
    forget()
    try:
        assert (before, days_left(date(YEAR, 1, 7), date(YEAR, 1, 1))) == ("还剩 6 天", "还剩 5 个工作日")
        assert (YEAR in calendar().years, site_words()["name"]) == (True, "梯度")
    finally:
        forget()
        settings.ADMINISTRATION_AGE = 0  # type: ignore[attr-defined]
