"""The cheapest way up: cases worked by hand, what cannot be planned, missing facts, the document."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.kernel.wayup_firms import MOMENT, WAN, effort_text, firm_inputs
from tidu.kernel.errors import TiduError
from tidu.kernel.interpret import assess
from tidu.kernel.packs import Standard
from tidu.kernel.reading import load_packs
from tidu.kernel.wayup import WayUp, changed_inputs, way_up, what_if
from tidu.kernel.wayup_document import way_up_document


def standard(name: str) -> Standard:
    return load_packs().select(name, law_date=MOMENT.law_date)


def steps_of(found: WayUp) -> list[tuple[str, object, object, Fraction]]:
    return [(step.fact.name, step.before, step.after, step.effort) for step in found.steps]


def test_innovative_firm_ten_points_short_takes_the_two_cheapest_brackets() -> None:
    # 50 分：创新能力 15（要 20）、成长性 10（要 15）、专业化 25。
    # 成长性加 5：主营收入到 2520（增长 5%），2 步各 3；降负债到 55% 要 890 万元，工作量 267。
    # 营业收入随之到 3020，研发费用 3% 即 90.6，须到 91：11 步各 1；自主Ⅰ类知识产权要 60。
    found = way_up(firm_inputs(), standard("创新型中小企业"))

    assert found.status == "reachable"
    assert steps_of(found) == [("主营业务收入", 2500 * WAN, 2520 * WAN, Fraction(6)), ("研发费用", 80 * WAN, 91 * WAN, Fraction(11))]
    assert found.effort == 17
    assert [(carried.fact, carried.before, carried.after) for carried in found.steps[0].along] == [("营业收入", 3000 * WAN, 3020 * WAN)]
    assert found.before.score is not None
    assert found.after.score is not None
    assert (found.before.score.low, found.after.score.low) == (50, 60)
    assert found.after.score.groups == {"创新能力": (20, 20), "成长性": (15, 15), "专业化": (25, 25)}
    assert [service.id for service in found.becomes_met] == ["IN0", "INS", "INS0", "INS1", "INS2"]
    assert [(service.kind, service.id) for service in found.steps[1].serves] == [
        ("criterion", "INS0"),
        ("criterion", "INS1"),
        ("item", "IN2"),
    ]


SPECIALISED = {
    "自主品牌": True,
    "数字化水平": 2,
    "地方特色化得分": 10,
    "自主研发Ⅰ类知识产权数": 1,
    "Ⅰ类知识产权数": 1,
}
SPECIALISED_YEAR: dict[str, int | None] = {
    "营业收入": 3000,
    "主营业务收入": 2700,
    "研发费用": 95,
    "净利润": 240,
    "资产总额": 4000,
    "负债总额": 2200,
}
SPECIALISED_BEFORE = {2022: {"主营业务收入": 2500}, 2021: {"主营业务收入": 2400}}


def test_specialised_firm_two_points_short_prefers_one_fact_over_two_of_equal_effort() -> None:
    # 58 分：S1 5、S2 6（平均 6.08%）、S3 4、S4 3、S5 3、S6 5、S7 8、S8 3、S9 10、S10 8、S11 2、S12 1、S13 0；研发费用 95 不足 100。
    # 研发费用到 120（占比 4%，S11 得 4 分）：25 步，一项；研发费用到 100 再建市级以下研发机构（S13 得 2 分）：5 + 20，两项。
    inputs = firm_inputs(SPECIALISED, SPECIALISED_YEAR, SPECIALISED_BEFORE, 从业人员=100)
    found = way_up(inputs, standard("专精特新中小企业"))

    assert found.before.score is not None
    assert found.before.score.low == found.before.score.high == 58
    assert (found.status, found.effort) == ("reachable", 25)
    assert steps_of(found) == [("研发费用", 95 * WAN, 120 * WAN, Fraction(25))]
    assert [service.id for service in found.steps[0].serves] == ["ZT2", "ZT4S", "S11"]
    assert [service.id for service in found.becomes_met] == ["ZT2", "ZT4", "ZT4S"]
    assert [(obstacle.kind, obstacle.id) for obstacle in found.cannot_plan] == [("prerequisite", "ZTP1")]


def test_cheaper_lever_of_an_official_changes_the_plan(tmp_path: Path) -> None:
    text = """
