"""Which rows and columns of a sheet are data: blank rows, stray marks, totals, codes, titles, repetitions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.exchange.files import (
    CODE,
    FIRM_A,
    FIRM_B,
    FIRM_C,
    event_sheet,
    firm_sheet,
    firm_value,
    intake_of,
    places,
    problems_in,
    write_csv,
    write_xlsx,
    year_sheet,
    year_values,
)
from tidu.kernel.credit_code import check_character


def test_blank_rows_do_not_shift_row_numbers(tmp_path: Path) -> None:
    rows = [[CODE, "年度", "营业收入"], [], [FIRM_A, 2023, 1], [None, " ", ""], [], [FIRM_A, 2022, "abc"], [], [FIRM_A, 2021, -1]]
    sheets = {"企业": [[], [CODE], [FIRM_A]], "年度数据": rows}

    assert places(problems_in(write_xlsx(tmp_path / "a.xlsx", sheets))) == [
        ("not-a-number", "年度数据", 6, "C"),
        ("out-of-domain", "年度数据", 8, "C"),
    ]
    assert [one.row for one in problems_in(write_csv(tmp_path / "csv", sheets))] == [6, 8]


@pytest.mark.parametrize("mark", ["-", "/", "无", "—", "——", "。", "`", "*", "N/A"])
def test_row_of_stray_marks_is_skipped_with_a_notice(tmp_path: Path, mark: str) -> None:
    rows = [[CODE, "企业名称", "主导产品"], [FIRM_A, "甲"], [None, "  ", mark], [mark], [FIRM_B, "乙"]]

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": rows}))

    assert intake.population.codes == [FIRM_A, FIRM_B]
    assert [(one.code, one.row, one.value) for one in intake.notices] == [("stray-row", 3, mark), ("stray-row", 4, mark)]


def test_totals_and_remarks_below_the_table_are_skipped_with_a_notice(tmp_path: Path) -> None:
    rows = [
        [CODE, "年度", "营业收入"],
        [FIRM_A, 2023, 1],
        ["合计", None, 1],
        [None, "合 计", 1],
        ["注：金额以审计报告为准"],
        ["填表人：张三", None, "审核人：李四"],
    ]

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": rows}))

    assert intake.population.years.height == 1
    assert [(one.code, one.row) for one in intake.notices] == [("total-row", 3), ("total-row", 4), ("remark-row", 5), ("remark-row", 6)]


def test_row_without_code_but_with_data_is_a_problem(tmp_path: Path) -> None:
    rows = [[CODE, "企业名称"], [FIRM_A, "甲"], [], [None, "乙公司"]]

    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", {"企业": rows}))

    assert places([problem]) == [("no-code", "企业", 4, "A")]
    assert "乙公司" in problem.message
    assert "合并单元格" in problem.advice


def test_all_problems_are_named_at_once_in_reading_order(tmp_path: Path) -> None:
    sheets = {
        "年度数据": [[CODE, "年度", "营业收入"], [FIRM_A, 2023, "x"], [FIRM_B, 2023, 1]],
        "企业": [[CODE, "成立日期", "自主品牌"], [FIRM_A, "昨天", "大概"], ["123", "2020-01-01", "是"]],
    }

    assert places(problems_in(write_xlsx(tmp_path / "a.xlsx", sheets))) == [
        ("not-a-date", "企业", 2, "B"),
        ("not-a-boolean", "企业", 2, "C"),
        ("bad-code", "企业", 3, "A"),
        ("not-a-number", "年度数据", 2, "C"),
        ("no-such-firm", "年度数据", 3, ""),
    ]


def test_many_problems_of_one_kind_are_counted(tmp_path: Path) -> None:
    rows = [[CODE, "年度", "营业收入"], *([FIRM_A, 2023, "x"] for _ in range(2000))]

    found = problems_in(write_csv(tmp_path / "csv", {"企业": [[CODE], [FIRM_A]], "年度数据": rows}))

    bad = [one for one in found if one.column == "营业收入"]
    assert len(bad) == 501
    assert [one.message for one in bad if one.code == "more-alike"] == ["另有 1500 处同类问题未逐一列出。"]


@pytest.mark.parametrize(
    "cell", [FIRM_A.lower(), f" {FIRM_A} ", f"'{FIRM_A}", f"{FIRM_A[:8]} {FIRM_A[8:]}", "".join(chr(ord(one) + 0xFEE0) for one in FIRM_A)]
)
def test_code_is_normalised(tmp_path: Path, cell: str) -> None:
    assert intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [cell]]})).population.codes == [FIRM_A]


@pytest.mark.parametrize(
    ("cell", "code", "words"),
    [
        (914201140000000000, "code-as-number", "“文本”"),
        (9.14201140000000e17, "code-as-number", "“文本”"),
        ("9.14201E+17", "code-as-number", "“文本”"),
        ("420114000012345", "registration-number", "旧注册号"),
        ("4201140001234", "registration-number", "旧注册号"),
        (FIRM_A[:-1], "bad-code", "17 位"),
        (FIRM_A[:9] + "O" + FIRM_A[10:], "bad-code", "是否应为 0"),
        (True, "bad-code", "不是统一社会信用代码"),
    ],
)
def test_code_that_is_none_is_refused(tmp_path: Path, cell: object, code: str, words: str) -> None:
    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE, "企业名称"], [cell, "甲"]]}))

    assert places([problem]) == [(code, "企业", 2, "A")]
    assert words in problem.text


def test_code_with_wrong_check_character_is_kept_with_a_notice(tmp_path: Path) -> None:
    wrong = FIRM_A[:-1] + ("0" if FIRM_A[-1] != "0" else "1")

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_B], [wrong]]}))

    assert intake.population.codes == [FIRM_B, wrong]
    assert [(one.code, one.row, one.letter, one.value) for one in intake.notices] == [("doubtful-code", 3, "A", wrong)]


def test_code_of_digits_only_stays_text(tmp_path: Path) -> None:
    stem = "91420114123456789"
    digits = stem + check_character(stem)

    assert intake_of(write_csv(tmp_path / "csv", {"企业": [[CODE], [digits]]})).population.codes == [digits]


def test_firm_twice_names_both_rows(tmp_path: Path) -> None:
    rows = [[CODE, "企业名称"], [FIRM_A, "甲"], [FIRM_B, "乙"], [], [FIRM_A, "甲"]]

    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", {"企业": rows}))

    assert problem.text == f"工作表“企业”第 5 行 A 列“{CODE}”：企业 {FIRM_A} 与第 2 行重复。每家企业只保留一行。"


def test_firm_year_twice_with_other_content_is_a_problem(tmp_path: Path) -> None:
    rows = [[CODE, "年度", "营业收入"], [FIRM_A, 2023, 1], [FIRM_A, 2023, 2]]

    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": rows}))

    assert (problem.code, problem.row) == ("period-twice", 3)
    assert problem.message == f"企业 {FIRM_A} 2023 的数据与第 2 行重复且内容不同。"


def test_firm_period_twice_with_the_same_content_is_read_once(tmp_path: Path) -> None:
    years = [[CODE, "年度", "营业收入", "研发费用"], [FIRM_A, 2023, 1], [FIRM_A, "2023年", "1万元"]]
    months = [[CODE, "月份", "用电量"], [FIRM_A, "2024-03", 5], [FIRM_A, "202403", 5]]

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": years, "月度数据": months}))

    assert intake.population.years.select("年度", "营业收入").rows() == [(2023, 1_000_000)]
    assert intake.population.months.select("月份", "用电量").rows() == [(date(2024, 3, 1), 5)]
    assert [(one.code, one.sheet, one.row) for one in intake.notices] == [("period-twice", "年度数据", 3), ("period-twice", "月度数据", 3)]


def test_row_without_period_is_a_problem(tmp_path: Path) -> None:
    sheets = {
        "企业": [[CODE], [FIRM_A]],
        "年度数据": [[CODE, "年度", "营业收入"], [FIRM_A, None, 1]],
        "月度数据": [[CODE, "月份", "用电量"], [FIRM_A, None, 1]],
    }

    assert [(one.code, one.sheet, one.row) for one in problems_in(write_xlsx(tmp_path / "a.xlsx", sheets))] == [
        ("no-period", "年度数据", 2),
        ("no-period", "月度数据", 2),
    ]


def test_rows_of_unknown_firms_are_problems(tmp_path: Path) -> None:
    sheets = {
        "企业": [[CODE], [FIRM_A]],
        "年度数据": [[CODE, "年度"], [FIRM_A, 2023], [FIRM_B, 2023]],
        "月度数据": [[CODE, "月份"], [FIRM_B, "2024-01"]],
        "事项": [[CODE, "事项类型", "日期"], [FIRM_C, "首次进规", "2024-01-01"]],
    }

    assert [(one.code, one.sheet, one.row) for one in problems_in(write_xlsx(tmp_path / "a.xlsx", sheets))] == [
        ("no-such-firm", "年度数据", 3),
        ("no-such-firm", "月度数据", 2),
        ("no-such-firm", "事项", 2),
    ]


def test_events_of_several_types_share_a_sheet(tmp_path: Path) -> None:
    rows = [
        [CODE, "事项类型", "名称", "日期", "成交额（元）", "合同类型", "登记日期"],
        [FIRM_A, "认定", "高新技术企业", "2022-11-01"],
        [FIRM_A, "技术合同", None, None, "1,200.50", "技术开发", date(2023, 5, 4)],
        [FIRM_A, "荣誉", "自由填写的名称", "2022-11-01"],
    ]

    events = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "事项": rows})).population.events

    assert events["认定"].row(0, named=True) == {
        CODE: FIRM_A,
        "名称": "高新技术企业",
        "级别": None,
        "日期": date(2022, 11, 1),
        "有效期至": None,
        "文号": None,
    }
    assert events["技术合同"].row(0, named=True) == {
        CODE: FIRM_A,
        "合同类型": "技术开发",
        "成交额": 120_050,
        "登记日期": date(2023, 5, 4),
        "对方类型": None,
    }
    assert events["荣誉"]["名称"].to_list() == ["自由填写的名称"]
    assert [frame.height for frame in events.values()].count(0) == len(events) - 3


def test_event_of_unknown_type_lists_the_types(tmp_path: Path) -> None:
    rows = [[CODE, "事项类型", "日期"], [FIRM_A, "表彰", "2022-11-01"], [FIRM_A, None, "2022-11-01"]]

    found = problems_in(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "事项": rows}))

    assert [(one.code, one.row) for one in found] == [("not-listed", 2), ("no-event-type", 3)]
    assert "技术合同" in found[0].advice
    assert "技术合同" in found[1].advice


def test_field_of_another_event_type_is_reported(tmp_path: Path) -> None:
    rows = [[CODE, "事项类型", "日期", "成交额"], [FIRM_A, "首次进规", "2022-11-01", 5]]

    (notice,) = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "事项": rows})).notices

    assert places([notice]) == [("field-of-other-type", "事项", 2, "D")]


def test_closed_list_depends_on_the_event_type(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", event_sheet("科技奖励", 级别="市级", 日期="2022-11-01"))

    (problem,) = problems_in(path)

    assert places([problem]) == [("not-listed", "事项", 2, "C")]
    assert "国家级、省级" in problem.advice


def test_equal_events_are_kept_with_a_notice(tmp_path: Path) -> None:
    row = [FIRM_A, "首次进规", "2022-11-01"]

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "事项": [[CODE, "事项类型", "日期"], row, row]}))

    assert intake.population.events["首次进规"].height == 2
    assert [(one.code, one.row) for one in intake.notices] == [("event-twice", 3)]


def test_sheet_of_events_without_type_column_is_a_problem(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "事项": [[CODE, "日期"], [FIRM_A, "2022-11-01"]]})

    assert [one.code for one in problems_in(path)] == ["no-event-type"]


def test_unknown_column_is_reported_with_its_letter_and_size(tmp_path: Path) -> None:
    rows = [[CODE, "注册号", "许可经营项目", "企业名称"], [FIRM_A, "1", None, "甲"], [FIRM_B, "2", None, "乙"]]

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": rows}))

    assert [one.text for one in intake.notices] == [
        "工作表“企业” B 列“注册号”：列标题不在指标目录中，2 个有内容的单元格未读取。若是需要的指标，请改用模板中的名称。",
        "工作表“企业” C 列“许可经营项目”：列标题不在指标目录中，整列为空。若是需要的指标，请改用模板中的名称。",
    ]


def test_repeated_unknown_titles_are_each_reported(tmp_path: Path) -> None:
    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE, "行业", "行业"], [FIRM_A, "C", "34"]]}))

    assert places(intake.notices) == [("unknown-column", "企业", None, "B"), ("unknown-column", "企业", None, "C")]
    assert "不止一次" in intake.notices[0].message


@pytest.mark.parametrize("other", ["营业收入", "营业收入（元）", " 营业\n收入 "])
def test_known_title_twice_is_a_problem(tmp_path: Path, other: str) -> None:
    rows = [[CODE, "年度", "营业收入", other], [FIRM_A, 2023, 1, 1]]

    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": rows}))

    assert places([problem]) == [("repeated-title", "年度数据", None, "D")]
    assert "C 列" in problem.message


def test_column_without_title_but_with_data_is_reported(tmp_path: Path) -> None:
    rows = [[CODE, None, "企业名称"], [FIRM_A, None, "甲"], [FIRM_B, "x", "乙"], [FIRM_C, None, "丙", "y"]]

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": rows}))

    assert places(intake.notices) == [("untitled-column", "企业", None, "B"), ("untitled-column", "企业", None, "D")]
    assert "首个在第 3 行" in intake.notices[0].message


@pytest.mark.parametrize("title", ["营业收入（美元）", "营业收入（人）", "营业收入（税前）"])
def test_unit_of_a_title_that_is_none_is_a_problem(tmp_path: Path, title: str) -> None:
    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", year_sheet(title, 1)))

    assert places([problem]) == [("unknown-unit", "年度数据", None, "C")]
    assert "万元" in problem.advice


def test_brackets_of_a_title_without_unit_are_ignored(tmp_path: Path) -> None:
    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(**{"*成立日期（YYYY-MM-DD）": "2020-01-02"})), "成立日期") == date(
        2020, 1, 2
    )


def test_name_with_brackets_of_its_own_is_known(tmp_path: Path) -> None:
    name = "Ⅱ类知识产权数（科技型口径）"

    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(**{f"{name}（项）": 3})), name) == 3
    assert firm_value(write_xlsx(tmp_path / "b.xlsx", firm_sheet(**{"II类知识产权数(科技型口径)": 4})), name) == 4


def test_caption_and_unit_above_the_header(tmp_path: Path) -> None:
    rows = [
        ["某区企业年度数据表"],
        [None, "填报单位：统计局", "单位：元"],
        [CODE, "年度", "营业收入", "研发费用（万元）"],
        [FIRM_A, 2023, 1234.5, 1],
    ]

    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": rows}))

    assert intake.population.years.select("营业收入", "研发费用").rows() == [(123_450, 1_000_000)]
    assert [(one.code, one.row) for one in intake.notices] == [("text-above-header", 1), ("unit-above-header", 2)]


def test_sheet_without_code_column_shows_its_first_row(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": [["名称", "收入"], ["甲", 1]]})

    (problem,) = problems_in(path)

    assert problem.code == "no-header"
    assert "名称、收入" in problem.message


def test_sheets_with_headers_only_hold_no_firms(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", {"企业": [[CODE, "企业名称"]], "年度数据": [[CODE, "年度", "营业收入"]], "事项": [[CODE, "事项类型"]]}
    )

    intake = intake_of(path)

    assert intake.population.codes == []
    assert intake.population.years.height == 0
    assert intake.notices == []


def test_year_values_keep_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = [[CODE, "年度", "营业收入"], [FIRM_B, 2022, 1], [FIRM_A, 2023, 2], [FIRM_B, 2021, 3]]

    assert year_values(write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A], [FIRM_B]], "年度数据": rows}), "营业收入") == [
        1_000_000,
        2_000_000,
        3_000_000,
    ]
