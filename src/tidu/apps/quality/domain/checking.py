"""Looking through the whole registry, in columns: which facts that standards read are missing, stale or in conflict, and which
single fact would decide the most firms."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl
from django.db import transaction

from tidu.apps.assessments.models import Run, Standing
from tidu.apps.enterprises.domain.populations import population_of_registry
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import Enterprise, FactsInForce
from tidu.apps.quality.enums import FindingKind
from tidu.apps.quality.models import Finding, QualityCheck
from tidu.kernel.bulk import BulkEngine, BulkResult
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import FIRM_CODE, YEAR, Catalogue, Fact, Kind, catalogue
from tidu.kernel.inputs import Moment
from tidu.kernel.interpret import UNKNOWN, standard_keys
from tidu.kernel.packs import PackSet
from tidu.kernel.population import Population

Tell = Callable[[str, int, int], None]
Rows = list[tuple[str, int]]
"""Codes of firms with a period."""
Alone = tuple[str, str, str]
"""A missing fact, the code of a firm, and a standard that is open for the want of this fact alone."""


@dataclass(slots=True)
class Found:
    """One finding before it is kept."""

    kind: FindingKind
    fact: str
    level: Level
    period: int
    source: str
    rows: Rows
    standards: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Looked:
    """All findings of one look, over how many firms, for which day."""

    moment: Moment
    firms: int
    found: list[Found] = field(default_factory=list)


def found_in_registry(packs: PackSet, moment: Moment, *, tell: Tell | None = None) -> Looked:
    """Look through all firms of the registry; nothing is written."""
    step = tell or (lambda _what, _done, _all: None)
    population = population_of_registry(Enterprise.objects.in_registry())
    looked = found_in(population, packs, moment, tell=step)
    step("来源冲突", 0, 0)
    looked.found += conflicts_in_force()
    return looked


def found_in(population: Population, packs: PackSet, moment: Moment, *, tell: Tell) -> Looked:
    """Missing, stale and deciding facts of a population."""
    looked = Looked(moment, population.firms.height)
    if not looked.firms:
        return looked
    standards = packs.in_force(law_date=moment.law_date)
    engine = BulkEngine(packs, standards, moment)
    inputs = engine.frame(population)
    waiting = _waiting(packs, standards)
    lacking = {key: inputs.filter(pl.col(key).is_null())[FIRM_CODE].to_list() for key in waiting if key in inputs.columns}
    looked.found += _missing(lacking, waiting, packs, moment)
    looked.found += stale_in(population, moment)
    if Run.objects.exists():
        tell("只差一项就能定", 0, 0)
        alone = alone_in_run()
    else:
        alone = alone_in(engine.assess(inputs, population, lambda done, whole: tell("对照各项标准", done, whole)))
    looked.found += deciding(alone, lacking, packs, moment)
    return looked


def _fact_of(key: str, packs: PackSet) -> tuple[Fact, int] | None:
    """The fact of the catalogue behind an input and how many years back; None where it is no fact that one can hand in."""
    name, shift = split_key(key)
    if name in packs.mappings:
        name = packs.mappings[name][0]
    fact = packs.scope.catalogue.facts.get(name)
    return (fact, shift) if fact is not None and fact.kind in {Kind.FIRM, Kind.YEAR} else None


def _waiting(packs: PackSet, standards: Iterable[object]) -> dict[str, list[str]]:
    """For every input that is a fact the standards that read it."""
    found: dict[str, list[str]] = {}
    for standard in standards:
        for key in standard_keys(standard):  # type: ignore[arg-type]
            if _fact_of(key, packs) is not None:
                found.setdefault(key, []).append(standard.name)  # type: ignore[attr-defined]
    return found


def _place(fact: Fact, shift: int, moment: Moment) -> tuple[Level, int]:
    return (Level.FIRM, 0) if fact.kind is Kind.FIRM else (Level.YEAR, moment.year - shift)


def _missing(lacking: Mapping[str, list[str]], waiting: Mapping[str, list[str]], packs: PackSet, moment: Moment) -> list[Found]:
    found: dict[tuple[str, int], Found] = {}
    for key, codes in lacking.items():
        known = _fact_of(key, packs)
        if known is None or not codes:
            continue
        fact, shift = known
        level, period = _place(fact, shift, moment)
        one = found.setdefault(
            (fact.name, period), Found(FindingKind.MISSING, fact.name, level, period, fact.source, [(code, period) for code in codes])
        )
        one.standards = list(dict.fromkeys([*one.standards, *waiting[key]]))
    return sorted(found.values(), key=lambda one: (-len(one.rows), one.fact, -one.period))


def stale_in(population: Population, moment: Moment) -> list[Found]:
    """Figures of a year whose newest value is older than the year before the day of the facts."""
    found = []
    for fact in catalogue().of_kind(Kind.YEAR):
        newest = (
            population.years.filter(pl.col(fact.name).is_not_null())
            .group_by(FIRM_CODE)
            .agg(pl.col(YEAR).max())
            .filter(pl.col(YEAR) < moment.year)
            .sort(FIRM_CODE)
        )
        rows = [(code, moment.year) for code in newest[FIRM_CODE].to_list()]
        if rows:
            found.append(Found(FindingKind.STALE, fact.name, Level.YEAR, moment.year, fact.source, rows))
    return sorted(found, key=lambda one: (-len(one.rows), one.fact))


def alone_in_run() -> Iterator[Alone]:
    """What the last assessment of everyone says, so that its lists and these agree."""
    rows = Standing.objects.exclude(outcome__lone_fact="").order_by("enterprise__code", "pk")
    yield from rows.values_list("outcome__lone_fact", "enterprise__code", "standard__name").iterator(chunk_size=5000)


def alone_in(results: Iterable[BulkResult]) -> Iterator[Alone]:
    """The same from results of the engine, where no assessment was made yet."""
    for result in results:
        alone = result.rows.filter((pl.col("verdict") == UNKNOWN) & (pl.col("missing").list.len() == 1))
        for code, missing in alone.select(FIRM_CODE, pl.col("missing").list.first()).iter_rows():
            yield missing, code, result.standard.name


def deciding(alone: Iterable[Alone], lacking: Mapping[str, list[str]], packs: PackSet, moment: Moment) -> list[Found]:
    """For every fact the firms of which some standard is open and waits for nothing but this fact.

    The periods asked for are those in which the firm lacks the fact; a firm that has got it meanwhile is left out.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    standards: dict[str, dict[str, None]] = defaultdict(dict)
    for missing, code, standard in alone:
        wanted[missing].add(code)
        standards[missing][standard] = None
    periods: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for key, codes in lacking.items():
        known = _fact_of(key, packs)
        if known is not None:
            fact, shift = known
            for code in codes:
                periods[fact.name][code].append(_place(fact, shift, moment)[1])
    facts = catalogue()
    found = [_deciding(name, sorted(codes), periods[name], list(standards[name]), facts) for name, codes in wanted.items()]
    return sorted((one for one in found if one.rows), key=lambda one: (-len({code for code, _ in one.rows}), one.fact))


