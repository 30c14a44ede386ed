"""The fictional district as a population: everything drawn, boundary cases set in, gaps cut out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from tidu.demo.accounts import make_years, with_ambition, with_latents
from tidu.demo.boundary import BoundaryCase, boundary_cases, boundary_positions
from tidu.demo.gaps import with_firm_gaps, with_year_gaps
from tidu.demo.identity import make_identities
from tidu.demo.intellectual import PROPERTY, make_register, property_counts
from tidu.demo.ladder import RECOGNITION, make_recognitions, with_standing
from tidu.demo.months import make_months
from tidu.demo.profile import firm_table
from tidu.demo.registers import Registers, make_payments
from tidu.kernel.errors import TiduError
from tidu.kernel.facts import FIRM_CODE, FIRM_NAME, MONTH, YEAR, Catalogue, catalogue
from tidu.kernel.population import Population, event_schema

DEFAULT_YEARS = (2021, 2022, 2023)
DEFAULT_SEED = 2024


def assessment_day(years: Sequence[int]) -> date:
    """The day as of which the district is told: 1 June of the year after the last."""
    return date(max(years) + 1, 6, 1)


def _check(firms: int, years: Sequence[int]) -> None:
    if firms < 0:
        raise TiduError("bad-district", f"企业数不能为负数，收到 {firms}。请填写 0 或正整数。", firms=firms)
    if not years or min(years) < 1950 or max(years) > 2100:
        raise TiduError("bad-district", f"年度须为 1950 至 2100 之间的年份且至少一个，收到 {tuple(years)}。", years=tuple(years))


def _events(seed: int, base: pl.DataFrame, counts: pl.DataFrame, last: int, facts: Catalogue) -> dict[str, pl.DataFrame]:
    """Every register of the catalogue, led by ``index``."""
    assessed_on = assessment_day((last,))
    registers = Registers(seed, base, assessed_on, facts)
    made = {
        RECOGNITION: make_recognitions(seed, base, assessed_on, facts),
        "首次进规": registers.first_rises(last),
        "研发补贴": registers.subsidies(last),
        "技术合同": registers.contracts(),
        "质量奖": registers.quality_awards(),
        "标准": registers.standards(),
        "创客中国": registers.contests(),
        "科技奖励": registers.science_awards(),
        "重大违法违规": registers.violations(),
        "弄虚作假认定": registers.frauds(),
        "迁移": registers.moves(),
        "投资": registers.investments(),
        "荣誉": registers.honours(),
        "商标": registers.trade_marks(),
        "作品著作权": registers.works(),
        PROPERTY: make_register(seed, base, counts, assessed_on, facts),
    }
    made["奖补发放"] = make_payments(seed, made[RECOGNITION], made["首次进规"], assessed_on, facts)
    empty = {name: pl.DataFrame(schema={"index": pl.Int64} | event_schema(facts, name)) for name in facts.events if name not in made}
    return {name: (made | empty)[name] for name in facts.events}


def _set_in(frame: pl.DataFrame, rows: Sequence[Mapping[str, object]], positions: list[int], order: list[str]) -> pl.DataFrame:
    """``frame`` with the rows of the boundary firms replaced by ``rows``; columns the catalogue lacks are left out."""
    kept = frame.filter(~pl.col("index").is_in(positions))
    known = [{name: value for name, value in row.items() if name in frame.columns} for row in rows]
    added = pl.DataFrame(known, schema=frame.schema)
    return pl.concat([kept, added]).sort(order, maintain_order=True)


def _keyed(position: int, code: str, **fields: object) -> dict[str, object]:
    return {"index": position, FIRM_CODE: code, **fields}


def _with_boundary_cases(
    tables: dict[str, pl.DataFrame], events: dict[str, pl.DataFrame], placed: list[tuple[int, BoundaryCase]]
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Tables and registers in which the firms at the places of the list are the boundary cases; code and subdistrict stay drawn."""
    positions = [position for position, _ in placed]
    own = tables["firms"].filter(pl.col("index").is_in(positions)).select("index", FIRM_CODE, "所属街道").rows_by_key("index", unique=True)
    firms, years, months = [], [], []
    rows: dict[str, list[Mapping[str, object]]] = {name: [] for name in events}
    for position, case in placed:
        code, subdistrict = own[position]
        firms.append(_keyed(position, code, 所属街道=subdistrict, **case.firm) | {FIRM_NAME: case.name})
        years += [_keyed(position, code, **row) | {YEAR: year} for year, row in case.years.items()]
        months += [_keyed(position, code, **row) | {MONTH: month} for month, row in case.months.items()]
        for name, listed in case.events.items():
            rows[name] += [_keyed(position, code, **row) for row in listed]
    changed = {
        "firms": _set_in(tables["firms"], firms, positions, ["index"]),
        "years": _set_in(tables["years"], years, positions, ["index", YEAR]),
        "months": _set_in(tables["months"], months, positions, ["index", MONTH]),
    }
    return changed, {name: _set_in(frame, rows[name], positions, ["index"]) for name, frame in events.items()}


def make_district(
    firms: int = 3000, years: tuple[int, ...] = DEFAULT_YEARS, seed: int = DEFAULT_SEED, *, facts: Catalogue | None = None
) -> Population:
    """A fictional district of ``firms`` firms over ``years``, the same for the same seed.

    A firm does not depend on how many others are made: the first 50 firms of any district are the district of 50.
    Values are stored encodings; events are dated up to 1 June of the year after the last. Raises ``bad-district``.
    """
    _check(firms, years)
    known = facts or catalogue()
    last = max(years)
    cases = boundary_cases(years)
    positions = boundary_positions(firms, len(cases))
    index = pl.int_range(firms, dtype=pl.Int64, eager=True).alias("index")
    base = make_identities(seed, index, assessment_day(years), index.is_in(positions))
    names = pl.DataFrame(
        {"index": positions, "name": [case.name for case in cases[: len(positions)]]}, schema={"index": pl.Int64, "name": pl.String}
    )
    base = base.update(names, on="index", how="left").sort("index")
    base = with_ambition(seed, with_standing(seed, with_latents(seed, base)))
    counts = property_counts(seed, base)
    events = _events(seed, base, counts, last, known)
    tables = {
        "firms": with_firm_gaps(seed, base, firm_table(seed, base, counts, events, last, known), known),
        "years": with_year_gaps(seed, base, make_years(seed, base, sorted(set(years)), known), known),
        "months": make_months(seed, base, last, known),
    }
    tables, events = _with_boundary_cases(tables, events, list(zip(positions, cases, strict=False)))
    done = {name: frame.drop("index") for name, frame in events.items()}
    return Population(tables["firms"].drop("index"), tables["years"].drop("index"), tables["months"].drop("index"), done)
