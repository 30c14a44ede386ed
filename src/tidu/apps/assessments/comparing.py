"""Two runs beside each other, and what changed from one to the next in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import QuerySet

from tidu.apps.accounts.actors import Actor
from tidu.apps.assessments.domain.snapshots import results_of
from tidu.apps.assessments.enums import Verdict, Why
from tidu.apps.assessments.models import Change, Run
from tidu.apps.assessments.run_queries import PastList, Wanted, own_firms
from tidu.apps.enterprises.enums import Level
from tidu.apps.enterprises.models import DataSheet, FactsInForce
from tidu.apps.policies.loaded import packs
from tidu.kernel.expressions import split_key
from tidu.kernel.facts import FIRM_CODE, Fact, Kind, Store, catalogue
from tidu.kernel.inputs import EVENT_PREFIX, Moment
from tidu.kernel.wayup_steps import readable

ABSENT = "absent"
"""Stands for "not in that run"."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many firms went from one verdict to another (``absent``: not assessed) between two runs."""

    standard: str
    before: str
    after: str
    count: int


def moves_between(actor: Actor, first: Run, second: Run) -> list[Moved] | None:
    """Firms by verdict in the one and the other run, for every standard of either; None where a file is gone."""
    both = _beside(actor, first, second)
    if both is None:
        return None
    order = {one["standard"]: place for place, one in enumerate([*second.counts, *first.counts])}
    rows = both.group_by("standard", "before", "after").len().rows()
    ranks = {word: place for place, word in enumerate([*(verdict.value for verdict in Verdict), ABSENT])}
    return [Moved(*row) for row in sorted(rows, key=lambda row: (order.get(row[0], 99), row[0], ranks[row[1]], ranks[row[2]]))]


def _beside(actor: Actor, first: Run, second: Run, standard: str | None = None) -> pl.DataFrame | None:
    columns = [FIRM_CODE, "standard", "verdict"]
    frames = [results_of(run, standard, columns) for run in (first, second)]
    if frames[0] is None or frames[1] is None:
        return None
    both = frames[0].rename({"verdict": "before"}).join(
        frames[1].rename({"verdict": "after"}), on=[FIRM_CODE, "standard"], how="full", coalesce=True
    ).with_columns(pl.col("before", "after").fill_null(ABSENT))  # fmt: skip
    if actor.sees_all_firms:
        return both
    codes = pl.Series(list(own_firms(actor).order_by().values_list("code", flat=True)), dtype=pl.String)
    return both.filter(pl.col(FIRM_CODE).is_in(codes.implode()))


def firms_moved(actor: Actor, first: Run, second: Run, move: Moved, wanted: Wanted) -> PastList | None:
    """The firms behind one count, as they stand in the second run (or stood in the first, where they left)."""
    both = _beside(actor, first, second, move.standard)
    rows = results_of(second if move.after != ABSENT else first, move.standard)
    if both is None or rows is None:
        return None
    codes = both.filter(pl.col("before") == move.before, pl.col("after") == move.after)[FIRM_CODE]
    seen = pl.Series(list(own_firms(actor, wanted).order_by().values_list("code", flat=True)), dtype=pl.String)
    kept = rows.filter(pl.col(FIRM_CODE).is_in(codes.implode()), pl.col(FIRM_CODE).is_in(seen.implode()))
    return PastList(actor, kept.sort(FIRM_CODE))


@dataclass(frozen=True, slots=True)
class Told:
    """A change as people read it: the outcomes in words, and the reason."""

    change: Change
    before: str
    after: str
    reason: str


def changes(actor: Actor, run: Run, *, standard: str = "", why: str = "", turned: bool = True, wanted: Wanted | None = None) -> ToldChanges:
    """What changed with a run for the firms the actor sees; only verdicts that turned, or every outcome."""
    listed = Change.objects.visible_to(actor).filter(run=run)
    if turned:
        listed = listed.filter(turned=True)
    if standard:
        listed = listed.filter(standard__name=standard)
    if why:
        listed = listed.filter(why=why)
    if wanted is not None and (wanted.words or wanted.street):
        listed = listed.filter(enterprise__in=own_firms(actor, wanted).order_by().values("pk"))
    rows = listed.select_related("enterprise__subdistrict", "standard", "before", "after", "run").order_by(
        "standard__place", "standard", "enterprise__code"
    )
    return ToldChanges(rows, Moment(run.law_date, run.facts_as_of))


