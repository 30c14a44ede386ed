"""``tidu way-up``: the document, and the table for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.workbooks import DATES, GOOD, INNOVATIVE, POOR, run


def test_json_holds_the_steps(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "way-up", workbook, "--firm", POOR, "--standard", INNOVATIVE, *DATES, "--json")

    document = ran.document
    steps = [(step["fact"], step["period"], step["from"], step["to"], step["unit"]) for step in document["steps"]]
    assert (ran.status, document["firm"], document["standard"], document["status"]) == (0, POOR, INNOVATIVE, "reachable")
    assert steps == [("自主研发Ⅰ类知识产权数", "", 0, 1, "项"), ("研发费用", "2023年度", 25, 50, "万元")]
    assert document["score"]["after"]["low"] == 70


def test_table_tells_each_step_and_what_for(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "way-up", workbook, "--firm", POOR, "--standard", INNOVATIVE, *DATES)

    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in ran.out.splitlines() if line.startswith("│")]
    assert ran.out.startswith("乙五金有限公司达到“创新型中小企业”（2022版）的最省力办法共 2 步")
    assert [row[:4] for row in cells if row[0]] == [
        ["1", "自主研发Ⅰ类知识产权数", "0 项", "1 项"],
        ["2", "研发费用（2023年度）", "25 万元", "50 万元"],
    ]


def test_firm_that_meets_it_needs_nothing(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "way-up", workbook, "--firm", GOOD, "--standard", INNOVATIVE, *DATES)

    assert ran.out.splitlines()[0] == "甲精密机械有限公司已经达到“创新型中小企业”（2022版），不需要改进。"


def test_classification_has_no_way_up(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "way-up", workbook, "--firm", POOR, "--standard", "中小企业划型", *DATES)

    assert (ran.status, ran.out, ran.err) == (1, "", "“中小企业划型”是划型标准，没有可以达到的条件。请换一个标准。\n")
