"""Counts of the register by the definitions of 工信部企业〔2022〕63号 附件4, on both sides of every limit of time."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tidu.kernel.intellectual_property import COUNTS, derived_counts

DAY = date(2024, 6, 1)
OWN = {"类型": "发明专利", "取得方式": "自主", "有效": True, "与主导产品相关": True, "授权日期": date(2020, 1, 1)}
HIGH, OWN_ONE, ONE, TWO, TWO_TECHNOLOGY = COUNTS


def counted(**changes: Any) -> list[int | None]:
    """The five counts of one row, None where it stays open."""
    row = {key: value for key, value in (OWN | changes).items() if value is not None}
    return list(derived_counts([row], DAY).values())


def test_counts_are_named_as_the_catalogue_names_them() -> None:
    assert (HIGH, OWN_ONE, ONE, TWO, TWO_TECHNOLOGY) == (
        "Ⅰ类高价值知识产权数",
        "自主研发Ⅰ类知识产权数",
        "Ⅰ类知识产权数",
        "Ⅱ类知识产权数",
        "Ⅱ类知识产权数（科技型口径）",
    )


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, [0, 1, 1, 0, 0]),
        ({"高价值依据": "战略性新兴产业"}, [1, 1, 1, 0, 0]),
        ({"类型": "集成电路布图设计专有权"}, [0, 1, 1, 0, 0]),
        ({"类型": "软件著作权"}, [0, 0, 0, 1, 1]),
        ({"类型": "实用新型"}, [0, 0, 0, 1, 1]),
        ({"类型": "外观设计"}, [0, 0, 0, 1, 1]),
        ({"有效": False}, [0, 0, 0, 0, 0]),
        ({"与主导产品相关": False}, [0, 0, 0, 0, 0]),
        ({"有效": None}, [0, None, None, 0, 0]),
        ({"类型": None}, [0, None, None, None, None]),
        ({"取得方式": None}, [0, None, None, 0, 0]),
    ],
)
def test_kind_and_use_of_a_right(changes: dict[str, Any], counts: list[int | None]) -> None:
    assert counted(**changes) == counts


@pytest.mark.parametrize(
    ("transferred", "counts"),
    [
        (date(2023, 5, 31), [0, 0, 1, 0, 0]),
        (date(2023, 6, 1), [0, 0, 1, 0, 0]),
        (date(2023, 6, 2), [0, 0, 0, 0, 0]),
        (None, [0, 0, None, 0, 0]),
    ],
)
def test_transferred_right_counts_after_a_year_and_is_never_own(transferred: date | None, counts: list[int | None]) -> None:
    assert counted(取得方式="受让", 受让日期=transferred) == counts


@pytest.mark.parametrize(
    ("granted", "counts"),
    [
        (date(2022, 5, 31), [0, 0, 0, 1, 1]),
        (date(2022, 6, 1), [0, 0, 0, 0, 1]),  # kept for two years to the day, not for more
        (date(2024, 6, 1), [0, 0, 0, 0, 1]),
        (date(2024, 6, 2), [0, 0, 0, 0, 0]),
        (None, [0, 0, 0, None, 1]),
    ],
)
def test_utility_model_counts_when_kept_for_more_than_two_years(granted: date | None, counts: list[int | None]) -> None:
    assert counted(类型="实用新型", 授权日期=granted) == counts


def test_software_counts_at_once() -> None:
    assert counted(类型="软件著作权", 授权日期=DAY) == [0, 0, 0, 1, 1]


def test_one_open_row_leaves_the_count_open_and_no_rows_count_nothing() -> None:
    open_row = {key: value for key, value in OWN.items() if key != "有效"}

    assert derived_counts([OWN, OWN, open_row], DAY)[ONE] is None
    assert derived_counts([OWN, OWN, OWN | {"有效": False}], DAY)[ONE] == 2
    assert set(derived_counts([], DAY).values()) == {0}
