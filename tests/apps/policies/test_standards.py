"""The page of a standard against its pack, and one page in full."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tidu.apps.policies.domain import standard_page
from tidu.apps.policies.domain.standards import Overlay, Replacement
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import ASSESSMENT_DAY, ASSESSMENT_YEAR, split_key
from tidu.kernel.packs import PackSet, Standard
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import Compare, ScoreAtLeast, keys_of, walk
from tidu.kernel.traces import is_manual
from tidu.kernel.wording import compare_text

EXPECTED = Path(__file__).parent / "expected"
STANDARDS = load_packs().standards


def titled(standard: Standard) -> str:
    return f"{standard.name} {standard.version}"


def test_the_page_of_one_standard_in_full(packs: PackSet) -> None:
    expected = json.loads((EXPECTED / "innovative_sme.json").read_text(encoding="utf-8"))
    assert standard_page(packs, "创新型中小企业", "2022版").as_document() == expected


def facts_of(standard: Standard, packs: PackSet) -> set[str]:
    """What the rules of a standard read, by the kernel: facts, event types, and where a derived fact comes from."""
    rules = [
        standard.requires,
        *standard.prerequisites,
        *(item.points for item in standard.scores),
        *(rule for _, rule in standard.classes),
    ]
    keys = {key for rule in rules for key in keys_of(rule) if not is_manual(key)} - {ASSESSMENT_DAY, ASSESSMENT_YEAR}
    names = {standard.tests[key].event if key in standard.tests else split_key(key)[0] for key in keys}
    return names | {packs.mappings[name][0] for name in names if name in packs.mappings}


@pytest.mark.parametrize("standard", STANDARDS, ids=titled)
def test_a_page_lists_exactly_the_facts_that_the_rules_read(standard: Standard, packs: PackSet) -> None:
    page = standard_page(packs, standard.name, standard.version)
    assert {fact.name for fact in page.facts} == facts_of(standard, packs)
    known = {line.id for line in page.lines()} | ({item.id for item in page.scores.items()} if page.scores else set())
    known |= {row.id for row in page.classes.rows} if page.classes else set()
    assert [fact.name for fact in page.facts if not set(fact.used_by) <= known] == []


@pytest.mark.parametrize("standard", STANDARDS, ids=titled)
def test_a_page_shows_every_comparison_of_the_rules_once(standard: Standard, packs: PackSet) -> None:
    page = standard_page(packs, standard.name, standard.version)
    classified = {line.link for line in page.lines() if line.kind == "class"}
    asked = [
        compare_text(node).replace(" ", "")
        for rule in (*standard.prerequisites, standard.requires)
        for node in walk(rule)
        if isinstance(node, Compare) and not any(node is inner for name in classified for inner in _class_nodes(name))
    ]
    scored = {compare_text(node).replace(" ", "") for item in standard.scores for node in walk(item.points) if isinstance(node, Compare)}
    shown = {line.rule.replace(" ", "").replace(",", "") for line in page.lines() if line.kind == "compare"}
    sizes = {text for text in asked if text.startswith(("从业人员", "营业收入", "资产总额")) and classified}
    assert shown <= set(asked)
    assert set(asked) - scored - shown <= sizes


def _class_nodes(name: str) -> list[Compare]:
    found = [standard for standard in STANDARDS if standard.name == name]
    return [node for standard in found for _, rule in standard.classes for node in walk(rule) if isinstance(node, Compare)]


@pytest.mark.parametrize("standard", STANDARDS, ids=titled)
def test_marks_and_maxima_are_those_of_the_score_table(standard: Standard, packs: PackSet) -> None:
    page = standard_page(packs, standard.name, standard.version)
    bounds = {(node.name, node.threshold) for node in walk(standard.requires) if isinstance(node, ScoreAtLeast)}
    if page.scores is None:
        assert (standard.scores, bounds) == ((), set())
        return
    assert {(mark.name, mark.at_least) for mark in page.scores.marks} == bounds
    assert [(item.id, item.least, item.most) for item in page.scores.items()] == [
        (item.id, item.lowest, item.highest) for item in standard.scores
    ]
    assert page.scores.most == sum(item.highest for item in standard.scores)
    for item in page.scores.items():
        assert max(row.most for table in item.tables for row in table.brackets) <= item.most
        if len(item.tables) == 1 and item.tables[0].form != "count":
            assert (item.least, item.most) == (
                min(row.least for row in item.tables[0].brackets) if item.tables[0].form != "value" else 0,
                max(row.most for row in item.tables[0].brackets),
            )


def test_an_overlay_says_what_it_replaces_and_drops(packs: PackSet) -> None:
    page = standard_page(packs, "专精特新小巨人", "2026版复核")
    assert page.overlay == Overlay(
        "2026版",
        "工信部企业〔2026〕2号",
        "在“2026版”的基础上替换 2 条，去掉 1 条。本页列出的已是改后的条款。",
        (
            Replacement("XR0", "有效期内的专精特新中小企业", "有效期内的专精特新中小企业，或者本次复核的小巨人企业"),
            Replacement("XR10", "专精特新发展评价得分不低于 60 分", "近两年任一年的专精特新发展评价得分不低于 60 分"),
        ),
        (Replacement("XR4", "近两年营业收入复合增长率不低于 5%", ""),),
    )
    assert "XR4" not in {line.id for line in page.lines()}
    assert [link.version for link in standard_page(packs, "专精特新小巨人", "2026版").extended_by] == ["2026版复核"]


def test_what_only_a_person_can_judge_is_listed(packs: PackSet) -> None:
    assert standard_page(packs, "专精特新中小企业", "2026版").judged == ("主导产品的市场地位较为靠前并有一定影响（没有数值）",)
    assert standard_page(packs, "创新型中小企业", "2022版").judged == ()
    assert "净资产增长率：不低于 35%，9 至 10 分" in standard_page(packs, "高新技术企业", "2016版").judged


@pytest.mark.parametrize(
    ("name", "version", "code"), [("不存在", "甲", "unknown-standard"), ("创新型中小企业", "1999版", "unknown-version")]
)
def test_a_page_that_does_not_exist(name: str, version: str, code: str, packs: PackSet) -> None:
    with pytest.raises(TiduError) as raised:
        standard_page(packs, name, version)
    assert raised.value.code == code
