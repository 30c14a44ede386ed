"""Results of an assessment as files: JSON with one result a line, and Parquet with one row a result."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tidu.exchange.results import Assessing
from tidu.exchange.whole_files import write_whole

Progress = Callable[[int, int], None]

_INTERVAL = [("low", pa.int64()), ("high", pa.int64())]
_UNMET = pa.struct(
    [
        ("id", pa.string()), ("clause", pa.string()), ("text", pa.string()), ("actual", pa.string()), ("needed", pa.string()),
        ("gap", pa.float64()), ("unit", pa.string()), ("criterion", pa.string()), ("kind", pa.string()), ("alternative", pa.bool_()),
    ]
)  # fmt: skip
SCHEMA = pa.schema(
    [
        ("firm", pa.string()),
        ("name", pa.string()),
        ("standard", pa.string()),
        ("version", pa.string()),
        ("rule_set", pa.string()),
        ("confidence", pa.string()),
        ("verdict", pa.string()),
        ("value", pa.string()),
        ("score_low", pa.int64()),
        ("score_high", pa.int64()),
        ("score_pass", pa.int64()),
        ("groups", pa.list_(pa.struct([("group", pa.string()), *_INTERVAL]))),
        ("unmet", pa.list_(_UNMET)),
        ("missing", pa.list_(pa.string())),
        ("manual", pa.list_(pa.string())),
        ("rulings", pa.list_(pa.string())),
        ("prerequisites", pa.list_(pa.struct([("id", pa.string()), ("clause", pa.string()), ("text", pa.string()), ("met", pa.bool_())]))),
    ]
)
"""One row per firm and standard. ``actual`` and ``needed`` are JSON texts, since they are numbers, words or dates."""


def write_results_json(assessing: Assessing, path: Path, progress: Progress | None = None) -> Path:
    """The document of ``tidu assess``, one result a line."""

    def write(draft: Path) -> None:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(json.dumps(assessing.head, ensure_ascii=False)[:-1] + ',\n"results": [')
            mark = "\n"
            for batch in assessing.batches(progress):
                for result in batch:
                    stream.write(mark + json.dumps(result, ensure_ascii=False))
                    mark = ",\n"
            stream.write("\n]}\n")

    return write_whole(path, write)


def write_results_parquet(assessing: Assessing, path: Path, progress: Progress | None = None) -> Path:
    """The results as rows; dates, application and digests stand in the file's metadata under ``tidu``."""
    schema = SCHEMA.with_metadata({"tidu": json.dumps(assessing.head, ensure_ascii=False)})

    def write(draft: Path) -> None:
        with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
            for batch in assessing.batches(progress):
                writer.write_table(pa.Table.from_pylist([_row(result) for result in batch], schema=schema))

    return write_whole(path, write)


def _row(result: dict[str, Any]) -> dict[str, Any]:
    """The result made into a row, in place: nobody else holds a batch, and copies of a million results take their time."""
    score = result["score"] or {}
    result["score_low"], result["score_high"], result["score_pass"] = score.get("low"), score.get("high"), score.get("pass")
    result["groups"] = [{"group": name, **interval} for name, interval in score.get("groups", {}).items()]
    for entry in result["unmet"]:
        entry["actual"], entry["needed"] = _json(entry["actual"]), _json(entry["needed"])
    return result


def _json(value: object) -> str:
    """A figure as JSON text."""
    if type(value) is int or type(value) is float:
        return repr(value)
    return _word(value) if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=4096)
def _word(value: str | None) -> str:
    return json.dumps(value, ensure_ascii=False)
