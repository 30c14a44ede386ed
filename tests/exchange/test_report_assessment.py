"""The assessment report as a whole, read back cell by cell: sheets, sums, links, print, refusals."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.exchange.report_documents import assessment
from tests.exchange.report_reading import HEADER, cells, links, listed, sheet_names, sheet_xml, styles_xml, table_under, workbook_xml
from tests.exchange.small_assessment import FIRMS, IN, UNMET_RATIO, ZT, A, B, result, small
from tidu.exchange.report_assessment import write_assessment_report
from tidu.exchange.report_sheets import Limits
from tidu.kernel.errors import TiduError


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
    assert re.search(r'<col min="3" max="3" width="39\.\d+"', sheet_xml(path, "达标企业"))
    assert re.findall(r'<row r="5"[^>]*>', sheet_xml(path, "达标企业")) == ['<row r="5" ht="84.75" customHeight="1">']


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
