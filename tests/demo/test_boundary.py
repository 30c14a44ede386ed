from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tidu.demo import BoundaryCase, boundary_cases
from tidu.kernel.facts import FIRM_NAME, catalogue
from tidu.kernel.population import Firm, Population

CASES = {case.identifier: case for case in boundary_cases()}
WAN = 1_000_000


@pytest.fixture(scope="module")
def firms(district: Population) -> dict[str, Firm]:
    """Boundary firms of the district by case, as a reader of the tables gets them."""
    codes = dict(zip(district.firms[FIRM_NAME].to_list(), district.codes, strict=True))
    wanted = {codes[case.name]: identifier for identifier, case in CASES.items()}
    return {wanted[firm.code]: firm for firm in district.each_firm(list(wanted))}


def test_identifiers_and_names_are_unique() -> None:
    cases = boundary_cases()

    assert len({case.identifier for case in cases}) == len(cases)
    assert len({case.name for case in cases}) == len(cases)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_district_holds_exactly_the_values_of_the_case(case: BoundaryCase, firms: dict[str, Firm]) -> None:
    firm = firms[case.identifier]
    known = catalogue().facts

    assert {name: firm.facts[name] for name in case.firm if name in known} == {n: v for n, v in case.firm.items() if n in known}
    assert {year: dict(row) for year, row in firm.years.items()} == {year: dict(row) for year, row in case.years.items()}
    assert {month: dict(row) for month, row in firm.months.items()} == dict(case.months)
    assert {name: list(rows) for name, rows in firm.events.items()} == {name: list(rows) for name, rows in case.events.items()}


def ratio(firm: Firm, above: str, below: str) -> Fraction:
    row = firm.years[2023]
    return Fraction(row[above], row[below])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("identifier", "above", "below", "bound"),
    [
        ("D2", "研发费用", "营业收入", Fraction(3, 100)),
        ("D5", "研发费用", "营业收入", Fraction(10, 100)),
        ("L2", "负债总额", "资产总额", Fraction(55, 100)),
        ("M2", "主营业务收入", "营业收入", Fraction(70, 100)),
        ("P2", "净利润", "营业收入", Fraction(10, 100)),
        ("N1", "研发人员", "从业人员", Fraction(20, 100)),
    ],
)
def test_ratio_is_on_below_and_above_its_bound(firms: dict[str, Firm], identifier: str, above: str, below: str, bound: Fraction) -> None:
    assert ratio(firms[f"{identifier}a"], above, below) == bound
    assert ratio(firms[f"{identifier}b"], above, below) < bound
    assert ratio(firms[f"{identifier}c"], above, below) > bound


def test_revenue_is_on_the_line_and_one_fen_beside_it(firms: dict[str, Firm]) -> None:
    values = [firms[f"R4{letter}"].years[2023]["营业收入"] for letter in "abc"]

    assert values == [2000 * WAN, 2000 * WAN - 1, 2000 * WAN + 1]


def test_growth_is_exactly_five_percent(firms: dict[str, Firm]) -> None:
    growth = [
        Fraction(firms[f"G2{letter}"].years[2023]["主营业务收入"], firms[f"G2{letter}"].years[2022]["主营业务收入"]) - 1 for letter in "abc"
    ]

    assert growth[0] == Fraction(5, 100)
    assert growth[1] < Fraction(5, 100) < growth[2]


def test_twelve_months_sum_to_the_line(firms: dict[str, Firm]) -> None:
    sums = [sum(row["应税收入"] for row in firms[f"A1{letter}"].months.values()) for letter in "abc"]

    assert sums == [2000 * WAN, 2000 * WAN - 1, 2000 * WAN + 1]
    assert sorted(firms["A1a"].months) == [
        *(date(2023, month, 1) for month in range(5, 13)),
        *(date(2024, month, 1) for month in range(1, 5)),
    ]


def test_dates_are_on_before_and_after_the_day(firms: dict[str, Firm]) -> None:
    until = [firms[f"T1{letter}"].events["认定"][0]["有效期至"] for letter in "abc"]
    violation = [firms[f"T2{letter}"].events["重大违法违规"][0]["日期"] for letter in "abc"]

    assert until == [date(2024, 6, 1), date(2024, 5, 31), date(2024, 6, 2)]
    assert violation == [date(2021, 6, 1), date(2021, 5, 31), date(2021, 6, 2)]


def test_days_since_founding_are_365_364_and_366(firms: dict[str, Firm]) -> None:
    assert [(date(2024, 6, 1) - firms[f"T3{letter}"].facts["成立日期"]).days for letter in "abc"] == [365, 364, 366]


def test_revenue_is_zero_while_research_goes_on(firms: dict[str, Firm]) -> None:
    row = firms["X1"].years[2023]

    assert (row["营业收入"], row["研发费用"]) == (0, 560 * WAN)
