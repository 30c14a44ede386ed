"""The annotated copy: colours and comments where the problems are, values as they were, fit to be read again."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from tests.exchange.files import CODE, FIRM_A, FIRM_B, Formula, Percent, intake_of, places, problems_in, write_csv, write_xlsx
from tidu.exchange.annotate import annotate_workbook
from tidu.exchange.intake import read_population
from tidu.exchange.notices import InputProblem, Notice, Severity, problems_table
from tidu.kernel.errors import Problems, TiduError

SHEETS = {
    "企业": [[CODE, "企业名称", "主导产品全国细分市场占有率", "多余"], [FIRM_A, "甲", Percent(0.03), "x"], [], [FIRM_B, "乙", 0.03]],
    "年度数据": [
        ["某区年度数据"],
        [CODE, "年度", "营业收入（美元）", "研发费用"],
        [FIRM_A, 2023, 1, "abc"],
        [FIRM_A, 2022, 1, Formula("=1/0", "#DIV/0!")],
    ],
}


def part(path: Path, name: str) -> str:
    """One part of the workbook as text."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")


def commented(path: Path, number: int) -> list[str]:
    """The addresses of the cells with a comment."""
    return re.findall(r'<comment ref="([A-Z0-9]+)"', part(path, f"xl/comments{number}.xml"))


def rows(path: Path, sheet: str) -> list[list[object]]:
    """The cells of a sheet."""
    return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def test_faulty_cells_are_marked_at_their_own_place(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", SHEETS)

    with pytest.raises(Problems) as caught:
        read_population(path)
    out = annotate_workbook(path, caught.value, tmp_path / "b.xlsx")

    assert commented(out, 1) == ["C4"]
    assert commented(out, 2) == ["C2", "D3", "D4"]
    assert "FFFFC7CE" in part(out, "xl/styles.xml")
    assert rows(out, "企业")[1] == [FIRM_A, "甲", "3%", "x"]
    assert [row[1:5] for row in rows(out, "问题清单")[1:]] == [
        ["企业", "4", "C", "主导产品全国细分市场占有率"],
        ["年度数据", "", "C", "营业收入（美元）"],
        ["年度数据", "3", "D", "研发费用"],
        ["年度数据", "4", "D", "研发费用"],
    ]


def test_annotated_copy_read_again_shows_the_same_problems(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", SHEETS)
    first = problems_in(path)

    again = problems_in(annotate_workbook(path, first, tmp_path / "b.xlsx"))

    assert places(again) == places(first)


def test_old_problems_are_gone_once_corrected(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE, "自主品牌"], [FIRM_A, "大概"]]})
    copy = annotate_workbook(path, problems_in(path), tmp_path / "b.xlsx")

    corrected = tmp_path / "c.xlsx"
    with zipfile.ZipFile(copy) as source, zipfile.ZipFile(corrected, "w") as target:
        for name in source.namelist():
            target.writestr(
                name, source.read(name).replace("大概".encode(), "是".encode()) if name == "xl/sharedStrings.xml" else source.read(name)
            )

    intake = intake_of(corrected)
    assert intake.population.firms["自主品牌"].to_list() == [True]
    assert intake.notices == []


def test_notices_can_be_marked_too(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE, "多余"], [FIRM_A, "x"], ["-"]]})

    out = annotate_workbook(path, intake_of(path).notices, tmp_path / "b.xlsx")

    assert sorted(commented(out, 1)) == ["A3", "B1"]
    assert "FFFFEB9C" in part(out, "xl/styles.xml")


def test_formulas_in_texts_stay_texts(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "csv", {"企业": [[CODE, "企业名称", "自主品牌"], [FIRM_A, "=cmd|'/c calc'!A1", "大概"]]})

    out = annotate_workbook(path, problems_in(path), tmp_path / "b.xlsx")

    assert "<f>" not in part(out, "xl/worksheets/sheet2.xml")
    assert rows(out, "企业")[1] == [FIRM_A, "=cmd|'/c calc'!A1", "大概"]


def test_parquet_and_json_are_annotated_as_sheets(tmp_path: Path) -> None:
    folder = tmp_path / "pq"
    folder.mkdir()
    pl.DataFrame({CODE: [FIRM_A, FIRM_B], "自主品牌": ["是", "大概"]}).write_parquet(folder / "企业.parquet")
    document = tmp_path / "a.json"
    document.write_text(f'{{"firms": [{{"{CODE}": "{FIRM_A}", "年度数据": [{{"年度": 2023, "营业收入": "abc"}}]}}]}}', encoding="utf-8")

    assert commented(annotate_workbook(folder, problems_in(folder), tmp_path / "b.xlsx"), 1) == ["B3"]
    assert commented(annotate_workbook(document, problems_in(document), tmp_path / "c.xlsx"), 1) == ["B2"]


def test_listing_is_row_column_field_value_and_help() -> None:
    notice = Notice("x", "不是数字。", "请改。", Severity.PROBLEM, "工作表“企业”", "企业", 5, "C", "营业收入", "abc")

    table = problems_table(Problems("bad-input", [InputProblem(notice), TiduError("y", "打不开。")]))

    assert table.rows() == [
        ("错误", "企业", 5, "C", "营业收入", "abc", "不是数字。", "请改。"),
        ("错误", "", None, "", "", "", "打不开。", ""),
    ]
