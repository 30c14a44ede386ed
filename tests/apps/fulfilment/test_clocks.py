"""红黄绿 of a limit, and which fields of a draft were changed."""

from __future__ import annotations

from datetime import date

import pytest

from tidu.apps.fulfilment.domain.applying import changed_paths
from tidu.apps.fulfilment.domain.clocks import Lamp, lamp
from tidu.apps.fulfilment.enums import CaseState

FRIDAY = date(2024, 6, 7)
"""Monday the 10th is the Dragon Boat Festival."""


@pytest.mark.parametrize(
    ("due", "day", "expected"),
    [
        (None, FRIDAY, Lamp("", "")),
        (date(2024, 6, 14), FRIDAY, Lamp("green", "还剩 4 个工作日")),
        (date(2024, 6, 12), FRIDAY, Lamp("yellow", "还剩 2 个工作日")),
        (FRIDAY, FRIDAY, Lamp("yellow", "今天到期")),
        (FRIDAY, date(2024, 6, 9), Lamp("red", "超期")),
        (FRIDAY, date(2024, 6, 12), Lamp("red", "超期 2 个工作日")),
        (date(2099, 6, 14), date(2099, 6, 10), Lamp("green", "还剩 4 天")),
        (date(2099, 6, 10), date(2099, 6, 14), Lamp("red", "超期 4 天")),
    ],
)
def test_the_lamp_counts_working_days_where_the_calendar_is_announced(due: date | None, day: date, expected: Lamp) -> None:
    assert lamp(due, day, CaseState.SUBMITTED) == expected


@pytest.mark.parametrize("state", [CaseState.NOTICED, CaseState.OBJECTED])
def test_the_period_of_a_notice_is_no_limit_that_can_be_missed(state: CaseState) -> None:
    assert [lamp(FRIDAY, day, state) for day in (FRIDAY, date(2024, 6, 12))] == [Lamp("", "公示期最后一日"), Lamp("", "期满，待办结")]


def test_what_a_section_leaves_as_it_was_is_no_change() -> None:
    draft = {"matter": {"note": "一", "use": "二"}, "materials": {"contract": [1]}}
    whole = {"note": "一", "use": "二"}
    assert changed_paths(draft, {"matter": whole, "materials": {"contract": [1]}}) == []
    changed = {"matter": {**whole, "note": "三"}, "materials": {"contract": [1], "plan": [2]}}
    assert changed_paths(draft, changed) == ["materials.plan", "matter.note"]
    assert changed_paths(draft, {"matter": {"note": "一"}}) == ["matter.use"], "a section is saved as a whole: what is left out is gone"
    assert changed_paths(draft, {"matter": "三", "phone": ""}) == ["matter", "phone"]
