"""The template and the written workbook, looked at as files."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from tests.exchange.files import CODE, FIRM_A, intake_of
from tests.exchange.populations import tables_of
from tidu.exchange.layout import layouts
from tidu.exchange.workbooks import population_to_parquet, population_to_workbook, write_template
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue
from tidu.kernel.population import Firm, Population, population_of


def part(path: Path, name: str) -> str:
    """One part of the workbook as text."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")


def rows(path: Path, sheet: str) -> list[list[object]]:
    """The cells of a sheet."""
    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A fresh template."""
    return write_template(tmp_path / "模板.xlsx")


def test_template_is_read_as_no_firms_without_a_remark(template: Path) -> None:
    intake = intake_of(template)

    assert intake.population.codes == []
    assert intake.notices == []


def test_template_has_a_column_for_every_fact_with_its_unit(template: Path) -> None:
    firm_titles, year_titles, event_titles = rows(template, "企业")[0], rows(template, "年度数据")[0], rows(template, "事项")[0]

    assert firm_titles[:4] == [CODE, "企业名称", "市场主体类型", "成立日期"]
    assert "主导产品全国细分市场占有率（%）" in firm_titles
    assert year_titles[:5] == [CODE, "年度", "营业收入（万元）", "主营业务收入（万元）", "研发费用（万元）"]
    assert event_titles[:4] == [CODE, "事项类型", "名称", "级别"]
    assert (
        len(event_titles) == len(set(event_titles)) == 2 + len({field for event in catalogue().events.values() for field in event.fields})
    )


def test_template_freezes_the_header_and_offers_lists(template: Path) -> None:
    xml = part(template, "xl/worksheets/sheet1.xml")

    assert 'state="frozen"' in xml
    assert re.search(r'<formula1>"是,否"</formula1>', xml)
    assert re.search(r'<formula1>"存续,迁出,注销,吊销"</formula1>', xml)
    assert re.search(r'<formula1>"一级,二级,三级,四级"</formula1>', xml)
    assert "AND(ISTEXT(A2),LEN(TRIM(A2))=18)" in xml
    assert 'INDIRECT($B2&amp;"_名称")' in part(template, "xl/worksheets/sheet4.xml")


def test_lists_by_event_type_are_named_ranges_on_a_hidden_sheet(template: Path) -> None:
    book = part(template, "xl/workbook.xml")
    choices = rows(template, "选项")
    column = choices[0].index("科技奖励_级别")

    assert re.search(r'<sheet name="选项"[^>]*state="hidden"', book)
    assert re.search(r'<definedName name="科技奖励_级别">选项!\$[A-Z]+\$2:\$[A-Z]+\$3</definedName>', book)
    assert [row[column] for row in choices[1:3]] == ["国家级", "省级"]


def test_code_columns_are_formatted_as_text_and_dates_as_dates(template: Path) -> None:
    styles, sheet = part(template, "xl/styles.xml"), part(template, "xl/worksheets/sheet1.xml")
    formats = re.findall(r"<xf [^>]*numFmtId=\"(\d+)\"", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0])
    used = {int(low): formats[int(style)] for low, style in re.findall(r'<col min="(\d+)" max="\d+" width="[^"]+" style="(\d+)"', sheet)}
    day = re.search(r'<numFmt numFmtId="(\d+)" formatCode="yyyy-mm-dd"', styles)

    assert day is not None
    assert used[1] == "49"  # “@”, text
    assert used[4] == day[1]


def test_percent_columns_keep_the_general_format(template: Path) -> None:
    # With any other format Excel stores a typed 3% as 0.03 without saying so.
    position = rows(template, "企业")[0].index("主导产品全国细分市场占有率（%）") + 1
    sheet, styles = part(template, "xl/worksheets/sheet1.xml"), part(template, "xl/styles.xml")
    style = re.search(rf'<col min="{position}" max="{position}" width="[^"]+" style="(\d+)"', sheet)
    formats = re.findall(r"<xf [^>]*numFmtId=\"(\d+)\"", styles.partition("<cellXfs")[2].partition("</cellXfs>")[0])

    assert style is not None
    assert formats[int(style[1])] == "0"


def test_every_column_is_explained(template: Path) -> None:
    explained = [(row[0], row[1]) for row in rows(template, "填写说明")[8:]]
    comments = part(template, "xl/comments1.xml")

    assert explained == [(layout.name, column.title) for layout in layouts(catalogue()) for column in layout.columns]
    assert "必填" in comments
    assert "可选值：存续、迁出、注销、吊销" in comments


def test_template_filled_by_hand_is_read(tmp_path: Path) -> None:
    firm = Firm(FIRM_A, "甲", {"主导产品全国细分市场占有率": 125_000, "自主品牌": True, "数字化水平": 3}, {2023: {"营业收入": 123_456_789}})

    path = population_to_workbook(population_of([firm]), tmp_path / "a.xlsx")

    titles, values = rows(path, "企业")[:2]
    shown = dict(zip(titles, values, strict=True))
    assert (shown["主导产品全国细分市场占有率（%）"], shown["自主品牌"], shown["数字化水平"]) == (12.5, "是", "三级")
    assert rows(path, "年度数据")[1][2] == 123.456789


def test_workbook_beyond_the_rows_of_a_sheet_is_refused(tmp_path: Path) -> None:
    one = population_of([Firm(FIRM_A, "甲")])
    many = Population(pl.DataFrame({CODE: [FIRM_A] * 1_048_576}).join(one.firms.drop(CODE), how="cross"), one.years, one.months, one.events)

    with pytest.raises(TiduError) as caught:
        population_to_workbook(many, tmp_path / "a.xlsx")

    assert caught.value.code == "too-many-rows"
    assert list(tmp_path.iterdir()) == []


def test_large_workbook_is_streamed_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidu.exchange.workbooks._MANY_CELLS", 0)
    population = population_of([Firm(FIRM_A, "甲", {"自主品牌": False}, {2023: {"营业收入": 1}})])

    path = population_to_workbook(population, tmp_path / "a.xlsx")

    assert tables_of(intake_of(path).population) == tables_of(population)


def test_parquet_titles_name_the_stored_units(tmp_path: Path) -> None:
    folder = population_to_parquet(population_of([Firm(FIRM_A, "甲")]), tmp_path / "pq")

    assert sorted(entry.name for entry in folder.iterdir()) == ["事项.parquet", "企业.parquet", "年度数据.parquet", "月度数据.parquet"]
    assert pl.read_parquet_schema(folder / "年度数据.parquet")["营业收入（分钱）"] == pl.Int64
    assert "主导产品全国细分市场占有率（百万分之一）" in pl.read_parquet_schema(folder / "企业.parquet")
