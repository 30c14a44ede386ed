"""A run as files: what every firm was judged by, and what came of it. Written whole before the run is committed.

A file is named after the job and the attempt that wrote it, so that what a killed attempt left behind can be told from
what another attempt is about to commit.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
from django.conf import settings

from tidu.apps.assessments.domain.outcomes import Assessed
from tidu.apps.assessments.domain.steps import Nearest
from tidu.apps.assessments.models import Run
from tidu.apps.audit.digests import sm3
from tidu.apps.jobs.enums import JobState
from tidu.apps.jobs.models import Job
from tidu.exchange.whole_files import write_whole
from tidu.kernel.facts import FIRM_CODE

_OWNER = re.compile(r"\.?\d+-(?:results|inputs)-(\d+)-(\d+)(?:\.[0-9a-f]+)?\.parquet")
SCHEMA: Mapping[str, Any] = {
    "standard": pl.String, "version": pl.String, "verdict": pl.String, "value": pl.String, "low": pl.Int64, "high": pl.Int64,
    "passing": pl.Int64, "failing": pl.List(pl.String), "missing": pl.List(pl.String), "manual": pl.List(pl.String),
    "lone_fact": pl.String, "held": pl.String,
}  # fmt: skip
STEP_SCHEMA: Mapping[str, Any] = {"row": pl.UInt32, "fact": pl.String, "by": pl.Int64, "to": pl.String, "text": pl.String}


@dataclass(frozen=True)
class Snapshot:
    """A file of a run: its name within the folder, and its digest."""

    name: str
    digest: str


def folder() -> Path:
    """Where the files of all runs lie."""
    found: Path = settings.HOME / "files" / "runs"
    return found


def write_inputs(number: int, job: Job, inputs: pl.DataFrame) -> Snapshot:
    """What the rules read of every firm."""
    return _written(number, "inputs", job, lambda path: inputs.write_parquet(path, compression="zstd"))


def write_results(
    number: int, job: Job, codes: pl.Series, found: Iterable[tuple[Assessed, list[Nearest]]], head: Mapping[str, Any]
) -> Snapshot:
    """What every standard says of every firm, a standard after the other, with the ground of the run in the metadata."""

    def write(path: Path) -> None:
        writer: pq.ParquetWriter | None = None
        for table in (results_frame(codes, *one).to_arrow() for one in found):
            if writer is None:
                schema = table.schema.with_metadata({"tidu": json.dumps(head, ensure_ascii=False)})
                writer = pq.ParquetWriter(path, schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
        if writer is None:
            pl.DataFrame(schema={FIRM_CODE: pl.String, **SCHEMA}).write_parquet(path)
        else:
            writer.close()

    return _written(number, "results", job, write)


def results_frame(codes: pl.Series, one: Assessed, steps: list[Nearest]) -> pl.DataFrame:
    """One standard, a row a firm."""
    patterns = [{**pattern, "failing": [id_ or words for id_, words in pattern["failing"]]} for pattern in one.patterns]
    outcome = pl.DataFrame(patterns, schema=dict(SCHEMA))[one.picked]
    near = pl.DataFrame([(step.row, step.fact, step.by, step.to, step.text) for step in steps], schema=dict(STEP_SCHEMA), orient="row")
    rows = pl.DataFrame({FIRM_CODE: codes}).hstack(outcome).with_row_index("row")
    return rows.join(near, on="row", how="left", maintain_order="left").drop("row")


def _written(number: int, what: str, job: Job, write: Any) -> Snapshot:
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / f"{number:06d}-{what}-{job.pk}-{job.attempt}.parquet"
    write_whole(path, write)
    # the name must be on the disk before the run that names it
    handle = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return Snapshot(path.name, sm3(path.read_bytes()))


def remove_orphans(job: Job) -> int:
    """Remove what attempts left behind that never came to be a run; returns how many files. Files of strangers stay."""
    if not folder().is_dir():
        return 0
    kept = {name for pair in Run.objects.values_list("results_file", "inputs_file") for name in pair}
    running = {(pk, attempt) for pk, attempt in Job.objects.filter(state=JobState.RUNNING).exclude(pk=job.pk).values_list("pk", "attempt")}
    removed = 0
    for path, owner in _owned():
        if path.name not in kept and owner not in running:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _owned() -> Iterator[tuple[Path, tuple[int, int]]]:
    for path in folder().iterdir():
        match = _OWNER.fullmatch(path.name)
        if match is not None:
            yield path, (int(match[1]), int(match[2]))


def results_of(run: Run, standard: str | None = None, columns: Iterable[str] | None = None) -> pl.DataFrame | None:
    """The results of a run; None where the file is not there any more."""
    path = folder() / run.results_file
    if not path.is_file():
        return None
    rows = pl.scan_parquet(path)
    if standard is not None:
        rows = rows.filter(pl.col("standard") == standard)
    return (rows if columns is None else rows.select(list(columns))).collect()


def inputs_of(run: Run, codes: pl.Series) -> pl.DataFrame | None:
    """What the rules read of some firms in a run; None where the file is not there any more."""
    path = folder() / run.inputs_file
    if not path.is_file():
        return None
    return pl.scan_parquet(path).filter(pl.col(FIRM_CODE).is_in(codes.implode())).collect()
