"""Indicators with their uses, bases, mappings."""

from __future__ import annotations

import pytest

from tidu.apps.policies.domain import base_page, indicator_page, library, mapping_page
from tidu.apps.policies.domain.references import Use
from tidu.kernel.errors import TiduError
from tidu.kernel.expressions import quantity_named
from tidu.kernel.packs import PackSet


def test_an_indicator_says_where_it_is_used(packs: PackSet) -> None:
    page = indicator_page(packs, "近2年研发费用均值")
    assert page.measure.formula == "（研发费用 + 研发费用（前1年）） ÷ 2"
    assert page.uses == (Use("专精特新中小企业", "2022版", "D2", "近两年研发费用均值达到 1000 万元", "近2年研发费用均值 ≥ 1,000 万元"),)
    assert indicator_page(packs, "主营业务收入增长率").within == ("近2年主营业务收入平均增长率",)
    assert ("创新型中小企业", "IN3") in {(use.standard, use.id) for use in indicator_page(packs, "主营业务收入增长率").uses}


def test_an_indicator_inside_a_criterion_is_found_by_the_id_of_the_criterion(packs: PackSet) -> None:
    uses = {(use.version, use.id) for use in indicator_page(packs, "研发费用占比").uses if use.standard == "专精特新小巨人"}
    assert {("2022版", "XJR4a1"), ("2026版", "XR6")} <= uses


def test_every_indicator_names_the_facts_it_reads(packs: PackSet) -> None:
    for name in packs.scope.indicators:
        keys = quantity_named(name, packs.scope, 0).keys - {"上年度", "评估日"}
        assert len(indicator_page(packs, name).measure.facts) == len(keys)


def test_a_base_names_the_awards_that_match_it(packs: PackSet) -> None:
    page = base_page(packs, "武汉市创客中国奖励")
    assert (page.awards, page.base.confirmed, [(row.tier, row.fen) for row in page.base.rows]) == (
        ("C9",), False, [("一等奖", 30_000_000), ("二等奖", 20_000_000), ("三等奖", 10_000_000), ("优秀奖", 5_000_000)],
    )  # fmt: skip


def test_a_mapping_holds_every_prefix(packs: PackSet) -> None:
    page = mapping_page(packs, "划型行业")
    assert {code: row.value for row in page.rows for code in row.codes} == packs.mappings["划型行业"][1]
    assert (page.of, page.confidence) == ("国民经济行业代码", "单一来源")


def test_every_entry_of_the_library_has_a_page(packs: PackSet) -> None:
    opened = {"indicator": indicator_page, "base": base_page, "mapping": mapping_page}
    for entry in library(packs, packs.standards[0].in_force.start).entries:
        if entry.kind in opened:
            opened[entry.kind](packs, entry.key)


@pytest.mark.parametrize("open_page", [indicator_page, base_page, mapping_page])
def test_a_page_that_does_not_exist(open_page: object, packs: PackSet) -> None:
    assert callable(open_page)
    with pytest.raises(TiduError) as raised:
        open_page(packs, "没有的")
    assert raised.value.code == "unknown-page"
