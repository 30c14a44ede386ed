"""Questions to runs: counts and lists of the last one from the database, of earlier ones from their files.

Who sees not all firms is counted and listed only what the own firms are; the counts then add up to the number of those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from tidu.apps.accounts.actors import Actor
from tidu.apps.assessments.domain.counting import Counts
from tidu.apps.assessments.domain.snapshots import results_of
from tidu.apps.assessments.domain.titles import COVERED_BY
from tidu.apps.assessments.enums import Reporting, Verdict
from tidu.apps.assessments.models import Recommendation, Run, Standing, Step
from tidu.apps.enterprises.models import Enterprise
from tidu.apps.enterprises.queries import firms
from tidu.kernel.facts import FIRM_CODE

LONE, STEPS = "lone", "steps"
KINDS: Mapping[str, str] = {
    **{verdict.value: verdict.label for verdict in Verdict},
    LONE: "差一个数据",
    STEPS: "差一步",
    **{one.value: one.label for one in Reporting},
}
"""What a list can be of, in words."""
FROM_FILE = (*(verdict.value for verdict in Verdict), LONE, STEPS, Reporting.HELD.value)
"""Kinds that an earlier run can list; what was reported by then is no longer told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which firms of a run to list: of one standard, of one kind, narrowed by words and subdistrict."""

    standard: str
    kind: str
    words: str = ""
    street: str = ""


def latest_run() -> Run | None:
    """The last run; the standings are its."""
    return Run.objects.order_by("-number").first()


def own_firms(actor: Actor, wanted: Wanted | None = None) -> QuerySet[Enterprise]:
    """The firms that the actor may see, narrowed by words and subdistrict."""
    if wanted is None or not (wanted.words or wanted.street):
        return Enterprise.objects.visible_to(actor).in_registry()
    return firms(actor, words=wanted.words, subdistrict=wanted.street)


def counts_for(actor: Actor, run: Run, latest: Run | None) -> tuple[int, list[Counts]]:
    """The number of firms, and the counts of every standard, as far as the actor sees them."""
    if actor.sees_all_firms:
        return run.firms, run.counts
    if latest is not None and latest.number == run.number:
        return _counted(actor, run)
    return _counted_in_file(actor, run)


def _counted(actor: Actor, run: Run) -> tuple[int, list[Counts]]:
    verdicts = {verdict.value: Count("pk", filter=Q(outcome__verdict=verdict)) for verdict in Verdict}
    listed = Standing.objects.visible_to(actor).order_by().values("standard__name")
    rows = listed.annotate(
        total=Count("pk"), lone=Count("pk", filter=~Q(outcome__lone_fact="")),
        held=Count("pk", filter=Q(outcome__verdict=Verdict.MET) & ~Q(outcome__held="")), **verdicts,
    )  # fmt: skip
    found = {row["standard__name"]: row for row in rows}
    steps = dict(Step.objects.visible_to(actor).order_by().values_list("standard__name").annotate(count=Count("pk")))
    counts = [_own(one, found.get(one["standard"], {}), steps.get(one["standard"], 0)) for one in run.counts]
    return max((row["total"] for row in found.values()), default=0), counts


def _own(whole: Counts, row: Mapping[str, Any], steps: int) -> Counts:
    mine = {name: row.get(name, 0) for name in (*(verdict.value for verdict in Verdict), "lone", "held")}
    return {"standard": whole["standard"], "version": whole["version"], **mine, "steps": steps, "classes": {}}


def _counted_in_file(actor: Actor, run: Run) -> tuple[int, list[Counts]]:
    rows = results_of(run, columns=[FIRM_CODE, "standard", "verdict", "lone_fact", "held", "fact"])
    if rows is None:
        return 0, []
    rows = rows.filter(pl.col(FIRM_CODE).is_in(_codes(actor).implode()))
    found: dict[str, Counter[str]] = {}
    grouped = rows.with_columns(lone=pl.col("lone_fact") != "", has=pl.col("held") != "", near=pl.col("fact").is_not_null())
    for name, verdict, lone, has, near, count in grouped.group_by("standard", "verdict", "lone", "has", "near").len().iter_rows():
        own = found.setdefault(name, Counter())
        own[verdict] += count
        own["lone"] += count * lone
        own["steps"] += count * near
        own["held"] += count * (has and verdict == Verdict.MET)
    own_counts = [_own(one, found.get(one["standard"], {}), found.get(one["standard"], Counter())["steps"]) for one in run.counts]
    return rows[FIRM_CODE].n_unique(), own_counts


def _codes(actor: Actor, wanted: Wanted | None = None) -> pl.Series:
    return pl.Series(FIRM_CODE, list(own_firms(actor, wanted).order_by().values_list("code", flat=True)), pl.String)


def standings(actor: Actor, wanted: Wanted) -> QuerySet[Standing]:
    """The firms of the last run that are wanted, with their outcomes; one-step lists have ``step_text``."""
    listed = Standing.objects.visible_to(actor).filter(standard__name=wanted.standard)
    if wanted.words or wanted.street:
        listed = listed.filter(enterprise__in=own_firms(actor, wanted).order_by().values("pk"))
    step = Step.objects.filter(enterprise=OuterRef("enterprise"), standard=OuterRef("standard"))
    match wanted.kind:
        case kind if kind in Verdict:
            listed = listed.filter(outcome__verdict=kind)
        case "lone":
            listed = listed.exclude(outcome__lone_fact="")
        case "steps":
            listed = listed.filter(Exists(step)).annotate(step_text=Subquery(step.values("text")[:1]))
        case _:
            listed = _reporting(listed, wanted.kind)
    return listed.select_related("enterprise__subdistrict", "outcome").order_by("enterprise__code")


def _reported(year: int) -> Exists:
    return Exists(
        Recommendation.objects.filter(enterprise=OuterRef("enterprise"), standard=OuterRef("standard"), year=year, withdrawn_at=None)
    )


def _reporting(listed: QuerySet[Standing], kind: str) -> QuerySet[Standing]:
    run = latest_run()
    listed = listed.filter(outcome__verdict__in=(Verdict.MET, Verdict.MANUAL))
    if kind == Reporting.HELD:
        return listed.exclude(outcome__held="")
    listed = listed.filter(outcome__held="")
    reported = _reported(run.law_date.year if run is not None else 0)
    return listed.filter(reported) if kind == Reporting.REPORTED else listed.filter(~reported)


@dataclass(frozen=True, slots=True)
class ReportCount:
    """Of those who qualify for a standard: already recognised, already put forward this year, still to be put forward."""

    standard: str
    verdict: Verdict
    total: int
    held: int
    reported: int
    to_report: int

    @property
    def adds_up(self) -> bool:
        """Nobody is left out: each count is asked of the database on its own."""
        return self.total == self.held + self.reported + self.to_report

    @property
    def equation(self) -> str:
        """All ＝ recognised ＋ put forward ＋ still to be put forward, to be read."""
        return f"{self.total:,} ＝ {self.held:,} ＋ {self.reported:,} ＋ {self.to_report:,}"


def report_counts(actor: Actor, run: Run) -> list[ReportCount]:
    """For every standard with a title, and for met and manual verdicts, who is still to be put forward; one query."""
    rows = (
        Standing.objects.visible_to(actor)
        .filter(standard__name__in=list(COVERED_BY), outcome__verdict__in=(Verdict.MET, Verdict.MANUAL))
        .annotate(told=_reported(run.law_date.year))
        .order_by("standard__place", "standard", "outcome__verdict")
        .values("standard__place", "standard", "standard__name", "outcome__verdict")
        .annotate(
            total=Count("pk"),
            held=Count("pk", filter=~Q(outcome__held="")),
            reported=Count("pk", filter=Q(outcome__held="", told=True)),
            to_report=Count("pk", filter=Q(outcome__held="", told=False)),
        )
    )
    return [
        ReportCount(row["standard__name"], Verdict(row["outcome__verdict"]), row["total"], row["held"], row["reported"], row["to_report"])
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PastOutcome:
    """An outcome of an earlier run, read as ``Outcome`` is."""

    verdict: str
    value: str
    low: int | None
    high: int | None
    passing: int | None
    failing: Sequence[Sequence[str]]
    missing: Sequence[str]
    manual: Sequence[str]
    lone_fact: str
    held: str


@dataclass(frozen=True, slots=True)
class PastStanding:
    """A firm in an earlier run, read as ``Standing`` is."""

    enterprise: Enterprise
    outcome: PastOutcome
    step_text: str | None


@dataclass(frozen=True)
class PastList:
    """The firms of an earlier run that are wanted: counts and slices like a queryset, one query a slice."""

    actor: Actor
    frame: pl.DataFrame
    names: Mapping[str, Enterprise] = field(default_factory=dict)

    def count(self) -> int:
        """How many."""
        return self.frame.height

    def __getitem__(self, part: slice) -> list[PastStanding]:
        rows = self.frame[part].to_dicts()
        known = own_firms(self.actor).filter(code__in=[row[FIRM_CODE] for row in rows]).select_related("subdistrict")
        found = {firm.code: firm for firm in known}
        return [_past(row, found[row[FIRM_CODE]]) for row in rows if row[FIRM_CODE] in found]


def _past(row: Mapping[str, Any], firm: Enterprise) -> PastStanding:
    outcome = PastOutcome(
        row["verdict"], row["value"], row["low"], row["high"], row["passing"], [["", text] for text in row["failing"]], row["missing"],
        row["manual"], row["lone_fact"], row["held"],
    )  # fmt: skip
    return PastStanding(firm, outcome, row["text"])


def past_standings(actor: Actor, run: Run, wanted: Wanted) -> PastList | None:
    """The firms of an earlier run that are wanted and still in the registry; None where its file is gone."""
    rows = results_of(run, wanted.standard)
    if rows is None:
        return None
    chosen: Mapping[str, Callable[[], pl.Expr]] = {
        LONE: lambda: pl.col("lone_fact") != "",
        STEPS: lambda: pl.col("fact").is_not_null(),
        Reporting.HELD.value: lambda: pl.col("held") != "",
    }
    rows = rows.filter(chosen[wanted.kind]() if wanted.kind in chosen else pl.col("verdict") == wanted.kind)
    return PastList(actor, rows.filter(pl.col(FIRM_CODE).is_in(_codes(actor, wanted).implode())).sort(FIRM_CODE))
