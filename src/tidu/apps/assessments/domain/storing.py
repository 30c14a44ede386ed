"""Outcomes and standings in the database, written by difference and in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import polars as pl
from django.db.models import Model

from tidu.apps.assessments.domain.outcomes import Assessed
from tidu.apps.assessments.domain.steps import Nearest
from tidu.apps.assessments.models import Lack, Outcome, StandardName, Standing, Step
from tidu.apps.audit.digests import sm3
from tidu.kernel.collecting import without_collections

AT_ONCE = 5000
FEW = 500
"""Keys in one statement; SQLite takes a limited number of values."""
KEYS: Mapping[str, Any] = {"enterprise": pl.Int64, "standard": pl.Int64}
STANDINGS: Mapping[str, Any] = {**KEYS, "outcome": pl.Int64}
STEPS: Mapping[str, Any] = {**KEYS, "fact": pl.String, "by": pl.Int64, "to": pl.String, "text": pl.String}
M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass(frozen=True)
class Planned:
    """What a run makes of the standings: rows to write (with what stood there before), and rows that go.

    ``fresh`` are outcomes that no run had before, named in ``standings`` by negative numbers.
    """

    fresh: list[dict[str, Any]]
    digests: list[str]
    written: pl.DataFrame
    gone: pl.DataFrame
    steps: pl.DataFrame
    steps_gone: list[int]


def outcome_digest(pattern: Mapping[str, Any]) -> str:
    """What names an outcome."""
    return sm3(json.dumps(pattern, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def standard_keys(found: Sequence[Assessed]) -> dict[str, int]:
    """The key of every standard, registering those that are new. Runs inside a transaction."""
    known = dict(StandardName.objects.values_list("name", "pk"))
    for place, one in enumerate(found):
        if one.standard.name not in known:
            known[one.standard.name] = StandardName.objects.create(name=one.standard.name, place=place).pk
    return known


def plan(found: Sequence[tuple[Assessed, list[Nearest]]], enterprises: pl.Series, standards: Mapping[str, int]) -> Planned:
    """Compare what was found with what stands. ``enterprises`` are the keys of the firms in the order of the population."""
    digests = [[outcome_digest(pattern) for pattern in one.patterns] for one, _ in found]
    known = _known_outcomes({digest for listed in digests for digest in listed})
    fresh: dict[str, dict[str, Any]] = {}
    frames, steps = [], []
    for (one, near), listed in zip(found, digests, strict=True):
        numbers = []
        for digest, pattern in zip(listed, one.patterns, strict=True):
            if digest not in known:
                known[digest] = -1 - len(fresh)
                fresh[digest] = pattern
            numbers.append(known[digest])
        standard = standards[one.standard.name]
        outcome = pl.Series("outcome", numbers, pl.Int64)[one.picked]
        frames.append(pl.DataFrame({"enterprise": enterprises, "outcome": outcome}).with_columns(standard=pl.lit(standard, pl.Int64)))
        steps.append(_step_rows(near, enterprises, standard))
    wanted = pl.concat([frame.select(list(STANDINGS)) for frame in frames]) if frames else pl.DataFrame(schema=dict(STANDINGS))
    written, gone = _difference(wanted, _standing(), ["outcome"])
    step_rows, step_gone = _difference(
        pl.concat(steps) if steps else pl.DataFrame(schema=dict(STEPS)), _stepping(), ["fact", "by", "to", "text"]
    )
    return Planned(list(fresh.values()), list(fresh), written, gone, step_rows, step_gone["pk"].to_list())


def _step_rows(near: Sequence[Nearest], enterprises: pl.Series, standard: int) -> pl.DataFrame:
    keys = enterprises.gather([step.row for step in near]) if near else pl.Series([], dtype=pl.Int64)
    return pl.DataFrame(
        {
            "enterprise": keys,
            "standard": [standard] * len(near),
            "fact": [step.fact for step in near],
            "by": [step.by for step in near],
            "to": [step.to for step in near],
            "text": [step.text for step in near],
        },
        schema=dict(STEPS),
    )


def _known_outcomes(digests: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in _parts(sorted(digests), FEW):
        found.update(Outcome.objects.filter(digest__in=part).values_list("digest", "pk"))
    return found


def _standing() -> pl.DataFrame:
    rows = Standing.objects.order_by().values_list("pk", "enterprise_id", "standard_id", "outcome_id")
    return pl.DataFrame(list(rows.iterator(chunk_size=50_000)), schema={"pk": pl.Int64, **STANDINGS}, orient="row")


def _stepping() -> pl.DataFrame:
    rows = Step.objects.order_by().values_list("pk", "enterprise_id", "standard_id", "fact", "by", "to", "text")
    return pl.DataFrame(list(rows.iterator(chunk_size=50_000)), schema={"pk": pl.Int64, **STEPS}, orient="row")


def _difference(wanted: pl.DataFrame, standing: pl.DataFrame, values: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of ``wanted`` that do not stand as they are (with the old values, ``…_before``), and standing rows not wanted."""
    keys = list(KEYS)
    before = standing.rename({name: f"{name}_before" for name in values})
    both = wanted.join(before, on=keys, how="left", maintain_order="left")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in values) & pl.col("pk").is_not_null()
    return both.filter(~same), standing.join(wanted, on=keys, how="anti", maintain_order="left")