effort: 本区
levers:
  - {fact: 研发费用, direction: up, step: 5万元, effort: 10, phrase: "研发费用再增加{gap}"}
  - {fact: 研发机构级别, to: {市级以下: 3, 市级: 100}, phrase: "建成{to}研发机构"}
"""
    inputs = firm_inputs(SPECIALISED, SPECIALISED_YEAR, SPECIALISED_BEFORE, 从业人员=100)
    found = way_up(inputs, standard("专精特新中小企业"), effort_text(text, tmp_path))

    assert steps_of(found) == [("研发机构级别", "无", "市级以下", Fraction(3)), ("研发费用", 95 * WAN, 100 * WAN, Fraction(10))]
    assert [step.sentence for step in found.steps] == [
        "建成市级以下研发机构。对应条款：附件2 一（四）、附件2 二（四）13。",
        "研发费用再增加5万元，由95万元到100万元。对应条款：附件2 一（二）。",
    ]


def test_moving_on_from_a_word_costs_the_difference(tmp_path: Path) -> None:
    text = "effort: 本区\nlevers:\n  - {fact: 研发机构级别, to: {市级: 60, 省级: 160}, phrase: 建成}\n"
    found = way_up(firm_inputs({"研发机构级别": "市级"}), standard("创新型中小企业"), effort_text(text, tmp_path))

    assert steps_of(found) == [("研发机构级别", "市级", "省级", Fraction(100))]


def test_equal_efforts_go_by_the_order_of_the_catalogue(tmp_path: Path) -> None:
    text = """
effort: 本区
levers:
  - {fact: 参与制修订标准, to: {是: 20}, phrase: 参与标准}
  - {fact: 自主品牌, to: {是: 20}, phrase: 建立品牌}
  - {fact: 数字化水平, direction: up, step: 1级, effort: 20, phrase: 提升}
