"""The lists of the assessment report, read back cell by cell: who meets what, who lacks what, and by how much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.exchange.report_reading import HEADER, cells, listed, styles_xml, table_under
from tests.exchange.small_assessment import FIRMS, IN, SIZE, UNMET_LIST, UNMET_RATIO, UNMET_REVENUE, ZT, A, B, C, D, result, small
from tidu.exchange.report_assessment import write_assessment_report


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "评估.xlsx"
    write_assessment_report(small(), FIRMS, path)
    return path


def test_met_firms_with_score_interval_and_rulings(report: Path) -> None:
    assert listed(report, "达标企业") == [
        {
            "序号": 1,
            "统一社会信用代码": A,
            "企业名称": "武汉楚蔚智能装备有限公司",
            "所属街道": "奓山街",
            "主导产业": "装备制造",
            "标准": ZT,
            "得分（分）": "75 至 80",
            "合格线（分）": 60,
            "该企业共达标（项）": 2,
            "适用文本": "工信部企业〔2022〕63号 附件2",
            "依据可信度": "已核实",
            "所依口径": "R9=仅省级以上",
        },
        {
            "序号": 2,
            "统一社会信用代码": A,
            "企业名称": "武汉楚蔚智能装备有限公司",
            "所属街道": "奓山街",
            "主导产业": "装备制造",
            "标准": IN,
            "得分（分）": "",
            "合格线（分）": "",
            "该企业共达标（项）": 2,
            "适用文本": "工信部企业〔2022〕63号 附件1",
            "依据可信度": "单一来源",
            "所依口径": "",
        },
    ]


def test_one_step_away_by_fact_or_by_one_criterion(report: Path) -> None:
    shown = [tuple(row.values())[4:] for row in listed(report, "差一步")]

    assert shown == [
        (ZT, "数据未填", "填报“负债总额”", "", "", "", "", "", "只缺“负债总额”（来源：审计报告），补上即可定。"),
        (ZT, "指标不够", "研发费用占比不低于3%（附件2 一（二））", 2.6, 3, 0.4, "%", 13.3, "现为 2.6%，须达 3%，差 0.4%。"),
        (
            IN,
            "指标不够",
            "营业收入不低于1000万元（附件2 一（三））",
            990,
            1000,
            10,
            "万元",
            1,
            "现为 990 万元，须达 1,000 万元，差 10 万元。",
        ),
    ]


def test_one_step_away_lists_the_closest_first(tmp_path: Path) -> None:
    near, far = UNMET_RATIO | {"actual": 2.9, "gap": 0.1}, UNMET_RATIO | {"actual": 1, "gap": 2}
    results = [result(A, ZT, verdict="unmet", unmet=[far]), result(B, ZT, verdict="unmet", unmet=[UNMET_LIST])]
    results.append(result(C, ZT, verdict="unmet", unmet=[near]))
    write_assessment_report(small() | {"results": results}, FIRMS, tmp_path / "r.xlsx")

    assert [row["统一社会信用代码"] for row in listed(tmp_path / "r.xlsx", "差一步")] == [C, A, B]


def test_a_criterion_without_distance_is_said_in_words(tmp_path: Path) -> None:
    document = small() | {"results": [result(A, ZT, verdict="unmet", unmet=[UNMET_LIST])]}
    write_assessment_report(document, FIRMS, tmp_path / "r.xlsx")

    row = listed(tmp_path / "r.xlsx", "差一步")[0]
    assert (row["实际"], row["须达到"], row["差距"], row["单位"], row["还差多少"]) == ("是", "否", "", "", "现为“是”，要求“否”。")


def test_unmet_with_a_missing_fact_is_more_than_one_step_away(tmp_path: Path) -> None:
    document = small() | {"results": [result(A, ZT, verdict="unmet", unmet=[UNMET_RATIO], missing=["负债总额"])]}
    write_assessment_report(document, FIRMS, tmp_path / "r.xlsx")

    assert cells(tmp_path / "r.xlsx", "差一步")[HEADER + 1][0] == "没有只差一步的企业。请看“不符合原因”，了解各企业差几项、差多少。"


def test_alternatives_of_one_criterion_are_one_step_and_the_closest_is_shown(tmp_path: Path) -> None:
    points = {
        "id": "ZT4S",
        "criterion": "ZT4",
        "text": "总分不低于60分",
        "actual": 57,
        "needed": 60,
        "gap": 3,
        "unit": "分",
        "alternative": True,
    }
    mean = {
        "id": "D2",
        "criterion": "ZT4",
        "text": "研发费用均值",
        "actual": 200,
        "needed": 1000,
        "gap": 800,
        "unit": "万元",
        "alternative": True,
    }
    item = {"id": "S8", "kind": "item", "criterion": "精细化", "text": "资产负债率", "actual": 62, "needed": 60, "gap": 2, "unit": "%"}
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="unmet", unmet=[mean, points, item])]}, FIRMS, tmp_path / "r.xlsx")

    row = listed(tmp_path / "r.xlsx", "差一步")[0]
    said = "现为 57 分，须达 60 分，差 3 分。或满足另外 1 项替代条件之一，见“不符合原因”。"
    assert (row["要求（条款）"], row["差距"], row["还差多少"]) == ("总分不低于60分", 3, said)
    reasons = [
        (row["要求（条款）"], row["不满足条件（项）"], row["类别"], row["还差多少"]) for row in listed(tmp_path / "r.xlsx", "不符合原因")
    ]
    assert reasons == [("总分不低于60分", 1, "任选其一", "现为 57 分，须达 60 分，差 3 分。该条件的其他办法：研发费用均值。")]
    assert listed(tmp_path / "r.xlsx", "明细")[0]["不满足的条件"] == "研发费用均值；总分不低于60分"


def test_a_value_one_fen_below_its_bound_is_not_shown_as_the_bound(tmp_path: Path) -> None:
    leaf = UNMET_REVENUE | {"actual": 999.999999, "gap": 0.000001}
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="unmet", unmet=[leaf])]}, FIRMS, tmp_path / "r.xlsx")

    row = listed(tmp_path / "r.xlsx", "差一步")[0]
    assert (row["实际"], row["差距"]) == (999.999999, 0.000001)
    assert row["还差多少"] == "现为 999.999999 万元，须达 1,000 万元，差 0.000001 万元。"
    assert 'formatCode="#,##0.000000_ "' in styles_xml(tmp_path / "r.xlsx")


def test_two_leaves_of_one_criterion_are_more_than_one_step(tmp_path: Path) -> None:
    leaves = [UNMET_RATIO | {"criterion": "ZT2"}, UNMET_REVENUE | {"criterion": "ZT2"}]
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="unmet", unmet=leaves)]}, FIRMS, tmp_path / "r.xlsx")

    assert table_under(tmp_path / "r.xlsx", "汇总", "各项标准（单位：家）")[1][3:7] == [1, 0, 0, 0]


def test_a_value_on_a_bound_that_must_be_passed_is_no_gap_of_zero(tmp_path: Path) -> None:
    leaf = UNMET_RATIO | {"actual": 3, "gap": 0}
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="unmet", unmet=[leaf])]}, FIRMS, tmp_path / "r.xlsx")

    assert listed(tmp_path / "r.xlsx", "差一步")[0]["还差多少"] == "现为 3%，须越过 3%，恰好等于不算。"


def test_every_unmet_criterion_has_a_row(report: Path) -> None:
    shown = [
        (row["统一社会信用代码"], row["标准"], row["不满足条件（项）"], row["差距"], row["单位"]) for row in listed(report, "不符合原因")
    ]

    assert shown == [(B, ZT, 1, 0.4, "%"), (C, ZT, 2, 10, "万元"), (C, ZT, 2, 0.4, "%"), (B, IN, 1, 10, "万元")]


def alternative(text: str, **more: Any) -> dict[str, Any]:
    base = {"id": text, "criterion": "ZT4", "text": text, "actual": "没有", "needed": "有", "gap": None, "unit": "", "alternative": True}
    return base | more


def test_a_failing_score_is_one_row_with_the_score_and_the_need(tmp_path: Path) -> None:
    points = alternative("总分不低于60分", actual=20, needed=60, gap=40, unit="分")
    mean = alternative("研发费用均值", actual=900, needed=1000, gap=100, unit="万元")
    lines = [{"id": f"S{number}", "kind": "item", "text": f"评分项{number}", "actual": 1, "needed": 2, "gap": 1} for number in range(13)]
    entries = [UNMET_RATIO, alternative("省级科技奖励"), mean, points, *lines]
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="unmet", unmet=entries)]}, FIRMS, tmp_path / "r.xlsx")

    shown = [tuple(row.values())[5:] for row in listed(tmp_path / "r.xlsx", "不符合原因")]
    assert shown == [
        (2, "必备条件", "研发费用占比不低于3%（附件2 一（二））", 2.6, 3, 0.4, "%", "现为 2.6%，须达 3%，差 0.4%。"),
        (
            2,
            "任选其一",
            "总分不低于60分",
            20,
            60,
            40,
            "分",
            "现为 20 分，须达 60 分，差 40 分。该条件的其他办法：省级科技奖励；研发费用均值。",
        ),
    ]


def test_many_other_ways_are_counted_after_the_first_four(tmp_path: Path) -> None:
    entries = [alternative(name) for name in ("甲", "乙", "乙", "丙", "丁", "戊", "己")]
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="unmet", unmet=entries)]}, FIRMS, tmp_path / "r.xlsx")

    said = "现为“没有”，要求“有”。该条件的其他办法：乙；丙；丁；戊等 5 项。"
    assert [(row["要求（条款）"], row["还差多少"]) for row in listed(tmp_path / "r.xlsx", "不符合原因")] == [("甲", said)]


def test_matters_for_a_person(report: Path) -> None:
    assert [(row["统一社会信用代码"], row["请人工判断的事项"]) for row in listed(report, "需人工判断")] == [
        (C, "1. 技术领域\n2. 创新能力评价")
    ]


def test_the_fact_that_decides_most_comes_first(report: Path) -> None:
    assert [tuple(row.values()) for row in listed(report, "优先补数")] == [
        (1, "负债总额", "审计报告", 1, 1, 1, f"{ZT}、{IN}"),
        (2, "从业人员", "人社", 1, 1, 1, SIZE),
        (3, "研发人员", "自报", 0, 0, 1, IN),
    ]


def test_missing_facts_by_firm(report: Path) -> None:
    assert [tuple(row.values())[1:] for row in listed(report, "缺数据")] == [
        (D, "未填写", "未填写", "负债总额", "审计报告", 2, f"{ZT}、{IN}", 1, ZT),
        (D, "未填写", "未填写", "从业人员", "人社", 1, SIZE, 1, SIZE),
        (D, "未填写", "未填写", "研发人员", "自报", 1, IN, 0, ""),
    ]


def test_detail_holds_every_result_with_codes_as_text(report: Path) -> None:
    rows = listed(report, "明细")

    assert len(rows) == 10
    assert [row["结论"] for row in rows] == [
        *("符合", "不符合", "不符合", "待补充数据"),
        *("符合", "不符合", "需人工判断", "待补充数据"),
        *("小型", "待补充数据"),
    ]
    assert (rows[0]["行业代码"], rows[0]["得分下限（分）"], rows[0]["得分上限（分）"]) == ("0149", 75, 80)
    assert rows[0]["分组得分（分）"] == "创新能力 30；成长性 45 至 50"
    assert rows[2]["不满足的条件"] == "营业收入不低于1000万元；研发费用占比不低于3%"
