"""What a sheet is and what its columns are, from titles and contents together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.apps.imports.files import code, investment_rows, name, patent_rows
from tidu.apps.imports.reading.assembling import Parsed, parse
from tidu.apps.imports.reading.finding import table_of
from tidu.apps.imports.reading.guessing import guess
from tidu.apps.imports.reading.plans import SheetPlan, faults, shape_of
from tidu.apps.imports.reading.values import Reading
from tidu.exchange.sheets import Grid
from tidu.kernel.facts import catalogue

Rows = list[list[object]]


def plan(rows: Rows, sheet: str = "表", file_name: str = "") -> SheetPlan:
    table = table_of(Grid(sheet, sheet, rows))
    assert table is not None
    return guess(table, catalogue(), file_name=file_name)


def parsed(rows: Rows, sheet: str = "表") -> Parsed:
    table = table_of(Grid(sheet, sheet, rows))
    assert table is not None
    return parse(Reading(table, guess(table, catalogue())), catalogue())


def targets(rows: Rows, sheet: str = "表") -> list[str]:
    return [column.target for column in plan(rows, sheet).columns]


def test_a_code_is_known_by_its_content_whatever_its_title() -> None:
    assert targets([["单位", "识别码", "主导产品"], [name(1), code(1), "阀门"]]) == ["key:name", "key:code", "fact:主导产品"]


def test_a_column_titled_as_a_name_that_holds_codes_is_a_code() -> None:
    assert targets([["企业关联列", "主导产品"], [code(1), "阀门"]]) == ["key:code", "fact:主导产品"]


def test_a_title_whose_content_is_something_else_is_not_believed() -> None:
    found = plan([["企业名称", "从业人员", "年度"], [name(1), datetime(2020, 1, 2, tzinfo=UTC), 2023]])
    assert [(column.target, column.why) for column in found.columns][1] == ("", "标题像“从业人员”，内容却是日期")


def test_a_column_without_a_title_is_pointed_out() -> None:
    assert plan([["企业名称", "", "主导产品"], [name(1), "某物", "阀门"]]).columns[1].why == "没有列标题，但有内容，请看一看"


def test_the_finer_code_of_an_industry_is_taken() -> None:
    rows: Rows = [["企业名称", "行业", "行业"], [name(1), "C", "3011"], [name(2), "C", "3012"]]
    assert targets(rows) == ["key:name", "", "fact:国民经济行业代码"]


def test_the_second_of_two_equal_titles_is_what_it_holds() -> None:
    assert targets(patent_rows([name(1), name(2), name(3)]), "专利") == [
        "key:name", "key:name", "", "field:编号", "field:申请日期", "field:类型", "field:授权日期", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "titles", "register"),
    [
        ("软著", ["企业关联列", "软件全称", "登记号"], "软件著作权"),
        ("Sheet1", ["企业关联列", "软件全称", "版本号", "登记号"], "软件著作权"),
        ("Sheet1", ["企业名称", "专利名称", "专利号", "发明人"], "专利"),
        ("商标", ["企业名称", "商标名称", "注册号(解密)"], "商标"),
        ("作品", ["企业名称", "作品名称", "作品类别"], "作品著作权"),
        ("高新技术企业名单", ["企业名称", "证书编号", "发证日期"], "认定"),
        ("投资企业年报", ["企业名称", "统一社会信用代码", "营业收入", "资产总额"], ""),
        ("企业", ["企业名称", "注册号", "成立日期", "登记状态"], ""),
        ("事项", ["统一社会信用代码", "事项类型", "日期"], "事项"),
    ],
)
def test_a_register_is_known_by_its_words_and_titles(sheet: str, titles: list[str], register: str) -> None:
    assert plan([list(titles), [name(1), *("某" for _ in titles[1:])]], sheet).register == register


def test_a_list_of_titled_firms_says_its_title_once() -> None:
    found = plan([["2023年第一批国家级专精特新小巨人公示名单"], ["企业名称", "认定日期"], [name(1), "2023-07-01"]])
    assert (found.register, found.constants) == ("认定", {"名称": "专精特新小巨人"})


def test_investor_and_invested_are_told_apart() -> None:
    events = parsed(investment_rows([name(1), name(2)]), "投资").events["投资"]
    assert events.select("方向", "对方名称").rows() == [("投资", "示例基金0有限公司"), ("被投", "示例基金1有限公司")]


def test_two_firms_side_by_side_under_the_same_titles() -> None:
    rows: Rows = [
        ["企业名称", "企业名称(清洗)", "行业", "企业名称", "企业名称(清洗)", "行业", "(1投资 2被投)"],
        [name(1), name(1), "C", "示例基金有限公司", "示例基金有限公司", "J", 1.0],
        ["另一基金有限公司", "另一基金有限公司", "J", name(2), name(2), "C", 2.0],
    ]
    found = parsed(rows, "投资")
    assert [key.names for key in found.keys] == [(name(1),), (name(2),)]
    assert found.events["投资"].select("方向", "对方名称").rows() == [("投资", "示例基金有限公司"), ("被投", "另一基金有限公司")]


def test_two_sides_without_a_direction_are_asked_about() -> None:
    rows: Rows = [["投资企业", "被投资企业", "持股比例（%）"], [name(1), name(2), 5]]
    assert faults(plan(rows, "投资"), catalogue()) == ["只有投资方和被投方，不知道哪一方是本区企业。请指定方向列，或为全表选定方向。"]


def test_months_side_by_side_mean_what_the_caption_says() -> None:
    rows: Rows = [["2024年企业应税收入（单位：万元）"], ["企业名称", "1月", "2月"], [name(1), 10, 20]]
    found = parsed(rows)
    assert found.levels[2].rows() == [(0, 202401, 10_000_000), (0, 202402, 20_000_000)]


def test_years_side_by_side_mean_what_the_sheets_name_says() -> None:
    rows: Rows = [["企业名称", "2022年", "2023年"], [name(1), 10, 20]]
    assert parsed(rows, "营业收入").levels[1].rows() == [(0, 2022, 10_000_000), (0, 2023, 20_000_000)]


def test_a_sheet_about_no_firm_is_left_out() -> None:
    assert plan([["区域", "家数"], ["东区", 3]]).include is False


def test_headings_are_the_same_form_whatever_their_dirt() -> None:
    assert shape_of(["企业名称 *", "营业收入（万元）"]) == shape_of(["企业 名称", "营业收入(万元)"])


def test_the_templates_own_sheet_of_events_is_read_by_kind() -> None:
    rows: Rows = [
        ["统一社会信用代码", "事项类型", "名称", "日期", "级别", "金额（万元）"],
        [code(1), "认定", "高新技术企业", "2022-11-01", "国家级", ""],
        [code(1), "研发补贴", "", "2023-03-01", "市级", 12.5],
    ]
    found = parsed(rows, "事项")
    assert found.events["认定"].select("名称", "级别").rows() == [("高新技术企业", "国家级")]
    assert found.events["研发补贴"].select("级别", "金额").rows() == [("市级", 12_500_000)]
