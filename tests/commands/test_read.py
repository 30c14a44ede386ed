"""``tidu read``: the JSON of the contract, a table for people, one sentence for what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.workbooks import run
from tests.documents.samples import FOLDER, labels_of
from tidu.documents.reading import without_places

PLAN = FOLDER / "district_plan.txt"


def test_json_is_the_contract_with_places(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "read", PLAN, "--json")

    assert (ran.status, ran.err) == (0, "")
    assert without_places(ran.document) == labels_of(PLAN)
    assert sorted(set(ran.document) - set(labels_of(PLAN))) == ["annexes", "body_text"]


def test_the_tables_name_clause_unit_target_and_award(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "read", PLAN)

    assert ran.status == 0
    assert "澄湖区推进制造业企业梯度培育三年行动计划（2025—2027年）" in ran.out
    assert "有效期至：2027-12-31" in ran.out
    for row in ("条款（12 条）", "量化目标（11 项）", "奖补（5 项）", "每个项目150万元"):
        assert row in ran.out


def test_a_document_without_clauses_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "便函.txt"
    path.write_text("关于召开座谈会的函\n请派人参加。\n", encoding="utf-8")
    ran = run(capsys, "read", path)

    assert ran.status == 0
    assert "没有认出条款" in ran.out


def test_what_cannot_be_read_is_one_sentence_and_status_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(b"")
    ran = run(capsys, "read", path)

    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "文件是空的，没有可读的内容。请核对是否选错了文件。\n"
