from __future__ import annotations

import pytest

from benchmarks.claims import Claim, number, table


@pytest.mark.parametrize(("figure", "met"), [(1.49, True), (1.5, True), (1.51, False)])
def test_upper_bound_is_kept_up_to_the_bound(figure: float, met: bool) -> None:
    assert Claim("time", figure, "at most", 1.5, "×").met is met


@pytest.mark.parametrize(("figure", "met"), [(4.99, False), (5, True), (5.01, True)])
def test_lower_bound_is_kept_from_the_bound(figure: float, met: bool) -> None:
    assert Claim("faster", figure, "at least", 5, "×").met is met


def test_claim_reads_as_a_row() -> None:
    assert Claim("faster", 312.4, "at least", 300, "×").row() == ("faster", "≥ 300 ×", "312 ×", "yes")


def test_number_has_three_significant_digits() -> None:
    assert [number(value) for value in (0, 0.012345, 1.5, 99.96, 24_868.2)] == ["0", "0.0123", "1.5", "100", "24,868"]


def test_table_is_markdown() -> None:
    assert table(["a", "b"], [["x", "1"]]) == "| a | b |\n| --- | ---: |\n| x | 1 |"
