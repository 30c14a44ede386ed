"""Who the fictional firms are: credit codes, names, entity types, dates, places and industries."""

from __future__ import annotations

from datetime import date
from math import gcd

import polars as pl

from tidu.demo.draws import Draws
from tidu.demo.places import (
    CITY,
    DISTRICT,
    FIRST_SYLLABLES,
    INDUSTRIES,
    LAST_SYLLABLES,
    MIDDLE_SYLLABLES,
    NEIGHBOUR,
    RARE_SYLLABLES,
    RUN_BY_ZONE,
    SUBDISTRICTS,
)
from tidu.kernel.facts import FIRM_CODE

COMPANY, HOUSEHOLD, COOPERATIVE = "企业", "个体工商户", "农民专业合作社"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_GUILD = {COMPANY: "91", HOUSEHOLD: "92", COOPERATIVE: "93"}
_PILOT_PREFIX = "91350200"
_NEW_CODES_FROM = date(2015, 10, 1)
PILOT_EVERY = 700
"""One firm in so many carries a pilot code: moved in from the pilot city, legal, and failing the check digit."""

SUBDISTRICT_NAMES = tuple(SUBDISTRICTS)
_SUFFIXES = {"有限公司": 80, "有限责任公司": 12, "股份有限公司": 4, "集团有限公司": 1}
_TRADES = {"52": "商行", "62": "餐馆", "61": "客栈"}


def _scattered(index: pl.Series, seed: int, size: int) -> pl.Series:
    """A permutation of 0 … size-1 walked by index in steps of the golden section, so that no two of ``size`` firms share a value."""
    step = int(size * 0.618)
    while gcd(step, size) > 1:
        step += 1
    return (index.cast(pl.UInt64) * step + seed * 7919 % size) % size