@without_collections()
def store(planned: Planned) -> pl.DataFrame:
    """Write a plan; returns the rows written with the keys of their outcomes. Runs inside the transaction of the run."""
    names = dict(StandardName.objects.values_list("name", "pk"))
    fresh = [_outcome(pattern, digest, names) for pattern, digest in zip(planned.fresh, planned.digests, strict=True)]
    created = Outcome.objects.bulk_create(fresh, batch_size=AT_ONCE)
    lacks = (
        Lack(outcome=outcome, fact=fact, alone=outcome.lone_fact == fact) for outcome in created for fact in dict.fromkeys(outcome.missing)
    )
    _insert(Lack, lacks)
    real = pl.DataFrame(
        {"outcome": [-1 - place for place in range(len(created))], "key": [one.pk for one in created]},
        schema={"outcome": pl.Int64, "key": pl.Int64},
    )
    written = planned.written.join(real, on="outcome", how="left", maintain_order="left")
    written = written.with_columns(pl.coalesce("key", "outcome").alias("outcome")).drop("key")
    _remove(Standing, planned.gone["pk"].to_list())
    _put(
        Standing,
        written["pk"].null_count() == written.height,
        (
            # by position: naming the fields would cost a second on every hundred thousand rows
            Standing(None, enterprise, standard, outcome)
            # in the order of the index, so that it grows at its end
            for enterprise, standard, outcome in written.select(list(STANDINGS)).sort(list(KEYS)).iter_rows()
        ),
        ["outcome"],
    )
    _remove(Step, planned.steps_gone)
    _put(
        Step,
        planned.steps["pk"].null_count() == planned.steps.height,
        (
            Step(enterprise_id=enterprise, standard_id=standard, fact=fact, by=by, to=to, text=text)
            for enterprise, standard, fact, by, to, text in planned.steps.select(list(STEPS)).iter_rows()
        ),
        ["fact", "by", "to", "text"],
    )
    return written


def _outcome(pattern: Mapping[str, Any], digest: str, keys: Mapping[str, int]) -> Outcome:
    told = {name: value for name, value in pattern.items() if name != "standard"}
    return Outcome(digest=digest, standard_id=keys[pattern["standard"]], **told)


def _insert(model: type[M], rows: Iterable[M]) -> None:
    for part in _parts(rows, AT_ONCE):
        model._default_manager.bulk_create(part)


def _put(model: type[M], new: bool, rows: Iterable[M], fields: list[str]) -> None:
    """Insert, or change what stands there."""
    if new:
        _insert(model, rows)
        return
    for part in _parts(rows, AT_ONCE):
        model._default_manager.bulk_create(part, update_conflicts=True, unique_fields=list(KEYS), update_fields=fields)


def _remove(model: type[Model], keys: Sequence[int]) -> None:
    for part in _parts(keys, FEW):
        model._default_manager.filter(pk__in=part).delete()


def _parts(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part