def _deciding(name: str, codes: list[str], periods: Mapping[str, list[int]], standards: list[str], facts: Catalogue) -> Found:
    fact = facts.facts.get(name)
    level = Level.YEAR if fact is not None and fact.kind is Kind.YEAR else Level.FIRM
    asked = (lambda code: periods.get(code, ())) if fact is not None else (lambda _: (0,))
    rows = [(code, period) for code in codes for period in sorted(set(asked(code)))]
    source = (
        fact.source if fact is not None else facts.events[name.partition(".")[0]].source if name.partition(".")[0] in facts.events else ""
    )
    return Found(FindingKind.DECIDING, name, level, 0, source, rows, standards)


def conflicts_in_force() -> list[Found]:
    """Facts in force that some other source tells differently."""
    found: dict[tuple[str, int, int], list[str]] = {}
    rows = FactsInForce.objects.exclude(conflicts={}).filter(enterprise__merged_into=None).order_by("enterprise__code", "level", "period")
    for code, level, period, conflicts in rows.values_list("enterprise__code", "level", "period", "conflicts").iterator(chunk_size=2000):
        for fact in conflicts:
            found.setdefault((fact, level, period), []).append(code)
    facts = catalogue().facts
    listed = [
        Found(FindingKind.CONFLICT, fact, Level(level), period, facts[fact].source, [(code, period) for code in codes])
        for (fact, level, period), codes in found.items()
        if fact in facts
    ]
    return sorted(listed, key=lambda one: (-len(one.rows), one.fact, -one.period))


def keep_findings(looked: Looked, *, at: datetime) -> QualityCheck:
    """Keep what was found in place of what an earlier check found."""
    with transaction.atomic():
        known = {code: (pk, unit) for pk, code, unit in Enterprise.objects.in_registry().values_list("pk", "code", "subdistrict_id")}
        QualityCheck.objects.all().delete()
        check = QualityCheck.objects.create(at=at, law_date=looked.moment.law_date, firms=looked.firms)
        Finding.objects.bulk_create((_kept(one, check, known) for one in looked.found), batch_size=50)
    return check


def _kept(one: Found, check: QualityCheck, known: Mapping[str, tuple[int, int | None]]) -> Finding:
    rows = [(code, period) for code, period in one.rows if code in known]
    units = {code: known[code][1] for code, _ in rows}
    counts = Counter(str(unit or "") for unit in units.values())
    return Finding(
        check_of=check, kind=one.kind, fact=one.fact, level=one.level, period=one.period, source=one.source, standards=one.standards,
        rows=[[known[code][0], period] for code, period in rows], counts=dict(counts),
    )  # fmt: skip