def _body(index: pl.Series, seed: int, old: pl.Series, pilot: pl.Series) -> list[pl.Series]:
    """Eight positions of the organisation code, as places in the alphabet.

    Digits for firms from before the unified code, ``MX`` and six characters for later ones, ``M000`` for pilot codes.
    """
    digits = _scattered(index, seed, 10**7)
    letters = _scattered(index, seed, 31**6)
    pilots = (index.cast(pl.UInt64) // PILOT_EVERY + seed * 977 % 31**4) % 31**4
    fixed = {0: ("M", "0"), 1: ("X", "0")}
    positions: list[pl.Series] = []
    for place in range(8):
        digit = digits // 10 ** (7 - place) % 10
        letter = letters // 31 ** (7 - place) % 31
        if place in fixed:
            letter = letter * 0 + ALPHABET.index(fixed[place][0])
        trial = pilots // 31 ** (7 - place) % 31 if place >= 4 else pilots * 0 + ALPHABET.index("M000"[place])
        positions.append(trial.zip_with(pilot, digit.zip_with(old, letter)).cast(pl.Int64))
    return positions


def constant(text: str, like: pl.Series) -> pl.Series:
    """``text`` in every row."""
    return pl.repeat(text, len(like), dtype=pl.String, eager=True)


def _characters(positions: pl.Series) -> pl.Series:
    return pl.Series(list(ALPHABET)).gather(positions)


def _body_check(positions: list[pl.Series]) -> pl.Series:
    """Check character of the organisation code (GB 11714), where letters count from A = 10 with none left out."""
    values = pl.Series([int(character, 36) for character in ALPHABET])
    total = sum((values.gather(column) * weight for column, weight in zip(positions, _BODY_WEIGHTS, strict=True)), positions[0] * 0)
    rest = (11 - total % 11) % 11
    return pl.Series([ALPHABET.index("0123456789X"[value]) for value in range(11)]).gather(rest)


def credit_codes(prefix: pl.Series, positions: list[pl.Series], broken: pl.Series) -> pl.Series:
    """Codes of 18 characters from an 8-digit prefix and 8 positions; where ``broken`` is true the last character is a wrong one."""
    columns = [*positions, _body_check(positions)]
    total = positions[0] * 0
    for place in range(8):
        total = total + prefix.str.slice(place, 1).cast(pl.Int64) * _CODE_WEIGHTS[place]
    for column, weight in zip(columns, _CODE_WEIGHTS[8:], strict=True):
        total = total + column * weight
    check = ((31 - total % 31) + broken.cast(pl.Int64)) % 31
    texts = [prefix, *(_characters(column) for column in [*columns, check])]
    return pl.DataFrame([text.alias(str(place)) for place, text in enumerate(texts)]).select(pl.concat_str(pl.all())).to_series()


def _industry_positions(draws: Draws, entity: pl.Series) -> pl.Series:
    company = draws.position("industry", [industry.weight for industry in INDUSTRIES])
    household = draws.position("industry of a household", [industry.household for industry in INDUSTRIES])
    cooperative = draws.position("industry of a cooperative", [industry.cooperative for industry in INDUSTRIES])
    return household.zip_with(entity == HOUSEHOLD, cooperative.zip_with(entity == COOPERATIVE, company))


def _of_industry(positions: pl.Series, attribute: str) -> pl.Series:
    values = [getattr(industry, attribute) for industry in INDUSTRIES]
    return pl.Series(values).gather(positions)


def _established(draws: Draws, assessed_on: date) -> pl.Series:
    """Ages fall off exponentially with a mean of nine years, from six weeks to thirty-five years."""
    days = ((1.0 - draws.uniform("age")).log() * (-9.0 * 365)).cast(pl.Int64) + 45
    days = days.clip(45, 35 * 365)
    frame = pl.DataFrame({"days": days}).select(pl.lit(assessed_on) - pl.duration(days="days"))
    return frame.to_series().cast(pl.Date)


def _syllables(index: pl.Series, seed: int) -> pl.Series:
    """Trade names of three syllables, different for every firm while there are enough of them."""
    lists = (FIRST_SYLLABLES, MIDDLE_SYLLABLES, LAST_SYLLABLES)
    size = len(lists[0]) * len(lists[1]) * len(lists[2])
    rest = _scattered(index, seed, size)
    first = pl.Series(list(lists[0])).gather((rest % len(lists[0])).cast(pl.Int64))
    rest = rest // len(lists[0])
    middle = pl.Series(list(lists[1])).gather((rest % len(lists[1])).cast(pl.Int64))
    last = pl.Series(list(lists[2])).gather((rest // len(lists[1])).cast(pl.Int64))
    return pl.DataFrame([first.alias("a"), middle.alias("b"), last.alias("c")]).select(pl.concat_str("a", "b", "c")).to_series()


def _names(draws: Draws, base: pl.DataFrame) -> pl.Series:
    """Names by entity: place, trade name, line of business, form; some bracketed, some very long, some with rare characters."""
    frame = base.with_columns(
        draws.choose("name place", {"武汉市蔡甸区": 45, "武汉": 36, "武汉市": 11, "湖北": 8}).alias("place"),
        _syllables(base["index"], draws.seed).alias("trade"),
        draws.choose("name form", _SUFFIXES).alias("form"),
        draws.choose("name rare", dict.fromkeys(RARE_SYLLABLES, 1.0)).alias("rare"),
        draws.uniform("name shape").alias("shape"),
    )
    division = pl.col("industry_code").str.slice(0, 2)
    trade = pl.when(pl.col("shape") > 0.993).then(pl.concat_str("rare", "trade")).otherwise("trade")
    shop = division.replace_strict(_TRADES, default="经营部")
    plain = pl.concat_str("place", trade, "word", "form")
    wide = pl.concat_str(trade, pl.lit("（武汉）"), "word", "form")
    narrow = pl.concat_str(trade, pl.lit("(武汉)"), "word", "form")
    long = pl.concat_str("place", trade, "word", "form", pl.lit("中法武汉生态示范城智能制造产业园第二精密加工与表面处理生产基地分公司"))
    company = pl.when(pl.col("shape") < 0.06).then(wide).when(pl.col("shape") < 0.07).then(narrow)
    named = company.when(pl.col("shape") < 0.078).then(long).otherwise(plain)
    household = pl.concat_str(pl.lit("武汉市蔡甸区"), trade, "word", shop)
    cooperative = pl.concat_str(pl.lit("武汉市蔡甸区"), trade, "word", pl.lit("专业合作社"))
    chosen = pl.when(pl.col("entity") == HOUSEHOLD).then(household).when(pl.col("entity") == COOPERATIVE).then(cooperative)
    return frame.select(chosen.otherwise(named).alias("name")).to_series()


def make_identities(seed: int, index: pl.Series, assessed_on: date, companies: pl.Series) -> pl.DataFrame:
    """One row per index: code, name, entity, established, subdistrict, industry and the industry's parameters.

    Where ``companies`` is true the firm is a company. Column names are the generator's own; ``profile.firm_table`` turns them into facts.
    """
    draws = Draws(seed, index)
    entity = draws.choose("entity", {COMPANY: 0.86, HOUSEHOLD: 0.115, COOPERATIVE: 0.025})
    pilot = index % PILOT_EVERY == 5
    entity = constant(COMPANY, index).zip_with(pilot | companies, entity)
    established = _established(draws, assessed_on)
    industry = _industry_positions(draws, entity)
    division = draws.choose("division of the code", {DISTRICT: 0.88, CITY: 0.12})
    guild = entity.replace_strict(_GUILD, return_dtype=pl.String)
    prefix = pl.DataFrame([guild.alias("g"), division.alias("d")]).select(pl.concat_str("g", "d")).to_series()
    prefix = constant(_PILOT_PREFIX, index).zip_with(pilot, prefix)
    old = (established < _NEW_CODES_FROM) & draws.chance("old code", 0.7)
    codes = credit_codes(prefix, _body(index, seed, old & ~pilot, pilot), pilot)
    subdistrict = draws.choose("subdistrict", {name: weight for name, (_, weight) in SUBDISTRICTS.items()})
    parameters = [_of_industry(industry, name).alias(name) for name in ("chain", "word", "product", "size", "productivity", "research")]
    base = pl.DataFrame(
        [
            index.alias("index"),
            codes.alias(FIRM_CODE),
            entity.alias("entity"),
            established.alias("established"),
            subdistrict.alias("subdistrict"),
            _of_industry(industry, "code").alias("industry_code"),
            *parameters,
        ]
    )
    return base.with_columns(_names(draws, base).alias("name"))


def tax_and_statistics(draws: Draws, base: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Divisions of tax and of statistics: mostly the district, in the zone's subdistricts mostly the neighbour, a few elsewhere."""
    zone = base["subdistrict"].is_in(RUN_BY_ZONE)
    home = constant(DISTRICT, base["index"])
    elsewhere = draws.choose("tax elsewhere", {"420105": 3, "420106": 2, "420102": 2, NEIGHBOUR: 4})
    tax = elsewhere.zip_with(draws.chance("taxed elsewhere", 0.02), home)
    neighbour = constant(NEIGHBOUR, base["index"])
    tax = neighbour.zip_with(zone & draws.chance("taxed by the zone", 0.85), tax)
    statistics = tax.zip_with(draws.chance("counted where taxed", 0.97), home)
    return tax, statistics
