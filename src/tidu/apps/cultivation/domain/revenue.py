"""The 企业应税收入统计表 from monthly facts: sums, growth, gaps, forecast, and the side of the 2000 万元 line. Pure.

A month without a figure is unknown and never 0; a sum over it is unknown too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tidu.apps.cultivation.domain.derived import BEFORE, HIGH, LAST_TWELVE, LAST_YEAR, LOW, MIDDLE, SILENT, TO_DATE
from tidu.apps.cultivation.domain.forecasting import YEAR, FirmMonths, Forecast, Forecaster, learn, period_of, total
from tidu.apps.cultivation.enums import Crossing
from tidu.kernel.facts import FIRM_CODE, MONTH
from tidu.kernel.population import Population

SALES = "应税收入"
LINE = 2_000_000_000
"""规模以上工业 in fen: 2000 万元 a year."""
MILLION = 1_000_000


@dataclass(frozen=True)
class RevenueFigures:
    """One firm's line; every amount in fen, None where unknown; ``growth`` in millionths; ``silent`` None for who never reported."""

    months: Mapping[int, int]
    latest: int | None
    to_date: int | None
    before: int | None
    growth: int | None
    last_year: int | None
    last_twelve: int | None
    gaps: int
    silent: int | None
    forecast: Forecast
    crossing: Crossing
    on_roster: bool

    def derived(self) -> dict[str, int | None]:
        """The figures under the names of the rule language."""
        return {
            TO_DATE: self.to_date, BEFORE: self.before, LAST_YEAR: self.last_year, LAST_TWELVE: self.last_twelve,
            MIDDLE: self.forecast.middle, LOW: self.forecast.low, HIGH: self.forecast.high, SILENT: self.silent,
        }  # fmt: skip


@dataclass(frozen=True)
class RevenueTable:
    """The whole table: up to which month, what the forecast was learned from, and a line for each firm that ever reported."""

    through: int
    forecaster: Forecaster
    lines: Mapping[str, RevenueFigures] = field(default_factory=dict)


def months_of(population: Population) -> dict[str, dict[int, int]]:
    """Known monthly sales by firm and month number."""
    found: dict[str, dict[int, int]] = {}
    frame = population.months.select(FIRM_CODE, MONTH, SALES).drop_nulls()
    for code, month, value in frame.iter_rows():
        found.setdefault(code, {})[month.year * YEAR + month.month - 1] = value
    return found


def division(code: str | None) -> str:
    """The division (two digits) of an industry code; empty where it is unknown or too coarse.

    >>> division("C3421"), division("34"), division("C"), division(None)
    ('34', '34', '', '')
    """
    digits = (code or "").lstrip("ABCDEFGHIJKLMNOPQRST")
    return digits[:2] if len(digits) >= 2 and digits[:2].isdigit() else ""


def reporting_month(months: Iterable[Mapping[int, int]], day: date) -> int | None:
    """The latest month up to ``day`` that at least half of the firms have on file which reported in the year up to it."""
    listed, last = list(months), day.year * YEAR + day.month - 1
    known = Counter(index for firm in listed for index in firm)
    for index in sorted((index for index in known if index <= last), reverse=True):
        active = sum(any(index - YEAR < month <= index for month in firm) for firm in listed)
        if 2 * known[index] >= active:
            return index
    return None


def revenue_table(population: Population, day: date, roster: AbstractSet[str]) -> RevenueTable | None:
    """The table as of ``day``; None where no firm has a month. ``roster`` are the firms that rose above scale."""
    known = months_of(population)
    through = reporting_month(known.values(), day)
    if through is None:
        return None
    industries = dict(population.firms.select(FIRM_CODE, "国民经济行业代码").iter_rows())
    firms = {code: FirmMonths(months, division(industries.get(code))) for code, months in known.items()}
    forecaster = learn(list(firms.values()), through, LINE)
    return RevenueTable(
        through, forecaster, {code: line_of(firm, forecaster, on_roster=code in roster) for code, firm in firms.items()}
    )  # fmt: skip


def line_of(firm: FirmMonths, forecaster: Forecaster, *, on_roster: bool) -> RevenueFigures:
    """One firm's line."""
    through, first, done = forecaster.through, forecaster.first, forecaster.done
    to_date, before = total(firm.months, first, done), total(firm.months, first - YEAR, done)
    known = {index: value for index, value in firm.months.items() if value is not None and index <= through}
    told = forecaster.forecast(firm)
    return RevenueFigures(
        months={period_of(index): known[index] for index in sorted(known) if index > first - 2 * YEAR - 1},
        latest=known.get(through),
        to_date=to_date,
        before=before,
        growth=growth(to_date, before),
        last_year=total(firm.months, first - YEAR, YEAR),
        last_twelve=total(firm.months, through - YEAR + 1, YEAR),
        gaps=sum(index not in known for index in range(first, first + done)),
        silent=through - max(known) if known else None,
        forecast=told,
        crossing=crossing(told, on_roster=on_roster),
        on_roster=on_roster,
    )


def growth(now: int | None, before: int | None) -> int | None:
    """Growth in millionths, towards minus infinity; None where a side is unknown or the base is not above 0."""
    if now is None or before is None or before <= 0:
        return None
    return (Fraction(now, before) - 1) * MILLION // 1


def crossing(told: Forecast, *, on_roster: bool) -> Crossing:
    """Which side of the line the interval lies on, told from where the firm stands now."""
    if told.low is None or told.high is None:
        return Crossing.NONE
    if told.low >= LINE:
        return Crossing.ABOVE if on_roster else Crossing.UP
    if told.high < LINE:
        return Crossing.DOWN if on_roster else Crossing.BELOW
    return Crossing.MAYBE_DOWN if on_roster else Crossing.MAYBE_UP
