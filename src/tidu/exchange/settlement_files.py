"""A settlement as files: JSON with one result a line, and Parquet with exact amounts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tidu.exchange.whole_files import write_whole

_MONEY = pa.decimal128(20, 2)
SCHEMA = pa.schema(
    [
        ("firm", pa.string()),
        ("name", pa.string()),
        ("award", pa.string()),
        ("clause", pa.string()),
        ("title", pa.string()),
        ("item", pa.string()),
        ("amount", _MONEY),
        ("unit", pa.string()),
        ("payer", pa.string()),
        ("computed", _MONEY),
        ("state", pa.string()),
        ("why", pa.string()),
        ("missing", pa.list_(pa.string())),
        ("rulings", pa.list_(pa.string())),
        ("municipal_base", _MONEY),
        ("how", pa.list_(pa.string())),
    ]
)
"""One row per item; money in yuan with two decimals."""


def write_settlement_json(document: Mapping[str, Any], path: Path) -> Path:
    """The document of ``tidu settle``, one result a line."""

    def write(draft: Path) -> None:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            before = {key: value for key, value in document.items() if key != "results"}
            stream.write(json.dumps(before, ensure_ascii=False)[:-1] + ',\n"results": [')
            stream.write(",".join("\n" + json.dumps(result, ensure_ascii=False) for result in document["results"]))
            stream.write("\n]}\n")

    return write_whole(path, write)


def write_settlement_parquet(document: Mapping[str, Any], path: Path) -> Path:
    """The results as rows; totals, dates, policies, rulings and obligations stand in the file's metadata under ``tidu``."""
    about = {key: value for key, value in document.items() if key != "results"}
    schema = SCHEMA.with_metadata({"tidu": json.dumps(about, ensure_ascii=False)})
    rows = [{**result, **{key: _exact(result[key]) for key in ("amount", "computed", "municipal_base")}} for result in document["results"]]
    return write_whole(path, lambda draft: pq.write_table(pa.Table.from_pylist(rows, schema=schema), draft, compression="zstd"))


def _exact(yuan: float | None) -> Decimal | None:
    return None if yuan is None else Decimal(str(yuan)).quantize(Decimal("0.01"))
