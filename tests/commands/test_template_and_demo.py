"""``tidu template`` and ``tidu demo``: what they write is read back by ``tidu assess``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.workbooks import DATES, run
from tidu.demo import make_district
from tidu.exchange.intake import read_population


def test_template_is_an_empty_workbook_that_can_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run(capsys, "template", tmp_path / "空表.xlsx")

    assert (ran.status, ran.out) == (0, "")
    assert read_population(tmp_path / "空表.xlsx").population.codes == []


def test_assessing_the_empty_template_says_that_there_is_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run(capsys, "template", tmp_path / "空表.xlsx")

    ran = run(capsys, "assess", tmp_path / "空表.xlsx", *DATES)

    assert ran.status == 0
    assert ran.out.splitlines()[-1] == "没有可列出的结果：表里没有企业，或这一天没有现行标准。"


def test_demo_writes_the_district_and_its_summary(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run(capsys, "demo", "--out", tmp_path / "made" / "here", "--firms", "30", "--years", "2022-2023", "--seed", "5")

    path = tmp_path / "made" / "here" / "district.xlsx"
    made = make_district(30, (2022, 2023), 5)
    assert ran.status == 0
    assert ran.out.splitlines()[:2] == [
        "虚构示范区",
        (
            f"30 家企业，2022 至 2023 年共 {made.years.height} 条年度数据，{made.months.height} 条月度数据，"
            f"{sum(frame.height for frame in made.events.values())} 个事项。"
        ),
    ]
    assert ran.err.splitlines()[0] == f"已写出 {path}"
    assert read_population(path).population.firms.equals(made.firms)


def test_demo_where_a_file_stands_is_faulty_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")

    ran = run(capsys, "demo", "--out", tmp_path / "taken", "--firms", "3")

    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"无法建立文件夹“{tmp_path / 'taken'}”")
