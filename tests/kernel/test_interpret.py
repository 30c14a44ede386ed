"""One firm against one standard: the four verdicts, intervals, what is missing and what only a person can judge."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.kernel.one_firm import DAY, INNOVATIVE, MOMENT, WAN, assessed, firm
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.interpret import assess, assess_firm, passing_mark, standard_keys
from tidu.kernel.population import Firm
from tidu.kernel.reading import load_packs

ENOUGH = {"研发费用": 250 * WAN}


def said(**changes: Any) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    found = assessed(firm(**changes))
    return found.verdict, found.missing, found.manual


@pytest.mark.parametrize(
    ("changes", "verdict", "missing"),
    [
        ({"last_year": ENOUGH}, "met", ()),
        ({}, "unmet", ()),
        ({"facts": {"列入经营异常名录": None}, "last_year": ENOUGH}, "unknown", ("列入经营异常名录",)),
        ({"facts": {"列入经营异常名录": None}}, "unmet", ()),  # it cannot change anything
        ({"last_year": {"研发费用": None}}, "unknown", ("研发费用",)),
        ({"facts": {"列入严重失信主体名单": None}, "last_year": {"研发费用": None}}, "unknown", ("列入严重失信主体名单", "研发费用")),
        ({"facts": {"Ⅱ类知识产权数": None}}, "unmet", ()),  # 5 points more are not enough
        ({"facts": {"Ⅱ类知识产权数": None}, "last_year": {"研发费用": 150 * WAN}}, "unknown", ("Ⅱ类知识产权数",)),
        ({"last_year": {**ENOUGH, "负债总额": None}}, "met", ()),  # the total stays above its mark without it
        ({"facts": {"国民经济行业代码": None}, "last_year": ENOUGH}, "unknown", ("国民经济行业代码",)),
        ({"last_year": {**ENOUGH, "营业收入": 0}}, "unknown", ("营业收入",)),  # divides by nothing: it must be corrected
    ],
)
def test_verdict_and_only_the_deciding_facts(changes: dict[str, Any], verdict: str, missing: tuple[str, ...]) -> None:
    assert said(**changes) == (verdict, missing, ())


def test_open_event_is_asked_for_by_its_fields() -> None:
    assert said(科技奖励=[{"级别": "省级"}]) == ("unknown", ("科技奖励.日期",), ())
    assert said(科技奖励=[{"日期": date(2023, 5, 1)}]) == ("met", (), ())  # either level of the list is high enough
    assert said(科技奖励=[{"级别": "省级", "日期": date(2021, 5, 31)}]) == ("unmet", (), ())


def test_score_is_an_interval_by_group_and_item() -> None:
    score = assessed(firm(facts={"Ⅱ类知识产权数": None, "主导产品属战略性新兴产业": None})).score

    assert score is not None
    assert (score.low, score.high, score.passing) == (60, 70, 60)
    assert dict(score.groups) == {"创新能力": (10, 15), "成长性": (25, 25), "专业化": (25, 30)}
    assert dict(score.items) == {"IN1": (0, 5), "IN2": (10, 10), "IN3": (15, 15), "IN4": (10, 10), "IN5": (5, 10), "IN6": (20, 20)}


def test_what_only_a_person_can_judge_is_kept_apart() -> None:
    found = assessed(firm(), "湖北专精特新特色化")

    assert (found.verdict, found.missing, found.manual) == (
        "manual",
        (),
        ("特色化得分由省级主管部门按当年指标评定，是否达到要求由人判断",),
    )


def test_prerequisites_are_told_and_decide_nothing() -> None:
    without, holder = (
        assessed(firm(认定=rows), "专精特新小巨人")
        for rows in ([], [{"名称": "专精特新中小企业", "日期": date(2023, 1, 1), "有效期至": date(2026, 1, 1)}])
    )

    assert [dict(found.prerequisites)["XJP1"] for found in (without, holder)] == [False, True]
    assert without.verdict == holder.verdict


@pytest.mark.parametrize(
    ("last_year", "value", "missing"),
    [
        ({"从业人员": 1000, "营业收入": 40_000 * WAN}, "大型", ()),
        ({"从业人员": 999, "营业收入": 40_000 * WAN}, "中型", ()),
        ({"从业人员": 20, "营业收入": 300 * WAN}, "小型", ()),
        ({"从业人员": 19, "营业收入": 300 * WAN}, "微型", ()),
        ({"从业人员": None, "营业收入": 300 * WAN - 1}, "微型", ()),
        ({"从业人员": None, "营业收入": 300 * WAN}, None, ("从业人员",)),
        ({"从业人员": None, "营业收入": None}, None, ("营业收入", "从业人员")),
    ],
)
def test_size_class_is_a_value(last_year: dict[str, Any], value: str | None, missing: tuple[str, ...]) -> None:
    found = assessed(firm(last_year=last_year), "中小企业划型")

    assert (found.verdict, found.value, found.missing) == ("met" if value else "unknown", value, missing)


def test_standards_in_force_or_those_named() -> None:
    packs = load_packs()
    everything = assess_firm(firm(), packs, MOMENT)

    assert [found.standard for found in everything] == packs.in_force(law_date=DAY)
    assert [found.standard.name for found in assess_firm(firm(), packs, MOMENT, names=[INNOVATIVE])] == [INNOVATIVE]


def test_named_standard_that_is_not_in_force_fails_loudly() -> None:
    with pytest.raises(TiduError) as caught:
        assess_firm(firm(), load_packs(), Moment(date(2022, 7, 31), DAY), names=[INNOVATIVE])

    assert caught.value.code == "no-rule-in-force"


def test_date_of_the_law_and_date_of_the_facts_are_apart() -> None:
    packs, name = load_packs(), "专精特新中小企业"
    moments = [Moment(day, DAY) for day in (date(2026, 3, 31), date(2026, 4, 1))]
    found = [assess(FirmInputs(firm(), moment, packs), packs.select(name, law_date=moment.law_date)) for moment in moments]

    assert [one.standard.version for one in found] == ["2022版", "2026版"]
    assert [moment.year for moment in moments] == [2023, 2023]


def test_firm_of_which_nothing_is_known_is_unknown_and_names_no_fact_twice() -> None:
    found = assessed(Firm("91420114MA4K00001A"))

    assert found.verdict == "unknown"
    assert len(set(found.missing)) == len(found.missing) > 10


def test_missing_facts_stand_in_the_order_of_the_catalogue() -> None:
    order = load_packs().scope.catalogue.order
    missing = [name for name in assessed(Firm("91420114MA4K00001A")).missing if name in order]

    assert missing == sorted(missing, key=order.index)


def test_keys_and_passing_mark_of_a_standard() -> None:
    packs = load_packs()
    innovative, scale = (packs.select(name, law_date=DAY) for name in (INNOVATIVE, "规模以上工业企业"))

    assert {"研发费用", "主营业务收入@1", "划型行业"} <= set(standard_keys(innovative))
    assert [passing_mark(innovative), passing_mark(scale)] == [60, None]
