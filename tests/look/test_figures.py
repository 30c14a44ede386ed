"""Figures as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from tidu.look.bars import Bar, bar
from tidu.look.figures import day_text, days_left, grouped, wan, yuan_text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "0"),
        (1, "0.000001"),
        (100_000_000, "100"),
        (12_345_678, "12.345678"),
        (123_456_789_012, "123,456.789012"),
        (-250_000, "-0.25"),
        (-1_234_500_000, "-1,234.5"),
    ],
)
def test_ten_thousands_of_yuan_are_exact(fen: int, text: str) -> None:
    assert wan(fen) == text


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456_789, "1,234,567.89"), (-100, "-1.00")])
def test_yuan_have_two_decimals(fen: int, text: str) -> None:
    assert yuan_text(fen) == text


@pytest.mark.parametrize(
    ("text", "result"), [("1234567.891", "1,234,567.891"), ("-1000", "-1,000"), ("999", "999"), ("", ""), ("约", "约"), ("12.", "12.")]
)
def test_digits_are_grouped_by_three(text: str, result: str) -> None:
    assert grouped(text) == result


def test_a_day_is_written_as_documents_do() -> None:
    assert day_text(date(2024, 6, 1)) == "2024年6月1日"


@pytest.mark.parametrize(
    ("deadline", "today", "text"),
    [
        (date(2024, 5, 5), date(2024, 5, 6), "已截止"),
        (date(2024, 5, 6), date(2024, 5, 6), "今天截止"),
        (date(2024, 5, 7), date(2024, 5, 6), "还剩 1 个工作日"),
        (date(2024, 5, 11), date(2024, 5, 6), "还剩 5 个工作日"),  # the Saturday after 劳动节 was worked
        (date(2024, 10, 4), date(2024, 9, 30), "下一个工作日之前截止"),
        (date(2099, 1, 1), date(2098, 12, 1), "还剩 31 天"),
    ],
)
def test_the_time_left_counts_working_days_where_they_are_announced(deadline: date, today: date, text: str) -> None:
    assert days_left(deadline, today) == text


@pytest.mark.parametrize(
    ("points", "lengths"),
    [
        ((30, 45, 60, 40), Bar("50", "25", "66.67")),
        ((0, 0, 0), Bar("0", "0", None)),
        ((100, 100, 100, 60), Bar("100", "0", "60")),
        ((0, 120, 100, 60), Bar("0", "100", "50")),
        ((-5, 10, 20), Bar("0", "50", None)),
    ],
)
def test_a_score_bar_is_never_longer_than_the_whole(points: tuple[int, ...], lengths: Bar) -> None:
    assert bar(*points) == lengths
