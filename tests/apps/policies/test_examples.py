"""Worked examples as readable cases."""

from __future__ import annotations

from datetime import date

import pytest

from tests.packs.test_award_examples import CASES
from tests.packs.worked_examples import read_examples
from tidu.apps.policies.domain import examples_of
from tidu.apps.policies.domain.example_words import Expected, Given, value_words
from tidu.apps.policies.domain.examples import PAGE_SIZE
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import catalogue
from tidu.kernel.packs import PackSet


def test_every_case_of_every_standard_belongs_to_exactly_one_version(packs: PackSet) -> None:
    written = [example.standard for example in read_examples()]
    for name in packs.names():
        parts = [examples_of(packs, name, standard.version).total for standard in packs.versions(name)]
        assert (sum(parts), examples_of(packs, name).total) == (written.count(name), written.count(name))
        assert [standard.version for standard, count in zip(packs.versions(name), parts, strict=True) if not count] == []


def test_every_case_of_every_award_is_there(packs: PackSet) -> None:
    awards = [parameters.values[0]["award"] for parameters in CASES]
    assert {name: examples_of(packs, name).total for name in set(awards)} == {name: awards.count(name) for name in set(awards)}


def test_a_case_of_a_standard(packs: PackSet) -> None:
    case = examples_of(packs, "规模以上工业企业", "2011口径").cases[1]
    assert (case.title, case.number, case.law_date, case.application) == ("规上 行业与 2000 万元的边界", 2, date(2024, 6, 1), "首次申报")
    assert case.given == (
        Given("企业", "国民经济行业代码", "3525", "", False),
        Given("年度", "主营业务收入", "1,999.999999 万元", "2023 年度", True),
    )
    assert case.expected == (Expected("结论", "不符合"), Expected("不符合的条件", "GS2 上年度主营业务收入不低于 2000 万元"))


def test_a_remark_stands_until_the_next(packs: PackSet) -> None:
    cases = examples_of(packs, "规模以上工业企业", "2011口径").cases[2:8]
    text = "采矿业、电力热力燃气及水也是工业；建筑业、批发业不是"
    assert [(case.remark, case.under) for case in cases] == [("", ""), (text, text), ("", text), ("", text), ("", text), ("", text)]


def test_a_case_of_an_award(packs: PackSet) -> None:
    case = next(case for case in examples_of(packs, "C4").cases if case.remark.startswith("同上，口径待定"))
    assert case.given[-3:] == (
        Given("事项", "研发补贴", "级别 省级，金额 60 万元，日期 2023-03-01，年度 2022 年", "", True),
        Given("事项", "研发补贴", "级别 市级，金额 80 万元，日期 2023-09-01，年度 2022 年", "", True),
        Given("口径", "R3", "待定", "", True),
    )
    assert case.expected == (
        Expected("第 1 项", "待定口径；兑现 0 万元；依据口径 R3"),
        Expected("第 2 项", "全额兑现；兑现 80 万元；不取决于任何口径"),
    )


def test_a_base_is_spoken_of_only_where_the_award_matches_one(packs: PackSet) -> None:
    said = {name: examples_of(packs, name).cases[0].expected[0].value for name in ("C1", "C5")}
    assert said == {
        "C1": "全额兑现；兑现 50 万元；按公式算得 50 万元；市级基数 100 万元；区级出资；不取决于任何口径",
        "C5": "按上限兑现；兑现 100 万元；按公式算得 120 万元；区级出资；不取决于任何口径",
    }


def test_pages_hold_every_case_once_in_order(packs: PackSet) -> None:
    first = examples_of(packs, "中小企业划型", "2011版")
    assert (len(first.cases), first.page, first.pages) == (PAGE_SIZE, 1, -(-first.total // PAGE_SIZE))
    pages = [examples_of(packs, "中小企业划型", "2011版", page=number, size=50) for number in range(1, 6)]
    assert [case for page in pages for case in page.cases] == list(examples_of(packs, "中小企业划型", "2011版", size=1000).cases)
    assert examples_of(packs, "C5", page=99).page == examples_of(packs, "C5").pages


@pytest.mark.parametrize(
    ("fact", "written", "shown"),
    [
        ("营业收入", "249.999999", "249.999999 万元"), ("营业收入", "未知", "没有数据"), ("主导产品全国细分市场占有率", "9.99", "9.99%"),
        ("数字化水平", "三级", "三级"), ("自主品牌", "是", "是"), ("从事特定细分市场起始年份", "2015", "2015 年"),
        ("主导产品国内细分市场排名", "3", "3"), ("国民经济行业代码", "0610", "0610"), ("从业人员", "1000", "1,000 人"),
    ],
)  # fmt: skip
def test_a_value_in_words(fact: str, written: str, shown: str) -> None:
    assert value_words(catalogue().fact(fact), written) == shown


@pytest.mark.parametrize(
    ("name", "version", "page", "code"),
    [("没有的", "", 1, "unknown-standard"), ("创新型中小企业", "1999版", 1, "unknown-version"), ("C5", "", 0, "bad-page")],
)
def test_examples_of_what_does_not_exist(name: str, version: str, page: int, code: str, packs: PackSet) -> None:
    with pytest.raises(TiduError) as raised:
        examples_of(packs, name, version, page=page)
    assert raised.value.code == code
