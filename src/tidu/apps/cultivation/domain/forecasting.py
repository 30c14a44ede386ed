"""What a firm's taxable sales will come to by the end of the year. Pure, exact, and never sure of itself.

The method: a firm that has sold ``S`` by month ``m`` sells ``S / p`` in the year, where ``p`` is the part of a year that is
usually done by month ``m``. ``p`` mixes the firm's own part last year with the part of its industry (all sales of the
industry's firms by month ``m`` over their sales of the year), the industry counting ``weight`` times the firm's own year.
Where the firm's last year is not complete, or too few firms have two years on file to measure the error of the mixture,
the industry alone speaks.

How wrong that is, is measured on the district's own data: a past window of twelve months is forecast from its first ``m``
months and the twelve months before it, and compared with what came. The interval holds the middle four fifths of the
ratios found there; the weight is the one with the smallest median error there. A forecast decides nothing.

Amounts are integer fen, shares and ratios are fractions. Months are numbered ``year * 12 + month - 1``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tidu.kernel.quantities import round_half_up

YEAR = 12
LEAST_MONTHS = 3
LEAST_PEERS = 5
"""Firms that an industry needs to speak for itself; below that all firms together speak."""
LEAST_TRIALS = 20
"""Firms that the trial on held-back months needs before anything is said of the error."""
WEIGHTS = (Fraction(0), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(4))
TENTH = Fraction(1, 10)

Months = Mapping[int, int | None]


def month_index(period: int) -> int:
    """202403 as a month number.

    >>> month_index(202403) - month_index(202312)
    3
    """
    return period // 100 * YEAR + period % 100 - 1


def period_of(index: int) -> int:
    """A month number as 202403."""
    return index // YEAR * 100 + index % YEAR + 1


def total(months: Months, first: int, count: int) -> int | None:
    """The sum of ``count`` months from ``first`` on; None where one of them is unknown."""
    found = [months.get(index) for index in range(first, first + count)]
    return None if None in found else sum(value for value in found if value is not None)


@dataclass(frozen=True, slots=True)
class FirmMonths:
    """One firm's months and the industry it is compared with (empty: unknown)."""

    months: Months
    industry: str = ""


@dataclass(frozen=True)
class Profile:
    """The part of a year done by month ``m``, by industry and for all firms, from one window of twelve months."""

    shares: Mapping[str, Fraction]
    overall: Fraction | None

    def share(self, industry: str) -> Fraction | None:
        """The part for an industry; that of all firms where it has too few; None where even those are too few."""
        return self.shares.get(industry, self.overall)


def profile_of(firms: Sequence[FirmMonths], first: int, done: int) -> Profile:
    """The profile of the window that begins with month ``first``: only firms with all twelve months and sales in them count."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for firm in firms:
        whole, part = total(firm.months, first, YEAR), total(firm.months, first, done)
        if whole is None or part is None or whole <= 0 or part <= 0:
            continue
        for key in {firm.industry, ""}:
            sums[key][0] += part
            sums[key][1] += whole
            sums[key][2] += 1
    shares = {key: Fraction(part, whole) for key, (part, whole, count) in sums.items() if count >= LEAST_PEERS}
    overall = shares.pop("", None)
    return Profile(shares, overall)


@dataclass(frozen=True, slots=True)
class Guess:
    """A year's sales as worked out, with what spoke; ``middle`` is None where nothing can be said, and ``why`` says why."""

    middle: int | None
    own: bool = False
    why: str = ""


def guess(firm: FirmMonths, first: int, done: int, profile: Profile, weight: Fraction | None) -> Guess:
    """The sum of the twelve months from ``first``, of which the first ``done`` are looked at.

    ``weight`` None leaves the firm's own last year aside. A month among them that is unknown makes the answer unknown;
    twelve known months are the answer themselves.
    """
    so_far = total(firm.months, first, done)
    if so_far is None:
        missing = [index for index in range(first, first + done) if firm.months.get(index) is None]
        named = "、".join(f"{index % YEAR + 1}月" for index in missing[:6])
        return Guess(None, why=f"{named}{'等' if len(missing) > 6 else ''}没有数据，累计不明")
    if done == YEAR:
        return Guess(so_far, own=True)
    if done < LEAST_MONTHS:
        return Guess(None, why=f"本年只有 {done} 个月，不足 {LEAST_MONTHS} 个月")
    if so_far <= 0:
        return Guess(None, why="本年累计为 0 或负数，无从推算")
    own = None if weight is None else _own_share(firm.months, first - YEAR, done)
    share = _mixed(own, profile.share(firm.industry), weight or Fraction(0))
    if share is None:
        return Guess(None, why="上年数据不全，同行业可比企业也不足")
    return Guess(round_half_up(so_far / share), own=own is not None)


def _own_share(months: Months, first: int, done: int) -> Fraction | None:
    whole, part = total(months, first, YEAR), total(months, first, done)
    return Fraction(part, whole) if whole is not None and part is not None and whole > 0 and 0 < part <= whole else None


def _mixed(own: Fraction | None, industry: Fraction | None, weight: Fraction) -> Fraction | None:
    if own is None or industry is None:
        return industry if own is None else own
    return (own + weight * industry) / (1 + weight)


