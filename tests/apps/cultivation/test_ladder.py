"""The ladder of a firm from its dated recognitions, against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.cultivation.domain.ladder import Span, history, rung_on
from tidu.apps.cultivation.domain.titles import NO_RUNG, titles

START = date(2020, 1, 1)
days = st.integers(0, 120).map(lambda number: START + timedelta(days=number))
spans = st.builds(
    lambda rung, day, length: Span(rung, day, None if length is None else day + timedelta(days=length)),
    st.integers(1, 6), days, st.one_of(st.none(), st.integers(0, 60)),
)  # fmt: skip


@given(st.lists(spans, max_size=7), days)
def test_the_steps_up_to_a_day_end_on_the_rung_of_that_day(held: list[Span], day: date) -> None:
    steps = [step for step in history(held) if step.day <= day]
    assert (steps[-1].after if steps else 0) == rung_on(held, day)


@given(st.lists(spans, max_size=7))
def test_the_steps_are_exactly_the_days_on_which_the_rung_changes(held: list[Span]) -> None:
    found, before = [], 0
    for number in range(-1, 200):
        day = START + timedelta(days=number)
        after = max((span.rung for span in held if span.day <= day and (span.until is None or day <= span.until)), default=0)
        if after != before:
            found.append((day, before, after))
        before = after
    assert [(step.day, step.before, step.after) for step in history(held)] == found


@pytest.mark.parametrize(
    ("name", "level", "kind", "rung"),
    [
        ("专精特新小巨人", "国家级", "专精特新小巨人", 5),
        ("专精特新小巨人", "省级", "专精特新中小企业", 4),
        ("省级小巨人", "", "专精特新中小企业", 4),
        ("专精特新中小企业", "省级", "专精特新中小企业", 4),
        ("专精特新企业", "市级", "专精特新培育企业", 3),
        ("高新技术企业", "国家级", "高新技术企业", 2),
        ("创新型中小企业", "省级", "创新型中小企业", 0),
        ("某区优秀企业", "区级", "某区优秀企业", 0),
    ],
)
def test_an_old_name_is_the_title_of_today(name: str, level: str, kind: str, rung: int) -> None:
    known = titles()
    assert (known.kind_of(name, level), known.rung_of(known.kind_of(name, level))) == (kind, rung)


def test_the_rungs_are_those_of_the_plan_from_the_lowest_up() -> None:
    assert [(title.rung, title.short) for title in titles().rungs] == [
        (1, "科技型"), (2, "高新"), (3, "市级培育"), (4, "省级小巨人"), (5, "国家级小巨人"), (6, "单项冠军"),
    ]  # fmt: skip
    assert titles().rung_name(0) == NO_RUNG


def test_a_last_day_that_is_not_on_file_is_assumed_and_says_so() -> None:
    known = titles()
    assert known.last_day("高新技术企业", date(2024, 2, 29), None) == (date(2027, 2, 27), True)
    assert known.last_day("高新技术企业", date(2024, 2, 29), date(2026, 1, 1)) == (date(2026, 1, 1), False)
    assert known.last_day("专精特新培育企业", date(2024, 2, 29), None) == (None, False)


def test_the_yearly_update_moved_with_the_rule_of_2026() -> None:
    title = titles().titles["专精特新中小企业"]
    assert [title.update_day(year) for year in (2025, 2026)] == [date(2025, 4, 30), date(2026, 5, 31)]


def test_every_title_says_on_what_ground_and_how_sure() -> None:
    words = {"confirmed", "one-source", "secondary", "unconfirmed"}
    assert [title.kind for title in titles().titles.values() if not title.reference or title.confidence not in words] == []