@dataclass(frozen=True)
class ToldChanges:
    """Changes that count and slice like a queryset; a slice asks twice more, for where the values come from."""

    rows: QuerySet[Change]
    moment: Moment

    def count(self) -> int:
        """How many."""
        return self.rows.count()

    def __getitem__(self, part: slice) -> list[Told]:
        listed = list(self.rows[part])
        origins = _origins(listed)
        return [self._told(change, origins) for change in listed]

    def _told(self, change: Change, origins: Mapping[tuple[int, int, int, str], str]) -> Told:
        reason = Why(change.why).label
        if change.why == Why.LAW and change.before and change.after:
            reason = f"标准文本由{change.before.version}改为{change.after.version}"
        elif change.why == Why.TITLE and change.before and change.after:
            reason = f"有效认定由“{change.before.held or '无'}”变为“{change.after.held or '无'}”"
        elif change.facts:
            reason = "；".join(self._fact(change, one, origins) for one in change.facts)
        return Told(change, outcome_words(change.before), outcome_words(change.after), reason)

    def _fact(self, change: Change, told: Sequence[Any], origins: Mapping[tuple[int, int, int, str], str]) -> str:
        key, before, after = told
        name, level, period, fact = place_of(key, self.moment)
        origin = origins.get((change.enterprise_id, level, period, fact), "")
        return f"{name} {value_words(key, before)} → {value_words(key, after)}{f'（{origin}）' if origin else ''}"


def _origins(listed: Iterable[Change]) -> dict[tuple[int, int, int, str], str]:
    """Firm, level, period and fact → source and day of the sheet that holds now."""
    concerned = {change.enterprise_id for change in listed if change.facts}
    rows = list(FactsInForce.objects.filter(enterprise__in=concerned).exclude(level=Level.MONTH).order_by()) if concerned else []
    named = {sheet for row in rows for sheet in row.origins.values()}
    sheets = {sheet.pk: sheet for sheet in DataSheet.objects.filter(pk__in=named).select_related("source")} if named else {}
    return {
        (row.enterprise_id, row.level, row.period, fact): f"{sheets[sheet].source.name}，{sheets[sheet].received_at:%Y-%m-%d} 收到"
        for row in rows
        for fact, sheet in row.origins.items()
        if sheet in sheets
    }


def place_of(key: str, moment: Moment) -> tuple[str, int, int, str]:
    """An input in words, with the level, period and name of the fact behind it."""
    name, shift = split_key(key)
    if key.startswith(EVENT_PREFIX):
        return key.removeprefix(EVENT_PREFIX), Level.FIRM, 0, ""
    mapping = packs().mappings.get(name)
    fact = catalogue().facts.get(name)
    if fact is not None and fact.kind is Kind.YEAR:
        year = moment.year - shift
        return f"{name}（{year}年度）", Level.YEAR, year, name
    return name, Level.FIRM, 0, mapping[0] if mapping is not None else name


def value_words(key: str, value: Any) -> str:
    """The value of an input as people read it; dates are day numbers."""
    fact: Fact | None = catalogue().facts.get(split_key(key)[0])
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if fact is None or fact.store not in {Store.INTEGER, Store.DATE}:
        return str(value)
    return readable(fact, value)


def outcome_words(outcome: Any) -> str:
    """A verdict with its class or score; 未评估 where there is none."""
    if outcome is None:
        return "未评估"
    words = str(Verdict(outcome.verdict).label)
    if outcome.value:
        words += f"（{outcome.value}）"
    elif outcome.low is not None:
        words += f"（{score_words(outcome)}）"
    return words


def score_words(outcome: Any) -> str:
    """The score of an outcome, an interval where something is missing, with the pass mark."""
    if outcome.low is None:
        return ""
    points = f"{outcome.low}" if outcome.low == outcome.high else f"{outcome.low}～{outcome.high}"
    return f"{points} 分" if outcome.passing is None else f"{points} / {outcome.passing} 分"
