"""The form that goes up: texts stay texts, figures are numbers, nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
import python_calamine

from tests.exchange.formulas import formulas_in, links_in
from tidu.exchange.recommendation_form import Form, write_recommendation_form

FORM = Form(
    "2024年推荐汇总表（第1批）", "标准：某标准", ("序号", "企业名称", "上年度营业收入（万元）", "备注"),
    (("1", "=cmd|' /C calc'!A0", "1234.5", ""), ("2", "武汉某公司", "", "=1+1"), ("3", "@SUM(A1)", "-0.07", "http://example.com")),
    frozenset({0, 2}), ("推荐单位（盖章）：某局",),
)  # fmt: skip
ROWS = [
    ["序号", "企业名称", "上年度营业收入（万元）", "备注"],
    [1.0, "=cmd|' /C calc'!A0", 1234.5, ""],
    [2.0, "武汉某公司", "", "=1+1"],
    [3.0, "@SUM(A1)", -0.07, "http://example.com"],
]


def written() -> bytes:
    stream = BytesIO()
    write_recommendation_form(stream, FORM)
    return stream.getvalue()


def read(content: bytes) -> list[list[object]]:
    return python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_what_is_written_reads_back() -> None:
    rows = read(written())
    assert rows[0][0] == FORM.title
    assert rows[2:6] == ROWS
    assert rows[-1][0] == "推荐单位（盖章）：某局"


def test_no_cell_is_a_formula_or_a_link() -> None:
    content = written()
    assert (formulas_in(content), links_in(content)) == ([], [])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_values(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(written())
    command = [
        "soffice",
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "form.xlsx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "form.ods"))
    assert book.get_sheet_by_index(0).to_python()[2:6] == ROWS
