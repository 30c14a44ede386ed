"""Who is 差一点: little is lacking, it can be worked on, and nothing else is open."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tidu.apps.calculator.domain import Answers, example
from tidu.apps.calculator.domain.judging import Judged, case_of, judge
from tidu.apps.calculator.domain.nearness import is_close
from tidu.apps.calculator.domain.shortfalls import criteria_of, effort
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet

NEARLY = example("nearly").answers


def judged(packs: PackSet, moment: Moment, name: str, **changes: str) -> Judged:
    fields = {**NEARLY.as_fields(), **{key.replace("__", "."): text for key, text in changes.items()}}
    answers, problems = Answers.parse({key: text for key, text in fields.items() if text})
    assert problems == []
    return judge(case_of(answers, packs, moment).inputs, packs.select(name, law_date=moment.law_date))


@pytest.mark.parametrize(
    ("changes", "close"),
    [
        ({}, True),
        ({"rd_expense__0": "340"}, False),  # met
        ({"abnormal": "yes"}, True),  # two criteria fail, and both can be worked on
        ({"abnormal": "yes", "dishonest": "yes"}, False),  # three fail
        ({"exclusions": "violation", "violation__1__date": "2023-03-01"}, False),  # a violation cannot be worked off
        ({"niche": "2022"}, False),  # years have to pass
        ({"niche": ""}, False),  # something else is open
        ({"local_points": "?"}, False),  # undecided: 待补充
        ({"local_points": "0", "profit__0": "0", "ip_own": "0", "ip_one": "0"}, False),  # too many points are lacking
        ({"persona": "individual", "industry": "industrial"}, True),  # 个转企 is a lever
    ],
)
def test_close_to_the_score_of_2022(packs: PackSet, paying: Moment, changes: dict[str, str], close: bool) -> None:
    assert is_close(judged(packs, paying, "专精特新中小企业", **changes)) is close


@pytest.mark.parametrize(
    ("changes", "close"),
    [
        ({"titles": "none", "official_score__0": "55"}, True),  # a title can be applied for
        ({"official_score__0": "49"}, False),  # the national platform computes the score
        ({"official_score__0": "55", "revenue__0": "1400", "main_revenue__0": "1300", "rd_expense__0": "150"}, True),
        ({"official_score__0": "55", "revenue__0": "700", "main_revenue__0": "650", "rd_expense__0": "150"}, False),  # too far
        ({"official_score__0": "55", "ip_one": "0", "ip_own": "0"}, True),  # one piece is within reach
        ({"official_score__0": "55", "rd_expense__1": "90"}, False),  # last year's figure is past
        ({"official_score__0": "?", "titles": "none"}, False),  # the score is still open
    ],
)
def test_close_to_the_conditions_of_2026(packs: PackSet, later: Moment, changes: dict[str, str], close: bool) -> None:
    assert is_close(judged(packs, later, "专精特新中小企业", **changes)) is close


def test_of_several_ways_the_nearest_is_told(packs: PackSet, paying: Moment) -> None:
    (failing,) = judged(packs, paying, "科技型中小企业").failing
    assert (failing.label.id, failing.ways, failing.within_reach) == ("KJ0", True, True)
    assert [(one.text, one.value, one.gap, one.unit) for one in failing.short] == [("总分不低于 60 分", 58, 2, "分")]
    champion = judged(packs, paying, "制造业单项冠军")
    (size,) = [one for one in champion.failing if one.label.id == "DG2"]
    assert [(one.value, one.gap, one.workable, one.within_reach) for one in size.short] == [(0.33, 3.67, True, False)]
    assert is_close(champion) is False


def test_the_distance_is_a_share_of_the_bound(packs: PackSet, later: Moment) -> None:
    found = judged(packs, later, "专精特新小巨人")
    revenue = next(one for one in found.failing if one.label.id == "XR2")
    assert [(one.distance, one.within_reach) for one in revenue.short] == [(Fraction(4, 25), True)]


def test_every_text_of_every_standard_has_named_criteria(packs: PackSet) -> None:
    nameless = [standard.name for standard in packs.standards if not standard.classes and not all(
        rule.label.id and rule.label.text for rule in criteria_of(standard.requires)
    )]  # fmt: skip
    assert nameless == []


def test_the_effort_is_read_once_per_packs(packs: PackSet) -> None:
    assert effort(packs) is effort(packs)
