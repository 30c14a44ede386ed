"""``tidu settle``: the JSON of the contract, rulings by option, Parquet with exact money, and the table."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import python_calamine

from tests.commands.workbooks import GOOD, LAW, read_json, run

DAYS = (*LAW, "--as-of", "2024-06-01")


def settled(capsys: pytest.CaptureFixture[str], workbook: Path, *more: object) -> Any:
    out = workbook.parent / "settled.json"
    assert run(capsys, "settle", workbook, *DAYS, *more, "--out", out).status == 0
    return read_json(out)


def test_result_has_the_keys_of_the_contract(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    document = settled(capsys, workbook)

    first, second = document["results"]
    assert {key: first[key] for key in ("firm", "award", "clause", "item", "amount", "unit", "payer", "computed", "state", "missing", "rulings")} == {
        "firm": GOOD, "award": "C2", "clause": "二（一）3", "item": "首次进规 2023-03-01", "amount": 200000, "unit": "元", "payer": "区级",
        "computed": 200000, "state": "granted", "missing": [], "rulings": [],
    }  # fmt: skip
    assert first["municipal_base"] == 200000
    assert (second["award"], second["amount"], second["computed"], second["state"]) == ("C6", 0, 1000000, "excluded")
    assert document["totals"] == {"区级": 200000, "市级": 0}


def test_ruling_given_is_the_one_in_force(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    document = settled(capsys, workbook, "--ruling", "R4=核定年", "--ruling", "R7＝事项日")

    chosen = {one["id"]: (one["choice"], one["by"]) for one in document["rulings"] if not one["default"]}
    assert chosen == {"R4": ("核定年", "本次指定"), "R7": ("事项日", "本次指定")}


def test_parquet_has_exact_amounts(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    document = settled(capsys, workbook)
    assert run(capsys, "settle", workbook, *DAYS, "--out", tmp_path / "out.parquet").status == 0

    found = pq.read_table(tmp_path / "out.parquet")
    about = {key: value for key, value in document.items() if key != "results"}
    assert [(row["award"], row["amount"], row["computed"], row["state"]) for row in found.to_pylist()] == [
        ("C2", Decimal("200000.00"), Decimal("200000.00"), "granted"),
        ("C6", Decimal("0.00"), Decimal("1000000.00"), "excluded"),
    ]
    assert json.loads(found.schema.metadata[b"tidu"]) == about


def test_report_is_a_workbook_with_a_summary(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    assert run(capsys, "settle", workbook, *DAYS, "--out", tmp_path / "out.xlsx").status == 0

    assert python_calamine.load_workbook(tmp_path / "out.xlsx").sheet_names[0] == "汇总"


def test_table_tells_payers_awards_and_items(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    ran = run(capsys, "settle", workbook, *DAYS)

    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in ran.out.splitlines() if line.startswith("│")]
    assert ran.status == 0
    assert cells[:4] == [
        ["区级", "200,000.00", "1"],
        ["市级", "0.00", "0"],
        ["C2 首次进规配套", "二（一）3", "200,000.00", "1", "0", "0", "0", "0", "0"],
        ["C6 质量奖奖励", "二（四）2", "0.00", "0", "0", "0", "1", "0", "0"],
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--ruling", "R99=a"], "没有编号为“R99”的口径。"),
        (["--ruling", "R4=明年"], "口径 R4 没有选项“明年”。"),
        (["--ruling", "R4=核定年", "--ruling", "R4=事项年"], "口径 R4 给了两个选项：核定年、事项年。请只留一个。"),
        (["--law-date", "2026-06-01"], "2026-06-01 没有现行的奖补政策。"),
    ],
    ids=["unknown ruling", "unknown choice", "two choices", "no policy in force"],
)
def test_what_cannot_be_settled_is_faulty_input(
    capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    ran = run(capsys, "settle", workbook, *DAYS, *arguments, "--out", tmp_path / "out.json")

    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert ran.err.startswith(sentence)
    assert not (tmp_path / "out.json").exists()
