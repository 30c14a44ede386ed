"""Answers become the firm that the kernel judges; what nobody was asked about stays unknown; all of it can be taken along."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from tidu.apps.calculator.domain import Answers, as_workbook, example
from tidu.apps.calculator.domain.firms import NO_CODE, AnsweredInputs, Told, with_untold_rows
from tidu.apps.calculator.domain.question_reading import questionnaire
from tidu.exchange.intake import read_population
from tidu.kernel.inputs import Moment
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Firm

WAN = 1_000_000


def firm_of(moment: Moment, **fields: str) -> Firm:
    answers, problems = Answers.parse({name.replace("__", "."): text for name, text in fields.items()})
    assert problems == []
    return Told(answers, moment).firm


def test_facts_years_and_events_stand_where_the_rules_read_them(paying: Moment) -> None:
    firm = firm_of(
        paying, persona="software", tax_home="no", registration="active", revenue__0="1200", revenue__1="900", digital="three",
        titles="giant", titles__giant__date="2022-09-01", happenings="contract", contract__1__amount="300", contract__3__type="advice",
    )  # fmt: skip
    assert firm.facts == {
        "市场主体类型": "企业",
        "国民经济行业代码": "65",
        "纳税关系所在区": "区外",
        "登记状态": "存续",
        "数字化水平": 3,
    }
    assert firm.years == {2023: {"营业收入": 1200 * WAN}, 2022: {"营业收入": 900 * WAN}}
    assert firm.events == {
        "认定": [{"名称": "专精特新小巨人", "级别": "国家级", "日期": date(2022, 9, 1)}],
        "技术合同": [{"成交额": 300 * WAN}, {"合同类型": "技术咨询"}],
    }


def test_an_answer_of_not_knowing_leaves_the_fact_out(paying: Moment) -> None:
    assert firm_of(paying, persona="?", revenue__0="?", abnormal="?") == Firm("")


def test_the_deduction_belongs_to_the_year_of_the_subsidy(paying: Moment) -> None:
    told = {"happenings": "subsidy", "subsidy__1__year": "2022", "subsidy__1__deduction": "yes"}
    assert firm_of(paying, **told).years == {2022: {"研发费用加计扣除": True}}
    agreeing = {**told, "subsidy__2__year": "2022", "subsidy__2__deduction": "yes"}
    assert firm_of(paying, **agreeing).years == {2022: {"研发费用加计扣除": True}}
    contradicting = {**told, "subsidy__2__year": "2022", "subsidy__2__deduction": "no"}
    assert firm_of(paying, **contradicting).years == {2022: {"研发费用加计扣除": None}}
    undated = {"happenings": "subsidy", "subsidy__1__deduction": "yes"}
    assert firm_of(paying, **undated).years == {}


def test_rows_of_events_that_were_not_chosen_are_left_out(paying: Moment) -> None:
    assert firm_of(paying, happenings="quality", contract__1__amount="300").events == {"质量奖": [{}]}


def test_types_of_events_are_untold_until_their_checkboxes_are_answered(paying: Moment) -> None:
    every = frozenset(questionnaire().by_event)
    assert Told(Answers(), paying).untold == every
    assert Told(Answers({"titles": ()}), paying).untold == every - {"认定"}
    assert Told(Answers({"exclusions": None}), paying).untold == every
    assert Told(Answers({"titles": (), "happenings": (), "exclusions": ("fraud",)}), paying).untold == frozenset()


def test_questions_about_untold_events_have_no_answer(packs: PackSet, paying: Moment) -> None:
    standard = packs.select("创新型中小企业", law_date=paying.law_date)
    keys = {test.event: key for key, test in standard.tests.items()}
    inputs = AnsweredInputs(Firm(""), paying, packs, frozenset({"科技奖励"}))
    assert {event: inputs.value(key, standard.tests) for event, key in keys.items()} == {
        "重大违法违规": False,
        "科技奖励": None,
        "认定": False,
    }


def test_an_untold_type_is_one_event_of_unknown_content() -> None:
    firm = with_untold_rows(Firm("", events={"标准": [{"排名": 1}]}), frozenset({"质量奖", "认定"}))
    assert firm.events == {"标准": [{"排名": 1}], "质量奖": [{}], "认定": [{}]}


def test_what_was_entered_is_read_back_from_the_workbook(tmp_path: Path, paying: Moment) -> None:
    for name in ("nearly", "rewarded", "young"):
        answers = example(name).answers
        told = Told(answers, paying).firm
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(as_workbook(answers, paying), ensure_ascii=False), encoding="utf-8")
        (firm,) = read_population(path).population.each_firm()
        assert (firm.code, firm.name) == (NO_CODE, answers.name)
        assert {key: value for key, value in firm.facts.items() if key in told.facts} == told.facts
        assert firm.years == told.years
        assert firm.events == told.events


def test_a_code_that_was_told_heads_the_workbook(paying: Moment) -> None:
    answers, _ = Answers.parse({"firm_code": "91420114MA4K000015", "firm_name": "示例公司"})
    assert as_workbook(answers, paying) == {
        "firms": [{"统一社会信用代码": "91420114MA4K000015", "企业名称": "示例公司", "年度数据": [], "事项": []}]
    }
