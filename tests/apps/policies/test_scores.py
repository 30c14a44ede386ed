"""Score tables in words: each bracket with its whole range."""

from __future__ import annotations

import pytest

from tidu.apps.policies.domain import standard_page
from tidu.apps.policies.domain.scores import Item
from tidu.kernel.packs import PackSet


def item(packs: PackSet, name: str, version: str, wanted: str) -> Item:
    scores = standard_page(packs, name, version).scores
    assert scores is not None
    return next(one for one in scores.items() if one.id == wanted)


@pytest.mark.parametrize(
    ("standard", "version", "wanted", "rows"),
    [
        (
            "专精特新中小企业", "2022版", "S8",
            [("不高于 50%", "5 分"), ("高于 50%，不高于 60%", "3 分"), ("高于 60%，不高于 70%", "1 分"), ("高于 70%", "0 分")],
        ),
        (
            "专精特新中小企业", "2022版", "S12",
            [("不低于 20%", "5 分"), ("不低于 10%，低于 20%", "3 分"), ("不低于 5%，低于 10%", "1 分"), ("低于 5%", "0 分")],
        ),
        (
            "高新技术企业", "2016版", "GH4",
            [
                ("不低于 35%", "9 至 10 分"), ("不低于 25%，低于 35%", "7 至 8 分"), ("不低于 15%，低于 25%", "5 至 6 分"),
                ("不低于 5%，低于 15%", "3 至 4 分"), ("超过 0%，低于 5%", "1 至 2 分"), ("不高于 0%", "0 分"),
            ],
        ),
        ("专精特新中小企业", "2022版", "S5", [("数字化水平 ≥ 三级", "5 分"), ("数字化水平 ≥ 二级", "3 分"), ("其余情形", "0 分")]),
        ("专精特新中小企业", "2022版", "S9", [("地方特色化得分是多少就计多少", "0 至 15 分")]),
        ("高新技术企业", "2016版", "GH2", [("近三年年均转化成果数与转化效果，由专家打分", "0 至 30 分")]),
    ],
)  # fmt: skip
def test_brackets(standard: str, version: str, wanted: str, rows: list[tuple[str, str]], packs: PackSet) -> None:
    (table,) = item(packs, standard, version, wanted).tables
    assert [(row.range, row.points) for row in table.brackets] == rows


def test_several_tables_say_how_they_join(packs: PackSet) -> None:
    best = item(packs, "专精特新中小企业", "2022版", "S11")
    assert (best.text, [table.text for table in best.tables]) == (
        "几张表分别给分，取最高",
        ["按研发费用分档给分", "按研发费用占比分档给分"],
    )
    added = item(packs, "高新技术企业", "2016版", "GH1")
    assert (added.text, len(added.tables), added.most) == ("各部分得分相加，合计至多 30 分", 5, 30)
    counted = item(packs, "专精特新中小企业", "2022版", "S6")
    assert (counted.text, counted.most) == ("每符合一项得 3 分，至多 5 分", 5)


def test_groups_carry_their_passing_mark(packs: PackSet) -> None:
    scores = standard_page(packs, "科技型中小企业", "2017版").scores
    assert scores is not None
    assert [(group.name, group.most, group.passing) for group in scores.groups] == [
        ("科技人员", 20, 1), ("研发投入", 50, None), ("科技成果", 30, None),
    ]  # fmt: skip
    assert (scores.most, scores.passing) == (100, 60)
