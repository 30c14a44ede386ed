"""The settlement report, read back cell by cell: every fen must be there, once."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.report_documents import settlement
from tests.exchange.report_reading import HEADER, cells, links, listed, sheet_names, sheet_xml, table_under
from tidu.exchange.report_settlement import write_settlement_report
from tidu.exchange.report_sheets import Limits
from tidu.kernel.errors import TiduError

FIRMS: dict[str, dict[str, object]] = {
    "91420114MA4KAAAA01": {"企业名称": "武汉楚蔚智能装备有限公司", "所属街道": "奓山街"},
    "91420114MA4KBBBB02": {"企业名称": "武汉汉嵘电子科技有限公司", "所属街道": "大集街"},
    "91420114MA4KCCCC03": {},
}
A, B, C = FIRMS


def settled(firm: str, award: str, state: str, amount: float, **more: Any) -> dict[str, Any]:
    base = {"firm": firm, "award": award, "clause": "二（三）3", "item": "技术合同 2023-05-04", "amount": amount, "unit": "元"}
    base |= {"payer": "区级", "computed": amount, "state": state, "why": "", "missing": [], "rulings": [], "municipal_base": None}
    return base | more


def small() -> dict[str, Any]:
    results = [
        settled(A, "C10", "granted", 0.1, payer="市级", item="创客中国"),
        settled(A, "C5", "capped", 1000000, computed=1200000, why="按成交额的10%计算，按年度上限兑现。", rulings=["R4=事项年"]),
        settled(B, "C5", "granted", 87654.32, how=["成交额 876,543.20 元 × 10%", "未超过上限"]),
        settled(
            B, "C3", "granted", 200000, municipal_base=200000, title="小巨人配套", item="小巨人配套 省级 2022-11-01", clause="二（一）4"
        ),
        settled(B, "C7", "dropped", 0, computed=100000, why="从高不重复：与 C3 同一事由，金额较低。"),
        settled(C, "C5", "excluded", 0, computed=50000, why="近三年有重大违法。"),
        settled(C, "C5", "unknown", 0, computed=None, why="成交额未填写。", missing=["技术合同.成交额"]),
        settled(A, "C3", "ruling needed", 0, computed=200000, why="市级基数为 0。", rulings=["R10"]),
    ]
    totals = {"区级": 1287654.32, "市级": 0.1}
    return {"law_date": "2024-06-01", "as_of": "2024-05-31", "packs": {"caidian": "sha256:cd34"}, "results": results, "totals": totals}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "兑现.xlsx"
    write_settlement_report(small(), FIRMS, path)
    return path


def test_sheets_answer_one_question_each(report: Path) -> None:
    assert sheet_names(report) == ["汇总", "拟兑现", "按企业", "未兑现", "待补充", "待定口径", "口径影响", "说明"]


def test_summary_says_the_result_in_a_sentence(report: Path) -> None:
    assert [row[0] for row in cells(report, "汇总")[:3]] == [
        "惠企政策兑现测算报告",
        "依据 2024年6月1日有效的政策条款测算；使用截至 2024年5月31日掌握的数据；金额单位见表头，“元”精确到分。带下划线的数字可点击，转到对应名单。",
        (
            "拟向 2 家企业兑现 4 项，共 1,287,654.42 元；其中区级 1,287,654.32 元，市级 0.10 元。"
            "另有 1 项等待确定口径，可能金额 200,000.00 元，未计入。另有 1 项缺少数据，未计入。"
        ),
    ]


def test_summary_counts_every_state(report: Path) -> None:
    assert [row[:3] for row in table_under(report, "汇总", "总体情况")] == [
        ["结果", "拟兑现金额（元）", "事项（项）"],
        ["全额兑现", 287654.42, 3],
        ["按上限兑现", 1000000, 1],
        ["不予兑现", 0, 1],
        ["主体被排除", 0, 1],
        ["待补充数据", 0, 1],
        ["待定口径", 0, 1],
        ["合计", 1287654.42, 8],
    ]


def test_summary_counts_money_by_payer_in_yuan_and_ten_thousand(report: Path) -> None:
    assert table_under(report, "汇总", "由谁出资") == [
        ["出资方", "拟兑现金额（元）", "事项（项）", "拟兑现金额（万元）", "企业（家）"],
        ["区级", 1287654.32, 3, 128.765432, 2],
        ["市级", 0.1, 1, 0.00001, 1],
        ["合计", 1287654.42, 4, 128.765442, 2],
    ]


def test_a_payer_who_pays_nothing_is_named_with_zero(tmp_path: Path) -> None:
    document = {"results": [settled(A, "C5", "granted", 1)], "totals": {"区级": 1, "市级": 0}}
    write_settlement_report(document, FIRMS, tmp_path / "r.xlsx")

    assert table_under(tmp_path / "r.xlsx", "汇总", "由谁出资")[1:3] == [["区级", 1, 1, 0.0001, 1], ["市级", 0, 0, 0, 0]]


def test_summary_counts_awards_in_natural_order(report: Path) -> None:
    table = table_under(report, "汇总", "各奖补条目")

    assert [(row[0], *row[1:3], *row[4:]) for row in table[1:]] == [
        ("C3 小巨人配套 （二（一）4）", 200000, 1, 0, 0, 0, 0, 1, 200000),
        ("C5 （二（三）3）", 1087654.32, 2, 1, 0, 1, 1, 0, 0),
        ("C7 （二（三）3）", 0, 0, 0, 1, 0, 0, 0, 0),
        ("C10 （二（三）3）", 0.1, 1, 0, 0, 0, 0, 0, 0),
        ("合计", 1287654.42, 4, 1, 1, 1, 1, 1, 200000),
    ]


def test_summary_counts_money_by_subdistrict(report: Path) -> None:
    assert [row[:3] for row in table_under(report, "汇总", "各街道")[1:]] == [
        ["奓山街", 1000000.1, 2],
        ["大集街", 287654.32, 2],
        ["未填写", 0, 0],
        ["全区合计", 1287654.42, 4],
    ]


def test_amounts_with_their_computation(report: Path) -> None:
    rows = listed(report, "拟兑现")

    assert [tuple(row.values())[1:] for row in rows] == [
        (
            B,
            "武汉汉嵘电子科技有限公司",
            "大集街",
            "C3",
            "二（一）4",
            "小巨人配套 省级 2022-11-01",
            "区级",
            200000,
            200000,
            200000,
            "全额兑现",
            "",
            "",
        ),
        (
            *(
                A,
                "武汉楚蔚智能装备有限公司",
                "奓山街",
                "C5",
                "二（三）3",
                "技术合同 2023-05-04",
                "区级",
                "",
                1200000,
                1000000,
                "按上限兑现",
            ),
            "计算 1,200,000.00 元，兑现 1,000,000.00 元：按成交额的10%计算，按年度上限兑现。",
            "R4=事项年",
        ),
        (
            *(
                B,
                "武汉汉嵘电子科技有限公司",
                "大集街",
                "C5",
                "二（三）3",
                "技术合同 2023-05-04",
                "区级",
                "",
                87654.32,
                87654.32,
                "全额兑现",
            ),
            "1. 成交额 876,543.20 元 × 10%\n2. 未超过上限",
            "",
        ),
        (A, "武汉楚蔚智能装备有限公司", "奓山街", "C10", "二（三）3", "创客中国", "市级", "", 0.1, 0.1, "全额兑现", "", ""),
    ]
    assert list(rows[0])[8:11] == ["上级基数（元）", "计算金额（元）", "拟兑现金额（元）"]


def test_the_sum_above_the_list_is_exact_and_follows_the_filter(report: Path) -> None:
    assert cells(report, "拟兑现")[HEADER - 1][9:11] == ["本表合计（随筛选变化）", 1287654.42]
    assert re.findall("<f>(.*?)</f><v>(.*?)</v>", sheet_xml(report, "拟兑现")) == [("SUBTOTAL(109,K5:K8)", "1287654.42")]


def test_firms_with_their_sum_by_payer(report: Path) -> None:
    assert [tuple(row.values())[1:] for row in listed(report, "按企业")] == [
        (A, "武汉楚蔚智能装备有限公司", "奓山街", 2, 1000000.1, 1000000, 0.1),
        (B, "武汉汉嵘电子科技有限公司", "大集街", 2, 287654.32, 287654.32, 0),
    ]


def test_what_is_not_paid_has_a_reason(report: Path) -> None:
    assert [(row["条目"], row["计算金额（元）"], row["结果"], row["原因"]) for row in listed(report, "未兑现")] == [
        ("C5", 50000, "主体被排除", "近三年有重大违法。"),
        ("C7", 100000, "不予兑现", "从高不重复：与 C3 同一事由，金额较低。"),
    ]


def test_missing_facts_name_whom_to_ask(report: Path) -> None:
    rows = listed(report, "待补充")

    assert [(row["企业名称"], row["缺少的数据"], row["数据来源"], row["说明"]) for row in rows] == [
        ("未填写", "技术合同.成交额", "科技经信", "成交额未填写。")
    ]


def test_items_waiting_for_a_ruling(report: Path) -> None:
    rows = listed(report, "待定口径")

    assert [(row["条目"], row["待定的口径"], row["可能金额（元）"], row["说明"]) for row in rows] == [
        ("C3", "R10", 200000, "市级基数为 0。")
    ]


def test_rulings_with_the_money_that_rests_on_them(report: Path) -> None:
    assert [tuple(row.values()) for row in listed(report, "口径影响")] == [
        (1, "R4", "事项年", 1, 1000000, 0, 0),
        (2, "R10", "", 0, 0, 1, 200000),
    ]


def test_rulings_described_by_the_document_are_told_whole(tmp_path: Path) -> None:
    rulings = [
        {"id": "R4", "question": "“一年”从何时算起？", "choice": "事项年", "by": "区经信局", "on": "2024-03-01"},
        {"id": "R5", "question": "多个起草单位在本区的怎么办？", "choice": "各给", "default": True},
        {
            "ruling": "R6",
            "question": "周年日在不在内？",
            "default": "在内",
            "in_force": {"choice": "不在内", "by": "区司法局", "on": "2024-04-01"},
        },
        {"ruling": "R7", "question": "从何时倒推三年？", "default": "申请日"},
    ]
    write_settlement_report(small() | {"rulings": rulings}, FIRMS, tmp_path / "r.xlsx")

    assert [tuple(row.values())[1:6] for row in listed(tmp_path / "r.xlsx", "口径影响")] == [
        ("R4", "“一年”从何时算起？", "事项年", "区经信局，2024-03-01", 1),
        ("R5", "多个起草单位在本区的怎么办？", "各给", "系统默认，尚未由主管部门确定", 0),
        ("R6", "周年日在不在内？", "不在内", "区司法局，2024-04-01", 0),
        ("R7", "从何时倒推三年？", "申请日", "系统默认，尚未由主管部门确定", 0),
        ("R10", "", "", "", 0),
    ]


def test_award_counts_lead_to_their_first_row(report: Path) -> None:
    rows = cells(report, "汇总")
    start = next(index for index, row in enumerate(rows) if str(row[0]).endswith("各奖补条目")) + 3
    found = links(report, "汇总")

    assert [found.get(f"C{start + offset}") for offset in range(4)] == ["'拟兑现'!A5", "'拟兑现'!A6", None, "'拟兑现'!A8"]


def test_nothing_to_settle_is_said_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    write_settlement_report({"results": [], "totals": {"区级": 0, "市级": 0}}, {}, path)

    advice = "输入的“事项”表里没有认定、合同、标准等记录，或在所选日期没有有效的政策条款。请检查后重新测算。"
    assert cells(path, "汇总")[2][0] == f"本次没有任何可测算的事项：{advice}"
    starts = ("没有可兑现的事项", "没有可兑现的企业", "没有不予兑现", "没有因缺数据", "没有等待确定口径", "没有结果依赖")
    assert [
        str(cells(path, name)[HEADER + 1][0]).startswith(start) for name, start in zip(sheet_names(path)[1:7], starts, strict=True)
    ] == [True] * 6


def test_nothing_payable_needs_no_chart(tmp_path: Path) -> None:
    document = {"results": [settled(A, "C5", "excluded", 0, computed=1)], "totals": {"区级": 0}}
    write_settlement_report(document, FIRMS, tmp_path / "r.xlsx")

    assert "<drawing" not in sheet_xml(tmp_path / "r.xlsx", "汇总")
    assert cells(tmp_path / "r.xlsx", "汇总")[2][0] == "按现有数据和口径，没有可兑现的事项。"


@pytest.mark.parametrize("totals", [{"区级": 1287654.31, "市级": 0.1}, {"区级": 1287654.32}, {"区级": 1287654.32, "市级": 0.1, "省级": 1}])
def test_totals_that_disagree_with_the_rows_are_refused(tmp_path: Path, totals: dict[str, float]) -> None:
    with pytest.raises(TiduError, match="与明细之和") as caught:
        write_settlement_report(small() | {"totals": totals}, FIRMS, tmp_path / "r.xlsx")

    assert (caught.value.code, list(tmp_path.iterdir())) == ("totals-disagree", [])


@pytest.mark.parametrize("amount", [0.001, "100x", True, float("nan"), float("inf")])
def test_an_amount_that_is_no_whole_number_of_fen_is_refused(tmp_path: Path, amount: object) -> None:
    document = {"results": [settled(A, "C5", "granted", 0) | {"amount": amount}]}

    with pytest.raises(TiduError, match="不是精确到分的数值") as caught:
        write_settlement_report(document, FIRMS, tmp_path / "r.xlsx")

    assert caught.value.code == "amount-not-fen"


def test_another_unit_than_yuan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TiduError, match="应为“元”，收到“万元”"):
        write_settlement_report({"results": [settled(A, "C5", "granted", 1, unit="万元")]}, FIRMS, tmp_path / "r.xlsx")


def test_an_unknown_state_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TiduError, match="报表不认识兑现状态“paid”"):
        write_settlement_report({"results": [settled(A, "C5", "paid", 1)]}, FIRMS, tmp_path / "r.xlsx")


def test_a_cent_sum_that_floats_would_miss_is_exact(tmp_path: Path) -> None:
    document = {"results": [settled(A, "C5", "granted", 0.1) for _ in range(3)], "totals": {"区级": 0.3}}
    write_settlement_report(document, FIRMS, tmp_path / "r.xlsx")

    assert re.findall("<f>.*?</f><v>(.*?)</v>", sheet_xml(tmp_path / "r.xlsx", "拟兑现")) == ["0.3"]


def test_award_text_never_becomes_a_formula(tmp_path: Path) -> None:
    document = {"results": [settled(A, "=A1", "granted", 1, item="=1+1", why="@x", clause="-1", payer="+1")]}
    write_settlement_report(document, {A: {"企业名称": '=HYPERLINK("http://x")'}}, tmp_path / "r.xlsx")

    row = listed(tmp_path / "r.xlsx", "拟兑现")[0]
    assert [row[title] for title in ("企业名称", "条目", "政策条款", "奖补事项", "出资方", "怎么算的")] == [
        '=HYPERLINK("http://x")',
        *("=A1", "-1", "=1+1", "+1", "@x"),
    ]
    assert re.findall("<f>(.*?)</f>", sheet_xml(tmp_path / "r.xlsx", "拟兑现")) == ["SUBTOTAL(109,J5:J5)"]
    assert "<f>" not in sheet_xml(tmp_path / "r.xlsx", "汇总")


def test_a_long_list_says_what_it_leaves_out_while_sums_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    document = {"results": [settled(A, "C5", "granted", 1) for _ in range(7)], "totals": {"区级": 7}}
    write_settlement_report(document, FIRMS, path, limits=Limits(rows_per_sheet=2, sheets=2))

    assert sheet_names(path)[1:3] == ["拟兑现", "拟兑现（2）"]
    assert "另有 3 行未列出" in str(cells(path, "拟兑现")[1][0])
    assert table_under(path, "汇总", "由谁出资")[1][:3] == ["区级", 7, 7]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_settlement_report(small(), FIRMS, tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_money_of_a_district_is_the_same_in_every_table(tmp_path: Path) -> None:
    document, register = settlement(120)
    path = tmp_path / "r.xlsx"
    write_settlement_report(document, register, path)

    by_award: dict[str, Decimal] = defaultdict(Decimal)
    for one in document["results"]:
        by_award[one["award"]] += Decimal(str(one["amount"]))
    whole = float(sum(by_award.values()))
    awards = table_under(path, "汇总", "各奖补条目")[1:]
    assert {str(row[0]).split()[0]: row[1] for row in awards} == {name: float(total) for name, total in by_award.items()} | {"合计": whole}
    assert [table_under(path, "汇总", heading)[-1][1] for heading in ("总体情况", "由谁出资", "各街道")] == [whole] * 3
    assert round(sum(Decimal(str(row["拟兑现金额（元）"])) for row in listed(path, "拟兑现")), 2) == Decimal(str(whole))
    assert round(sum(Decimal(str(row["拟兑现合计（元）"])) for row in listed(path, "按企业")), 2) == Decimal(str(whole))