"""
    # 57 分，研发费用 105（占比 3.5%）：数字化到三级要再加 2 分，品牌或标准各使 S6 由 3 分到 5 分
    inputs = firm_inputs({**SPECIALISED, "自主品牌": False}, {**SPECIALISED_YEAR, "研发费用": 105}, SPECIALISED_BEFORE, 从业人员=100)
    score = assess(inputs, standard("专精特新中小企业")).score
    assert score is not None
    assert score.low == 56
    inputs = changed_inputs(inputs, {"地方特色化得分": 12})
    found = way_up(inputs, standard("专精特新中小企业"), effort_text(text, tmp_path))

    assert steps_of(found) == [("数字化水平", 2, 3, Fraction(20))]


def test_firm_that_meets_the_standard_has_nothing_to_do() -> None:
    inputs = firm_inputs({"研发机构级别": "省级"})
    found = way_up(inputs, standard("创新型中小企业"))

    assert (found.status, found.steps, found.effort, found.cannot_plan) == ("met", (), 0, ())


def test_years_in_the_market_cannot_be_bought_and_block_by_name() -> None:
    inputs = firm_inputs({**SPECIALISED, "从事特定细分市场起始年份": 2022}, SPECIALISED_YEAR, SPECIALISED_BEFORE, 从业人员=100)
    found = way_up(inputs, standard("专精特新中小企业"))

    assert found.status == "unreachable"
    assert [(obstacle.kind, obstacle.id, obstacle.facts) for obstacle in found.cannot_plan[:1]] == [
        ("blocked", "ZT1", ("从事特定细分市场起始年份",))
    ]
    assert "从事年限不能改变" in found.cannot_plan[0].reason
    assert found.after.verdict == "unmet"
    assert {entry["id"] for entry in found.after.unmet} == {"ZT1"}


def test_score_out_of_reach_names_the_most_the_levers_bring(tmp_path: Path) -> None:
    text = "effort: 本区\nlevers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 1, limit: 30万元, phrase: 增加}\n"
    inputs = firm_inputs({**SPECIALISED, "数字化水平": 1}, SPECIALISED_YEAR, SPECIALISED_BEFORE, 从业人员=100)
    found = way_up(inputs, standard("专精特新中小企业"), effort_text(text, tmp_path))

    # 55 分，研发费用至多到 125（占比 4.17%），S11 由 2 分到 4 分：最高 57 分，只剩事项一路
    assert found.status == "conditional"
    assert [(obstacle.kind, obstacle.id, obstacle.reason) for obstacle in found.cannot_plan[:1]] == [
        (
            "event",
            "D1",
            (
                "需要先取得或登记以下之一：近三年获省级科技奖励且单位排名前三，或国家级科技奖励且单位排名前五；"
                "近三年进入“创客中国”全国 500 强企业组（2021 年起的名单）。改变数据不能替代；总分在可改变的范围内最高只能确保 57 分，达不到 60 分。"
            ),
        )
    ]
    assert steps_of(found) == [("研发费用", 95 * WAN, 100 * WAN, Fraction(5))]


def test_violation_on_record_blocks_until_it_expires() -> None:
    inputs = firm_inputs({"研发机构级别": "省级"}, events={"重大违法违规": [{"类型": "安全", "日期": date(2023, 1, 1)}]})
    found = way_up(inputs, standard("创新型中小企业"))

    assert found.status == "unreachable"
    assert [(obstacle.kind, obstacle.id) for obstacle in found.cannot_plan] == [("blocked", "T6")]


def test_recognition_and_judgement_are_named_and_the_rest_is_planned() -> None:
    law = load_packs().select("专精特新中小企业", law_date=MOMENT.law_date.replace(year=2026))
    inputs = firm_inputs({"Ⅰ类知识产权数": 1, "从事特定细分市场起始年份": 2010}, {"专精特新发展评价得分": None, "研发费用": 120})
    inputs = changed_inputs(inputs, {"专精特新发展评价得分": 55, "研发费用@1": 110 * WAN})
    found = way_up(inputs, law)

    assert found.status == "conditional"
    assert [(obstacle.kind, obstacle.id) for obstacle in found.cannot_plan] == [("event", "ZX1"), ("judgement", "ZX8")]
    assert steps_of(found) == []
    assert found.after.verdict == "unmet"


def test_missing_fact_is_not_zero_but_may_be_told_and_reached() -> None:
    inputs = firm_inputs({**SPECIALISED, "研发机构级别": None}, {**SPECIALISED_YEAR, "研发费用": 105}, SPECIALISED_BEFORE, 从业人员=100)
    found = way_up(inputs, standard("专精特新中小企业"))

    assert found.before.verdict == "unknown"
    assert found.tell_first == ("研发机构级别",)
    # 研发费用到 120 要 15；研发机构从最不利的“没有”算起要 20
    assert steps_of(found) == [("研发费用", 105 * WAN, 120 * WAN, Fraction(15))]
    assert not found.steps[0].told


def test_missing_fact_is_reached_from_its_least_favourable_value(tmp_path: Path) -> None:
    text = "effort: 本区\nlevers:\n  - {fact: 研发费用, direction: up, step: 1万元, effort: 1, phrase: 增加}\n"
    inputs = firm_inputs(SPECIALISED, {**SPECIALISED_YEAR, "研发费用": None}, SPECIALISED_BEFORE, 从业人员=100)
    found = way_up(inputs, standard("专精特新中小企业"), effort_text(text, tmp_path))

    assert (found.status, found.tell_first) == ("reachable", ("研发费用",))
    assert steps_of(found) == [("研发费用", None, 120 * WAN, Fraction(120))]
    assert found.steps[0].told
    assert "当前值未知" in found.steps[0].sentence


def test_missing_fact_without_a_lever_is_to_be_told() -> None:
    found = way_up(
        firm_inputs({"列入经营异常名录": None, "产品属禁止限制淘汰类": None, "研发机构级别": "省级"}), standard("创新型中小企业")
    )

    assert found.status == "conditional"
    assert [(obstacle.kind, obstacle.id, obstacle.facts) for obstacle in found.cannot_plan] == [("tell", "T5", ("产品属禁止限制淘汰类",))]
    assert steps_of(found) == [("列入经营异常名录", None, False, Fraction(10))]
    assert found.tell_first == ("列入经营异常名录", "产品属禁止限制淘汰类")


def test_counts_derived_from_the_register_can_be_raised() -> None:
    row = {"类型": "软件著作权", "授权日期": date(2022, 1, 1), "取得方式": "自主", "与主导产品相关": True, "有效": True}
    inputs = firm_inputs({"研发机构级别": "国家级"}, {"研发费用": 200}, events={"知识产权": [row]})
    law = load_packs().select("科技型中小企业", law_date=MOMENT.law_date)
    assert inputs.fill(["Ⅱ类知识产权数（科技型口径）"], law.tests)["Ⅱ类知识产权数（科技型口径）"] == 1

    changed = what_if(inputs, law, {"Ⅱ类知识产权数（科技型口径）": 4})

    assert changed.score is not None
    assert changed.score.items["KJ3"] == (24, 24)
    before = assess(inputs, law).score
    assert before is not None
    assert before.items["KJ3"] == (6, 6)


def test_what_if_leaves_the_firm_as_it_is() -> None:
    inputs = firm_inputs()
    changed = what_if(inputs, standard("创新型中小企业"), {"研发费用": 150 * WAN, "主营业务收入@1": 2000 * WAN})

    assert changed.verdict == "met"
    assert inputs.firm.years[2023]["研发费用"] == 80 * WAN
    assert inputs.firm.years[2022]["主营业务收入"] == 2400 * WAN
    assert assess(inputs, standard("创新型中小企业")).verdict == "unmet"


def test_what_if_refuses_an_unknown_fact() -> None:
    with pytest.raises(TiduError, match="指标目录中没有“研发费”") as refused:
        what_if(firm_inputs(), standard("创新型中小企业"), {"研发费": 1})
    assert refused.value.code == "unknown-fact"


def test_classification_has_no_way_up() -> None:
    with pytest.raises(TiduError, match="划型标准") as refused:
        way_up(firm_inputs(), standard("中小企业划型"))
    assert refused.value.code == "no-way-up"


def test_document_is_plain_json_with_sentences() -> None:
    document = way_up_document(way_up(firm_inputs(), standard("创新型中小企业")), MOMENT)

    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
    assert (document["status"], document["effort"], document["law_date"]) == ("reachable", 17, "2024-06-01")
    assert document["steps"][1] == {
        "fact": "研发费用",
        "period": "2023年度",
        "from": 80,
        "to": 91,
        "change": 11,
        "unit": "万元",
        "effort": 11,
        "value_known": True,
        "along": [],
        "serves": [
            {"kind": "criterion", "id": "INS0", "clause": "附件1 一", "text": "总分达到 60 分"},
            {"kind": "criterion", "id": "INS1", "clause": "附件1 一", "text": "创新能力达到 20 分"},
            {
                "kind": "item",
                "id": "IN2",
                "clause": "附件1 二（一）2",
                "text": "上年度研发费用占营业收入的比重",
                "points": {"before": [10, 10], "after": [15, 15]},
            },
        ],
        "sentence": "研发费用再增加11万元，由80万元到91万元。对应条款：附件1 一、附件1 二（一）2。",
    }
    assert document["score"]["before"] == {
        "low": 50,
        "high": 50,
        "pass": 60,
        "groups": {"创新能力": {"low": 15, "high": 15}, "成长性": {"low": 10, "high": 10}, "专业化": {"low": 25, "high": 25}},
    }
    assert document["sentences"] == [
        "示例制造有限公司达到“创新型中小企业”（2022版）的最省力办法共 2 步，工作量合计 17。",
        "1. 主营业务收入再增加20万元（营业收入随之增加），由2500万元到2520万元。对应条款：附件1 一、附件1 二（二）3。",
        "2. 研发费用再增加11万元，由80万元到91万元。对应条款：附件1 一、附件1 二（一）2。",
        "评价得分由 50 分变为 60 分。",
        "依据：工信部企业〔2022〕63号 附件1；工作量取自“默认工作量”，以前年度的数据不变。",
    ]
