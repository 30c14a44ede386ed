"""What the cells of an Excel sheet mean: units, percentages, dates, words, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.files import (
    CODE,
    FIRM_A,
    Formula,
    Percent,
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

SHARE = "主导产品全国细分市场占有率"


@pytest.mark.parametrize(
    ("title", "cell", "fen"),
    [
        ("营业收入", 5000, 5_000_000_000),
        ("营业收入", 0.1, 100_000),
        ("营业收入", 0.1 + 0.2, 300_000),
        ("营业收入", 2023.000001, 2_023_000_001),
        ("营业收入", "1,234.5", 1_234_500_000),
        ("营业收入", "１，２３４．５", 1_234_500_000),
        ("营业收入", " 500 ", 500_000_000),
        ("营业收入（元）", 1234567.89, 123_456_789),
        ("营业收入(元)", 1234567.89, 123_456_789),
        ("营业收入（千元）", 3, 300_000),
        ("营业收入（单位：亿元）", 1.5, 15_000_000_000),
        ("营业收入（人民币百万元）", 2, 200_000_000),
        ("营业收入", "500万元", 500_000_000),
        ("营业收入", "500 万", 500_000_000),
        ("营业收入", "1.2亿元", 12_000_000_000),
        ("营业收入", "1234.56元", 123_456),
        ("营业收入（元）", "500万元", 500_000_000),
        ("营业收入", "￥1,234.56元", 123_456),
        ("营业收入（万元）", "¥3", 3_000_000),
        ("净利润", -12.5, -12_500_000),
        ("净利润", "(12.5)", -12_500_000),
        ("净利润", "－12.5", -12_500_000),
        ("从业人员", 120.0, 120),
        ("从业人员", "120人", 120),
        ("从业人员（人）", "1,200", 1200),
    ],
)
def test_number_in_excel_is_exact(tmp_path: Path, title: str, cell: object, fen: int) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", year_sheet(title, cell))

    assert year_values(path, title.partition("（")[0].partition("(")[0]) == [fen]


@pytest.mark.parametrize(
    ("title", "cell", "code"),
    [
        ("营业收入", "约五百万", "not-a-number"),
        ("营业收入", "abc", "not-a-number"),
        ("营业收入", "500-600", "not-a-number"),
        ("营业收入", "-", "not-a-number"),
        ("营业收入", "无", "not-a-number"),
        ("营业收入", "500美元", "unknown-unit"),
        ("营业收入", "$500", "not-a-number"),
        ("营业收入", "¥500", "ambiguous-currency"),
        ("营业收入", "500人", "unknown-unit"),
        ("营业收入", "3%", "unknown-unit"),
        ("营业收入", Percent(0.03), "unknown-unit"),
        ("营业收入", "1,23", "bad-grouping"),
        ("营业收入", "1.5E+06", "scientific"),
        ("营业收入", True, "not-a-number"),
        ("营业收入", date(2024, 3, 1), "date-as-number"),
        ("营业收入", 0.0000001, "too-precise"),
        ("营业收入", 1 / 3, "too-precise"),
        ("营业收入（元）", 0.001, "too-precise"),
        ("营业收入", 1e12, "too-large"),
        ("营业收入", -1, "out-of-domain"),
        ("研发费用", "-0.01元", "out-of-domain"),
        ("从业人员", 12.5, "not-whole"),
        ("营业收入", Formula("=1/0", "#DIV/0!"), "excel-error"),
        ("营业收入", Formula("=NA()", "#N/A"), "excel-error"),
        ("营业收入", "#REF!", "excel-error"),
        ("营业收入", Formula("=1+1", ""), "formula-without-value"),
    ],
)
def test_number_in_excel_is_refused_with_its_place(tmp_path: Path, title: str, cell: object, code: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", year_sheet(title, 1, cell))

    found = problems_in(path)

    assert places(found) == [(code, "年度数据", 3, "C")]
    assert found[0].text.startswith(f"工作表“年度数据”第 3 行 C 列“{title}”：")
    assert found[0].advice != ""
    assert found[0].value != ""


def test_text_in_a_money_column_says_what_to_do(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", year_sheet("营业收入", "五百万"))

    (problem,) = problems_in(path)

    assert problem.text == "工作表“年度数据”第 2 行 C 列“营业收入”：“五百万”不是数字。请只填写数字，单位写在列标题的括号里；未知请留空。"


def test_empty_cells_are_unknown(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", year_sheet("营业收入", None, "", "  ", 0))

    assert year_values(path, "营业收入") == [None, None, None, 0]


@pytest.mark.parametrize(
    ("title", "cell", "millionths"),
    [
        (SHARE, "3%", 30_000),
        (SHARE, "3％", 30_000),
        (SHARE, "0.03%", 300),
        (SHARE, 3, 30_000),
        (SHARE, "3", 30_000),
        (SHARE, 12.5, 125_000),
        (SHARE, 0, 0),
        (SHARE, 1, 10_000),
        (SHARE, Percent(0.03), 30_000),
        (SHARE, Percent(1), 1_000_000),
        (f"{SHARE}（%）", 0.03, 300),
        (f"{SHARE}（％）", "0.03", 300),
        (f"{SHARE}（%）", Percent(0.03), 30_000),
        (f"{SHARE}（小数）", 0.03, 30_000),
        (f"{SHARE}（比例）", "0.03", 30_000),
        (f"{SHARE}（小数）", "3%", 30_000),
        (f"{SHARE}（百分比）", 3, 30_000),
    ],
)
def test_percentage_is_read(tmp_path: Path, title: str, cell: object, millionths: int) -> None:
    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(**{title: cell})), SHARE) == millionths


@pytest.mark.parametrize(("title", "cell"), [(SHARE, 0.03), (SHARE, "0.03"), (SHARE, 0.99), (f"{SHARE}（百分比）", 0.03)])
def test_percentage_below_one_without_sign_is_ambiguous(tmp_path: Path, title: str, cell: object) -> None:
    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", firm_sheet(**{title: cell})))

    assert (problem.code, problem.row, problem.letter) == ("ambiguous-ratio", 2, "B")
    assert "有歧义" in problem.message
    assert "（%）" in problem.advice
    assert "（小数）" in problem.advice


def test_percentage_above_its_domain_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", firm_sheet(**{SHARE: "130%"})))

    assert (
        problem.text
        == f"工作表“企业”第 2 行 B 列“{SHARE}”：“130%”超出“{SHARE}”的取值范围（应在 0 至 100% 之间）。请核对数值、正负号和单位；未知请留空。"
    )


@pytest.mark.parametrize("cell", ["是", " 是 ", "yes", "Y", "y", "TRUE", "true", "1", "１", 1, 1.0, True])
def test_boolean_true(tmp_path: Path, cell: object) -> None:
    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(自主品牌=cell)), "自主品牌") is True


@pytest.mark.parametrize("cell", ["否", "no", "N", "False", "0", 0, False])
def test_boolean_false(tmp_path: Path, cell: object) -> None:
    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(自主品牌=cell)), "自主品牌") is False


@pytest.mark.parametrize("cell", ["有", "也许", 2, 0.5, "√"])
def test_boolean_of_another_word_is_refused(tmp_path: Path, cell: object) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", firm_sheet(自主品牌=cell))

    assert places(problems_in(path)) == [("not-a-boolean", "企业", 2, "B")]


@pytest.mark.parametrize(
    "cell",
    [
        date(2024, 3, 1),
        datetime(2024, 3, 1, 10, 30),  # noqa: DTZ001 - a cell has no time zone
        "2024-03-01",
        "2024-3-1",
        "2024/3/1",
        "2024.3.1",
        "2024年3月1日",
        "20240301",
        20240301,
        "2024-03-01 00:00:00",
        "２０２４－０３－０１",
    ],
)
def test_date_in_a_usual_form(tmp_path: Path, cell: object) -> None:
    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(成立日期=cell)), "成立日期") == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2024-02-30", "not-a-date"),
        ("2024年3月", "not-a-date"),
        ("2024-3/1", "not-a-date"),
        ("去年", "not-a-date"),
        (45352, "not-a-date"),
        ("0000-00-00", "not-a-date"),
        ("1800-01-01", "date-out-of-range"),
        (date(1900, 1, 1), "date-out-of-range"),
    ],
)
def test_date_that_is_none_is_refused(tmp_path: Path, cell: object, code: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", firm_sheet(成立日期=cell))

    assert places(problems_in(path)) == [(code, "企业", 2, "B")]


def test_date_serial_without_format_is_explained(tmp_path: Path) -> None:
    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", firm_sheet(成立日期=45352)))

    assert "2024-03-01" in problem.advice


@pytest.mark.parametrize(
    "cell", ["2024-03", "2024-3", "2024/03", "2024年3月", "2024.03", "202403", 202403, date(2024, 3, 1), date(2024, 3, 31)]
)
def test_month_in_a_usual_form(tmp_path: Path, cell: object) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "月度数据": [[CODE, "月份", "用电量"], [FIRM_A, cell, 100]]})

    assert intake_of(path).population.months["月份"].to_list() == [date(2024, 3, 1)]


@pytest.mark.parametrize("cell", [2024.1, "2024.1", "2024-13", "三月", 2024])
def test_month_that_is_none_is_refused(tmp_path: Path, cell: object) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "月度数据": [[CODE, "月份", "用电量"], [FIRM_A, cell, 100]]})

    assert places(problems_in(path)) == [("not-a-month", "月度数据", 2, "B")]


@pytest.mark.parametrize(("title", "cell", "kwh"), [("用电量", 100, 100), ("用电量（度）", 100, 100), ("用电量（万千瓦时）", 1.5, 15_000)])
def test_electricity_has_units_of_its_own(tmp_path: Path, title: str, cell: object, kwh: int) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "月度数据": [[CODE, "月份", title], [FIRM_A, "2024-03", cell]]})

    assert intake_of(path).population.months["用电量"].to_list() == [kwh]


@pytest.mark.parametrize("cell", [2023, 2023.0, "2023", "2023年", "2023年度", "２０２３"])
def test_year_in_a_usual_form(tmp_path: Path, cell: object) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": [[CODE, "年度", "营业收入"], [FIRM_A, cell, 1]]})

    assert year_values(path, "年度") == [2023]


@pytest.mark.parametrize(
    ("cell", "code"), [(23, "out-of-domain"), (2023.5, "not-whole"), ("上年", "not-a-number"), (date(2023, 1, 1), "date-as-number")]
)
def test_year_that_is_none_is_refused(tmp_path: Path, cell: object, code: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE], [FIRM_A]], "年度数据": [[CODE, "年度", "营业收入"], [FIRM_A, cell, 1]]})

    assert places(problems_in(path)) == [(code, "年度数据", 2, "B")]


@pytest.mark.parametrize(("cell", "level"), [("二级", 2), ("2级", 2), (2, 2), ("2", 2)])
def test_level_is_a_word_or_a_number(tmp_path: Path, cell: object, level: int) -> None:
    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(数字化水平=cell)), "数字化水平") == level


@pytest.mark.parametrize(
    ("name", "cell", "word"),
    [
        ("主导产业", "智能家居", "智能家居"),
        ("主导产业", " 智能家居 ", "智能家居"),
        ("登记状态", "在业", "存续"),
        ("登记状态", "存续（在营、开业、在册）", "存续"),
        ("研发机构级别", "无", "无"),
        ("所属街道", "420114002", "奓山街道"),
        ("所属街道", 420114002, "奓山街道"),
        ("所属街道", "奓山街道", "奓山街道"),
        ("纳税关系所在区", 420114.0, "420114"),
        ("国民经济行业代码", "3011", "3011"),
        ("国民经济行业代码", 3011, "3011"),
        ("国民经济行业代码", "c3011", "3011"),
        ("国民经济行业代码", "06", "06"),
        ("国民经济行业代码", "C", "C"),
        ("主导产品", 5, "5"),
        ("企业名称", "甲（武汉）公司", "甲（武汉）公司"),
    ],
)
def test_text_is_read(tmp_path: Path, name: str, cell: object, word: str) -> None:
    assert firm_value(write_xlsx(tmp_path / "a.xlsx", firm_sheet(**{name: cell})), name) == word


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("主导产业", "房地产", "not-listed"),
        ("国民经济行业代码", "通用设备制造业", "bad-industry"),
        ("国民经济行业代码", 111, "code-as-number"),
        ("主导产品", Formula("=A1", "#NAME?"), "excel-error"),
    ],
)
def test_text_is_refused(tmp_path: Path, name: str, cell: object, code: str) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", firm_sheet(**{name: cell}))

    assert places(problems_in(path)) == [(code, "企业", 2, "B")]


def test_word_outside_a_closed_list_names_the_list(tmp_path: Path) -> None:
    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", firm_sheet(登记状态="失联")))

    assert problem.text == "工作表“企业”第 2 行 B 列“登记状态”：“失联”不在“登记状态”的可选值中。请从下列值中选择：存续、迁出、注销、吊销。"


def test_dash_in_a_free_text_is_unknown_with_a_notice(tmp_path: Path) -> None:
    intake = intake_of(write_xlsx(tmp_path / "a.xlsx", firm_sheet(主导产品="——")))

    assert intake.population.firms["主导产品"].to_list() == [None]
    assert places(intake.notices) == [("placeholder", "企业", None, "B")]


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("省级小巨人", None, ("专精特新中小企业", "省级")),
        ("省级专精特新“小巨人”企业", "国家级", ("专精特新中小企业", "国家级")),
        ("专精特新“小巨人”企业", None, ("专精特新小巨人", None)),
        ("高新技术企业", None, ("高新技术企业", None)),
    ],
)
def test_recognition_under_another_name(tmp_path: Path, name: str, level: Any, expected: tuple[str, str | None]) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", event_sheet("认定", 名称=name, 级别=level, 日期="2022-12-31"))

    assert intake_of(path).population.events["认定"].select("名称", "级别").row(0) == expected


@pytest.mark.parametrize("day", ["2023-01-01", None])
def test_provincial_little_giant_since_2023_or_undated_is_refused(tmp_path: Path, day: Any) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", event_sheet("认定", 名称="省级小巨人", 日期=day))

    assert [(one.code, one.row) for one in problems_in(path)] == [("not-listed", 2)]


def test_recognition_without_end_is_left_open(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", event_sheet("认定", 名称="高新技术企业", 日期="2022-11-01", 有效期至="长期"))

    assert intake_of(path).population.events["认定"]["有效期至"].to_list() == [None]


def test_cells_of_csv_are_read_like_those_of_excel(tmp_path: Path) -> None:
    sheets = {
        "企业": [[CODE, "自主品牌", SHARE, "成立日期"], [FIRM_A, "Y", "3%", "2024年3月1日"]],
        "年度数据": [[CODE, "年度", "营业收入", "从业人员"], [FIRM_A, "2023", "1,234.5", "12.0"], [FIRM_A, "2022", "0.1", "12人"]],
    }

    population = intake_of(write_csv(tmp_path / "csv", sheets)).population

    assert population.firms.select("自主品牌", SHARE, "成立日期").row(0) == (True, 30_000, date(2024, 3, 1))
    assert population.years.select("年度", "营业收入", "从业人员").rows() == [(2023, 1_234_500_000, 12), (2022, 100_000, 12)]
