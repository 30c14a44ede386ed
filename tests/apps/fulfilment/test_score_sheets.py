"""The score sheet as data, and the mean of a panel: order does not matter, it stays within bounds, it equals fractions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps.fulfilment.expert_ground import SHEET, switch_on
from tidu.apps.fulfilment.domain.items import item_rules
from tidu.apps.fulfilment.domain.score_sheets import Criterion, Result, Sheet, hundredths, panel_mean, read_sheet, seat_label
from tidu.kernel.errors import TiduError

TOTALS = st.lists(st.integers(0, 100), min_size=1, max_size=12)


@given(st.data())
def test_the_order_of_the_scores_does_not_matter(data: st.DataObject) -> None:
    totals = data.draw(TOTALS)
    assert panel_mean(data.draw(st.permutations(totals))) == panel_mean(totals)


@given(TOTALS)
def test_the_mean_is_within_the_scores_and_equals_the_fraction(totals: list[int]) -> None:
    mean = panel_mean(totals)
    assert min(totals) <= mean <= max(totals)
    trimmed = sum(totals) - max(totals) - min(totals), len(totals) - 2
    assert mean == Fraction(*(trimmed if len(totals) >= 5 else (sum(totals), len(totals))))


@given(st.fractions(0, 1000))
def test_it_is_shown_rounded_half_up(value: Fraction) -> None:
    with localcontext(prec=200):
        exact = Decimal(value.numerator * 1000) / Decimal(value.denominator)  # thousandths, so that a half is exact
        # a quotient that does not end is never a half of a hundredth
        assert hundredths(value) == str((exact / 1000).quantize(Decimal("0.01"), ROUND_HALF_UP))


@pytest.mark.parametrize(("totals", "shown"), [([80, 90, 91], "87.00"), ([1, 1, 0], "0.67"), ([0, 70, 70, 71, 100], "70.33"), ([0, 0, 0, 100], "25.00")])  # fmt: skip
def test_known_means(totals: list[int], shown: str) -> None:
    assert hundredths(panel_mean(totals)) == shown


def test_a_half_of_a_hundredth_goes_up() -> None:
    assert [hundredths(Fraction(value, 200)) for value in (1, 2, 3)] == ["0.01", "0.01", "0.02"]


def test_the_mean_is_unknown_until_enough_have_scored_and_the_mark_is_compared_exactly() -> None:
    sheet = Sheet((Criterion("创新", 100),), 3, 60)
    few, almost, just = (Result(sheet, totals) for totals in ((99, 99), (60, 60, 59), (60, 60, 60)))
    assert [(one.shown, one.reached) for one in (few, almost, just)] == [("未知", False), ("59.67 分", False), ("60.00 分", True)]
    assert few.how == "已有 2 位专家评分，至少要 3 位，够了才计算。"


def test_seats_have_numbers_and_no_names() -> None:
    assert [seat_label(number) for number in (1, 9, 10, 12, 20, 21)] == ["专家一", "专家九", "专家十", "专家十二", "专家二十", "专家二十一"]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (True, "要写 false，或者写 least"),
        ({"least": 3}, "要写 false，或者写 least"),
        ({**SHEET, "max": 3}, "要写 false，或者写 least"),
        ({**SHEET, "criteria": {}}, "criteria 至少要有一项"),
        ({**SHEET, "criteria": {"": 3}}, "评分项“”的名称"),
        ({**SHEET, "criteria": {"创新": "三十"}}, "评分项“创新”的满分“三十”不是 1 至 1000 的整数"),
        ({**SHEET, "criteria": {"创新": 33.5}}, "评分项“创新”的满分“33.5”不是"),
        ({**SHEET, "least": 0}, "least“0”不是 1 至 99 的整数"),
        ({**SHEET, "pass": 101}, "pass“101”不是 1 至 100"),
    ],
)
def test_a_wrong_sheet_is_told_in_a_sentence(raw: Any, why: str) -> None:
    with pytest.raises(TiduError) as caught:
        read_sheet("C6", raw)
    assert (caught.value.code, why in caught.value.message, "事项 C6" in caught.value.message) == ("item-rules-experts", True, True)


def test_the_operator_switches_it_on_in_a_file_of_the_own(settings: Any, tmp_path: Path) -> None:
    assert item_rules("C5").experts is None
    switch_on(settings, tmp_path)
    found = item_rules("C5").experts
    assert (found, item_rules("C6").experts) == (Sheet((Criterion("创新水平", 60), Criterion("产业化前景", 40)), 3, 60), None)
    assert found is not None
    assert Sheet.of(found.stored()) == found


def test_a_file_that_is_not_there_is_told(settings: Any, tmp_path: Path) -> None:
    settings.ITEM_RULES = str(tmp_path / "none.yaml")
    with pytest.raises(TiduError, match="请检查 TIDU_ITEM_RULES"):
        item_rules("C5")
