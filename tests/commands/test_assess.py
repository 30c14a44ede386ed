"""``tidu assess``: the JSON of the contract, the same results as Parquet and as a report, and nothing half written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import python_calamine

from tests.commands.workbooks import DATES, GOOD, INNOVATIVE, OPEN, POOR, read_json, run
from tidu.kernel.reading import load_packs

SIZE = "中小企业划型"
TWO = ("--standard", INNOVATIVE, "--standard", SIZE)
HEAD = {"name": "甲精密机械有限公司", "version": "2022版", "rule_set": "工信部企业〔2022〕63号 附件1", "confidence": "confirmed"}


def interval(low: int, high: int) -> dict[str, int]:
    return {"low": low, "high": high}


def alternative(identity: str, part: str, text: str, actual: Any, needed: Any, gap: Any, unit: str) -> dict[str, Any]:
    figures = {"actual": actual, "needed": needed, "gap": gap, "unit": unit}
    return {
        "id": identity,
        "clause": f"附件1 一{part}",
        "text": text,
        **figures,
        "criterion": "IN0",
        "kind": "criterion",
        "alternative": True,
    }


@pytest.fixture
def document(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> Any:
    ran = run(capsys, "assess", workbook, *DATES, *TWO, "--out", tmp_path / "out.json")

    assert (ran.status, ran.out, ran.err) == (0, "", f"已写出 {tmp_path / 'out.json'}：3 家企业，2 项标准。\n")
    return read_json(tmp_path / "out.json")


def test_head_says_dates_and_digests(document: Any) -> None:
    head = {key: value for key, value in document.items() if key != "results"}

    assert head == {"law_date": "2024-06-01", "facts_as_of": "2024-06-01", "application": "new", "packs": dict(load_packs().digests)}
    assert head["packs"]["national"].startswith("sha256:")


def test_results_come_firm_by_firm_and_standard_by_standard(document: Any) -> None:
    order = [(result["firm"], result["standard"]) for result in document["results"]]

    assert order == [(firm, standard) for firm in (GOOD, POOR, OPEN) for standard in (INNOVATIVE, SIZE)]


def test_result_that_is_met(document: Any) -> None:
    groups = {"创新能力": interval(35, 35), "成长性": interval(25, 25), "专业化": interval(30, 30)}

    assert document["results"][0] == {
        "firm": GOOD, "standard": INNOVATIVE, **HEAD, "verdict": "met", "score": {**interval(90, 90), "pass": 60, "groups": groups},
        "unmet": [], "missing": [], "manual": [], "rulings": [], "prerequisites": [],
    }  # fmt: skip


def test_classification_has_a_value_in_place_of_a_verdict(document: Any) -> None:
    assert document["results"][1] == {
        "firm": GOOD, "name": HEAD["name"], "standard": SIZE, "version": "2011版", "rule_set": "工信部联企业〔2011〕300号 第四条",
        "confidence": "one-source", "value": "小型", "score": None, "unmet": [], "missing": [], "manual": [], "rulings": [], "prerequisites": [],
    }  # fmt: skip


def test_unmet_result_tells_each_gap_in_its_unit(document: Any) -> None:
    result = document["results"][2]
    criteria = [entry for entry in result["unmet"] if entry["kind"] == "criterion"]

    assert (result["verdict"], result["missing"]) == ("unmet", [])
    assert criteria[:2] == [
        alternative("INS0", "", "总分达到 60 分", 55, 60, 5, "分"),
        alternative("INS1", "", "创新能力达到 20 分", 5, 20, 15, "分"),
    ]
    assert criteria[-1] == alternative("INDd", " 直接条件4", "近三年新增股权融资（合格机构投资者实缴）达到 500 万元", 0, 500, 500, "万元")
    assert [(entry["id"], entry["points"], entry["next_points"], entry["gap"]) for entry in result["unmet"] if entry["kind"] == "item"] == [
        ("IN1", 5, 10, 1),
        ("IN2", 0, 5, 0.5),
        ("IN3", 15, 20, 3.888889),
        ("IN5", 5, 10, None),
    ]


def test_unknown_result_names_only_the_decisive_fact(document: Any) -> None:
    result = document["results"][4]

    assert (result["verdict"], result["missing"], result["unmet"]) == ("unknown", ["负债总额"], [])
    assert result["score"] == {
        **interval(60, 70), "pass": 60, "groups": {"创新能力": interval(25, 25), "成长性": interval(5, 15), "专业化": interval(30, 30)}
    }  # fmt: skip


def test_parquet_holds_the_same_results(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path, document: Any) -> None:
    assert run(capsys, "assess", workbook, *DATES, *TWO, "--out", tmp_path / "out.parquet").status == 0

    found = pq.read_table(tmp_path / "out.parquet")
    rows = found.to_pylist()
    assert json.loads(found.schema.metadata[b"tidu"]) == {key: value for key, value in document.items() if key != "results"}
    for row, result in zip(rows, document["results"], strict=True):
        same = ("firm", "name", "standard", "version", "rule_set", "confidence", "missing", "manual", "rulings")
        assert [row[key] for key in same] == [result[key] for key in same]
        assert (row["verdict"], row["value"]) == (result.get("verdict"), result.get("value"))
        score = result["score"] or {"low": None, "high": None, "pass": None, "groups": {}}
        assert (row["score_low"], row["score_high"], row["score_pass"]) == (score["low"], score["high"], score["pass"])
        assert {one["group"]: interval(one["low"], one["high"]) for one in row["groups"]} == score["groups"]
        gaps = [(entry["id"], json.loads(entry["actual"]), json.loads(entry["needed"]), entry["gap"]) for entry in row["unmet"]]
        assert gaps == [(entry["id"], entry["actual"], entry["needed"], entry["gap"]) for entry in result["unmet"]]


def test_report_is_a_workbook_with_a_summary(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    assert run(capsys, "assess", workbook, *DATES, *TWO, "--out", tmp_path / "out.xlsx").status == 0

    assert python_calamine.load_workbook(tmp_path / "out.xlsx").sheet_names[0] == "汇总"


def test_without_a_file_a_table_tells_each_firm(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "assess", workbook, *DATES, "--standard", INNOVATIVE)

    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in ran.out.splitlines() if line.startswith("│")]
    assert ran.status == 0
    assert cells[0] == [INNOVATIVE, "1", "1", "1", "0", "2", "工信部企业〔2022〕63号 附件1", "已核实"]
    assert [row[:5] for row in cells[1:] if row[1]] == [
        ["甲精密机械有限公司", INNOVATIVE, "✔ 符合", "90 / 60", "—"],
        ["乙五金有限公司", INNOVATIVE, "✘ 不符合", "55 / 60", "以下满足其一（同组的须都满足）："],
        ["丙电子有限公司", INNOVATIVE, "？ 待补充数据", "60～70 / 60", "待补充：负债总额"],
    ]


def test_a_review_is_judged_by_the_texts_for_reviews(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    arguments = ["assess", workbook, "--law-date", "2026-06-01", "--facts-as-of", "2024-06-01", "--standard", "专精特新小巨人"]

    for application in ("new", "review"):
        assert run(capsys, *arguments, "--application", application, "--out", tmp_path / f"{application}.json").status == 0

    versions = {name: {result["version"] for result in read_json(tmp_path / f"{name}.json")["results"]} for name in ("new", "review")}
    assert versions == {"new": {"2026版"}, "review": {"2022版（2026年度复核）"}}


def test_remarks_of_reading_go_to_standard_error(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    text = workbook.read_text(encoding="utf-8").replace('"所属街道"', '"街道名"', 1)
    workbook.write_text(text, encoding="utf-8")

    ran = run(capsys, "assess", workbook, *DATES, "--standard", INNOVATIVE)

    assert ran.status == 0
    assert [line.startswith("提醒：") and "街道名" in line for line in ran.err.splitlines()] == [True]


def test_remarks_are_marked_on_a_copy(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    workbook.write_text(workbook.read_text(encoding="utf-8").replace("5000", '"很多"', 1), encoding="utf-8")

    ran = run(capsys, "assess", workbook, *DATES, "--remarks", tmp_path / "copy.xlsx", "--out", tmp_path / "out.json")

    assert ran.status == 1
    assert (tmp_path / "copy.xlsx").exists()
    assert not (tmp_path / "out.json").exists()
    assert f"已写出 {tmp_path / 'copy.xlsx'}：问题已逐格标出。" in ran.err.splitlines()


@pytest.mark.parametrize("ending", ["json", "xlsx", "parquet"])
def test_a_failing_run_leaves_the_old_file_as_it_was(
    capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"out.{ending}"
    out.write_text("old", encoding="utf-8")
    workbook.write_text(workbook.read_text(encoding="utf-8").replace("5000", '"很多"', 1), encoding="utf-8")

    assert run(capsys, "assess", workbook, *DATES, "--out", out).status == 1

    assert out.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["firms.json", out.name]


@pytest.mark.parametrize("ending", ["json", "xlsx", "parquet"])
def test_a_folder_that_is_missing_is_faulty_input(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path, ending: str) -> None:
    ran = run(capsys, "assess", workbook, *DATES, "--out", tmp_path / "no" / f"out.{ending}")

    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"文件夹“{tmp_path / 'no'}”不存在，无法写入“out.{ending}”。请先建立该文件夹。\n"
