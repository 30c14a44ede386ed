"""What there is to read, and the filters."""

from __future__ import annotations

from datetime import date

import pytest

from tidu.apps.policies.domain import KINDS, library
from tidu.kernel.packs import PackSet

DAY = date(2026, 11, 23)


def test_everything_in_the_packs_is_listed_once(packs: PackSet) -> None:
    found = library(packs, DAY)
    assert packs.book is not None
    keys = [(entry.kind, entry.key) for entry in found.entries]
    expected = (
        len(packs.names()) + 1 + len(packs.book.awards) + len(packs.book.bases) + len(packs.book.rulings)
        + len(packs.scope.indicators) + len(packs.mappings)
    )  # fmt: skip
    assert (len(keys), len(set(keys)), found.total) == (expected, expected, expected)
    assert {entry.kind for entry in found.entries} == set(KINDS)
    assert sum(len(entry.versions) for entry in found.of_kind("standard")) == len(packs.standards) - 1


def test_the_ladder_comes_first_in_its_order(packs: PackSet) -> None:
    names = [entry.key for entry in library(packs, DAY, kind="standard").entries]
    wanted = ["创新型中小企业", "专精特新中小企业", "专精特新小巨人", "制造业单项冠军"]
    assert [name for name in names if name in wanted] == wanted


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (date(2022, 7, 31), {"2022版": "未生效", "2026版": "未生效", "2026版复核": "未生效"}),
        (date(2022, 8, 1), {"2022版": "现行", "2026版": "未生效", "2026版复核": "未生效"}),
        (date(2026, 3, 31), {"2022版": "现行", "2026版": "未生效", "2026版复核": "未生效"}),
        (date(2026, 4, 1), {"2022版": "已失效", "2026版": "现行", "2026版复核": "现行"}),
    ],
)
def test_states_change_on_the_very_day(day: date, states: dict[str, str], packs: PackSet) -> None:
    (entry,) = [entry for entry in library(packs, day).entries if entry.key == "专精特新中小企业"]
    assert {version.version: version.state for version in entry.versions} == states


def test_filters_leave_out_the_versions_they_rule_out(packs: PackSet) -> None:
    found = library(packs, DAY, level="武汉", kind="standard")
    assert [(entry.key, [version.version for version in entry.versions]) for entry in found.entries] == [
        ("武汉市级专精特新培育企业", ["2021版（清单待定）"]), ("首次进规", ["武汉市2020年度"]),
    ]  # fmt: skip
    assert [entry.key for entry in library(packs, DAY, kind="award", state="现行").entries] == []
    assert len(library(packs, date(2024, 6, 1), kind="award", state="现行").entries) == 9


def test_the_counts_of_a_filter_say_what_choosing_it_would_give(packs: PackSet) -> None:
    found = library(packs, DAY, level="国家", state="现行")
    for tally in found.kinds:
        assert len(library(packs, DAY, level="国家", state="现行", kind=tally.value).entries) == tally.count
    for tally in found.levels:
        assert len(library(packs, DAY, level=tally.value, state="现行").entries) == tally.count
    for tally in found.states:
        assert len(library(packs, DAY, level="国家", state=tally.value).entries) == tally.count


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("加计扣除", {"C4"}),
        ("小巨人 成交额", {"C5", "蔡甸区专精特新行动计划"}),
        ("I类知识产权 自主研发", {"创新型中小企业", "专精特新中小企业", "高新技术企业"}),
        ("装卸搬运", {"划型行业"}),
        ("仓储业", {"中小企业划型", "划型行业"}),
        ("r9", {"R9", "C4", "C5", "C6"}),
    ],
)
def test_a_query_finds_names_and_words_of_criteria(query: str, expected: set[str], packs: PackSet) -> None:
    found = library(packs, DAY, query=query)
    assert {entry.key for entry in found.entries} == expected
    assert [entry.key for entry in found.entries if len(entry.hits) > 3] == []


def test_hits_say_where_a_query_was_found(packs: PackSet) -> None:
    (entry,) = library(packs, DAY, query="成交额", kind="award").entries
    assert (entry.key, entry.hits) == (
        "C5", ("成交额", "min(10% × 成交额, 100 万元/企业·年)", "按成交额的 10% 计算；每家企业每年合计不超过 100 万元。算到分，最后四舍五入一次。"),
    )  # fmt: skip
