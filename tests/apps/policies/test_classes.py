"""The classification as a table, read back against the worked example of each bound."""

from __future__ import annotations

from tidu.apps.policies.domain import standard_page
from tidu.apps.policies.domain.classes import ClassTable
from tidu.kernel.packs import PackSet


def table(packs: PackSet) -> ClassTable:
    found = standard_page(packs, "中小企业划型", "2011版").classes
    assert found is not None
    return found


def test_the_rows_of_one_industry(packs: PackSet) -> None:
    rows = [row for row in table(packs).rows if row.industry == "工业"]
    assert [(row.figure, row.unit, [cell.range for cell in row.cells]) for row in rows] == [
        ("从业人员", "人", ["X ≥ 1,000", "300 ≤ X ＜ 1,000", "20 ≤ X ＜ 300", "X ＜ 20"]),
        ("营业收入", "万元", ["X ≥ 40,000", "2,000 ≤ X ＜ 40,000", "300 ≤ X ＜ 2,000", "X ＜ 300"]),
    ]
    assert rows[0].codes.startswith("B、C、D、06、07")


def test_all_sixteen_industries_with_their_classes(packs: PackSet) -> None:
    found = table(packs)
    assert found.classes == ("大型", "中型", "小型", "微型")
    assert len({row.industry for row in found.rows}) == 16
    assert [row.industry for row in found.rows if not row.codes] == []
    assert found.text == "同一类的各项下限须同时达到，缺一项即下划一档；达不到小型的为微型。下限本身属于较高的一类。"
