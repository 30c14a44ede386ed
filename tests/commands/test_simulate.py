"""``tidu simulate``: cost, winners and losers as JSON, report and table."""

from __future__ import annotations

from pathlib import Path

import pytest
import python_calamine

from tests.commands.workbooks import DATES, GOOD, POOR, read_json, run
from tests.kernel.test_simulate import document_of
from tidu.kernel.reading import load_packs

PLACE = {"name": "甲精密机械有限公司", "subdistrict": "奓山街道", "industry": "工业", "chain": "装备制造"}


@pytest.fixture
def change(tmp_path: Path) -> Path:
    """C2 matched by half, and 规模以上工业企业 from 4,000 万元 on."""
    award = document_of("caidian/awards.yaml", "award: C2").replace("match: 100%", "match: 50%")
    standard = document_of("national/above_scale.yaml", "standard: 规模以上工业企业").replace("2000万元", "3800万元")
    path = tmp_path / "change.yaml"
    path.write_text(f"{award}\n---\n{standard}\n", encoding="utf-8")
    return path


def test_json_tells_cost_losers_and_where(capsys: pytest.CaptureFixture[str], workbook: Path, change: Path, tmp_path: Path) -> None:
    ran = run(capsys, "simulate", workbook, "--change", change, *DATES, "--out", tmp_path / "out.json")

    document = read_json(tmp_path / "out.json")
    awards = document["awards"]
    assert ran.status == 0
    assert [(one["kind"], one["name"], one["title"], one["what"], one["path"]) for one in document["changes"]] == [
        ("award", "C2", "首次进规配套", "replaced", "change.yaml"),
        ("standard", "规模以上工业企业", "", "replaced", "change.yaml"),
    ]
    assert document["packs"]["before"] == dict(load_packs().digests)
    assert awards["cost"] == {"before": 200000, "after": 100000, "change": -100000}
    assert awards["totals"][0] == {"payer": "区级", "before": 200000, "after": 100000, "change": -100000}
    assert (awards["winners"], awards["losers"]) == (0, 1)
    assert awards["firms"] == [{"firm": GOOD, **PLACE, "before": 200000, "after": 100000, "change": -100000}]
    assert awards["by_subdistrict"] == [{"name": "奓山街道", "change": -100000, "winners": 0, "losers": 1}]
    assert awards["by_industry"] == [{"name": "工业", "change": -100000, "winners": 0, "losers": 1}]
    (item,) = awards["items"]
    assert (item["award"], item["before"]["amount"], item["after"]["amount"]) == ("C2", 200000, 100000)


def test_json_tells_whose_verdict_changes(capsys: pytest.CaptureFixture[str], workbook: Path, change: Path) -> None:
    document = run(capsys, "simulate", workbook, "--change", change, *DATES, "--json").document

    (standard,) = document["standards"]
    assert (standard["standard"], standard["gained"], standard["lost"]) == ("规模以上工业企业", 0, 1)
    assert (standard["before"]["counts"], standard["after"]["counts"]) == ({"met": 3}, {"met": 2, "unmet": 1})
    (moved,) = standard["moved"]
    assert (moved["name"], moved["before"], moved["after"], moved["effect"]) == ("丙电子有限公司", "met", "unmet", "lost")
    assert standard["by_subdistrict"] == [{"name": "奓山街道", "gained": 0, "lost": 1}]


def test_report_holds_the_lists(capsys: pytest.CaptureFixture[str], workbook: Path, change: Path, tmp_path: Path) -> None:
    assert run(capsys, "simulate", workbook, "--change", change, *DATES, "--out", tmp_path / "out.xlsx").status == 0

    book = python_calamine.load_workbook(tmp_path / "out.xlsx")
    assert book.sheet_names == ["汇总", "标准结论变化", "企业金额变化", "事项变化"]
    row = book.get_sheet_by_name("企业金额变化").to_python()[4]
    assert row == [1, GOOD, "甲精密机械有限公司", "奓山街道", "工业", "装备制造", 200000, 100000, -100000]
    assert book.get_sheet_by_name("标准结论变化").to_python()[4][6:10] == ["规模以上工业企业", "不再符合", "符合", "不符合"]


def test_table_sums_up(capsys: pytest.CaptureFixture[str], workbook: Path, change: Path) -> None:
    ran = run(capsys, "simulate", workbook, "--change", change, *DATES)

    lines = ran.out.splitlines()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    assert "规模以上工业企业（2011口径 → 2011口径）：新符合 0 家，不再符合 1 家" in lines
    assert "奖补资金：0 家增加，1 家减少" in lines
    assert ["合计", "200,000.00", "100,000.00", "-100,000.00"] in cells


def test_ruling_alone_is_a_change(capsys: pytest.CaptureFixture[str], workbook: Path) -> None:
    document = run(capsys, "simulate", workbook, "--ruling", "R4=核定年", *DATES, "--json").document

    assert document["changes"] == [
        {"kind": "ruling", "name": "R4", "version": "核定年", "title": "", "what": "chosen", "path": "", "line": 0}
    ]
    assert (document["standards"], document["awards"]["cost"]["change"]) == ([], 0)


def test_faulty_change_is_refused_with_its_line(capsys: pytest.CaptureFixture[str], workbook: Path, change: Path) -> None:
    change.write_text(change.read_text(encoding="utf-8").replace("payer: 区级", "payer: 省级"), encoding="utf-8")

    ran = run(capsys, "simulate", workbook, "--change", change, *DATES)

    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("change.yaml:")
    assert "省级" in ran.err


def test_unchanged_file_is_said(capsys: pytest.CaptureFixture[str], workbook: Path, change: Path) -> None:
    change.write_text(document_of("caidian/awards.yaml", "award: C2") + "\n", encoding="utf-8")

    ran = run(capsys, "simulate", workbook, "--change", change, *DATES)

    assert (ran.status, ran.out, ran.err) == (1, "", "修改文件与现行规则一字不差，没有可比较的。请核对要修改的内容。\n")


def test_missing_change_is_faulty_input(capsys: pytest.CaptureFixture[str], workbook: Path, tmp_path: Path) -> None:
    ran = run(capsys, "simulate", workbook, "--change", tmp_path / "none.yaml", *DATES)

    assert (ran.status, ran.err) == (1, f"找不到规则文件“{tmp_path / 'none.yaml'}”。请核对路径。\n")


def test_poor_firm_is_not_named_where_nothing_changes_for_it(capsys: pytest.CaptureFixture[str], workbook: Path, change: Path) -> None:
    assert POOR not in run(capsys, "simulate", workbook, "--change", change, *DATES, "--json").out
