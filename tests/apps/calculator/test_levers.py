"""Sliders start where the firm stands, and moving them says what changes."""

from __future__ import annotations

from random import Random

import pytest

from tests.apps.calculator.visitors import Visits
from tidu.apps.calculator.domain import Answers, checkup, example, what_if
from tidu.apps.calculator.domain.judging import case_of, judge
from tidu.apps.calculator.domain.levers import MOST_LEVERS, MOST_POSITIONS, Moved
from tidu.kernel.errors import TiduError
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet

STANDARD = "专精特新中小企业"


def test_the_levers_of_a_rung_are_those_that_still_give_something(packs: PackSet, paying: Moment) -> None:
    found = checkup(example("nearly").answers, packs=packs, moment=paying, chosen="specialised")
    assert [(one.label, one.text(one.current), one.text(one.least), one.text(one.most), one.text(one.step)) for one in found.levers] == [
        ("研发费用", "150", "75", "300", "1"),
        ("研发人员", "6", "3", "26", "1"),
        ("主营业务收入", "3500", "1800", "7000", "100"),
        ("负债总额", "2900", "0", "4300", "100"),
        ("从业人员", "60", "30", "120", "1"),
        ("净利润", "180", "90", "360", "1"),
        ("营业收入", "4200", "2100", "8400", "100"),
        ("其中高价值的Ⅰ类知识产权", "0", "0", "10", "1"),
    ]


def test_only_figures_that_were_told_have_a_slider(packs: PackSet, paying: Moment) -> None:
    answers, _ = Answers.parse({"rd_expense.0": "150", "staff.0": "?"})
    found = checkup(answers, packs=packs, moment=paying, chosen="specialised")
    assert [one.field.name for one in found.levers] == ["rd_expense.0"]


def test_every_slider_holds_its_present_value_on_a_step(packs: PackSet, visits: Visits, paying: Moment, later: Moment) -> None:
    for seed in range(20):
        moment = (paying, later)[seed % 2]
        answers = visits.of(moment, f"drawn {seed}")[-1][0]
        for rung in ("tech_sme", "innovative", "specialised", "giant"):
            levers = checkup(answers, packs=packs, moment=moment, chosen=rung).levers
            assert len(levers) <= MOST_LEVERS
            for one in levers:
                assert one.least <= one.current <= one.most
                assert {(one.current - one.least) % one.step, (one.most - one.current) % one.step} == {0}
                assert (one.most - one.least) // one.step <= MOST_POSITIONS
                assert Answers.parse({one.field.name: one.text(one.least)})[1] == []
                assert Answers.parse({one.field.name: one.text(one.most)})[1] == []


def test_the_difference_is_told_in_words(packs: PackSet, paying: Moment) -> None:
    answers = example("nearly").answers
    found = what_if(answers, {"rd_expense.0": "340"}, standard=STANDARD, packs=packs, moment=paying)
    assert found.sentence == (
        "研发费用 150 万元→340 万元：研发费用占比 3.57%→8.1%，近2年研发费用均值 135万元→230万元，得分 55→61，由不符合变为符合。"
    )
    assert (found.verdict_before, found.verdict_after) == ("unmet", "met")
    assert found.points == (Moved("上年度研发费用（金额或比重，取高者）", "2", "8"),)
    assert found.criteria == (Moved("评价得分达到 60 分，或者满足一项直接条件", "不符合", "符合"),)


def test_what_moves_along_moves_along_unless_it_is_set(packs: PackSet, paying: Moment) -> None:
    answers = example("nearly").answers
    along = what_if(answers, {"rd_staff.0": "12"}, standard=STANDARD, packs=packs, moment=paying)
    assert [(one.field, one.after, one.along) for one in along.changes] == [("rd_staff.0", "12 人", False), ("staff.0", "66 人", True)]
    fixed = what_if(answers, {"rd_staff.0": "12", "staff.0": "60"}, standard=STANDARD, packs=packs, moment=paying)
    assert [(one.field, one.after, one.along) for one in fixed.changes] == [("rd_staff.0", "12 人", False)]
    paid_back = what_if(answers, {"liabilities.0": "2000"}, standard=STANDARD, packs=packs, moment=paying)
    assert [(one.field, one.after) for one in paid_back.changes] == [("liabilities.0", "2000 万元"), ("assets.0", "4100 万元")]
    assert [one.text for one in paid_back.quantities] == ["资产负债率"]


def test_nothing_changed_is_said(packs: PackSet, paying: Moment) -> None:
    found = what_if(example("nearly").answers, {"rd_expense.0": "150"}, standard=STANDARD, packs=packs, moment=paying)
    assert (found.sentence, found.changes, found.quantities, found.points) == ("没有改变任何数。", (), (), ())


def test_a_figure_that_was_not_told_counts_from_unknown(packs: PackSet, paying: Moment) -> None:
    answers, _ = Answers.parse({"revenue.0": "4200"})
    found = what_if(answers, {"rd_expense.0": "340"}, standard=STANDARD, packs=packs, moment=paying)
    assert [(one.before, one.after) for one in found.changes] == [("未填", "340 万元")]
    assert Moved("研发费用占比", "未知", "8.1%") in found.quantities


def test_the_result_is_that_of_the_changed_answers(packs: PackSet, visits: Visits, paying: Moment) -> None:
    standard = packs.select(STANDARD, law_date=paying.law_date)
    draw = Random(5)
    for seed in range(15):
        answers = visits.of(paying, f"drawn {seed}")[-1][0]
        amount = str(draw.randint(0, 900))
        found = what_if(answers, {"rd_expense.0": amount}, standard=STANDARD, packs=packs, moment=paying)
        changed, _ = Answers.parse({**answers.as_fields(), "rd_expense.0": amount})
        judged = judge(case_of(changed, packs, paying).inputs, standard)
        assert (found.verdict_after, found.score_after) == (judged.verdict, judged.score)


@pytest.mark.parametrize(
    ("changes", "standard", "code"),
    [
        ({"rd_expense.0": "许多"}, STANDARD, "not-a-number"),
        ({"moon": "1"}, STANDARD, "unknown-field"),
        ({"rd_expense.0": "1"}, "月亮", "unknown-standard"),
    ],
)
def test_what_cannot_be_read_is_refused(packs: PackSet, paying: Moment, changes: dict[str, str], standard: str, code: str) -> None:
    with pytest.raises(TiduError) as raised:
        what_if(Answers(), changes, standard=standard, packs=packs, moment=paying)
    assert raised.value.code == code
