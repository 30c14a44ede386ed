"""Numbers for people, without loss."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu.apps.policies.domain.figures import grouped, money, percent, source_words, unit_words, with_unit
from tidu.apps.policies.domain.prose import prose
from tidu.kernel.facts import catalogue
from tidu.kernel.quantities import parse_decimal


@given(st.integers(-(10**14), 10**14))
def test_money_keeps_every_fen(fen: int) -> None:
    number, _, unit = money(fen).partition(" ")
    assert (parse_decimal(number) * 1_000_000, unit) == (fen, "万元")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1200, "1,200"), (-1234567, "-1,234,567"), (Fraction(1, 4), "0.25"), (Fraction(-1, 2), "-0.5")]
)
def test_a_number_with_separators(value: Fraction | int, text: str) -> None:
    assert grouped(value) == text


def test_units() -> None:
    assert (with_unit(3, "%"), with_unit(60, "分"), with_unit(3, ""), percent(Fraction(1, 10))) == ("3%", "60 分", "3", "10%")
    known = catalogue()
    names = ("自主品牌", "成立日期", "营业收入", "从业人员", "研发机构级别", "主导产品", "主导产品国内细分市场排名", "数字化水平")
    assert [unit_words(known.fact(name)) for name in names] == ["是/否", "日期", "万元", "人", "从列出的词中选", "文字", "名次", "级"]


def test_who_gives_a_fact() -> None:
    assert [source_words(text) for text in ("自报", "应急|税务", "")] == ["企业自报", "应急、税务", "未注明"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("从核定之日（--as-of）往回数", "从核定之日往回数"),
        ("沿用本附件（secondary）。", "沿用本附件（二手来源）。"),
        ("取年末数。 2026-04-01 以后 沿用", "取年末数。2026-04-01 以后沿用"),
        ("ISO 9001 类证书，2 项 以上", "ISO 9001 类证书，2 项以上"),
        (None, ""),
    ],
)
def test_sentences_of_packs_as_they_are_shown(written: str | None, shown: str) -> None:
    assert prose(written) == shown
