"""The catalogue of facts, the indicators and the industry classes as shipped."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tidu.kernel.expressions import quantity_named
from tidu.kernel.facts import Store, catalogue
from tidu.kernel.inputs import FirmInputs, Moment
from tidu.kernel.packs import OPEN
from tidu.kernel.population import Firm
from tidu.kernel.quantities import MONEY, RATIO
from tidu.kernel.reading import load_packs
from tidu.kernel.rules import walk

FACTS = list(catalogue().facts.values())
INDUSTRIES = (
    "农林牧渔业", "工业", "建筑业", "批发业", "零售业", "交通运输业", "仓储业", "邮政业", "住宿业", "餐饮业", "信息传输业",
    "软件和信息技术服务业", "房地产开发经营", "物业管理", "租赁和商务服务业", "其他未列明行业",
)  # fmt: skip


def test_identifiers_are_unique_and_ascii() -> None:
    identifiers = [fact.identifier for fact in FACTS] + [event.identifier for event in catalogue().events.values()]
    assert len(identifiers) == len(set(identifiers))
    assert [name for name in identifiers if not (name.isascii() and name.isidentifier())] == []


def test_only_the_net_profit_may_be_negative() -> None:
    numeric = [fact for fact in FACTS if fact.store is Store.INTEGER]
    assert [fact.name for fact in numeric if fact.lowest is None] == ["净利润"]
    assert [fact.name for fact in numeric if fact.unit.dimension == MONEY and fact.lowest != 0] == ["净利润"]


def test_shares_lie_between_nothing_and_everything() -> None:
    assert [(fact.lowest, fact.highest) for fact in FACTS if fact.unit.dimension == RATIO] == [(0, 1_000_000)]


@pytest.mark.parametrize(
    ("name", "lowest", "highest"),
    [
        ("从事特定细分市场起始年份", 1900, 2100),
        ("主导产品国内细分市场排名", 1, None),
        ("地方特色化得分", 0, 15),
        ("专精特新发展评价得分", 0, 110),
        ("数字化水平", 1, 4),
    ],
)
def test_a_fact_has_the_domain_of_its_definition(name: str, lowest: int, highest: int | None) -> None:
    fact = catalogue().fact(name)
    assert (fact.lowest, fact.highest) == (lowest, highest)


def test_every_event_type_has_fields_and_a_day() -> None:
    undated = [event.name for event in catalogue().events.values() if not any(field.store is Store.DATE for field in event.fields.values())]
    assert undated == []


@pytest.mark.parametrize("name", sorted(load_packs().scope.indicators))
def test_an_indicator_reads_only_facts_of_the_catalogue(name: str) -> None:
    quantity = quantity_named(name, load_packs().scope, 0)
    names = {key.partition("@")[0] for key in quantity.keys} - {"上年度", "评估日"}
    assert names <= set(catalogue().facts)
    assert names != set()


def test_the_industry_classes_are_the_sixteen_of_the_classification_and_what_it_leaves_out() -> None:
    source, prefixes = load_packs().mappings["划型行业"]
    assert source == "国民经济行业代码"
    assert set(prefixes.values()) == {*INDUSTRIES, "不适用"}


def test_every_division_of_the_national_industry_code_is_placed_or_left_to_three_digits() -> None:
    _, prefixes = load_packs().mappings["划型行业"]
    divisions = {f"{number:02}" for number in range(1, 98)}
    assert sorted(divisions - set(prefixes)) == ["70"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("3525", "工业"), ("0610", "工业"), ("C", "工业"), ("05", "农林牧渔业"), ("5910", "交通运输业"), ("5920", "仓储业"), ("59", "仓储业"),
        ("6513", "软件和信息技术服务业"), ("6420", "信息传输业"), ("7010", "房地产开发经营"), ("7090", "其他未列明行业"), ("8415", "不适用"),
    ],
)  # fmt: skip
def test_the_longest_prefix_of_a_code_decides(code: str, expected: str) -> None:
    day = load_packs().versions("中小企业划型")[0].in_force.start
    inputs = FirmInputs(Firm("91420114MA4KXXXX0X", facts={"国民经济行业代码": code}), Moment(day, day), load_packs())
    assert inputs.value("划型行业", {}) == expected


def test_no_two_texts_of_a_standard_are_in_force_for_the_same_application() -> None:
    standards = load_packs().standards
    overlapping = [
        (one.version, other.version)
        for index, one in enumerate(standards)
        for other in standards[index + 1 :]
        if one.name == other.name and one.application & other.application and one.in_force.overlaps(other.in_force)
    ]
    assert overlapping == []


def test_texts_follow_one_another_without_a_gap() -> None:
    for name in load_packs().names():
        for application in ("new", "review"):
            spans = sorted(
                (text.in_force.start, text.in_force.end or OPEN) for text in load_packs().versions(name) if application in text.application
            )
            assert all(end == start for (_, end), (start, _) in pairwise(spans)), (name, application)


def test_every_criterion_and_score_line_cites_its_clause() -> None:
    for standard in load_packs().standards:
        labels = [label for node in walk(standard.requires) if (label := getattr(node, "label", None)) is not None and label.id]
        assert [label.id for label in labels if not (label.clause and label.text)] == [], standard.version
        assert [item.id for item in standard.scores if not (item.clause and item.title)] == [], standard.version


def test_score_tables_add_up_to_their_full_marks() -> None:
    full = {
        (standard.name, standard.version): {group: sum(item.highest for item in items) for group, items in standard.groups.items()}
        for standard in load_packs().standards
        if standard.scores
    }
    assert full == {
        ("创新型中小企业", "2022版"): {"创新能力": 40, "成长性": 30, "专业化": 30},
        ("专精特新中小企业", "2022版"): {"专业化": 25, "精细化": 25, "特色化": 15, "创新能力": 35},
        ("科技型中小企业", "2017版"): {"科技人员": 20, "研发投入": 50, "科技成果": 30},
        ("高新技术企业", "2016版"): {"知识产权": 30, "成果转化": 30, "组织管理": 20, "成长性": 20},
        ("湖北专精特新特色化", "2022版（指标待定）"): {"特色化": 15},
    }
