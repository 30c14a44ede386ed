"""The ladder in order: what is held, what the points are made of, what fails, and the way to the next rung."""

from __future__ import annotations

from datetime import date

import pytest

from tidu.apps.calculator.domain import LADDER, Answers, Checkup, checkup, example, way_to
from tidu.apps.calculator.domain.firms import Told
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.wayup import way_up


def checked(packs: PackSet, moment: Moment, fields: dict[str, str], chosen: str | None = None) -> Checkup:
    return checkup(Answers.parse(fields)[0], packs=packs, moment=moment, chosen=chosen)


def test_the_rungs_stand_in_order_with_their_verdicts(packs: PackSet, paying: Moment) -> None:
    found = checkup(example("nearly").answers, packs=packs, moment=paying)
    assert [(rung.id, rung.held, rung.verdict) for rung in found.rungs] == [
        ("tech_sme", False, "unmet"),
        ("high_tech", False, "unmet"),
        ("innovative", True, "met"),
        ("cultivated", False, "manual"),
        ("specialised", False, "unmet"),
        ("giant", False, "unmet"),
        ("champion", False, "unmet"),
        ("above_scale", None, "met"),
    ]
    assert (found.next, found.chosen) == ("cultivated", "cultivated")
    assert found.sentence == "已有“创新型中小企业”；往上一级是“专精特新培育企业（市级）”。"


def test_the_points_are_shown_by_total_group_and_line(packs: PackSet, paying: Moment) -> None:
    rung = checkup(example("nearly").answers, packs=packs, moment=paying).rung("innovative")
    assert rung.total is not None
    assert (rung.total.low, rung.total.high, rung.total.most, rung.total.passing) == (75, 75, 100, 60)
    assert [(bar.title, bar.low, bar.high, bar.most, bar.passing) for bar in rung.groups] == [
        ("创新能力", 30, 30, 40, 20),
        ("成长性", 15, 15, 30, 15),
        ("专业化", 30, 30, 30, 15),
    ]
    assert [(bar.id, bar.group, bar.low, bar.most) for bar in rung.items] == [
        ("IN1", "创新能力", 15, 20),
        ("IN2", "创新能力", 15, 20),
        ("IN3", "成长性", 10, 20),
        ("IN4", "成长性", 5, 10),
        ("IN5", "专业化", 10, 10),
        ("IN6", "专业化", 20, 20),
    ]


def test_points_that_are_open_are_an_interval(packs: PackSet, paying: Moment) -> None:
    rung = checked(packs, paying, {"strategic": "yes", "ip_high": "1"}).rung("innovative")
    assert {bar.id: (bar.low, bar.high) for bar in rung.items} == {
        "IN1": (20, 20), "IN2": (0, 20), "IN3": (0, 20), "IN4": (0, 10), "IN5": (10, 10), "IN6": (0, 20),
    }  # fmt: skip


def test_criteria_are_met_unmet_or_open(packs: PackSet, later: Moment) -> None:
    rung = checked(packs, later, {"persona": "factory", "abnormal": "yes"}).rung("specialised")
    met = {one.id: one.met for one in rung.criteria}
    assert (met["T1"], met["T3"], met["ZX8"], len(met)) == (True, False, None, 15)
    assert {one.id: one.text for one in rung.criteria}["T3"] == "未列入经营异常名录"


def test_what_is_held_is_open_until_it_is_told(packs: PackSet, later: Moment) -> None:
    assert {rung.held for rung in checked(packs, later, {}).rungs} == {None}
    assert [rung.held for rung in checked(packs, later, {"titles": "none"}).rungs] == [False] * 7 + [None]
    told = checked(packs, later, {"titles": "giant,high_tech", "happenings": "above_scale"})
    assert [rung.id for rung in told.rungs if rung.held] == ["high_tech", "giant", "above_scale"]
    assert told.next == "champion"


def test_at_the_top_there_is_no_next_rung(packs: PackSet, later: Moment) -> None:
    found = checked(packs, later, {"titles": "champion"})
    assert (found.next, found.chosen, found.levers) == (None, None, ())
    assert found.sentence == "已有“制造业单项冠军”，已在梯度的最高一级。"
    assert checked(packs, later, {}).sentence == "还没有登记任何称号；往上一级是“科技型中小企业”。"


def test_a_rung_without_a_text_in_force_says_so(packs: PackSet) -> None:
    early = Moment(date(2022, 1, 1), date(2022, 1, 1))
    rung = checked(packs, early, {}).rung("specialised")
    assert (rung.verdict, rung.result, rung.criteria) == ("no-rule", None, ())
    assert rung.sentence == "2022-01-01 没有现行的“专精特新中小企业”标准。"


def test_an_unknown_rung_is_refused(packs: PackSet, later: Moment) -> None:
    for ask in (
        lambda: checked(packs, later, {}, "moon"),
        lambda: way_to(Answers(), rung="moon", packs=packs, moment=later),
    ):
        with pytest.raises(TiduError) as raised:
            ask()
        assert raised.value.code == "unknown-rung"


def test_the_ladder_names_standards_and_titles_that_exist(packs: PackSet) -> None:
    titles = packs.scope.catalogue.events["认定"].fields["名称"].values
    assert [rung.standard for rung in LADDER if rung.standard not in packs.names()] == []
    assert [rung.title for rung in LADDER if rung.title not in titles] == []


def test_the_way_up_is_that_of_the_kernel(packs: PackSet, paying: Moment) -> None:
    answers = example("nearly").answers
    way = way_to(answers, rung="specialised", packs=packs, moment=paying)
    standard = packs.select("专精特新中小企业", law_date=paying.law_date)
    kernel = way_up(FirmInputs(Told(answers, paying).firm, paying, packs), standard)
    assert [step.sentence for step in way.found.steps] == [step.sentence for step in kernel.steps]
    assert (way.found.status, way.found.effort, way.assumed) == (kernel.status, kernel.effort, ())
    assert (way.found.before.verdict, way.found.after.verdict) == ("unmet", "met")


def test_what_was_not_asked_is_said_to_be_taken_as_absent(packs: PackSet, paying: Moment) -> None:
    way = way_to(Answers.parse({"persona": "factory"})[0], rung="tech_sme", packs=packs, moment=paying)
    assert way.assumed == (
        "还没有回答“有没有下列不利情况？”，这里按没有计算。",
        "还没有回答“近几年有过下列哪些情况？”，这里按没有计算。",
        "还没有回答“已经拥有哪些有效的认定？”，这里按没有计算。",
    )
    assert way.found.name == "您的企业"


def test_a_rung_without_a_text_in_force_has_no_way(packs: PackSet) -> None:
    early = Moment(date(2022, 1, 1), date(2022, 1, 1))
    with pytest.raises(TiduError) as raised:
        way_to(Answers(), rung="specialised", packs=packs, moment=early)
    assert raised.value.code == "no-rule-in-force"
