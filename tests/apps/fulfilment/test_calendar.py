"""Deadlines follow the calendar in force here: a year that an office entered counts, one that nobody announced stops the act."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.apps.fulfilment.ground import NOON, Ground, money_district
from tests.apps.fulfilment.test_transitions import case_in
from tidu.apps.accounts.actors import SYSTEM
from tidu.apps.administration.domain.calendar import Day, decide_year, propose_year
from tidu.apps.fulfilment.domain.applying import keep_submission
from tidu.apps.fulfilment.domain.reviewing import accept
from tidu.apps.fulfilment.enums import CaseState
from tidu.apps.fulfilment.models import Case
from tidu.kernel.workdays import ANNOUNCED_YEARS, CalendarNotAnnounced

pytestmark = pytest.mark.django_db
LAST = ANNOUNCED_YEARS[-1]
SILVESTER = datetime(LAST, 12, 31, 4, 0, tzinfo=UTC)


@pytest.fixture
def ground() -> Ground:
    return money_district()


def handed_in(ground: Ground) -> Case:
    case = case_in(ground, CaseState.SUBMITTED)
    keep_submission(actor=ground.firm, at=NOON, case=case, content={})
    return case


def test_a_year_that_nobody_announced_stops_the_act_and_leaves_the_case(ground: Ground) -> None:
    case = handed_in(ground)
    with pytest.raises(CalendarNotAnnounced):
        accept(actor=ground.clerk, at=SILVESTER, case=case)
    assert (Case.objects.get(pk=case.pk).state, case.opinions.count()) == (CaseState.SUBMITTED, 0)


def test_a_year_that_an_office_entered_counts(ground: Ground) -> None:
    days = [Day(date(LAST + 1, 1, number), False, "元旦") for number in range(1, 11)]
    proposed = propose_year(actor=SYSTEM, at=NOON, year=LAST + 1, citation="某号", days=days)
    decide_year(actor=SYSTEM, at=NOON, proposed=proposed, confirm=True)
    moved = accept(actor=ground.clerk, at=SILVESTER, case=handed_in(ground))
    first = date(LAST + 1, 1, 11)
    working = [day for number in range(30) if (day := date.fromordinal(first.toordinal() + number)).weekday() < 5]
    assert (moved.due, {one.due for one in moved.opinions.all()}) == (working[9], {working[4]})
