"""The daily computation over the whole registry: recognitions, monthly sales, pool rules, warnings.

It reads the registry once in columns, asks the bulk engine all rules at once, and replaces what it found the last time.
Nothing that a person did is touched. Asked twice for the same day it gives the same rows and no second warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import polars as pl

from tidu.apps.cultivation.domain.derived import VERDICTS, with_derived, yes_no
from tidu.apps.cultivation.domain.forecasting import Trial, period_of
from tidu.apps.cultivation.domain.materials import holders
from tidu.apps.cultivation.domain.recognitions import RECOGNITION
from tidu.apps.cultivation.domain.revenue import RevenueTable, division, revenue_table
from tidu.apps.cultivation.domain.rulebook import Pool, Rulebook, rulebook
from tidu.apps.cultivation.domain.titles import titles
from tidu.apps.cultivation.enums import INSIDE, Stage
from tidu.apps.cultivation.models import Computation, Finding, Glance, Membership, RevenueLine
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.policies.loaded import packs
from tidu.kernel.bulk import BulkResult, assess_population
from tidu.kernel.facts import FIRM_CODE
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import MET, UNMET
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Population

AT_ONCE = 2000
SCALE = "规模以上工业企业"
ROSTER = "首次进规"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Outcome:
    """Everything one computation found, before it is written; ``rules`` holds the verdicts of each rule by firm."""

    day: date
    population: Population
    rules: Mapping[str, pl.DataFrame]
    scale: Mapping[str, bool | None]
    revenue: RevenueTable | None
    held: Mapping[str, AbstractSet[str]]
    book: Rulebook


def compute(day: date, progress: Progress | None = None) -> Outcome:
    """Read the registry and work everything out; writes nothing."""
    say = progress or (lambda *_: None)
    say("读取企业数据", 0, 4)
    population = population_of_registry(Enterprise.objects.all())
    say("对照标准", 1, 4)
    verdicts, scale = _verdicts(population, packs(), day)
    say("应税收入统计与预测", 2, 4)
    roster = set(population.events[ROSTER][FIRM_CODE].to_list())
    table = revenue_table(population, day, roster)
    values = {code: line.derived() for code, line in table.lines.items()} if table else {}
    say("各库和预警的条件", 3, 4)
    book = rulebook()
    asked = with_derived(_under_present_names(population), values, verdicts)
    results = assess_population(asked, book.packs, Moment(day, day), book.standards)
    found = {result.standard.name: result.rows for result in results}
    return Outcome(day, asked, found, scale, table, holders(asked, day), book)


def _verdicts(population: Population, known: PackSet, day: date) -> tuple[dict[str, pl.Series], dict[str, bool | None]]:
    """The verdicts that rules may name, and who is above scale; a standard not in force on the day gives unknown."""
    wanted = {*VERDICTS.values(), SCALE}
    standards = [one for one in known.in_force(law_date=day) if one.name in wanted]
    results: dict[str, BulkResult] = {
        result.standard.name: result for result in assess_population(population, known, Moment(day, day), standards)
    }
    columns = {fact: yes_no(results[name].rows["verdict"]).alias(fact) for fact, name in VERDICTS.items() if name in results}
    if SCALE not in results:
        return columns, {}
    answers = yes_no(results[SCALE].rows["verdict"]).to_list()
    return columns, dict(zip(population.codes, answers, strict=True))


def _under_present_names(population: Population) -> Population:
    """The population with every recognition under its canonical name, so that rules need no aliases."""
    frame, known = population.events[RECOGNITION], titles()
    names = [
        known.kind_of(name, level or "") if name else name for name, level in frame.select("名称", "级别").iter_rows()
    ]  # fmt: skip
    named = frame.with_columns(pl.Series("名称", names, pl.String))
    return replace(population, events={**population.events, RECOGNITION: named})


def write(outcome: Outcome, *, at: datetime, asked_by: str, counts: Mapping[str, Any]) -> Computation:
    """Replace findings, glances and monthly lines. Runs inside a transaction."""
    ids = dict(Enterprise.objects.in_registry().values_list("code", "pk"))
    _replace(Glance, _glances(outcome, ids))
    _replace(RevenueLine, _lines(outcome, ids))
    findings = [row for pool in outcome.book.pools for row in _findings(outcome, pool, ids)]
    _replace(Finding, findings)
    through = period_of(outcome.revenue.through) if outcome.revenue else None
    told = {
        **counts,
        "forecast": trial_document(outcome.revenue.forecaster.trial) if outcome.revenue else None,
        "materials": _materials_by_street(outcome),
    }
    return Computation.objects.create(
        day=outcome.day, through=through, at=at, asked_by=asked_by, digest=outcome.book.digest, counts=told
    )  # fmt: skip


def _replace(model: Any, rows: list[Any]) -> None:
    model.objects.all().delete()
    model.objects.bulk_create(rows, batch_size=AT_ONCE)


def _glances(outcome: Outcome, ids: Mapping[str, int]) -> list[Glance]:
    columns = (FIRM_CODE, "主导产业", "国民经济行业代码", "登记状态", "研发机构级别")
    held: dict[str, list[str]] = {}
    for key, codes in outcome.held.items():
        for code in codes:
            held.setdefault(code, []).append(key)
    return [
        Glance(
            enterprise_id=ids[code],
            held=f",{','.join(held[code])}," if code in held else "",
            chain=chain or "",
            division=division(industry),
            status=status or "",
            above_scale=outcome.scale.get(code),
            research_body=None if body is None else body != "无",
        )
        for code, chain, industry, status, body in outcome.population.firms.select(columns).iter_rows()
        if code in ids
    ]


def _materials_by_street(outcome: Outcome) -> dict[str, dict[str, int]]:
    """For each subdistrict (by code, empty where none) and kind of material, for how many firms it is held."""
    streets = dict(Enterprise.objects.in_registry().values_list("code", "subdistrict__code"))
    found: dict[str, Counter[str]] = {}
    for key, codes in outcome.held.items():
        for code in codes & streets.keys():
            found.setdefault(streets[code] or "", Counter())[key] += 1
    return {street: dict(counted) for street, counted in found.items()}


def _lines(outcome: Outcome, ids: Mapping[str, int]) -> list[RevenueLine]:
    if outcome.revenue is None:
        return []
    return [
        RevenueLine(
            enterprise_id=ids[code], months={str(period): value for period, value in line.months.items()}, latest=line.latest,
            to_date=line.to_date, before=line.before, growth=line.growth, last_year=line.last_year, gaps=line.gaps,
            on_roster=line.on_roster, low=line.forecast.low, middle=line.forecast.middle, high=line.forecast.high,
            basis="" if line.forecast.middle is None else "本企业上年与同行业" if line.forecast.own else "同行业",
            crossing=line.crossing, why=line.forecast.why,
        )
        for code, line in outcome.revenue.lines.items()
        if code in ids
    ]  # fmt: skip


def _findings(outcome: Outcome, pool: Pool, ids: Mapping[str, int]) -> list[Finding]:
    """Rows for whoever meets the entry rule, cannot be judged by it, or stands in the pool."""
    inside = set(Membership.objects.filter(pool=pool.key, state__in=INSIDE).values_list("enterprise_id", flat=True))
    entry, leaving = outcome.rules[pool.entry], outcome.rules[pool.exit]
    stages = [(stage, outcome.rules[name]["verdict"].to_list()) for stage, name in pool.stages]
    exits = leaving["verdict"].to_list()
    rows = zip(entry[FIRM_CODE].to_list(), entry["verdict"].to_list(), entry["missing"].to_list(), strict=True)
    return [
        Finding(
            enterprise_id=ids[code], pool=pool.key, entry=verdict, exit=exits[place], missing=missing or [],
            stage=next((stage for stage, verdicts in stages if verdicts[place] == MET), Stage.RESERVE),
        )
        for place, (code, verdict, missing) in enumerate(rows)
        if code in ids and (verdict != UNMET or ids[code] in inside)
    ]  # fmt: skip


def trial_document(trial: Trial) -> dict[str, Any]:
    """What the trial on held-back months found, for the page; parts in millionths."""

    def parts(value: Fraction | None) -> int | None:
        return None if value is None else int(value * 1_000_000)

    def measured(*, own: bool) -> dict[str, Any]:
        interval = trial.interval(own=own)
        return {
            "count": len(trial.ratios(own=own)), "median": parts(trial.median_error(own=own)),
            "low": parts(interval[0] - 1) if interval else None, "high": parts(interval[1] - 1) if interval else None,
        }  # fmt: skip

    return {
        "first": period_of(trial.first), "done": trial.done, "weight": str(trial.weight), "right": trial.right, "wrong": trial.wrong,
        "own": measured(own=True), "industry": measured(own=False),
    }  # fmt: skip
