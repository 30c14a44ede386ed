"""``tidu packs``: list, check with file and line, show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.workbooks import run
from tidu.kernel.reading import load_packs


def test_list_holds_every_standard_award_and_ruling(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "packs", "list", "--json")

    packs = load_packs()
    assert packs.book is not None
    document = ran.document
    assert [(one["name"], one["version"]) for one in document["standards"]] == [(one.name, one.version) for one in packs.standards]
    assert [one["id"] for one in document["awards"]] == [f"C{number}" for number in range(1, 10)]
    assert [one["id"] for one in document["rulings"]] == list(packs.book.rulings)
    innovative = next(one for one in document["standards"] if one["name"] == "创新型中小企业")
    assert innovative == {
        "name": "创新型中小企业", "version": "2022版", "from": "2022-08-01", "to": None, "in_force": "2022-08-01 起，长期", "confidence": "confirmed",
        "document": "工信部企业〔2022〕63号 附件1", "application": ["new", "review"],
    }  # fmt: skip


def test_list_as_tables_names_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "packs", "list")

    names = {line.split("│")[1].strip() for line in ran.out.splitlines() if line.startswith("│")}
    assert ran.status == 0
    assert names >= {*load_packs().names(), "C9", "R10"}


def test_check_of_the_shipped_packs_counts_them(capsys: pytest.CaptureFixture[str]) -> None:
    counts = {kind: len(sections) for kind, sections in load_packs().documents.items()}

    ran = run(capsys, "packs", "check")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        f"规则没有错误：标准 {counts['standard']} 份，政策 {counts['policy']} 份，奖补 {counts['award']} 份，"
        f"口径 {counts['ruling']} 份，市级基数 {counts['base']} 份。\n"
    )


def test_check_names_file_and_line_of_every_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "standard: 本区试点\nversion: 甲\nreference: {document: 试点}\napplication: [new]\nin_force: {from: 2024-01-01}\nconfidence: sure\n"
        "checked_on: 2026-11-23\nrequires: {id: A1, clause: 一, text: 试, that: 没有这项数据 >= 3人}\n",
        encoding="utf-8",
    )

    ran = run(capsys, "packs", "check", tmp_path)

    lines = ran.err.splitlines()
    assert (ran.status, ran.out) == (1, "")
    assert [line.split(" ", 1)[0] for line in lines] == ["own.yaml:6", "own.yaml:8"]
    assert "confidence" in lines[0]
    assert "没有这项数据" in lines[1]


def test_check_of_nothing_is_faulty_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ran = run(capsys, "packs", "check", tmp_path / "none.yaml")

    assert (ran.status, ran.out, ran.err) == (1, "", f"找不到规则“{tmp_path / 'none.yaml'}”。请核对路径。\n")


def test_show_of_a_standard_tells_text_criteria_and_score_table(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "packs", "show", "创新型中小企业", "--law-date", "2024-06-01")

    lines = ran.out.splitlines()
    assert ran.status == 0
    assert lines[:3] == [
        "创新型中小企业　2022版",
        "依据：工信部企业〔2022〕63号 附件1（已核实）",
        "有效期：2022-08-01 起，长期；用于首次申报、复核",
    ]
    assert "    ├── [T3] 未列入经营异常名录：列入经营异常名录 = 否　〔第三条〕" in lines
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    assert rows[2] == [
        "IN2", "创新能力", "上年度研发费用占营业收入的比重", "研发费用占比：≥ 5% → 20，≥ 3% → 15，≥ 2% → 10，≥ 1% → 5，其余 → 0", "附件1 二（一）2",
    ]  # fmt: skip


@pytest.mark.parametrize(("day", "version"), [("2026-03-31", "2022版"), ("2026-04-01", "2026版")])
def test_show_takes_the_text_of_the_day(capsys: pytest.CaptureFixture[str], day: str, version: str) -> None:
    ran = run(capsys, "packs", "show", "专精特新中小企业", "--law-date", day)

    assert ran.out.splitlines()[0] == f"专精特新中小企业　{version}"


@pytest.mark.parametrize("name", [*(f"C{number}" for number in range(1, 10)), *(f"R{number}" for number in range(1, 11))])
def test_show_of_awards_and_rulings_starts_with_its_name(capsys: pytest.CaptureFixture[str], name: str) -> None:
    ran = run(capsys, "packs", "show", name)

    assert ran.status == 0
    assert ran.out.startswith(f"{name}　")


@pytest.mark.parametrize("name", load_packs().names())
def test_show_of_every_standard_in_force_works(capsys: pytest.CaptureFixture[str], name: str) -> None:
    ran = run(capsys, "packs", "show", name, "--law-date", "2024-06-01")

    assert ran.status == 0
    assert ran.out.startswith(f"{name}　")


def test_show_of_an_unknown_name_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "packs", "show", "X1")

    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("没有名为“X1”的标准、奖补或口径。可用：")
