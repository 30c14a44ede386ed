"""The assessment report, read back cell by cell."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.report_documents import assessment
from tests.exchange.report_reading import HEADER, cells, links, listed, sheet_names, sheet_xml, styles_xml, table_under, workbook_xml
from tidu.exchange.report_assessment import write_assessment_report
from tidu.exchange.report_sheets import Limits
from tidu.kernel.errors import TiduError

ZT = "专精特新中小企业"
IN = "创新型中小企业"
SIZE = "中小企业划型"
UNMET_RATIO = {"id": "ZT2", "clause": "附件2 一（二）", "text": "研发费用占比不低于3%", "actual": 2.6, "needed": 3, "gap": 0.4, "unit": "%"}
UNMET_REVENUE = {
    "id": "ZT3",
    "clause": "附件2 一（三）",
    "text": "营业收入不低于1000万元",
    "actual": 990,
    "needed": 1000,
    "gap": 10,
    "unit": "万元",
}
UNMET_LIST = {"id": "B1", "text": "未列入严重失信主体名单", "actual": True, "needed": False, "gap": None, "unit": ""}
FIRMS: dict[str, dict[str, object]] = {
    "91420114MA4KAAAA01": {
        "企业名称": "武汉楚蔚智能装备有限公司",
        "所属街道": "奓山街",
        "主导产业": "装备制造",
        "国民经济行业代码": "0149",
    },
    "91420114MA4KBBBB02": {
        "企业名称": "武汉汉嵘电子科技有限公司",
        "所属街道": "奓山街",
        "主导产业": "电子信息",
        "国民经济行业代码": "3962",
    },
    "91420114MA4KCCCC03": {"企业名称": "武汉知音湖家居有限公司", "所属街道": "420114007", "主导产业": None, "国民经济行业代码": "2110"},
    "91420114MA4KDDDD04": {},
}
A, B, C, D = FIRMS


def result(firm: str, standard: str, **more: Any) -> dict[str, Any]:
    base = {"firm": firm, "standard": standard, "rule_set": "工信部企业〔2022〕63号 附件2", "confidence": "confirmed", "score": None}
    return base | {"unmet": [], "missing": [], "manual": [], "rulings": []} | more


def score(low: int, high: int) -> dict[str, Any]:
    return {
        "low": low,
        "high": high,
        "pass": 60,
        "groups": {"创新能力": {"low": 30, "high": 30}, "成长性": {"low": low - 30, "high": high - 30}},
    }


def small() -> dict[str, Any]:
    results = [
        result(A, ZT, verdict="met", score=score(75, 80), rulings=["R9=仅省级以上"]),
        result(B, ZT, verdict="unmet", unmet=[UNMET_RATIO], score=score(61, 61)),
        result(C, ZT, verdict="unmet", unmet=[UNMET_REVENUE, UNMET_RATIO], score=score(40, 40)),
        result(D, ZT, verdict="unknown", missing=["负债总额"], score=score(58, 63)),
        result(A, IN, verdict="met", rule_set="工信部企业〔2022〕63号 附件1", confidence="one-source"),
        result(B, IN, verdict="unmet", unmet=[UNMET_REVENUE], confidence="one-source", rule_set="工信部企业〔2022〕63号 附件1"),
        result(
            C, IN, verdict="manual", manual=["技术领域", "创新能力评价"], confidence="one-source", rule_set="工信部企业〔2022〕63号 附件1"
        ),
        result(
            D, IN, verdict="unknown", missing=["负债总额", "研发人员"], confidence="one-source", rule_set="工信部企业〔2022〕63号 附件1"
        ),
        result(A, SIZE, value="小型", rule_set="工信部联企业〔2011〕300号"),
        result(D, SIZE, value=None, missing=["从业人员"], rule_set="工信部联企业〔2011〕300号"),
    ]
    return {"law_date": "2024-06-01", "facts_as_of": "2024-05-31", "packs": {"national": "sha256:ab12"}, "results": results}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "评估.xlsx"
    write_assessment_report(small(), FIRMS, path)
    return path


def test_sheets_answer_one_question_each(report: Path) -> None:
    assert sheet_names(report) == ["汇总", "分街道", "达标企业", "差一步", "不符合原因", "需人工判断", "优先补数", "缺数据", "明细", "说明"]


def test_summary_names_both_dates_and_the_last_year(report: Path) -> None:
    rows = cells(report, "汇总")

    assert rows[0][0] == "企业梯度评估报告"
    assert rows[1][0] == (
        "依据 2024年6月1日有效的政策文本评估；使用截至 2024年5月31日掌握的数据，上年度为 2023 年。带下划线的数字可点击，转到对应名单。"
    )


def test_summary_counts_firms(report: Path) -> None:
    assert [row[:2] for row in table_under(report, "汇总", "总体情况")] == [
        ["指标", "企业（家）"],
        ["评估企业", 4],
        ["至少符合一项标准", 1],
        ["在某项标准上只差一步", 2],
        ["因缺数据有结论待定", 1],
        ["有结论待人工判断", 1],
    ]


def test_summary_counts_each_standard_with_its_text_and_confidence(report: Path) -> None:
    assert table_under(report, "汇总", "各项标准（单位：家）") == [
        ["标准", "评估企业", "符合", "不符合", "待补充数据", "需人工判断", "其中只差一步", "适用文本（文号）", "依据可信度"],
        [ZT, 4, 1, 2, 1, 0, 2, "工信部企业〔2022〕63号 附件2", "已核实"],
        [IN, 4, 1, 1, 1, 1, 1, "工信部企业〔2022〕63号 附件1", "单一来源"],
    ]


def test_summary_counts_the_classes_apart(report: Path) -> None:
    rows = cells(report, "汇总")
    start = next(index for index, row in enumerate(rows) if str(row[0]).endswith("中小企业划型（单位：家）"))

    assert rows[start + 1][0] == "适用文本：工信部联企业〔2011〕300号；依据可信度：已核实。"
    assert [row[:2] for row in rows[start + 2 : start + 6]] == [["类型", "企业"], ["小型", 1], ["待补充数据", 1], ["合计", 2]]


def test_summary_counts_subdistricts_and_firms_without_one(report: Path) -> None:
    assert table_under(report, "汇总", "各街道（单位：家）") == [
        ["所属街道", "评估企业", "至少符合一项", "有标准只差一步", "因缺数据待定"],
        ["奓山街", 2, 1, 1, 0],
        ["420114007", 1, 0, 0, 0],
        ["未填写", 1, 0, 1, 1],
        ["全区合计", 4, 1, 2, 1],
    ]


def test_subdistricts_by_standard(report: Path) -> None:
    assert table_under(report, "分街道", "符合标准的企业（单位：家）") == [
        ["所属街道", "评估企业", ZT, IN],
        ["奓山街", 2, 1, 1],
        ["420114007", 1, 0, 0],
        ["未填写", 1, 0, 0],
        ["全区合计", 4, 1, 1],
    ]
    assert table_under(report, "分街道", "因缺数据待定的企业（单位：家）")[-2:] == [["未填写", 1, 1, 1], ["全区合计", 4, 1, 1]]


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
    assert [(row["要求（条款）"], row["不满足条件（项）"], row["类别"]) for row in listed(tmp_path / "r.xlsx", "不符合原因")] == [
        ("研发费用均值", 1, "任选其一"),
        ("总分不低于60分", 1, "任选其一"),
    ]
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


def test_summary_figures_lead_to_the_first_row_of_their_standard(report: Path) -> None:
    found = links(report, "汇总")
    places = {address: (sheet, int(row)) for address, target in found.items() for sheet, row in re.findall(r"'(.+)'!A(\d+)", target)}
    rows = cells(report, "汇总")
    at = next(index for index, row in enumerate(rows) if row[0] == IN) + 1

    assert {column: places[f"{column}{at}"] for column in "BCDFG"} == {
        "B": ("明细", 9),
        "C": ("达标企业", 6),
        "D": ("不符合原因", 8),
        "F": ("需人工判断", 5),
        "G": ("差一步", 7),
    }
    assert [
        cells(report, sheet)[row - 1][5 if sheet == "达标企业" else 4] for sheet, row in (("达标企业", 6), ("差一步", 7), ("不符合原因", 8))
    ] == [IN] * 3


def test_linked_figures_stay_numbers(report: Path) -> None:
    assert "location=\"'达标企业'!A5\"" in sheet_xml(report, "汇总")
    assert table_under(report, "汇总", "总体情况")[2][1] == 1.0


def test_lists_are_frozen_filtered_and_set_for_print(report: Path) -> None:
    xml = sheet_xml(report, "差一步")

    assert re.search(r'<pane xSplit="3" ySplit="4" topLeftCell="D5"[^>]*state="frozen"', xml)
    assert '<autoFilter ref="A4:M7"/>' in xml
    assert re.findall("<pageSetup[^>]*>|<pageSetUpPr[^>]*>", xml) == [
        '<pageSetUpPr fitToPage="1"/>',
        '<pageSetup paperSize="8" fitToHeight="0" orientation="landscape"/>',
    ]
    assert re.findall("<oddFooter>(.*)</oddFooter>", xml) == ["&amp;C&amp;9第 &amp;P 页，共 &amp;N 页"]
    assert re.findall("""'?差一步'?!\\$4:\\$4""", workbook_xml(report)) == ["差一步!$4:$4"]


def test_a_state_has_a_colour_besides_its_word(report: Path) -> None:
    assert [colour in styles_xml(report) for colour in ("FFE2F0D9", "FFFBE0DD", "FFFFF2CC", "FFDDEBF7")] == [True] * 4


def test_no_result_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    write_assessment_report({"law_date": "2024-06-01", "facts_as_of": "2024-06-01", "results": []}, {}, path)

    advice = "请检查“企业”表和所选标准、日期后重新评估。"
    assert cells(path, "汇总")[2][0] == f"本次没有任何评估结果：输入的表里没有企业，或指定的标准在法规日没有有效文本。{advice}"
    starts = ("没有企业达到", "没有只差一步", "没有不符合", "没有等待人工", "没有会改变结论", "没有会改变结论", "没有任何评估结果")
    assert [
        str(cells(path, name)[HEADER + 1][0]).startswith(start) for name, start in zip(sheet_names(path)[2:9], starts, strict=True)
    ] == [True] * 7
    assert "<autoFilter" not in sheet_xml(path, "明细")


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A2)", "\t=1+1", "https://example.com", "a\x00\x0b\ud800b"])
def test_text_never_becomes_a_formula_or_a_link(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.xlsx"
    document = small() | {"results": [result(A, ZT, verdict="unmet", unmet=[UNMET_RATIO | {"text": text, "clause": None}], rulings=[text])]}
    write_assessment_report(document, {A: {"企业名称": text, "所属街道": text}}, path)

    row = listed(path, "明细")[0]
    expected = "ab" if "\x00" in text else text
    assert (row["企业名称"], row["所属街道"], row["不满足的条件"], row["所依口径"]) == (expected,) * 4
    assert "<f>" not in sheet_xml(path, "明细")
    assert ('quotePrefix="1"' in styles_xml(path)) == (text[0] in "=+-@\t")


def test_long_names_wrap_within_a_bounded_column(tmp_path: Path) -> None:
    path, name = tmp_path / "r.xlsx", "武汉市蔡甸区" + "长" * 80 + "有限公司"
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="met")]}, {A: {"企业名称": name}}, path)

    assert listed(path, "达标企业")[0]["企业名称"] == name
    assert re.search(r'<col min="3" max="3" width="35\.\d+"', sheet_xml(path, "达标企业"))
    assert re.findall(r'<row r="5"[^>]*>', sheet_xml(path, "达标企业")) == ['<row r="5" ht="101.25" customHeight="1">']


def test_text_beyond_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    write_assessment_report(small() | {"results": [result(A, ZT, verdict="manual", manual=["长" * 40_000])]}, FIRMS, path)

    matters = str(listed(path, "需人工判断")[0]["请人工判断的事项"])
    assert matters == "1. " + "长" * 31_997 + "……（内容过长，其余见 JSON 输出）"


def test_a_long_list_goes_on_in_further_sheets_and_counts_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    document = small() | {"results": [result(f"F{number:03d}", ZT, verdict="met") for number in range(25)]}
    write_assessment_report(document, {}, path, limits=Limits(rows_per_sheet=10, sheets=2))

    assert [name for name in sheet_names(path) if name.startswith("明细")] == ["明细", "明细（2）"]
    assert [row["统一社会信用代码"] for row in listed(path, "明细（2）")] == [f"F{number:03d}" for number in range(10, 20)]
    assert cells(path, "明细（2）")[0][0] == "全部评估结果（第 2 张，共 2 张）"
    said = "注意：共 25 行，本表只列前 20 行，另有 5 行未列出；全部结果请改用 --out 输出 .parquet 或 .json 文件。"
    assert [str(cells(path, name)[1][0]).endswith(said) for name in ("明细", "明细（2）", "达标企业")] == [True] * 3


def test_two_texts_of_one_standard_are_both_named(tmp_path: Path) -> None:
    results = [result(A, ZT, verdict="met"), result(B, ZT, verdict="met", rule_set="工信部企业〔2026〕2号", confidence="unconfirmed")]
    write_assessment_report(small() | {"results": results}, FIRMS, tmp_path / "r.xlsx")

    row = table_under(tmp_path / "r.xlsx", "汇总", "各项标准（单位：家）")[1]
    assert row[-2:] == ["工信部企业〔2022〕63号 附件2（1 家）\n工信部企业〔2026〕2号（1 家）", "已核实\n未核实"]


def test_an_unknown_verdict_is_refused_and_the_old_report_stays(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"old")

    with pytest.raises(TiduError, match="报表不认识评估结论“perhaps”") as caught:
        write_assessment_report(small() | {"results": [result(A, ZT, verdict="perhaps")]}, FIRMS, path)

    assert caught.value.code == "unknown-state"
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("r.xlsx", b"old")]


def test_a_value_that_no_cell_holds_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(TiduError, match="无法写入类型“bytes”"):
        write_assessment_report(small() | {"results": [result(A, ZT, verdict="met", rule_set=b"x")]}, FIRMS, tmp_path / "r.xlsx")

    assert list(tmp_path.iterdir()) == []


def test_a_document_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TiduError, match="没有 results 列表"):
        write_assessment_report({"law_date": "2024-06-01"}, {}, tmp_path / "r.xlsx")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_assessment_report(small(), FIRMS, tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_progress_ends_with_all_rows(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_assessment_report(small(), FIRMS, tmp_path / "r.xlsx", progress=lambda done, total: seen.append((done, total)))

    # 2 met, 3 one step away, 4 reasons, 1 for a person, 3 facts, 3 gaps, 10 results
    assert seen == [(26, 26)]


def test_counts_of_a_district_agree_with_its_results(tmp_path: Path) -> None:
    document, register = assessment(60)
    path = tmp_path / "r.xlsx"
    write_assessment_report(document, register, path)

    counted = Counter((one["standard"], one["verdict"]) for one in document["results"] if "verdict" in one)
    table = table_under(path, "汇总", "各项标准（单位：家）")[1:]
    assert {row[0]: row[2:6] for row in table} == {
        name: [counted[name, verdict] for verdict in ("met", "unmet", "unknown", "manual")] for name in {name for name, _ in counted}
    }
    assert len(listed(path, "达标企业")) == sum(count for (_, verdict), count in counted.items() if verdict == "met")
    assert len(listed(path, "明细")) == len(document["results"])
