"""The files themselves: formats, encodings, damaged and disguised files, Parquet types, JSON."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.exchange.files import CODE, FIRM_A, FIRM_B, Percent, intake_of, places, problems_in, write_csv, write_xlsx
from tidu.exchange.intake import read_population
from tidu.kernel.errors import TiduError

SHARE = "主导产品全国细分市场占有率"
SHEETS = {
    "企业": [[CODE, "企业名称", "所属街道"], [FIRM_A, "甲（武汉）公司", "奓山街道"], [FIRM_B, "乙公司", ""]],
    "年度数据": [[CODE, "年度", "营业收入（元）"], [FIRM_A, "2023", "1234.56"]],
}


def error_of(path: Path) -> TiduError:
    """The error that keeps the file from being opened."""
    with pytest.raises(TiduError) as caught:
        read_population(path)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_csv_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    intake = intake_of(write_csv(tmp_path / "csv", SHEETS, encoding))

    assert intake.population.firms.select("企业名称", "所属街道").rows() == [("甲（武汉）公司", "奓山街道"), ("乙公司", None)]
    assert intake.population.years["营业收入"].to_list() == [123_456]
    assert intake.notices == []


@pytest.mark.parametrize(("encoding", "words"), [("utf-16", "UTF-16"), ("utf-16-le", "空字节")])
def test_csv_in_utf16_is_refused(tmp_path: Path, encoding: str, words: str) -> None:
    error = error_of(write_csv(tmp_path / "csv", SHEETS, encoding))

    assert error.code == "wrong-encoding"
    assert words in error.message
    assert "CSV UTF-8" in error.message


def test_csv_in_big5_is_refused_and_not_misread(tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "企业.csv").write_bytes("統一社會信用代碼,企業名稱\n1,甲\n".encode("big5"))

    with pytest.raises(TiduError) as caught:
        read_population(folder)

    assert "UTF-8" in caught.value.message


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_damaged_utf8_is_refused_with_its_line(tmp_path: Path, mark: bytes) -> None:
    folder = write_csv(tmp_path / "csv", SHEETS)
    content = (folder / "企业.csv").read_bytes()
    (folder / "企业.csv").write_bytes(mark + content.replace("乙公司".encode(), "乙公司".encode()[:-1]))

    error = error_of(folder)

    assert (error.code, error.data["line"]) == ("wrong-encoding", 3)


def test_excel_file_named_csv_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    write_xlsx(folder / "a.xlsx", SHEETS).rename(folder / "企业.csv")

    assert error_of(folder).code == "wrong-encoding"


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_csv_with_another_separator(tmp_path: Path, separator: str) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "企业.csv").write_text(f"{CODE}{separator}企业名称\r\n{FIRM_A}{separator}甲\r\n", encoding="utf-8")

    assert intake_of(folder).population.firms["企业名称"].to_list() == ["甲"]


def test_csv_rows_are_records_even_with_line_breaks_in_cells(tmp_path: Path) -> None:
    sheets = {"企业": [[CODE, "主导产品", "自主品牌"], [FIRM_A, "阀门\n水泵", "是"], [FIRM_B, "x", "大概"]]}

    assert places(problems_in(write_csv(tmp_path / "csv", sheets))) == [("not-a-boolean", "企业", 3, "C")]


def test_other_files_in_a_folder_are_named(tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "csv", SHEETS | {"投资": [["企业名称"], ["甲"]]})
    (folder / "说明.txt").write_text("x", encoding="utf-8")

    assert [one.message for one in intake_of(folder).notices] == ["文件“投资.csv”未读取。", "文件“说明.txt”未读取。"]


def test_folder_without_firms_lists_what_is_there(tmp_path: Path) -> None:
    (problem,) = problems_in(write_csv(tmp_path / "csv", {"年度数据": SHEETS["年度数据"]}))

    assert problem.code == "no-firm-sheet"
    assert "年度数据.csv" in problem.message


def test_workbook_without_firms_lists_its_sheets(tmp_path: Path) -> None:
    (problem,) = problems_in(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": [["x"]], "年度数据": SHEETS["年度数据"]}))

    assert problem.text == "“a.xlsx”中没有工作表“企业”，只有：Sheet1、年度数据。请把企业基本信息所在的工作表命名为“企业”。"


def test_other_sheets_are_named_but_not_those_of_the_template(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业 ": SHEETS["企业"], "投资": [["x"]], "填写说明": [["x"]]})

    assert [one.text for one in intake_of(path).notices] == ["工作表“投资”：该工作表未读取。只读取 企业、年度数据、月度数据、事项。"]


def test_two_sheets_of_one_name_are_a_problem(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": SHEETS["企业"], "企业 ": SHEETS["企业"]})

    assert [one.code for one in problems_in(path)] == ["repeated-sheet"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"),
        (b"hello, world\n", "文本文件"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"PK\x03\x04broken", "不能作为 Excel 文件打开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "不能作为 Excel 文件打开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_file_that_is_no_readable_workbook(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    error = error_of(path)

    assert error.code in {"not-excel", "password-protected"}
    assert words in error.message


def test_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", SHEETS)
    path.write_bytes(path.read_bytes()[:2000])

    assert error_of(path).code == "not-excel"


def test_stray_cell_at_the_end_of_the_sheet_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", SHEETS)
    _rewrite_sheet(path, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')

    error = error_of(path)

    assert error.code == "too-large"
    assert "XFD1048576" in error.message


def _rewrite_sheet(path: Path, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_cells_without_addresses_keep_their_places(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"企业": [[CODE, "企业名称", SHARE], [FIRM_A, "甲", Percent(0.03)]]})
    _rewrite_sheet(path, b'<c r="C2" ', b"<c ")
    _rewrite_sheet(path, b'<row r="2" ', b"<row ")

    assert intake_of(path).population.firms[SHARE].to_list() == [30_000]


def test_open_document_is_read_with_a_notice_about_what_cannot_be_seen(tmp_path: Path) -> None:
    def row_of(row: Sequence[str]) -> str:
        cells = (f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row)
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    cells = "".join(map(row_of, SHEETS["企业"]))
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="企业">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr("content.xml", content)

    intake = intake_of(path)

    assert intake.population.codes == [FIRM_A, FIRM_B]
    assert [one.code for one in intake.notices] == ["blind-format"]


@pytest.mark.parametrize(("name", "code"), [("a.pdf", "unknown-format"), ("企业.csv", "single-table"), ("企业.parquet", "single-table")])
def test_other_formats_are_refused(tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / name).write_bytes(b"x")

    assert error_of(tmp_path / name).code == code


def test_missing_file(tmp_path: Path) -> None:
    assert error_of(tmp_path / "a.xlsx").code == "no-such-file"


def write_parquet(folder: Path, **sheets: dict[str, Any]) -> Path:
    folder.mkdir()
    for name, columns in sheets.items():
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    return folder


def test_parquet_of_other_systems_is_read_in_the_catalogues_units(tmp_path: Path) -> None:
    firms = {
        CODE: [FIRM_A, FIRM_B],
        SHARE: [3.0, None],
        "成立日期": [datetime(2020, 1, 2, 3), None],  # noqa: DTZ001 - a time stamp without zone
        "自主品牌": pl.Series([1, 0], dtype=pl.Int8),
        "登记状态": pl.Series(["存续", "注销"], dtype=pl.Categorical),
        "国民经济行业代码": ["0111", "C3011"],
    }
    years = {
        CODE: [FIRM_A, FIRM_A],
        "年度": pl.Series([2023, 2022], dtype=pl.Int16),
        "营业收入": [0.1, float("nan")],
        "研发费用": pl.Series([Decimal("12.50"), None], dtype=pl.Decimal(12, 2)),
        "净利润": pl.Series([0.1, -2.5], dtype=pl.Float32),
        "从业人员": [12.0, 13.0],
    }

    intake = intake_of(write_parquet(tmp_path / "pq", 企业=firms, 年度数据=years))

    assert intake.population.firms.select(SHARE, "成立日期", "自主品牌", "登记状态", "国民经济行业代码").rows() == [
        (30_000, date(2020, 1, 2), True, "存续", "0111"),
        (None, None, False, "注销", "3011"),
    ]
    assert intake.population.years.select("年度", "营业收入", "研发费用", "净利润", "从业人员").rows() == [
        (2023, 100_000, 12_500_000, 100_000, 12),
        (2022, None, None, -2_500_000, 13),
    ]
    assert places(intake.notices) == [("not-a-number", "年度数据", None, "C")]


def test_parquet_problems_count_the_header_as_first_row(tmp_path: Path) -> None:
    folder = write_parquet(
        tmp_path / "pq",
        企业={CODE: [FIRM_A, FIRM_B], SHARE: [3.0, 0.03]},
        年度数据={CODE: [FIRM_A], "年度": [2023], "营业收入": [float("inf")]},
    )

    assert places(problems_in(folder)) == [("ambiguous-ratio", "企业", 3, "B"), ("not-a-number", "年度数据", 2, "C")]


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.Decimal(18, 0)])
def test_parquet_codes_as_numbers_are_refused(tmp_path: Path, dtype: Any) -> None:
    folder = write_parquet(tmp_path / "pq", 企业={CODE: pl.Series([914201140000000001]).cast(dtype)})

    assert places(problems_in(folder)) == [("code-as-number", "企业", 2, "A")]


def test_file_that_is_no_parquet(tmp_path: Path) -> None:
    (tmp_path / "企业.parquet").write_bytes(b"PAR1xxxx")

    assert error_of(tmp_path).code == "not-parquet"


def test_the_same_sheet_twice_in_a_folder_is_a_problem(tmp_path: Path) -> None:
    folder = write_parquet(tmp_path / "pq", 企业={CODE: [FIRM_A]})
    write_csv(folder, {"企业": [[CODE], [FIRM_A]]})

    assert [one.code for one in problems_in(folder)] == ["repeated-file"]


def write_json(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def test_json_of_the_contract(tmp_path: Path) -> None:
    firm = {
        CODE: FIRM_A,
        "企业名称": "甲",
        "自主品牌": True,
        SHARE: "3%",
        "年度数据": [{"年度": 2023, "营业收入": 5000, "研发费用": 0.1}, {"年度": 2022, "营业收入（元）": 1234.56}],
        "月度数据": [{"月份": "2024-03", "用电量": 5}],
        "事项": [{"事项类型": "技术合同", "合同类型": "技术开发", "成交额": 1200, "登记日期": "2023-05-04"}],
    }

    found = problems_in(write_json(tmp_path / "a.json", {"firms": [firm]}))
    firm["年度数据"][1] = {"年度": 2022, "营业收入": 0.123456}
    intake = intake_of(write_json(tmp_path / "a.json", {"firms": [firm, {CODE: FIRM_B, "事项": []}]}))

    assert [one.message for one in found] == ["与“营业收入”是同一指标的两种写法，无法确定以哪个为准。"]
    assert intake.population.codes == [FIRM_A, FIRM_B]
    assert intake.population.firms.select("自主品牌", SHARE).row(0) == (True, 30_000)
    assert intake.population.years.select(CODE, "年度", "营业收入", "研发费用").rows() == [
        (FIRM_A, 2023, 5_000_000_000, 100_000),
        (FIRM_A, 2022, 123_456, None),
    ]
    assert intake.population.months["月份"].to_list() == [date(2024, 3, 1)]
    assert intake.population.events["技术合同"]["成交额"].to_list() == [1_200_000_000]
    assert intake.notices == []


def test_json_problems_name_the_path(tmp_path: Path) -> None:
    firms = [
        {CODE: FIRM_A, "年度数据": [{"年度": 2023, "营业收入": 1}, {"年度": 2022, "营业收入": "abc"}]},
        {CODE: 914201140000000000, "年度数据": [{"年度": 2023, "营业收入": 1}]},
    ]

    assert [one.text for one in problems_in(write_json(tmp_path / "a.json", {"firms": firms}))] == [
        f"文件“a.json” firms[1] “{CODE}”：统一社会信用代码被存成了数字（914201140000000000），末几位可能已丢失。请把该列格式设为“文本”，再从原始材料重新填写完整的 18 位代码。",
        "文件“a.json” firms[0].年度数据[1] “营业收入”：“abc”不是数字。请只填写数字，单位写在列标题的括号里；未知请留空。",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"firms": [', "第 1 行第 12 列"),
        ('{"firms": [{"年度数据": [{"营业收入": NaN}]}]}', "NaN"),
        ("[]", "没有企业列表"),
        ('{"firms": {}}', "没有企业列表"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_json_that_cannot_be_read(tmp_path: Path, content: str, words: str) -> None:
    error = error_of(write_json(tmp_path / "a.json", content))

    assert error.code == "bad-json"
    assert words in error.message


@pytest.mark.parametrize(
    ("firms", "code"),
    [
        ('[{"统一社会信用代码": "%s", "企业名称": "甲", "企业名称": "乙"}]', "repeated-title"),
        ('[{"统一社会信用代码": "%s", "企业名称": ["甲"]}]', "bad-json"),
        ('[{"统一社会信用代码": "%s", "年度数据": {"年度": 2023}}]', "bad-json"),
        ('[{"统一社会信用代码": "%s", "事项": ["x"]}]', "bad-json"),
        ('[{"统一社会信用代码": "%s", "年度数据": [{"统一社会信用代码": "x", "年度": 2023}]}]', "bad-json"),
        ('[{"统一社会信用代码": "%s"}, 3]', "bad-json"),
        ('[{"统一社会信用代码": "%s"}, {"企业名称": "乙"}]', "no-code"),
    ],
)
def test_json_of_the_wrong_shape_is_a_problem(tmp_path: Path, firms: str, code: str) -> None:
    found = problems_in(write_json(tmp_path / "a.json", f'{{"firms": {firms % FIRM_A}}}'))

    assert [one.code for one in found] == [code]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[float] = []

    read_population(write_xlsx(tmp_path / "a.xlsx", SHEETS), progress=lambda _label, share: told.append(share))

    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