@dataclass(frozen=True)
class Trial:
    """What forecasting a past window would have done.

    ``mixed`` and ``industry`` are the ratios of what came to what was forecast, sorted, for the two ways of forecasting;
    ``first`` is the first month held back; ``right`` and ``wrong`` count firms whose side of the line was told rightly or not.
    """

    first: int
    done: int
    weight: Fraction
    mixed: Sequence[Fraction]
    industry: Sequence[Fraction]
    right: int
    wrong: int

    def ratios(self, *, own: bool) -> Sequence[Fraction]:
        """The ratios of one way of forecasting."""
        return self.mixed if own else self.industry

    def interval(self, *, own: bool) -> tuple[Fraction, Fraction] | None:
        """The middle four fifths of the ratios; None where fewer than ``LEAST_TRIALS`` firms were tried."""
        found = self.ratios(own=own)
        if len(found) < LEAST_TRIALS:
            return None
        return quantile(found, TENTH), quantile(found, 1 - TENTH)

    def median_error(self, *, own: bool) -> Fraction | None:
        """The median of the relative errors without sign; None where nobody was tried."""
        errors = sorted(abs(ratio - 1) for ratio in self.ratios(own=own))
        return quantile(errors, Fraction(1, 2)) if errors else None


def quantile(found: Sequence[Fraction], part: Fraction) -> Fraction:
    """The value of sorted ``found`` below or at which ``part`` of them lie (nearest rank).

    >>> quantile([Fraction(1), Fraction(2), Fraction(3)], Fraction(1, 2))
    Fraction(2, 1)
    """
    rank = -(-part.numerator * len(found) // part.denominator)
    return found[min(max(rank, 1), len(found)) - 1]


def trial_of(firms: Sequence[FirmMonths], first: int, done: int, line: int) -> Trial:
    """Forecast the window of twelve months from ``first`` with each weight, and keep the best."""
    profile = profile_of(firms, first - YEAR, done)
    whole = [(firm, came) for firm in firms if (came := total(firm.months, first, YEAR)) is not None and came > 0]
    trials = [_tried(whole, first, done, profile, weight, line) for weight in WEIGHTS]
    return min(trials, key=lambda trial: (trial.median_error(own=True) or Fraction(0), abs(trial.weight - 1)))


def _tried(whole: Sequence[tuple[FirmMonths, int]], first: int, done: int, profile: Profile, weight: Fraction, line: int) -> Trial:
    mixed, industry, right, wrong = [], [], 0, 0
    for firm, came in whole:
        alone, both = (guess(firm, first, done, profile, one) for one in (None, weight))
        if alone.middle:
            industry.append(Fraction(came, alone.middle))
        if both.own and both.middle:
            mixed.append(Fraction(came, both.middle))
        if both.middle:
            agrees = (came >= line) == (both.middle >= line)
            right, wrong = right + agrees, wrong + (not agrees)
    return Trial(first, done, weight, sorted(mixed), sorted(industry), right, wrong)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A year's sales in fen with the interval; all None where there is no forecast, and ``why`` says why."""

    low: int | None = None
    middle: int | None = None
    high: int | None = None
    own: bool = False
    why: str = ""


@dataclass(frozen=True)
class Forecaster:
    """Everything learned from the district's months up to ``through``: ready to forecast any firm's year."""

    through: int
    profile: Profile
    trial: Trial

    @property
    def first(self) -> int:
        """January of the year that is forecast."""
        return self.through // YEAR * YEAR

    @property
    def done(self) -> int:
        """How many months of it are over."""
        return self.through % YEAR + 1

    def forecast(self, firm: FirmMonths) -> Forecast:
        """One firm's year."""
        told = guess(firm, self.first, self.done, self.profile, self.trial.weight)
        if told.middle is not None and self.done == YEAR:
            return Forecast(told.middle, told.middle, told.middle, told.own)
        if told.own and self.trial.interval(own=True) is None:
            told = guess(firm, self.first, self.done, self.profile, None)
        if told.middle is None:
            return Forecast(why=told.why)
        interval = self.trial.interval(own=told.own)
        if interval is None:
            return Forecast(why=f"可回测的企业不足 {LEAST_TRIALS} 家，误差不明")
        low, high = (round_half_up(told.middle * ratio) for ratio in interval)
        return Forecast(min(low, told.middle), told.middle, max(high, told.middle), told.own)


def learn(firms: Sequence[FirmMonths], through: int, line: int) -> Forecaster:
    """Learn from all firms' months up to ``through``.

    The trial holds back the calendar year before; where too few firms have two whole years before this one,
    the twelve months up to ``through`` are held back instead.
    """
    first, done = through // YEAR * YEAR, through % YEAR + 1
    trial = trial_of(firms, first - YEAR, done, line)
    if max(len(trial.mixed), len(trial.industry)) < LEAST_TRIALS and done < YEAR:
        rolling = trial_of(firms, through - YEAR + 1, done, line)
        trial = max(trial, rolling, key=lambda one: len(one.industry))
    return Forecaster(through, profile_of(firms, first - YEAR, done), trial)
