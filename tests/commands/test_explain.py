"""``tidu explain``: each leaf with fact, value, period, source, bound, answer and clause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.workbooks import DATES, GOOD, INNOVATIVE, OPEN, POOR, read_json, run

SIZE = "中小企业划型"


def leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["kind"] == "leaf":
        yield node
    for part in node.get("parts", ()):
        yield from leaves(part)


def explained(capsys: pytest.CaptureFixture[str], workbook: Path, firm: str, *more: object) -> Any:
    ran = run(capsys, "explain", workbook, "--firm", firm, *DATES, *more, "--json")

    assert (ran.status, ran.err) == (0, "")
    return ran.document


def test_document_is_the_assessment_with_a_trace(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    document = explained(capsys, workbook, POOR)
    run(capsys, "assess", workbook, *DATES, "--out", tmp_path / "all.json")

    whole = read_json(tmp_path / "all.json")
    own = [result for result in whole["results"] if result["firm"] == POOR]
    assert [{key: value for key, value in result.items() if key != "trace"} for result in document["results"]] == own
    assert {key: document[key] for key in ("law_date", "facts_as_of", "application", "packs")} == {
        key: value for key, value in whole.items() if key != "results"
    }
    assert (document["firm"], document["name"]) == (POOR, "乙五金有限公司")


def test_leaf_tells_its_ground(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    trace = explained(capsys, workbook, OPEN, "--standard", INNOVATIVE)["results"][0]["trace"]

    by_text = {leaf["text"]: leaf for leaf in leaves(trace)}
    assert by_text["研发费用占比 ≥ 2%"] == {
        "kind": "leaf", "id": "", "clause": "附件1 二（一）2", "text": "研发费用占比 ≥ 2%", "answer": "符合", "value": 2, "bound": 2, "gap": None, "unit": "%",
        "facts": [
            {"fact": "研发费用", "value": 100, "unit": "万元", "period": "2023年度", "source": "审计报告"},
            {"fact": "营业收入", "value": 5000, "unit": "万元", "period": "2023年度", "source": "税务"},
        ],
    }  # fmt: skip
    assert (by_text["资产负债率 ≤ 55%"]["answer"], by_text["资产负债率 ≤ 55%"]["value"]) == ("待补充", None)


def test_parts_of_a_classification_are_named(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    result = explained(capsys, workbook, GOOD, "--standard", SIZE)["results"][0]

    assert result["value"] == "小型"
    assert [(part["text"].split("：")[0], part["answer"]) for part in result["trace"]["parts"]] == [
        ("大型", "不符合"), ("中型", "不符合"), ("小型", "符合"),
    ]  # fmt: skip


def test_tree_says_answer_figures_ground_and_clause_in_one_line(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "explain", workbook, "--firm", POOR, *DATES, "--standard", INNOVATIVE)

    lines = [line.lstrip("│├└─ ") for line in ran.out.splitlines()]
    assert ran.status == 0
    assert lines[0] == f"乙五金有限公司　{POOR}"
    assert lines[3] == "创新型中小企业（2022版）　✘ 不符合　得分 55 / 60　依据 工信部企业〔2022〕63号 附件1，已核实"
    assert "✔ 符合　[T3] 未列入经营异常名录：实际 否，要求 否　〔第三条〕（截至2024-06-01，来源 市场监管）" in lines
    assert "✘ 不符合　[INS1] 创新能力达到 20 分：5 分（满分 40 分）　〔附件1 一〕" in lines
    assert "[IN2] 上年度研发费用占营业收入的比重：0 分（满分 20 分）　〔附件1 二（一）2〕" in lines


def test_tree_of_a_classification_shows_only_the_firms_own_industry(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "explain", workbook, "--firm", GOOD, *DATES, "--standard", SIZE)

    assert [line.split("[")[1].split("]")[0] for line in ran.out.splitlines() if "[HX" in line] == ["HX2"] * 3


def test_tree_names_the_decisive_facts(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "explain", workbook, "--firm", OPEN, *DATES, "--standard", INNOVATIVE)

    assert ran.out.splitlines()[-1].strip() == "会改变结论的缺项：负债总额"
