"""Two versions side by side: the comparisons that officials ask for, as read from both documents, and what holds of any two."""

from __future__ import annotations

from collections import Counter

import pytest

from tidu.apps.policies.domain import compare
from tidu.apps.policies.domain.compare_rows import rows_of
from tidu.apps.policies.domain.comparing import BoundChange, CompareRow, Comparison
from tidu.apps.policies.domain.standards import standard_page
from tidu.kernel.packs import PackSet
from tidu.kernel.reading import load_packs

PAIRS = [(one.name, one.version, other.version) for one in load_packs().standards for other in load_packs().versions(one.name)]


def ids(row: CompareRow) -> tuple[str, str]:
    return (row.a.id if row.a else "", row.b.id if row.b else "")


def changed(found: Comparison) -> dict[tuple[str, str], tuple[BoundChange, ...]]:
    return {ids(row): row.bounds for row in found.rows if row.state == "changed"}


def test_specialised_firms_2022_beside_2026(packs: PackSet) -> None:
    found = compare(packs, "专精特新中小企业", "2022版", "2026版")
    assert changed(found) == {
        ("ZTP1", "ZX1"): (),
        ("T6", "T6"): (),
        ("ZT1", "ZX2"): (BoundChange("从事特定细分市场年限", "≥ 2 年", "≥ 3 年"),),
        ("ZT2", "ZX6"): (BoundChange("研发费用（前1年）", "—", "≥ 100 万元"), BoundChange("研发费用占比（前1年）", "—", "≥ 3%")),
        ("ZT3", "ZX3"): (BoundChange("营业收入", "≥ 1,000 万元；＜ 1,000 万元", "≥ 1,500 万元"),),
        ("ZT4S", "ZX9"): (BoundChange("专精特新发展评价得分", "—", "≥ 50 分"),),
    }
    assert {ids(row)[1] for row in found.rows if row.state == "only-b"} == {"ZX4", "ZX5", "ZX7", "ZX8"}
    gone = {ids(row)[0] for row in found.rows if row.state == "only-a"}
    assert gone == {"ZT4", "D1", "D2", "D3", "D4", *(f"S{number}" for number in range(1, 14))}
    assert {row.name: (row.a, row.b) for row in found.head if not row.same and row.name != "说明"} == {
        "依据": ("工信部企业〔2022〕63号 附件2", "工信部企业〔2026〕2号 附件1"),
        "有效期": ("2022-08-01 至 2026-03-31", "2026-04-01 起长期有效"),
        "用于": ("首次申报、复核", "首次申报"),
        "评分表": ("满分 100 分，13 项", "没有评分表"),
        "最低分：总分": ("60 分", "—"),
    }


def test_little_giants_2022_beside_2026(packs: PackSet) -> None:
    found = compare(packs, "专精特新小巨人", "2022版", "2026版")
    assert changed(found) == {
        ("XJP1", "XR0"): (),
        ("T6", "T6"): (),
        ("XJR1b", "XR3"): (BoundChange("主营业务收入占比", "≥ 70%", "≥ 90%"),),
        ("XJR1c", "XR4"): (BoundChange("近2年主营业务收入平均增长率", "≥ 5%", "—"), BoundChange("近2年营业收入复合增长率", "—", "≥ 5%")),
        ("XJR2c", "XR5"): (BoundChange("资产负债率", "≤ 70%", "≤ 75%"),),
        ("XJR3a", "XR8"): (BoundChange("主导产品国内细分市场排名", "—", "≤ 3"),),
        ("XJR4c", "XR7"): (BoundChange("Ⅰ类知识产权数", "≥ 2 项", "≥ 4 项"),),
        ("XJR5", "XR9"): (),
    }
    assert [ids(row) for row in found.rows if row.state == "same"] == [
        ("XJP2", "XJP2"), ("T1", "T1"), ("T2", "T2"), ("T3", "T3"), ("T4", "T4"), ("T5", "T5"), ("XJR1a", "XR1"),
    ]  # fmt: skip
    assert [ids(row)[1] for row in found.rows if row.state == "only-b"] == ["XR2", "XR6", "XR10"]
    (row,) = [row for row in found.rows if ids(row) == ("XJP1", "XR0")]
    assert row.a is not None
    assert row.b is not None
    assert (row.a.place, row.b.place) == ("前置条件", "条件")


def test_review_beside_new_application(packs: PackSet) -> None:
    found = compare(packs, "专精特新中小企业", "2026版", "2026版复核")
    assert changed(found) == {
        ("ZX1", "ZX1"): (),
        ("ZX9", "ZX9"): (BoundChange("专精特新发展评价得分（前1年）", "—", "≥ 50 分"),),
    }


@pytest.mark.parametrize(("name", "a", "b"), PAIRS)
def test_every_row_of_both_texts_stands_exactly_once(name: str, a: str, b: str, packs: PackSet) -> None:
    found = compare(packs, name, a, b)
    for version, side in ((a, 0), (b, 1)):
        expected = Counter(row.id for row in rows_of(standard_page(packs, name, version)))
        assert Counter(ids(row)[side] for row in found.rows if ids(row)[side]) == expected
    assert sum(count.count for count in found.counts) == len(found.rows)


@pytest.mark.parametrize(("name", "a", "b"), [pair for pair in PAIRS if pair[1] == pair[2]])
def test_a_text_beside_itself_is_the_same_throughout(name: str, a: str, b: str, packs: PackSet) -> None:
    found = compare(packs, name, a, b)
    assert {row.state for row in found.rows} == {"same"}
    assert all(row.same for row in found.head)


@pytest.mark.parametrize(("name", "a", "b"), PAIRS)
def test_turned_round_the_same_rows_belong_together(name: str, a: str, b: str, packs: PackSet) -> None:
    there = {ids(row) for row in compare(packs, name, a, b).rows}
    back = {(other, one) for one, other in map(ids, compare(packs, name, b, a).rows)}
    assert there == back
